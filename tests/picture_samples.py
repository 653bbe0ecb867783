"""Problem pictures of invented rounds, and what tests look up in them."""

from dataclasses import replace
from functools import cache

from problem_samples import codebook, round_counts

from bot.services.summaries import picture_of
from privacy.disclosure import EXACT, Rule
from summary.picture import PictureTable, ProblemPicture
from summary.rows import Cell, RoundCounts


@cache
def picture(residents: int, employees: int = 8, rule: Rule = EXACT, language: str = "sv") -> ProblemPicture:
    counts = round_counts(residents, employees, closed=rule is EXACT)
    return picture_of(counts, codebook(), rule, language)


def table_of(shown: ProblemPicture, code: str) -> PictureTable:
    found = shown.table(code)
    assert found is not None
    return found


def figures(shown: PictureTable) -> dict[str, tuple[int | str | None, ...]]:
    return {row.code: row.values for row in shown.rows}


def with_cells(counts: RoundCounts, *cells: Cell) -> RoundCounts:
    return replace(counts, cells=(*counts.cells, *cells))
