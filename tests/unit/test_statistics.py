"""Wilson's interval and Cohen's kappa, against published values and at their edges."""

import pytest

from summary.statistics import Interval, cohen_kappa, wilson


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [
        # Newcombe, Statistics in Medicine 17 (1998), table I, method 3: score without continuity correction
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_agrees_with_published_intervals(successes: int, n: int, low: float, high: float) -> None:
    assert wilson(successes, n) == pytest.approx((low, high), abs=5e-5)


def test_wilson_of_all_cases_mirrors_that_of_none() -> None:
    none, every = wilson(0, 20), wilson(20, 20)
    assert every == pytest.approx((1 - none.high, 1.0))


def test_wilson_of_no_cases_says_that_nothing_is_known() -> None:
    assert wilson(0, 0) == Interval(0.0, 1.0)


def test_wilson_is_wider_for_a_higher_level() -> None:
    assert wilson(7, 10, z=2.576).low < wilson(7, 10).low


@pytest.mark.parametrize(("successes", "n"), [(3, 2), (-1, 2)])
def test_wilson_refuses_counts_that_are_no_share(successes: int, n: int) -> None:
    with pytest.raises(ValueError, match="not a share"):
        wilson(successes, n)


def test_kappa_of_a_two_by_two_table() -> None:
    # 20 both yes, 5 yes/no, 10 no/yes, 15 both no: observed 0.70, by chance 0.50
    first = ["yes"] * 25 + ["no"] * 25
    second = ["yes"] * 20 + ["no"] * 5 + ["yes"] * 10 + ["no"] * 15
    assert cohen_kappa(first, second) == pytest.approx(0.40)


def test_kappa_of_complete_agreement_is_one_and_of_reversal_below_zero() -> None:
    assert cohen_kappa(["a", "b"], ["a", "b"]) == pytest.approx(1.0)
    assert cohen_kappa(["a", "b"], ["b", "a"]) == pytest.approx(-1.0)


@pytest.mark.parametrize("labels", [[], ["a", "a"]])
def test_kappa_is_undefined_where_chance_alone_agrees(labels: list[str]) -> None:
    assert cohen_kappa(labels, labels) is None


def test_kappa_needs_the_same_cases_from_both_coders() -> None:
    with pytest.raises(ValueError, match="longer"):
        cohen_kappa(["a"], ["a", "b"])
