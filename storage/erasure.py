"""Taking away for good: one contact's answers, one conversation's answers, and the link from numbers to answers."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from storage import ledger
from storage.ledger import Kind
from storage.tables import Answer, AnswerPlace, Coding, Conversation, Message, QuarantinedMessage

_AT_A_TIME = 500
_DAY = timedelta(days=1)


def delete_answers(session: Session, conversation_ids: Sequence[int]) -> None:
    """Answers of these conversations with everything that was found in them."""
    of_them = select(Answer.id).where(Answer.conversation_id.in_(conversation_ids))
    for table in (Coding, AnswerPlace):
        session.execute(delete(table).where(table.answer_id.in_(of_them)))
    session.execute(delete(Answer).where(Answer.conversation_id.in_(conversation_ids)))


def erase_contact(session: Session, contact_key: str, *, at: datetime) -> int:
    """Every conversation, answer and message in quarantine of a contact in a round, for good. Returns how many
    conversations and messages went.
    """
    gone = delete_contact(session, contact_key)
    if gone:
        ledger.add_entry(session, Kind.ERASED, contact_key, at)
    return gone


def erase_answers(session: Session, conversation_id: int, *, at: datetime) -> None:
    """The answers of a conversation, for good; the conversation stays, with what its state says."""
    delete_answers(session, [conversation_id])
    contact_key = session.scalar(select(Conversation.contact_key).where(Conversation.id == conversation_id))
    ledger.add_entry(session, Kind.UNDER_AGE, f"{contact_key}/{conversation_id}", at)


def delete_contact(session: Session, contact_key: str) -> int:
    """As `erase_contact`, but nothing is written in the ledger."""
    ids = list(session.scalars(select(Conversation.id).where(Conversation.contact_key == contact_key)))
    if ids:
        delete_conversations(session, ids)
    held = session.execute(delete(QuarantinedMessage).where(QuarantinedMessage.contact_key == contact_key))
    return len(ids) + int(held.rowcount)  # type: ignore[attr-defined]


def delete_conversations(session: Session, ids: Sequence[int]) -> int:
    """These conversations with their answers; their messages stay known by their ids. Returns how many there were."""
    delete_answers(session, ids)
    session.execute(
        update(Message).where(Message.conversation_id.in_(ids)).values(conversation_id=None, reply=None)
    )
    return int(session.execute(delete(Conversation).where(Conversation.id.in_(ids))).rowcount)  # type: ignore[attr-defined]


def forget_texts(session: Session, round_id: int) -> int:
    """The words of a round's answers; codes and categories stay. Returns how many."""
    result = session.execute(
        update(Answer).where(Answer.round_id == round_id, Answer.text.is_not(None)).values(text=None)
    )
    return int(result.rowcount)  # type: ignore[attr-defined]


def delete_round_answers(session: Session, round_id: int) -> int:
    """Every conversation and answer of a round. Returns how many conversations."""
    ids = list(session.scalars(select(Conversation.id).where(Conversation.round_id == round_id)))
    for start in range(0, len(ids), _AT_A_TIME):
        some = ids[start : start + _AT_A_TIME]
        delete_answers(session, some)
        session.execute(delete(Conversation).where(Conversation.id.in_(some)))
    return len(ids)


def cut_links(session: Session, round_id: int) -> None:
    """What goes with the round's key: contact keys, message links, and times of day (only dates stay)."""
    session.execute(
        update(Message)
        .where(Message.round_id == round_id)
        .values(conversation_id=None, sender_key=None, received_at=None, reply=None)
    )
    of_round = Conversation.round_id == round_id
    session.execute(update(Conversation).where(of_round).values(contact_key=None))
    held = QuarantinedMessage.round_id == round_id
    session.execute(update(QuarantinedMessage).where(held).values(contact_key=None))
    for column in (Conversation.started_at, Conversation.last_at, Conversation.finished_at):
        first, last = session.execute(select(func.min(column), func.max(column)).where(of_round)).one()
        if first is None or last is None:
            continue
        day = _midnight(first)
        while day <= last:
            within = (column >= day) & (column < day + _DAY)
            session.execute(update(Conversation).where(of_round, within).values({column: day}))
            day += _DAY


def _midnight(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
