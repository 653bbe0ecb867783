"""An attacker with a pencil: what follows from known sums of unknown counts."""

from collections.abc import Collection, Hashable, Sequence
from fractions import Fraction
from typing import TypeVar

T = TypeVar("T", bound=Hashable)


def determined(unknown: Sequence[T], sums: Sequence[Collection[T]]) -> list[T]:
    """Unknowns that follow from the sums of these sets, by Gauss-Jordan elimination without rounding."""
    system = [[Fraction(at in members) for at in unknown] for members in sums]
    pivots: list[int] = []
    for column in range(len(unknown)):
        pivot = next((row for row in range(len(pivots), len(system)) if system[row][column]), None)
        if pivot is None:
            continue
        at = len(pivots)
        system[at], system[pivot] = system[pivot], system[at]
        system[at] = [entry / system[at][column] for entry in system[at]]
        for row, line in enumerate(system):
            if row != at and line[column]:
                factor = line[column]
                system[row] = [a - factor * b for a, b in zip(line, system[at], strict=True)]
        pivots.append(column)
    return [unknown[column] for row, column in enumerate(pivots) if sum(map(bool, system[row])) == 1]
