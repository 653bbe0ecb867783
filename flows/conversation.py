"""The state of one respondent in one flow, a small JSON document that holds codes and never free text."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

STATE_VERSION = 1
ANSWERED = "answered"
"""Stands for an open answer in the state: the text itself is kept in the answer's row only."""


class Status(StrEnum):
    """Where a conversation stands."""

    ASKING = "asking"
    WAITING = "waiting"  # a safeguard was answered; FORTSÄTT or an answer goes on
    FINISHED = "finished"
    REFUSED = "refused"  # said no at the start
    STOPPED = "stopped"
    UNDER_AGE = "under_age"
    ERASED = "erased"
    RETURNING = "returning"  # has answered before and is asked: change the answers, or another person?


OPEN = frozenset({Status.ASKING, Status.WAITING, Status.RETURNING})


class Position(NamedTuple):
    """A question and which turn of its repeat: 0 outside repeats and on the first turn."""

    question: str
    repeat: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Conversation:
    """Everything the engine must remember between two turns."""

    flow: str
    version: str
    language: str
    channel: str
    status: Status = Status.ASKING
    at: Position | None = None
    """The question that was asked last."""
    tries: int = 0
    """Replies to `at` that were not understood. Two at the most."""
    answers: Mapping[Position, str] = field(default_factory=dict)
    """Value by position: choice codes separated by space, a number, a Missing code, or ANSWERED for text.

    What a coded text was about stands beside it under NAME_category and NAME_place.
    """
    given: Mapping[str, str] = field(default_factory=dict)
    """Hidden values handed in at the start, by variable name: channel, place_code, settings of the round."""
    masked_told: bool = False
    """The respondent has been told once that personal data were removed."""
    no_reminder: bool = False
    """A safeguard S3-S5 has fired: never remind."""
    changing: bool = False
    """An earlier answer was taken up again: from there on, what has an answer is not asked once more."""
    after_text: Position | None = None
    """The open question that the last message answered: what follows in seconds may belong to it (flows.joining)."""

    asked_back: str = ""
    """The command that the last message at `at` may have been, or its answer: which of them was asked."""

    @property
    def is_open(self) -> bool:
        return self.status in OPEN


def to_json(conversation: Conversation) -> dict[str, Any]:
    """The state as a JSON document with a version."""
    return {
        "v": STATE_VERSION,
        "flow": conversation.flow,
        "version": conversation.version,
        "language": conversation.language,
        "channel": conversation.channel,
        "status": conversation.status.value,
        "at": list(conversation.at) if conversation.at else None,
        "tries": conversation.tries,
        "answers": [[*position, value] for position, value in conversation.answers.items()],
        "given": dict(conversation.given),
        "masked_told": conversation.masked_told,
        "no_reminder": conversation.no_reminder,
        "changing": conversation.changing,
        "asked_back": conversation.asked_back,
        "after_text": list(conversation.after_text) if conversation.after_text else None,
    }


def from_json(document: Mapping[str, Any]) -> Conversation:
    """The state back from its JSON document. Raises ValueError for a version this program does not know."""
    if document.get("v") != STATE_VERSION:
        raise ValueError(f"conversation state {document.get('v')!r}; this program reads {STATE_VERSION}")
    at, after_text = document["at"], document.get("after_text")
    return Conversation(
        flow=document["flow"],
        version=document["version"],
        language=document["language"],
        channel=document["channel"],
        status=Status(document["status"]),
        at=Position(at[0], at[1]) if at else None,
        tries=document["tries"],
        answers={Position(name, repeat): value for name, repeat, value in document["answers"]},
        given=document["given"],
        masked_told=document["masked_told"],
        no_reminder=document["no_reminder"],
        changing=document.get("changing", False),  # not in states written before answers could be changed
        asked_back=document.get("asked_back", ""),
        after_text=Position(after_text[0], after_text[1]) if after_text else None,
    )
