"""A message in its transaction: what it came with, who its sender is in the round, where they stand."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.channels.base import InboundMessage, OptSignal
from bot.services.dates import ended_on, local_date
from bot.services.reading import MessageReader
from bot.services.surveys import Survey, Surveys
from flows.answers import ReplyReader
from flows.conversation import Conversation, from_json
from flows.events import Said
from flows.model import Flow, Wording
from flows.reading import Command, CommandName, ReadMessage
from privacy.pseudonyms import KeyRing, contact_key
from privacy.retention import erase_until
from storage import conversations, transfers
from storage.conversations import ConversationRow
from storage.database import Session, Sessions
from storage.rounds import RoundRow

DEFAULT_LANGUAGE = "sv"
_ERASE_DATE_IN = frozenset({"thanks", "stopped", "closed_erasable"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Parts:
    """What taking messages needs, built once by bot.wiring."""

    sessions: Sessions
    surveys: Surveys
    reader: MessageReader
    replies: ReplyReader
    texts: Mapping[str, Wording]
    keys: KeyRing
    now: Callable[[], datetime]
    reading_at_once: tuple[str, ...] = ()
    """How the numbers of invented people begin, who need no time to read: the demonstration's."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Arrival:
    """A new message in its transaction, with the round on its number and what its sender is called there."""

    session: Session
    incoming: InboundMessage
    now: datetime
    standing_keys: Sequence[str]
    round: RoundRow | None
    survey: Survey | None
    is_open: bool
    contact_key: str | None
    moved_at: datetime
    """Now, and in any case after the contact's conversation that moved last: clocks may be set back."""

    @property
    def text(self) -> str:
        return self.incoming.text

    @property
    def today(self) -> date:
        return local_date(self.now)


@dataclass(frozen=True, kw_only=True, slots=True)
class Response:
    """What is said to a message, and the conversation that it belongs to."""

    said: tuple[Said, ...] = ()
    conversation_id: int | None = None
    flow_version_id: int | None = None
    is_left_behind: bool = False
    """The message came from a form whose question is asked no more: nothing was done."""
    is_held_back: bool = False
    """The sender has written too much for a person."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """A stored conversation with its state and flow."""

    row: ConversationRow
    state: Conversation
    flow: Flow
    is_on_phone: bool = False
    """A telephone has taken over the conversation of this chat."""


def find_standing(parts: Parts, arrival: Arrival, stream: str | None = None) -> Standing | None:
    if arrival.survey is None or arrival.contact_key is None:
        return None
    row = conversations.get_latest_conversation(arrival.session, arrival.contact_key, stream)
    is_on_phone = row is None and arrival.incoming.channel != "sms" and stream is None
    if is_on_phone:
        row = get_taken_over(arrival.session, arrival.contact_key)
    if row is None:
        return None
    flow = parts.surveys.flow(arrival.session, arrival.survey, row.flow_version_id)
    state = from_json(row.state)
    if state.version != flow.version:  # the row's: a correction writes only that
        state = replace(state, version=flow.version)
    return Standing(row=row, state=state, flow=flow, is_on_phone=is_on_phone)


def get_taken_over(session: Session, chat_key: str) -> ConversationRow | None:
    """The conversation of a chat that a telephone has taken over."""
    conversation_id = transfers.find_taken_over(session, chat_key)
    return conversations.get_conversation(session, conversation_id) if conversation_id is not None else None


def key_in(parts: Parts, row: RoundRow | None, sender: str) -> str | None:
    """The sender's key in this round; None once the round's key is destroyed."""
    if row is None or row.wrapped_key is None:
        return None
    return contact_key(parts.keys.unwrap_key(row.wrapped_key), row.key_id, sender)


def is_staff_answering(arrival: Arrival) -> bool:
    """Whether the sender has an employees' or a meeting's conversation open: these need many messages."""
    if arrival.contact_key is None:
        return False
    row = conversations.get_latest_conversation(arrival.session, arrival.contact_key)
    return row is not None and row.stream != "residents" and from_json(row.state).is_open


def language_of(parts: Parts, arrival: Arrival) -> str:
    if arrival.survey is None:
        return DEFAULT_LANGUAGE
    flows = arrival.survey.flows.values()
    offered = tuple(dict.fromkeys(language for flow in flows for language in flow.languages))
    return parts.reader.notice_language(arrival.text, offered) or offered[0]


def with_signal(message: ReadMessage, signal: OptSignal) -> ReadMessage:
    """The provider's own word for STOP and HELP goes before our reading of the text."""
    if signal is OptSignal.STOP:
        return replace(message, command=Command(name=CommandName.STOP))
    if signal is OptSignal.HELP:
        return replace(message, command=Command(name=CommandName.HELP))
    return message


def dated(arrival: Arrival, said: tuple[Said, ...]) -> tuple[Said, ...]:
    """The last day for RADERA, as it is known today, goes into the texts that name it."""
    if arrival.round is None:
        return said
    date_text = erase_until(ended_on(arrival.round)).isoformat()
    return tuple(
        replace(s, values={**s.values, "D": date_text}) if s.key in _ERASE_DATE_IN else s for s in said
    )
