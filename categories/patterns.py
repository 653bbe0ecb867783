"""The small language in which coding rules are written, and the search for many patterns in one message.

``ord`` a word, ``stam*`` its beginning, ``*stam*`` any part, ``*slut`` its end, ``#`` a number, ``@name`` a group;
``a b`` side by side, ``a .. b`` in this order close by, ``a + b`` in any order near each other.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

GAP = 4
"""Words that may stand between the two sides of `..`."""
NEAR = 8
"""Words within which all sides of `+` must stand."""
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
    return tuple(_part(side) for side in pattern.split(" + "))


def _part(side: str) -> Part:
    keys: list[str] = []
    gaps: list[int] = []
    gap = 0
    for atom in side.split():
        if atom == "..":
            gap = GAP
            continue
        if not _ATOM.fullmatch(atom):
            raise ValueError(f"not a word, a stem of {_SHORTEST_STEM} letters or more, # or @name: {atom}")
        keys.append(atom)
        gaps.append(gap)
        gap = 0
    if not keys or gap:
        raise ValueError(f"a side is empty: {side!r}")
    return Part(tuple(keys), tuple(gaps))


class Searcher:
    """Finds every pattern of many in one message, looking only at those whose rarest key stands in it."""

    def __init__(self, patterns: Sequence[Pattern], groups: Mapping[str, Iterable[Part]]) -> None:
        keys = [pattern[0].keys if len(pattern) == 1 else _all_keys(pattern) for pattern in patterns]
        frequency = Counter(key for needed in keys for key in needed)
        self._by_rarest: dict[str, list[tuple[int, Pattern, tuple[str, ...]]]] = {}
        for number, (pattern, needed) in enumerate(zip(patterns, keys, strict=True)):
            rarest = min(needed, key=frequency.__getitem__) if len(needed) > 1 else needed[0]
            self._by_rarest.setdefault(rarest, []).append((number, pattern, needed))
        self._members: dict[str, list[tuple[str, Part]]] = {}
        for name, parts in groups.items():
            for part in parts:
                self._members.setdefault(part.keys[0], []).append((f"@{name}", part))

    def find(self, occurrences: Occurrences, sentences: Sequence[int]) -> Iterator[tuple[int, Span]]:
        """Number and place of each pattern found. `sentences` numbers the sentence of each word.

        Adds the groups found to `occurrences`.
        """
        for key in list(occurrences):
            for name, part in self._members.get(key, ()):
                spans = _spans(part, occurrences, sentences)
                if spans:
                    occurrences.setdefault(name, []).extend(spans)
        present = occurrences.keys()
        for key in present:
            for number, pattern, needed in self._by_rarest.get(key, ()):
                if len(needed) == 1 or all(other in present for other in needed):
                    for span in _matches(pattern, occurrences, sentences):
                        yield number, span


def _all_keys(pattern: Pattern) -> tuple[str, ...]:
    return tuple(key for part in pattern for key in part.keys)


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
