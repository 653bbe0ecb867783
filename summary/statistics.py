"""Small-sample statistics of shares and of agreement between coders. Plain arithmetic on counts."""

from collections import Counter
from collections.abc import Sequence
from math import sqrt
from typing import NamedTuple


class Interval(NamedTuple):
    """A confidence interval of a share; both ends lie between 0 and 1."""

    low: float
    high: float


def wilson(successes: int, n: int, z: float = 1.96) -> Interval:
    """Score interval of a binomial share (E. B. Wilson, JASA 22:158, 1927, pp. 209-212), without continuity
    correction.

    Unlike the normal interval it holds for few cases and for shares of 0 and 1. Of no cases at all nothing is
    known: (0, 1). Raises ValueError when the counts cannot be a share.
    """
    if not 0 <= successes <= n:
        raise ValueError(f"{successes} of {n} is not a share")
    if n == 0:
        return Interval(0.0, 1.0)
    share = successes / n
    spread = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    centre = share + z * z / (2 * n)
    scale = 1 + z * z / n
    return Interval(max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale))


def wilson_difference(
    first: tuple[int, int], second: tuple[int, int], z: float = 1.96
) -> tuple[float, float]:
    """Interval of the difference between two independent shares, second minus first, each as (successes, n).

    The hybrid score interval: R. G. Newcombe, Interval estimation for the difference between independent
    proportions, Statistics in Medicine 17, 1998, pp. 873-890, method 10. Nothing is known where either n is 0:
    (-1, 1).
    """
    if not first[1] or not second[1]:
        return -1.0, 1.0
    (low_1, high_1), (low_2, high_2) = wilson(*first, z), wilson(*second, z)
    share_1, share_2 = first[0] / first[1], second[0] / second[1]
    below = sqrt((share_2 - low_2) ** 2 + (high_1 - share_1) ** 2)
    above = sqrt((high_2 - share_2) ** 2 + (share_1 - low_1) ** 2)
    return share_2 - share_1 - below, share_2 - share_1 + above


def cohen_kappa(first: Sequence[str], second: Sequence[str]) -> float | None:
    """Agreement of two coders beyond chance (J. Cohen, Educational and Psychological Measurement 20, 1960,
    pp. 37-46): 1 is complete agreement, 0 what chance would give.

    `first` and `second` are the two coders' labels of the same cases, in the same order. None where kappa is
    not defined: no cases, or both coders gave every case the same single label. Raises ValueError where the
    lengths differ.
    """
    pairs = list(zip(first, second, strict=True))
    if not pairs:
        return None
    observed = sum(left == right for left, right in pairs) / len(pairs)
    counts, others = Counter(first), Counter(second)
    by_chance = sum(counts[label] * others[label] for label in counts) / len(pairs) ** 2
    if by_chance == 1:
        return None
    return (observed - by_chance) / (1 - by_chance)
