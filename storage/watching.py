"""Live counts of a round that takes answers: who has begun and how far they came, by what its coordinator steers with.

One pass over the index that covers persons, one over that of the days, and a look at those who left. Nothing is kept.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import case, func, literal_column, select
from sqlalchemy.orm import Session

from storage.selecting import conversations, grouped
from storage.tables import Conversation, Delivery, OptOut, OutboxMessage, SafeguardReply
from summary.rows import Outcome

_AT_A_TIME = 2_000
_PERSONS = (
    Conversation.stream,
    Conversation.outcome,
    Conversation.area,
    Conversation.age,
    Conversation.gender,
    Conversation.role,
    Conversation.channel,
    Conversation.language,
    Conversation.ordinal,
    Conversation.mark,
    Conversation.place_code,
)
"""In the order of the index: what is grouped so is neither sorted nor held."""
_LEFT = (Outcome.BREAK_OFF.value, Outcome.STOPPED.value)
_UNDER_WAY = ("asking", "waiting", "returning")


class Persons(NamedTuple):
    """So many conversations that are alike. `ordinal` over 1: another on the same telephone."""

    stream: str
    outcome: str
    area: str | None
    age: str | None
    gender: str | None
    role: str | None
    channel: str
    language: str
    ordinal: int
    mark: str
    place_code: str | None
    number: int


def count_persons(session: Session, round_id: int) -> Iterator[Persons]:
    """Everybody who began, as they come from the index: memory does not grow with the round."""
    everybody = select(Conversation.id).where(Conversation.round_id == round_id)
    query = grouped(everybody, *_PERSONS).execution_options(yield_per=_AT_A_TIME)
    for row in session.execute(query):
        yield Persons(*row)


class Begun(NamedTuple):
    """Conversations that began within some hours."""

    stream: str
    outcome: str
    ordinal: int
    mark: str
    number: int


def count_begun(session: Session, round_id: int, start: datetime, end: datetime) -> list[Begun]:
    """Those that began from `start` until before `end`.

    The plus keeps SQLite, which plans without statistics, from going through the whole round for each day.
    """
    within = (Conversation.started_at >= start) & (Conversation.started_at < end)
    of_round = literal_column("+conversations.round_id") == round_id
    chosen = select(Conversation.id).where(within, of_round)
    columns = (Conversation.stream, Conversation.outcome, Conversation.ordinal, Conversation.mark)
    return [Begun(*row) for row in session.execute(grouped(chosen, *columns))]


class Left(NamedTuple):
    """Conversations that have too little to count, by the question at which they stand."""

    stream: str
    question: str | None
    is_under_way: bool
    ordinal: int
    mark: str
    number: int


def count_left(session: Session, round_id: int, since: datetime) -> list[Left]:
    """`is_under_way`: it has moved at `since` or later and waits for an answer."""
    is_under_way = case(
        ((Conversation.last_at >= since) & Conversation.status.in_(_UNDER_WAY), 1),
        else_=0,
    )
    columns = (Conversation.stream, Conversation.at_question, is_under_way, Conversation.ordinal)
    query = grouped(conversations(round_id, _LEFT), *columns, Conversation.mark)
    return [
        Left(stream, question, bool(under_way), *rest)
        for stream, question, under_way, *rest in session.execute(query)
    ]


def count_deliveries(session: Session, start: datetime, end: datetime) -> list[tuple[str, str | None, int]]:
    """State, error code and how many, of what moved from `start` until before `end`, whatever the round."""
    query = select(Delivery.state, Delivery.error_code, func.count()).where(
        Delivery.updated_at >= start, Delivery.updated_at < end
    )
    rows = session.execute(query.group_by(Delivery.state, Delivery.error_code))
    return [(state, code, count) for state, code, count in rows]


def count_safeguards(session: Session, round_id: int) -> dict[str, int]:
    """Safeguard replies by kind, for the round as a whole."""
    replies = select(SafeguardReply.id).where(SafeguardReply.round_id == round_id)
    rows = session.execute(grouped(replies, SafeguardReply.kind)).all()
    return {str(row[0]): int(row[1]) for row in rows}


def count_safeguards_since(session: Session, round_id: int, since: datetime) -> int:
    """Safeguard replies of every kind together, for the round as a whole."""
    replies = select(func.count()).where(SafeguardReply.round_id == round_id, SafeguardReply.hour >= since)
    return session.scalar(replies) or 0


def count_opt_outs(session: Session, start: datetime, end: datetime) -> int:
    """Those who said STOP from `start` until before `end`, whatever the round."""
    said = select(func.count()).where(OptOut.opted_out_at >= start, OptOut.opted_out_at < end)
    return session.scalar(said) or 0


def count_overdue(session: Session, before: datetime) -> int:
    """Messages of ours that should have left before that moment and have not."""
    waiting = select(func.count()).where(OutboxMessage.state == "waiting", OutboxMessage.due_at < before)
    return session.scalar(waiting) or 0
