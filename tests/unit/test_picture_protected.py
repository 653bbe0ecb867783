"""What the problem picture may show of persons: nothing small, and nothing small that follows from it."""

import json
from dataclasses import replace

import pytest
from picture_samples import figures, picture, table_of, with_cells
from problem_samples import codebook, round_counts
from solving import determined

from bot.services.protecting import protect
from bot.services.summaries import picture_of
from privacy.disclosure import EXACT, INTERIM, Rule
from summary.picture import Unit, to_json
from summary.released import OTHER, Crossed, Key
from summary.rows import Cell, Meetings, Stream, Table

SENSITIVE = {"domestic_violence", "hate_discrimination", "organised_crime"}


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
    assert "domestic_violence" not in figures(table_of(unconfirmed, "problems"))
    assert not any("våld i nära relation" in sentence for sentence in unconfirmed.summary)
    confirmed = picture_of(
        with_cells(counts, *cells[:2], replace(cells[2], column="person")), codebook(), EXACT
    )
    assert figures(table_of(confirmed, "problems"))["domestic_violence"][0] == 20
    assert any("våld i nära relation och hedersförtryck (20)" in sentence for sentence in confirmed.summary)


def test_question_on_own_victimhood_is_in_no_table() -> None:
    counts = with_cells(
        round_counts(60),
        Cell(table=Table.CLOSED, stream=Stream.RESIDENTS, row="victim", column="yes", count=30),
    )
    assert "victim" not in json.dumps(to_json(picture_of(counts, codebook(), EXACT)))


def test_safety_at_work_needs_ten_employees() -> None:
    assert picture(60, 9).table("questions_employees") is None
    codes = figures(table_of(picture(60, 14), "questions_employees"))
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
    assert figures(table_of(alone, "last_question")) == {"area": (6,), "problem": (6,)}
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
    codes = figures(table_of(picture_of(counts, codebook(), EXACT), "meetings"))
    assert not {"participants", "women", "men"} & set(codes)
