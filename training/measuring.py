"""How well the rules with the layer find distress in messages that the layer has not learned from."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

from flows.catalogue import words
from flows.distress import KINDS, DistressModel, features_of, words_of
from flows.reading import Safeguard
from flows.safeguards import SafeguardRules
from training.learning import SEED, learn
from training.rows import Row

PARTS = 5
_CALLED_FOR = frozenset({*KINDS, Safeguard.UNDER_AGE})


@dataclass(frozen=True, kw_only=True, slots=True)
class Scored:
    """A row with the score of a model that had not seen it, and what the rules notice in it."""

    row: Row
    score: float
    by_rules: frozenset[Safeguard]

    def is_noticed(self, *, threshold: float, ordinary: float) -> bool:
        """As flows.noticing does it: whether one of the texts for distress is given."""
        silenced = frozenset(KINDS) if self.score < ordinary else frozenset()
        return bool(self.by_rules - silenced) or self.score >= threshold


def by_chance(rows: Sequence[Row]) -> list[int]:
    """A part for each row: new sentences of writers who are known."""
    chance = Random(SEED)
    return [chance.randrange(PARTS) for _ in rows]


def scored(rows: Sequence[Row]) -> Iterator[Scored]:
    """Every row, by what was learned from four fifths of the others: new sentences of writers who are known."""
    parts = by_chance(rows)
    for part in range(PARTS):
        learned_from = [row for row, at in zip(rows, parts, strict=True) if at != part]
        yield from _scored([row for row, at in zip(rows, parts, strict=True) if at == part], learned_from)


def scored_apart(rows: Sequence[Row], writers: Collection[str]) -> Iterator[Scored]:
    """The rows of `writers`, by what was learned from all others: a writer who is not known."""
    return _scored(
        [row for row in rows if row.writer in writers], [row for row in rows if row.writer not in writers]
    )


def _scored(rows: Sequence[Row], learned_from: Sequence[Row]) -> Iterator[Scored]:
    rules = SafeguardRules(words("safeguards"))
    model = DistressModel(learn(learned_from).packed())
    for row in rows:
        score = model.score(features_of(words_of(row.text)))
        yield Scored(row=row, score=score, by_rules=_noticed(rules, row))


def _noticed(rules: SafeguardRules, row: Row) -> frozenset[Safeguard]:
    return _CALLED_FOR.intersection(alarm.safeguard for alarm in rules.notice(row.text))


def share(rows: Iterable[Scored], *, threshold: float, ordinary: float) -> tuple[int, int]:
    """How many of `rows` are noticed, and how many there are."""
    noticed = [row.is_noticed(threshold=threshold, ordinary=ordinary) for row in rows]
    return sum(noticed), len(noticed)
