"""Marks on conversations that may be no person's own: texts that come again and again, and the mark itself."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import distinct, func, select, update
from sqlalchemy.orm import Session

from storage.tables import Answer, Conversation


@dataclass(frozen=True, kw_only=True, slots=True)
class RepeatedText:
    """One of several conversations of a round with the same open answer."""

    round_id: int
    text: str
    conversation_id: int
    started_at: datetime


def list_repeated_texts(
    session: Session, *, since: datetime, characters: int, times: int
) -> Iterator[RepeatedText]:
    """Current answers of at least so many characters that stand, word for word, in so many conversations of a round
    begun at `since` or later. By round and text, and then in the order in which they began. Not of meetings, and not
    of paper: forms are typed in an hour that were filled in over weeks.
    """
    is_own_time = (Conversation.stream != "dialogue") & (Conversation.channel != "paper")
    recent = (Conversation.started_at >= since) & is_own_time
    is_long = (Answer.standing == "current") & (func.length(Answer.text) >= characters)
    of_conversation = Conversation.id == Answer.conversation_id
    repeated = (
        select(Answer.round_id, Answer.text)
        .join(Conversation, of_conversation)
        .where(recent, is_long)
        .group_by(Answer.round_id, Answer.text)
        .having(func.count(distinct(Answer.conversation_id)) >= times)
        .subquery()
    )
    query = (
        select(Answer.round_id, Answer.text, Answer.conversation_id, Conversation.started_at)
        .join(Conversation, of_conversation)
        .join(repeated, (repeated.c.round_id == Answer.round_id) & (repeated.c.text == Answer.text))
        .where(recent, is_long)
        .distinct()
        .order_by(Answer.round_id, Answer.text, Conversation.started_at)
    )
    for row in session.execute(query):
        yield RepeatedText(**row._mapping)


def mark_conversations(session: Session, conversation_ids: Sequence[int], mark: str) -> int:
    """Mark those that have no mark yet. Returns how many."""
    query = update(Conversation).where(Conversation.id.in_(conversation_ids), Conversation.mark == "")
    return int(session.execute(query.values(mark=mark)).rowcount)  # type: ignore[attr-defined]
