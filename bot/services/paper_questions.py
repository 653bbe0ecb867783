"""A flow's questions as they stand on paper and are typed in again: in order, numbered, each box with what is typed."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.services.viewing import path_to_the_end
from flows.conversation import Conversation
from flows.model import Flow, Kind, Missing, Question, Wording

PAPER = "paper"
"""The channel of answers that somebody types in from a form."""
_NOT_ON_PAPER = frozenset({"feedback"})
"""Roles of questions that ask for something else than an answer."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PaperBox:
    """A box to tick: the key that stands beside it and is typed, the code that it stands for, its words."""

    key: str
    code: str
    label: Wording


@dataclass(frozen=True, kw_only=True, slots=True)
class PaperQuestion:
    """`number` is the same on paper and where it is typed in. Questions to write on have no boxes."""

    number: int
    question: Question
    boxes: tuple[PaperBox, ...]
    may_be_unknown: bool
    """Has a box for "do not know" too, typed as V: Missing.DONT_KNOW."""


def questions_on_paper(flow: Flow, given: Mapping[str, str]) -> tuple[PaperQuestion, ...]:
    """All that is asked on an ordinary way through. `given` are the round's settings and the place code."""
    conversation = Conversation(
        flow=flow.id,
        version=flow.version,
        language=flow.default_language,
        channel=PAPER,
        given={**given, "channel": PAPER},
    )
    asked = (flow.question(position.question) for position in path_to_the_end(flow, conversation))
    kept = [q for q in asked if _is_on_paper(q)]
    return tuple(_numbered(number, question) for number, question in enumerate(kept, start=1))


def what_is_typed(question: PaperQuestion, key: str) -> str:
    """The code that a typed key stands for; "" for a key that has no box."""
    if question.may_be_unknown and key.upper() == "V":
        return Missing.DONT_KNOW.value
    return next((box.code for box in question.boxes if box.key == key), "")


def _is_on_paper(question: Question) -> bool:
    return (
        question.kind is not Kind.CONSENT
        and question.role not in _NOT_ON_PAPER
        and not question.closes_repeat
    )


def _numbered(number: int, question: Question) -> PaperQuestion:
    boxes = tuple(
        PaperBox(key=choice.key or str(at), code=choice.name, label=choice.label)
        for at, choice in enumerate(question.choices, start=1)
    )
    return PaperQuestion(
        number=number, question=question, boxes=boxes, may_be_unknown=question.kind is Kind.SCALE
    )
