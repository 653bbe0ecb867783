"""Counts of a part of a round: persons of one stream by area, age, gender, role, days and problem, as it stands now.

For the house alone: nothing here has seen disclosure control. One pass over the persons that are chosen feeds every
table but the places; it goes along the ids, or along the index of persons where few are chosen.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Subquery,
    and_,
    distinct,
    func,
    literal,
    literal_column,
    select,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from storage.selecting import IN_PICTURE, Roles, first_answer, is_primary_of, stretches
from storage.tables import Answer, AnswerPlace, Coding, Conversation
from storage.tally import Noted, Tally
from summary.rows import Stream, Table


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """Which persons are counted; what is empty takes everybody.

    `areas` holds the area with its parts; `since` is the first moment and `until` the first one after; `category` is
    that of a person's first problem.
    """

    stream: Stream = Stream.RESIDENTS
    areas: tuple[str, ...] = ()
    age: str = ""
    gender: str = ""
    role: str = ""
    since: datetime | None = None
    until: datetime | None = None
    category: str = ""

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        """On conversations."""
        yield Conversation.outcome.in_(IN_PICTURE)
        for column, wanted in (
            (Conversation.age, self.age),
            (Conversation.gender, self.gender),
            (Conversation.role, self.role),
        ):
            if wanted:
                yield column == wanted
        if self.areas:
            yield Conversation.area.in_(self.areas)
        if self.since is not None:
            yield Conversation.started_at >= self.since
        if self.until is not None:
            yield Conversation.started_at < self.until


def tally_part(session: Session, round_id: int, part: Part, roles: Roles) -> Tally:
    """PROBLEM, PROBLEM_AREA, TIME, PROBLEM_TIME, SAFETY_AREA, WISH, PLACE and AREA of the persons that are chosen.

    AREA counts each of them once, under "" where they named none. Of a repeat the first turn counts.
    """
    tally = Tally()
    for noted in (_answers(session, round_id, part, roles), _places(session, round_id, part, roles)):
        for table, stream, row, column, count in noted:
            tally.note(table, stream, row, column, count)
    return tally


def _answers(session: Session, round_id: int, part: Part, roles: Roles) -> Noted:
    for stretch in _stretches(session, round_id, part):
        for table, row, column, count in session.execute(_by_table(_joined(stretch, part, roles))):
            if table == Table.TIME:
                yield from ((Table.TIME, part.stream, c, "", count) for c in roles.codes("when", column))
            elif table == Table.PROBLEM_TIME:
                codes = roles.codes("when", column)
                yield from ((Table.PROBLEM_TIME, part.stream, row, code, count) for code in codes)
            else:
                yield Table(table), part.stream, row, column, count


def _stretches(session: Session, round_id: int, part: Part) -> list[ColumnElement[bool]]:
    """Residents are nearly all there are, and go along the ids; an area, or employees, are found by the index."""
    are_few = part.areas or part.stream is not Stream.RESIDENTS
    return [Conversation.round_id == round_id] if are_few else stretches(session, round_id)


def _joined(stretch: ColumnElement[bool], part: Part, roles: Roles) -> Subquery:
    """One row a person: area, category of the problem, safety, values of the questions about time, that of the wish.

    Outer joins keep those who have no answer, and keep SQLite to the order in which they are written.
    """
    problem, wish, safety = aliased(Answer), aliased(Answer), aliased(Answer)
    problems, wishes = aliased(Coding), aliased(Coding)
    query = select(Conversation.id).where(stretch, Conversation.stream == part.stream, *part.conditions())
    query = query.outerjoin(problem, first_answer(problem, roles["problem"]))
    query = query.outerjoin(problems, is_primary_of(problem, problems))
    query = query.outerjoin(safety, first_answer(safety, roles["safety"]))
    query = query.outerjoin(wish, first_answer(wish, roles["wish"]))
    query = query.outerjoin(wishes, is_primary_of(wish, wishes))
    times: ColumnElement[str] = literal("")
    for question in roles["when"]:
        when = aliased(Answer)
        query = query.outerjoin(when, first_answer(when, [question]))
        times = times + " " + func.coalesce(when.value, "")
    if part.category:
        query = query.where(problems.category == part.category)
    return query.with_only_columns(
        func.coalesce(Conversation.area, "").label("area"),
        problems.category.label("category"),
        safety.value.label("safety"),
        times.label("times"),
        wishes.category.label("wish"),
    ).subquery()


def _by_table(persons: Subquery) -> CompoundSelect[*tuple[str, str, str, int]]:
    """Table, row, column, count: counted together first, then for each table, all in the database."""
    together = select(*persons.c, func.count().label("persons")).group_by(*persons.c).cte()
    of, none = together.c, literal("")
    tables = (
        (Table.AREA, of.area, none),
        (Table.PROBLEM, of.category, none),
        (Table.PROBLEM_AREA, of.category, of.area),
        (Table.PROBLEM_TIME, of.category, of.times),
        (Table.TIME, none, of.times),
        (Table.SAFETY_AREA, of.safety, of.area),
        (Table.WISH, of.wish, none),
    )
    return union_all(
        *(
            select(literal(table.value), row, column, func.sum(of.persons)).group_by(row, column)
            for table, row, column in tables
        )
    )


def _places(session: Session, round_id: int, part: Part, roles: Roles) -> Noted:
    """Persons by the places that they name, in any turn and to any open question.

    Begins with the places of every round, fewer than answers by far: outer joins keep SQLite to that. The plus keeps
    it from beginning with the round.
    """
    of_part = and_(
        literal_column("+conversations.round_id") == round_id,
        Conversation.stream == part.stream,
        *part.conditions(),
    )
    open_answer = and_(
        Answer.id == AnswerPlace.answer_id,
        Answer.standing == "current",
        Answer.question.in_(roles.open_questions),
    )
    query = (
        select(AnswerPlace.place_code, func.count(distinct(Conversation.id)))
        .select_from(AnswerPlace)
        .outerjoin(Answer, open_answer)
        .outerjoin(Conversation, and_(Conversation.id == Answer.conversation_id, of_part))
        .group_by(AnswerPlace.place_code)
    )
    if part.category:
        problem, coding = aliased(Answer), aliased(Coding)
        query = query.outerjoin(problem, first_answer(problem, roles["problem"]))
        query = query.outerjoin(coding, is_primary_of(problem, coding))
        query = query.where(coding.category == part.category)
    for place, count in session.execute(query):
        if count:
            yield Table.PLACE, part.stream, place, "", count
