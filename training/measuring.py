"""How well the rules with the layer find distress in messages that the layer has not learned from."""

from collections.abc import Iterable, Sequence
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


def by_writer(rows: Sequence[Row]) -> list[int]:
    """A part for each row, all of a writer in one: sentences of writers who are not."""
    writers = sorted({row.writer for row in rows})
    return [writers.index(row.writer) for row in rows]


def scored(rows: Sequence[Row], parts: Sequence[int]) -> list[Scored]:
    """Every row, scored by what was learned from the other parts."""
    rules = SafeguardRules(words("safeguards"))
    found = []
    for part in sorted(set(parts)):
        model = DistressModel(learn([r for r, p in zip(rows, parts, strict=True) if p != part]).packed())
        found += [
            Scored(row=row, score=model.score(features_of(words_of(row.text))), by_rules=_noticed(rules, row))
            for row, at in zip(rows, parts, strict=True)
            if at == part
        ]
    return found


def _noticed(rules: SafeguardRules, row: Row) -> frozenset[Safeguard]:
    return _CALLED_FOR.intersection(alarm.safeguard for alarm in rules.notice(row.text))


def share(rows: Iterable[Scored], *, threshold: float, ordinary: float) -> tuple[int, int]:
    """How many of `rows` are noticed, and how many there are."""
    noticed = [row.is_noticed(threshold=threshold, ordinary=ordinary) for row in rows]
    return sum(noticed), len(noticed)
