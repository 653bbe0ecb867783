"""A small linear model learned from labelled messages: how much a message sounds like those that were wanted, and like
which kind of them.

It looks at words, pairs of words, beginnings and endings of words, by their hashes. Learned by `make train`
(training/); no word of any language stands here, and nothing is learned while the program runs.
"""

import json
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import sqrt
from zlib import crc32

from text.folding import folded, squeezed
from text.normalising import for_matching

FEWEST_WORDS, MOST_WORDS = 3, 120
"""Of one or two words, and of all behind these, a model says nothing."""

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


@lru_cache(maxsize=8)  # each layer asks for those of the same message
def heard_in(text: str) -> tuple[int, frozenset[int]]:
    """How many words a cleaned message has, MOST_WORDS at most, and their features if that is not too few."""
    words = words_of(text)
    return len(words), frozenset(features_of(words) if len(words) >= FEWEST_WORDS else ())


def _pairs(words: Sequence[bytes], farthest: int, kind: int) -> list[int]:
    return [
        crc32(later, crc32(earlier, kind + apart))
        for apart in range(1, farthest + 1)
        for earlier, later in zip(words, words[apart:], strict=False)
    ]


@dataclass(frozen=True, kw_only=True, slots=True)
class Heard:
    """What a model hears in a message, for `lyhord explain`."""

    score: float
    kind: str
    words: tuple[tuple[str, float], ...]
    """The words and by how much the score would fall without each, the weightiest first."""


class LearnedModel:
    """Weights of one byte each: a large table for whether a message is wanted, a small one for each kind.

    A score is a bias and the sum of the features' weights over the root of their number.
    """

    def __init__(self, packed: bytes) -> None:
        """`packed`: a line of JSON, then the tables. Raises ValueError if cut short."""
        end = packed.index(b"\n") + 1
        described = json.loads(packed[:end])
        self.kinds: tuple[str, ...] = tuple(described["kinds"])
        large, small = 1 << described["bits"], 1 << described["kind_bits"]
        if len(packed) != end + large + len(self.kinds) * small:
            raise ValueError("the weights are not as many as their first line says")
        weights = memoryview(packed)[end:].cast("b")
        self._any = _Table(weights[:large], described["scale"], described["bias"])
        self._by_kind = [
            _Table(weights[large + at * small : large + (at + 1) * small], described["kind_scale"], bias)
            for at, bias in enumerate(described["kind_biases"])
        ]

    def score(self, features: Collection[int]) -> float:
        """How much it sounds like what is wanted: above 0 more than like anything else."""
        return self._any.score(features)

    def kind(self, features: Collection[int]) -> str:
        """Which of `kinds` a message that is wanted sounds most like."""
        scores = [table.score(features) for table in self._by_kind]
        return self.kinds[scores.index(max(scores))]

    def explain(self, words: Sequence[bytes]) -> Heard:
        """The score of `words` and how much of it hangs on each."""
        features = features_of(words)
        score = self.score(features)
        hangs = [
            (word.decode(), score - self.score(features_of([*words[:at], *words[at + 1 :]])))
            for at, word in enumerate(words)
        ]
        return Heard(
            score=score,
            kind=self.kind(features),
            words=tuple(sorted(hangs, key=lambda hang: -abs(hang[1]))),
        )


@dataclass(frozen=True, slots=True)
class _Table:
    weights: memoryview
    scale: float
    bias: float

    def score(self, features: Collection[int]) -> float:
        weights, mask = self.weights, len(self.weights) - 1
        total = sum([weights[feature & mask] for feature in features])
        return total * self.scale / sqrt(len(features)) + self.bias
