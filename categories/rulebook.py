"""Coding rules of one language, compiled from their document. What fires is weighed in categories.coding."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import accumulate, chain
from typing import Any, NamedTuple

from categories.patterns import Occurrences, Part, Searcher, Span, check, keys, parse
from categories.tokens import Tokens
from categories.vocabulary import Vocabulary
from text.folding import folded

TRAP = "trap"
"""Category of patterns that only keep other patterns from what they cover."""
POSITIVE = "positive"
"""Category of the cues of praise."""


class Strength(Enum):
    """Evidence of one word that a pattern matched."""

    STRONG = 1.0
    RESOURCE = 0.99  # as strong; its absence is the problem, so that negation does not turn it
    PLACE = 0.98  # as strong, but weak after a preposition: "vid övergångsstället" says where, not what
    WEAK = 0.4  # carries a category only where nothing else is named


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """One pattern of the document: `name` is what `lyhord explain` shows."""

    category: str
    strength: Strength
    subject: str
    pattern: str

    @property
    def name(self) -> str:
        return f"{self.category}/{self.subject}: {self.pattern}"


class _Section(NamedTuple):
    """Patterns that say the same. A `Rule` is made of one when it fires: there are thousands."""

    category: str
    strength: Strength
    subject: str
    patterns: tuple[str, ...]

    def rule(self, at: int) -> Rule:
        return Rule(
            category=self.category, strength=self.strength, subject=self.subject, pattern=self.patterns[at]
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Find:
    """A rule that fired, and the positions of the words that it matched."""

    rule: Rule
    span: Span
    misspelt: bool = False


class RuleBook:
    """The rules of one language. Immutable once made; safe to share between threads."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.language: str = document["language"]
        self.taxonomy: str = document["taxonomy"]
        self.function_words = frozenset(_listed(document["function_words"]))
        self.negators = _with_folded(document["negators"])
        self.modifiers = _with_folded(document["modifiers"])
        self.prepositions = _with_folded(document["prepositions"])
        self.determiners = _with_folded(document["determiners"])
        self.only = {category: frozenset(_listed(words)) for category, words in document["only"].items()}
        self._spelling: dict[str, str] = {
            typed: word for word, typings in document["spellings"].items() for typed in _listed(typings)
        }
        self._sections = tuple(_sections(document))
        patterns = [pattern for section in self._sections for pattern in section.patterns]
        self._firsts = tuple(accumulate((len(section.patterns) for section in self._sections), initial=0))
        needed = [keys(pattern) for pattern in patterns]
        groups = {
            f"@{name}": [parse(item)[0] for item in _listed(items)]
            for name, items in document["groups"].items()
        }
        atoms = sorted(_atoms(needed, groups))
        self._searcher = Searcher(patterns, needed, groups)
        unfoldable = frozenset(_listed(document.get("unfoldable", "")))
        inside_from = document["inside_from"]
        self._written = self._folded = Vocabulary(atoms, inside_from)
        if not all(map(str.isascii, atoms)):
            self._folded = Vocabulary(atoms, inside_from, unfoldable=unfoldable)

    def categories(self) -> set[str]:
        """Ids of the categories that the rules may give."""
        return {section.category for section in self._sections} - {TRAP, POSITIVE}

    def spelled(self, word: str) -> str:
        """The usual spelling of a word that people shorten on a phone or say in dialect."""
        return self._spelling.get(word, word)

    def votes(self, message: Tokens) -> int:
        """How many words of the message only this language has."""
        return sum(self.spelled(word) in self.function_words for word in message.words)

    def find(self, message: Tokens, *, misspelt: bool = False) -> Iterator[Find]:
        """Every rule that fires. With `misspelt` a long word that matches nothing may differ by one letter.

        A message without å, ä, ö is read against the rules without their dots, except where that collides.
        """
        vocabulary = self._folded if message.fold else self._written
        occurrences: Occurrences = {}
        guessed: set[int] = set()
        for position, typed in enumerate(message.words):
            word = folded(self.spelled(typed)) if message.fold else self.spelled(typed)
            atoms = vocabulary.atoms_of(word)
            near = [a for a in vocabulary.atoms_near(word) if a not in atoms] if misspelt else ()
            if near:
                guessed.add(position)
            for atom in dict.fromkeys((*atoms, *near)):
                occurrences.setdefault(atom, []).append((position,))
        for number, span in self._searcher.find(occurrences, message.sentences):
            yield Find(rule=self._rule(number), span=span, misspelt=not guessed.isdisjoint(span))

    def _rule(self, number: int) -> Rule:
        at = bisect_right(self._firsts, number) - 1
        return self._sections[at].rule(number - self._firsts[at])


def _with_folded(patterns: str) -> frozenset[str]:
    return frozenset(form for word in _listed(patterns) for form in (word, folded(word)))


def _listed(patterns: str) -> list[str]:
    return [pattern for entry in patterns.split(",") if (pattern := " ".join(entry.split()))]


def _sections(document: Mapping[str, Any]) -> Iterator[_Section]:
    for category, sections in document["categories"].items():
        for section, subjects in sections.items():
            strength = Strength[section.upper()]
            for subject, patterns in subjects.items():
                yield _Section(category, strength, subject, tuple(_listed(patterns)))
    for category, patterns in ((TRAP, document["traps"]), (POSITIVE, document["positive"])):
        yield _Section(category, Strength.STRONG, category, tuple(_listed(patterns)))


def _atoms(needed: Iterable[Sequence[str]], groups: Mapping[str, Sequence[Part]]) -> set[str]:
    """What words are looked up for. Raises ValueError for what is no atom, and for a group that is not there."""
    found = set(chain.from_iterable(needed))
    for key in found:
        check(key)
    named = {key for key in found if key[0] == "@"}
    if unknown := named - groups.keys():
        raise ValueError(f"no such group: {', '.join(sorted(unknown))}")
    return found - named | {key for members in groups.values() for part in members for key in part.keys}
