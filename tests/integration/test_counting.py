"""The database counts as a person with a pencil would: every cell is counted again here, row by row, over a round that
chance has filled with all that may happen: answers taken back, repeats, recodings, people who left, meetings noted
twice, and another round beside it.
"""

import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Engine, event, insert, select
from town import MONDAY, Town

from bot.services.gathering import load_flows, roles_of
from flows.model import Flow, Kind, Question
from storage import reading, rounds
from storage.database import Database, Session
from storage.rows import list_answer_rows, list_person_rows
from storage.tables import Answer, AnswerPlace, Base, Coding, Conversation, Round, SafeguardReply
from summary.rows import Meetings, Outcome, Table

COUNTED = ("complete", "partial")
AREAS = ("are_by", "duved", "jarpen", None)
CATEGORIES = ("traffic_offences", "disorder", "hate_discrimination", "no_problem")
PLACES = ("e14", "are_torg", "duved_skola")
Row = dict[str, Any]
Cells = dict[tuple[str, str, str, str], int]


@dataclass
class Rows:
    """What a round holds, table by table."""

    conversations: list[Row] = field(default_factory=list)
    answers: list[Row] = field(default_factory=list)
    codings: list[Row] = field(default_factory=list)
    places: list[Row] = field(default_factory=list)
    safeguards: list[Row] = field(default_factory=list)

    def store(self, session: Session) -> None:
        tables: tuple[tuple[type[Base], list[Row]], ...] = (
            (Conversation, self.conversations),
            (Answer, self.answers),
            (Coding, self.codings),
            (AnswerPlace, self.places),
            (SafeguardReply, self.safeguards),
        )
        for table, rows in tables:
            session.execute(insert(table), rows)


class Invention:
    """Fills `rows` with conversations of one round by chance alone."""

    def __init__(self, seed: int, round_id: int, versions: Mapping[str, int]) -> None:
        self._chance = random.Random(seed)  # noqa: S311  invention, not secrecy
        self._round_id = round_id
        self._versions = versions
        self.rows = Rows()

    def converse(self, flow: Flow) -> None:
        pick = self._chance.choice
        of_person = {
            "area": pick(AREAS),
            "age": pick(("15_24", "80_up", "refused", None)),
            "gender": pick(("woman", "man", None)),
            "role": pick(("lives", "visiting", "school", None)),
        }
        conversation = {
            "id": self._id(),
            "round_id": self._round_id,
            "flow_version_id": self._versions[flow.stream],
            "stream": flow.stream,
            "channel": pick(("sms", "web")),
            "language": pick(("sv", "en")),
            "place_code": pick(("MOTE1", "MOTE2", None)),
            "ordinal": pick((1, 1, 2)),
            "mark": pick(("", "", "burst")),
            "status": "finished",
            "outcome": pick((*COUNTED, *(outcome.value for outcome in Outcome))),
            "at_question": pick(("problem", "when", None)),
            "state": {},
            "started_at": MONDAY - timedelta(days=len(self.rows.conversations) % 10),
            "last_at": MONDAY,
            **of_person,
        }
        self.rows.conversations.append(conversation)
        for turn in range(pick((1, 2, 3))):
            for question in flow.questions:
                if (question.repeat or turn == 0) and self._chance.random() < 0.8:
                    self._answer(conversation, question, turn)

    def safeguard(self) -> None:
        kind = self._chance.choice(("threat", "crime_report"))
        row = {"id": self._id(), "round_id": self._round_id, "kind": kind, "channel": "sms", "hour": MONDAY}
        self.rows.safeguards.append(row)

    def _answer(self, conversation: Row, question: Question, turn: int) -> None:
        """One that stands, and now and then one that it replaced; or one that has left the path."""
        standings = self._chance.choice((["current"], ["current"], ["replaced", "current"], ["off_path"]))
        for standing in standings:
            answer = {
                "id": self._id(),
                "conversation_id": conversation["id"],
                "round_id": self._round_id,
                "flow_version_id": conversation["flow_version_id"],
                "stream": conversation["stream"],
                "question": question.name,
                "repeat": turn,
                "value": self._value(question),
                "read_how": "number",
                "read_score": 1.0,
                "standing": standing,
            }
            self.rows.answers.append(answer)
            if question.kind in (Kind.OPEN, Kind.PLACE):
                self._code(answer["id"])

    def _value(self, question: Question) -> str:
        chance = self._chance
        if chance.random() < 0.15:
            return chance.choice(("dont_know", "refused", "none", "not_understood"))
        if question.kind is Kind.NUMBER:
            return str(chance.randrange(40))
        if question.kind is Kind.NUMBERS:
            return " ".join(str(chance.randrange(20)) for _ in range(chance.choice((4, 4, 3))))
        names = [choice.name for choice in question.choices]
        if question.kind is Kind.MULTI:
            chosen = set(chance.sample(names, chance.randint(1, 3)))
            return " ".join(name for name in names if name in chosen)
        return chance.choice(names) if names else "answered"

    def _code(self, answer_id: int) -> None:
        """The category of the rules, perhaps with a person's in its stead; sometimes none."""
        authors = self._chance.choice(([], ["rules"], ["rules"], ["rules", "anna"]))
        for author in authors:
            for is_primary, category in zip((True, False), self._chance.sample(CATEGORIES, 2), strict=True):
                self.rows.codings.append(
                    {
                        "id": self._id(),
                        "answer_id": answer_id,
                        "category": category,
                        "is_primary": is_primary,
                        "is_current": author == authors[-1],
                        "score": 0.9,
                        "rule": "rule",
                        "author": author,
                    }
                )
        for place in self._chance.sample(PLACES, self._chance.choice((0, 0, 1, 2))):
            self.rows.places.append({"answer_id": answer_id, "place_code": place, "how": "name"})

    def _id(self) -> int:
        return self._chance.randrange(1 << 62)


@dataclass
class Filled:
    """A round in the database, and the same rows beside it."""

    database: Database
    round_id: int
    flows: tuple[Flow, ...]
    rows: Rows

    def read(self, read: Callable[..., Any]) -> Any:
        with self.database.sessions.reading() as session:
            return read(session, self.round_id, roles_of(self.flows))


CROSSED = {table for table in Table if table.value.startswith(("problem_", "safety_"))}


@pytest.fixture(params=[1, 2])
def filled(
    database: Database, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Filled]:
    for name in (
        "selecting._AT_ONCE",
        "crossing._SORTED_AT_ONCE",
        "crossing.FETCHED_AT_ONCE",
        "tally.FETCHED_AT_ONCE",
    ):
        monkeypatch.setattr(f"storage.{name}", 50)  # so that a small round is counted in parts too
    Town.build(database)
    with database.sessions.begin() as session:
        (row,) = rounds.list_rounds(session)
        versions = {flow.stream: flow.id for flow in rounds.list_round_flows(session, row.id)}
        flows = load_flows(session, row)
        rows = _invent(request.param, row.id, versions, flows)
        rows.store(session)
        _invent(90 + request.param, _another_round(session), versions, flows).store(session)
    yield Filled(database=database, round_id=row.id, flows=flows, rows=rows)


def _invent(seed: int, round_id: int, versions: Mapping[str, int], flows: tuple[Flow, ...]) -> Rows:
    invention = Invention(seed, round_id, versions)
    for flow in flows:
        for _ in range(60):
            invention.converse(flow)
    for _ in range(9):
        invention.safeguard()
    return invention.rows


def _another_round(session: Session) -> int:
    columns = [column for column in Round.__table__.columns if column.name not in ("id", "code")]
    values = session.execute(select(*columns)).mappings().one()
    return int(session.execute(insert(Round).values(**values, code="other").returning(Round.id)).scalar_one())


# Counted by hand


class Pencil:
    """Counts the rows of one round."""

    def __init__(self, filled: Filled) -> None:
        self.rows = filled.rows
        self.roles: dict[str, set[str]] = defaultdict(set)
        self.choices: dict[str, set[str]] = defaultdict(set)
        for question in (question for flow in filled.flows for question in flow.questions):
            self.roles[question.role].add(question.name)
            if question.kind is Kind.MULTI:
                self.choices[question.role] |= {choice.name for choice in question.choices}
        self.persons = {row["id"]: row for row in filled.rows.conversations}
        self.current = [row for row in filled.rows.answers if row["standing"] == "current"]
        self.primary = {
            row["answer_id"]: row for row in filled.rows.codings if row["is_current"] and row["is_primary"]
        }
        self.cells: Counter[tuple[str, str, str, str]] = Counter()

    def count(self) -> Cells:
        for person in self.rows.conversations:
            self._count_person(person)
        for answer in self.current:
            if self.persons[answer["conversation_id"]]["outcome"] in COUNTED:
                self._count_answer(answer, self.persons[answer["conversation_id"]])
        for table, found in (
            ("time", self._times()),
            ("place", self._places()),
            ("missing_group", self._missing()),
        ):
            for stream, row, _ in found:
                self.cells[table, stream, row, ""] += 1
        for reply in self.rows.safeguards:
            self.cells["safeguard", "residents", reply["kind"], ""] += 1
        return {key: count for key, count in self.cells.items() if count}

    def _count_person(self, person: Row) -> None:
        stream, counted = person["stream"], person["outcome"] in COUNTED
        self.cells["outcome", stream, person["outcome"], ""] += 1
        place = person["place_code"] or ""
        self.cells["place_code", stream, place, "finished" if counted else "unfinished"] += 1
        if person["outcome"] in ("break_off", "stopped") and person["at_question"]:
            self.cells["last_question", stream, person["at_question"], ""] += 1
        if not counted:
            return
        if person["role"] == "lives":
            self.cells["lives", stream, self._who(person), ""] += 1
        for column in ("channel", "language", "area", "age", "gender", "role"):
            if person[column] is not None:
                self.cells[column, stream, person[column], ""] += 1
        if stream != "dialogue":
            self.cells[
                "marked", stream, "marked" if person["ordinal"] > 1 or person["mark"] else "unmarked", ""
            ] += 1

    def _count_answer(self, answer: Row, person: Row) -> None:
        stream, value, first = person["stream"], answer["value"], answer["repeat"] == 0
        for role in ("safety", "avoided", "victim", "police", "municipality", "trend", "work_safety"):
            self.cells["closed", stream, role, value] += first and self._is(answer, role)
        for role in ("list", "affected", "needed"):
            for code in self._codes(answer, role) if first and self._is(answer, role) else ():
                self.cells["several", stream, role, code] += 1
        if first and self._is(answer, "safety"):
            self._cross("safety_area", stream, value, person["area"])
            if person["role"] == "lives":
                self._cross("safety_lives", stream, value, self._who(person))
        if answer["id"] in self.primary:
            self._count_coded(answer, person, self.primary[answer["id"]])

    def _count_coded(self, answer: Row, person: Row, coding: Row) -> None:
        stream, category, first = person["stream"], coding["category"], answer["repeat"] == 0
        if self._is(answer, "wish") and first and stream != "dialogue":
            self.cells["wish", stream, category, ""] += 1
        if not self._is(answer, "problem"):
            return
        if stream == "dialogue":
            self.cells["point", stream, category, ""] += 1
            for support in self._beside(answer, "support"):
                if support["value"].isdecimal():
                    self.cells["point_support", stream, category, ""] += int(support["value"])
        elif first:
            self.cells[
                "problem", stream, category, "machine" if coding["author"] == "rules" else "person"
            ] += 1
            for column in ("area", "age", "gender"):
                self._cross(f"problem_{column}", stream, category, person[column])
            self._count_problem(answer, person, category)
            for when in self._beside(answer, "when"):
                for code in self._codes(when, "when"):
                    self.cells["problem_time", stream, category, code] += 1

    def _count_problem(self, answer: Row, person: Row, category: str) -> None:
        for wish in self._beside(answer, "wish"):
            coded = self.primary.get(wish["id"])
            self._cross("problem_wish", person["stream"], category, coded and coded["category"])
        for place in self._places_of(person):
            self._cross("problem_place", person["stream"], category, place)

    def _cross(self, table: str, stream: str, row: str, column: str | None) -> None:
        """Who has no answer to the other question is in no cell."""
        if column is not None:
            self.cells[table, stream, row, column] += 1

    def _who(self, person: Row) -> str:
        return "|".join(person[column] or "" for column in ("area", "age", "gender"))

    def _places_of(self, person: Row) -> set[str]:
        mine = {answer["id"] for answer in self.current if answer["conversation_id"] == person["id"]}
        return {row["place_code"] for row in self.rows.places if row["answer_id"] in mine}

    def _times(self) -> set[tuple[str, str, Any]]:
        return {
            (person["stream"], code, person["id"])
            for answer, person in self._in_picture("when")
            for code in self._codes(answer, "when")
        }

    def _places(self) -> set[tuple[str, str, Any]]:
        answers = {answer["id"]: answer for answer in self.current}
        named = [(answers[row["answer_id"]], row) for row in self.rows.places if row["answer_id"] in answers]
        persons = [(self.persons[answer["conversation_id"]], row) for answer, row in named]
        return {(p["stream"], row["place_code"], p["id"]) for p, row in persons if p["outcome"] in COUNTED}

    def _missing(self) -> set[tuple[str, str, Any]]:
        return {
            (person["stream"], code, person["place_code"])
            for answer, person in self._in_picture("missing_groups")
            for code in self._codes(answer, "missing_groups")
            if person["place_code"]
        }

    def meetings(self) -> Meetings:
        told: dict[str, list[tuple[int, ...]]] = defaultdict(list)
        for answer, person in self._in_picture("participants"):
            numbers = tuple(int(part) for part in answer["value"].split() if part.isdecimal())
            if len(numbers) == 4:
                told[person["place_code"] or ""].append(numbers)
        largest = [[max(column) for column in zip(*numbers, strict=True)] for numbers in told.values()]
        women, men, young, old = (sum(column) for column in zip(*largest, strict=True))
        notes = [p for p in self.rows.conversations if p["stream"] == "dialogue" and p["outcome"] in COUNTED]
        promised = [answer for answer, _ in self._in_picture("promised_answer")]
        return Meetings(
            meetings=len({note["place_code"] for note in notes if note["place_code"]}),
            women=women,
            men=men,
            under_25=young,
            over_65=old,
            promised_answers=sum(answer["value"] == "answered" for answer in promised),
        )

    def _in_picture(self, role: str) -> list[tuple[Row, Row]]:
        found = [(a, self.persons[a["conversation_id"]]) for a in self.current if self._is(a, role)]
        return [(answer, person) for answer, person in found if person["outcome"] in COUNTED]

    def _is(self, answer: Row, role: str) -> bool:
        return answer["question"] in self.roles[role]

    def _codes(self, answer: Row, role: str) -> list[str]:
        return [code for code in answer["value"].split() if code in self.choices[role]]

    def _beside(self, answer: Row, role: str) -> list[Row]:
        """Answers to another question in the same turn of the same person."""
        of_turn = [
            a
            for a in self.current
            if a["conversation_id"] == answer["conversation_id"] and a["repeat"] == answer["repeat"]
        ]
        return [a for a in of_turn if self._is(a, role)]


def test_every_cell_is_what_counting_row_by_row_gives(filled: Filled) -> None:
    cells = filled.read(reading.list_cells)
    found = {(cell.table.value, cell.stream.value, cell.row, cell.column): cell.count for cell in cells}
    expected = Pencil(filled).count()
    assert {table for table, *_ in expected} == set(Table), "chance has left a table out"
    assert found == expected
    assert len(cells) == len(found)


def test_what_crosses_nothing_is_counted_the_same_without_the_crossings(filled: Filled) -> None:
    whole = filled.read(reading.list_cells)
    plain = filled.read(partial(reading.list_cells, crossed=False))
    assert set(plain) == {cell for cell in whole if cell.table not in CROSSED}
    assert {cell.table for cell in whole} - {cell.table for cell in plain} == CROSSED


def test_meetings_are_what_counting_row_by_row_gives(filled: Filled) -> None:
    assert filled.read(reading.count_meetings) == Pencil(filled).meetings()


def test_conversations_and_turns_are_what_counting_row_by_row_gives(filled: Filled) -> None:
    persons = [row for row in filled.rows.conversations if row["outcome"] in COUNTED]
    with filled.database.sessions.reading() as session:
        assert reading.count_conversations(session, filled.round_id) == len(persons)
        assert reading.count_turns(session, filled.round_id) == 3


def test_sqlite_reads_answers_from_indexes_alone_and_sorts_no_rows_of_the_working_copy(
    filled: Filled,
) -> None:
    """Without statistics the planner guesses; a query that it begins in the wrong place takes minutes, not a second."""
    if filled.database.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL plans with statistics")
    counting = [
        step
        for crossed in (True, False)
        for step in _plans(
            filled,
            lambda session, crossed=crossed: reading.list_cells(
                session, filled.round_id, roles_of(filled.flows), crossed=crossed
            ),
        )
    ]
    answers = [step for step in counting if re.search(r"\b(answers|codings)", step)]
    assert len(answers) > 10
    assert "USE TEMP B-TREE FOR ORDER BY" in counting, "persons are not crossed in the order of their ids"
    assert [
        step for step in answers if "COVERING INDEX" not in step and "INTEGER PRIMARY KEY" not in step
    ] == []
    copying = _plans(
        filled,
        lambda session: [
            *list_person_rows(session, filled.round_id),
            *list_answer_rows(session, filled.round_id),
        ],
    )
    assert "SCAN conversations" in copying
    assert [step for step in copying if "TEMP B-TREE" in step] == []


def _plans(filled: Filled, read: Callable[[Session], object]) -> list[str]:
    """The steps by which SQLite does what is read."""
    statements: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        statements.append((statement, parameters))

    event.listen(Engine, "before_cursor_execute", note)  # what is read has an engine of its own
    try:
        with filled.database.sessions.reading() as session:
            read(session)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    asked = [(text, values) for text, values in statements if text.lstrip().startswith(("SELECT", "WITH"))]
    with filled.database.engine.connect() as connection:
        return [
            row[3]
            for text, values in asked
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values)
        ]
