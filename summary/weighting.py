"""Weights that give the answers the composition of the population, by raking, and what they cost in certainty.

Weights mend who answered, as far as area, age and gender tell; that people chose to answer they do not mend. They are
made of counts by combination of groups, as the database hands them over: memory does not grow with the answers.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

FEWEST_SURVEYS = 200
"""Finished residents' surveys below which weights are off: single persons would stand for whole groups."""

FEWEST_IN_GROUP = 10
"""Placed respondents that every group of a margin must have; collapse groups until they do."""

FEWEST_IN_JOINED = 20
"""Respondents that groups are joined to have, before weights are made."""

LOWEST, HIGHEST = 0.3, 3.0
"""Weights are trimmed to these: nobody counts for more than three, nobody for less than a third."""

_MOST_ROUNDS = 200
_NEAR = 1e-9
"""Largest difference of a share from its target at which the fit has converged."""

Combination = tuple[str, ...]
"""Codes of a person's groups, one for each margin, in the order of the margins."""


class WhyNot(StrEnum):
    """Why there are no weights."""

    TOO_FEW = "too_few"
    EMPTY_GROUP = "empty_group"
    SMALL_GROUP = "small_group"
    NOT_CONVERGED = "not_converged"


@dataclass(frozen=True, kw_only=True, slots=True)
class NotWeighted:
    """`margin` is the index of the margin and `code` the group that has too few, where that is why."""

    why: WhyNot
    margin: int = -1
    code: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Weighted:
    """Weights by combination, of mean 1 over the persons. Who is in no group of some margin has weight 1."""

    weights: Mapping[Combination, float]
    effective_n: float
    """As many equal answers would be worth as much: (sum w)^2 / sum w^2 (L. Kish, Survey Sampling, 1965, 11.7)."""
    design_effect: float
    """n / effective_n, which is 1 + CV^2 of the weights."""
    unplaced: int
    """Persons in no group of some margin: they refused, or the population has no such group."""
    trimmed: int
    """Persons whose weight was cut at either end."""
    off: float
    """Largest difference that is left between a weighted share and its target, since trimming moves them."""


def rake(
    counts: Mapping[Combination, int],
    margins: Sequence[Mapping[str, float]],
    *,
    fewest: int = FEWEST_SURVEYS,
    fewest_in_group: int = FEWEST_IN_GROUP,
    limits: tuple[float, float] = (LOWEST, HIGHEST),
) -> Weighted | NotWeighted:
    """Weights under which each margin has the shares of the population, or why there are none.

    `counts`: finished surveys by combination. `margins`: inhabitants by group, one mapping for each place in a
    combination; totals may differ, shares count. Iterative proportional fitting (W. E. Deming and F. F. Stephan, Annals
    of Mathematical Statistics 11, 1940, pp. 427-444), then trimming to `limits` around a mean of 1.
    """
    if sum(counts.values()) < fewest:
        return NotWeighted(why=WhyNot.TOO_FEW)
    placed = {at: n for at, n in counts.items() if n and _is_placed(at, margins)}
    if lacking := _lacking(placed, margins, fewest_in_group):
        return lacking
    targets = [_shares(margin) for margin in margins]
    fitted = _fitted(placed, targets)
    if fitted is None:
        return NotWeighted(why=WhyNot.NOT_CONVERGED)
    weights = _trimmed(fitted, placed, limits)
    whole = {at: weights.get(at, 1.0) for at in counts}
    effective = effective_n(whole, counts)
    return Weighted(
        weights=whole,
        effective_n=effective,
        design_effect=sum(counts.values()) / effective,
        unplaced=sum(n for at, n in counts.items() if at not in placed),
        trimmed=sum(n for at, n in placed.items() if not limits[0] < fitted[at] < limits[1]),
        off=_furthest(weights, placed, targets),
    )


def joined_neighbours(
    order: Sequence[str], counts: Mapping[str, int], least: int = FEWEST_IN_JOINED
) -> dict[str, str]:
    """The group of each code, in the order of their list: one that too few are in is joined with the next.

    What is left at the end joins the group before it. A group is called by its codes.
    """
    groups: list[list[str]] = []
    for code in order:
        if groups and sum(counts.get(each, 0) for each in groups[-1]) < least:
            groups[-1].append(code)
        else:
            groups.append([code])
    if len(groups) > 1 and sum(counts.get(each, 0) for each in groups[-1]) < least:
        last = groups.pop()
        groups[-1] += last
    return {code: "+".join(group) for group in groups for code in group}


def effective_n(weights: Mapping[Combination, float], counts: Mapping[Combination, int]) -> float:
    """Kish's effective number of answers; 0 of none."""
    total = sum(weights[at] * n for at, n in counts.items())
    squares = sum(weights[at] ** 2 * n for at, n in counts.items())
    return total * total / squares if squares else 0.0


def weighted_share(
    chosen: Mapping[Combination, int],
    answered: Mapping[Combination, int],
    weights: Mapping[Combination, float],
) -> float | None:
    """The weighted share of those who answered that chose something; None where nobody answered."""
    base = sum(weights[at] * n for at, n in answered.items())
    return sum(weights[at] * n for at, n in chosen.items()) / base if base else None


def _is_placed(at: Combination, margins: Sequence[Mapping[str, float]]) -> bool:
    return all(margin.get(code, 0) > 0 for code, margin in zip(at, margins, strict=True))


def _lacking(
    placed: Mapping[Combination, int], margins: Sequence[Mapping[str, float]], fewest: int
) -> NotWeighted | None:
    """The first group of the population that too few respondents stand for."""
    for index, margin in enumerate(margins):
        found: dict[str, int] = defaultdict(int)
        for at, n in placed.items():
            found[at[index]] += n
        for code, persons in margin.items():
            if persons > 0 and found[code] < max(1, fewest):
                why = WhyNot.SMALL_GROUP if found[code] else WhyNot.EMPTY_GROUP
                return NotWeighted(why=why, margin=index, code=code)
    return None


def _shares(margin: Mapping[str, float]) -> dict[str, float]:
    total = sum(persons for persons in margin.values() if persons > 0)
    return {code: persons / total for code, persons in margin.items() if persons > 0}


def _fitted(
    placed: Mapping[Combination, int], targets: Sequence[Mapping[str, float]]
) -> dict[Combination, float] | None:
    """Weights of mean 1 with every margin on its target; None where they do not come near it."""
    weights = dict.fromkeys(placed, 1.0)
    for _ in range(_MOST_ROUNDS):
        for index, target in enumerate(targets):
            found = _weighted_shares(weights, placed, index)
            weights = {at: w * target[at[index]] / found[at[index]] for at, w in weights.items()}
        if _furthest(weights, placed, targets) < _NEAR:
            return _of_mean_one(weights, placed)
    return None


def _weighted_shares(
    weights: Mapping[Combination, float], placed: Mapping[Combination, int], index: int
) -> dict[str, float]:
    sums: dict[str, float] = defaultdict(float)
    for at, n in placed.items():
        sums[at[index]] += weights[at] * n
    total = sum(sums.values())
    return {code: value / total for code, value in sums.items()}


def _furthest(
    weights: Mapping[Combination, float],
    placed: Mapping[Combination, int],
    targets: Sequence[Mapping[str, float]],
) -> float:
    return max(
        abs(share - target[code])
        for index, target in enumerate(targets)
        for code, share in _weighted_shares(weights, placed, index).items()
    )


def _of_mean_one(
    weights: Mapping[Combination, float], placed: Mapping[Combination, int]
) -> dict[Combination, float]:
    mean = sum(weights[at] * n for at, n in placed.items()) / sum(placed.values())
    return {at: weight / mean for at, weight in weights.items()}


def _trimmed(
    weights: Mapping[Combination, float], placed: Mapping[Combination, int], limits: tuple[float, float]
) -> dict[Combination, float]:
    """Within the limits and of mean 1: cutting moves the mean, setting it right moves the ends, each time less."""
    low, high = limits
    found = dict(weights)
    for _ in range(_MOST_ROUNDS):
        if all(low <= weight <= high for weight in found.values()):
            return found
        found = _of_mean_one({at: min(high, max(low, weight)) for at, weight in found.items()}, placed)
    return {at: min(high, max(low, weight)) for at, weight in found.items()}
