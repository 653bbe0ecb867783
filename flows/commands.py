"""Messages that are an instruction to us and no answer: stop, erase, help, back, another language.

Whole messages only. The words stand in library/words/commands.yaml, what is done then in the engine.
"""

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache, reduce
from itertools import chain, product
from operator import and_
from sys import intern
from typing import Any, NamedTuple

from flows.reading import Command, CommandName
from text.folding import folded, squeezed, without_article, words
from text.normalising import for_matching

_LONGEST = 14
"""More words than any command has with all its courtesies."""
_LONGEST_MISSPELT = 5
_SHORTEST_MISSPELT = 4
_SHORTEST_STEM = 3
_CLAUSE_ENDS = re.compile(r"[.,;:!?\n،؛؟]+|\s[-–]\s")
_IN_ALL_LANGUAGES = frozenset({CommandName.STOP, CommandName.ERASE, CommandName.LANGUAGE, CommandName.START})
_STOPPING = frozenset({CommandName.STOP})
_IN_A_CLAUSE = frozenset({CommandName.STOP, CommandName.ERASE, CommandName.UNDO, CommandName.INFO})
"""At a closed question, beside other clauses. Not those that go on: "3, nästa" has an answer in it."""
_MISSPELT_IN_OPEN_ANSWERS = frozenset({CommandName.STOP, CommandName.ERASE, CommandName.HELP})
"""In an answer in own words, a word that is nearly "continue" is more likely the answer."""
_STOP_PERHAPS = Command(name=CommandName.STOP, sure=False)


class _Where(StrEnum):
    """Where the phrases of an entry count."""

    INSIDE = "inside"  # a survey, or anywhere
    AT_START = "at_start"  # the question whether to begin
    AT_OPEN = "at_open"  # a question that is answered in own words
    OUTSIDE = "outside"  # only where no survey is open


@dataclass(frozen=True, kw_only=True, slots=True)
class _Entry:
    """What all phrases of one command in one language share. `bit`: that of its words in CommandReader._beside."""

    command: Command
    language: str
    where: _Where
    bit: int
    unless: tuple[frozenset[str], ...]
    surely: frozenset[str]
    """With one of these `unless` does not count: what is meant is us, and not life."""
    never: tuple[frozenset[str], ...]
    """As `unless`, whatever else is said: a question that is passed over does not stop the survey."""

    def is_meant(self, tokens: Sequence[str]) -> bool:
        if any(other.issubset(tokens) for other in self.never):
            return False
        return not any(other.issubset(tokens) for other in self.unless) or not self.surely.isdisjoint(tokens)


class _Phrase(NamedTuple):
    """Words that make a command in their order, each with its alternatives."""

    entry: _Entry
    slots: tuple[tuple[str, ...], ...]

    def is_said(self, tokens: Sequence[str]) -> bool:
        rest = iter(tokens)
        return all(any(token in slot for token in rest) for slot in self.slots)


class CommandReader:
    """Reads the commands of all languages."""

    def __init__(self, words: Mapping[str, Any]) -> None:
        """`words` is library/words/commands.yaml."""
        self._shared = frozenset(words["shared"])
        self._spellings = {
            intern(_plain(written)): intern(without_article(_plain(word)))
            for written, word in words["spellings"].items()
        }
        self._apart = frozenset(words["apart"])
        self._stems = frozenset(map(_plain, words["stems"].split()))
        self._fillers = frozenset(self._words(words["fillers"]))
        self._beside: dict[str, int] = {}
        """The bits of the entries in whose messages a word may stand."""
        self._bits = 0
        self._stopping = 0
        """The bits of the entries that stop."""
        self._by_first: dict[str, tuple[_Phrase, ...]] = {}
        self._languages = {
            word: language
            for language, names in words["languages"].items()
            for word in self._words(" ".join(names))
        }
        for entry, listed in self._entries(words):
            self._add(entry, listed)
        self._own_words = self._fillers.union(self._words(words["own_words"]))
        self._misspelt = self._words(words["misspelt"])
        self._real_words = frozenset(self._words(words["real_words"]))
        self._tokens = lru_cache(maxsize=8)(self._tokens_in)

    def read(
        self, text: str, *, language: str, at_start: bool = False, open_question: bool = False
    ) -> Command | None:
        """The command that the whole of `text` is, or None.

        `language` is that of the conversation: a command counts in it, in Swedish and in English, and STOP,
        ERASE and the names of languages in any. `at_start`: the question whether to begin, where a refusal
        for good is a STOP, though a mere no is an answer. `open_question`: an answer in own words is awaited,
        so that "information" alone is one.
        """
        tokens = self._tokens(text)
        if not 0 < len(tokens) <= _LONGEST:
            return None
        if open_question and self._own_words.issuperset(tokens):
            return None
        if open_question and self._find(tokens, language, {_Where.AT_OPEN}):
            return _STOP_PERHAPS
        where = {_Where.INSIDE, _Where.AT_START} if at_start else {_Where.INSIDE}
        is_known = all(map(self._knows, tokens))
        found = (self._find if is_known else self._misspelt_command)(tokens, language, where)
        if found and (is_known or not open_question or found.name in _MISSPELT_IN_OPEN_ANSWERS):
            return found
        if open_question:
            is_about_it = all(self._beside.get(token, 0) & self._stopping for token in self._content(tokens))
            return self._in_a_clause(text, tokens, language, _STOPPING) if is_about_it else None
        return self._in_a_clause(text, tokens, language, _IN_A_CLAUSE)

    def languages_named(self, text: str) -> set[str]:
        """Codes of the languages whose names stand in `text`, in whatever language they are named."""
        return {self._languages[token] for token in self._tokens(text) if token in self._languages}

    def is_start(self, text: str) -> bool:
        """Whether the whole of `text` asks to begin, in any language. Within a survey "start" is an answer."""
        return self._find(self._tokens(text), "", {_Where.OUTSIDE}) is not None

    def _tokens_in(self, text: str) -> tuple[str, ...]:
        tokens = self._words(" ".join(words(squeezed(for_matching(text), keep=1))))
        return (*tokens, "?") if tokens and ("?" in text or "؟" in text) else tokens

    def _in_a_clause(
        self, text: str, tokens: Sequence[str], language: str, names: Set[CommandName]
    ) -> Command | None:
        """ "STOPP! Hör ni dåligt?": a clause that is all a command, at either end, whatever stands in the others."""
        clauses = [self._tokens(clause) for clause in _CLAUSE_ENDS.split(text)]
        clauses = [clause for clause in clauses if clause and not self._fillers.issuperset(clause)]
        for clause in (clauses[0], clauses[-1]) if len(clauses) > 1 else ():
            found = self._find(clause, language, {_Where.INSIDE}, whole=tokens)
            if found and found.name in names:
                return found
        return None

    def _knows(self, token: str) -> bool:
        return token in self._beside or token in self._fillers

    def _content(self, tokens: Sequence[str]) -> Iterator[str]:
        return (token for token in tokens if token not in self._fillers)

    def _find(
        self, tokens: Sequence[str], language: str, where: Set[_Where], *, whole: Sequence[str] = ()
    ) -> Command | None:
        """`whole`: the message that `tokens` are a clause of."""
        content = (self._beside.get(token, 0) for token in self._content(tokens))
        possible = reduce(and_, content, -1)
        matching = (
            phrase.entry.command
            for token in (tokens if possible else ())
            for phrase in self._by_first.get(token, ())
            if phrase.entry.bit & possible
            and self._counts(phrase.entry, language, where)
            and phrase.is_said(tokens)
            and phrase.entry.is_meant(whole or tokens)
        )
        return min(matching, key=lambda command: _RANK[command.name], default=None)

    def _counts(self, entry: _Entry, language: str, where: Set[_Where]) -> bool:
        is_heard = entry.language == language or entry.language in self._shared
        return entry.where in where and (is_heard or entry.command.name in _IN_ALL_LANGUAGES)

    def _misspelt_command(self, tokens: Sequence[str], language: str, where: Set[_Where]) -> Command | None:
        """The one command that `tokens` are once each unknown word is taken for a slip of a known one."""
        if len(tokens) > _LONGEST_MISSPELT:
            return None
        meant = [(token,) if self._knows(token) else self._slips(token) for token in tokens]
        if not all(meant) or sum(len(words) > 1 for words in meant) > 1:
            return None
        found = {self._find(corrected, language, where) for corrected in product(*meant)} - {None}
        return found.pop() if len(found) == 1 else None

    def _slips(self, token: str) -> tuple[str, ...]:
        if len(token) < _SHORTEST_MISSPELT or token in self._real_words:
            return ()
        return tuple(word for word in self._misspelt if _is_one_slip(token, word))

    def _entries(self, document: Mapping[str, Any]) -> Iterator[tuple[_Entry, Mapping[str, Any]]]:
        for language, names in document["languages"].items():
            listed = {
                "phrases": names,
                "beside": document["language_beside"],
                "unless": document["language_unless"],
            }
            yield self._entry(Command(name=CommandName.LANGUAGE, language=language), language, listed), listed
        for name, by_language in document["commands"].items():
            for language, listed in by_language.items():
                yield self._entry(Command(name=CommandName(name)), language, listed), listed
        elsewhere = (
            (Command(name=CommandName.STOP), {"phrases": document["at_start"]}, _Where.AT_START),
            (_STOP_PERHAPS, {"phrases": document["unsure"]}, _Where.AT_OPEN),
            (Command(name=CommandName.START), document["start"], _Where.OUTSIDE),
        )
        for command, listed, where in elsewhere:
            yield self._entry(command, "sv", listed, where), listed

    def _entry(
        self, command: Command, language: str, listed: Mapping[str, Any], where: _Where = _Where.INSIDE
    ) -> _Entry:
        self._bits += 1
        self._stopping |= (command.name is CommandName.STOP) << self._bits
        return _Entry(
            command=command,
            language=language,
            where=where,
            bit=1 << self._bits,
            unless=tuple(frozenset(self._words(other)) for other in listed.get("unless", ())),
            surely=frozenset(self._words(listed.get("surely", ""))),
            never=tuple(frozenset(self._words(other)) for other in listed.get("never", ())),
        )

    def _add(self, entry: _Entry, listed: Mapping[str, Any]) -> None:
        """What stands in one phrase of an entry may stand beside another."""
        for word in self._words(listed.get("beside", "")):
            self._beside[word] = self._beside.get(word, 0) | entry.bit
        for written in listed["phrases"]:
            phrase = _Phrase(entry, tuple(self._words(slot.replace("|", " ")) for slot in written.split()))
            for word in chain.from_iterable(phrase.slots):
                self._beside[word] = self._beside.get(word, 0) | entry.bit
            for word in phrase.slots[0]:
                self._by_first[word] = (*self._by_first.get(word, ()), phrase)

    def _words(self, written: str) -> tuple[str, ...]:
        return tuple(map(self._word, written.split()))

    def _word(self, written: str) -> str:
        """As it is compared: without dots and articles, in its usual spelling, and without an ending of its stem."""
        if written in self._apart:
            return written
        plain = without_article(_plain(written))
        word = self._spellings.get(plain, plain)
        stems = (word[:end] for end in range(_SHORTEST_STEM, len(word) + 1))
        return next((stem for stem in stems if stem in self._stems), word)


_RANK = {name: rank for rank, name in enumerate(CommandName)}
"""Where a message can be two commands, STOP goes first, then ERASE."""


def _plain(word: str) -> str:
    return folded(word).replace("'", "")


def _is_one_slip(written: str, word: str) -> bool:
    """Whether one letter is wrong, missing, too many, or two neighbours are swapped."""
    if abs(len(written) - len(word)) > 1:
        return False
    start = 0
    while start < min(len(written), len(word)) and written[start] == word[start]:
        start += 1
    left, right = written[start:], word[start:]
    swapped = left[:2] == right[1::-1] and left[2:] == right[2:]
    return swapped or left[1:] in (right[1:], right) or left == right[1:]
