"""Where a conversation on a page stands now: the question that waits, for the page to draw its buttons."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.services.arrivals import Parts
from bot.services.dates import local_date
from flows.conversation import ANSWERED, Conversation, Position, Status, from_json
from flows.model import Flow, Kind, Question
from flows.path import next_position
from privacy.pseudonyms import contact_key
from storage import conversations, rounds
from storage.rounds import RoundRow


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenRound:
    """A round that takes answers today, as a page needs it. `flows` by stream; `values` fill the texts."""

    row: RoundRow
    flows: dict[str, Flow]
    values: dict[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class View:
    """`question` and its position `at` are None where nothing waits for an answer.

    `number` of `of` counts questions, without the start signal; `of` supposes an ordinary way through those to come.
    """

    flow: Flow
    language: str
    status: Status
    at: Position | None
    question: Question | None
    number: int
    of: int


def find_open_round(parts: Parts, round_code: str) -> OpenRound | None:
    """The round of that code, if it takes answers today."""
    with parts.sessions.reading() as session:
        row = rounds.get_round(session, round_code)
        if row is None or not row.takes_answers(local_date(parts.now())):
            return None
        survey = parts.surveys.of(session, row)
    flows = {stream: survey.flows[version] for stream, version in survey.versions.items()}
    return OpenRound(row=row, flows=flows, values=dict(survey.values))


def look(parts: Parts, round_code: str, sender: str) -> View | None:
    """The conversation of `sender` in a round; None for one that is unknown, erased or past its key."""
    with parts.sessions.reading() as session:
        row = rounds.get_round(session, round_code)
        if row is None or row.wrapped_key is None:
            return None
        key = contact_key(parts.keys.unwrap_key(row.wrapped_key), row.key_id, sender)
        found = conversations.get_latest_conversation(session, key)
        if found is None:
            return None
        flow = parts.surveys.flow(session, parts.surveys.of(session, row), found.flow_version_id)
    state = from_json(found.state)
    at = state.at if state.is_open else None
    ahead = [p for p in path_to_the_end(flow, state) if flow.question(p.question).kind is not Kind.CONSENT]
    return View(
        flow=flow,
        language=state.language,
        status=state.status,
        at=at,
        question=flow.question(at.question) if at else None,
        number=ahead.index(state.at) + 1 if state.at in ahead else 0,
        of=len(ahead),
    )


def path_to_the_end(flow: Flow, state: Conversation) -> Iterator[Position]:
    """All positions if each question without an answer got an ordinary one: what follows from it is counted too."""
    position = next_position(flow, state, None)
    while position is not None:
        yield position
        if position not in state.answers:
            supposed = _ordinary_answer(flow.question(position.question))
            state = replace(state, answers={**state.answers, position: supposed})
        position = next_position(flow, state, position)


def _ordinary_answer(question: Question) -> str:
    """The first choice, a text, and no further turn of a repeat."""
    if not question.choices:
        return ANSWERED
    return question.choices[-1 if question.closes_repeat else 0].name
