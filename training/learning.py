"""From rows to the packed weights of flows/learned.py."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from flows import command_layer, distress
from flows.catalogue import words
from flows.learned import features_of, words_of
from flows.noticing import is_age_alone
from flows.reading import Safeguard
from flows.safeguards import SafeguardRules
from training.fitting import Fitted, fit
from training.rows import Row

COST = 0.1
SEED = 2026
_LARGEST = 127
_CLIPPED = 0.9999
"""The share of weights that fit into a byte as they are; the few larger ones are cut to the largest."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """What is to be learned, with the logarithms of the sizes of its tables."""

    kinds: Sequence[str]
    bits: int
    kind_bits: int


DISTRESS = Task(kinds=distress.KINDS, bits=18, kind_bits=15)
COMMANDS = Task(kinds=command_layer.KINDS, bits=17, kind_bits=13)


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
            "bits": self.task.bits,
            "kind_bits": self.task.kind_bits,
            "scale": scale,
            "bias": round(self.any.bias, 4),
            "kind_scale": kind_scale,
            "kind_biases": [round(kind.bias, 4) for kind in self.kinds],
        }
        tables = [_bytes(self.any.weights, scale), *(_bytes(k.weights, kind_scale) for k in self.kinds)]
        return json.dumps(head).encode() + b"\n" + b"".join(tables)


def learn_distress(rows: Sequence[Row]) -> Learned:
    """Left out are threats, which sound like distress, and ages alone: both are the rules' business."""
    rules = SafeguardRules(words("safeguards"))
    kept = [
        row
        for row in rows
        if row.told != Safeguard.THREAT and not is_age_alone(row.text, rules.notice(row.text))
    ]
    return _learn(kept, DISTRESS)


def learn_commands(rows: Sequence[Row]) -> Learned:
    """What is told besides commands is an answer to them."""
    return _learn(rows, COMMANDS)


def _learn(rows: Sequence[Row], task: Task) -> Learned:
    hashed = [features_of(words_of(row.text)) for row in rows]
    told = [at for at, row in enumerate(rows) if row.told in task.kinds]
    large, small = ([_buckets(features, bits) for features in hashed] for bits in (task.bits, task.kind_bits))

    def fitted(kind: str) -> Fitted:
        wanted = [rows[at].told == kind for at in told]
        return fit([small[at] for at in told], wanted, size=1 << task.kind_bits, cost=COST, seed=SEED)

    is_told = [row.told in task.kinds for row in rows]
    return Learned(
        task=task,
        any=fit(large, is_told, size=1 << task.bits, cost=COST, seed=SEED),
        kinds=tuple(map(fitted, task.kinds)),
    )


def _buckets(features: set[int], bits: int) -> list[int]:
    return sorted({feature & ((1 << bits) - 1) for feature in features})


def _scale(weights: Sequence[float]) -> float:
    """What one unit of a byte is worth."""
    sizes = sorted(abs(weight) for weight in weights if weight)
    return round(sizes[int(len(sizes) * _CLIPPED)] / _LARGEST, 6)


def _bytes(weights: Sequence[float], scale: float) -> bytes:
    return bytes(max(-_LARGEST, min(_LARGEST, round(weight / scale))) & 0xFF for weight in weights)
