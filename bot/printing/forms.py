"""The questions on paper and the note-taker's sheet. Pure: finished texts in, bytes out."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from bot.printing.invitations import TEMPLATES, Invitation, document
from typesetting.compiling import count_pages, typeset

_FORM_SIZES_PT = (12.0, 11.5, 11.0, 10.5, 10.0, 9.5, 9.0, 8.5)
_NOTES_SIZES_PT = (9.5, 9.0, 8.5, 8.0)
"""Of text: the first is taken with which everything goes on both sides of one sheet."""
_SIDES = 2
POINTS = 4
"""Points on a note-taker's sheet, on both sides of an A4."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """A box to tick, with the key that is typed for it."""

    key: str
    label: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """A question in one language. What has no choices has `parts` to fill in, or lines to write on."""

    number: int
    text: str
    hint: str = ""
    choices: tuple[Choice, ...] = ()
    parts: tuple[str, ...] = ()
    lines: int = 1
    is_repeated: bool = False
    """Asked once for each point of a meeting."""


def print_forms(invitations: Iterable[Invitation], questions: Iterable[Question]) -> bytes:
    """For each place its form, on both sides of an A4 sheet; more sheets where the questions do not fit."""
    data = {**document(invitations), "questions": [asdict(question) for question in questions]}
    return _typeset_to_fit("form", data, _FORM_SIZES_PT)


def print_notes(invitations: Iterable[Invitation], questions: Iterable[Question]) -> bytes:
    """For each meeting a note-taker's sheet with room for `POINTS` points, on both sides of an A4."""
    asked = tuple(questions)
    at = next((n for n, question in enumerate(asked) if question.is_repeated), len(asked))
    parts = {
        "before": [asdict(q) for q in asked[:at]],
        "repeated": [asdict(q) for q in asked if q.is_repeated],
        "after": [asdict(q) for q in asked[at:] if not q.is_repeated],
        "points": POINTS,
    }
    return _typeset_to_fit("notes", {**document(invitations), **parts}, _NOTES_SIZES_PT)


def _typeset_to_fit(template: str, data: Mapping[str, Any], sizes_pt: Iterable[float]) -> bytes:
    """With the first size of text that goes on two sides, or else the last. The longest name decides for all."""
    pages = data["pages"]
    longest = {**data, "pages": [max(pages, key=lambda page: len(page["place"]))]}
    fits: dict[str, Any] = {}
    for size in sizes_pt:
        fits = {"text_size": size, "pages_each": _SIDES}
        fits["pages_each"] = count_pages(TEMPLATES, template, {**longest, **fits})
        if fits["pages_each"] <= _SIDES:
            break
    return typeset(TEMPLATES, template, {**data, **fits})
