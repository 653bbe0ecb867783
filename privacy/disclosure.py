"""Disclosure control for small numbers: which counts may be shown, and what must be shown together instead.

Knows counts and codes only, not what they mean. Everything released is a sum of released groups, so that
nothing follows from a total by subtraction.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

ROOT = ""
"""Parent of what has no parent: the whole."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """`threshold` persons at least in anything shown, which is rounded to a multiple of `rounding`."""

    name: str
    threshold: int
    rounding: int
    place_threshold: int
    """Distinct conversations that must have named a place."""
    new_answers: int
    """Counted persons that must have come since the last release."""
    crossed: bool = True
    """Whether tables that cross two properties are shown: cells of several releases together tell what each hides."""


INTERIM = Rule(name="interim", threshold=10, rounding=5, place_threshold=10, new_answers=10, crossed=False)
"""While answers come in: the 10-5 rule of the Office for National Statistics (little to subtract)."""

EXACT = Rule(name="exact", threshold=5, rounding=1, place_threshold=3, new_answers=0)
"""Once, when the round has closed and nobody can take an answer back any more."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """Codes shown as one count. Several codes: what was too small to stand alone in `within`."""

    codes: tuple[str, ...]
    within: str
    """The parent whose part this is; ROOT for a part of the whole."""
    count: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Cross:
    """What can be shown of groups crossed with groups. The rest is hidden, zeros too."""

    shown: Mapping[tuple[int, int], int]
    """Count by index of row and column group."""
    rest: tuple[int, ...]
    """By row group, all that is hidden of it together; empty when rows have no total."""


def may_release(
    rule: Rule, *, new_answers: int | None, counted_on: date, closed_on: date | None, erase_until: date | None
) -> bool:
    """Whether counts may go out. `new_answers`: persons since the last release, None at the first."""
    if rule is EXACT:
        return closed_on is not None and (erase_until is None or counted_on > erase_until)
    return new_answers is None or new_answers >= rule.new_answers


def released(count: int, rule: Rule) -> int | None:
    """A count that stands by itself, as the total of a stream, or None when it is too small."""
    return _rounded(count, rule) if count >= rule.threshold else None


def alternatives(counts: Mapping[str, int], rule: Rule) -> dict[str, int]:
    """Counts of which a person may have several, so that they make up no total. Small ones are left out."""
    return {code: _rounded(count, rule) for code, count in counts.items() if count >= rule.threshold}


def places(conversations: Mapping[str, int], rule: Rule) -> dict[str, int]:
    """Distinct conversations by place named, for the places that enough of them name."""
    return {
        code: _rounded(count, rule) for code, count in conversations.items() if count >= rule.place_threshold
    }


def partition(
    counts: Mapping[str, int], parents: Mapping[str, str], rule: Rule, first: Collection[str] = ()
) -> tuple[Group, ...]:
    """Disjoint groups that cover every counted code, each at least the threshold; empty if all are too few.

    `parents` tells what a code is a part of, at any depth; what is missing there is a part of the whole. In
    every part, what is too small is shown together; if that is too small in turn, something that could be
    shown joins it: what is said by `first`, the codes that tell least, else what costs the reader least. A part
    that is too small as a whole is handed up. Nobody is told which of the joined codes were too small: that is
    what keeps two of them from following from their sum.
    """
    if sum(counts.values()) < rule.threshold:
        return ()
    groups = _Parts(_tree(counts, parents), counts, rule.threshold, first).of(ROOT)
    return tuple(
        Group(codes=group.codes, within=group.within, count=_rounded(group.count, rule)) for group in groups
    )


def cross(
    cells: Mapping[tuple[str, str], int],
    rows: Sequence[Sequence[str]],
    columns: Sequence[Sequence[str]],
    rule: Rule,
    *,
    row_totals: bool = True,
) -> Cross:
    """Cells by codes of row and column, shown by groups of those codes, with complementary suppression.

    The totals of all groups are taken to be known. What is hidden of a row or a column is nothing or at least
    the threshold together, and no hidden cell below the threshold follows from what is shown and the totals.
    Without `row_totals` a person may stand in several columns, and rows do not add up.
    """
    counts = _crossed(cells, rows, columns)
    hidden = {at for at, count in counts.items() if count < rule.threshold}
    while complement := _short_line(counts, hidden, rule, row_totals) or _derivable(
        counts, hidden, rule, row_totals
    ):
        hidden.add(complement)
    shown = {at: _rounded(count, rule) for at, count in counts.items() if at not in hidden}
    rest = (
        [sum(counts[at] for at in hidden if at[0] == row) for row in range(len(rows))] if row_totals else []
    )
    return Cross(shown=shown, rest=tuple(_rounded(count, rule) for count in rest))


def _rounded(count: int, rule: Rule) -> int:
    return (2 * count + rule.rounding) // (2 * rule.rounding) * rule.rounding


# Partitions


@dataclass(frozen=True, kw_only=True, slots=True)
class _Tree:
    """What hangs under each parent: codes that are counted, and parents in their turn."""

    leaves: Mapping[str, Sequence[str]]
    inner: Mapping[str, Sequence[str]]


def _tree(counts: Mapping[str, int], parents: Mapping[str, str]) -> _Tree:
    """A code that is counted and a parent too becomes a leaf under itself. Raises ValueError for a circle."""
    inner_codes = {parents[code] for code in parents}
    leaves: dict[str, list[str]] = defaultdict(list)
    inner: dict[str, list[str]] = defaultdict(list)
    for code in counts:
        above = code if code in inner_codes else parents.get(code, ROOT)
        leaves[above].append(code)
        for child, parent in _way_up(above, parents):
            if child not in inner[parent]:
                inner[parent].append(child)
    return _Tree(leaves=leaves, inner=inner)


def _way_up(code: str, parents: Mapping[str, str]) -> list[tuple[str, str]]:
    """Steps (child, parent) from the code to the root."""
    way: list[tuple[str, str]] = []
    while code != ROOT:
        parent = parents.get(code, ROOT)
        way.append((code, parent))
        if len(way) > len(parents) + 1:
            raise ValueError(f"the parents of {code!r} go in a circle")
        code = parent
    return way


class _Parts:
    """How one tree of counts is cut into groups. Counts are exact."""

    def __init__(
        self, tree: _Tree, counts: Mapping[str, int], threshold: int, first: Collection[str]
    ) -> None:
        self._tree = tree
        self._counts = counts
        self._threshold = threshold
        self._first = frozenset(first)

    def of(self, parent: str) -> list[Group]:
        """The groups that `parent` is shown in: a single one if it is too small itself."""
        leaves = self._tree.leaves.get(parent, ())
        units = [[Group(codes=(leaf,), within=parent, count=self._counts[leaf])] for leaf in leaves]
        units += [self.of(child) for child in self._tree.inner.get(parent, ())]
        shown = [unit for unit in units if _total(unit) >= self._threshold]
        joined = [group for unit in units if _total(unit) < self._threshold for group in unit]
        if shown and 0 < _total(joined) < self._threshold:
            joined += self._given_up(shown)
        parts = [group for unit in shown for group in unit]
        if _total(joined):
            codes = tuple(code for group in joined for code in group.codes)
            parts.append(Group(codes=codes, within=parent, count=_total(joined)))
        return parts

    def _given_up(self, shown: list[list[Group]]) -> list[Group]:
        """Takes a whole part, or one group of a part, out of `shown`: the one that the reader misses least."""
        unit = min(shown, key=lambda unit: self._cost(unit, whole=True))
        groups = [group for unit in shown if len(unit) > 1 for group in unit]
        single = min(groups, key=lambda group: self._cost([group], whole=False), default=None)
        if single is None or self._cost(unit, whole=True) <= self._cost([single], whole=False):
            shown.remove(unit)
            return unit
        next(unit for unit in shown if single in unit).remove(single)
        return [single]

    def _cost(self, groups: Sequence[Group], *, whole: bool) -> tuple[bool, int]:
        """Persons that lose their place. A part without one of its groups loses its total as well."""
        tells = not all(code in self._first for group in groups for code in group.codes)
        return tells, _total(groups) + (0 if whole else self._threshold)


def _total(groups: Sequence[Group]) -> int:
    return sum(group.count for group in groups)


# Two partitions crossed

_At = tuple[int, int]


def _crossed(
    cells: Mapping[tuple[str, str], int], rows: Sequence[Sequence[str]], columns: Sequence[Sequence[str]]
) -> dict[_At, int]:
    """Exact counts by row and column group. Cells of codes in no group are left out."""
    row_of = {code: index for index, codes in enumerate(rows) for code in codes}
    column_of = {code: index for index, codes in enumerate(columns) for code in codes}
    counts = {(row, column): 0 for row in range(len(rows)) for column in range(len(columns))}
    for (row_code, column_code), count in cells.items():
        if row_code in row_of and column_code in column_of:
            counts[row_of[row_code], column_of[column_code]] += count
    return counts


def _short_line(counts: Mapping[_At, int], hidden: set[_At], rule: Rule, row_totals: bool) -> _At | None:
    """The smallest shown cell of a row or column whose hidden cells together are below the threshold."""
    lines: dict[tuple[str, int], int] = defaultdict(int)
    for row, column in hidden:
        lines["column", column] += counts[row, column]
        if row_totals:
            lines["row", row] += counts[row, column]
    short = [line for line, total in sorted(lines.items()) if 0 < total < rule.threshold]
    found = (_smallest_shown(counts, hidden, [line]) for line in short)
    return next((at for at in found if at is not None), None)


_Node = tuple[str, int]


def _derivable(counts: Mapping[_At, int], hidden: set[_At], rule: Rule, row_totals: bool) -> _At | None:
    """A shown cell to hide as well, because some hidden one below the threshold could be computed; else None.

    Hidden cells are edges between their row and their column; a cell is determined by the totals exactly when
    its edge lies on no cycle (D. Gusfield, A graph theoretic approach to statistical data security, SIAM J.
    Comput. 17, 1988). Rows without a total are one and the same node. Zeros can be guessed: no edges.
    """
    edges = {at: _ends(at, row_totals) for at in sorted(hidden) if counts[at]}
    for at, (row, column) in edges.items():
        if counts[at] >= rule.threshold:
            continue
        others = [ends for other, ends in edges.items() if other != at]
        one_side = _reached(row, others)
        if column not in one_side:
            return _link(counts, hidden, one_side, _reached(column, others), row_totals)
    return None


def _ends(at: _At, row_totals: bool) -> tuple[_Node, _Node]:
    return ("row", at[0] if row_totals else 0), ("column", at[1])


def _reached(start: _Node, edges: Sequence[tuple[_Node, _Node]]) -> set[_Node]:
    neighbours: dict[_Node, list[_Node]] = defaultdict(list)
    for one, other in edges:
        neighbours[one].append(other)
        neighbours[other].append(one)
    reached, frontier = {start}, [start]
    while frontier:
        for node in neighbours[frontier.pop()]:
            if node not in reached:
                reached.add(node)
                frontier.append(node)
    return reached


def _link(
    counts: Mapping[_At, int],
    hidden: set[_At],
    one_side: set[_Node],
    other_side: set[_Node],
    row_totals: bool,
) -> _At | None:
    """The smallest shown cell that closes a cycle between the two sides, else one that brings them nearer."""
    shown = [at for at in counts if at not in hidden]
    both = one_side | other_side
    closing = [at for at in shown if {end in one_side for end in _ends(at, row_totals)} == {True, False}]
    closing = [at for at in closing if set(_ends(at, row_totals)) <= both]
    near = [at for at in shown if both & set(_ends(at, row_totals))]
    return min(closing or near or shown, key=lambda at: counts[at], default=None)


def _smallest_shown(
    counts: Mapping[_At, int], hidden: set[_At], lines: Sequence[tuple[str, int]]
) -> _At | None:
    shown = [
        at for at in counts if at not in hidden and (("row", at[0]) in lines or ("column", at[1]) in lines)
    ]
    return min(shown, key=lambda at: counts[at], default=None)
