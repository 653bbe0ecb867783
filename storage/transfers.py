"""Surveys of the chat that go on by text message: codes that wait for a telephone, and what one has taken over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from storage.sessions import lock_number
from storage.tables import Transfer


@dataclass(frozen=True, kw_only=True, slots=True)
class TransferRow:
    """A code that waits. `chat_lock` is whom the chat's messages name, that they go one after the other."""

    chat_key: str
    conversation_id: int
    chat_lock: str


def set_code(
    session: Session,
    *,
    chat_key: str,
    round_id: int,
    conversation_id: int,
    chat_lock: str,
    code_hash: str,
    expires_at: datetime,
) -> None:
    """In the place of the code before. Raises sqlalchemy's IntegrityError where another chat has this one."""
    row = Transfer(
        chat_key=chat_key,
        round_id=round_id,
        conversation_id=conversation_id,
        chat_lock=chat_lock,
        code_hash=code_hash,
        expires_at=expires_at,
    )
    session.merge(row)
    session.flush()


def is_taken(session: Session, code_hash: str) -> bool:
    return session.scalar(select(Transfer.chat_key).where(Transfer.code_hash == code_hash)) is not None


def take_code(
    session: Session, round_id: int, code_hashes: Sequence[str], now: datetime
) -> TransferRow | None:
    """What the code opens, if it is valid still. From now on it opens nothing; its chat waits for this transaction."""
    wanted = select(Transfer.chat_key, Transfer.conversation_id, Transfer.chat_lock).where(
        Transfer.round_id == round_id,
        Transfer.code_hash.in_(code_hashes),
        Transfer.expires_at > now,
    )
    found = session.execute(wanted).one_or_none()
    if found is None:
        return None
    if session.get_bind().dialect.name == "postgresql":  # SQLite has one writer
        session.execute(select(func.pg_advisory_xact_lock(lock_number(found.chat_lock))))
    spent = (
        update(Transfer)
        .where(Transfer.chat_key == found.chat_key, Transfer.code_hash.in_(code_hashes))
        .values(code_hash=None, expires_at=None)
    )
    taken = session.execute(spent).rowcount  # type: ignore[attr-defined]
    return TransferRow(**found._mapping) if taken else None


def find_taken_over(session: Session, chat_key: str) -> int | None:
    """The conversation of a chat that a telephone has taken over."""
    of_chat = select(Transfer.conversation_id).where(
        Transfer.chat_key == chat_key, Transfer.code_hash.is_(None)
    )
    return session.scalar(of_chat)


def list_chat_keys(session: Session, conversation_ids: Sequence[int]) -> list[str]:
    """The chats in which these conversations began."""
    of_them = Transfer.conversation_id.in_(conversation_ids)
    return list(session.scalars(select(Transfer.chat_key).where(of_them, Transfer.code_hash.is_(None))))


def forget(session: Session, chat_key: str) -> None:
    """Nothing leads from the chat to a telephone."""
    session.execute(delete(Transfer).where(Transfer.chat_key == chat_key))


def delete_expired(session: Session, now: datetime) -> int:
    """Codes that nobody used in time. Returns how many."""
    return int(session.execute(delete(Transfer).where(Transfer.expires_at <= now)).rowcount)  # type: ignore[attr-defined]
