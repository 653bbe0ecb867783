"""Messages that belong to a question that was left: joined to its answer, or taken as the answer that it lacks.

The text that stands is read from the answers, redacted; the state holds none.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.services.arrivals import Arrival, Parts, Response, Standing
from bot.services.carrying_out import carry_out
from bot.services.filing import read_as_answer, read_for_waiting, store_turn
from bot.services.reading import CodedMessage
from bot.services.withholding import keep_for_guardian
from flows import engine
from flows.asked import Asked, from_list, stood_at
from flows.conversation import Position
from flows.events import Said, Turn
from flows.joining import is_begun_before, joined, may_be_answered
from flows.model import IN_OWN_WORDS
from flows.pace import LONGEST_S
from flows.reading import Outcome, ReadMessage
from storage import answers
from text.normalising import MAX_CHARACTERS

_A_MOMENT = timedelta(seconds=1)
"""By which a conversation's last time may lie ahead, for messages of the same instant."""

_GOES_ON = frozenset({(Outcome.VALUE, "text"), (Outcome.UNCLEAR, "number")})
"""How a text reads that may belong to an answer in own words."""

INVENTED_NUMBERS = ("+4670100", "+4670200", "+4670300")
"""How the numbers of the demonstration's people begin, who need no time to read (bot.demo.people)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """A message that was stored with the question it belongs to. `moves`: another question waits now."""

    response: Response
    moves: bool


def join_to_last(parts: Parts, arrival: Arrival, standing: Standing) -> Response | None:
    """People write one answer as several texts: what was begun before the next question could be read is part of the
    answer before it. None for a message that is not.
    """
    position = standing.state.after_text
    if position is None or not _comes_at_once(parts, arrival, standing):
        return None
    alone = read_for_waiting(parts, arrival, standing.flow, standing.state).message
    if alone.command is not None or not _is_begun_before(parts, arrival, standing, alone):
        return None
    kept = _extend(parts, arrival, standing, position, alone)
    return kept.response if kept else None


def keep_with_its_question(
    parts: Parts, arrival: Arrival, standing: Standing, position: Position | None
) -> Kept | None:
    """A message to a question that was left: taken there if that has no answer, or is answered with text.

    None where it is not: nothing was stored.
    """
    if position is None or position == standing.state.at:
        return None
    if not arrival.is_open or not may_be_answered(standing.flow, standing.state, position):
        return None
    question = standing.flow.question(position.question)
    coded = read_as_answer(parts, arrival, question, arrival.text, standing.state.language)
    if question.kind in IN_OWN_WORDS:
        return _extend(parts, arrival, standing, position, coded.message)
    turn = engine.fill_in(
        standing.flow,
        standing.state,
        position,
        coded.message,
        reader=parts.replies,
        this_year=arrival.today.year,
    )
    return _stored(parts, arrival, standing, turn, coded) if turn else None


def question_of(arrival: Arrival, standing: Standing) -> Position | None:
    """The question to which a message belongs; None where that is not known, as after a clock was set back."""
    if arrival.now < standing.row.last_at - _A_MOMENT:
        return None
    return stood_at(_asked(standing), arrival.incoming.sent_at or arrival.now)


def _asked(standing: Standing) -> tuple[Asked, ...]:
    """The last questions that have come to the respondent: one that waits in the outbox has not."""
    asked = from_list(standing.row.asked)
    return asked[:-1] if standing.row.unasked_id is not None else asked


def _comes_at_once(parts: Parts, arrival: Arrival, standing: Standing) -> bool:
    if arrival.incoming.channel != "sms" or arrival.incoming.sender.startswith(parts.reading_at_once):
        return False
    return 0 <= _seconds(arrival, standing.row.last_at) <= LONGEST_S and bool(standing.row.asked)


def _is_begun_before(parts: Parts, arrival: Arrival, standing: Standing, alone: ReadMessage) -> bool:
    at, state = standing.state.at, standing.state
    question = standing.flow.question(at.question) if at else None
    reading = None
    if question is not None:
        year = arrival.today.year
        reading = parts.replies.read(question, alone.text, state.language, this_year=year)
    asked_at = _asked(standing)[-1].at if at and _asked(standing) else standing.row.last_at
    return is_begun_before(
        question,
        alone,
        reading,
        asked_s=_seconds(arrival, asked_at),
        silent_s=_seconds(arrival, standing.row.last_at),
    )


def _seconds(arrival: Arrival, since: datetime) -> float:
    return ((arrival.incoming.sent_at or arrival.now) - since).total_seconds()


def _extend(
    parts: Parts, arrival: Arrival, standing: Standing, position: Position, added: ReadMessage
) -> Kept | None:
    """None for what is no text: an emoji, "vet ej", or more than an answer may hold. Figures alone are no answer, and
    may well go on with one.
    """
    question, language = standing.flow.question(position.question), standing.state.language
    reading = parts.replies.read(question, added.text, language, this_year=arrival.today.year)
    if (reading.outcome, reading.how) not in _GOES_ON:
        return None
    earlier = answers.get_current_text(arrival.session, standing.row.id, *position)
    text = joined(earlier, arrival.text)
    if len(text) > MAX_CHARACTERS:
        return None
    if text == earlier:
        return Kept(response=_said_again(standing), moves=False)
    arrival = replace(arrival, incoming=replace(arrival.incoming, text=text))
    coded = read_as_answer(parts, arrival, question, text, language)
    turn = engine.extend(standing.flow, standing.state, position, whole=coded.message, added=added)
    return _stored(parts, arrival, standing, turn, coded)


def _said_again(standing: Standing) -> Response:
    """The same words once more are thanked for, and change nothing."""
    return Response(
        said=(Said(key="added", language=standing.state.language),),
        conversation_id=standing.row.id,
        flow_version_id=standing.row.flow_version_id,
    )


def _stored(parts: Parts, arrival: Arrival, standing: Standing, turn: Turn, coded: CodedMessage) -> Kept:
    response = store_turn(arrival, standing, turn, coded)
    keep_for_guardian(parts, arrival, coded.message, turn.events)
    carry_out(parts, arrival, turn.events)
    after, before = turn.conversation, standing.state
    return Kept(response=response, moves=(after.at, after.status) != (before.at, before.status))
