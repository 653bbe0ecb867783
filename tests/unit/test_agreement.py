"""Cohen's kappa against examples that were worked by others, and against what it must be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from categories.agreement import agreement

MAMMOGRAMS = [[21, 12, 0, 0], [4, 17, 1, 0], [3, 9, 15, 2], [0, 0, 0, 1]]
"""Altman, Practical Statistics for Medical Research (1991), ch. 14.3: two radiologists, 85 mammograms; kappa 0.47."""
DIAGNOSES = [[75, 1, 4], [5, 4, 1], [0, 0, 10]]
"""Fleiss, Levin, Paik, Statistical Methods for Rates and Proportions (3rd ed., 2003), table 18.1; kappa 0.68."""
PHYSIOTHERAPISTS = [[22, 2], [4, 11]]
"""Sim and Wright, Physical Therapy 85 (2005) 257-268, table 1: lumbar pain; kappa 0.67."""


def pairs(table: list[list[int]]) -> list[tuple[str, str]]:
    return [
        (str(row), str(column))
        for row, counts in enumerate(table)
        for column, count in enumerate(counts)
        for _ in range(count)
    ]


@pytest.mark.parametrize(
    ("table", "observed", "kappa"),
    [(MAMMOGRAMS, 0.635, 0.473), (DIAGNOSES, 0.89, 0.676), (PHYSIOTHERAPISTS, 0.846, 0.67)],
)
def test_kappa_is_that_of_the_literature(table: list[list[int]], observed: float, kappa: float) -> None:
    found = agreement(pairs(table))
    assert found.observed == pytest.approx(observed, abs=0.001)
    assert found.kappa == pytest.approx(kappa, abs=0.005)


def test_without_answers_or_choice_there_is_no_kappa() -> None:
    assert agreement([]).kappa is None
    assert agreement([("fraud", "fraud")] * 5).kappa is None
    assert agreement([("fraud", "fraud")] * 5).observed == 1


CATEGORY = st.sampled_from(["fraud", "violence", "disorder", "empty"])


@given(st.lists(st.tuples(CATEGORY, CATEGORY), min_size=1, max_size=60))
def test_who_coded_first_makes_no_difference(both: list[tuple[str, str]]) -> None:
    found, turned = agreement(both), agreement((b, a) for a, b in both)
    assert (found.observed, found.kappa) == (turned.observed, pytest.approx(turned.kappa))
    assert found.kappa is None or found.kappa <= 1


def test_agreement_in_everything_is_one_and_in_nothing_is_below_zero() -> None:
    assert agreement([("fraud", "fraud"), ("violence", "violence")]).kappa == 1
    assert agreement([("fraud", "violence"), ("violence", "fraud")]).kappa == -1
