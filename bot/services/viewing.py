"""Where a conversation on a page stands now: the question that waits, for the page to draw its buttons."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from bot.services.arrivals import Parts, get_taken_over
from bot.services.colours import colour_in
from bot.services.dates import local_date
from bot.services.sites import sites_in
from bot.services.transferring import may_go_on_by_phone
from flows.conversation import ANSWERED, Conversation, Position, Status, from_json
from flows.model import Flow, Kind, Question
from flows.obeying import may_change
from flows.path import next_position, path
from privacy.pseudonyms import contact_key
from storage import answers, conversations, rounds
from storage.database import Session
from storage.rounds import RoundRow


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenRound:
    """A round that takes answers today, as a page needs it. `flows` by stream; `values` fill the texts."""

    row: RoundRow
    flows: dict[str, Flow]
    values: dict[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class GivenAnswer:
    """An answer that stands, with the redacted text that is kept of it."""

    position: Position
    question: Question
    value: str
    text: str
    may_change: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class View:
    """`question` and its position `at` are None where nothing waits for an answer.

    `number` of `of` counts questions, without the start signal; `of` supposes an ordinary way through those to come.
    `chosen` is what stands as the answer to the waiting question, where it has one. `given` are the answers so far in
    the order of the path: where they were asked for, and at the end.
    """

    flow: Flow
    values: Mapping[str, str]
    language: str
    status: Status
    at: Position | None
    question: Question | None
    number: int
    of: int
    chosen: str = ""
    given: tuple[GivenAnswer, ...] = ()
    is_on_phone: bool = False
    """A telephone has taken it over: nothing waits for an answer here, and no answers are shown."""
    may_go_on_by_phone: bool = False


def find_open_round(parts: Parts, round_code: str) -> OpenRound | None:
    """The round of that code, if it takes answers today."""
    with parts.sessions.reading() as session:
        row = rounds.get_round(session, round_code)
        if row is None or not row.takes_answers(local_date(parts.now())):
            return None
        survey = parts.surveys.of(session, row)
    flows = {stream: survey.flows[version] for stream, version in survey.versions.items()}
    return OpenRound(row=row, flows=flows, values=dict(survey.values))


def find_colour(parts: Parts, round_code: str) -> str:
    """The round's own colour as ``#rrggbb``; empty where it has none."""
    with parts.sessions.reading() as session:
        row = rounds.get_round(session, round_code)
        return colour_in(rounds.get_round_document(session, row.id)) if row else ""


def list_sites(parts: Parts, round_code: str) -> tuple[str, ...]:
    """The sites that may frame the chat of a round, whether it is open or not: what is closed is told there too."""
    with parts.sessions.reading() as session:
        row = rounds.get_round(session, round_code)
        return sites_in(rounds.get_round_document(session, row.id)) if row else ()


def look(parts: Parts, round_code: str, sender: str, *, with_answers: bool = False) -> View | None:
    """The conversation of `sender` in a round; None for one that is unknown, erased or past its key."""
    with parts.sessions.reading() as session:
        row = rounds.get_round(session, round_code)
        if row is None or row.wrapped_key is None:
            return None
        key = contact_key(parts.keys.unwrap_key(row.wrapped_key), row.key_id, sender)
        here = conversations.get_latest_conversation(session, key)
        found = here or get_taken_over(session, key)
        if found is None:
            return None
        survey = parts.surveys.of(session, row)
        flow = parts.surveys.flow(session, survey, found.flow_version_id)
        state = from_json(found.state)
        is_over = state.status in (Status.FINISHED, Status.STOPPED)
        is_shown = here is not None and (with_answers or is_over)
        given = _given(session, found.id, flow, state) if is_shown else ()
    at = state.at if state.is_open and here is not None else None
    ahead = [p for p in path_to_the_end(flow, state) if flow.question(p.question).kind is not Kind.CONSENT]
    return View(
        flow=flow,
        values=survey.values,
        language=state.language,
        status=state.status,
        at=at,
        question=flow.question(at.question) if at else None,
        number=ahead.index(state.at) + 1 if state.at in ahead else 0,
        of=len(ahead),
        chosen=state.answers.get(at, "") if at else "",
        given=given,
        is_on_phone=here is None,
        may_go_on_by_phone=at is not None and may_go_on_by_phone(survey, found.stream),
    )


def _given(
    session: Session, conversation_id: int, flow: Flow, state: Conversation
) -> tuple[GivenAnswer, ...]:
    stored = {
        Position(a.question, a.repeat): a for a in answers.list_current_answers(session, conversation_id)
    }
    return tuple(
        GivenAnswer(
            position=position,
            question=flow.question(position.question),
            value=stored[position].value,
            text=stored[position].text,
            may_change=may_change(flow, state, position),
        )
        for position in path(flow, state)
        if position in stored
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
