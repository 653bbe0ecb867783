"""Which question stood when something was written: the last few that were asked, with their times.

Kept beside the state, not in it: the times go with the round's key (docs/privacy.md).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from flows.conversation import Position
from flows.pace import CLOCKS_DIFFER_S

MOST_KEPT = 4


class Asked(NamedTuple):
    """A question, and when it was asked first since another one was."""

    position: Position
    at: datetime


def with_asked(asked: Sequence[Asked], position: Position | None, at: datetime) -> tuple[Asked, ...]:
    """The list once the conversation stands at `position`; the same question asked again keeps its time."""
    if position is None or (asked and asked[-1].position == position):
        return tuple(asked)
    return (*asked, Asked(position, at))[-MOST_KEPT:]


def asked_now(asked: Sequence[Asked], at: datetime) -> tuple[Asked, ...]:
    """The list once the last question has left, which had waited to be sent."""
    return (*asked[:-1], asked[-1]._replace(at=at)) if asked else ()


def stood_at(asked: Sequence[Asked], written_at: datetime) -> Position | None:
    """The question that whoever wrote then had last been asked; None where that was before those that are known.

    What was written within seconds of a question belongs to the one before it.
    """
    had_come = written_at - timedelta(seconds=CLOCKS_DIFFER_S)
    return next((one.position for one in reversed(asked) if one.at <= had_come), None)


def to_list(asked: Sequence[Asked]) -> list[Any]:
    """As it is stored: ``[question, repeat, time]`` each."""
    return [[*one.position, one.at.isoformat()] for one in asked]


def from_list(stored: Sequence[Any] | None) -> tuple[Asked, ...]:
    """Back from what was stored."""
    return tuple(
        Asked(Position(question, repeat), datetime.fromisoformat(at)) for question, repeat, at in stored or ()
    )
