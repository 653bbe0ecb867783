"""Words that are one slip of the finger apart: a letter more, fewer, other, or swapped with its neighbour."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence

_AFTER_ANY_LETTER = "\U0010ffff"


class NearWords:
    """Known words, found from a misspelt one without comparing it to each.

    One slip leaves either the first half of a word as it is or what stands behind that: so the known words stand
    sorted by their beginnings and by their ends. (To keep each word without each of its letters is a third faster
    and takes a hundred times the memory.)
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._by_beginning = sorted(set(words))
        self._by_end = sorted(self._by_beginning, key=_backwards)

    def near(self, typed: str) -> list[str]:
        """The known words one slip from `typed` that begin with the same letter, itself among them.

        First those that are longer, then itself, then the shorter, then others.
        """
        half, lengths = (len(typed) - 1) // 2, range(len(typed) - 1, len(typed) + 2)
        begin_alike = _between(self._by_beginning, typed[:half], str)
        end_alike = _between(self._by_end, typed[:half:-1], _backwards)
        found = {word for word in (*begin_alike, *end_alike) if len(word) in lengths and word[0] == typed[0]}
        near = [word for word in found if _one_slip(word, typed)]
        return sorted(near, key=lambda word: (len(word) <= len(typed), word != typed, len(word), word))


def _between(words: Sequence[str], letters: str, key: Callable[[str], str]) -> Sequence[str]:
    """Those of `words`, which are sorted by `key`, whose key begins with `letters`."""
    start = bisect_left(words, letters, key=key)
    return words[start : bisect_left(words, letters + _AFTER_ANY_LETTER, lo=start, key=key)]


def _backwards(word: str) -> str:
    return word[::-1]


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
