"""Decides what a message means where its sender stands: begins, continues, or answers outside any survey."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.channels.base import InboundMessage, OptSignal
from bot.services import applying
from bot.services.applying import Filing, new_id
from bot.services.reading import CodedMessage, MessageReader
from bot.services.surveys import UNKNOWN_PLACE_CODE, Beginning, Survey, Surveys, fold_code
from flows import engine
from flows.answers import ReplyReader
from flows.conversation import Conversation, Status, from_json
from flows.events import (
    AnotherPersonBegan,
    EraseRequested,
    Event,
    ResultsRequested,
    SafeguardAnswered,
    Said,
    Stopped,
    Turn,
)
from flows.model import Flow, Kind, Wording
from flows.reading import Command, CommandName, ReadMessage, Safeguard
from privacy.pseudonyms import KeyRing
from privacy.retention import INBOX_DAYS, erase_until
from storage import conversations, erasure, messages, respondents
from storage.conversations import ConversationRow
from storage.database import Session, Sessions
from storage.rounds import RoundRow
from text.folding import folded
from text.normalising import for_matching

DEFAULT_LANGUAGE = "sv"
_START_WORDS = frozenset({"start", "starta", "borja", "unstop"})
_AGAIN_FROM_THE_START = frozenset({Status.UNDER_AGE, Status.ERASED})
_HEARD_FROM_ANY_PAGE = frozenset({CommandName.STOP, CommandName.ERASE})
_STOCKHOLM = ZoneInfo("Europe/Stockholm")
_A_MOMENT = timedelta(microseconds=1)
_ERASE_DATE_IN = frozenset({"thanks", "stopped"})


def local_date(at: datetime) -> date:
    """The date in Sweden."""
    return at.astimezone(_STOCKHOLM).date()


def ended_on(row: RoundRow) -> date:
    """The day from which the 14 days for RADERA run: never earlier than residents were told."""
    return max(row.closes_on, local_date(row.closed_at)) if row.closed_at else row.closes_on


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


@dataclass(frozen=True, kw_only=True, slots=True)
class _Standing:
    """A stored conversation with its state and flow."""

    row: ConversationRow
    state: Conversation
    flow: Flow


def respond(parts: Parts, arrival: Arrival) -> Response:
    """Take the message: store what follows from it and say what is answered."""
    standing = _standing(parts, arrival)
    if standing is not None:
        arrival = replace(arrival, moved_at=max(arrival.now, standing.row.last_at + _A_MOMENT))
    if _is_left_behind(arrival, standing):
        return _respond_left_behind(parts, arrival, standing)
    if not arrival.is_open or arrival.survey is None or arrival.contact_key is None:
        return _outside(parts, arrival, standing)
    beginning = _beginning(arrival.survey, arrival.incoming)
    is_open = standing is not None and standing.state.is_open
    if beginning is not None and (beginning.with_keyword or not is_open):
        return _begin(parts, arrival, beginning)
    if standing is not None and is_open:
        return _resume(parts, arrival, standing)
    return _outside(parts, arrival, standing)


def _is_left_behind(arrival: Arrival, standing: _Standing | None) -> bool:
    """Whether a page shows another question than the one that waits: it is old, or its conversation is gone."""
    shown = arrival.incoming.answers
    if shown is None:
        return False
    return standing is None or not arrival.is_open or not standing.state.is_open or standing.state.at != shown


def _respond_left_behind(parts: Parts, arrival: Arrival, standing: _Standing | None) -> Response:
    """Stop, erase and safeguards are heard from any page; an answer is not, and is kept nowhere."""
    language = standing.state.language if standing else _language_of(parts, arrival)
    message = parts.reader.read(arrival.text, language=language)
    is_alarm = any(alarm.safeguard is not Safeguard.CRIME_REPORT for alarm in message.alarms)
    if is_alarm or (message.command and message.command.name in _HEARD_FROM_ANY_PAGE):
        return _outside(parts, arrival, standing)
    return Response(is_left_behind=True)


def _beginning(survey: Survey, incoming: InboundMessage) -> Beginning | None:
    """How the message begins a survey: by keyword or place code in a text, by a button on a page."""
    pressed = incoming.start
    if pressed is None:
        return survey.beginning(incoming.text) if incoming.channel == "sms" else None
    if pressed.stream not in survey.versions:
        return None
    known = survey.place_codes.get(fold_code(pressed.place_code))
    code = known.code if known else (UNKNOWN_PLACE_CODE if pressed.place_code else "")
    return Beginning(stream=pressed.stream, language=pressed.language, place_code=code, with_keyword=True)


def _standing(parts: Parts, arrival: Arrival, stream: str | None = None) -> _Standing | None:
    if arrival.survey is None or arrival.contact_key is None:
        return None
    row = conversations.get_latest_conversation(arrival.session, arrival.contact_key, stream)
    if row is None:
        return None
    flow = parts.surveys.flow(arrival.session, arrival.survey, row.flow_version_id)
    return _Standing(row=row, state=from_json(row.state), flow=flow)


def is_staff_answering(arrival: Arrival) -> bool:
    """Whether the sender has an employees' or a meeting's conversation open: these need many messages."""
    if arrival.contact_key is None:
        return False
    row = conversations.get_latest_conversation(arrival.session, arrival.contact_key)
    return row is not None and row.stream != "residents" and from_json(row.state).is_open


# --- in a survey -----------------------------------------------------------------------------------------------


def _begin(parts: Parts, arrival: Arrival, beginning: Beginning) -> Response:
    """A keyword or place code: a new conversation, or the one that this contact has already."""
    standing = _standing(parts, arrival, beginning.stream)
    if standing is None or standing.state.status in _AGAIN_FROM_THE_START or _is_next_meeting(standing):
        return _start(parts, arrival, beginning)
    turn = engine.welcome_back(standing.flow, standing.state)
    return _store(arrival, standing, turn, CodedMessage(message=ReadMessage(text="")))


def _is_next_meeting(standing: _Standing) -> bool:
    """A note-taker who writes a meeting's code again has more points to note."""
    return standing.row.stream == "dialogue" and not standing.state.is_open


def _start(parts: Parts, arrival: Arrival, beginning: Beginning) -> Response:
    survey, contact = arrival.survey, arrival.contact_key
    if survey is None or contact is None:
        raise ValueError("a survey begins in a round with a key")
    version_id = survey.versions[beginning.stream]
    flow = survey.flows[version_id]
    language = beginning.language or parts.reader.notice_language(arrival.text, flow.languages)
    turn = engine.start(
        flow,
        language=language or flow.default_language,
        channel=arrival.incoming.channel,
        given={**survey.given, "place_code": beginning.place_code},
    )
    conversation_id = new_id()
    earlier = conversations.count_conversations_of(arrival.session, contact, beginning.stream)
    conversations.add_conversation(
        arrival.session,
        {
            "id": conversation_id,
            "round_id": survey.round_id,
            "flow_version_id": version_id,
            "stream": beginning.stream,
            "channel": arrival.incoming.channel,
            "place_code": beginning.place_code or None,
            "contact_key": contact,
            "ordinal": earlier + 1,
            "started_at": arrival.now,
            **applying.conversation_columns(flow, turn.conversation, arrival.moved_at),
        },
    )
    said = _dated(arrival, turn.said)
    return Response(said=said, conversation_id=conversation_id, flow_version_id=version_id)


def _resume(parts: Parts, arrival: Arrival, standing: _Standing) -> Response:
    """An open conversation goes on."""
    if arrival.incoming.has_media and not arrival.text.strip():
        only_text = Said(key="only_text", language=standing.state.language)
        return Response(
            said=(only_text,), conversation_id=standing.row.id, flow_version_id=standing.row.flow_version_id
        )
    state = _in_noticed_language(parts, arrival, standing)
    coded = _read(parts, arrival, standing.flow, state)
    turn = engine.resume(
        standing.flow, state, coded.message, reader=parts.replies, this_year=arrival.today.year
    )
    if any(isinstance(event, EraseRequested) for event in turn.events):
        return Response(said=_erase(arrival, turn.said))
    response = _store(arrival, standing, turn, coded)
    _carry_out(parts, arrival, turn.events)
    if any(isinstance(event, AnotherPersonBegan) for event in turn.events):
        again = Beginning(
            stream=standing.row.stream, language=state.language, place_code="", with_keyword=True
        )
        return _start(parts, replace(arrival, moved_at=arrival.moved_at + _A_MOMENT), again)
    return response


def _in_noticed_language(parts: Parts, arrival: Arrival, standing: _Standing) -> Conversation:
    """At the start signal, a message that is surely in another offered language changes to it."""
    state, at = standing.state, standing.state.at
    if at is None or standing.flow.question(at.question).kind is not Kind.CONSENT:
        return state
    noticed = parts.reader.notice_language(arrival.text, standing.flow.languages)
    return replace(state, language=noticed) if noticed else state


def _read(parts: Parts, arrival: Arrival, flow: Flow, state: Conversation) -> CodedMessage:
    question = flow.question(state.at.question) if state.at else None
    message = _with_signal(
        parts.reader.read(arrival.text, language=state.language, question=question),
        arrival.incoming.opt_signal,
    )
    if question is None or arrival.survey is None or message.command is not None:
        return CodedMessage(message=message)
    return parts.reader.code(message, question, arrival.survey.places)


def _store(arrival: Arrival, standing: _Standing, turn: Turn, coded: CodedMessage) -> Response:
    filing = Filing(
        round_id=standing.row.round_id,
        conversation_id=standing.row.id,
        flow_version_id=standing.row.flow_version_id,
        flow=standing.flow,
        now=arrival.now,
        moved_at=arrival.moved_at,
    )
    applying.apply(arrival.session, filing, turn, coded)
    return Response(
        said=_dated(arrival, turn.said),
        conversation_id=standing.row.id,
        flow_version_id=standing.row.flow_version_id,
    )


# --- outside any survey ----------------------------------------------------------------------------------------


def _outside(parts: Parts, arrival: Arrival, standing: _Standing | None) -> Response:
    """No survey is under way here: stop, erase, safeguards and information; else a fixed text and the inbox."""
    language = standing.state.language if standing else _language_of(parts, arrival)
    message = _with_signal(parts.reader.read(arrival.text, language=language), arrival.incoming.opt_signal)
    has_opted_out = respondents.has_opted_out(arrival.session, arrival.standing_keys)
    if has_opted_out and _is_start(arrival):
        respondents.delete_opt_out(arrival.session, arrival.standing_keys)
        return Response(said=(Said(key="welcome_back", language=language),))
    if _is_start(arrival) and arrival.is_open and arrival.contact_key is not None:
        beginning = Beginning(stream="residents", language=None, place_code="", with_keyword=True)
        return _begin(parts, arrival, beginning)
    events = engine.answer_outside(message, language=language)
    said = tuple(event for event in events if isinstance(event, Said))
    if any(isinstance(event, EraseRequested) for event in events):
        return Response(said=_erase(arrival, said))
    _carry_out(parts, arrival, events)
    for event in events:
        if isinstance(event, SafeguardAnswered):
            _note_safeguard(arrival, event)
    if [s.key for s in said] == ["unknown_message"]:
        _keep_in_inbox(arrival, message)
        said = () if has_opted_out else _fixed_text(arrival, language)
    return Response(said=_dated(arrival, said))


def _fixed_text(arrival: Arrival, language: str) -> tuple[Said, ...]:
    if arrival.incoming.has_media and not arrival.text.strip():
        return (Said(key="only_text", language=language),)
    if arrival.round is None:
        return (Said(key="no_open_round", language=language),)
    return (Said(key="unknown_message" if arrival.is_open else "closed", language=language),)


def _language_of(parts: Parts, arrival: Arrival) -> str:
    if arrival.survey is None:
        return DEFAULT_LANGUAGE
    offered = next(iter(arrival.survey.flows.values())).languages
    return parts.reader.notice_language(arrival.text, offered) or offered[0]


def _is_start(arrival: Arrival) -> bool:
    if arrival.incoming.opt_signal is OptSignal.START:
        return True
    return folded(for_matching(arrival.text)).strip(" .!") in _START_WORDS


def _with_signal(message: ReadMessage, signal: OptSignal) -> ReadMessage:
    """The provider's own word for STOP and HELP goes before our reading of the text."""
    if signal is OptSignal.STOP:
        return replace(message, command=Command(name=CommandName.STOP))
    if signal is OptSignal.HELP:
        return replace(message, command=Command(name=CommandName.HELP))
    return message


def _keep_in_inbox(arrival: Arrival, message: ReadMessage) -> None:
    if not message.text.strip():
        return
    messages.add_inbox_message(
        arrival.session,
        {
            "id": new_id(),
            "round_id": arrival.round.id if arrival.round else None,
            "received_on": arrival.today,
            "delete_on": arrival.today + timedelta(days=INBOX_DAYS),
            "text": message.text,
        },
    )


# --- what events ask for beyond the conversation ------------------------------------------------------------------


def _carry_out(parts: Parts, arrival: Arrival, events: Sequence[Event]) -> None:
    for event in events:
        if isinstance(event, Stopped):
            respondents.add_opt_out(arrival.session, arrival.standing_keys[0], arrival.now)
            respondents.delete_feedback_entries(arrival.session, arrival.standing_keys)
        elif isinstance(event, ResultsRequested):
            _put_on_feedback_list(parts, arrival)


def _put_on_feedback_list(parts: Parts, arrival: Arrival) -> None:
    """The number itself is kept here, encrypted, since a text will go to it; nothing leads to the answers."""
    if arrival.round is None or arrival.incoming.channel != "sms":
        return
    respondents.delete_opt_out(arrival.session, arrival.standing_keys)  # asking for a text is an opt-in to it
    if respondents.is_on_feedback_list(arrival.session, arrival.round.id, arrival.standing_keys):
        return
    respondents.add_feedback_entry(
        arrival.session,
        {
            "id": new_id(),
            "round_id": arrival.round.id,
            "standing_key": arrival.standing_keys[0],
            "number_ciphertext": parts.keys.encrypt(
                arrival.incoming.sender, purpose="feedback", nonce=secrets.token_bytes(16)
            ),
        },
    )


def _erase(arrival: Arrival, said: tuple[Said, ...]) -> tuple[Said, ...]:
    """RADERA: every table, as long as the round's key can still tell whose the answers are."""
    respondents.delete_feedback_entries(arrival.session, arrival.standing_keys)
    erased = erasure.erase_contact(arrival.session, arrival.contact_key) if arrival.contact_key else 0
    if erased:
        return said
    return tuple(replace(s, key="erase_confirm_none") if s.key == "erased" else s for s in said)


def _note_safeguard(arrival: Arrival, event: SafeguardAnswered) -> None:
    applying.note_safeguard(
        arrival.session,
        event,
        round_id=arrival.round.id if arrival.round else None,
        channel=arrival.incoming.channel,
        now=arrival.now,
    )


def _dated(arrival: Arrival, said: tuple[Said, ...]) -> tuple[Said, ...]:
    """The last day for RADERA, as it is known today, goes into the texts that name it."""
    if arrival.round is None:
        return said
    date_text = erase_until(ended_on(arrival.round)).isoformat()
    return tuple(
        replace(s, values={**s.values, "D": date_text}) if s.key in _ERASE_DATE_IN else s for s in said
    )
