"""A part of a round is counted as its persons alone would be, whatever is chosen, and from indexes alone."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from test_counting import COUNTED, Filled, Pencil, Row, Rows, _plans
from test_counting import filled as filled
from town import MONDAY

from bot.services.gathering import roles_of
from storage.filtering import Part, tally_part
from storage.tally import Tally
from summary.rows import Stream, Table

RESIDENTS, EMPLOYEES = Stream.RESIDENTS, Stream.EMPLOYEES
PARTS: dict[str, tuple[Part, Callable[[Row], bool]]] = {
    "everybody": (Part(), lambda p: True),
    "an area": (Part(areas=("duved",)), lambda p: p["area"] == "duved"),
    "an area and its part": (
        Part(areas=("duved", "jarpen"), gender="woman"),
        lambda p: p["area"] in ("duved", "jarpen") and p["gender"] == "woman",
    ),
    "age and role": (
        Part(age="15_24", role="lives"),
        lambda p: (p["age"], p["role"]) == ("15_24", "lives"),
    ),
    "three days": (
        Part(since=MONDAY - timedelta(days=5), until=MONDAY - timedelta(days=2)),
        lambda p: MONDAY - timedelta(days=5) <= p["started_at"] < MONDAY - timedelta(days=2),
    ),
    "employees": (Part(stream=EMPLOYEES), lambda p: True),
}
_TOLD = {Table.PROBLEM, Table.PROBLEM_AREA, Table.PROBLEM_TIME, Table.SAFETY_AREA, Table.WISH, Table.PLACE}


def count(filled: Filled, part: Part) -> Tally:
    with filled.database.sessions.reading() as session:
        return tally_part(session, filled.round_id, part, roles_of(filled.flows))


_CROSSED = {Table.PROBLEM_AREA, Table.SAFETY_AREA}
"""By hand, those who named no area are left out of these; here they are counted, for the sums of the rows."""


def _told(stream: Stream) -> set[Table]:
    """Of a repeat the first turn alone is counted, and times would be fewer than by hand."""
    return _TOLD | ({Table.TIME} if stream is RESIDENTS else set())


def by_hand(filled: Filled, stream: Stream, chosen: Callable[[Row], bool]) -> Iterator[tuple[str, str, str]]:
    """Table, row, column of each person who is chosen, as often as they count."""
    persons = [p for p in filled.rows.conversations if p["stream"] == stream and chosen(p)]
    ids = {person["id"] for person in persons}
    answers = [answer for answer in filled.rows.answers if answer["conversation_id"] in ids]
    of = {answer["id"] for answer in answers}
    rows = Rows(
        conversations=persons,
        answers=answers,
        codings=[row for row in filled.rows.codings if row["answer_id"] in of],
        places=[row for row in filled.rows.places if row["answer_id"] in of],
    )
    told = _TOLD | (
        {Table.TIME} if stream is RESIDENTS else set()
    )  # of a repeat, the first turn alone is told
    for (table, _, row, column), number in Pencil(replace(filled, rows=rows)).count().items():
        if table in told:
            yield from [(table, row, "" if table == Table.PROBLEM else column)] * number
    for person in persons:
        if person["outcome"] in COUNTED:
            yield Table.AREA, person["area"] or "", ""


@pytest.mark.parametrize("name", PARTS)
def test_a_part_is_counted_as_its_persons_alone_would_be(filled: Filled, name: str) -> None:
    part, chosen = PARTS[name]
    expected = Counter(by_hand(filled, part.stream, chosen))
    told = _told(part.stream) | {Table.AREA}
    found = {
        (table, row, column): number
        for (table, stream, row, column), number in count(filled, part).items()
        if number and table in told and (column or table not in _CROSSED)
    }
    assert expected, "chance has left nobody"
    assert found == dict(expected)


def test_a_problem_may_be_chosen_too(filled: Filled) -> None:
    of_traffic = count(filled, Part(category="traffic_offences"))
    everybody = count(filled, Part())
    wanted = (Table.PROBLEM, RESIDENTS.value, "traffic_offences", "")
    assert of_traffic[wanted] == everybody[wanted] > 0
    persons = sum(number for (table, *_), number in of_traffic.items() if table == Table.AREA)
    assert persons == everybody[wanted]
    for (table, stream, row, column), number in of_traffic.items():
        if table == Table.PROBLEM_TIME:
            assert number == everybody[table, stream, row, column]
    places = sum(number for (table, *_), number in of_traffic.items() if table == Table.PLACE)
    assert 0 < places <= sum(number for (table, *_), number in everybody.items() if table == Table.PLACE)


@pytest.mark.parametrize("name", [name for name in PARTS if name != "three days"])
def test_sqlite_reads_answers_of_a_part_from_indexes_alone(filled: Filled, name: str) -> None:
    if filled.database.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL plans with statistics")
    part = PARTS[name][0]
    steps = _plans(filled, lambda session: tally_part(session, filled.round_id, part, roles_of(filled.flows)))
    answers = [step for step in steps if re.search(r"\b(answers|codings)", step)]
    assert len(answers) >= 6
    assert [step for step in answers if "COVERING INDEX" not in step and "PRIMARY KEY" not in step] == []
    assert all(
        "answer" not in step for step in steps if step.startswith("SCAN") and "answer_places" not in step
    )
