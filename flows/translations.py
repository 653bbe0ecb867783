"""The texts of a flow in one more language: where each stands, and whether it may be relied on.

A record beside the flow says which source a translation was made from and who signed it off. Only fingerprints of
texts stand in it, so that it cannot say otherwise than the flow.
"""

import copy
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flows.checks import wordings_of
from flows.documents import Path
from flows.model import Flow

Record = Mapping[str, Mapping[str, str]]
"""By place of the text: ``source`` and ``text`` are fingerprints; ``by`` and ``on`` where a person signed it off."""


class Status(StrEnum):
    """How far a text has come in a language."""

    MISSING = "missing"
    CHANGED = "changed"  # the source was changed after it was translated
    DRAFT = "draft"  # stands in a language that is not offered, and nobody has signed it off
    TRANSLATED = "translated"
    SIGNED = "signed off"


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """One text to translate. `place` is its path in the document, as ``survey/problem/sms``."""

    place: str
    source: str
    text: str
    status: Status
    by: str = ""
    on: str = ""


def list_texts(
    flow: Flow, language: str, record: Record, join: Callable[[Sequence[str]], str]
) -> tuple[Text, ...]:
    """Every text that stands in the flow's default language, in the order of the document."""
    return tuple(
        _text(place, source, text, flow, language, record.get(place, {}))
        for place, source, text in _pairs(flow, language, join)
    )


def recorded(
    texts: Mapping[str, tuple[str, str]], before: Record, *, by: str, on: str
) -> dict[str, dict[str, str]]:
    """The record after `texts` (source and translation by place) came in; signed off where `by` is a name.

    An earlier signature stays as long as neither source nor text is another.
    """
    after = {place: dict(entry) for place, entry in before.items()}
    for place, (source, text) in texts.items():
        entry = {"source": fingerprint(source), "text": fingerprint(text)}
        known = before.get(place, {})
        if by:
            entry |= {"by": by, "on": on}
        elif known.get("by") and all(known.get(key) == entry[key] for key in entry):
            entry |= {"by": known["by"], "on": known["on"]}
        after[place] = entry
    return after


def with_texts(
    document: Mapping[str, Any],
    language: str,
    texts: Mapping[str, str],
    split: Callable[[str], Sequence[str]],
) -> dict[str, Any]:
    """A copy of `document` that holds `texts`; a new language becomes a draft. Unknown places change nothing."""
    changed: dict[str, Any] = copy.deepcopy(dict(document))
    for place, text in texts.items():
        path = tuple(place.split("/"))
        row = _row(changed, path)
        if row is not None:
            words = [*split(text)] if path[-1] == "synonyms" else text
            row[path[-1]] = {**row.get(path[-1], {}), language: words}
    settings = changed["settings"]
    known = [*_words(settings["languages"]), *_words(settings.get("draft_languages"))]
    if language not in known:
        settings["draft_languages"] = [*_words(settings.get("draft_languages")), language]
    return changed


def fingerprint(text: str) -> str:
    """Tells two texts apart: the first 16 hexadecimal digits of SHA-256."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _pairs(flow: Flow, language: str, join: Callable[[Sequence[str]], str]) -> Iterator[tuple[str, str, str]]:
    default = flow.default_language
    for path, wording, _ in wordings_of(flow):
        if default in wording:
            yield _place(path), wording[default], wording.get(language, "")
    lists = {question.list_name: question.choices for question in flow.questions if question.choices}
    for name, choices in lists.items():
        for choice in choices:
            words = choice.synonyms
            if words.get(default):
                place = _place(("choices", name, choice.name, "synonyms"))
                yield place, join(words[default]), join(words.get(language, ()))


def _text(place: str, source: str, text: str, flow: Flow, language: str, entry: Mapping[str, str]) -> Text:
    is_signed = bool(entry.get("by")) and entry.get("text") == fingerprint(text)
    if not text:
        status = Status.MISSING
    elif entry and entry.get("source") != fingerprint(source):
        status = Status.CHANGED
    elif is_signed:
        return Text(
            place=place,
            source=source,
            text=text,
            status=Status.SIGNED,
            by=entry["by"],
            on=entry.get("on", ""),
        )
    else:
        status = Status.TRANSLATED if language in flow.languages else Status.DRAFT
    return Text(place=place, source=source, text=text, status=status)


def _place(path: Path) -> str:
    return "/".join(str(step) for step in path)


def _row(document: dict[str, Any], path: tuple[str, ...]) -> dict[str, Any] | None:
    """The row of the document that a text stands in; the thanks are found by their role."""
    if path[0] == "settings":
        settings: dict[str, Any] = document["settings"]
        return settings
    is_thanks = path[:2] == ("survey", "thanks")
    rows: list[dict[str, Any]] = (
        document[path[0]] if path[0] == "survey" else document[path[0]].get(path[1], [])
    )
    name = path[-2]
    named = (row for row in rows if row.get("name") == name or (is_thanks and row.get("role") == "thanks"))
    return next(named, None)


def _words(value: Any) -> list[str]:
    return [word.strip() for word in value.split(",")] if isinstance(value, str) else [*(value or ())]
