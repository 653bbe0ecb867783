"""From rows to the packed weights of flows/distress.py."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from flows.catalogue import words
from flows.distress import KINDS, features_of, words_of
from flows.noticing import is_age_alone
from flows.reading import Safeguard
from flows.safeguards import SafeguardRules
from training.fitting import Fitted, fit
from training.rows import Row

BITS, KIND_BITS = 18, 15
COST, KIND_COST = 0.1, 0.1
SEED = 2026
_LARGEST = 127
_CLIPPED = 0.9999
"""The share of weights that fit into a byte as they are; the few larger ones are cut to the largest."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Learned:
    any: Fitted
    kinds: tuple[Fitted, ...]

    def packed(self) -> bytes:
        """As flows.distress.DistressModel reads it."""
        scale = _scale(self.any.weights)
        kind_scale = max(_scale(kind.weights) for kind in self.kinds)
        head = {
            "bits": BITS,
            "kind_bits": KIND_BITS,
            "scale": scale,
            "bias": round(self.any.bias, 4),
            "kind_scale": kind_scale,
            "kind_biases": [round(kind.bias, 4) for kind in self.kinds],
        }
        tables = [_bytes(self.any.weights, scale), *(_bytes(k.weights, kind_scale) for k in self.kinds)]
        return json.dumps(head).encode() + b"\n" + b"".join(tables)


def learn(rows: Sequence[Row]) -> Learned:
    """Left out are threats, which sound like distress, and ages alone: both are the rules' business."""
    rules = SafeguardRules(words("safeguards"))
    rows = [
        row
        for row in rows
        if row.told is not Safeguard.THREAT and not is_age_alone(row.text, rules.notice(row.text))
    ]
    hashed = [features_of(words_of(row.text)) for row in rows]
    distress = [at for at, row in enumerate(rows) if row.told in KINDS]
    large, small = ([_buckets(features, bits) for features in hashed] for bits in (BITS, KIND_BITS))
    return Learned(
        any=fit(large, [row.told in KINDS for row in rows], size=1 << BITS, cost=COST, seed=SEED),
        kinds=tuple(
            _learn_kind(kind, [rows[at] for at in distress], [small[at] for at in distress]) for kind in KINDS
        ),
    )


def _learn_kind(kind: Safeguard, rows: Sequence[Row], buckets: Sequence[Sequence[int]]) -> Fitted:
    return fit(buckets, [row.told is kind for row in rows], size=1 << KIND_BITS, cost=KIND_COST, seed=SEED)


def _buckets(features: set[int], bits: int) -> list[int]:
    return sorted({feature & ((1 << bits) - 1) for feature in features})


def _scale(weights: Sequence[float]) -> float:
    """What one unit of a byte is worth."""
    sizes = sorted(abs(weight) for weight in weights if weight)
    return round(sizes[int(len(sizes) * _CLIPPED)] / _LARGEST, 6)


def _bytes(weights: Sequence[float], scale: float) -> bytes:
    return bytes(max(-_LARGEST, min(_LARGEST, round(weight / scale))) & 0xFF for weight in weights)
