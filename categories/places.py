"""Known places of the municipality's register named in free text. What is found is a code, never a house number."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from categories.misspelling import NearWords
from text.folding import folded, lacks_swedish_letters
from text.normalising import for_matching

_WORD = re.compile(r"[^\W_]+(?:['´`:-][^\W_]+)*")
_ENDINGS = ("ens", "ets", "ans", "en", "et", "an", "ns", "n", "s", "t", "na", "arna", "erna", "orna")
"""Definite and genitive endings: "stationen" and "stations" are the station."""
_SHORTEST_BASE = 3
_MISSPELT_FROM = 6
_SHORTEST_FOLDED = 4
_PARTS_WITHIN = 4
"""Words within which the words of a longer name must stand in another order ("skolan i Duved")."""
_SURE, _INFLECTED, _FOLDED, _PARTS, _MISSPELT, _CAREFUL = 1.0, 0.95, 0.9, 0.85, 0.75, 0.6

_PREPOSITION = re.compile(
    "i|på|vid|till|från|mot|genom|förbi|utanför|bakom|framför|nära|runt|kring|längs|bortom|ovanför|nedanför|hos"
    "|inne|uppe|nere|borta|mellan|pa|fran|utanfor|langs|nara|forbi|framfor"
    "|in|at|near|to|from|by|outside|around|behind|through|along"
)
_COMMON_WORD = re.compile(
    "kall|hallen|björnen|björn|sadeln|åre|bygget|dalen|backen|ängen|höjden|ön|viken|vik|berg|ås|hamre|hede|ro|mo"
    "|bro|lund|fors|strand|nor|bil|max|elsa|hampus|forum|torp|gården|parken|kullen|udden|skogen|bruket|byn"
    "|hallarna|mörsil|staden|lugnet|freden"
)
"""Names that are ordinary words as well: found only where something says that a place is meant."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """A place of the register. `code` is stable; `area` the code of the area that it lies in, or empty."""

    code: str
    name: str
    aliases: tuple[str, ...] = ()
    area: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class PlaceFound:
    """A place that a text names. `matched_how`: name, inflected, folded, parts, misspelt; `score` 0 to 1."""

    code: str
    matched_how: str
    score: float


class _Name(NamedTuple):
    code: str
    words: tuple[str, ...]
    is_common: bool


class _Match(NamedTuple):
    code: str
    how: str
    score: float
    span: tuple[int, ...]


class PlaceFinder:
    """Finds the places of one register. Immutable; built once for a round."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._by_base: dict[str, list[_Name]] = {}
        self._singles: dict[str, _Name] = {}
        for name in _names(places):
            first = name.words[0]
            for base in _bases(first) | _bases(folded(first)):
                self._by_base.setdefault(base, []).append(name)
            if len(name.words) == 1 and len(first) >= _MISSPELT_FROM and not name.is_common:
                self._singles[first] = self._singles[folded(first)] = name
        self._beginnings = {base[:_SHORTEST_BASE] for base in self._by_base}
        self._near = NearWords(self._singles)

    def find(self, text: str) -> tuple[PlaceFound, ...]:
        """The places that `text` (as written) names, in the order of the text; each once."""
        message = _Message(text)
        matches = sorted(
            self._matches(message), key=lambda match: (-len(match.span), -match.score, match.span)
        )
        taken: set[int] = set()
        kept: dict[str, _Match] = {}
        for match in matches:
            if taken.isdisjoint(match.span):
                taken.update(match.span)
                kept.setdefault(match.code, match)
        in_order = sorted(kept.values(), key=lambda match: match.span)
        return tuple(PlaceFound(code=m.code, matched_how=m.how, score=m.score) for m in in_order)

    def _matches(self, message: "_Message") -> Iterator[_Match]:
        for position, word in enumerate(message.words):
            found = False
            for name in self._names_of(word):
                match = _matched(name, message, position)
                if match is not None:
                    found = True
                    yield match
            if not found and len(word) >= _MISSPELT_FROM:
                for near in self._near.near(word):
                    yield _Match(self._singles[near].code, "misspelt", _MISSPELT, (position,))

    def _names_of(self, word: str) -> list[_Name]:
        if word[:_SHORTEST_BASE] not in self._beginnings:
            return []
        names = {id(name): name for base in sorted(_bases(word)) for name in self._by_base.get(base, ())}
        return list(names.values())


class _Message:
    """A message in words, and which of them are written with a capital where no sentence begins."""

    def __init__(self, text: str) -> None:
        spans = list(_WORD.finditer(text))
        self.words = tuple(for_matching(span.group()) for span in spans)
        self.named = tuple(
            span.group()[0].isupper() and not _begins_sentence(text, span.start()) for span in spans
        )
        self.fold = lacks_swedish_letters(for_matching(text))


def _names(places: Iterable[Place]) -> Iterator[_Name]:
    """Every name and alias that only one place has: "skolan" names none where there are several."""
    codes: dict[tuple[str, ...], set[str]] = {}
    for place in places:
        for name in (place.name, *place.aliases):
            codes.setdefault(_words(name), set()).add(place.code)
    for words, named in sorted(codes.items()):
        if words and len(named) == 1:
            is_common = len(words) == 1 and any(map(_COMMON_WORD.fullmatch, _bases(words[0])))
            yield _Name(next(iter(named)), words, is_common)


def _begins_sentence(text: str, start: int) -> bool:
    before = text[:start].rstrip()
    return not before or before[-1] in ".!?:"


def _matched(name: _Name, message: _Message, position: int) -> _Match | None:
    """`name` where its first word stands at `position`, if its other words follow or stand near."""
    span = _span(name, message, position)
    if span is None:
        return None
    in_order = all(after == before + 1 for before, after in pairwise(span))
    typed = [message.words[at] for at in span]
    how, score = _how(name.words, typed, in_order=in_order)
    if how == "folded" and not _may_be_folded(name, message, position):
        return None
    if name.is_common:
        if not _is_meant(message, position):
            return None
        score = score if message.named[position] else _CAREFUL
    return _Match(name.code, how, score, tuple(sorted(span)))


def _span(name: _Name, message: _Message, position: int) -> tuple[int, ...] | None:
    """Positions of the words of `name`, its first at `position`; None where one is missing."""
    found = [position]
    for nth, word in enumerate(name.words[1:], 1):
        following = position + nth
        around = range(max(0, position - _PARTS_WITHIN), position + _PARTS_WITHIN + 1)
        places = [following, *(at for at in around if at != following)]
        at = next((p for p in places if p not in found and _same(word, message, p)), None)
        if at is None:
            return None
        found.append(at)
    return tuple(found)


def _same(word: str, message: _Message, position: int) -> bool:
    if position >= len(message.words):
        return False
    typed = message.words[position]
    bases = _bases(word) | (_bases(folded(word)) if message.fold else set())
    return not bases.isdisjoint(_bases(typed))


def _how(words: Sequence[str], typed: Sequence[str], *, in_order: bool) -> tuple[str, float]:
    if not in_order:
        return "parts", _PARTS
    if list(words) == list(typed):
        return "name", _SURE
    if all(not _bases(word).isdisjoint(_bases(other)) for word, other in zip(words, typed, strict=True)):
        return "inflected", _INFLECTED
    return "folded", _FOLDED


def _may_be_folded(name: _Name, message: _Message, position: int) -> bool:
    long_enough = sum(map(len, name.words)) >= _SHORTEST_FOLDED
    return message.fold and (long_enough or _is_meant(message, position))


def _is_meant(message: _Message, position: int) -> bool:
    """Whether something says that the word is a name: a preposition, a capital, or nothing but it stands there."""
    alone = len(message.words) == 1
    before = message.words[position - 1] if position else ""
    return alone or message.named[position] or _PREPOSITION.fullmatch(before) is not None


def _words(name: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(for_matching(name)))


def _bases(word: str) -> set[str]:
    """`word` and what is left without a definite or genitive ending."""
    bases = {word}
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_BASE:
            bases.add(word[: -len(ending)])
    if word.endswith(("a", "e")) and len(word) > _SHORTEST_BASE:
        bases.add(word[:-1])
    return bases
