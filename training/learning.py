"""From rows to the packed weights of flows/learned.py."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from flows import command_layer, distress
from flows.catalogue import words
from flows.learned import CHECK, Known, features_of, words_of
from flows.noticing import is_age_alone
from flows.reading import Safeguard
from flows.safeguards import SafeguardRules
from training.fitting import Fitted, fit
from training.rows import Row

KNOWN_BITS = 18
"""The logarithm of how many features are known at most."""
FEWEST_ROWS = 2
"""What stands in fewer is the chance of one message."""
KIND_COST = 0.1
SEED = 2026
_LARGEST = 127
_CLIPPED = 0.9999
"""The share of weights that fit into a byte as they are; the few larger ones are cut to the largest."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """What is to be learned, with the logarithm of the size of the tables of its kinds.

    `by_writer`: a feature is rare that few writers use, not one that stands in few rows. Commands have too few writers.
    """

    kinds: Sequence[str]
    kind_bits: int
    cost: float
    by_writer: bool


DISTRESS = Task(kinds=distress.KINDS, kind_bits=17, cost=0.4, by_writer=True)
COMMANDS = Task(kinds=command_layer.KINDS, kind_bits=14, cost=0.15, by_writer=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Learned:
    task: Task
    any: Fitted
    kinds: tuple[Fitted, ...]

    def packed(self) -> bytes:
        """As flows.learned.LearnedModel reads it."""
        scale = _scale(self.any.weights)
        kind_scale = max(_scale(kind.weights) for kind in self.kinds)
        head = {
            "kinds": [str(kind) for kind in self.task.kinds],
            "kind_bits": self.task.kind_bits,
            "scale": scale,
            "bias": round(self.any.bias, 4),
            "kind_scale": kind_scale,
            "kind_biases": [round(kind.bias, 4) for kind in self.kinds],
        }
        tables = [_bytes(self.any.weights, scale), *(_bytes(k.weights, kind_scale) for k in self.kinds)]
        return json.dumps(head).encode() + b"\n" + b"".join(tables)


def learn_known(rows: Sequence[Row]) -> Known:
    """Where two features have the same number, it is that of the one that more rows with distress or a command have."""
    often, told = Counter[int](), Counter[int]()
    for row in rows:
        features = features_of(words_of(row.text))
        often.update(features)
        if row.told in (*DISTRESS.kinds, *COMMANDS.kinds):
            told.update(features)
    kept = [feature for feature, times in often.items() if times >= FEWEST_ROWS]
    checks = bytearray(1 << KNOWN_BITS)
    for feature in sorted(kept, key=lambda feature: (told[feature], often[feature], feature)):
        checks[feature & (len(checks) - 1)] = feature >> CHECK
    return Known(bytes(checks))


def learn_distress(rows: Sequence[Row], known: Known) -> Learned:
    """Left out are threats, which sound like distress, and ages alone: both are the rules' business."""
    rules = SafeguardRules(words("safeguards"))
    kept = [
        row
        for row in rows
        if row.told != Safeguard.THREAT and not is_age_alone(row.text, rules.notice(row.text))
    ]
    return _learn(kept, known, DISTRESS)


def learn_commands(rows: Sequence[Row], known: Known) -> Learned:
    """What is told besides commands is an answer to them."""
    return _learn(rows, known, COMMANDS)


def _learn(rows: Sequence[Row], known: Known, task: Task) -> Learned:
    numbers = [known.numbers(features_of(words_of(row.text))) for row in rows]
    told = [at for at, row in enumerate(rows) if row.told in task.kinds]
    large, small = len(known), 1 << task.kind_bits

    def fitted(kind: str) -> Fitted:
        wanted = [rows[at].told == kind for at in told]
        buckets = [_buckets(numbers[at], small) for at in told]
        return fit(buckets, wanted, size=small, cost=KIND_COST, seed=SEED)

    return Learned(
        task=task,
        any=fit(
            [_buckets(row, large) for row in numbers],
            [row.told in task.kinds for row in rows],
            size=large,
            cost=task.cost,
            seed=SEED,
            writers=[row.writer for row in rows] if task.by_writer else None,
        ),
        kinds=tuple(map(fitted, task.kinds)),
    )


def _buckets(numbers: Sequence[int], size: int) -> list[int]:
    return sorted({number & (size - 1) for number in numbers})


def _scale(weights: Sequence[float]) -> float:
    """What one unit of a byte is worth."""
    sizes = sorted(abs(weight) for weight in weights if weight)
    return round(sizes[int(len(sizes) * _CLIPPED)] / _LARGEST, 6)


def _bytes(weights: Sequence[float], scale: float) -> bytes:
    return bytes(max(-_LARGEST, min(_LARGEST, round(weight / scale))) & 0xFF for weight in weights)
