"""Decides what a message means where its sender stands: begins a survey, continues one, or is answered outside."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.channels.base import OptSignal
from bot.services import applying
from bot.services.applying import new_id
from bot.services.arrivals import (
    Arrival,
    Parts,
    Response,
    Standing,
    dated,
    find_standing,
    language_of,
    with_signal,
)
from bot.services.carrying_out import carry_out, erase
from bot.services.filing import read_for_waiting, store_turn
from bot.services.joining import join_to_last, keep_with_its_question, question_of
from bot.services.marking import Mark
from bot.services.outside import keep_in_inbox, respond_outside
from bot.services.reading import CodedMessage
from bot.services.replies import said_in
from bot.services.surveys import UNKNOWN_PLACE_CODE, Beginning, Survey
from bot.services.transferring import code_in, take_over
from bot.services.withholding import keep_for_guardian
from flows import engine
from flows.asked import asked_now, from_list, to_list
from flows.conversation import Conversation, Position, Status
from flows.events import AnotherPersonBegan, EraseRequested, Said
from flows.model import Kind
from flows.obeying import may_change
from flows.reading import CommandName, ReadMessage
from storage import conversations, outbox, respondents

_AGAIN_FROM_THE_START = frozenset({Status.UNDER_AGE, Status.ERASED})
_MOVING = frozenset({CommandName.SKIP, CommandName.UNDO, CommandName.DONE})
"""Commands that go from a question to another: they mean one that has been asked."""
_NOTHING_SAID = CodedMessage(message=ReadMessage(text=""))
_A_MOMENT = timedelta(microseconds=1)


def respond(parts: Parts, arrival: Arrival) -> Response:
    """Take the message: store what follows from it and say what is answered."""
    standing = find_standing(parts, arrival)
    if standing is not None and standing.row.last_at >= arrival.now:
        arrival = replace(arrival, moved_at=standing.row.last_at + _A_MOMENT)
    if arrival.incoming.changes is not None:
        return _change(arrival, standing, arrival.incoming.changes)
    if _is_left_behind(arrival, standing):
        return _respond_left_behind(parts, arrival, standing)
    if standing is not None and _has_crossed(arrival, standing):
        return _respond_crossed(parts, arrival, standing)
    if standing is not None and (asked := _ask_first(parts, arrival, standing)):
        return asked
    is_start = _is_start(parts, arrival)
    if is_start and respondents.has_opted_out(arrival.session, arrival.standing_keys):
        return _opt_in(parts, arrival, standing)
    if not arrival.is_open or arrival.survey is None or arrival.contact_key is None:
        return respond_outside(parts, arrival, standing)
    return _converse(parts, arrival, arrival.survey, standing, is_start=is_start)


def _converse(
    parts: Parts, arrival: Arrival, survey: Survey, standing: Standing | None, *, is_start: bool
) -> Response:
    """In a round that takes answers: a beginning, more of the last answer, the answer to what waits, or none."""
    if arrival.incoming.channel == "sms" and (sent := code_in(survey, arrival.text)):
        taken_over = take_over(parts, arrival, survey, sent)
        if taken_over is not None:
            return taken_over
    beginning = _beginning(survey, arrival, is_start=is_start)
    is_open = standing is not None and standing.state.is_open
    if beginning is not None and (beginning.with_keyword or not is_open):
        return _begin(parts, arrival, beginning)
    if standing is not None and (joined := join_to_last(parts, arrival, standing)):
        return joined
    if standing is not None and is_open:
        return _resume(parts, arrival, standing)
    return respond_outside(parts, arrival, standing)


def _change(arrival: Arrival, standing: Standing | None, position: Position) -> Response:
    """An earlier question is asked again, where there is an answer to it and the round still takes others."""
    if standing is None or not arrival.is_open or standing.is_on_phone:
        return Response(is_left_behind=True)
    if not may_change(standing.flow, standing.state, position):
        return Response(is_left_behind=True)
    turn = engine.change(standing.flow, standing.state, position)
    return store_turn(arrival, standing, turn, _NOTHING_SAID)


def _is_left_behind(arrival: Arrival, standing: Standing | None) -> bool:
    """Whether a page shows another question than the one that waits: it is old, or its conversation is gone."""
    shown = arrival.incoming.answers
    if shown is None:
        return False
    if standing is None or not arrival.is_open or standing.is_on_phone:
        return True
    return not standing.state.is_open or standing.state.at != shown


def _respond_left_behind(parts: Parts, arrival: Arrival, standing: Standing | None) -> Response:
    """Stop, erase and safeguards are heard from any page. An answer is kept with the question that the page shows, if
    that lacks one or is answered with text; else it is kept nowhere.
    """
    message = _first_look(parts, arrival, standing)
    if message.order is not None and standing is not None and standing.state.is_open:
        return _resume(parts, arrival, standing)
    if message.order is not None or message.is_danger:
        return respond_outside(parts, arrival, standing)
    if standing is None or standing.is_on_phone or message.command is not None:
        return Response(is_left_behind=True)
    kept = keep_with_its_question(parts, arrival, standing, arrival.incoming.answers)
    return kept.response if kept else Response(is_left_behind=True)


def _has_crossed(arrival: Arrival, standing: Standing) -> bool:
    """Whether a late message was written before the question that waits now was asked: it is no answer to that."""
    sent_at = arrival.incoming.sent_at
    if sent_at is None or (standing.row.unasked_id is None and sent_at >= standing.row.last_at):
        return False
    stood = question_of(arrival, standing)
    return stood is None or stood != standing.state.at


def _respond_crossed(parts: Parts, arrival: Arrival, standing: Standing) -> Response:
    """Stop, erase and safeguards are heard. A text is kept with the question that stood when it was written, in silence
    unless that leads to another one; else it is kept for a person to read, under no question.
    """
    message = _first_look(parts, arrival, standing)
    if message.order is not None or message.is_danger:
        if not standing.state.is_open or not arrival.is_open:
            return respond_outside(parts, arrival, standing)
        is_order = message.order is not None
        return (
            _resume(parts, arrival, standing) if is_order else _hear_alarm(parts, arrival, standing, message)
        )
    silence = Response(conversation_id=standing.row.id, flow_version_id=standing.row.flow_version_id)
    if message.command is not None or _is_keyword(arrival):
        return silence
    kept = keep_with_its_question(parts, arrival, standing, question_of(arrival, standing))
    if kept is None:
        keep_in_inbox(arrival, message)
    return kept.response if kept and kept.moves else silence


def _hear_alarm(parts: Parts, arrival: Arrival, standing: Standing, message: ReadMessage) -> Response:
    turn = engine.hear_alarm(standing.flow, standing.state, message)
    response = store_turn(arrival, standing, turn, CodedMessage(message=message))
    keep_for_guardian(parts, arrival, message, turn.events)
    return response


def _ask_first(parts: Parts, arrival: Arrival, standing: Standing) -> Response | None:
    """The question that waits has not left yet, and here is its owner: it is asked now. What was written is no answer
    to it: it is kept with the question before it, or for a person to read. None for what is no answer to anything:
    that takes its ordinary way.
    """
    unasked_id = standing.row.unasked_id
    if unasked_id is None:
        return None
    message = _first_look(parts, arrival, standing)
    document = outbox.get_reply(arrival.session, unasked_id)
    outbox.delete_messages(arrival.session, [unasked_id])
    is_other = message.command is not None and message.command.name not in _MOVING
    if document is None or is_other or message.is_danger or _is_keyword(arrival):
        return None
    if message.command is None:
        kept = keep_with_its_question(parts, arrival, standing, question_of(arrival, standing))
        if kept is not None and kept.moves:
            return kept.response
        if kept is None:
            keep_in_inbox(arrival, message)
    asked = asked_now(from_list(standing.row.asked), arrival.moved_at)
    columns = {"last_at": arrival.moved_at, "asked": to_list(asked)}
    conversations.update_conversation(arrival.session, standing.row.id, columns)
    return Response(
        said=said_in(document),
        conversation_id=standing.row.id,
        flow_version_id=standing.row.flow_version_id,
    )


def _is_keyword(arrival: Arrival) -> bool:
    beginning = _beginning(arrival.survey, arrival) if arrival.survey else None
    return beginning is not None and beginning.with_keyword


def respond_if_urgent(parts: Parts, arrival: Arrival) -> Response:
    """To a sender that has written too much: stop and erase are obeyed and danger is answered, all else is silence."""
    message = _first_look(parts, arrival, find_standing(parts, arrival))
    return respond(parts, arrival) if message.order is not None or message.is_danger else Response()


def obey_beside(parts: Parts, beside: Sequence[Arrival], response: Response) -> Response:
    """STOP and erase hold for every round on the number. What is said tells that something was erased, wherever."""
    orders = [arrival for arrival in beside if _first_look(parts, arrival, None).order]
    others = [respond(parts, arrival) for arrival in orders]
    said_nothing_erased = any(said.key == "erase_confirm_none" for said in response.said)
    erased = (other for other in others if any(said.key == "erased" for said in other.said))
    return next(erased, response) if said_nothing_erased else response


def _first_look(parts: Parts, arrival: Arrival, standing: Standing | None) -> ReadMessage:
    language = standing.state.language if standing else language_of(parts, arrival)
    message = parts.reader.read(arrival.text, language=language)
    command = message.command
    if command is not None and command.learned and not (command.sure and command.name is CommandName.STOP):
        message = replace(message, command=None)  # that is heard where it is known what was asked
    return with_signal(message, arrival.incoming.opt_signal)


def _opt_in(parts: Parts, arrival: Arrival, standing: Standing | None) -> Response:
    """START after STOP: may be written to again."""
    respondents.opt_in(arrival.session, arrival.standing_keys, at=arrival.now)
    language = standing.state.language if standing else language_of(parts, arrival)
    return Response(said=(Said(key="welcome_back", language=language),))


def _beginning(survey: Survey, arrival: Arrival, *, is_start: bool = False) -> Beginning | None:
    """How the message begins a survey: by keyword, place code or START in a text, by a button on a page."""
    pressed = arrival.incoming.start
    if pressed is None:
        return _beginning_by_text(survey, arrival, is_start) if arrival.incoming.channel == "sms" else None
    if pressed.stream not in survey.versions:
        return None
    known = survey.find_place_code(pressed.place_code)
    code = known.code if known else (UNKNOWN_PLACE_CODE if pressed.place_code else "")
    return Beginning(stream=pressed.stream, language=pressed.language, place_code=code, with_keyword=True)


def _beginning_by_text(survey: Survey, arrival: Arrival, is_start: bool) -> Beginning | None:
    if is_start and "residents" in survey.versions:
        return Beginning(stream="residents", language=None, place_code="", with_keyword=False)
    return survey.beginning(arrival.text)


def _begin(parts: Parts, arrival: Arrival, beginning: Beginning) -> Response:
    """A keyword or place code: a new conversation, or the one that this contact has already."""
    standing = find_standing(parts, arrival, beginning.stream)
    if standing is None or standing.state.status in _AGAIN_FROM_THE_START or _is_next_meeting(standing):
        return _start(parts, arrival, beginning)
    turn = engine.welcome_back(standing.flow, standing.state)
    return store_turn(arrival, standing, turn, _NOTHING_SAID)


def _is_next_meeting(standing: Standing) -> bool:
    """A note-taker who writes a meeting's code again has more points to note."""
    return standing.row.stream == "dialogue" and not standing.state.is_open


def _start(parts: Parts, arrival: Arrival, beginning: Beginning) -> Response:
    survey, contact = arrival.survey, arrival.contact_key
    if survey is None or contact is None:
        raise ValueError("a survey begins in a round with a key")
    version_id = survey.versions[beginning.stream]
    flow = survey.flows[version_id]
    language = beginning.language or parts.reader.notice_language(arrival.text, flow.languages)
    place_code = "" if beginning.place_code == UNKNOWN_PLACE_CODE else beginning.place_code
    turn = engine.start(
        flow,
        language=language or flow.default_language,
        channel=arrival.incoming.channel,
        given={**survey.given, "place_code": place_code},
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
            "mark": (Mark.MACHINE if _is_machine(arrival) else Mark.NONE).value,
            "started_at": arrival.now,
            **applying.conversation_columns(flow, turn.conversation, arrival.moved_at),
        },
    )
    said = dated(arrival, turn.said)
    return Response(said=said, conversation_id=conversation_id, flow_version_id=version_id)


def _is_machine(arrival: Arrival) -> bool:
    return arrival.incoming.start is not None and arrival.incoming.start.is_machine


def _resume(parts: Parts, arrival: Arrival, standing: Standing) -> Response:
    """An open conversation goes on."""
    if arrival.incoming.has_media and not arrival.text.strip():
        only_text = Said(key="only_text", language=standing.state.language)
        return Response(
            said=(only_text,), conversation_id=standing.row.id, flow_version_id=standing.row.flow_version_id
        )
    state = _in_noticed_language(parts, arrival, standing)
    coded = read_for_waiting(parts, arrival, standing.flow, state)
    turn = engine.resume(
        standing.flow, state, coded.message, reader=parts.replies, this_year=arrival.today.year
    )
    if any(isinstance(event, EraseRequested) for event in turn.events):
        return Response(said=erase(arrival, turn.said))
    response = store_turn(arrival, standing, turn, coded)
    keep_for_guardian(parts, arrival, coded.message, turn.events)
    carry_out(parts, arrival, turn.events)
    if any(isinstance(event, AnotherPersonBegan) for event in turn.events):
        again = Beginning(
            stream=standing.row.stream, language=state.language, place_code="", with_keyword=True
        )
        return _start(parts, replace(arrival, moved_at=arrival.moved_at + _A_MOMENT), again)
    return response


def _in_noticed_language(parts: Parts, arrival: Arrival, standing: Standing) -> Conversation:
    """At the start signal, a message that is surely in another offered language changes to it."""
    state, at = standing.state, standing.state.at
    if at is None or standing.flow.question(at.question).kind is not Kind.CONSENT:
        return state
    noticed = parts.reader.notice_language(arrival.text, standing.flow.languages)
    return replace(state, language=noticed) if noticed else state


def _is_start(parts: Parts, arrival: Arrival) -> bool:
    """After STOP it lets us write again; else it begins the residents' survey."""
    return arrival.incoming.opt_signal is OptSignal.START or parts.reader.commands.is_start(arrival.text)
