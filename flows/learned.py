"""A small linear model learned from labelled messages: how much a message sounds like those that were wanted, and like
which kind of them.

It looks at words, pairs of words, beginnings and endings of words, by their hashes, and only at those that it knows:
what it was never shown says nothing. Learned by `make train` (training/); no word of any language stands here, and
nothing is learned while the program runs.
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import sqrt
from zlib import crc32

from text.folding import folded, squeezed
from text.normalising import for_matching

FEWEST_WORDS, MOST_WORDS = 3, 120
"""Of one or two words, and of all behind these, a model says nothing."""

_TAG = re.compile(r"<[a-z/!]", re.IGNORECASE)
"""Stands in pasted code, whose words are not its writer's. "<3" is none."""
_WORD = re.compile(r"\d+|[^\W\d_]+(?:'[^\W_]+)?")
_BEGINNINGS, _ENDINGS = (3, 4, 5, 6), (2, 3, 4, 5)
_STEM = 5
"""Letters of a word's beginning that stand for all its forms in pairs."""
_WORDS_APART, _STEMS_APART = 1, 2
"""How far from each other the two of a pair may stand: 2 is one word between."""
_AS_WORD, _AS_BEGINNING, _AS_ENDING, _AS_PAIR, _AS_STEMS = 1, 2, 3, 10, 20
"""What a hash starts from, so that a beginning is not taken for the word that is spelt the same."""
FEWEST_KNOWN = 20
"""Fewer known features are too little to go by: they count as if there were so many."""
CHECK = 24
"""The bits of a hash from here on tell whether the feature is the one that its number stands for."""


def words_of(text: str) -> list[bytes]:
    """The words of a cleaned message without dots over letters, the first MOST_WORDS of them; none of pasted code."""
    if _TAG.search(text):
        return []
    plain = folded(squeezed(for_matching(text)))
    return [word.encode() for word in _WORD.findall(plain)[:MOST_WORDS]]


def judged_words(text: str) -> list[bytes]:
    """The words that a model is asked about: none where they were typed without a space, as the code "0P1AV"."""
    return words_of(text) if len(text.split(maxsplit=1)) > 1 else []


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


class Known:
    """The features that the models know: for each number, one byte of the hash of the feature that has it.

    A feature's number is the lowest bits of its hash. Another with the same number is taken for it once in 256 times.
    """

    def __init__(self, checks: bytes) -> None:
        """Raises ValueError if cut short: there are as many as a power of two."""
        if not checks or len(checks) & (len(checks) - 1):
            raise ValueError("what is known is not as much as a power of two")
        self.checks = checks

    def __len__(self) -> int:
        return len(self.checks)

    def numbers(self, features: Iterable[int]) -> list[int]:
        """The numbers of those of `features` that are known."""
        checks, mask = self.checks, len(self.checks) - 1
        return [feature & mask for feature in features if checks[feature & mask] == feature >> CHECK]


@lru_cache(maxsize=8)  # each layer asks for those of the same message
def heard_in(text: str, known: Known) -> tuple[int, Sequence[int]]:
    """How many words a cleaned message has, MOST_WORDS at most, and the numbers of its known features; none where it is
    shorter than FEWEST_WORDS.
    """
    words = judged_words(text)
    return len(words), known.numbers(features_of(words)) if len(words) >= FEWEST_WORDS else ()


def root_of(known: int) -> float:
    """What the sum of the weights of so many features is divided by."""
    return sqrt(max(known, FEWEST_KNOWN))


@dataclass(frozen=True, kw_only=True, slots=True)
class Heard:
    """What a model hears in a message, for `lyhord explain`."""

    score: float
    kind: str
    words: tuple[tuple[str, float], ...]
    """The words and by how much the score would fall without each, the weightiest first."""


class LearnedModel:
    """Weights of one byte each: a large table for whether a message is wanted, a small one for each kind.

    A score is a bias and the sum of the known features' weights over the root of how many they are.
    """

    def __init__(self, packed: bytes, known: Known) -> None:
        """`packed`: a line of JSON, then the tables. Raises ValueError if cut short."""
        self.known = known
        end = packed.index(b"\n") + 1
        described = json.loads(packed[:end])
        self.kinds: tuple[str, ...] = tuple(described["kinds"])
        large, small = len(known), 1 << described["kind_bits"]
        if len(packed) != end + large + len(self.kinds) * small:
            raise ValueError("the weights are not as many as their first line says")
        weights = memoryview(packed)[end:].cast("b")
        self._any = _Table(weights[:large], described["scale"], described["bias"])
        self._by_kind = [
            _Table(weights[large + at * small : large + (at + 1) * small], described["kind_scale"], bias)
            for at, bias in enumerate(described["kind_biases"])
        ]

    def score(self, numbers: Sequence[int]) -> float:
        """How much it sounds like what is wanted: above 0 more than like anything else."""
        return self._any.score(numbers)

    def kind(self, numbers: Sequence[int]) -> str:
        """Which of `kinds` a message that is wanted sounds most like."""
        scores = [table.score(numbers) for table in self._by_kind]
        return self.kinds[scores.index(max(scores))]

    def explain(self, words: Sequence[bytes]) -> Heard:
        """The score of `words` and how much of it hangs on each."""
        numbers = self._numbers(words)
        score = self.score(numbers)
        hangs = [
            (word.decode(), score - self.score(self._numbers([*words[:at], *words[at + 1 :]])))
            for at, word in enumerate(words)
        ]
        return Heard(
            score=score,
            kind=self.kind(numbers),
            words=tuple(sorted(hangs, key=lambda hang: -abs(hang[1]))),
        )

    def _numbers(self, words: Sequence[bytes]) -> list[int]:
        return self.known.numbers(features_of(words))


@dataclass(frozen=True, slots=True)
class _Table:
    weights: memoryview
    scale: float
    bias: float

    def score(self, numbers: Sequence[int]) -> float:
        weights, mask = self.weights, len(self.weights) - 1
        total = sum([weights[number & mask] for number in numbers])
        return total * self.scale / root_of(len(numbers)) + self.bias
