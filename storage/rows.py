"""Rows for the working copy, streamed: one a person, one an open answer. Memory does not grow with their number."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.tables import Answer, AnswerPlace, Coding, Conversation, FlowVersion
from summary.rows import AnswerRow, Outcome, PersonRow, Stream

_AT_A_TIME = 500


def list_person_rows(session: Session, round_id: int) -> Iterator[PersonRow]:
    """Every conversation of a round with the codes of its current answers, in no order that tells of time."""
    query = (
        select(
            Conversation.id,
            Conversation.stream,
            Conversation.channel,
            Conversation.language,
            Conversation.place_code,
            Conversation.started_at,
            Conversation.outcome,
            Conversation.ordinal,
            Conversation.mark,
            FlowVersion.flow,
            FlowVersion.version,
            Answer.question,
            Answer.repeat,
            Answer.value,
        )
        .join(FlowVersion, FlowVersion.id == Conversation.flow_version_id)
        .outerjoin(Answer, (Answer.conversation_id == Conversation.id) & (Answer.standing == "current"))
        .where(Conversation.round_id == round_id)
        .order_by(Conversation.id)
        .execution_options(yield_per=_AT_A_TIME)
    )
    for _, group in groupby(session.execute(query), key=lambda row: row.id):
        yield _person(list(group))


def _person(rows: list[Any]) -> PersonRow:
    first = rows[0]
    return PersonRow(
        person=str(first.id),
        stream=Stream(first.stream),
        flow=first.flow,
        flow_version=first.version,
        channel=first.channel,
        language=first.language,
        place_code=first.place_code or "",
        started_on=first.started_at.date(),
        outcome=Outcome(first.outcome),
        marked=(first.ordinal > 1 or first.mark != "") and first.stream != "dialogue",
        answers={column(row.question, row.repeat): row.value for row in rows if row.question is not None},
    )


def column(question: str, repeat: int) -> str:
    """The name of a question's column in that turn of its repeat, from 0: ``problem``, then ``problem_2``."""
    return question if repeat == 0 else f"{question}_{repeat + 1}"


def list_answer_rows(session: Session, round_id: int) -> Iterator[AnswerRow]:
    """Every current answer that has a text or a category, with its coding and the places that it names."""
    query = (
        select(
            Answer.id,
            Answer.conversation_id,
            Answer.stream,
            Answer.question,
            Answer.repeat,
            Answer.text,
            Answer.value,
        )
        .where(Answer.round_id == round_id, Answer.standing == "current")
        .where(Answer.text.is_not(None) | Answer.id.in_(select(Coding.answer_id).where(Coding.is_current)))
        .order_by(Answer.id)
        .execution_options(yield_per=_AT_A_TIME)
    )
    for rows in session.execute(query).partitions():
        yield from _answers(session, list(rows))


def _answers(session: Session, rows: list[Any]) -> Iterator[AnswerRow]:
    ids = [row.id for row in rows]
    codings: dict[int, list[Any]] = defaultdict(list)
    current = select(
        Coding.answer_id, Coding.category, Coding.is_primary, Coding.score, Coding.rule, Coding.author
    )
    for coding in session.execute(current.where(Coding.answer_id.in_(ids), Coding.is_current)):
        codings[coding.answer_id].append(coding)
    places: dict[int, list[str]] = defaultdict(list)
    named = select(AnswerPlace.answer_id, AnswerPlace.place_code).where(AnswerPlace.answer_id.in_(ids))
    for answer_id, place_code in session.execute(named):
        places[answer_id].append(place_code)
    for row in rows:
        yield _answer(row, codings[row.id], places[row.id])


def _answer(row: Any, codings: list[Any], places: list[str]) -> AnswerRow:
    primary = next((coding for coding in codings if coding.is_primary), None)
    return AnswerRow(
        answer=str(row.id),
        person=str(row.conversation_id),
        stream=Stream(row.stream),
        question=row.question,
        repeat=row.repeat,
        text=row.text or "",
        primary=primary.category if primary else "",
        others=tuple(sorted(coding.category for coding in codings if not coding.is_primary)),
        score=primary.score if primary else None,
        rule=primary.rule if primary else "",
        confirmed=primary is not None and primary.author != "rules",
        places=tuple(sorted(places)),
    )
