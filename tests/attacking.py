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

_CROSSED = {
    Table.PROBLEM_AREA: (Key(Table.PROBLEM, Stream.RESIDENTS), Key(Table.AREA, Stream.RESIDENTS)),
    Table.SAFETY_AREA: (Key(Table.CLOSED, Stream.RESIDENTS, "safety"), Key(Table.AREA, Stream.RESIDENTS)),
    Table.PROBLEM_TIME: (None, None),
}
"""Each crossed table, with the tables that its rows and its columns add up to, where they do."""


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
            for name in ("area", "safety", "problem"):
                if chance.random() < 0.05:
                    person[name] = ""
        return cls(chance=chance, people=people)

    def releases(self) -> list[int]:
        """How many people had answered at each release: ten more at least, and all of them at the last."""
        counted, numbers = 0, []
        while counted + 10 <= len(self.people):
            counted += self.chance.randint(10, 10 + len(self.people) // 3)
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
    area, safety, problem = person["area"], person["safety"], person["problem"]
    yield Table.OUTCOME, "complete", ""
    if area:
        yield Table.AREA, area, ""
    if safety:
        yield Table.CLOSED, "safety", safety
    if problem:
        yield Table.PROBLEM, problem, person["by"]
        for time in times_of(person):
            yield Table.TIME, time, ""
            yield Table.PROBLEM_TIME, problem, time
    if area and safety:
        yield Table.SAFETY_AREA, safety, area
    if area and problem:
        yield Table.PROBLEM_AREA, problem, area


def times_of(person: Mapping[str, str]) -> set[str]:
    return {person["when"], person["also_when"]}


# What is true


def true_counts(
    at: int, people: Sequence[Mapping[str, str]], sensitive: Collection[str]
) -> Counter[Variable]:
    """The count of every combination in the crossed tables after release `at`, that nobody is to find out."""
    found: Counter[Variable] = Counter()
    for person in people:
        problem, area = person["problem"] or MISSING, person["area"] or MISSING
        if problem in sensitive and person["by"] != "person":
            problem = UNSORTED
        found[at, Table.PROBLEM_AREA, problem, area] += 1
        found[at, Table.SAFETY_AREA, person["safety"] or MISSING, area] += 1
        if person["problem"]:
            found.update((at, Table.PROBLEM_TIME, problem, time) for time in times_of(person))
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

    for name, sides in _CROSSED.items():
        cells = knowledge.in_table(at, name)
        for key, side in zip(sides, (2, 3), strict=True):
            for group in released.partitions.get(key, ()) if key else ():
                figure([v for v in cells if v[side] in group.codes], group.count)
        for variables, count in _shown(cells, released.crossed.get(Key(name, Stream.RESIDENTS))):
            figure(variables, count)
        for variables, count in _rests(cells, released.crossed.get(Key(name, Stream.RESIDENTS))):
            figure(variables, count, least=0)
    for code, count in released.alternatives.get(Key(Table.TIME, Stream.RESIDENTS), {}).items():
        figure([v for v in knowledge.in_table(at, Table.PROBLEM_TIME) if v[3] == code], count)
    if (everybody := released.answered.get(Stream.RESIDENTS)) is not None:
        for name in (Table.PROBLEM_AREA, Table.SAFETY_AREA):
            figure(knowledge.in_table(at, name), everybody)


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
    by_area: dict[tuple[int, str], dict[Table, list[Variable]]] = defaultdict(lambda: defaultdict(list))
    by_problem: dict[tuple[int, str], list[Variable]] = defaultdict(list)
    for variable in knowledge.unknown:
        at, table, row, column = variable
        if table is not Table.PROBLEM_TIME:
            by_area[at, column][table].append(variable)
        if table is Table.PROBLEM_AREA:
            by_problem[at, row].append(variable)
        if (later := (at + 1, table, row, column)) in knowledge.unknown:
            knowledge.learn([later], 0, np.inf, less=[variable])
    for tables in by_area.values():
        knowledge.learn(tables[Table.PROBLEM_AREA], 0, 0, less=tables[Table.SAFETY_AREA])
    for variable in knowledge.unknown:
        if variable[1] is Table.PROBLEM_TIME:  # a person may name several times, but each once
            knowledge.learn(by_problem[variable[0], variable[2]], 0, np.inf, less=[variable])


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
