"""Messages that are an instruction to us and no answer: stop, erase, help, back, another language.

Whole messages only. The words stand in library/words/commands.yaml, what is done then in the engine.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, product
from typing import Any

from flows.reading import Command, CommandName
from text.folding import folded, squeezed, without_article, words
from text.normalising import for_matching

_LONGEST = 14
"""More words than any command has with all its courtesies."""
_LONGEST_MISSPELT = 5
_SHORTEST_MISSPELT = 4
_IN_ALL_LANGUAGES = frozenset({CommandName.STOP, CommandName.ERASE, CommandName.LANGUAGE})
_MISSPELT_IN_OPEN_ANSWERS = frozenset({CommandName.STOP, CommandName.ERASE, CommandName.HELP})
"""In an answer in own words, a word that is nearly "continue" is more likely the answer."""


_STOP_PERHAPS = Command(name=CommandName.STOP, sure=False)
_START = Command(name=CommandName.START)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Phrase:
    """Words that make a command in their order, each with its alternatives, if all else may stand `beside` it."""

    command: Command
    language: str
    slots: tuple[frozenset[str], ...]
    beside: frozenset[str]
    unless: tuple[frozenset[str], ...] = ()
    surely: frozenset[str] = frozenset()
    """With one of these `unless` does not count: what is meant is us, and not life."""
    at_start_only: bool = False

    def matches(self, tokens: Sequence[str], content: frozenset[str]) -> bool:
        """`content`: the tokens that may not stand beside any command."""
        rest = iter(tokens)
        return (
            not content.difference(self.beside)
            and all(any(token in slot for token in rest) for slot in self.slots)
            and not (any(other.issubset(tokens) for other in self.unless) and self.surely.isdisjoint(tokens))
        )


class CommandReader:
    """Reads the commands of all languages."""

    def __init__(self, words: Mapping[str, Any]) -> None:
        """`words` is library/words/commands.yaml."""
        self._shared = frozenset(words["shared"])
        self._spellings = {
            _plain(written): without_article(_plain(word)) for written, word in words["spellings"].items()
        }
        self._fillers = self._words(words["fillers"])
        self._phrases = (*self._language_phrases(words), *self._command_phrases(words))
        self._unsure = tuple(self._entry(_STOP_PERHAPS, "", {"phrases": words["unsure"]}))
        self._starts = tuple(self._entry(_START, "", words["start"]))
        self._by_first: dict[str, list[_Phrase]] = {}
        for phrase in sorted(self._phrases, key=lambda phrase: _RANK[phrase.command.name]):
            for word in phrase.slots[0]:
                self._by_first.setdefault(word, []).append(phrase)
        self._own_words = self._fillers | self._words(words["own_words"])
        self._misspelt = tuple(sorted(self._words(words["misspelt"])))
        self._vocabulary = self._fillers.union(*(p.beside for p in self._phrases))
        self._known = self._vocabulary | self._words(words["real_words"])

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
        if open_question and self._is_one_of(self._unsure, tokens):
            return _STOP_PERHAPS
        if self._vocabulary.issuperset(tokens):
            return self._find(tokens, language, at_start)
        found = self._misspelt_command(tokens, language, at_start)
        if found and (not open_question or found.name in _MISSPELT_IN_OPEN_ANSWERS):
            return found
        return None

    def is_start(self, text: str) -> bool:
        """Whether the whole of `text` asks to begin, in any language. Within a survey "start" is an answer."""
        return self._is_one_of(self._starts, self._tokens(text))

    def reserved_words(self) -> dict[str, frozenset[str]]:
        """By language, the folded words and phrases that can be no choice's label: they would never arrive."""
        reserved: dict[str, set[str]] = {}
        for phrase in self._phrases:
            if not phrase.at_start_only:
                reserved.setdefault(phrase.language, set()).update(map(" ".join, product(*phrase.slots)))
        return {language: frozenset(phrases) for language, phrases in reserved.items()}

    def _tokens(self, text: str) -> list[str]:
        plain = map(without_article, words(_plain(squeezed(for_matching(text), keep=1))))
        tokens = [self._spellings.get(word, word) for word in plain]
        return [*tokens, "?"] if tokens and ("?" in text or "؟" in text) else tokens

    def _is_one_of(self, phrases: Sequence[_Phrase], tokens: Sequence[str]) -> bool:
        content = frozenset(tokens) - self._fillers
        return any(phrase.matches(tokens, content) for phrase in phrases)

    def _find(self, tokens: Sequence[str], language: str, at_start: bool) -> Command | None:
        heard, content = self._shared | {language}, frozenset(tokens) - self._fillers
        candidates = (phrase for token in tokens for phrase in self._by_first.get(token, ()))
        matching = (
            phrase.command
            for phrase in candidates
            if (phrase.language in heard or phrase.command.name in _IN_ALL_LANGUAGES)
            and (at_start or not phrase.at_start_only)
            and phrase.matches(tokens, content)
        )
        return min(matching, key=lambda command: _RANK[command.name], default=None)

    def _misspelt_command(self, tokens: Sequence[str], language: str, at_start: bool) -> Command | None:
        """The one command that `tokens` are once each unknown word is taken for a slip of a known one."""
        if len(tokens) > _LONGEST_MISSPELT:
            return None
        meant = [[token] if token in self._known else self._slips(token) for token in tokens]
        if not all(meant) or sum(len(words) > 1 for words in meant) > 1:
            return None
        found = {self._find(corrected, language, at_start) for corrected in product(*meant)} - {None}
        return found.pop() if len(found) == 1 else None

    def _slips(self, token: str) -> list[str]:
        if len(token) < _SHORTEST_MISSPELT:
            return []
        return [word for word in self._misspelt if _is_one_slip(token, word)]

    def _command_phrases(self, document: Mapping[str, Any]) -> Iterator[_Phrase]:
        for name, by_language in document["commands"].items():
            command = Command(name=CommandName(name))
            for language, entry in by_language.items():
                yield from self._entry(command, language, entry)
        refusals = {"phrases": document["at_start"]}
        yield from self._entry(Command(name=CommandName.STOP), "sv", refusals, at_start_only=True)

    def _language_phrases(self, document: Mapping[str, Any]) -> Iterator[_Phrase]:
        for language, names in document["languages"].items():
            command = Command(name=CommandName.LANGUAGE, language=language)
            entry = {"phrases": names, "beside": document["language_beside"]}
            yield from self._entry(command, language, entry)

    def _entry(
        self, command: Command, language: str, entry: Mapping[str, Any], *, at_start_only: bool = False
    ) -> Iterator[_Phrase]:
        """The phrases of one command in one language. What stands in one of them may stand beside another."""
        phrases = [
            tuple(self._words(slot.replace("|", " ")) for slot in written.split())
            for written in entry["phrases"]
        ]
        beside = self._words(entry.get("beside", "")).union(*chain.from_iterable(phrases))
        for slots in phrases:
            yield _Phrase(
                command=command,
                language=language,
                slots=slots,
                beside=beside,
                unless=tuple(self._words(other) for other in entry.get("unless", ())),
                surely=self._words(entry.get("surely", "")),
                at_start_only=at_start_only,
            )

    def _words(self, written: str) -> frozenset[str]:
        plain = (without_article(_plain(word)) for word in written.split())
        return frozenset(self._spellings.get(word, word) for word in plain)


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
