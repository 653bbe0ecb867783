"""Taking away for good: one contact's answers, one conversation's answers, and the link from numbers to answers."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, Executable, delete, func, select, update
from sqlalchemy.orm import Session

from storage import ledger, quotes, transfers
from storage.deletions import ROW, Gone
from storage.ledger import Kind
from storage.tables import (
    Answer,
    AnswerPlace,
    Base,
    Coding,
    Conversation,
    Message,
    OutboxMessage,
    QuarantinedMessage,
    SafeguardReply,
    Transfer,
)

_AT_A_TIME = 500
_DAY = timedelta(days=1)


def delete_answers(session: Session, conversation_ids: Sequence[int]) -> Gone:
    """Answers of these conversations with everything that was found in them."""
    of_them = select(Answer.id).where(Answer.conversation_id.in_(conversation_ids))
    return {
        ("quotes", ROW): quotes.forget_sources(session, Answer.conversation_id.in_(conversation_ids)),
        ("codings", ROW): _rows(session, delete(Coding).where(Coding.answer_id.in_(of_them))),
        ("answer_places", ROW): _rows(session, delete(AnswerPlace).where(AnswerPlace.answer_id.in_(of_them))),
        ("answers", ROW): _rows(session, delete(Answer).where(Answer.conversation_id.in_(conversation_ids))),
    }


def erase_contact(session: Session, contact_key: str, *, at: datetime) -> int:
    """Every conversation, answer and message in quarantine of a contact in a round, for good. Returns how many
    conversations and messages went.
    """
    chats = transfers.list_chat_keys(session, _conversations_of(session, contact_key))
    gone = delete_contact(session, contact_key)
    if gone:
        # A backup from before the telephone took it over knows the conversation by its chat.
        for key in {contact_key, *chats}:
            ledger.add_entry(session, Kind.ERASED, key, at)
    return gone


def erase_answers(session: Session, conversation_id: int, *, at: datetime) -> None:
    """The answers of a conversation, for good; the conversation stays, with what its state says."""
    delete_answers(session, [conversation_id])
    contact_key = session.scalar(select(Conversation.contact_key).where(Conversation.id == conversation_id))
    ledger.add_entry(session, Kind.UNDER_AGE, f"{contact_key}/{conversation_id}", at)


def delete_contact(session: Session, contact_key: str) -> int:
    """As `erase_contact`, but nothing is written in the ledger."""
    ids = _conversations_of(session, contact_key)
    if ids:
        delete_conversations(session, ids)
    held = session.execute(delete(QuarantinedMessage).where(QuarantinedMessage.contact_key == contact_key))
    return len(ids) + int(held.rowcount)  # type: ignore[attr-defined]


def _conversations_of(session: Session, contact_key: str) -> list[int]:
    """Those of the contact, and one that began in this chat and is on a telephone now."""
    ids = list(session.scalars(select(Conversation.id).where(Conversation.contact_key == contact_key)))
    taken_over = transfers.find_taken_over(session, contact_key)
    return ids if taken_over is None or taken_over in ids else [*ids, taken_over]


def delete_conversations(session: Session, ids: Sequence[int]) -> int:
    """These conversations with their answers; their messages stay known by their ids. Returns how many there were."""
    delete_answers(session, ids)
    session.execute(
        update(Message).where(Message.conversation_id.in_(ids)).values(conversation_id=None, reply=None)
    )
    session.execute(delete(Transfer).where(Transfer.conversation_id.in_(ids)))
    session.execute(delete(OutboxMessage).where(OutboxMessage.conversation_id.in_(ids)))
    return _rows(session, delete(Conversation).where(Conversation.id.in_(ids)))


def forget_texts(session: Session, round_id: int) -> Gone:
    """The words of a round's answers, wherever they stand; codes and categories stay, and what others worded."""
    texts = update(Answer).where(*_with_text(round_id)).values(text=None)
    return {
        ("answers", "text"): _rows(session, texts),
        ("quotes", "verbatim"): quotes.delete_verbatim(session, round_id),
    }


def count_texts(session: Session, round_id: int) -> int:
    return _count(session, Answer, *_with_text(round_id))


def delete_round_answers(session: Session, round_id: int) -> Gone:
    """Every conversation and answer of a round, and that safeguard texts were given in it."""
    gone: Counter[tuple[str, str]] = Counter()
    session.execute(delete(Transfer).where(Transfer.round_id == round_id))
    ids = list(session.scalars(select(Conversation.id).where(Conversation.round_id == round_id)))
    for start in range(0, len(ids), _AT_A_TIME):
        some = ids[start : start + _AT_A_TIME]
        gone.update(delete_answers(session, some))
        gone["conversations", ROW] += _rows(session, delete(Conversation).where(Conversation.id.in_(some)))
    gone["safeguard_replies", ROW] += _rows(
        session, delete(SafeguardReply).where(SafeguardReply.round_id == round_id)
    )
    return gone


def count_round_answers(session: Session, round_id: int) -> int:
    """Conversations and safeguard texts of a round."""
    conversations = _count(session, Conversation, Conversation.round_id == round_id)
    return conversations + _count(session, SafeguardReply, SafeguardReply.round_id == round_id)


def cut_links(session: Session, round_id: int) -> Gone:
    """What goes with the round's key: contact keys, message links, and times of day (only dates stay)."""
    links = update(Message).where(*_linked(round_id))
    of_round = Conversation.round_id == round_id
    with_key = update(Conversation).where(*_with_contact(round_id)).values(contact_key=None, asked=None)
    held = QuarantinedMessage.round_id == round_id
    session.execute(update(QuarantinedMessage).where(held).values(contact_key=None))
    session.execute(delete(Transfer).where(Transfer.round_id == round_id))
    gone = {
        ("messages", "link"): _rows(
            session, links.values(conversation_id=None, sender_key=None, received_at=None, reply=None)
        ),
        ("conversations", "contact_key"): _rows(session, with_key),
    }
    if gone["conversations", "contact_key"]:
        gone["conversations", "time_of_day"] = _count(session, Conversation, of_round)
    for column in (Conversation.started_at, Conversation.last_at, Conversation.finished_at):
        first, last = session.execute(select(func.min(column), func.max(column)).where(of_round)).one()
        if first is None or last is None:
            continue
        day = _midnight(first)
        while day <= last:
            within = (column >= day) & (column < day + _DAY)
            session.execute(update(Conversation).where(of_round, within).values({column: day}))
            day += _DAY
    return gone


def count_links(session: Session, round_id: int) -> int:
    """What of a round still leads from a message or a number to an answer."""
    linked = _count(session, Message, Message.round_id == round_id, Message.conversation_id.is_not(None))
    return linked + _count(session, Conversation, *_with_contact(round_id))


def cut_hours(session: Session, round_id: int, before: datetime) -> Gone:
    """The hours at which safeguard texts were given before `before`: only dates stay."""
    gone = 0
    for hour in _hours(session, round_id, before):
        given = update(SafeguardReply).where(SafeguardReply.round_id == round_id, SafeguardReply.hour == hour)
        gone += _rows(session, given.values(hour=_midnight(hour)))
    return {("safeguard_replies", "time_of_day"): gone}


def count_hours(session: Session, round_id: int, before: datetime) -> int:
    """How many different hours `cut_hours` would cut."""
    return len(_hours(session, round_id, before))


def _hours(session: Session, round_id: int, before: datetime) -> list[datetime]:
    of_round = (SafeguardReply.round_id == round_id) & (SafeguardReply.hour < before)
    hours = session.scalars(select(SafeguardReply.hour).where(of_round).distinct())
    return [hour for hour in hours if hour != _midnight(hour)]


def _with_text(round_id: int) -> tuple[ColumnElement[bool], ...]:
    return (Answer.round_id == round_id, Answer.text.is_not(None))


def _with_contact(round_id: int) -> tuple[ColumnElement[bool], ...]:
    return (Conversation.round_id == round_id, Conversation.contact_key.is_not(None))


def _linked(round_id: int) -> tuple[ColumnElement[bool], ...]:
    is_linked = Message.conversation_id.is_not(None) | Message.received_at.is_not(None)
    return (Message.round_id == round_id, is_linked)


def _count(session: Session, table: type[Base], *conditions: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(table).where(*conditions)) or 0


def _rows(session: Session, statement: Executable) -> int:
    """How many rows a statement deletes or changes."""
    return int(session.execute(statement).rowcount)  # type: ignore[attr-defined]


def _midnight(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
