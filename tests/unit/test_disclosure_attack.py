"""Nothing that single people answered follows from everything that is released of a round, release after release."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest
from attacking import Knowledge, Round, Target, Variable, found_out, link, read, true_counts
from problem_samples import AREAS, PLACES, PROBLEMS, TIMES, codebook, facts

from bot.services.protecting import protect
from privacy.disclosure import EXACT, INTERIM, Rule
from summary.released import MISSING, UNSORTED, ProtectedCounts
from summary.rows import RoundCounts, Table

SAFETY = ("very_safe", "fairly_safe", "neither", "fairly_unsafe", "very_unsafe", "dont_know")
AGES = ("15_24", "25_44", "45_64", "65_79", "80_up", "refused")
GENDERS = ("woman", "man", "other", "refused")
WISHES = (
    "police_presence",
    "lighting_env",
    "safety_measures",
    "traffic_offences",
    "domestic_violence",
    "off_topic",
)
LISTS = {
    "area": tuple(AREAS),
    "problem": tuple(PROBLEMS),
    "safety": SAFETY,
    "age": AGES,
    "gender": GENDERS,
    "wish": WISHES,
    "time": TIMES,
    "also_time": TIMES,
    "place": tuple(PLACES),
    "also_place": tuple(PLACES),
    "by": ("person", "machine"),
}
FEW = 60
ROUNDS = [*range(25), *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(25, 200))]


@pytest.mark.parametrize("knows_zeros", [False, True], ids=["", "knows-what-nobody-chose"])
@pytest.mark.parametrize("seed", ROUNDS)
def test_no_hidden_count_follows_from_all_releases_of_a_round(seed: int, knows_zeros: bool) -> None:
    invented = Round.of(seed, LISTS, most=FEW if seed % 2 else 400)
    truth, releases = _play(invented)
    unknown = [v for at in range(len(releases)) for v in _possible(at)]
    if knows_zeros:
        chosen = {code for (_, *codes) in truth for code in codes}
        unknown = [variable for variable in unknown if chosen.issuperset(variable[1:])]
    knowledge = Knowledge(unknown=dict.fromkeys(unknown))
    for at, released in enumerate(releases):
        read(knowledge, at, released)
    link(knowledge)
    hidden = [*_hidden_combinations(truth, unknown), *_hidden_cells(truth, releases, unknown)]
    assert [_told(target, truth) for target in found_out(knowledge, truth, hidden)] == []


def _play(invented: Round) -> tuple[Counter[Variable], list[ProtectedCounts]]:
    """Interim releases while answers come in, and the exact one when all have come."""
    truth: Counter[Variable] = Counter()
    releases = []
    numbers = invented.releases()
    for at, first in enumerate(numbers):
        rule = EXACT if at == len(numbers) - 1 else INTERIM
        counts = RoundCounts(facts=facts(closed=rule is EXACT), cells=invented.cells(first))
        releases.append(protect(counts, codebook(), rule))
        truth |= true_counts(at, invented.people[:first], counts.sensitive)
    return truth, releases


def _possible(at: int) -> Iterator[Variable]:
    columns = {
        Table.PROBLEM_AREA: (*AREAS, MISSING),
        Table.PROBLEM_AGE: (*AGES, MISSING),
        Table.PROBLEM_GENDER: (*GENDERS, MISSING),
        Table.PROBLEM_WISH: (*WISHES, UNSORTED, MISSING),
        Table.PROBLEM_TIME: TIMES,
        Table.PROBLEM_PLACE: tuple(PLACES),
    }
    for table, codes in columns.items():
        for problem in (*PROBLEMS, UNSORTED, *([MISSING] if MISSING in codes else [])):
            yield from ((at, table, problem, code) for code in codes)
    for safety in (*SAFETY, MISSING):
        yield from ((at, Table.SAFETY_AREA, safety, area) for area in (*AREAS, MISSING))


def _hidden_combinations(truth: Counter[Variable], unknown: list[Variable]) -> list[Target]:
    """What fewer than the threshold said, each combination by itself."""
    return [frozenset({v}) for v in unknown if 0 < truth[v] < EXACT.threshold]


def _hidden_cells(
    truth: Counter[Variable], releases: list[ProtectedCounts], unknown: list[Variable]
) -> Iterator[Target]:
    """Cells of the released tables that were left empty, for few stand in them."""
    for at, released in enumerate(releases):
        for key, crossed in released.crossed.items():
            for row in crossed.rows:
                for column in crossed.columns:
                    cell = frozenset(
                        v
                        for v in unknown
                        if v[:2] == (at, key.table) and v[2] in row.codes and v[3] in column.codes
                    )
                    if 0 < sum(truth[v] for v in cell) < EXACT.threshold:
                        yield cell


def _told(target: Target, truth: Counter[Variable]) -> tuple[list[Variable], int]:
    return sorted(target), sum(truth[variable] for variable in target)


@pytest.mark.parametrize("rule", [INTERIM, EXACT], ids=lambda rule: rule.name)
def test_the_attacker_finds_what_is_released_without_protection(rule: Rule) -> None:
    """Else the tests above would prove nothing."""
    naked = replace(rule, threshold=1, rounding=1, crossed=True)
    invented = Round.of(3, LISTS, most=FEW)
    counts = RoundCounts(facts=facts(), cells=invented.cells(len(invented.people)))
    truth = true_counts(0, invented.people, counts.sensitive)
    unknown = list(_possible(0))
    knowledge = Knowledge(unknown=dict.fromkeys(unknown))
    read(knowledge, 0, protect(counts, codebook(), naked))
    hidden = _hidden_combinations(truth, unknown)
    assert len(found_out(knowledge, truth, hidden)) > len(hidden) / 2
