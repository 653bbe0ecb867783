"""What has changed since the last round: percentage points where the same was asked in the same way, else ranks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from summary.statistics import wilson_difference

FEWEST_ANSWERS = 20
"""In each round, for shares of it to be compared; as for showing percent at all."""


LARGEST_SHIFT = 10
"""Percentage points by which the share of a group among the answers may differ: beyond, other people have answered."""


class Comparable(StrEnum):
    """What may be compared, and why not more."""

    SHARES = "shares"
    OTHER_WORDING = "other_wording"
    OTHER_CHANNELS = "other_channels"
    OTHER_COMPOSITION = "other_composition"
    TOO_FEW = "too_few"


@dataclass(frozen=True, kw_only=True, slots=True)
class Wave:
    """One question in one round. `wording`: its text by language and channel, as it was asked; `choices`: code and
    wording in the order shown; `counts`: released counts by code; `base`: whom they are shares of, where that is more
    than those counted; `composition`: whole percent of the answers by group of area and age.
    """

    wording: Mapping[str, str]
    choices: tuple[tuple[str, str], ...]
    channels: frozenset[str]
    counts: Mapping[str, int]
    base: int | None = None
    composition: Mapping[str, int] = field(default_factory=dict)

    @property
    def answered(self) -> int:
        return sum(self.counts.values()) if self.base is None else self.base


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """Of one answer. `points`: percentage points up or down, None where only ranks may be compared. `is_beyond_chance`:
    more than two random samples would differ by in 19 cases of 20, which ours are not. `ranks`: places up (+) or down.
    """

    code: str
    points: int | None
    is_beyond_chance: bool
    ranks: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Trend:
    comparable: Comparable
    changes: tuple[Change, ...]
    """Of the answers that both rounds had, most given now first."""


def trend(last: Wave, now: Wave) -> Trend:
    """How the answers to a question have changed from the last round to this one."""
    comparable = _comparable(last, now)
    both = [code for code in _ranked(now.counts) if code in last.counts]
    before, after = (_ranked({code: wave.counts[code] for code in both}) for wave in (last, now))
    return Trend(
        comparable=comparable,
        changes=tuple(
            _change(code, last, now, before.index(code) - after.index(code), comparable) for code in both
        ),
    )


def _comparable(last: Wave, now: Wave) -> Comparable:
    """A changed word, choice, order or channel changes answers; a question in one more language does not."""
    languages = last.wording.keys() & now.wording.keys()
    is_same = bool(languages) and all(last.wording[at] == now.wording[at] for at in languages)
    if not is_same or last.choices != now.choices:
        return Comparable.OTHER_WORDING
    if last.channels != now.channels:
        return Comparable.OTHER_CHANNELS
    groups = last.composition.keys() | now.composition.keys()
    if any(
        abs(last.composition.get(group, 0) - now.composition.get(group, 0)) > LARGEST_SHIFT
        for group in groups
    ):
        return Comparable.OTHER_COMPOSITION
    return Comparable.SHARES if min(last.answered, now.answered) >= FEWEST_ANSWERS else Comparable.TOO_FEW


def _change(code: str, last: Wave, now: Wave, ranks: int, comparable: Comparable) -> Change:
    if comparable is not Comparable.SHARES:
        return Change(code=code, points=None, is_beyond_chance=False, ranks=ranks)
    before, after = ((wave.counts[code], wave.answered) for wave in (last, now))
    low, high = wilson_difference(before, after)
    points = round(100 * (after[0] / after[1] - before[0] / before[1]))
    return Change(code=code, points=points, is_beyond_chance=low > 0 or high < 0, ranks=ranks)


def _ranked(counts: Mapping[str, int]) -> list[str]:
    return sorted(counts, key=lambda code: (-counts[code], code))
