"""Counts that have passed disclosure control: the only figures that the problem picture is made from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from summary.rows import Population, RoundFacts, Stream, Table

WHOLE = ""
"""`Group.within` of a part of the whole."""

MISSING = "missing"
"""Code of the counted persons who have no answer to a question."""

UNSORTED = "unsorted"
"""Category of answers not coded yet, and of sensitive ones that no person has confirmed."""

OTHER = "other"
"""Row of a crossed table that holds what must not stand alone there."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReleaseRule:
    """`name` is interim or exact; counts below `threshold` are never shown, others rounded to `rounding`."""

    name: str
    threshold: int
    rounding: int
    place_threshold: int

    @property
    def exact(self) -> bool:
        return self.rounding == 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """Codes shown as one count; several are what was too small to stand alone in the part `within`."""

    codes: tuple[str, ...]
    within: str
    count: int


class Key(NamedTuple):
    """Names a table of one stream; `question` is the role of a closed question, else empty."""

    table: Table
    stream: Stream
    question: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Crossed:
    """Groups crossed with groups: counts by index of row and column, and the hidden rest of each row."""

    rows: tuple[Group, ...]
    columns: tuple[Group, ...]
    shown: Mapping[tuple[int, int], int]
    rest: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Points:
    """Points raised at meetings, of some categories together. Points are no persons; supporters are."""

    codes: tuple[str, ...]
    within: str
    points: int
    supporters: int | None


def broken(groups: Iterable[Group], parents: Mapping[str, str]) -> frozenset[str]:
    """The parts of which some codes stand in a group outside: their groups do not add up to them."""
    return frozenset(
        part
        for group in groups
        for code in group.codes
        for part in set(ancestors(code, parents)) - set(ancestors(group.within, parents)) - {group.within}
    )


def ancestors(code: str, parents: Mapping[str, str]) -> list[str]:
    """What the code is a part of, the nearest first."""
    found: list[str] = []
    while parents.get(code):
        code = parents[code]
        found.append(code)
    return found


@dataclass(frozen=True, kw_only=True, slots=True)
class Weighted:
    """Whole percent by the codes of a shown group, weighted to the population by the margins named; or why there are
    none. Counts of persons are None where they are too small to tell.
    """

    shares: Mapping[tuple[str, ...], int] = field(default_factory=dict)
    margins: tuple[str, ...] = ()
    effective: int = 0
    """As many equal answers would be worth as much."""
    design_effect: float = 1.0
    unplaced: int | None = None
    trimmed: int | None = None
    why_not: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ProtectedCounts:
    """What may be shown of a round."""

    facts: RoundFacts
    rule: ReleaseRule
    answered: Mapping[Stream, int] = field(default_factory=dict)
    """Counted persons of a stream; a stream with too few is missing."""
    partitions: Mapping[Key, tuple[Group, ...]] = field(default_factory=dict)
    alternatives: Mapping[Key, Mapping[str, int]] = field(default_factory=dict)
    """Counts by code of which a person may have several."""
    crossed: Mapping[Key, Crossed] = field(default_factory=dict)
    points: tuple[Points, ...] = ()
    meetings: Mapping[str, int] = field(default_factory=dict)
    """Fields of Meetings that can be shown, and `points` and `participants`."""
    population: tuple[Population, ...] = ()
    sensitive: frozenset[str] = frozenset()
    weighted: Weighted | None = None
    """None where no weights were asked for, and in interim releases."""
