"""Messages that must leave, each once: added in the transaction that they follow from, claimed before they are sent."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from flows.asked import asked_now, from_list, to_list
from storage.tables import Conversation, OutboxMessage


@dataclass(frozen=True, kw_only=True, slots=True)
class OutboxRow:
    """A message as far as sending it needs."""

    id: int
    number_ciphertext: str
    our_number: str
    reply: Mapping[str, Any]
    attempts: int
    claimed_at: datetime | None


_ROW = (
    OutboxMessage.id,
    OutboxMessage.number_ciphertext,
    OutboxMessage.our_number,
    OutboxMessage.reply,
    OutboxMessage.attempts,
    OutboxMessage.claimed_at,
)


def add_message(session: Session, values: Mapping[str, Any]) -> None:
    """A message that waits to be sent."""
    session.add(OutboxMessage(state="waiting", attempts=0, claimed_at=None, **values))
    session.flush()


def claim_next(session: Session, now: datetime) -> OutboxRow | None:
    """The message that has been due longest, for this sender alone once the transaction is committed."""
    due = (
        select(*_ROW)
        .where(OutboxMessage.state == "waiting", OutboxMessage.due_at <= now)
        .order_by(OutboxMessage.due_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    row = session.execute(due).one_or_none()
    if row is None:
        return None
    session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == row.id)
        .values(state="sending", claimed_at=now, attempts=OutboxMessage.attempts + 1)
    )
    return OutboxRow(**row._mapping)


def list_uncertain(session: Session, before: datetime) -> list[OutboxRow]:
    """What was claimed before `before` and is neither known to have left nor to wait."""
    rows = session.execute(
        select(*_ROW).where(
            OutboxMessage.state.in_(("sending", "uncertain")), OutboxMessage.claimed_at < before
        )
    )
    return [OutboxRow(**row._mapping) for row in rows]


def mark_sent(session: Session, outbox_id: int, at: datetime) -> None:
    """It has left: the row goes, and the conversation's question has been asked now."""
    conversation = session.execute(
        select(Conversation.id, Conversation.asked, Conversation.last_at)
        .where(Conversation.unasked_id == outbox_id)
        .with_for_update()
    ).one_or_none()
    if conversation is not None:
        at = max(at, conversation.last_at)
        asked = to_list(asked_now(from_list(conversation.asked), at))
        of_it = update(Conversation).where(Conversation.id == conversation.id)
        session.execute(of_it.values(asked=asked, last_at=at))
    delete_messages(session, [outbox_id])


def mark_waiting(session: Session, outbox_id: int, due_at: datetime) -> None:
    """It has surely not left, and may be sent again."""
    _mark(session, outbox_id, "waiting", due_at=due_at)


def mark_uncertain(session: Session, outbox_id: int) -> None:
    _mark(session, outbox_id, "uncertain")


def mark_refused(session: Session, outbox_id: int) -> None:
    """It will never leave: the number is not needed any more, what is said is, for when its owner writes again."""
    _mark(session, outbox_id, "refused", number_ciphertext="")


def get_reply(session: Session, outbox_id: int) -> Mapping[str, Any] | None:
    return session.scalar(select(OutboxMessage.reply).where(OutboxMessage.id == outbox_id))


def delete_messages(session: Session, outbox_ids: Sequence[int]) -> None:
    of_them = select(OutboxMessage.conversation_id).where(OutboxMessage.id.in_(outbox_ids))
    session.execute(
        update(Conversation)
        .where(Conversation.id.in_(of_them), Conversation.unasked_id.in_(outbox_ids))
        .values(unasked_id=None)
    )
    session.execute(delete(OutboxMessage).where(OutboxMessage.id.in_(outbox_ids)))


def delete_messages_to(session: Session, standing_keys: Sequence[str]) -> None:
    """What waits for a contact. What is being sent cannot be held back, but is not sent again."""
    theirs = select(OutboxMessage.id).where(OutboxMessage.standing_key.in_(standing_keys))
    delete_messages(session, list(session.scalars(theirs)))


def delete_messages_before(session: Session, before: datetime) -> Counter[int]:
    """What was written before `before`, whatever became of it. Returns how many by round."""
    old = session.execute(
        select(OutboxMessage.id, OutboxMessage.round_id).where(OutboxMessage.created_at < before)
    ).all()
    delete_messages(session, [row.id for row in old])
    return Counter(row.round_id for row in old)


def count_messages_before(session: Session, before: datetime) -> int:
    old = OutboxMessage.created_at < before
    return session.scalar(select(func.count()).select_from(OutboxMessage).where(old)) or 0


def delete_all(session: Session) -> None:
    """Whatever waits, is being sent or was refused."""
    delete_messages(session, list(session.scalars(select(OutboxMessage.id))))


def count_messages(session: Session) -> int:
    """How many have not left yet."""
    query = select(func.count()).select_from(OutboxMessage).where(OutboxMessage.state != "refused")
    return session.scalar(query) or 0


def _mark(session: Session, outbox_id: int, state: str, **values: Any) -> None:
    session.execute(update(OutboxMessage).where(OutboxMessage.id == outbox_id).values(state=state, **values))
