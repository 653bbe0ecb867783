"""Words that are one slip of the finger apart: a letter more, fewer, other, or swapped with its neighbour."""

from collections.abc import Iterable


class NearWords:
    """Known words, found from a misspelt one without comparing it to each.

    Every word is stored without each of its letters in turn (symmetric deletion, as in SymSpell).
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._words = frozenset(words)
        self._shapes = {(word[0], len(word) + more) for word in self._words for more in (-1, 0, 1)}
        self._shorter: dict[str, list[str]] = {}
        for word in sorted(self._words):
            for shorter in _without_one(word):
                self._shorter.setdefault(shorter, []).append(word)

    def near(self, typed: str) -> list[str]:
        """The known words one slip from `typed` that begin with the same letter, itself among them."""
        if (typed[0], len(typed)) not in self._shapes:
            return []
        candidates = dict.fromkeys(self._shorter.get(typed, ()))
        for shorter in (typed, *_without_one(typed)):
            if shorter in self._words:
                candidates[shorter] = None
            candidates.update(dict.fromkeys(self._shorter.get(shorter, ())))
        return [word for word in candidates if word[0] == typed[0] and _one_slip(word, typed)]


def _without_one(word: str) -> list[str]:
    return [word[:i] + word[i + 1 :] for i in range(len(word))]


def _one_slip(left: str, right: str) -> bool:
    start = 0
    while start < min(len(left), len(right)) and left[start] == right[start]:
        start += 1
    a, b = left[start:], right[start:]
    return a == b or a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])
