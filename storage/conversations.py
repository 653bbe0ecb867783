"""Conversations: the state of each respondent, found by contact key."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, func, insert, lambda_stmt, select, update
from sqlalchemy.orm import Session

from storage.tables import Conversation
from summary.rows import COUNTED


@dataclass(frozen=True, kw_only=True, slots=True)
class ConversationRow:
    """A stored conversation, as much of it as a turn needs."""

    id: int
    round_id: int
    flow_version_id: int
    stream: str
    ordinal: int
    mark: str
    status: str
    started_at: datetime
    last_at: datetime
    unasked_id: int | None
    asked: Sequence[Any] | None
    contact_key: str | None
    state: Mapping[str, Any]


# On the path of every message, statements are built once and run on the connection (see storage.messages).
_COLUMNS = (
    Conversation.id,
    Conversation.round_id,
    Conversation.flow_version_id,
    Conversation.stream,
    Conversation.ordinal,
    Conversation.mark,
    Conversation.status,
    Conversation.started_at,
    Conversation.last_at,
    Conversation.unasked_id,
    Conversation.asked,
    Conversation.contact_key,
    Conversation.state,
)
_NAMES = tuple(column.key for column in _COLUMNS)
_OF_CONTACT = (
    select(*_COLUMNS)
    .where(Conversation.contact_key == bindparam("contact_key"))
    .order_by(Conversation.last_at.desc())
    .limit(1)
)
_LATEST = lambda_stmt(lambda: _OF_CONTACT)  # see storage.looking_back
_LATEST_IN_STREAM = _OF_CONTACT.where(Conversation.stream == bindparam("stream"))
_COUNT = select(func.count()).where(
    Conversation.contact_key == bindparam("contact_key"), Conversation.stream == bindparam("stream")
)
_ADD = insert(Conversation)
_UPDATE = update(Conversation).where(Conversation.id == bindparam("conversation_id"))


def get_latest_conversation(
    session: Session, contact_key: str, stream: str | None = None
) -> ConversationRow | None:
    """The conversation of a contact that moved last, in any stream or in one."""
    query = _LATEST if stream is None else _LATEST_IN_STREAM
    row = session.connection().execute(query, {"contact_key": contact_key, "stream": stream}).one_or_none()
    return _conversation_row(row) if row else None


def _conversation_row(row: Row[Any]) -> ConversationRow:
    return ConversationRow(**dict(zip(_NAMES, row, strict=True)))


def find_latest_key(session: Session, contact_keys: Sequence[str], statuses: Sequence[str]) -> str | None:
    """Of one sender's keys in several rounds, that of the conversation in one of these statuses that moved last."""
    query = (
        select(Conversation.contact_key)
        .where(Conversation.contact_key.in_(contact_keys), Conversation.status.in_(statuses))
        .order_by(Conversation.last_at.desc())
        .limit(1)
    )
    return session.scalar(query)


def get_conversation(session: Session, conversation_id: int) -> ConversationRow | None:
    row = session.execute(select(*_COLUMNS).where(Conversation.id == conversation_id)).one_or_none()
    return _conversation_row(row) if row else None


def count_conversations_of(session: Session, contact_key: str, stream: str) -> int:
    return session.connection().scalar(_COUNT, {"contact_key": contact_key, "stream": stream}) or 0


def add_conversation(session: Session, values: Mapping[str, Any]) -> None:
    session.connection().execute(_ADD, dict(values))


def update_conversation(session: Session, conversation_id: int, values: Mapping[str, Any]) -> None:
    session.connection().execute(_UPDATE, {**values, "conversation_id": conversation_id})


@dataclass(frozen=True, kw_only=True, slots=True)
class RoundCount:
    """Conversations of a round."""

    started: int
    finished: int


def count_by_round(session: Session) -> dict[int, RoundCount]:
    """By the round's id, all streams and channels together. Rounds without any are left out."""
    query = select(
        Conversation.round_id,
        func.count().label("started"),
        func.count(Conversation.finished_at).label("finished"),
    ).group_by(Conversation.round_id)
    return {
        row.round_id: RoundCount(started=row.started, finished=row.finished)
        for row in session.execute(query)
        if row.round_id is not None
    }


def count_roles(session: Session, round_id: int, stream: str) -> dict[str, int]:
    """Counted persons of a stream by what they said they are, for employees their workplace."""
    query = (
        select(Conversation.role, func.count())
        .where(
            Conversation.round_id == round_id,
            Conversation.stream == stream,
            Conversation.outcome.in_([outcome.value for outcome in COUNTED]),
            Conversation.role.is_not(None),
        )
        .group_by(Conversation.role)
    )
    return {str(role): count for role, count in session.execute(query)}
