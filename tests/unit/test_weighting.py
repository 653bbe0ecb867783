"""Raking against the closed form of two by two tables, its bounds, and when there are no weights."""

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summary.weighting import Combination, NotWeighted, Weighted, WhyNot, effective_n, rake, weighted_share

WIDE = (0.0, 1e9)
SIDES = ({"north": 1.0, "south": 1.0}, {"old": 1.0, "young": 1.0})
EVEN = {("north", "old"): 60, ("north", "young"): 60, ("south", "old"): 60, ("south", "young"): 60}


def weighted(
    counts: dict[Combination, int], margins: list[dict[str, float]], limits: tuple[float, float] = WIDE
) -> Weighted:
    found = rake(counts, margins, fewest=1, fewest_in_group=1, limits=limits)
    assert isinstance(found, Weighted)
    return found


def share_of_both(row: float, column: float, odds: float) -> float:
    """The cell of a table with these two shares and this odds ratio, which raking keeps (Y. M. M. Bishop,
    S. E. Fienberg and P. W. Holland, Discrete Multivariate Analysis, 1975, chapter 3): a root of a quadratic equation.
    """
    if abs(odds - 1) < 1e-12:
        return row * column
    b = 1 + (row + column) * (odds - 1)
    return (b - sqrt(b * b - 4 * odds * (odds - 1) * row * column)) / (2 * (odds - 1))


@given(
    st.tuples(*[st.integers(5, 200)] * 4),
    st.floats(0.1, 0.9),
    st.floats(0.1, 0.9),
)
def test_two_by_two_table_is_that_of_the_closed_form(
    cells: tuple[int, ...], row: float, column: float
) -> None:
    counts = dict(zip(EVEN, cells, strict=True))
    found = weighted(counts, [{"north": row, "south": 1 - row}, {"old": column, "young": 1 - column}])
    odds = cells[0] * cells[3] / (cells[1] * cells[2])
    at = ("north", "old")
    assert found.weights[at] * counts[at] / sum(cells) == pytest.approx(
        share_of_both(row, column, odds), abs=1e-7
    )


@given(
    st.lists(st.integers(1, 60), min_size=12, max_size=12),
    st.lists(st.integers(1, 50), min_size=7, max_size=7),
)
def test_every_margin_is_on_its_target_before_trimming(cells: list[int], persons: list[int]) -> None:
    codes = [(a, b, c) for a in "ab" for b in "cde" for c in "fg"]
    margins = [
        {"a": float(persons[0]), "b": float(persons[1])},
        {"c": float(persons[2]), "d": float(persons[3]), "e": float(persons[4])},
        {"f": float(persons[5]), "g": float(persons[6])},
    ]
    counts: dict[Combination, int] = dict(zip(codes, cells, strict=True))
    found = weighted(counts, margins)
    for index, margin in enumerate(margins):
        for code, of_group in margin.items():
            sum_of_group = sum(found.weights[at] * n for at, n in counts.items() if at[index] == code)
            assert sum_of_group / sum(cells) == pytest.approx(of_group / sum(margin.values()), abs=1e-7)


@given(st.lists(st.integers(1, 100), min_size=4, max_size=4), st.floats(0.02, 0.98))
def test_trimmed_weights_stay_within_limits_with_a_mean_of_one(cells: list[int], row: float) -> None:
    counts = dict(zip(EVEN, cells, strict=True))
    found = weighted(counts, [{"north": row, "south": 1 - row}, {"old": 1.0, "young": 1.0}], (0.3, 3.0))
    assert all(0.3 - 1e-9 <= weight <= 3.0 + 1e-9 for weight in found.weights.values())
    assert sum(found.weights[at] * n for at, n in counts.items()) / sum(cells) == pytest.approx(1, abs=1e-3)
    assert found.design_effect + 1e-9 >= 1
    assert found.effective_n <= sum(cells) + 1e-6


def test_effective_number_is_kishs() -> None:
    """Half of a hundred at weight 0.5, half at 1.5: CV^2 is 0.25, so that 100 answers are worth 80."""
    assert effective_n({("a",): 0.5, ("b",): 1.5}, {("a",): 50, ("b",): 50}) == pytest.approx(80)
    found = weighted({("a",): 50, ("b",): 50}, [{"a": 1.0, "b": 3.0}])
    assert (found.effective_n, found.design_effect) == (pytest.approx(80), pytest.approx(1.25))


def test_answers_that_are_like_the_population_are_left_as_they_are() -> None:
    found = weighted(EVEN, list(SIDES))
    assert set(found.weights.values()) == {1.0}
    assert (found.effective_n, found.trimmed, found.off) == (240, 0, 0)


def test_who_is_in_no_group_keeps_weight_one_and_is_told() -> None:
    counts: dict[Combination, int] = {("a",): 50, ("b",): 50, ("refused",): 7}
    found = weighted(counts, [{"a": 1.0, "b": 3.0}])
    assert (found.weights["refused",], found.unplaced) == (1.0, 7)


def test_trimming_says_how_many_and_how_far_off_it_leaves_the_shares() -> None:
    found = weighted({("a",): 10, ("b",): 190}, [{"a": 1.0, "b": 1.0}], (0.3, 3.0))
    assert found.trimmed == 10
    assert found.weights["a",] == pytest.approx(3.0)
    assert found.off == pytest.approx(0.5 - 3.0 * 10 / 200)


def test_no_weights_under_two_hundred_surveys() -> None:
    few = dict.fromkeys(EVEN, 49)
    assert rake(few, SIDES) == NotWeighted(why=WhyNot.TOO_FEW)
    assert isinstance(rake(dict.fromkeys(EVEN, 50), SIDES), Weighted)


def test_no_weights_where_nobody_or_too_few_stand_for_a_group() -> None:
    margins = [{"a": 1.0, "b": 1.0, "c": 1.0}]
    assert rake({("a",): 150, ("b",): 150}, margins) == NotWeighted(
        why=WhyNot.EMPTY_GROUP, margin=0, code="c"
    )
    assert rake({("a",): 150, ("b",): 150, ("c",): 9}, margins) == NotWeighted(
        why=WhyNot.SMALL_GROUP, margin=0, code="c"
    )


def test_no_weights_where_the_margins_cannot_both_be_met() -> None:
    """Everybody old lives in the north and everybody young in the south, but the population is not so."""
    split: dict[Combination, int] = {("north", "old"): 150, ("south", "young"): 150}
    margins = [{"north": 9.0, "south": 1.0}, {"old": 1.0, "young": 9.0}]
    assert rake(split, margins) == NotWeighted(why=WhyNot.NOT_CONVERGED)


def test_weighted_share() -> None:
    weights: dict[Combination, float] = {("a",): 0.5, ("b",): 1.5}
    assert weighted_share({("a",): 10}, {("a",): 20, ("b",): 20}, weights) == pytest.approx(5 / 40)
    assert weighted_share({}, {}, weights) is None
