"""Messages that came in (so that a second delivery is known), deliveries of what went out, and the inbox."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, insert, select, update
from sqlalchemy.orm import Session

from storage import ledger
from storage.ledger import Kind
from storage.tables import Base, Delivery, InboxMessage, Message, Round, SafeguardReply


@dataclass(frozen=True, kw_only=True, slots=True)
class InboxRow:
    received_on: date
    delete_on: date
    text: str


# On the path of every message, statements are built once and run on the connection: building one, and taking it
# through the ORM's session, each cost more than the statement itself.
_ADD = insert(Message)


def list_known(session: Session, provider: str, provider_ids: Iterable[str]) -> set[str]:
    """Which of these ids are known. A few hundred at a time."""
    query = select(Message.provider_id).where(
        Message.provider == provider, Message.provider_id.in_(list(provider_ids))
    )
    return set(session.scalars(query))


def add_message(session: Session, values: Mapping[str, Any]) -> None:
    """Store that a message came. Raises IntegrityError where its provider id is known."""
    session.connection().execute(_ADD, dict(values))


def update_forgotten_replies(session: Session, before: datetime) -> Counter[int | None]:
    """Forget reply and sender of messages older than `before`; their ids stay known. Returns how many by round.

    Where no round's key is there any more for their time to go with, that is forgotten too.
    """
    forgotten = session.scalars(
        update(Message)
        .where(_is_forgettable(before))
        .values(reply=None, sender_key=None)
        .returning(Message.round_id)
    )
    of_rounds = Counter(forgotten)
    session.execute(update(Message).where(_has_time_alone(before)).values(received_at=None))
    return of_rounds


def count_forgettable(session: Session, before: datetime) -> int:
    return _count(session, Message, _is_forgettable(before) | _has_time_alone(before))


def _is_forgettable(before: datetime) -> ColumnElement[bool]:
    return (Message.received_at < before) & (Message.sender_key.is_not(None))


def _has_time_alone(before: datetime) -> ColumnElement[bool]:
    keyless = select(Round.id).where(Round.status == "closed", Round.wrapped_key.is_(None))
    is_alone = Message.round_id.is_(None) | Message.round_id.in_(keyless)
    return (Message.received_at < before) & is_alone


_FORWARD = {"queued": 1, "sent": 2, "failed": 3, "delivered": 4, "read": 5}


def update_delivery(
    session: Session, *, provider: str, provider_id: str, state: str, error_code: str | None, at: datetime
) -> None:
    """Move a delivery forward; what would move it back is ignored (callbacks come in any order)."""
    known = session.get(Delivery, (provider, provider_id))
    if known is None:
        session.add(
            Delivery(
                provider=provider, provider_id=provider_id, state=state, error_code=error_code, updated_at=at
            )
        )
    elif _FORWARD[state] > _FORWARD[known.state]:
        known.state, known.error_code, known.updated_at = state, error_code, at
    session.flush()


def add_inbox_message(session: Session, values: Mapping[str, Any]) -> None:
    session.execute(insert(InboxMessage).values(**values))


def list_inbox(session: Session, round_id: int) -> list[InboxRow]:
    rows = session.execute(
        select(InboxMessage.received_on, InboxMessage.delete_on, InboxMessage.text)
        .where(InboxMessage.round_id == round_id)
        .order_by(InboxMessage.received_on, InboxMessage.id)
    )
    return [InboxRow(**row._mapping) for row in rows]


@dataclass(frozen=True, kw_only=True, slots=True)
class InboxLine:
    """A message of the inbox with the round whose number it came to; empty for a number without one."""

    id: int
    round_id: int | None
    round_name: str
    received_on: date
    delete_on: date
    text: str
    handled_on: date | None


def list_inbox_lines(session: Session, *, is_handled: bool, limit: int, offset: int = 0) -> list[InboxLine]:
    """Of every round, the newest first."""
    query = (
        select(
            InboxMessage.id,
            InboxMessage.round_id,
            func.coalesce(Round.name, "").label("round_name"),
            InboxMessage.received_on,
            InboxMessage.delete_on,
            InboxMessage.text,
            InboxMessage.handled_on,
        )
        .outerjoin(Round, Round.id == InboxMessage.round_id)
        .where(_handled(is_handled))
        .order_by(InboxMessage.received_on.desc(), InboxMessage.id)
    )
    return [InboxLine(**row._mapping) for row in session.execute(query.limit(limit).offset(offset))]


def count_inbox(session: Session, *, is_handled: bool = False) -> int:
    return session.scalar(select(func.count()).select_from(InboxMessage).where(_handled(is_handled))) or 0


def get_inbox_round(session: Session, message_id: int) -> tuple[int | None] | None:
    """The id of the round that a message came to, alone in a tuple; None where there is no such message."""
    row = session.execute(select(InboxMessage.round_id).where(InboxMessage.id == message_id)).one_or_none()
    return (row.round_id,) if row else None


def mark_handled(session: Session, message_id: int, on: date | None) -> None:
    """Dealt with on that day; with None, to be dealt with again."""
    session.execute(update(InboxMessage).where(InboxMessage.id == message_id).values(handled_on=on))


def delete_inbox_message(session: Session, message_id: int) -> bool:
    """For good. Whether it was there."""
    gone = session.execute(delete(InboxMessage).where(InboxMessage.id == message_id))
    return bool(gone.rowcount)  # type: ignore[attr-defined]


def discard_inbox_message(session: Session, message_id: int, at: datetime) -> bool:
    """As `delete_inbox_message`, before its time: a restored backup deletes it again."""
    was_there = delete_inbox_message(session, message_id)
    if was_there:
        ledger.add_entry(session, Kind.DISCARDED, str(message_id), at)
    return was_there


def _handled(is_handled: bool) -> ColumnElement[bool]:
    return InboxMessage.handled_on.is_not(None) if is_handled else InboxMessage.handled_on.is_(None)


def delete_due_inbox(session: Session, today: date) -> Counter[int | None]:
    """Delete what was to be kept until before `today`. Returns how many by round."""
    due = delete(InboxMessage).where(InboxMessage.delete_on <= today)
    return Counter(session.scalars(due.returning(InboxMessage.round_id)))


def count_due_inbox(session: Session, today: date) -> int:
    return _count(session, InboxMessage, InboxMessage.delete_on <= today)


def delete_deliveries_before(session: Session, before: datetime) -> int:
    """Delete how far messages came that have not moved since. Returns how many."""
    return int(session.execute(delete(Delivery).where(Delivery.updated_at < before)).rowcount)  # type: ignore[attr-defined]


def count_deliveries_before(session: Session, before: datetime) -> int:
    return _count(session, Delivery, Delivery.updated_at < before)


def delete_roundless_safeguards_before(session: Session, before: datetime) -> int:
    """Delete that safeguard texts were given on a number without a round. Returns how many."""
    old = (SafeguardReply.hour < before) & SafeguardReply.round_id.is_(None)
    return int(session.execute(delete(SafeguardReply).where(old)).rowcount)  # type: ignore[attr-defined]


def count_roundless_safeguards_before(session: Session, before: datetime) -> int:
    return _count(session, SafeguardReply, SafeguardReply.hour < before, SafeguardReply.round_id.is_(None))


def _count(session: Session, table: type[Base], *conditions: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(table).where(*conditions)) or 0


def add_safeguard_reply(session: Session, values: Mapping[str, Any]) -> None:
    session.execute(insert(SafeguardReply).values(**values))
