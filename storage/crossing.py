"""What crosses several answers of a person: problem, wish, and problem or safety by what else is known of that person.

Of a repeat the first turn alone, so that each counts once. A stream has one question about the problem, one about the
wish and one about safety, or its persons would be more than have answered. Who has no answer to the other question is
in no cell.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import reduce
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, func, literal, select, tuple_
from sqlalchemy.orm import Session, aliased

from storage.selecting import (
    IN_PICTURE,
    AnySelect,
    Roles,
    covered_stretches,
    first_answer,
    is_primary_of,
)
from storage.tables import Answer, Coding, Conversation
from storage.tally import FETCHED_AT_ONCE, Noted
from summary.rows import LIVES_HERE, Stream, Table, joined

_PERSONS = [Stream.RESIDENTS.value, Stream.EMPLOYEES.value]
_SORTED_AT_ONCE = 100_000  # persons: some megabytes
_Crossing = Iterator[tuple[Table, str | None, str | None]]
"""Table, row and column that a person stands in."""
_Counted = Iterator[tuple[tuple[str, ...], tuple[Any, ...], int]]
"""Columns that are crossed, the stream with their values, persons."""


def cross(session: Session, round_id: int, roles: Roles) -> Noted:
    """Every table of which a cell needs more of a person than one answer, and the wishes."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    count = _count_here if is_sqlite else _count_in_database
    for columns, (stream, *values), persons in count(session, round_id, roles):
        for table, row, column in _CROSSINGS[columns](roles, *values):
            if row is not None and column is not None:
                yield table, stream, row, column, persons


def _of_problem(
    _: Roles,
    category: str | None,
    area: str | None,
    by_person: bool | None,
    age: str | None,
    gender: str | None,
) -> _Crossing:
    yield Table.PROBLEM, category, "person" if by_person else "machine"
    yield Table.PROBLEM_AREA, category, area
    yield Table.PROBLEM_AGE, category, age
    yield Table.PROBLEM_GENDER, category, gender


def _of_times(roles: Roles, category: str | None, times: str | None) -> _Crossing:
    yield from ((Table.PROBLEM_TIME, category, code) for code in roles.codes("when", times or ""))


def _of_wish(_: Roles, category: str | None, wish: str | None) -> _Crossing:
    yield Table.WISH, wish, ""
    yield Table.PROBLEM_WISH, category, wish


def _of_safety(
    _: Roles, safety: str | None, area: str | None, lives: bool | None, age: str | None, gender: str | None
) -> _Crossing:
    yield Table.SAFETY_AREA, safety, area
    if lives:
        yield Table.SAFETY_LIVES, safety, joined(area, age, gender)


_CROSSINGS: Mapping[tuple[str, ...], Callable[..., _Crossing]] = {
    ("category", "area", "by_person", "age", "gender"): _of_problem,
    ("category", "times"): _of_times,
    ("category", "wish"): _of_wish,
    ("safety", "area", "lives", "age", "gender"): _of_safety,
}
"""What is counted together, of the columns of `_answered`."""


def _count_in_database(session: Session, round_id: int, roles: Roles) -> _Counted:
    """PostgreSQL puts persons together by hashing, and counts them for all crossings as it reads them once."""
    persons = _answered(_chosen(Conversation.round_id == round_id).subquery(), roles).subquery().c
    sets = [tuple_(persons.stream, *(persons[name] for name in columns)) for columns in _CROSSINGS]
    query = select(func.grouping(*persons), func.count(), *persons).group_by(func.grouping_sets(*sets))
    crossed = {_grouping(persons.keys(), ("stream", *columns)): columns for columns in _CROSSINGS}
    for grouping, count, *row in session.execute(query):
        values, columns = dict(zip(persons.keys(), row, strict=True)), crossed[grouping]
        yield columns, (values["stream"], *(values[name] for name in columns)), count


def _grouping(names: list[str], grouped: tuple[str, ...]) -> int:
    """What GROUPING() of all says of a row: a bit for each that is not grouped by, the last name's the lowest."""
    return sum(1 << place for place, name in enumerate(reversed(names)) if name not in grouped)


def _count_here(session: Session, round_id: int, roles: Roles) -> _Counted:
    """SQLite would sort persons once for each crossing: they are read one by one, as the driver hands them over.

    Along the ids, as the index on answers is; else each search would be in another page of it.
    """
    counts: dict[tuple[str, ...], Counter[tuple[Any, ...]]] = {columns: Counter() for columns in _CROSSINGS}
    for stretch in covered_stretches(session, round_id, _SORTED_AT_ONCE):
        in_order = _chosen(stretch).order_by(Conversation.id).offset(0)  # without OFFSET it would not be kept
        found = session.connection().execute(_answered(in_order.subquery(), roles))
        names = list(found.keys())
        pick = {of: itemgetter(*(names.index(name) for name in ("stream", *of))) for of in _CROSSINGS}
        while some := found.cursor.fetchmany(FETCHED_AT_ONCE):
            for columns, counted in counts.items():
                counted.update(map(pick[columns], some))
    for columns, counted in counts.items():
        yield from ((columns, values, persons) for values, persons in counted.items())


def _chosen(stretch: ColumnElement[bool]) -> AnySelect:
    """The persons, from the index that covers them."""
    of_person = (Conversation.area, Conversation.age, Conversation.gender)
    return select(
        Conversation.id, Conversation.stream, *of_person, (Conversation.role == LIVES_HERE).label("lives")
    ).where(stretch, Conversation.stream.in_(_PERSONS), Conversation.outcome.in_(IN_PICTURE))


def _answered(persons: Subquery, roles: Roles) -> Select[*tuple[Any, ...]]:
    """One row a person: category of the problem and of the wish, safety, values of the questions about time, who the
    person is, whether a person coded the problem, stream.

    Outer joins keep those who have no answer, and keep SQLite to the order in which they are written.
    """
    of = persons.c
    problem, safety, wish, wished = aliased(Answer), aliased(Answer), aliased(Answer), aliased(Coding)
    query = select(of.id).select_from(persons)
    query = query.outerjoin(problem, first_answer(problem, roles["problem"], of.id))
    query = query.outerjoin(Coding, is_primary_of(problem))
    query = query.outerjoin(safety, first_answer(safety, roles["safety"], of.id))
    query = query.outerjoin(wish, first_answer(wish, roles["wish"], of.id))
    query = query.outerjoin(wished, is_primary_of(wish, wished))
    times: list[Any] = []
    for question in roles["when"]:
        when = aliased(Answer)
        query = query.outerjoin(when, first_answer(when, [question], of.id))
        times.append(when.value)
    return query.with_only_columns(
        of.stream,
        Coding.category.label("category"),
        of.area,
        (Coding.author != "rules").label("by_person"),
        of.age,
        of.gender,
        of.lives,
        safety.value.label("safety"),
        wished.category.label("wish"),
        (reduce(_both, times) if times else literal("")).label("times"),
    )


def _both(one: Any, other: Any) -> ColumnElement[str]:
    return func.coalesce(one, "") + " " + func.coalesce(other, "")
