"""The problem picture: useful with few answers, honest, and safe in every figure."""

import itertools
import json
import re
from dataclasses import replace
from functools import cache

import pytest
from problem_samples import codebook, round_counts
from solving import determined

from bot.services.protecting import protect
from bot.services.summaries import picture_of
from privacy.disclosure import EXACT, INTERIM, Rule
from summary.chapter_words import CHAPTER_TEXTS
from summary.material import percent
from summary.picture import ChartKind, PictureTable, ProblemPicture, Unit, from_json, to_json
from summary.published_words import PUBLISHED_TEXTS
from summary.released import OTHER, Crossed, Key
from summary.rows import Cell, Meetings, Outcome, RoundCounts, Stream, Table, outcome_of
from summary.weighing_words import WEIGHING_TEXTS
from summary.wording import TEXTS, Words
from text.typography import in_print

SENSITIVE = {"domestic_violence", "hate_discrimination", "organised_crime"}


@cache
def picture(residents: int, employees: int = 8, rule: Rule = EXACT, language: str = "sv") -> ProblemPicture:
    counts = round_counts(residents, employees, closed=rule is EXACT)
    return picture_of(counts, codebook(), rule, language)


def table(shown: ProblemPicture, code: str) -> PictureTable:
    found = shown.table(code)
    assert found is not None
    return found


def figures(shown: PictureTable) -> dict[str, tuple[int | str | None, ...]]:
    return {row.code: row.values for row in shown.rows}


def with_cells(counts: RoundCounts, *cells: Cell) -> RoundCounts:
    return replace(counts, cells=(*counts.cells, *cells))


# Useful with few answers


def test_sixty_answers_give_problems_places_times_and_areas() -> None:
    shown = picture(60)
    assert shown.problems[0].heading == "Trafiksituationen: 25 av 60 (42\N{NO-BREAK SPACE}%)"
    assert "Nämns mest i Åredalen" in shown.problems[0].text
    assert "Värst helg natt" in shown.problems[0].text
    assert figures(table(shown, "places"))["stationen"] == (14,)
    assert (
        shown.basis
        == "Underlag: 60 boende, 8 anställda och 2 möten med 14 synpunkter. Källorna läggs aldrig ihop."
    )


def test_no_answers_give_a_sentence_and_no_table() -> None:
    shown = picture(0, 0)
    assert shown.tables == ()
    assert "Färre än 5 boende har svarat" in shown.summary[0]


def test_seven_answers_say_that_they_cannot_be_divided() -> None:
    shown = picture(7, 3)
    assert "för få för att delas upp på problem" in shown.summary[0]
    assert [shown_table.code for shown_table in shown.tables] == ["outcomes"]


@pytest.mark.parametrize("residents", [20, 60, 600])
def test_no_table_is_a_page_of_empty_cells(residents: int) -> None:
    for shown in picture(residents).tables:
        assert not {"..", "–", "*"} & {value for row in shown.rows for value in row.values}
        for column in range(len(shown.columns)):
            assert any(row.values[column] is not None for row in shown.rows), shown.code


def test_english_picture_has_the_same_figures() -> None:
    swedish, english = picture(600, 40), picture(600, 40, EXACT, "en")
    assert english.title == "Local problem picture: Åre kommun"
    for one, other in zip(swedish.tables, english.tables, strict=True):
        numbers = [[v for v in row.values if isinstance(v, int)] for row in one.rows]
        assert numbers == [[v for v in row.values if isinstance(v, int)] for row in other.rows]


def test_area_that_gave_up_a_part_is_not_called_whole() -> None:
    """Östra kommundelen without Järpen, which joined the rest."""
    shown = figures(table(picture(60, rule=INTERIM), "areas"))
    assert "others:ostra" in shown
    assert "ostra" not in shown


def test_areas_say_once_that_their_problems_come_with_the_final_picture() -> None:
    """In a preliminary one nothing is crossed, however many have answered."""
    preliminary, final = _told_of_areas(INTERIM), _told_of_areas(EXACT)
    assert [text for text in preliminary if "visas i den slutliga bilden" in text] == preliminary[:1]
    assert not any("för få" in text for text in preliminary)
    assert not any("slutliga bilden" in text for text in final)


def test_spread_is_not_scored_before_areas_may_be_compared() -> None:
    """With how many answers, is not why."""
    for rule, reason in ((INTERIM, "Inget förslag än"), (EXACT, "Förslag ")):
        (chapter,) = [chapter for chapter in picture(600, 40, rule).chapters if chapter.code == "priorities"]
        facts = {fact.code: fact.text for block in chapter.blocks for fact in block.facts}
        assert facts["spread"].startswith(reason)
        assert not re.search(r"\. [a-zåäö]", facts["residents"])


def _told_of_areas(rule: Rule) -> list[str]:
    (chapter,) = [chapter for chapter in picture(600, 40, rule).chapters if chapter.code == "areas"]
    return [text for block in chapter.blocks for text in block.texts]


# Honest


@pytest.mark.parametrize("residents", range(25, 125, 5))
def test_shares_of_a_question_come_to_no_more_than_all_though_counts_are_rounded(residents: int) -> None:
    shares: dict[str, list[int]] = {}
    for row in table(picture(residents, rule=INTERIM), "questions_residents").rows:
        question, _, answer = row.code.partition(".")
        if answer and row.level == 1 and isinstance(row.values[-1], int):
            shares.setdefault(question, []).append(row.values[-1])
    for question, percents in shares.items():
        assert sum(percents) <= 100 + len(percents) / 2, question


def test_honesty_paragraph_is_the_fixed_one_with_its_figures() -> None:
    assert picture(600, 40).honesty == (
        "Svaren kommer från personer som själva valt att svara. De är inte ett slumpmässigt urval och går inte att "
        "räkna om till alla som bor i kommunen. 600 svar kom in 7 september–4 oktober 2026; flest från Åredalen och "
        "Östra kommundelen, få från grupperna Kall, 15–24\N{NO-BREAK SPACE}år och 80 eller äldre. "
        "Resultaten visar vilka problem som nämns och var, inte hur vanliga de är. Jämför därför inte nivåerna med NTU "
        "eller Polisens trygghetsmätning."
    )


def test_streams_stand_side_by_side_and_are_never_added() -> None:
    shown = table(picture(600, 40), "problems")
    assert [column.code for column in shown.columns] == [
        "residents", "residents_percent", "employees", "employees_percent", "points", "supporters",
    ]  # fmt: skip
    assert figures(shown)["F_TRAFFIC"][0] == 255
    assert figures(shown)["F_TRAFFIC"][2] == 11


def test_disagreement_between_residents_and_employees_is_said() -> None:
    assert any(sentence.startswith("Bilderna skiljer sig") for sentence in picture(600, 40).summary)


@pytest.mark.parametrize("rule", [EXACT, INTERIM])
@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_sentence_begins_with_a_large_letter(rule: Rule, language: str) -> None:
    shown = picture(600, 40, rule, language)
    told = [problem.text for problem in shown.problems] + [*shown.summary, shown.basis]
    assert any("omkring" in text or "about" in text for text in told) == (rule is INTERIM)
    for text in told:
        assert not re.search(r"(^|[.!?] )[a-zåäö]", text), text


@pytest.mark.parametrize(
    ("count", "base", "share"), [(1, 3, None), (7, 19, None), (7, 20, 35), (1, 40, 3), (1, 200, 1)]
)
def test_percent_is_whole_and_needs_twenty(count: int, base: int, share: int | None) -> None:
    assert percent(count, base) == share


def test_few_employees_have_counts_without_percent() -> None:
    shown = table(picture(600, 15), "problems")
    assert "employees" in [column.code for column in shown.columns]
    assert "employees_percent" not in [column.code for column in shown.columns]
    assert "Andelar visas inte när färre än 20 har svarat" in shown.note


def test_shares_of_few_are_marked_as_uncertain() -> None:
    assert "Osäkert, få svar: andelarna bygger på 40 anställda" in table(picture(600, 40), "problems").note


def test_missing_groups_are_named_with_their_shares() -> None:
    sentence = next(text for text in picture(600, 40).summary if text.startswith("Färre svar än väntat"))
    assert (
        "15–24\N{NO-BREAK SPACE}år (6\N{NO-BREAK SPACE}% av svaren, 12\N{NO-BREAK SPACE}% av invånarna)"
        in sentence
    )


def test_share_of_a_question_is_of_those_who_answered_it() -> None:
    asked = figures(table(picture(600, 40), "questions_residents"))
    base = asked["avoided"][0]
    assert isinstance(base, int)
    assert base < 600
    assert asked["avoided.yes"][1] == percent(int(asked["avoided.yes"][0] or 0), base)


def test_demonstration_says_that_answers_are_invented() -> None:
    assert picture(60).demonstration == "Demonstration: svaren är påhittade."


def test_every_chart_has_an_alternative_text_and_draws_rows_of_its_table() -> None:
    for shown in picture(600, 40).tables:
        if shown.chart:
            assert len(shown.chart.alt) > 40
            assert set(shown.chart.rows) <= {row.code for row in shown.rows}
            assert set(shown.chart.columns) <= {column.code for column in shown.columns}


# Safe


@pytest.mark.parametrize("rule", [EXACT, INTERIM], ids=lambda rule: rule.name)
@pytest.mark.parametrize("residents", [5, 11, 23, 60, 140, 600])
def test_every_figure_of_persons_is_large_enough_and_rounded(residents: int, rule: Rule) -> None:
    for seed in range(3):
        counts = round_counts(residents, residents // 8, seed=seed, closed=rule is EXACT)
        for shown in picture_of(counts, codebook(), rule).tables:
            least = rule.place_threshold if shown.code == "places" else rule.threshold
            for row in shown.rows:
                for column, value in zip(shown.columns, row.values, strict=True):
                    if column.unit is Unit.PERSONS and isinstance(value, int):
                        assert value >= least, (shown.code, row.code)
                        assert value % rule.rounding == 0, (shown.code, row.code)


@pytest.mark.parametrize("confirmed", [True, False])
def test_rows_of_crossed_tables_make_up_the_group_that_they_are_of(confirmed: bool) -> None:
    """Or what is left of the row with what is sensitive would be what stands there for others."""
    for seed in range(8):
        counts = round_counts(300, seed=seed)
        cells = [
            replace(cell, column="person") if confirmed and cell.table is Table.PROBLEM else cell
            for cell in counts.cells
        ]
        for key, table in protect(replace(counts, cells=tuple(cells)), codebook(), EXACT).crossed.items():
            for at, rest in enumerate(table.rest):
                shown = sum(count for (row, _), count in table.shown.items() if row == at)
                assert shown + rest == table.rows[at].count, (seed, key, table.rows[at])


def test_interim_releases_cross_nothing() -> None:
    assert protect(round_counts(600, closed=False), codebook(), INTERIM).crossed == {}
    assert protect(round_counts(600), codebook(), EXACT).crossed


CROSSED = {
    Table.PROBLEM_AREA: Table.AREA,
    Table.PROBLEM_AGE: Table.AGE,
    Table.PROBLEM_GENDER: Table.GENDER,
    Table.PROBLEM_WISH: Table.WISH,
}
"""Tables whose rows and columns both have totals, and the partition that their columns are of."""


@pytest.mark.parametrize("table", CROSSED)
@pytest.mark.parametrize("residents", [30, 60, 120])
@pytest.mark.parametrize("seed", range(4))
def test_no_small_cell_follows_from_the_released_table_and_its_totals(
    residents: int, seed: int, table: Table
) -> None:
    """The attacker knows every released group and cell of a crossed table, and solves for the single counts."""
    counts = round_counts(residents, seed=seed)
    safe = protect(counts, codebook(), EXACT)
    problems, columns = (
        safe.partitions.get(Key(of, Stream.RESIDENTS), ()) for of in (Table.PROBLEM, CROSSED[table])
    )
    cells = {
        (code, other): 0
        for row in problems
        for code in row.codes
        for column in columns
        for other in column.codes
    }
    for cell in counts.cells:
        if cell.table is table and cell.stream is Stream.RESIDENTS:
            at = (cell.row if (cell.row, cell.column) in cells else "unsorted", cell.column)
            cells[at] = cells.get(at, 0) + cell.count
    sums = [[at for at in cells if at[0] in row.codes] for row in problems]
    sums += [[at for at in cells if at[1] in column.codes] for column in columns]
    crossed = safe.crossed.get(Key(table, Stream.RESIDENTS))
    for row, column in crossed.shown if crossed else ():
        codes, others = crossed.rows[row].codes, crossed.columns[column].codes
        sums.append([at for at in cells if at[0] in codes and at[1] in others])
    found = determined(list(cells), sums)
    assert [at for at in found if 0 < cells[at] < EXACT.threshold] == []


def test_no_small_cell_follows_from_two_tables_that_share_the_problem() -> None:
    """Unknown are persons by problem, area and gender at once; known is all that both crossed tables show and their
    totals. A hidden cell of either is a sum of unknowns: `-1` stands for it in the equation that says so.
    """
    for seed in range(3):
        safe = protect(round_counts(60, seed=seed), codebook(), EXACT)
        tables = [
            safe.crossed[Key(table, Stream.RESIDENTS)] for table in (Table.PROBLEM_AREA, Table.PROBLEM_GENDER)
        ]
        rows = sorted({code for group in tables[0].rows for code in group.codes})
        axes = [[*(group.codes for group in table.columns)] for table in tables]
        unknown = [(row, a, g) for row in rows for a in range(len(axes[0])) for g in range(len(axes[1]))]
        sums: list[list[tuple[str, int, int]]] = []
        hidden: list[tuple[str, int, int]] = []
        for index, table in enumerate(tables):
            for at, group in enumerate(table.rows):
                of_row = [cell for cell in unknown if cell[0] in group.codes]
                sums.append(of_row)
                for column in range(len(table.columns)):
                    members = [cell for cell in of_row if cell[1 + index] == column]
                    if (at, column) not in table.shown:
                        name = (f"{index}:{at}", column, -1)
                        hidden.append(name)
                        members.append(name)
                    sums.append(members)
            sums += [[c for c in unknown if c[1 + index] == column] for column in range(len(table.columns))]
        alone = {name for index in (0, 1) for name in _determined_alone(tables[index], str(index))}
        assert set(determined([*hidden, *unknown], sums)) & set(hidden) <= alone


def _determined_alone(table: Crossed, name: str) -> list[tuple[str, int, int]]:
    """Hidden cells that follow from the table by itself: those that disclosure control does not mind, as zeros."""
    cells = [
        (f"{name}:{row}", column, -1)
        for row in range(len(table.rows))
        for column in range(len(table.columns))
    ]
    sums = [[c for c in cells if c[0] == f"{name}:{row}"] for row in range(len(table.rows))]
    sums += [[c for c in cells if c[1] == column] for column in range(len(table.columns))]
    sums += [[(f"{name}:{row}", column, -1)] for row, column in table.shown]
    return determined(cells, sums)


@pytest.mark.parametrize("seed", range(8))
def test_sensitive_subjects_stand_alone_for_the_whole_municipality_only(seed: int) -> None:
    counts = round_counts(400, 40, seed=seed)
    safe = protect(counts, codebook(), EXACT)
    for key, crossed in safe.crossed.items():
        wishes = crossed.columns if key.table is Table.PROBLEM_WISH else ()
        for group in (*crossed.rows, *wishes):
            assert not SENSITIVE & set(group.codes) or OTHER in group.codes, key
            assert not set(group.codes) <= SENSITIVE | {OTHER, "unsorted"}, key
    for group in safe.partitions.get(Key(Table.WISH, Stream.RESIDENTS), ()):
        assert not SENSITIVE & set(group.codes) or len(group.codes) > 1


def test_sensitive_answers_that_no_person_confirmed_are_not_shown() -> None:
    counts = round_counts(0, 0)
    cells = [
        Cell(table=Table.OUTCOME, stream=Stream.RESIDENTS, row="complete", count=60),
        Cell(
            table=Table.PROBLEM, stream=Stream.RESIDENTS, row="traffic_offences", column="machine", count=40
        ),
        Cell(
            table=Table.PROBLEM, stream=Stream.RESIDENTS, row="domestic_violence", column="machine", count=20
        ),
    ]
    unconfirmed = picture_of(with_cells(counts, *cells), codebook(), EXACT)
    assert "domestic_violence" not in figures(table(unconfirmed, "problems"))
    assert not any("våld i nära relation" in sentence for sentence in unconfirmed.summary)
    confirmed = picture_of(
        with_cells(counts, *cells[:2], replace(cells[2], column="person")), codebook(), EXACT
    )
    assert figures(table(confirmed, "problems"))["domestic_violence"][0] == 20
    assert any("våld i nära relation och hedersförtryck (20)" in sentence for sentence in confirmed.summary)


def test_question_on_own_victimhood_is_in_no_table() -> None:
    counts = with_cells(
        round_counts(60),
        Cell(table=Table.CLOSED, stream=Stream.RESIDENTS, row="victim", column="yes", count=30),
    )
    assert "victim" not in json.dumps(to_json(picture_of(counts, codebook(), EXACT)))


def test_safety_at_work_needs_ten_employees() -> None:
    assert picture(60, 9).table("questions_employees") is None
    codes = figures(table(picture(60, 14), "questions_employees"))
    assert "work_safety" in codes


def test_last_question_is_shown_only_where_its_total_may_be_known() -> None:
    counts = round_counts(0, 0)
    residents = Stream.RESIDENTS
    cells = [Cell(table=Table.OUTCOME, stream=residents, row="complete", count=30)]
    cells += [Cell(table=Table.OUTCOME, stream=residents, row="break_off", count=12)]
    cells += [
        Cell(table=Table.LAST_QUESTION, stream=residents, row=name, count=6) for name in ("area", "problem")
    ]
    alone = picture_of(with_cells(counts, *cells), codebook(), EXACT)
    assert figures(table(alone, "last_question")) == {"area": (6,), "problem": (6,)}
    few_refused = Cell(table=Table.OUTCOME, stream=residents, row="refused", count=3)
    assert (
        picture_of(with_cells(counts, *cells, few_refused), codebook(), EXACT).table("last_question") is None
    )


def test_more_persons_in_a_table_than_have_answered_is_an_error() -> None:
    counts = with_cells(
        round_counts(60), Cell(table=Table.AREA, stream=Stream.RESIDENTS, row="kall", count=1)
    )
    with pytest.raises(ValueError, match="1 persons more"):
        protect(counts, codebook(), EXACT)


def test_participants_below_the_threshold_are_not_told() -> None:
    counts = replace(round_counts(60), meetings=Meetings(meetings=1, women=2, men=1))
    codes = figures(table(picture_of(counts, codebook(), EXACT), "meetings"))
    assert not {"participants", "women", "men"} & set(codes)


# A document


@pytest.mark.parametrize("residents", [0, 60, 600])
def test_picture_survives_json(residents: int) -> None:
    shown = picture(residents)
    assert from_json(json.loads(json.dumps(to_json(shown)))) == shown


def test_picture_kept_as_version_1_is_still_read() -> None:
    """Without chapters, and with charts that do not say how they are drawn."""
    now = to_json(picture(600, 40))
    before = {key: value for key, value in now.items() if key not in ("chapters", "certainty", "focus")}
    before["version"] = 1
    for each in before["tables"]:
        each["chart"] = each["chart"] and {k: v for k, v in each["chart"].items() if k != "kind"}
    read = from_json(json.loads(json.dumps(before)))
    assert read.chapters == ()
    coverage, problems = table(read, "coverage").chart, table(read, "problems").chart
    assert coverage
    assert problems
    assert (coverage.kind, problems.kind) == (ChartKind.COVERAGE, ChartKind.BARS)
    assert replace(read, tables=()) == replace(
        picture(600, 40), tables=(), chapters=(), certainty="", focus=()
    )


def test_every_table_that_a_chapter_names_is_there_and_stands_in_one_place() -> None:
    for residents in (0, 7, 60, 600):
        shown = picture(residents)
        named = [code for chapter in shown.chapters for block in chapter.blocks for code in block.tables]
        assert sorted(named) == sorted({each.code for each in shown.tables})


def test_picture_of_another_version_is_refused() -> None:
    with pytest.raises(ValueError, match="version 99"):
        from_json({**to_json(picture(60)), "version": 99})


# Outcomes


@pytest.mark.parametrize(
    ("status", "answered", "has_safety", "has_problem", "outcome"),
    [
        ("finished", 8, True, True, Outcome.COMPLETE),
        ("finished", 7, True, True, Outcome.COMPLETE),
        ("finished", 7, True, False, Outcome.PARTIAL),
        ("asking", 4, True, False, Outcome.PARTIAL),
        ("asking", 3, True, True, Outcome.PARTIAL),
        ("asking", 3, True, False, Outcome.BREAK_OFF),
        ("stopped", 3, True, False, Outcome.STOPPED),
        ("stopped", 5, True, True, Outcome.PARTIAL),
        ("refused", 0, False, False, Outcome.REFUSED),
        ("under_age", 7, True, True, Outcome.UNDER_AGE),
    ],
)
def test_outcome(status: str, answered: int, has_safety: bool, has_problem: bool, outcome: Outcome) -> None:
    found = outcome_of(
        status=status,
        core_answered=answered,
        core_applicable=8,
        has_safety=has_safety,
        has_problem=has_problem,
    )
    assert found is outcome


def test_no_table_has_a_row_twice() -> None:
    """A category can be part of its focus issue with residents, and stand alone at meetings."""
    for residents, seed in itertools.product((60, 600, 900), range(5)):
        shown = picture_of(round_counts(residents, residents // 10, seed=seed), codebook(), EXACT)
        for table in shown.tables:
            codes = [row.code for row in table.rows]
            assert len(codes) == len(set(codes)), (table.code, residents, seed)


def test_no_words_of_the_picture_are_overwritten_by_others_of_the_same_name() -> None:
    lists = (CHAPTER_TEXTS, PUBLISHED_TEXTS, WEIGHING_TEXTS)
    assert all(TEXTS[key] == texts[key] for texts in lists for key in texts)
    assert not any(set(one) & set(other) for one, other in itertools.combinations(lists, 2))


def test_numbers_are_written_as_people_write_them_and_no_line_ends_before_their_unit() -> None:
    swedish, english = Words("sv"), Words("en")
    key = {"problem": "Buller", "count": 8509, "base": 18924, "percent": 45}
    assert swedish("problem_share", **key) == "Buller: 8\u00a0509 av 18\u00a0924 (45\u00a0%)"
    assert english("problem_share", **key) == "Buller: 8,509 of 18,924 (45%)"
    assert in_print("15-24 år") == "15–24\u00a0år"
    assert in_print("2026-11-02, väg 114-14-1") == "2026-11-02, väg 114-14-1"
    for language in ("sv", "en"):
        shown = json.dumps(to_json(picture(600, 75, language=language)), ensure_ascii=False)
        assert not re.search(r"\d %|\d år\b", shown.replace("100 000", ""))
