"""A small round whose figures can be counted on paper: each figure of the picture, and where it comes from.

Twenty-four residents, all complete. Sixteen of Norr and eight of Söder; the forest road worries fourteen of them and
the square ten. Eight employees, all of whom name the forest road.
"""

from collections.abc import Iterator
from datetime import date

import pytest

from bot.services.summaries import picture_of
from privacy.disclosure import EXACT
from summary.codebook import Codebook, Entry
from summary.picture import PictureTable, ProblemPicture, Value
from summary.rows import Cell, Meetings, Population, RoundCounts, RoundFacts, Stream, Table, joined

#            area     age      gender   problem   safety  wish       residents
PEOPLE = [
    ("north", "young", "woman", "road", "unsafe", "light", 5),
    ("north", "old", "man", "road", "unsafe", "light", 3),
    ("north", "old", "woman", "square", "safe", "police", 5),
    ("north", "young", "man", "road", "safe", "police", 3),
    ("south", "old", "woman", "square", "safe", "police", 5),
    ("south", "young", "man", "road", "unsafe", "light", 3),
]  # fmt: skip
"""24 residents: 5 + 3 + 5 + 3 in the north, 5 + 3 in the south."""
PLACES = [("road", "bend", 9), ("square", "kiosk", 7)]
"""Nine who name the road name the bend, seven who name the square the kiosk."""
TIMES = [("road", "weekend_night", 11), ("square", "weekday_evening", 6)]


def entries() -> Iterator[Entry]:
    for list_name, codes in {
        "category": {"road": "Skogsvägen", "square": "Torget", "light": "Belysning", "police": "Mer polis"},
        "area": {"north": "Norr", "south": "Söder"},
        "age": {"young": "15-44 år", "old": "45 år eller äldre"},
        "gender": {"woman": "Kvinna", "man": "Man"},
        "safety": {"safe": "Trygg", "unsafe": "Otrygg"},
        "place": {"bend": "Kurvan", "kiosk": "Kiosken"},
        "when": {"weekend_night": "Helg natt", "weekday_evening": "Vardag kväll"},
    }.items():
        yield from (Entry(list=list_name, code=code, label={"sv": label}) for code, label in codes.items())
    yield Entry(list="asked", code="safety", label={"sv": "Hur trygg är du?"})


def cells() -> Iterator[Cell]:
    def cell(table: Table, row: str, column: str, count: int, stream: Stream = Stream.RESIDENTS) -> Cell:
        return Cell(table=table, stream=stream, row=row, column=column, count=count)

    for area, age, gender, problem, safety, wish, count in PEOPLE:
        who = joined(area, age, gender)
        yield cell(Table.OUTCOME, "complete", "", count)
        yield from (
            cell(t, c, "", count) for t, c in ((Table.AREA, area), (Table.AGE, age), (Table.GENDER, gender))
        )
        yield cell(Table.PROBLEM, problem, "person", count)
        yield cell(Table.CLOSED, "safety", safety, count)
        yield cell(Table.SAFETY_AREA, safety, area, count)
        yield cell(Table.WISH, wish, "", count)
        yield cell(Table.LIVES, who, "", count)
        yield cell(Table.SAFETY_LIVES, safety, who, count)
        for table, column in (
            (Table.PROBLEM_AREA, area), (Table.PROBLEM_AGE, age), (Table.PROBLEM_GENDER, gender),
            (Table.PROBLEM_WISH, wish),
        ):  # fmt: skip
            yield cell(table, problem, column, count)
    for problem, place, count in PLACES:
        yield cell(Table.PLACE, place, "", count)
        yield cell(Table.PROBLEM_PLACE, problem, place, count)
    for problem, time, count in TIMES:
        yield cell(Table.TIME, time, "", count)
        yield cell(Table.PROBLEM_TIME, problem, time, count)
    yield cell(Table.OUTCOME, "complete", "", 8, Stream.EMPLOYEES)
    yield cell(Table.PROBLEM, "road", "person", 8, Stream.EMPLOYEES)


@pytest.fixture(scope="module")
def picture() -> ProblemPicture:
    facts = RoundFacts(
        name="Exempel",
        municipality="Exempelby",
        starts_on=date(2026, 9, 1),
        ends_on=date(2026, 9, 30),
        counted_on=date(2026, 11, 1),
        closed_on=date(2026, 9, 30),
        streams=(Stream.RESIDENTS, Stream.EMPLOYEES),
        place_areas={"bend": "north", "kiosk": "south"},
    )
    population = [
        Population(table=Table(table), code=code, persons=persons)
        for table, groups in {
            "area": {"north": 500, "south": 500},
            "age": {"young": 600, "old": 400},
            "gender": {"woman": 500, "man": 500},
        }.items()
        for code, persons in groups.items()
    ]
    counts = RoundCounts(facts=facts, cells=tuple(cells()), population=tuple(population), meetings=Meetings())
    return picture_of(counts, Codebook(entries()), EXACT)


def figures(table: PictureTable | None) -> dict[str, tuple[Value, ...]]:
    assert table is not None
    return {row.code: row.values for row in table.rows}


def fact(picture: ProblemPicture, block: str, code: str) -> str:
    blocks = [each for chapter in picture.chapters for each in chapter.blocks if each.code == block]
    return next((each.text for each in blocks[0].facts if each.code == code), "")


def test_problems_are_counted_once_a_person(picture: ProblemPicture) -> None:
    """Road 5 + 3 + 3 + 3 = 14, square 5 + 5 = 10, of 24: 58 % and 42 %. All 8 employees name the road."""
    assert figures(picture.table("problems")) == {"road": (14, 58, 8), "square": (10, 42, None)}
    assert [problem.heading for problem in picture.problems] == [
        "Skogsvägen: 14 av 24 (58\N{NO-BREAK SPACE}%)", "Torget: 10 av 24 (42\N{NO-BREAK SPACE}%)",
    ]  # fmt: skip


def test_problem_by_area_hides_the_three_of_the_south_and_what_would_give_them_away(
    picture: ProblemPicture,
) -> None:
    """Road: 5 + 3 + 3 = 11 north, 3 south. Three are too few; with the totals known all four cells follow from one,
    so that nothing of the table is shown.
    """
    assert picture.table("problem_area") is None


def test_problem_by_gender(picture: ProblemPicture) -> None:
    """Road: women 5, men 3 + 3 + 3 = 9. Square: women 5 + 5 = 10, men none: an empty cell that can be guessed. By age
    the road has 11 young and 3 old: too few, and the 11 would give them away.
    """
    assert figures(picture.table("problem_gender")) == {"road": (5, 9), "square": (10, None)}
    assert fact(picture, "problem:road", "who") == (
        "Så många i varje grupp nämner det: Kvinna 5 av 15, Man 9 av 9."
    )


def test_places_times_and_wishes_of_the_road(picture: ProblemPicture) -> None:
    """Nine of the fourteen name the bend, eleven the weekend night; 5 + 3 + 3 = 11 want light, 3 want police: too few,
    and with both totals known the eleven would give them away.
    """
    assert fact(picture, "problem:road", "places") == "Kurvan (9)."
    assert fact(picture, "problem:road", "times") == "Värst helg natt (11)."
    assert fact(picture, "problem:road", "wishes") == ""


def test_sources_are_compared_by_rank(picture: ProblemPicture) -> None:
    assert fact(picture, "problem:road", "employees") == "8 av 8 anställda nämner samma sak."
    assert fact(picture, "problem:road", "ranks") == (
        "Källorna stämmer överens: plats 1 hos boende och plats 1 hos anställda."
    )


def test_certainty_follows_the_printed_rule(picture: ProblemPicture) -> None:
    """Fewer than 50 have answered: never high. 14 and 10 name them: both at least 10, medium."""
    assert [fact(picture, f"problem:{code}", "certainty") for code in ("road", "square")] == [
        "Medel.",
        "Medel.",
    ]


def test_who_is_missing(picture: ProblemPicture) -> None:
    """South 8 of 24 = 33 % of the answers and 50 % of the inhabitants, young 11 of 24 = 46 % and 60 %, men 9 of
    24 = 38 % and 50 %: 33/50 = 0.66, 46/60 = 0.77, 38/50 = 0.76, all below 0.8.
    """
    block = next(b for c in picture.chapters for b in c.blocks if b.code == "missing")
    assert block.items == (
        "Söder: 33\N{NO-BREAK SPACE}% av svaren, 50\N{NO-BREAK SPACE}% av invånarna, kvot 0,66",
        "Man: 38\N{NO-BREAK SPACE}% av svaren, 50\N{NO-BREAK SPACE}% av invånarna, kvot 0,76",
        "15–44\N{NO-BREAK SPACE}år: 46\N{NO-BREAK SPACE}% av svaren, 60\N{NO-BREAK SPACE}% av invånarna, kvot 0,77",
    )


def test_safety_of_all_and_by_area(picture: ProblemPicture) -> None:
    """Unsafe 5 + 3 + 3 = 11 of 24 (46 %), safe 5 + 3 + 5 = 13 (54 %)."""
    assert (
        fact(picture, "trust", "safety")
        == "Trygg 13 (54\N{NO-BREAK SPACE}%), otrygg 11 (46\N{NO-BREAK SPACE}%), av 24 som svarade på frågan."
    )


def test_priorities_are_suggested_with_their_reason(picture: ProblemPicture) -> None:
    """58 % and 42 % are above 20 %: 3. Employees put the road first: 3; the square they do not name: 0. By area nothing
    can be shown: no suggestion.
    """
    assert figures(picture.table("priorities")) == {"road": (3, 1, 3), "square": (3, 1, 0)}
