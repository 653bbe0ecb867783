"""A reader who wants to know what single people answered: who has every release of a round and a solver.

Knows every code there is, that counts are whole and not negative, that answers only come (nobody takes one back), how
figures are rounded, and, if the test says so, which codes nobody chose. Does not know how the program hides.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csr_array, vstack

from summary.released import MISSING, UNSORTED, Crossed, Group, Key, ProtectedCounts
from summary.rows import Cell, Stream, Table

Variable = tuple[int, Table, str, str]
"""Number of the release, crossed table, code of the row, code of the column."""

_OF_ALL = {
    Table.PROBLEM_AREA: Table.AREA,
    Table.PROBLEM_AGE: Table.AGE,
    Table.PROBLEM_GENDER: Table.GENDER,
    Table.PROBLEM_WISH: Table.WISH,
}
"""Crossed tables of problems in which everybody stands once, and the table that their columns add up to."""

_OF_SEVERAL = {Table.PROBLEM_TIME: Table.TIME, Table.PROBLEM_PLACE: Table.PLACE}
"""Crossed tables in which a person may stand in several columns, or in none."""

_ROWS = {name: Key(Table.PROBLEM, Stream.RESIDENTS) for name in _OF_ALL} | {
    Table.SAFETY_AREA: Key(Table.CLOSED, Stream.RESIDENTS, "safety")
}
_COLUMNS = {
    name: Key(of, Stream.RESIDENTS) for name, of in (*_OF_ALL.items(), (Table.SAFETY_AREA, Table.AREA))
}


@dataclass(kw_only=True, slots=True)
class Round:
    """Invented residents, each with one set of answers; `cells` is what a database would count of the first so many."""

    chance: random.Random
    people: list[dict[str, str]] = field(default_factory=list)

    @classmethod
    def of(cls, seed: int, lists: Mapping[str, Sequence[str]], most: int) -> "Round":
        """Between 12 and `most` people; in each list a few codes are common and the others rare, as drawn."""
        chance = random.Random(seed)  # noqa: S311
        weights = {name: [chance.expovariate(1) ** 3 for _ in codes] for name, codes in lists.items()}
        people = [
            {name: chance.choices(codes, weights[name])[0] for name, codes in lists.items()}
            for _ in range(chance.randint(12, most))
        ]
        for person in people:
            for name in ("area", "safety", "problem", "age", "gender", "wish", "place", "also_place"):
                if chance.random() < (0.4 if "place" in name else 0.05):
                    person[name] = ""
        return cls(chance=chance, people=people)

    def releases(self) -> list[int]:
        """How many people had answered at each release: ten more at least, and all of them at the last."""
        counted, numbers = 0, []
        while counted + 10 <= len(self.people):
            counted += self.chance.randint(10, 10 + len(self.people) // 2)
            numbers.append(min(counted, len(self.people)))
        return [*numbers, len(self.people)]

    def cells(self, first: int) -> tuple[Cell, ...]:
        counts: Counter[tuple[Table, str, str]] = Counter()
        for person in self.people[:first]:
            counts.update(_cells_of(person))
        return tuple(
            Cell(table=table, stream=Stream.RESIDENTS, row=row, column=column, count=count)
            for (table, row, column), count in counts.items()
        )


def _cells_of(person: Mapping[str, str]) -> Iterator[tuple[Table, str, str]]:
    yield Table.OUTCOME, "complete", ""
    for name in ("area", "age", "gender"):
        if person[name]:
            yield Table(name), person[name], ""
    if person["wish"]:
        yield Table.WISH, person["wish"], "machine"
    if person["safety"]:
        yield Table.CLOSED, "safety", person["safety"]
        if person["area"]:
            yield Table.SAFETY_AREA, person["safety"], person["area"]
    if person["problem"]:
        yield from _cells_of_problem(person)


def _cells_of_problem(person: Mapping[str, str]) -> Iterator[tuple[Table, str, str]]:
    problem = person["problem"]
    yield Table.PROBLEM, problem, person["by"]
    for crossed, of in _OF_ALL.items():
        if person[of.value]:
            yield crossed, problem, person[of.value]
    for crossed, of in _OF_SEVERAL.items():
        for code in _several(person, of.value):
            yield of, code, ""
            yield crossed, problem, code


def _several(person: Mapping[str, str], name: str) -> set[str]:
    return {person[name], person[f"also_{name}"]} - {""}


# What is true


def true_counts(
    at: int, people: Sequence[Mapping[str, str]], sensitive: Collection[str]
) -> Counter[Variable]:
    """The count of every combination in the crossed tables after release `at`, that nobody is to find out."""
    found: Counter[Variable] = Counter()
    for person in people:
        problem, wish = (person[name] or MISSING for name in ("problem", "wish"))
        if problem in sensitive and person["by"] != "person":
            problem = UNSORTED
        codes = {**person, "wish": UNSORTED if wish in sensitive else wish}
        found.update((at, name, problem, codes[of.value] or MISSING) for name, of in _OF_ALL.items())
        found[at, Table.SAFETY_AREA, person["safety"] or MISSING, person["area"] or MISSING] += 1
        if person["problem"]:
            found.update(
                (at, name, problem, code)
                for name, of in _OF_SEVERAL.items()
                for code in _several(person, of.value)
            )
    return found


# What is known


@dataclass(kw_only=True, slots=True)
class Knowledge:
    """Sums of unknown counts, some of them taken away, each between two bounds."""

    unknown: Collection[Variable]
    sums: list[tuple[Mapping[Variable, int], int, float]] = field(default_factory=list)

    def learn(
        self, variables: Iterable[Variable], least: int, most: float, less: Iterable[Variable] = ()
    ) -> None:
        factors = Counter(variables)
        factors.subtract(less)
        if factors:
            self.sums.append((factors, least, most))

    def in_table(self, at: int, table: Table) -> list[Variable]:
        return [variable for variable in self.unknown if variable[:2] == (at, table)]


def read(knowledge: Knowledge, at: int, released: ProtectedCounts) -> None:
    """Take in all figures of release `at`."""
    rule = released.rule

    def figure(variables: Iterable[Variable], count: int, least: int = rule.threshold) -> None:
        slack = 0 if rule.exact else rule.rounding // 2
        knowledge.learn(variables, max(least, count - slack), count + slack)

    for name in (*_ROWS, *_OF_SEVERAL):
        cells, crossed = knowledge.in_table(at, name), released.crossed.get(Key(name, Stream.RESIDENTS))
        for variables, count in (*_totals(cells, name, released), *_shown(cells, crossed)):
            figure(variables, count)
        for variables, count in _rests(cells, crossed):
            figure(variables, count, least=0)
        if name in _ROWS and (everybody := released.answered.get(Stream.RESIDENTS)) is not None:
            figure(cells, everybody)
    for name, of in _OF_SEVERAL.items():
        least = rule.place_threshold if of is Table.PLACE else rule.threshold
        for code, count in released.alternatives.get(Key(of, Stream.RESIDENTS), {}).items():
            figure([v for v in knowledge.in_table(at, name) if v[3] == code], count, least)


def _totals(
    cells: Sequence[Variable], name: Table, released: ProtectedCounts
) -> Iterator[tuple[list[Variable], int]]:
    for keys, side in ((_ROWS, 2), (_COLUMNS, 3)):
        for group in released.partitions.get(keys[name], ()) if name in keys else ():
            yield [v for v in cells if v[side] in group.codes], group.count


def _cell(cells: Iterable[Variable], row: Group, column: Group) -> list[Variable]:
    return [v for v in cells if v[2] in row.codes and v[3] in column.codes]


def _shown(cells: Sequence[Variable], crossed: Crossed | None) -> Iterator[tuple[list[Variable], int]]:
    for (row, column), count in crossed.shown.items() if crossed else ():
        yield _cell(cells, crossed.rows[row], crossed.columns[column]), count


def _rests(cells: Sequence[Variable], crossed: Crossed | None) -> Iterator[tuple[list[Variable], int]]:
    for at, count in enumerate(crossed.rest if crossed else ()):
        hidden = [group for n, group in enumerate(crossed.columns) if (at, n) not in crossed.shown]
        yield [v for group in hidden for v in _cell(cells, crossed.rows[at], group)], count


def link(knowledge: Knowledge) -> None:
    """What holds between tables and releases: the same people everywhere, and nobody takes an answer back."""
    sums: dict[tuple[int, str, str], dict[Table, list[Variable]]] = defaultdict(lambda: defaultdict(list))
    for variable in knowledge.unknown:
        at, table, row, column = variable
        if table in _OF_ALL:
            sums[at, "problem", row][table].append(variable)
        if table in (Table.PROBLEM_AREA, Table.SAFETY_AREA):
            sums[at, "area", column][table].append(variable)
        if (later := (at + 1, table, row, column)) in knowledge.unknown:
            knowledge.learn([later], 0, np.inf, less=[variable])
    for first, *others in (list(tables.values()) for tables in sums.values()):
        for other in others:
            knowledge.learn(first, 0, 0, less=other)
    for variable in knowledge.unknown:
        at, table, row, _ = variable
        if table in _OF_SEVERAL:  # each at most once
            knowledge.learn(sums[at, "problem", row][Table.PROBLEM_AREA], 0, np.inf, less=[variable])


# What follows


Target = frozenset[Variable]


def found_out(
    knowledge: Knowledge, truth: Mapping[Variable, int], targets: Collection[Target]
) -> list[Target]:
    """The sums among `targets` that have one value in every world that agrees with all that is known."""
    columns = {variable: at for at, variable in enumerate(knowledge.unknown)}
    solver = _Solver(knowledge, columns)
    known = np.array([truth.get(variable, 0) for variable in columns])
    assert solver.agrees(known), "the attacker believes something that is not so"
    left = {target: solver.vector(target) for target in targets}
    for sign in (1, -1):
        other = solver.extreme(sign * sum(left.values(), np.zeros(len(columns))))
        left = {target: vector for target, vector in left.items() if abs(vector @ (other - known)) < _WHOLE}
    found = []
    while left:
        target, vector = left.popitem()
        others = [solver.extreme(sign * vector) for sign in (1, -1)]
        if all(abs(vector @ (other - known)) < _WHOLE for other in others):
            found.append(target)
        left = {t: v for t, v in left.items() if all(abs(v @ (other - known)) < _WHOLE for other in others)}
    return found


_WHOLE = 1 - 1e-6
"""Two worlds of whole numbers differ by one person at least."""


class _Solver:
    def __init__(self, knowledge: Knowledge, columns: Mapping[Variable, int]) -> None:
        entries = [
            (row, columns[variable], factor)
            for row, (factors, _, _) in enumerate(knowledge.sums)
            for variable, factor in factors.items()
        ]
        rows, at, factors = (np.array(part) for part in zip(*entries, strict=True))
        shape = (len(knowledge.sums), len(columns))
        self._columns = columns
        self._matrix = csr_array((factors, (rows, at)), shape=shape)
        self._least = np.array([least for _, least, _ in knowledge.sums], dtype=float)
        self._most = np.array([most for _, _, most in knowledge.sums], dtype=float)

    def vector(self, target: Target) -> NDArray[np.float64]:
        vector = np.zeros(len(self._columns))
        vector[[self._columns[variable] for variable in target]] = 1
        return vector

    def agrees(self, world: NDArray[np.float64]) -> bool:
        sums = self._matrix @ world
        return bool(((sums >= self._least) & (sums <= self._most)).all())

    def extreme(self, objective: NDArray[np.float64]) -> NDArray[np.float64]:
        """A world in which the objective is as large as it can be."""
        bounded = np.isfinite(self._most)
        answer = linprog(
            -objective,
            A_ub=vstack([self._matrix[bounded], -self._matrix]),
            b_ub=np.concatenate([self._most[bounded], -self._least]),
            bounds=(0, 10_000),
            method="highs",
        )
        assert answer.success, answer.message
        return np.asarray(answer.x)
