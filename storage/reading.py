"""Reads for the summary: exact counts of a round. Rows for the working copy are in storage.rows.

Nothing here knows what may be shown: counts are exact until disclosure control has seen them.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from storage.counting import tally_round
from storage.selecting import IN_PICTURE, Roles, answers_within, conversations
from storage.tables import Answer, Conversation
from summary.rows import Cell, Meetings, Stream

__all__ = [
    "Roles",
    "count_conversations",
    "count_meetings",
    "count_turns",
    "list_cells",
    "unhurried",
]

_CACHE_FOR_REPORTS = -16_384
"""KiB of SQLite's pages, negative as it wants them: a turn's cache is far smaller than a large round's indexes."""
_FOR_REPORTS = (
    "statement_timeout = '10min'",
    "idle_in_transaction_session_timeout = '10min'",
    "work_mem = '64MB'",
    "jit = off",
    "parallel_setup_cost = 100",
    "parallel_tuple_cost = 0.01",
)
"""The costs are a tenth of PostgreSQL's own: it expects a group for every mixture of values, a thousand times as many
as there are, and would not count in parallel for what these seem to cost to hand over.
"""


@contextmanager
def unhurried(session: Session) -> Iterator[None]:
    """Let the statements of this transaction take longer and more memory than a turn's."""
    if session.get_bind().dialect.name == "postgresql":
        for setting in _FOR_REPORTS:  # until the transaction ends
            session.execute(text(f"SET LOCAL {setting}"))
        yield
        return
    before = session.scalar(text("PRAGMA cache_size"))
    session.execute(text(f"PRAGMA cache_size = {_CACHE_FOR_REPORTS}"))
    try:
        yield
    finally:
        session.execute(text(f"PRAGMA cache_size = {before}"))


def count_conversations(session: Session, round_id: int) -> int:
    """Conversations that make the picture: complete and partial ones."""
    return session.scalar(conversations(round_id, IN_PICTURE).with_only_columns(func.count())) or 0


def count_turns(session: Session, round_id: int) -> int:
    """The most turns that anybody has taken in a repeat, at least one."""
    most = session.scalar(select(func.max(Answer.repeat)).where(Answer.round_id == round_id))
    return (most or 0) + 1


def list_cells(session: Session, round_id: int, roles: Roles, *, crossed: bool = True) -> list[Cell]:
    """Every count of the round that the problem picture needs (summary.rows.Table says what each is); without `crossed`
    those alone that need not cross two properties.
    """
    tally = tally_round(session, round_id, roles, crossed=crossed)
    return [
        Cell(table=table, stream=Stream(stream), row=row, column=column, count=count)
        for (table, stream, row, column), count in tally.items()
        if count
    ]


def count_meetings(session: Session, round_id: int, roles: Roles) -> Meetings:
    """The meetings behind the notes. A meeting noted twice counts its larger figures once."""
    notes = conversations(round_id, IN_PICTURE, [Stream.DIALOGUE.value])
    participants = answers_within(notes, roles["participants"])
    by_meeting: dict[str, list[int]] = {}
    for meeting, value in session.execute(
        participants.with_only_columns(Conversation.place_code, Answer.value)
    ):
        numbers = [int(part) for part in value.split() if part.isdecimal()]
        if len(numbers) == 4:
            before = by_meeting.get(meeting or "", [0, 0, 0, 0])
            by_meeting[meeting or ""] = [max(pair) for pair in zip(before, numbers, strict=True)]
    sums = [sum(column) for column in zip(*by_meeting.values(), strict=True)] or [0, 0, 0, 0]
    meetings = notes.with_only_columns(func.count(Conversation.place_code.distinct()))
    promised = answers_within(notes, roles["promised_answer"]).where(Answer.value == "answered")
    return Meetings(
        meetings=session.scalar(meetings) or 0,
        women=sums[0],
        men=sums[1],
        under_25=sums[2],
        over_65=sums[3],
        promised_answers=session.scalar(promised.with_only_columns(func.count())) or 0,
    )
