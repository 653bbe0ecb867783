"""A paper form as it stands on the page where it is typed in: its questions with their boxes, and what was typed.

No Flask: what is typed comes in as fields, what is drawn goes out as plain values.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.services.entering import Unclear, in_language, in_words
from bot.services.paper_forms import Blank, TakenBack
from bot.services.paper_questions import PaperQuestion
from flows.model import Kind, Missing
from flows.wording import interpolate

Fields = Mapping[str, Sequence[str]]
"""Form fields as they came: every value of every name."""

_SEVERAL = "several"
_UNKNOWN_KEY = "V"
_AGAIN = {"too_many": "again_too_many", "area_again": "again_area", "area_choose": "again_area_choose"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Box:
    """`value` is sent, `key` stands on the paper and is typed."""

    value: str
    key: str
    label: str
    is_ticked: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """A question with what stands in it. `widget`: one, several, area or text."""

    number: int
    name: str
    widget: str
    label: str
    hint: str
    boxes: tuple[Box, ...]
    text: str
    fault: str


def sheet(
    blank: Blank,
    language: str,
    words: Mapping[str, str],
    fields: Fields,
    unclear: Sequence[Unclear] = (),
) -> tuple[Asked, ...]:
    """The form with `fields` in it, and a sentence where an answer cannot be read."""
    faults = {u.question: _fault(u, words) for u in unclear}
    return tuple(
        _asked(paper, language, blank.values, words, fields, faults.get(paper.question.name, ""))
        for paper in blank.questions
    )


def replies(blank: Blank, language: str, fields: Fields) -> dict[str, str]:
    """What each question's boxes and lines say, as a resident would write it."""
    return {paper.question.name: _said(paper, language, fields) for paper in blank.questions}


def fields_of(blank: Blank, form: TakenBack) -> Fields:
    """A form that was taken back, as if it had been typed just now."""
    fields: dict[str, list[str]] = {}
    for paper in blank.questions:
        name, codes = paper.question.name, {box.code for box in paper.boxes} | {Missing.DONT_KNOW.value}
        ticked = [code for code in form.values.get(name, "").split() if code in codes]
        fields[f"a_{name}"] = ticked if paper.boxes else []
        fields[f"t_{name}"] = [] if ticked and paper.boxes else [form.texts.get(name, "")]
    return fields


def _asked(
    paper: PaperQuestion,
    language: str,
    values: Mapping[str, str],
    words: Mapping[str, str],
    fields: Fields,
    fault: str,
) -> Asked:
    question, ticked = paper.question, fields.get(f"a_{paper.question.name}", ())
    boxes = [
        Box(value=b.code, key=b.key, label=in_language(b.label, language), is_ticked=b.code in ticked)
        for b in paper.boxes
    ]
    if paper.may_be_unknown:
        unknown = Missing.DONT_KNOW.value
        boxes.append(
            Box(value=unknown, key=_UNKNOWN_KEY, label=words["dont_know"], is_ticked=unknown in ticked)
        )
    return Asked(
        number=paper.number,
        name=question.name,
        widget=_widget(question.kind, has_boxes=bool(boxes)),
        label=interpolate(in_language(question.label, language), values),
        hint=interpolate(in_language(question.hint, language), values),
        boxes=tuple(boxes),
        text=_text(fields, question.name),
        fault=fault,
    )


def _widget(kind: Kind, *, has_boxes: bool) -> str:
    if kind is Kind.AREA:
        return "area"
    if not has_boxes:
        return "text"
    return _SEVERAL if kind is Kind.MULTI else "one"


def _said(paper: PaperQuestion, language: str, fields: Fields) -> str:
    name = paper.question.name
    return in_words(paper.question, fields.get(f"a_{name}", ()), _text(fields, name), language)


def _text(fields: Fields, name: str) -> str:
    return next(iter(fields.get(f"t_{name}", ())), "").replace("\r\n", "\n").strip()


def _fault(unclear: Unclear, words: Mapping[str, str]) -> str:
    sentence = words[_AGAIN.get(unclear.said.key, "again")].format(
        **{"A": "", "B": "", "N": "", **unclear.said.values}
    )
    return f"{sentence} {words['again_keeps']}"
