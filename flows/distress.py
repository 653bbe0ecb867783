"""The learned layer beside the safeguard rules: how much a message sounds like those that told of distress.

A linear model over words, pairs of words, beginnings and endings of words, learned from labelled messages by
`make train` (training/). No word of any language stands here; nothing is learned while the program runs.
"""

import json
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import sqrt
from zlib import crc32

from flows.reading import Alarm, Safeguard
from text.folding import folded, squeezed
from text.normalising import for_matching

KINDS = (Safeguard.EMERGENCY, Safeguard.CHILD, Safeguard.SUICIDE, Safeguard.DOMESTIC)
"""What the layer tells apart, in the order of the tables of weights."""
LEARNED = "learned."
"""Begins the name of what the layer noticed, as the names of rules begin with their safeguard."""
FEWEST_WORDS = 3
"""A shorter message is an answer, a command or the business of the rules: one or two words tell too little."""
MOST_WORDS = 120

_WORD = re.compile(r"\d+|[^\W\d_]+(?:'[^\W_]+)?")
_BEGINNINGS, _ENDINGS = (3, 4, 5, 6), (3, 4, 5)
_STEM = 5
"""Letters of a word's beginning that stand for all its forms in pairs."""
_WORDS_APART, _STEMS_APART = 2, 3
"""How far from each other the two of a pair may stand: 2 is one word between."""
_AS_WORD, _AS_BEGINNING, _AS_ENDING, _AS_PAIR, _AS_STEMS = 1, 2, 3, 10, 20
"""What a hash starts from, so that a beginning is not taken for the word that is spelt the same."""


def words_of(text: str) -> list[bytes]:
    """The words of a cleaned message without dots over letters, the first MOST_WORDS of them."""
    plain = folded(squeezed(for_matching(text)))
    return [word.encode() for word in _WORD.findall(plain)[:MOST_WORDS]]


def features_of(words: Sequence[bytes]) -> set[int]:
    """Hashes of all that the model looks at, 32 bits each."""
    found = set()
    stems = [b"^"]
    for word in words:
        found.add(crc32(word, _AS_WORD))
        letter = 1 if word.isascii() else 2
        size = len(word)
        for length in _BEGINNINGS:
            if size <= length * letter:
                break
            found.add(crc32(word[: length * letter], _AS_BEGINNING))
        for length in _ENDINGS:
            if size <= length * letter:
                break
            found.add(crc32(word[-length * letter :], _AS_ENDING))
        stems.append(word[: _STEM * letter])
    found.update(_pairs((b"^", *words, b"$"), _WORDS_APART, _AS_PAIR))
    found.update(_pairs((*stems, b"$"), _STEMS_APART, _AS_STEMS))
    return found


def _pairs(words: Sequence[bytes], farthest: int, kind: int) -> list[int]:
    return [
        crc32(later, crc32(earlier, kind + apart))
        for apart in range(1, farthest + 1)
        for earlier, later in zip(words, words[apart:], strict=False)
    ]


class DistressModel:
    """Weights of one byte each: a large table for whether it is distress, a small one per kind for which.

    A score is a bias and the sum of the features' weights over the root of their number.
    """

    def __init__(self, packed: bytes) -> None:
        """`packed` is library/distress.bin: a line of JSON, then the tables. Raises ValueError if cut short."""
        end = packed.index(b"\n") + 1
        described = json.loads(packed[:end])
        large, small = 1 << described["bits"], 1 << described["kind_bits"]
        if len(packed) != end + large + len(KINDS) * small:
            raise ValueError("distress.bin is not as long as it says")
        weights = memoryview(packed)[end:].cast("b")
        self._any = _Table(weights[:large], described["scale"], described["bias"])
        self._kinds = [
            _Table(weights[large + at * small : large + (at + 1) * small], described["kind_scale"], bias)
            for at, bias in enumerate(described["kind_biases"])
        ]

    def score(self, features: Collection[int]) -> float:
        """How much it sounds like distress: above 0 more than like an ordinary answer."""
        return self._any.score(features)

    def kind(self, features: Collection[int]) -> Safeguard:
        """Which of KINDS a message of distress sounds most like."""
        scores = [table.score(features) for table in self._kinds]
        return KINDS[scores.index(max(scores))]


@dataclass(frozen=True, slots=True)
class _Table:
    weights: memoryview
    scale: float
    bias: float

    def score(self, features: Collection[int]) -> float:
        weights, mask = self.weights, len(self.weights) - 1
        total = sum([weights[feature & mask] for feature in features])
        return total * self.scale / sqrt(len(features)) + self.bias


class DistressLayer:
    """The model with the scores from which it is believed: `threshold` for distress, `ordinary` for none."""

    def __init__(self, model: DistressModel, *, threshold: float, ordinary: float) -> None:
        self._model, self._threshold, self._ordinary = model, threshold, ordinary

    def is_ordinary(self, text: str) -> bool:
        """Whether `text` is so surely an ordinary answer that no rule is believed that takes it for distress."""
        words = words_of(text)
        return len(words) >= FEWEST_WORDS and self._model.score(features_of(words)) < self._ordinary

    def alarm(self, text: str) -> Alarm | None:
        """What `text` (cleaned, not yet redacted) sounds like, if it is surely no ordinary answer."""
        words = words_of(text)
        if len(words) < FEWEST_WORDS:
            return None
        features = features_of(words)
        if self._model.score(features) < self._threshold:
            return None
        kind = self._model.kind(features)
        return Alarm(safeguard=kind, rule=f"{LEARNED}{kind.value}")

    def explain(self, text: str) -> "Heard | None":
        """The score of `text` and how much of it hangs on each of its words; None for one too short to be scored."""
        words = words_of(text)
        if len(words) < FEWEST_WORDS:
            return None
        features = features_of(words)
        score = self._model.score(features)
        hangs = [
            (word.decode(), score - self._model.score(features_of([*words[:at], *words[at + 1 :]])))
            for at, word in enumerate(words)
        ]
        return Heard(
            score=score,
            threshold=self._threshold,
            kind=self._model.kind(features),
            words=tuple(sorted(hangs, key=lambda hang: -abs(hang[1]))),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Heard:
    """What the layer hears in a message, for `lyhord explain`."""

    score: float
    threshold: float
    kind: Safeguard
    words: tuple[tuple[str, float], ...]
    """The words and by how much the score would fall without each, the weightiest first."""
