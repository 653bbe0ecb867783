"""Rows for the working copy, streamed: one a person, one an open answer. Memory does not grow with their number.

They come in the order of their random ids, which tells nothing of time and is that of the tables in SQLite: asked to
begin with the round's index instead, it would sort all of them in memory.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, literal_column, select
from sqlalchemy.orm import Session

from storage.tables import Answer, AnswerPlace, Coding, Conversation, FlowVersion
from summary.rows import AnswerRow, Outcome, PersonRow, Stream

_AT_A_TIME = 500


def list_person_rows(session: Session, round_id: int) -> Iterator[PersonRow]:
    """Every conversation of a round with the codes of its current answers, in no order that tells of time."""
    versions = {
        row.id: row for row in session.execute(select(FlowVersion.id, FlowVersion.flow, FlowVersion.version))
    }
    query = select(
        Conversation.id,
        Conversation.flow_version_id,
        Conversation.stream,
        Conversation.channel,
        Conversation.language,
        Conversation.place_code,
        Conversation.started_at,
        Conversation.outcome,
        Conversation.ordinal,
        Conversation.mark,
    ).where(_of_round("conversations", round_id))
    for rows in _some(session, query.order_by(Conversation.id)):
        answers = _values(session, [row.id for row in rows])
        for row in rows:
            yield _person(row, versions[row.flow_version_id], answers[row.id])


def _of_round(table: str, round_id: int) -> ColumnElement[bool]:
    """The plus keeps SQLite from using an index, and PostgreSQL from nothing that it would do here."""
    return literal_column(f"+{table}.round_id") == round_id


def _some(session: Session, query: Select[*tuple[Any, ...]]) -> Iterator[Sequence[Any]]:
    result = session.execute(query, execution_options={"yield_per": _AT_A_TIME})
    yield from result.partitions()


def _values(session: Session, conversation_ids: list[int]) -> dict[int, dict[str, str]]:
    """The current values of some conversations, by the names of their columns."""
    query = select(Answer.conversation_id, Answer.question, Answer.repeat, Answer.value).where(
        Answer.conversation_id.in_(conversation_ids), Answer.standing == "current"
    )
    values: dict[int, dict[str, str]] = defaultdict(dict)
    for conversation_id, question, repeat, value in session.execute(query):
        values[conversation_id][column(question, repeat)] = value
    return values


def _person(row: Any, version: Any, answers: dict[str, str]) -> PersonRow:
    return PersonRow(
        person=str(row.id),
        stream=Stream(row.stream),
        flow=version.flow,
        flow_version=version.version,
        channel=row.channel,
        language=row.language,
        place_code=row.place_code or "",
        started_on=row.started_at.date(),
        outcome=Outcome(row.outcome),
        marked=(row.ordinal > 1 or row.mark != "") and row.stream != "dialogue",
        answers=answers,
    )


def column(question: str, repeat: int) -> str:
    """The name of a question's column in that turn of its repeat, from 0: ``problem``, then ``problem_2``."""
    return question if repeat == 0 else f"{question}_{repeat + 1}"


def count_rows(session: Session, round_id: int) -> int:
    """How many rows both lists have together."""
    persons = select(func.count()).select_from(Conversation).where(_of_round("conversations", round_id))
    answers = (
        select(func.count())
        .select_from(Answer)
        .where(_of_round("answers", round_id), Answer.standing == "current")
        .where(Answer.text.is_not(None) | _is_coded())
    )
    return (session.scalar(persons) or 0) + (session.scalar(answers) or 0)


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
        .where(_of_round("answers", round_id), Answer.standing == "current")
        .where(Answer.text.is_not(None) | _is_coded())
        .order_by(Answer.id)
    )
    for rows in _some(session, query):
        yield from _answers(session, rows)


def _is_coded() -> ColumnElement[bool]:
    return exists().where(Coding.answer_id == Answer.id, Coding.is_current)


def _answers(session: Session, rows: Sequence[Any]) -> Iterator[AnswerRow]:
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
