"""How far two codings of the same answers agree beyond chance: Cohen's kappa.

J. Cohen, "A coefficient of agreement for nominal scales", Educational and Psychological Measurement 20 (1960) 37-46.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt


@dataclass(frozen=True, kw_only=True, slots=True)
class Agreement:
    """Of `answers` that both have coded. `observed` and `expected` are shares from 0 to 1."""

    answers: int
    observed: float
    expected: float

    @property
    def kappa(self) -> float | None:
        """(observed - expected) / (1 - expected); None without answers, or where both gave one category only."""
        if not self.answers or self.expected >= 1:
            return None
        return (self.observed - self.expected) / (1 - self.expected)

    @property
    def standard_error(self) -> float | None:
        """Of kappa, sqrt(po (1 - po) / (n (1 - pe)^2)): Cohen 1960, for an interval of kappa that is not zero."""
        if self.kappa is None:
            return None
        return sqrt(self.observed * (1 - self.observed) / (self.answers * (1 - self.expected) ** 2))


def agreement(pairs: Iterable[tuple[str, str]]) -> Agreement:
    """Agreement of two codings; a pair holds the primary category that each gave to one answer."""
    both = list(pairs)
    count = len(both)
    if not count:
        return Agreement(answers=0, observed=0.0, expected=0.0)
    first, second = (Counter(side) for side in zip(*both, strict=True))
    return Agreement(
        answers=count,
        observed=sum(one == other for one, other in both) / count,
        expected=sum(first[category] * second[category] for category in first) / count**2,
    )
