"""Words that are one slip of the finger apart: a letter more, fewer, other, or swapped with its neighbour."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence

_AFTER_ANY_LETTER = "\U0010ffff"


class NearWords:
    """Known words, found from a misspelt one without comparing it to each.

    One slip leaves either the first half of a word as it is or what stands behind that: so the known words stand
    sorted by their beginnings and by their ends. (To keep each word without each of its letters is twice as fast
    and takes twenty times the memory.)
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._forwards = sorted(set(words))
        self._backwards = sorted(word[::-1] for word in self._forwards)

    def near(self, typed: str) -> list[str]:
        """The known words one slip from `typed` that begin with the same letter, itself among them.

        First those that are longer, then itself, then the shorter, then others.
        """
        half, lengths = (len(typed) - 1) // 2, range(len(typed) - 1, len(typed) + 2)
        begun = [word for word in _beginning(self._forwards, typed[:half]) if len(word) in lengths]
        ended = [word[::-1] for word in _beginning(self._backwards, typed[:half:-1]) if len(word) in lengths]
        near = {word for word in (*begun, *ended) if word[0] == typed[0] and _one_slip(word, typed)}
        return sorted(near, key=lambda word: (len(word) <= len(typed), word != typed, len(word), word))


def _beginning(words: Sequence[str], letters: str) -> Sequence[str]:
    """Those of the sorted `words` that begin with `letters`."""
    return words[bisect_left(words, letters) : bisect_left(words, letters + _AFTER_ANY_LETTER)]


def _one_slip(left: str, right: str) -> bool:
    start = _same_letters(left, right)
    a, b = left[start:], right[start:]
    return a == b or a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])


def _same_letters(left: str, right: str) -> int:
    """How many letters two words begin with alike."""
    start = 0
    while start < min(len(left), len(right)) and left[start] == right[start]:
        start += 1
    return start
