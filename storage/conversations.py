"""Conversations: the state of each respondent, found by contact key."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from storage.tables import Conversation


@dataclass(frozen=True, kw_only=True, slots=True)
class ConversationRow:
    """A stored conversation, as much of it as a turn needs."""

    id: int
    round_id: int
    flow_version_id: int
    stream: str
    ordinal: int
    status: str
    last_at: datetime
    state: Mapping[str, Any]


def get_latest_conversation(
    session: Session, contact_key: str, stream: str | None = None
) -> ConversationRow | None:
    """The conversation of a contact that moved last, in any stream or in one."""
    query = (
        select(
            Conversation.id,
            Conversation.round_id,
            Conversation.flow_version_id,
            Conversation.stream,
            Conversation.ordinal,
            Conversation.status,
            Conversation.last_at,
            Conversation.state,
        )
        .where(Conversation.contact_key == contact_key)
        .order_by(Conversation.last_at.desc())
        .limit(1)
    )
    if stream is not None:
        query = query.where(Conversation.stream == stream)
    row = session.execute(query).one_or_none()
    return ConversationRow(**row._mapping) if row else None


def count_conversations_of(session: Session, contact_key: str, stream: str) -> int:
    return (
        session.scalar(
            select(func.count()).where(Conversation.contact_key == contact_key, Conversation.stream == stream)
        )
        or 0
    )


def add_conversation(session: Session, values: Mapping[str, Any]) -> None:
    session.execute(insert(Conversation).values(**values))


def update_conversation(session: Session, conversation_id: int, values: Mapping[str, Any]) -> None:
    session.execute(update(Conversation).where(Conversation.id == conversation_id).values(**values))
