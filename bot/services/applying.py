"""Turns the events of a turn into rows. The only place that does."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.services.marking import Mark, is_too_quick
from bot.services.reading import CodedMessage
from flows.asked import Asked, to_list, with_asked
from flows.conversation import Conversation, Position, Status, to_json
from flows.events import Answered, LeftPath, SafeguardAnswered, Turn, UnderAgeFound
from flows.model import Flow, Missing
from flows.path import relevant_core
from storage import answers, conversations, erasure, messages
from storage.database import Session
from summary.rows import outcome_of

_SECRET_IDS_BELOW = 1 << 62
BITS_OF_ITS_OWN = 40
"""The lower part of an id that shares its upper part with another's."""
_NOT_TOLD = frozenset(Missing)
_PERSON_COLUMNS = {"area": ("area",), "age": ("age",), "gender": ("gender",), "role": ("role", "workplace")}


@dataclass(frozen=True, kw_only=True, slots=True)
class Filing:
    """Where the rows of a turn belong."""

    round_id: int
    conversation_id: int
    flow_version_id: int
    flow: Flow
    now: datetime
    moved_at: datetime
    begun_at: datetime
    mark: str
    asked: tuple[Asked, ...] = ()
    """The last few questions until now."""


def new_id() -> int:
    """A random id: one that counts up would tell in which order the answers came."""
    return secrets.randbelow(_SECRET_IDS_BELOW) + 1


def new_id_beside(owner_id: int) -> int:
    """A random id for a row that belongs to another one. Its upper part is that of `owner_id`, so that what is read
    together lies together in the table and its indexes (docs/decisions/0035-ids-beside-their-owner.md).
    """
    return owner_id >> BITS_OF_ITS_OWN << BITS_OF_ITS_OWN | secrets.randbits(BITS_OF_ITS_OWN)


def apply(session: Session, filing: Filing, turn: Turn, coded: CodedMessage) -> None:
    """Store what happened. The conversation's row must exist."""
    for event in turn.events:
        if isinstance(event, Answered):
            _store_answer(session, filing, event, coded)
        elif isinstance(event, LeftPath):
            for position in event.positions:
                _leave(session, filing, position, "off_path")
        elif isinstance(event, UnderAgeFound):
            erasure.erase_answers(session, filing.conversation_id, at=filing.now)
        elif isinstance(event, SafeguardAnswered):
            note_safeguard(
                session, event, round_id=filing.round_id, channel=turn.conversation.channel, now=filing.now
            )
    columns = conversation_columns(filing.flow, turn.conversation, filing.moved_at, filing.asked)
    if _is_machine(filing, turn.conversation):
        columns["mark"] = Mark.MACHINE.value
    conversations.update_conversation(session, filing.conversation_id, columns)


def _is_machine(filing: Filing, conversation: Conversation) -> bool:
    """Whether a page's survey was answered faster than a person can. Other marks stay."""
    is_finished_page = conversation.status is Status.FINISHED and conversation.channel == "chat"
    return is_finished_page and not filing.mark and is_too_quick(filing.begun_at, filing.moved_at)


def note_safeguard(
    session: Session, event: SafeguardAnswered, *, round_id: int | None, channel: str, now: datetime
) -> None:
    """Count a safeguard reply: hour, kind and channel."""
    messages.add_safeguard_reply(
        session,
        {
            "id": new_id(),
            "round_id": round_id,
            "kind": event.safeguard.value,
            "channel": channel,
            "hour": now.replace(minute=0, second=0, microsecond=0),
        },
    )


def conversation_columns(
    flow: Flow, conversation: Conversation, moved_at: datetime, asked: Sequence[Asked] = ()
) -> dict[str, Any]:
    """The columns of a conversation's row that follow from its state, and from what had been `asked` before."""
    is_finished = conversation.status is Status.FINISHED
    columns: dict[str, Any] = {
        "status": conversation.status.value,
        "language": conversation.language,
        "outcome": outcome(flow, conversation),
        "at_question": conversation.at.question if conversation.at else None,
        "asked": to_list(with_asked(asked, conversation.at, moved_at)),
        "state": to_json(conversation),
        "last_at": moved_at,
    }
    for column, roles in _PERSON_COLUMNS.items():
        columns[column] = _answer_of_role(flow, conversation.answers, roles)
    meeting = _answer_of_role(flow, conversation.answers, ("meeting",))
    if meeting and meeting not in _NOT_TOLD:
        columns["place_code"] = meeting
    if is_finished:
        columns["finished_at"] = moved_at
    return columns


def outcome(flow: Flow, conversation: Conversation) -> str:
    """How much of the core of the flow has an answer (summary.rows.outcome_of)."""
    core = relevant_core(flow, conversation)
    answered = {position.question for position in conversation.answers}
    roles = {question.role for question in flow.questions if question.name in answered}
    return outcome_of(
        status=conversation.status.value,
        core_answered=sum(name in answered for name in core),
        core_applicable=len(core),
        has_safety="safety" in roles,
        has_problem="problem" in roles,
    ).value


def _answer_of_role(flow: Flow, given: Mapping[Position, str], roles: tuple[str, ...]) -> str | None:
    for question in flow.questions:
        if question.role in roles:
            return given.get(Position(question.name, 0))
    return None


def _store_answer(session: Session, filing: Filing, event: Answered, coded: CodedMessage) -> None:
    if event.replaces:
        _leave(session, filing, event.position, "replaced")
    if event.extends and event.value == Missing.WITHHELD:
        answers.forget_replaced_texts(session, filing.conversation_id, *event.position)
    answer_id = new_id_beside(filing.conversation_id)
    reading = event.reading
    answers.add_answer(
        session,
        {
            "id": answer_id,
            "conversation_id": filing.conversation_id,
            "round_id": filing.round_id,
            "flow_version_id": filing.flow_version_id,
            "stream": filing.flow.stream,
            "question": event.position.question,
            "repeat": event.position.repeat,
            "value": event.value,
            "text": event.text or None,
            "read_how": reading.how if reading else "",
            "read_score": reading.score if reading else 1.0,
            "standing": "current",
        },
    )
    if event.coded:
        _store_codings(session, answer_id, event, coded)


def _store_codings(session: Session, answer_id: int, event: Answered, coded: CodedMessage) -> None:
    answers.add_codings(
        session,
        [
            answers.coding_values(
                coding_id=new_id_beside(answer_id),
                answer_id=answer_id,
                category=coding.category,
                is_primary=coding.primary,
                score=coding.score,
                rule=coding.rule if event.value != Missing.WITHHELD else "withheld",
            )
            for coding in coded.codings
        ],
    )
    answers.add_answer_places(
        session,
        [
            {"answer_id": answer_id, "place_code": place.code, "how": place.matched_how}
            for place in coded.places
        ],
    )


def _leave(session: Session, filing: Filing, position: Position, standing: str) -> None:
    answers.update_standing(session, filing.conversation_id, position.question, position.repeat, standing)
