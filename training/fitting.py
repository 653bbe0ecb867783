"""Fits a linear classifier with squared hinge loss by dual coordinate descent.

Hsieh, Chang, Lin, Keerthi and Sundararajan (2008), A Dual Coordinate Descent Method for Large-scale Linear SVM.
Features are hashes, taken modulo the length of the table. The same rows and seed give the same weights anywhere.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import fsum, log
from random import Random

from flows.learned import root_of

EPOCHS = 20
_MORE = 1.2
_DIGITS = 6
"""Logarithms are rounded, for the last digit of one differs between machines."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Fitted:
    """Weights that hold the rareness of their features, to be summed and divided by their root_of."""

    weights: list[float]
    bias: float

    def score(self, features: Sequence[int]) -> float:
        """`features` as buckets of the table."""
        return fsum([self.weights[bucket] for bucket in features]) / root_of(len(features)) + self.bias


def fit(
    rows: Sequence[Sequence[int]],
    wanted: Sequence[bool],
    *,
    size: int,
    cost: float,
    seed: int,
    writers: Sequence[str] | None = None,
) -> Fitted:
    """Tell the rows that are `wanted` from the others. Rows hold the buckets of their features, each once.

    A feature weighs by how few have it: rows, or of `writers`, one for each row, where these are given.
    """
    rareness = _rareness(rows if writers is None else _by_writer(rows, writers), size)
    squared = [value * value for value in rareness]
    weights = [0.0] * size
    bias = 0.0
    slack = 1 / (2 * cost)
    duals = [0.0] * len(rows)
    roots = [root_of(len(row)) for row in rows]
    norms = [
        fsum([squared[b] for b in row]) / root**2 + 1 + slack for row, root in zip(rows, roots, strict=True)
    ]
    order, chance = list(range(len(rows))), Random(seed)
    for _ in range(EPOCHS):
        chance.shuffle(order)
        for at in order:
            row, sign = rows[at], 1 if wanted[at] else -1
            margin = sign * (fsum([weights[b] for b in row]) / roots[at] + bias)
            dual = max(duals[at] - (margin - 1 + slack * duals[at]) / norms[at], 0.0)
            step = (dual - duals[at]) * sign
            if step:
                duals[at] = dual
                bias += step
                step /= roots[at]
                for b in row:
                    weights[b] += step * squared[b]
    return Fitted(weights=weights, bias=bias)


def _by_writer(rows: Sequence[Sequence[int]], writers: Sequence[str]) -> list[set[int]]:
    """What each writer used in any row."""
    used: dict[str, set[int]] = {writer: set() for writer in writers}
    for row, writer in zip(rows, writers, strict=True):
        used[writer].update(row)
    return list(used.values())


def _rareness(having: Sequence[Collection[int]], size: int) -> list[float]:
    """The logarithm of one over the share that has a bucket, and somewhat more, so that one that all have still counts;
    0 for one that none has.
    """
    counts = Counter(bucket for buckets in having for bucket in buckets)
    whole = _MORE * len(having)
    return [round(log(whole / counts[b]), _DIGITS) if b in counts else 0.0 for b in range(size)]
