"""Reads for the summary: counts made by the database, and rows for the working copy, streamed.

Nothing here knows what may be shown: counts are exact until disclosure control has seen them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, case, cast, distinct, func, literal, select
from sqlalchemy import Integer as SqlInteger
from sqlalchemy.orm import Session, aliased

from storage.database import DatabaseUnavailable, Sessions
from storage.tables import Answer, AnswerChoice, AnswerPlace, Coding, Conversation, SafeguardReply
from summary.rows import COUNTED, Cell, Meetings, Stream, Table

AnySelect = Select[*tuple[Any, ...]]

_COUNTED = [outcome.value for outcome in COUNTED]
_LEFT = ["break_off", "stopped"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Roles:
    """Question names by role, over all streams (domain: a role means the same in every flow)."""

    names: Mapping[str, tuple[str, ...]]

    def __getitem__(self, role: str) -> list[str]:
        return list(self.names.get(role, ()))


def is_reachable(sessions: Sessions) -> bool:
    """Whether the database answers."""
    try:
        with sessions.reading() as session:
            return session.scalar(select(literal(1))) == 1
    except DatabaseUnavailable:
        return False


def count_conversations(session: Session, round_id: int) -> int:
    """Conversations that make the picture: complete and partial ones."""
    query = select(func.count()).where(Conversation.round_id == round_id, Conversation.outcome.in_(_COUNTED))
    return session.scalar(query) or 0


def count_turns(session: Session, round_id: int) -> int:
    """The most turns that anybody has taken in a repeat, at least one."""
    most = session.scalar(select(func.max(Answer.repeat)).where(Answer.round_id == round_id))
    return (most or 0) + 1


def list_cells(session: Session, round_id: int, roles: Roles) -> list[Cell]:
    """Every count of the round that the problem picture needs (summary.rows.Table says what each is)."""
    cells: list[Cell] = []
    for table, query in _queries(round_id, roles):
        for stream, row, column, count in session.execute(query):
            if stream is not None and row is not None and count:
                cells.append(
                    Cell(table=table, stream=Stream(stream), row=row, column=column or "", count=int(count))
                )
    return cells


def _queries(round_id: int, roles: Roles) -> Iterator[tuple[Table, AnySelect]]:
    yield from _of_persons(round_id)
    yield from _of_problems(round_id, roles)
    yield from _of_closed_questions(round_id, roles)
    yield from _of_points(round_id, roles)
    yield (
        Table.SAFEGUARD,
        select(literal("residents"), SafeguardReply.kind, literal(""), func.count())
        .where(SafeguardReply.round_id == round_id)
        .group_by(SafeguardReply.kind),
    )


def _of_persons(round_id: int) -> Iterator[tuple[Table, AnySelect]]:
    everybody = Conversation.round_id == round_id
    counted = everybody & Conversation.outcome.in_(_COUNTED)
    is_finished = case((Conversation.outcome.in_(_COUNTED), "finished"), else_="unfinished")
    is_marked = case(((Conversation.ordinal > 1) | (Conversation.mark != ""), "marked"), else_="unmarked")
    yield Table.OUTCOME, _persons(Conversation.outcome, everybody)
    yield (
        Table.LAST_QUESTION,
        _persons(Conversation.at_question, everybody & Conversation.outcome.in_(_LEFT)),
    )
    yield (
        Table.PLACE_CODE,
        _persons(func.coalesce(Conversation.place_code, ""), everybody, is_finished),
    )
    yield Table.CHANNEL, _persons(Conversation.channel, counted)
    yield Table.LANGUAGE, _persons(Conversation.language, counted)
    yield Table.MARKED, _persons(is_marked, counted & (Conversation.stream != "dialogue"))
    yield Table.AREA, _persons(Conversation.area, counted)
    yield Table.AGE, _persons(Conversation.age, counted)
    yield Table.GENDER, _persons(Conversation.gender, counted)
    yield Table.ROLE, _persons(Conversation.role, counted)


def _persons(row: Any, condition: ColumnElement[bool], column: Any = None) -> AnySelect:
    keys = (Conversation.stream, row) if column is None else (Conversation.stream, row, column)
    second = literal("") if column is None else column
    return select(Conversation.stream, row, second, func.count()).where(condition).group_by(*keys)


def _of_problems(round_id: int, roles: Roles) -> Iterator[tuple[Table, AnySelect]]:
    problem = _coded(round_id, roles["problem"]).where(Conversation.stream != "dialogue")
    is_confirmed = case((Coding.author == "rules", "machine"), else_="person")
    category = Coding.category
    yield Table.PROBLEM, _grouped(problem, category, is_confirmed)
    yield Table.PROBLEM_AREA, _grouped(problem, category, Conversation.area)
    when = aliased(Answer)
    of_when = (
        (when.conversation_id == Answer.conversation_id)
        & when.question.in_(roles["when"])
        & (when.repeat == Answer.repeat)
        & (when.standing == "current")
    )
    with_time = problem.join(when, of_when).join(AnswerChoice, AnswerChoice.answer_id == when.id)
    yield Table.PROBLEM_TIME, _grouped(with_time, category, AnswerChoice.code)
    yield Table.WISH, _grouped(_coded(round_id, roles["wish"]), category)
    yield (
        Table.PLACE,
        _distinct_persons(
            _answers(round_id, None).join(AnswerPlace, AnswerPlace.answer_id == Answer.id),
            AnswerPlace.place_code,
        ),
    )


def _of_closed_questions(round_id: int, roles: Roles) -> Iterator[tuple[Table, AnySelect]]:
    when = _answers(round_id, roles["when"]).join(AnswerChoice, AnswerChoice.answer_id == Answer.id)
    yield Table.TIME, _distinct_persons(when, AnswerChoice.code)
    for role in ("safety", "avoided", "victim", "police", "municipality", "trend", "work_safety"):
        one = _answers(round_id, roles[role]).where(Answer.repeat == 0)
        yield Table.CLOSED, _grouped(one, literal(role), Answer.value, keys=(Answer.value,))
    for role in ("list", "affected", "needed"):
        several = (
            _answers(round_id, roles[role])
            .where(Answer.repeat == 0)
            .join(AnswerChoice, AnswerChoice.answer_id == Answer.id)
        )
        yield Table.SEVERAL, _grouped(several, literal(role), AnswerChoice.code, keys=(AnswerChoice.code,))
    safety = _answers(round_id, roles["safety"]).where(Answer.repeat == 0)
    yield Table.SAFETY_AREA, _grouped(safety, Answer.value, Conversation.area)


def _of_points(round_id: int, roles: Roles) -> Iterator[tuple[Table, AnySelect]]:
    """What was noted at meetings: points with the persons who agreed, and groups that were missing."""
    points = _coded(round_id, roles["problem"], only_first=False).where(Conversation.stream == "dialogue")
    yield Table.POINT, _grouped(points, Coding.category)
    support = aliased(Answer)
    agreed = points.join(
        support,
        (support.conversation_id == Answer.conversation_id)
        & support.question.in_(roles["support"])
        & (support.repeat == Answer.repeat)
        & (support.standing == "current")
        & support.value.regexp_match("^[0-9]+$"),
    )
    yield (
        Table.POINT_SUPPORT,
        agreed.with_only_columns(
            Conversation.stream, Coding.category, literal(""), func.sum(cast(support.value, SqlInteger))
        ).group_by(Conversation.stream, Coding.category),
    )
    missing = _answers(round_id, roles["missing_groups"]).join(
        AnswerChoice, AnswerChoice.answer_id == Answer.id
    )
    yield (
        Table.MISSING_GROUP,
        missing.with_only_columns(
            Conversation.stream, AnswerChoice.code, literal(""), func.count(distinct(Conversation.place_code))
        ).group_by(Conversation.stream, AnswerChoice.code),
    )


def _answers(round_id: int, questions: list[str] | None) -> AnySelect:
    """Current answers of counted conversations, to some questions or to all."""
    query = (
        select(Answer.id)
        .join(Conversation, Conversation.id == Answer.conversation_id)
        .where(
            Answer.round_id == round_id,
            Answer.standing == "current",
            Conversation.outcome.in_(_COUNTED),
        )
    )
    return query if questions is None else query.where(Answer.question.in_(questions))


def _coded(round_id: int, questions: list[str], *, only_first: bool = True) -> AnySelect:
    """Answers with their primary category; of a repeat the first turn alone, so that persons are counted once."""
    query = _answers(round_id, questions).join(
        Coding, (Coding.answer_id == Answer.id) & Coding.is_primary & Coding.is_current
    )
    return query.where(Answer.repeat == 0) if only_first else query


def _grouped(
    query: AnySelect, row: Any, column: Any = None, keys: tuple[Any, ...] | None = None
) -> AnySelect:
    second = literal("") if column is None else column
    by = keys if keys is not None else ((row,) if column is None else (row, column))
    return query.with_only_columns(Conversation.stream, row, second, func.count()).group_by(
        Conversation.stream, *by
    )


def _distinct_persons(query: AnySelect, row: Any) -> AnySelect:
    persons = func.count(distinct(Answer.conversation_id))
    return query.with_only_columns(Conversation.stream, row, literal(""), persons).group_by(
        Conversation.stream, row
    )


def count_meetings(session: Session, round_id: int, roles: Roles) -> Meetings:
    """The meetings behind the notes. A meeting noted twice counts its larger figures once."""
    dialogue = _answers(round_id, roles["participants"]).where(Conversation.stream == "dialogue")
    by_meeting: dict[str, list[int]] = {}
    for meeting, value in session.execute(dialogue.with_only_columns(Conversation.place_code, Answer.value)):
        numbers = [int(part) for part in value.split() if part.isdecimal()]
        if len(numbers) == 4:
            before = by_meeting.get(meeting or "", [0, 0, 0, 0])
            by_meeting[meeting or ""] = [max(pair) for pair in zip(before, numbers, strict=True)]
    sums = [sum(column) for column in zip(*by_meeting.values(), strict=True)] or [0, 0, 0, 0]
    meetings = select(func.count(distinct(Conversation.place_code))).where(
        Conversation.round_id == round_id,
        Conversation.stream == "dialogue",
        Conversation.outcome.in_(_COUNTED),
    )
    promised = _answers(round_id, roles["promised_answer"]).where(Answer.value == "answered")
    return Meetings(
        meetings=session.scalar(meetings) or 0,
        women=sums[0],
        men=sums[1],
        under_25=sums[2],
        over_65=sums[3],
        promised_answers=session.scalar(promised.with_only_columns(func.count())) or 0,
    )
