"""The small language in which coding rules are written, and the search for many patterns in one message.

``ord`` a word, ``stam*`` its beginning, ``*stam*`` any part, ``*slut`` its end, ``#`` a number, ``@name`` a group;
``a b`` side by side, ``a .. b`` in this order close by, ``a + b`` in any order near each other.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, pairwise
from typing import NamedTuple

GAP = 4
"""Words that may stand between the two sides of `..`."""
NEAR = 8
"""Words within which all sides of `+` must stand."""
_MARKS = frozenset(("..", "+"))
_SHORTEST_STEM = 3
_ATOM = re.compile(rf"@\w+|#|#?-?\w+(?:['-]\w+)*|\*?#?-?\w(?:[\w'-]){{{_SHORTEST_STEM - 1},}}\*?")

Span = tuple[int, ...]
"""Positions of the words that were matched, in order."""
Occurrences = dict[str, list[Span]]
"""Where each atom or group stands in a message."""


class Part(NamedTuple):
    """Keys that must follow each other; `gaps` says how many words may stand before each."""

    keys: tuple[str, ...]
    gaps: tuple[int, ...]


Pattern = tuple[Part, ...]
"""Parts joined by `+`."""


def parse(pattern: str) -> Pattern:
    """`pattern` in parts. Raises ValueError for an empty side or a stem that is too short to mean anything."""
    for key in keys(pattern):
        check(key)
    return _parts(pattern)


def keys(pattern: str) -> list[str]:
    """The words, stems and groups of `pattern`, not checked. Raises ValueError for an empty side."""
    written = pattern.split()
    found = [key for key in written if key not in _MARKS]
    if not found or len(found) < len(written):
        for mark, after in pairwise(("+", *written, "+")):
            if mark in _MARKS and after == "+":
                raise ValueError(f"a side is empty: {pattern!r}")
    return found


def check(key: str) -> None:
    """Raises ValueError for what is no key, or a stem that is too short to mean anything."""
    if not _ATOM.fullmatch(key):
        raise ValueError(f"not a word, a stem of {_SHORTEST_STEM} letters or more, # or @name: {key}")


def _parts(pattern: str) -> Pattern:
    return tuple(_part(side) for side in pattern.split(" + "))


def _part(side: str) -> Part:
    found: list[str] = []
    gaps: list[int] = []
    gap = 0
    for key in side.split():
        if key == "..":
            gap = GAP
            continue
        found.append(key)
        gaps.append(gap)
        gap = 0
    return Part(tuple(found), tuple(gaps))


class Searcher:
    """Finds every pattern of many in one message, looking only at those whose rarest key stands in it.

    Patterns stay as they are written, and are taken apart where all their keys stand in a message: few do, and the
    parts of all of them would be half of the memory of a rule book.
    """

    def __init__(
        self, patterns: Sequence[str], needed: Sequence[Sequence[str]], groups: Mapping[str, Iterable[Part]]
    ) -> None:
        """`needed`: the keys of each pattern."""
        self._patterns = patterns
        frequency = Counter(chain.from_iterable(needed))
        same = {key: key for key in frequency}
        by_rarest: dict[str, list[int]] = {}
        for number, keys_of_pattern in enumerate(needed):
            rarest = min(keys_of_pattern, key=frequency.__getitem__)
            by_rarest.setdefault(same[rarest], []).append(number)
        self._by_rarest = {key: tuple(numbers) for key, numbers in by_rarest.items()}
        self._members: dict[str, list[tuple[str, Part]]] = {}
        for name, parts in groups.items():
            for part in parts:
                self._members.setdefault(part.keys[0], []).append((name, part))

    def find(self, occurrences: Occurrences, sentences: Sequence[int]) -> Iterator[tuple[int, Span]]:
        """Number and place of each pattern found. `sentences` numbers the sentence of each word.

        Adds the groups found to `occurrences`.
        """
        for key in list(occurrences):
            for name, part in self._members.get(key, ()):
                spans = _spans(part, occurrences, sentences)
                if spans:
                    occurrences.setdefault(name, []).extend(spans)
        present = {*occurrences, *_MARKS}
        for key in occurrences:
            for number in self._by_rarest.get(key, ()):
                pattern = self._patterns[number]
                if pattern == key:
                    yield from ((number, span) for span in occurrences[key])
                elif present.issuperset(pattern.split()):
                    for span in _matches(_parts(pattern), occurrences, sentences):
                        yield number, span


def _matches(pattern: Pattern, occurrences: Occurrences, sentences: Sequence[int]) -> Iterator[Span]:
    """Spans of the whole pattern: for each place of its first part, the nearest places of the others."""
    for span in _spans(pattern[0], occurrences, sentences):
        joined: Span | None = span
        for part in pattern[1:]:
            joined = joined and _nearest(joined, part, occurrences, sentences)
        if joined:
            yield joined


def _nearest(span: Span, part: Part, occurrences: Occurrences, sentences: Sequence[int]) -> Span | None:
    best: tuple[int, Span] | None = None
    for other in _spans(part, occurrences, sentences):
        if sentences[other[0]] != sentences[span[0]] or not set(span).isdisjoint(other):
            continue
        width = max(*span, *other) - min(*span, *other)
        if width <= NEAR and (best is None or width < best[0]):
            best = (width, other)
    return tuple(sorted((*span, *best[1]))) if best else None


def _spans(part: Part, occurrences: Occurrences, sentences: Sequence[int]) -> list[Span]:
    spans = occurrences.get(part.keys[0], [])
    for key, gap in zip(part.keys[1:], part.gaps[1:], strict=True):
        following = occurrences.get(key)
        if not spans or not following:
            return []
        spans = [
            (*span, *after)
            for span in spans
            for after in following
            if 0 <= after[0] - span[-1] - 1 <= gap and sentences[after[0]] == sentences[span[0]]
        ]
    return spans
