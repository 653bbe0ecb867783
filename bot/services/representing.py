"""Whom the answers miss, live: residents by area and age, beside what the areas' inhabitants would give. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.services.watching import Labels
from storage.rounds import AreaRow
from summary.coverage import FEWER, MORE
from summary.material import PERCENT_BASE

EXPECTED_FROM = 3.0
"""Answers that the inhabitants would give, below which a cell says nothing."""
_MOST_NAMED = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """Answers, those that the inhabitants would give (None where that is not known), and the verdict on both:
    ``fewer``, ``level``, ``more``, or empty where there is too little to tell.
    """

    count: int
    expected: float | None
    verdict: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Covered:
    """An area with its ages, and both in all."""

    code: str
    label: str
    cells: tuple[Cell, ...]
    total: Cell


@dataclass(frozen=True, kw_only=True, slots=True)
class Crossed:
    """Areas by ages. `is_compared`: inhabitants are known of two areas or more, and enough have answered.

    `by_age`: they are known by age too.
    """

    ages: tuple[tuple[str, str], ...]
    areas: tuple[Covered, ...]
    is_compared: bool
    by_age: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Sparse:
    """An age in an area that has answered least for its inhabitants."""

    area: str
    age: str
    age_code: str
    count: int
    expected: int


def crossed(
    persons: Mapping[tuple[str, str], int],
    areas: Iterable[AreaRow],
    book: Labels,
    ages_inhabitants: Mapping[str, int],
) -> Crossed:
    """`persons` by area and age; inhabitants by age where somebody has given them. Nobody knows them by both: within an
    age, each area is held against its share of all inhabitants.
    """
    listed = list(areas)
    ages = book.known("age")
    people = {area.code: area.population for area in listed if area.population}
    named = {code: [persons.get((code, age), 0) for age in ages] for code in (area.code for area in listed)}
    totals = {code: sum(n for (at, _), n in persons.items() if at == code) for code in named}
    base, everybody = sum(totals[code] for code in people), sum(people.values())
    by_age = [sum(named[code][n] for code in people) for n in range(len(ages))]
    knows_ages = bool(ages) and set(ages) <= set(ages_inhabitants) and sum(ages_inhabitants.values()) > 0
    if knows_ages:
        answered, of_ages = sum(by_age), sum(ages_inhabitants[age] for age in ages)
        by_age = [round(answered * ages_inhabitants[age] / of_ages) for age in ages]
    is_compared = base >= PERCENT_BASE and len(people) >= 2

    def expected(code: str, of: int) -> float | None:
        return of * people[code] / everybody if is_compared and code in people else None

    rows = tuple(
        Covered(
            code=area.code,
            label=area.name,
            cells=tuple(_cell(named[area.code][n], expected(area.code, by_age[n])) for n in range(len(ages))),
            total=_cell(totals[area.code], expected(area.code, base)),
        )
        for area in listed
    )
    return Crossed(
        ages=tuple((age, book("age", age)) for age in ages),
        areas=rows,
        is_compared=is_compared,
        by_age=knows_ages,
    )


def sparsest(found: Crossed) -> tuple[Sparse, ...]:
    """The cells with fewest answers for their inhabitants, those that miss most persons first."""
    few = [
        (
            cell.expected - cell.count,
            Sparse(
                area=area.label, age=label, age_code=code, count=cell.count, expected=round(cell.expected)
            ),
        )
        for area in found.areas
        for (code, label), cell in zip(found.ages, area.cells, strict=True)
        if cell.verdict == "fewer" and cell.expected is not None
    ]
    return tuple(sparse for _, sparse in sorted(few, key=lambda pair: -pair[0])[:_MOST_NAMED])


def _cell(count: int, expected: float | None) -> Cell:
    if expected is None or expected < EXPECTED_FROM:
        return Cell(count=count, expected=expected, verdict="")
    ratio = count / expected
    return Cell(
        count=count,
        expected=expected,
        verdict="fewer" if ratio < FEWER else "more" if ratio > MORE else "level",
    )
