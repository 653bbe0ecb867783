"""A reply read as an area of the municipality's register: inflected, misspelt, shortened or by an alias."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from flows.choices import Choices
from flows.model import Choice, Question
from flows.reading import Outcome, Reading
from flows.vocabulary import Phrases, Utterance, Vocabulary, keys_of
from text.fuzzy import closest

_SHORTEST_MISSPELT = 4
_SHORTEST_TAIL = 4
_EXACT = frozenset({"label", "inflected"})
_SURE_WITHOUT_DOTS = 4
"""A shorter name without its å, ä or ö ("are") is taken only where the place of the word shows that it is a name."""


class _Name(NamedTuple):
    """An area named at tokens[start:stop]."""

    start: int
    stop: int
    areas: Choices
    how: str
    score: float


class AreaIndex:
    """The names and aliases of one register's areas."""

    def __init__(self, question: Question, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._generic = frozenset(keys[0] for keys in vocabulary.area["generic"] if len(keys) == 1)
        self._before = frozenset(keys[0] for keys in vocabulary.area["before"] if len(keys) == 1)
        self._municipality = frozenset(keys[0] for keys in vocabulary.area["municipality"])
        self._ordinary = frozenset(keys[0] for keys in vocabulary.area["ordinary_words"])
        self._joining = frozenset(keys[0] for keys in vocabulary.area["between"])
        endings = [keys[0] for keys in vocabulary.area["endings"]]
        self._endings = tuple(
            sorted([*endings, *("s" + ending for ending in endings)], key=len, reverse=True)
        )
        self.names = tuple(choice.name for choice in question.choices)
        self.by_key = {int(c.key): i for i, c in enumerate(question.choices) if c.key.isdecimal()}
        known = self._known(question.choices)
        self._phrases = Phrases((keys, frozenset(areas)) for keys, areas in known.items())
        self._single = {keys[0]: frozenset(areas) for keys, areas in known.items() if len(keys) == 1}
        self._compact = {"".join(keys): frozenset(areas) for keys, areas in known.items()}
        self._other = self._that_means(question, "other")
        self._whole = self._that_means(question, "all", "whole")

    def read(self, said: Utterance) -> Reading:
        """The one area named; UNCLEAR with candidates where several are, or where the word may be no name."""
        number = self._by_number(said)
        if number is not None:
            return number
        names = self._unambiguous_places(said)
        areas = frozenset[int]().union(*(name.areas for name in names))
        if len(areas) == 1:
            return self._value(areas, names, said)
        if areas:
            return Reading(
                outcome=Outcome.UNCLEAR, how="ambiguous", score=0.0, candidates=self._names_of(areas)
            )
        return self._without_a_name(said)

    def _by_number(self, said: Utterance) -> Reading | None:
        """A postcode or code that the register knows, or the number of a choice."""
        compact = self._compact.get("".join(said.words))
        if compact is not None and len(compact) == 1:
            return self._value(compact, (), said)
        first = said.tokens[said.word_positions[0]]
        area = self.by_key.get(first.value) if first.value is not None else None
        if area is None or any(token.value is not None for token in said.tokens if token is not first):
            return None
        named = self._named(said)
        if any(area not in name.areas for name in named):
            areas = frozenset({area}).union(*(name.areas for name in named))
            return Reading(
                outcome=Outcome.UNCLEAR, how="contradiction", score=0.0, candidates=self._names_of(areas)
            )
        beyond = not named and any(word not in self._vocabulary.fillers for word in said.words[1:])
        if beyond and area != self._other:
            return None
        remark = said.after(said.word_positions[0] + 1) if beyond else ""  # "9 Ottsjö"
        return Reading(outcome=Outcome.VALUE, values=self._names_of({area}), how="number", remark=remark)

    def _unambiguous_places(self, said: Utterance) -> list[_Name]:
        names = [name for name in self._named(said) if not self._is_negated(said, name)]
        if len(names) > 1:
            names = [name for name in names if not self._is_municipality(said, name)] or names
            names = [name for name in names if name.how in _EXACT] or names
        return [name for name in names if self._is_a_name(said, name)]

    def _named(self, said: Utterance) -> list[_Name]:
        """Names from left to right, exact ones first at each place."""
        names: list[_Name] = []
        at = 0
        while at < len(said.words):
            if said.word_positions[at] in said.bracketed:
                at += 1
                continue
            found = self._phrases.at(said.words, at)
            name = (
                _Name(at, found.stop, found.meaning, "label", 1.0)
                if found is not None
                else self._near(said, at)
            )
            if name is not None:
                names.append(name)
            at = name.stop if name is not None else at + 1
        return names

    def _near(self, said: Utterance, at: int) -> _Name | None:
        word = said.words[at]
        following = said.words[at + 1] if at + 1 < len(said.words) else ""
        if len(word) == 1 and following:
            short = self._shortened(word + following)
            return _Name(at, at + 2, short, "shortened", 0.85) if short else None
        if word in self._vocabulary.fillers or word in self._generic or word in self._before:
            return None
        inflected = self._inflected(word)
        if inflected:
            return _Name(at, at + 1, inflected, "inflected", 0.95)
        short = self._shortened(word)
        if short:
            return _Name(at, at + 1, short, "shortened", 0.85)
        return self._misspelt(word, at)

    def _inflected(self, word: str) -> Choices | None:
        for ending in self._endings:
            if word.endswith(ending):
                found = self._single.get(word.removesuffix(ending))
                if found:
                    return found
        return None

    def _shortened(self, word: str) -> Choices | None:
        """ "U-åker": the first letter and the end of one area's name."""
        tail = word[1:]
        if len(tail) < _SHORTEST_TAIL:
            return None
        found = [
            areas
            for name, areas in self._single.items()
            if name[0] == word[0] and name.endswith(tail) and len(name) > len(word)
        ]
        return found[0] if len(found) == 1 else None

    def _misspelt(self, word: str, at: int) -> _Name | None:
        if len(word) < _SHORTEST_MISSPELT:
            return None
        found = [
            (name, score) for name, score in closest(word, self._single) if not self._is_short_word(name)
        ]
        if not found:
            return None
        best = found[0][1]
        tied = frozenset[int]().union(*(self._single[name] for name, score in found if best - score < 0.05))
        return _Name(at, at + 1, tied, "fuzzy", round(best, 2))

    def _is_short_word(self, name: str) -> bool:
        """ "Kall" and no slip for "kallt"."""
        return name in self._ordinary and len(name) <= _SHORTEST_MISSPELT

    def _is_a_name(self, said: Utterance, name: _Name) -> bool:
        """An ordinary word ("kall", "are") is a name only alone, after "i", or with a capital letter."""
        first = said.words[name.start]
        if name.stop - name.start > 1 or (first not in self._ordinary and not self._lacks_dots(said, name)):
            return True
        if name.start and self._announces(said.words[name.start - 1]):
            return True
        position = said.word_positions[name.start]
        opens = name.start == 0 and position + 1 < len(said.tokens) and said.tokens[position + 1].mark
        return (
            opens
            or said.is_capitalised(position)
            or all(
                word in self._generic or word in self._before or name.start <= at < name.stop
                for at, word in enumerate(said.words)
            )
        )

    def _announces(self, word: str) -> bool:
        return (
            word in self._before
            or word in self._joining
            or self._vocabulary.joining.get(word) in ("and", "or")
        )

    def _lacks_dots(self, said: Utterance, name: _Name) -> bool:
        token = said.tokens[said.word_positions[name.start]]
        return token.end - token.start < _SURE_WITHOUT_DOTS and said.shown[token.start : token.end].isascii()

    def _is_negated(self, said: Utterance, name: _Name) -> bool:
        before = [
            self._vocabulary.joining.get(word) for word in said.words[max(0, name.start - 2) : name.start]
        ]
        return "not" in before or "except" in before

    def _is_municipality(self, said: Utterance, name: _Name) -> bool:
        return name.stop < len(said.words) and said.words[name.stop] in self._municipality

    def _without_a_name(self, said: Utterance) -> Reading:
        for found in self._vocabulary.choosing.find(said.words):
            for meanings, area in (
                (("other", "none_of_these"), self._other),
                (("all", "whole"), self._whole),
            ):
                if found.meaning in meanings and area is not None:
                    return Reading(
                        outcome=Outcome.VALUE, values=self._names_of({area}), how="label", score=0.9
                    )
        return Reading(outcome=Outcome.UNCLEAR, score=0.0)

    def _value(self, areas: Choices, names: Sequence[_Name], said: Utterance) -> Reading:
        least = min(names, key=lambda name: name.score, default=None)
        used = {at for name in names for at in range(name.start, name.stop)}
        known = self._generic | self._before | self._vocabulary.fillers
        rest = (
            any(at not in used and word not in known for at, word in enumerate(said.words))
            if names
            else False
        )
        return Reading(
            outcome=Outcome.VALUE,
            values=self._names_of(areas),
            how=least.how if least else "label",
            score=least.score if least else 1.0,
            remark=said.shown if rest else "",
        )

    def _names_of(self, areas: Iterable[int]) -> tuple[str, ...]:
        return tuple(self.names[area] for area in sorted(areas))

    def _known(self, choices: Iterable[Choice]) -> dict[tuple[str, ...], set[int]]:
        """Every name and alias; the name without "by" or "centrum" where no other area is called so."""
        full: dict[tuple[str, ...], set[int]] = {}
        short: dict[tuple[str, ...], set[int]] = {}
        for i, choice in enumerate(choices):
            for text in _names(choice):
                keys = keys_of(text)
                full.setdefault(keys, set()).add(i)
                core = tuple(key for key in keys if key not in self._generic)
                if core:
                    short.setdefault(core, set()).add(i)
        full.pop((), None)
        return short | full

    def _that_means(self, question: Question, *meanings: str) -> int | None:
        for i, choice in enumerate(question.choices):
            labels = (self._vocabulary.choosing.whole(keys_of(text)) for text in choice.label.values())
            if choice.name in meanings or any(label in meanings for label in labels):
                return i
        return None


def _names(choice: Choice) -> Iterator[str]:
    yield from choice.label.values()
    for texts in choice.synonyms.values():
        yield from texts
    yield choice.name.replace("_", " ")
