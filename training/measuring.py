"""How well a layer does on messages that it has not learned from, with the rules and alone."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Generic, TypeVar

from flows.learned import Known, LearnedModel, heard_in
from training.learning import SEED, Learned, learn_known
from training.rows import Row

PARTS = 5
Noticed = TypeVar("Noticed")


@dataclass(frozen=True, kw_only=True, slots=True)
class Scored(Generic[Noticed]):
    """A row with the score and the kind of a model that had not seen it, and what the rules notice in it."""

    row: Row
    score: float
    kind: str
    by_rules: Noticed


@dataclass(frozen=True, kw_only=True, slots=True)
class Measured(Generic[Noticed]):
    """What is measured: how it is learned, and the rules beside it."""

    learn: Callable[[Sequence[Row], Known], Learned]
    by_rules: Callable[[Row], Noticed]

    def scored(self, rows: Sequence[Row]) -> Iterator[Scored[Noticed]]:
        """Every row, by what was learned from four fifths of the others: new sentences of writers who are known."""
        parts = by_chance(rows)
        for part in range(PARTS):
            learned_from = [row for row, at in zip(rows, parts, strict=True) if at != part]
            yield from self._scored(
                [row for row, at in zip(rows, parts, strict=True) if at == part], learned_from
            )

    def scored_apart(self, rows: Sequence[Row], writers: Collection[str]) -> Iterator[Scored[Noticed]]:
        """The rows of `writers`, by what was learned from all others: a writer who is not known."""
        return self._scored(
            [row for row in rows if row.writer in writers], [row for row in rows if row.writer not in writers]
        )

    def _scored(self, rows: Sequence[Row], learned_from: Sequence[Row]) -> Iterator[Scored[Noticed]]:
        known = learn_known(learned_from)
        model = LearnedModel(self.learn(learned_from, known).packed(), known)
        for row in rows:
            _, numbers = heard_in(row.text, known)
            yield Scored(
                row=row,
                score=model.score(numbers),
                kind=model.kind(numbers),
                by_rules=self.by_rules(row),
            )


def by_chance(rows: Sequence[Row]) -> list[int]:
    """A part for each row: new sentences of writers who are known."""
    chance = Random(SEED)
    return [chance.randrange(PARTS) for _ in rows]


def share(are_noticed: Iterable[bool]) -> tuple[int, int]:
    """How many, and how many there are."""
    noticed = list(are_noticed)
    return sum(noticed), len(noticed)
