"""A message read for the question that it answers, and a turn stored: what every way of taking an answer shares."""

from dataclasses import replace

from bot.services import applying
from bot.services.applying import Filing
from bot.services.arrivals import Arrival, Parts, Response, Standing, dated, with_signal
from bot.services.reading import CodedMessage
from flows.asked import from_list
from flows.conversation import Conversation
from flows.events import Turn
from flows.model import Flow, Question


def read_for_waiting(parts: Parts, arrival: Arrival, flow: Flow, state: Conversation) -> CodedMessage:
    """The message as it stands to the question that waits."""
    question = flow.question(state.at.question) if state.at else None
    message = with_signal(
        parts.reader.read(arrival.text, language=state.language, question=question),
        arrival.incoming.opt_signal,
    )
    if question is None or arrival.survey is None or message.command is not None:
        return CodedMessage(message=message)
    return parts.reader.code(message, question, arrival.survey.places)


def read_as_answer(
    parts: Parts, arrival: Arrival, question: Question, text: str, language: str
) -> CodedMessage:
    """`text` as an answer to `question` and nothing else: orders were looked for before."""
    message = replace(parts.reader.read(text, language=language, question=question), command=None)
    if arrival.survey is None:
        return CodedMessage(message=message)
    return parts.reader.code(message, question, arrival.survey.places)


def store_turn(arrival: Arrival, standing: Standing, turn: Turn, coded: CodedMessage) -> Response:
    """What happened, as rows; what is said to it."""
    filing = Filing(
        round_id=standing.row.round_id,
        conversation_id=standing.row.id,
        flow_version_id=standing.row.flow_version_id,
        flow=standing.flow,
        now=arrival.now,
        moved_at=arrival.moved_at,
        begun_at=standing.row.started_at,
        mark=standing.row.mark,
        asked=from_list(standing.row.asked),
    )
    applying.apply(arrival.session, filing, turn, coded)
    return Response(
        said=dated(arrival, turn.said),
        conversation_id=standing.row.id,
        flow_version_id=standing.row.flow_version_id,
    )
