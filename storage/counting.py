"""The counts behind the problem picture, made by the database in few passes: one query feeds several tables.

What answers alone tell is counted over all of them, in the order of an index, without those of conversations that are
not in the picture (few, and short). What needs a column of the conversation begins there.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Integer as SqlInteger
from sqlalchemy import (
    and_,
    case,
    cast,
    distinct,
    func,
    literal,
    select,
)
from sqlalchemy.orm import Session, aliased

from storage.crossing import cross
from storage.selecting import (
    IN_PICTURE,
    NOT_IN_PICTURE,
    STREAMS,
    AnySelect,
    Roles,
    all_answers,
    answers_within,
    coded,
    conversations,
    first_answer,
    grouped,
    in_picture,
    is_primary_of,
)
from storage.tables import Answer, AnswerPlace, Coding, Conversation, SafeguardReply
from storage.tally import Noted, Tally, count_alike
from summary.rows import LIVES_HERE, Outcome, Stream, Table, joined

_PERSONS = [Stream.RESIDENTS.value, Stream.EMPLOYEES.value]
_LEFT = [Outcome.BREAK_OFF.value, Outcome.STOPPED.value]
_ONE_CHOICE = ("safety", "avoided", "victim", "police", "municipality", "trend", "work_safety")
_SEVERAL_CHOICES = ("list", "affected", "needed")


def tally_round(session: Session, round_id: int, roles: Roles, *, crossed: bool = True) -> Tally:
    """Every count of the round that the picture needs, exactly. Without `crossed`, none of what crosses two properties:
    that is most of the work.
    """
    tally = Tally()
    for noted in (
        _persons(session, round_id),
        _processes(session, round_id),
        _values(session, round_id, roles),
        cross(session, round_id, roles) if crossed else _problems_and_wishes(session, round_id, roles),
        _places(session, round_id, roles, crossed=crossed),
        _points(session, round_id, roles),
        _missing_groups(session, round_id, roles),
        _safeguards(session, round_id),
    ):
        for table, stream, row, column, count in noted:
            tally.note(table, stream, row, column, count)
    return tally


# Persons


def _persons(session: Session, round_id: int) -> Noted:
    """Who answered, and how. The columns are counted together, in the order of the index, and told apart here."""
    of_person = (Conversation.area, Conversation.age, Conversation.gender, Conversation.role)
    how = (Conversation.channel, Conversation.language)
    everybody = select(Conversation.id).where(Conversation.round_id == round_id)
    query = grouped(everybody, Conversation.stream, Conversation.outcome, *of_person, *how)
    for stream, outcome, area, age, gender, role, channel, language, count in session.execute(query):
        yield Table.OUTCOME, stream, outcome, "", count
        if outcome in IN_PICTURE:
            yield Table.AREA, stream, area, "", count
            yield Table.AGE, stream, age, "", count
            yield Table.GENDER, stream, gender, "", count
            yield Table.ROLE, stream, role, "", count
            yield Table.CHANNEL, stream, channel, "", count
            yield Table.LANGUAGE, stream, language, "", count
        if outcome in IN_PICTURE and role == LIVES_HERE:
            yield Table.LIVES, stream, joined(area, age, gender), "", count


def _processes(session: Session, round_id: int) -> Noted:
    """Who may be somebody again, where they came from, and how far those came who left."""
    is_marked = (Conversation.ordinal > 1) | (Conversation.mark != "")
    of_stream = conversations(round_id, IN_PICTURE, _PERSONS)
    marked = of_stream.with_only_columns(
        Conversation.stream, func.sum(case((is_marked, 1), else_=0)), func.count()
    )
    for stream, again, everybody in session.execute(marked.group_by(Conversation.stream)):
        yield Table.MARKED, stream, "marked", "", again
        yield Table.MARKED, stream, "unmarked", "", everybody - again
    which = case((Conversation.outcome.in_(IN_PICTURE), "finished"), else_="unfinished")
    codes = select(Conversation.place_code, Conversation.stream, which).where(
        Conversation.round_id == round_id
    )
    for place_code, stream, ended, count in count_alike(session, codes):
        yield Table.PLACE_CODE, stream, place_code or "", ended, count
    last = grouped(conversations(round_id, _LEFT), Conversation.stream, Conversation.at_question)
    for stream, question, count in session.execute(last):
        yield Table.LAST_QUESTION, stream, question, "", count


# Closed questions

Values = Counter[tuple[str, str, int, str]]
"""Answers by stream, question, turn of the repeat and value."""


def _values(session: Session, round_id: int, roles: Roles) -> Noted:
    values = _count_values(session, round_id, roles.named(*_ONE_CHOICE, *_SEVERAL_CHOICES, "when"))
    for (stream, question, repeat, value), count in values.items():
        if repeat == 0:
            for role in _ONE_CHOICE:
                if question in roles[role]:
                    yield Table.CLOSED, stream, role, value, count
            for role in _SEVERAL_CHOICES:
                if question in roles[role]:
                    yield from ((Table.SEVERAL, stream, role, c, count) for c in roles.codes(role, value))
    yield from _times(session, round_id, roles, values)


def _count_values(session: Session, round_id: int, questions: list[str]) -> Values:
    """Values of closed questions in conversations that are in the picture."""
    values: Values = Counter()
    everybody = all_answers(round_id, questions)
    outside = answers_within(conversations(round_id, NOT_IN_PICTURE), questions)
    for query, stream, sign in in_picture(session, round_id, everybody, outside):
        of_answer = (stream, Answer.question, Answer.repeat, Answer.value)
        for *key, count in session.execute(grouped(query, *of_answer)):
            values[tuple(key)] += sign * count
    return values


def _times(session: Session, round_id: int, roles: Roles, values: Values) -> Noted:
    """Persons by the times they name. Where nobody takes a second turn, answers are persons."""
    of_when = {key: count for key, count in values.items() if key[1] in roles["when"]}
    streams = {stream for stream, *_ in of_when}
    several = {stream for stream in streams if len(_positions(of_when, stream)) > 1}
    for (stream, _, _, value), count in of_when.items():
        if stream not in several:
            yield from ((Table.TIME, stream, code, "", count) for code in roles.codes("when", value))
    if several:
        yield from _distinct_times(session, round_id, roles, of_when, several)


def _positions(of_when: Iterable[tuple[str, str, int, str]], stream: str) -> set[tuple[str, int]]:
    return {(question, repeat) for at, question, repeat, _ in of_when if at == stream}


def _distinct_times(
    session: Session,
    round_id: int,
    roles: Roles,
    of_when: Iterable[tuple[str, str, int, str]],
    streams: set[str],
) -> Noted:
    """In repeats a person may name a time in several turns, and counts once."""
    values = sorted({value for *_, value in of_when})
    codes = sorted({code for value in values for code in roles.codes("when", value)})
    persons = [
        func.count(
            distinct(case((Answer.value.in_(_with_code(roles, values, code)), Answer.conversation_id)))
        )
        for code in codes
    ]
    query = answers_within(conversations(round_id, IN_PICTURE, sorted(streams)), roles["when"])
    found = session.execute(
        query.with_only_columns(Conversation.stream, *persons).group_by(Conversation.stream)
    )
    for stream, *counts in found:
        yield from ((Table.TIME, stream, c, "", count) for c, count in zip(codes, counts, strict=True))


def _with_code(roles: Roles, values: Iterable[str], code: str) -> list[str]:
    return [value for value in values if code in roles.codes("when", value)]


# What is said in own words, one answer by itself


def _problems_and_wishes(session: Session, round_id: int, roles: Roles) -> Noted:
    """Persons by problem and by wish, of the first turn; taken away where the conversation is not in the picture."""
    author = case((Coding.author == "rules", "machine"), else_="person")
    for table, role, by in (
        (Table.PROBLEM, "problem", author),
        (Table.WISH, "wish", literal("")),
    ):
        everybody = coded(all_answers(round_id, roles[role])).where(Answer.repeat == 0)
        outside = coded(answers_within(conversations(round_id, NOT_IN_PICTURE), roles[role]))
        outside = outside.where(Answer.repeat == 0)
        for query, stream_of, sign in in_picture(session, round_id, everybody, outside):
            found = query.with_only_columns(Coding.category, by, stream_of)
            yield from (
                (table, stream, category, column, sign * count)
                for category, column, stream, count in count_alike(session, found)
                if stream in _PERSONS
            )


def _places(session: Session, round_id: int, roles: Roles, *, crossed: bool) -> Noted:
    """Persons by the places that they name, in any turn and to any open question, and by their problem.

    Begins with the places of every round, fewer than answers by far: the outer joins keep SQLite to that, and what
    belongs to other rounds comes out without a stream. A person has one problem, so that persons add up to those of
    the place.
    """
    of_round = and_(
        Answer.id == AnswerPlace.answer_id,
        Answer.round_id == round_id,
        Answer.standing == "current",
        Answer.stream.in_(STREAMS),
        Answer.question.in_(roles.open_questions),
    )
    everybody = select(AnswerPlace.place_code).select_from(AnswerPlace).outerjoin(Answer, of_round)
    outside = answers_within(conversations(round_id, NOT_IN_PICTURE), list(roles.open_questions))
    outside = outside.join(AnswerPlace, AnswerPlace.answer_id == Answer.id)
    for named, stream_of, sign in in_picture(session, round_id, everybody, outside):
        count = _by_place_and_problem if crossed else _by_place
        for table, stream, row, column, persons in count(session, named, stream_of, roles):
            yield table, stream, row, column, sign * persons


def _by_place(session: Session, named: AnySelect, stream_of: Any, _: Roles) -> Noted:
    of = _once_with_each_place(named, stream_of)
    for place, stream, count in session.execute(grouped(select(), of.place_code, of.stream)):
        yield Table.PLACE, stream, place, "", count


def _by_place_and_problem(session: Session, named: AnySelect, stream_of: Any, roles: Roles) -> Noted:
    of = _once_with_each_place(named, stream_of)
    problem = aliased(Answer)
    query = select(of.place_code).outerjoin(
        problem, first_answer(problem, roles["problem"], of.conversation_id)
    )
    query = query.outerjoin(Coding, is_primary_of(problem))
    found = session.execute(grouped(query, of.place_code, of.stream, Coding.category))
    for place, stream, category, count in found:
        yield Table.PLACE, stream, place, "", count
        if stream != Stream.DIALOGUE:  # each of its points has a problem and a place of its own
            yield Table.PROBLEM_PLACE, stream, category, place, count


def _once_with_each_place(named: AnySelect, stream_of: Any) -> Any:
    """Each person once with each place, in the order of the index on answers in which problems are looked for."""
    once = (Answer.conversation_id, AnswerPlace.place_code, stream_of)
    return named.with_only_columns(*once).group_by(*once).subquery().c


# Meetings


def _points(session: Session, round_id: int, roles: Roles) -> Noted:
    """What was noted at meetings: points with the persons who agreed."""
    notes = conversations(round_id, IN_PICTURE, [Stream.DIALOGUE.value])
    points = coded(answers_within(notes, roles["problem"]))
    for category, stream, count in session.execute(grouped(points, Coding.category, Conversation.stream)):
        yield Table.POINT, stream, category, "", count
    support = aliased(Answer)
    agreed = points.join(
        support,
        and_(
            support.conversation_id == Answer.conversation_id,
            support.question.in_(roles["support"]),
            support.repeat == Answer.repeat,
            support.standing == "current",
            support.value.regexp_match("^[0-9]+$"),
        ),
    )
    persons = func.sum(cast(support.value, SqlInteger))
    query = agreed.with_only_columns(Coding.category, Conversation.stream, persons)
    for category, stream, count in session.execute(query.group_by(Coding.category, Conversation.stream)):
        yield Table.POINT_SUPPORT, stream, category, "", count


def _missing_groups(session: Session, round_id: int, roles: Roles) -> Noted:
    """Meetings by the groups that were missing. A meeting noted twice counts once."""
    notes = conversations(round_id, IN_PICTURE, [Stream.DIALOGUE.value])
    query = answers_within(notes, roles["missing_groups"])
    meetings = {
        (stream, code, meeting)
        for stream, meeting, value, _ in session.execute(
            grouped(query, Conversation.stream, Conversation.place_code, Answer.value)
        )
        for code in roles.codes("missing_groups", value)
        if meeting is not None
    }
    for stream, code, _ in meetings:
        yield Table.MISSING_GROUP, stream, code, "", 1


def _safeguards(session: Session, round_id: int) -> Noted:
    replies = select(SafeguardReply.id).where(SafeguardReply.round_id == round_id)
    for kind, count in session.execute(grouped(replies, SafeguardReply.kind)):
        yield Table.SAFEGUARD, Stream.RESIDENTS.value, kind, "", count
