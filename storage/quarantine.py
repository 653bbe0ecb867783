"""The quarantine: sealed messages that told of danger, in rounds of mode B. Nothing here can open one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from storage import ledger
from storage.ledger import Kind
from storage.tables import QuarantinedMessage, Round


@dataclass(frozen=True, kw_only=True, slots=True)
class QuarantinedRow:
    """A message as its list shows it: what it is, never what it says."""

    id: int
    round_id: int
    round_name: str
    kind: str
    hour: datetime
    delete_on: date
    read_at: datetime | None


_COLUMNS = (
    QuarantinedMessage.id,
    QuarantinedMessage.round_id,
    Round.name.label("round_name"),
    QuarantinedMessage.kind,
    QuarantinedMessage.hour,
    QuarantinedMessage.delete_on,
    QuarantinedMessage.read_at,
)
_LISTED = select(*_COLUMNS).join(Round, Round.id == QuarantinedMessage.round_id)


def add_message(session: Session, values: Mapping[str, Any]) -> None:
    session.execute(insert(QuarantinedMessage).values(**values))


def list_messages(session: Session) -> list[QuarantinedRow]:
    """Of every round: unread ones first, and those first that go first."""
    query = _LISTED.order_by(
        QuarantinedMessage.read_at.is_not(None),
        QuarantinedMessage.delete_on,
        QuarantinedMessage.hour,
        QuarantinedMessage.id,
    )
    return [QuarantinedRow(**row._mapping) for row in session.execute(query)]


def get_message(session: Session, message_id: int) -> QuarantinedRow | None:
    row = session.execute(_LISTED.where(QuarantinedMessage.id == message_id)).one_or_none()
    return QuarantinedRow(**row._mapping) if row else None


def get_sealed(session: Session, message_id: int) -> str:
    """Raises NoResultFound."""
    return session.scalars(select(QuarantinedMessage.sealed).where(QuarantinedMessage.id == message_id)).one()


def mark_read(session: Session, message_id: int, at: datetime) -> None:
    """The first time stands."""
    of_it = (QuarantinedMessage.id == message_id) & QuarantinedMessage.read_at.is_(None)
    session.execute(update(QuarantinedMessage).where(of_it).values(read_at=at))


def count_unread(session: Session) -> int:
    unread = QuarantinedMessage.read_at.is_(None)
    return session.scalar(select(func.count()).select_from(QuarantinedMessage).where(unread)) or 0


def count_messages(session: Session, round_id: int) -> int:
    of_round = QuarantinedMessage.round_id == round_id
    return session.scalar(select(func.count()).select_from(QuarantinedMessage).where(of_round)) or 0


def delete_message(session: Session, message_id: int) -> bool:
    """For good. Whether it was there."""
    gone = session.execute(delete(QuarantinedMessage).where(QuarantinedMessage.id == message_id))
    return bool(gone.rowcount)  # type: ignore[attr-defined]


def discard_message(session: Session, message_id: int, at: datetime) -> bool:
    """As `delete_message`, before its time: a restored backup deletes it again."""
    was_there = delete_message(session, message_id)
    if was_there:
        ledger.add_entry(session, Kind.DISCARDED, str(message_id), at)
    return was_there


def count_due(session: Session, today: date) -> int:
    due = QuarantinedMessage.delete_on <= today
    return session.scalar(select(func.count()).select_from(QuarantinedMessage).where(due)) or 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Gone:
    """Messages of a round that went on their day. `unread`: those among them that nobody had read."""

    round_id: int
    messages: int
    unread: int


def delete_due(session: Session, today: date) -> list[Gone]:
    """Delete what could be read until before `today`. By round."""
    due = QuarantinedMessage.delete_on <= today
    counts = session.execute(
        select(
            QuarantinedMessage.round_id,
            func.count().label("messages"),
            (func.count() - func.count(QuarantinedMessage.read_at)).label("unread"),
        )
        .where(due)
        .group_by(QuarantinedMessage.round_id)
    )
    gone = [Gone(**row._mapping) for row in counts]
    if gone:
        session.execute(delete(QuarantinedMessage).where(due))
    return gone
