"""Which atoms of the rules a word matches: whole words, beginnings, parts and ends of words, also misspelt."""

import re
from collections.abc import Iterable
from functools import cached_property

from categories.misspelling import NearWords
from text.folding import folded

FUZZY_FROM = 8
"""Shortest word, in letters, that may be misspelt by one letter: shorter ones are often other words."""
_LONGEST_STEM = 14
_DOUBLED_VOWEL = re.compile(r"([aeiouyåäö])\1")
_DIGITS = re.compile(r"^\d+")


class Vocabulary:
    """The atoms of a rule book, found by looking up three letters at a time instead of trying every atom."""

    def __init__(
        self, atoms: Iterable[str], inside_from: int, *, unfoldable: frozenset[str] | None = None
    ) -> None:
        """Stems of `inside_from` letters or more match inside compounds too.

        Where `unfoldable` is given, words are expected without the dots of å, ä, ö, and the atoms (written
        without them) that it holds match nothing: their folded form is another word.
        """
        self._words: dict[str, tuple[str, ...]] = {}
        self._begins: dict[str, list[tuple[str, str]]] = {}
        self._insides: dict[str, list[tuple[str, bool, str]]] = {}
        self._stems: dict[str, str] = {}
        for atom in atoms:
            written = atom if unfoldable is None else folded(atom)
            if written == atom or written not in (unfoldable or ()):
                self._add(atom, written, inside_from)

    @cached_property
    def _near(self) -> NearWords:
        """Made when the first message comes that nothing matches as it is written."""
        return NearWords(self._stems)

    def _add(self, atom: str, written: str, inside_from: int) -> None:
        stem = written.strip("*")
        if written.startswith("*") or (written.endswith("*") and len(stem) >= inside_from):
            self._insides.setdefault(stem[:3], []).append((stem, not written.endswith("*"), atom))
        elif written.endswith("*"):
            self._begins.setdefault(stem[:3], []).append((stem, atom))
        else:
            self._words[stem] = (*self._words.get(stem, ()), atom)
        if len(stem) >= FUZZY_FROM - 1:
            self._stems.setdefault(stem, atom)

    def atoms_of(self, word: str) -> list[str]:
        """The atoms that `word` matches as it is written."""
        found = list(self._words.get(word, ()))
        for stem, atom in self._begins.get(word[:3], ()):
            if word.startswith(stem):
                found.append(atom)
        for start in range(len(word) - 2):
            for stem, at_end, atom in self._insides.get(word[start : start + 3], ()):
                if word.startswith(stem, start) and (not at_end or start + len(stem) == len(word)):
                    found.append(atom)
        if word[0].isdecimal():  # what \d finds: a superscript is a digit, and none of those
            found += ["#"] if word.isdecimal() else self.atoms_of(_DIGITS.sub("#", word))
        return found

    def atoms_near(self, word: str) -> list[str]:
        """The atoms that `word` would match if one letter were other, missing, doubled or swapped."""
        plain = _DOUBLED_VOWEL.sub(r"\1", word)
        if plain != word and (found := self.atoms_of(plain)):
            return found
        if len(word) < FUZZY_FROM:
            return []
        for length in range(min(len(word), _LONGEST_STEM), FUZZY_FROM - 2, -1):
            for stem in self._near.near(word[:length]):
                if length == len(word) or self._stems[stem].endswith("*"):
                    return [self._stems[stem]]
        return []
