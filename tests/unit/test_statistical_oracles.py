"""Raking, intervals and kappa against the same figures by other hands: ipfn and statsmodels."""

import random
from collections import Counter

import numpy as np
import pytest
from ipfn import ipfn
from statsmodels.stats.inter_rater import cohens_kappa, to_table
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from summary.statistics import cohen_kappa, wilson, wilson_difference
from summary.weighting import Combination, Weighted, rake

Z = 1.959963984540054
"""What statsmodels takes for 95 %; ours is 1.96."""
SHARES = [(0, 20), (1, 20), (7, 23), (12, 60), (60, 60), (174, 572), (5, 20_000)]


@pytest.mark.parametrize(("count", "base"), SHARES)
def test_wilson_interval_is_that_of_statsmodels(count: int, base: int) -> None:
    assert tuple(wilson(count, base, Z)) == pytest.approx(
        proportion_confint(count, base, method="wilson"), abs=1e-9
    )


@pytest.mark.parametrize("first", SHARES)
@pytest.mark.parametrize("second", SHARES)
def test_interval_of_a_difference_is_that_of_statsmodels(
    first: tuple[int, int], second: tuple[int, int]
) -> None:
    theirs = confint_proportions_2indep(*second, *first, method="newcomb", compare="diff")
    assert wilson_difference(first, second, Z) == pytest.approx(theirs, abs=1e-9)


def test_kappa_is_that_of_statsmodels() -> None:
    chance = random.Random(3)  # noqa: S311
    first = [chance.choice(("traffic", "dark", "noise")) for _ in range(200)]
    second = [
        label if chance.random() < 0.8 else chance.choice(("traffic", "dark", "noise")) for label in first
    ]
    numbers = {"traffic": 0, "dark": 1, "noise": 2}
    table = to_table([[numbers[a], numbers[b]] for a, b in zip(first, second, strict=True)], bins=3)[0]
    assert cohen_kappa(first, second) == pytest.approx(cohens_kappa(table).kappa, abs=1e-12)


@pytest.mark.parametrize("seed", range(8))
def test_weights_are_those_of_ipfn(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    groups = (("are", "duved", "jarpen", "kall"), ("young", "middle", "old"), ("woman", "man"))
    margins = [{code: float(chance.randint(200, 3000)) for code in codes} for codes in groups]
    whole = sum(margins[0].values())
    margins = [{code: n * whole / sum(margin.values()) for code, n in margin.items()} for margin in margins]
    counts: Counter[Combination] = Counter(
        tuple(chance.choice(codes) for codes in groups) for _ in range(600)
    )
    ours = rake(counts, margins, limits=(0.0, 1e9))
    assert isinstance(ours, Weighted)
    table = np.zeros([len(codes) for codes in groups])
    for at, n in counts.items():
        table[tuple(codes.index(code) for codes, code in zip(groups, at, strict=True))] = n
    sums = [np.array(list(margin.values())) for margin in margins]
    raked = ipfn.ipfn(table, sums, [[0], [1], [2]], convergence_rate=1e-12, max_iteration=2000).iteration()
    for at, n in counts.items():
        theirs = raked[tuple(codes.index(code) for codes, code in zip(groups, at, strict=True))]
        assert ours.weights[at] * n / 600 == pytest.approx(theirs / whole, abs=1e-7)
