"""The word lists for replies as one conversation language reads them, and a reply cut into tokens. No decisions."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from sys import intern
from typing import Any, Generic, NamedTuple, TypeVar

from text.folding import folded, without_article
from text.normalising import for_matching

_SINGLE = (1,)
LANGUAGES = ("sv", "en", "no", "fi", "so", "ar")
"""In the order in which they may claim a word, after the conversation's own language."""

_TOKEN = re.compile(
    r"(?P<always>24/7)"
    r"|(?P<digits>\d+)(?P<named>:?(?:an?|e)\b|(?:st|nd|rd|th)\b)?"
    r"|(?P<word>[^\W\d_]+(?:'[^\W\d_]+)*|[👍👎👌✅❌✔☑✖🚫💯🙋🙅🤷])"
    r"|(?P<mark>(?!(?<=[^\W\d_])-(?=[^\W\d_]))[^\w\s])"
)
_WORDS = frozenset({"word", "always"})
_AND_THE = "وال"
"""Arabic writes "and" together with the word that it joins."""
_DASHES = frozenset("–—−‐‑")

T = TypeVar("T")


class Token(NamedTuple):
    """A word, number or mark of a reply; `start` and `end` are positions in the reply's matching form."""

    key: str
    start: int
    end: int
    value: int | None = None
    named: bool = False
    """A number in a form that names one of several: "4a", "fyran", "2nd"."""
    spelled: bool = False
    mark: bool = False


class Found(NamedTuple, Generic[T]):
    """A phrase found at keys[start:stop]."""

    meaning: T
    start: int
    stop: int


def matching_form(text: str) -> str:
    """`text` as replies and word lists are compared: normalised and without diacritics."""
    return folded(for_matching(text))


def keys_of(text: str) -> tuple[str, ...]:
    """The words and numbers of a word-list entry or label, as they stand in tokens."""
    return tuple(
        intern(without_article(match.group().replace("'", "")))
        for match in _TOKEN.finditer(matching_form(text))
        if match.lastgroup != "mark"
    )


class Phrases(Generic[T]):
    """Phrases of one or more words, found in a sequence of keys; the longest at each place wins."""

    def __init__(self, entries: Iterable[tuple[Sequence[str], T]]) -> None:
        self._meanings: dict[tuple[str, ...], T] = {}
        self._lengths: dict[str, tuple[int, ...]] = {}
        """How many words the phrases have that begin with a word, the longest first."""
        for words, meaning in entries:
            key = tuple(words)
            if key and key not in self._meanings:
                self._meanings[key] = meaning
                lengths = {len(key), *self._lengths.get(key[0], ())}
                self._lengths[key[0]] = _SINGLE if lengths == {1} else tuple(sorted(lengths, reverse=True))

    def at(self, keys: Sequence[str], start: int) -> Found[T] | None:
        for length in self._lengths.get(keys[start], ()):
            words = tuple(keys[start : start + length])
            if len(words) == length and words in self._meanings:
                return Found(self._meanings[words], start, start + length)
        return None

    def find(self, keys: Sequence[str]) -> list[Found[T]]:
        """What is found from left to right, without overlaps."""
        found: list[Found[T]] = []
        start = 0
        while start < len(keys):
            here = self.at(keys, start) if keys[start] in self._lengths else None
            if here is not None:
                found.append(here)
            start = here.stop if here is not None else start + 1
        return found

    def whole(self, keys: Sequence[str]) -> T | None:
        """The meaning of the phrase that is all of `keys`."""
        here = self.at(keys, 0) if keys else None
        return here.meaning if here is not None and here.stop == len(keys) else None


class Vocabulary:
    """One language's view of the word lists (flows/library/words/replies.yaml).

    All supported languages are understood; where two of them use the same word, the conversation's own language
    decides, then the order of LANGUAGES.
    """

    def __init__(self, words: Mapping[str, Any], language: str) -> None:
        self._order = ("*", *dict.fromkeys((language, *LANGUAGES)))
        self._claims: dict[tuple[str, ...], str] = {}
        self._claim_all(words)
        self.polarity = self._phrases(words["polarity"])
        self.missing = self._phrases(words["missing"])
        self.choosing = self._phrases(words["choosing"])
        self.deciding = self._phrases(words["deciding"])
        self.joining = {key[0]: role for key, role in self._meanings(words["joining"]) if len(key) == 1}
        self.fillers = self._words(words["fillers"])
        self.empty = self.fillers | self.joining.keys()
        self.units = self._words(words["units"])
        self.before_hours = self._words(words["before_hours"])
        self.stop_words = self._words(words["label_stop_words"])
        self.concepts = self._concepts(words["concepts"])
        self.age = {group: self._listed(lists) for group, lists in words["age"].items()}
        self.area = {group: tuple(map(keys_of, _texts(lists))) for group, lists in words["area"].items()}
        self.parts = {group: self._words(lists) for group, lists in words["parts"].items()}
        self._read_numbers(words["numbers"])
        del self._claims  # one for each of thousands of phrases, and asked for no more

    def tokens(self, text: str) -> list[Token]:
        """`text` in matching form cut into tokens; words for numbers carry their value ("forty seven" is one)."""
        found: list[Token] = []
        for match in _TOKEN.finditer(text):
            start, end = match.span()
            kind = match.lastgroup
            if kind in _WORDS:
                self._add_word(found, match.group(), start, end)
            elif kind == "mark":
                mark = match.group()
                found.append(Token("-" if mark in _DASHES else mark, start, end, mark=True))
            else:
                digits = match.group("digits")
                found.append(Token(digits, start, end, int(digits), named=match.group("named") is not None))
        return found

    def _add_word(self, found: list[Token], word: str, start: int, end: int) -> None:
        key = word.replace("'", "") if "'" in word else word
        if not key.isascii():
            if key.startswith(_AND_THE) or (key[0] == _AND_THE[0] and key[1:] in self.numbers):
                found.append(Token(key[0], start, start + 1))
                start, key = start + 1, key[1:]
            key = without_article(key)
        value = self.numbers.get(key)
        if value is not None and 0 < value < 100:
            value, start = self._with_number_before(found, key, value, start)
        found.append(Token(key, start, end, value, key in self.named, value is not None))

    def _with_number_before(self, found: list[Token], key: str, value: int, start: int) -> tuple[int, int]:
        """ "Forty seven", "soddon iyo shan", "خمسة وثلاثون": tens and units are one number, in either order."""
        joined = len(found) > 1 and (found[-1].key == "-" or found[-1].key in self._plus)
        before = found[-2 if joined else -1] if found else None
        if before is None or before.value is None or not before.spelled:
            return value, start
        tens_first = value < 10 and before.key in self._tens
        units_first = key in self._tens and before.value < 10 and found[-1].key in self._plus
        if not (tens_first or units_first):
            return value, start
        del found[-2 if joined else -1 :]
        return value + before.value, before.start

    def _read_numbers(self, numbers: Mapping[str, Mapping[str, Mapping[str, int]]]) -> None:
        self.numbers: dict[str, int] = {}
        self.ordinals: dict[str, int] = {}
        self._tens: dict[str, int] = {}
        self._plus: set[str] = set()
        named: set[str] = set()
        for language in self._order:
            lists = numbers.get(language, {})
            units = dict(self._own_numbers(lists.get("units", {}), language))
            tens = dict(self._own_numbers(lists.get("tens", {}), language))
            names = dict(self._own_numbers(lists.get("named", {}), language))
            joined = {} if "plus" in lists else dict(_compounds(tens, units))
            for word, value in (units | tens | names | joined).items():
                self.numbers.setdefault(word, value)
            self._tens |= {word: value for word, value in tens.items() if self.numbers[word] == value}
            named |= {word for word in names if self.numbers[word] == names[word]}
            self._plus |= {keys_of(word)[0] for word in lists.get("plus", ())}
            for word, place in self._own_numbers(lists.get("ordinals", {}), language):
                self.ordinals.setdefault(word, place)
        self.named = frozenset(named)

    def _own_numbers(self, listed: Mapping[str, int], language: str) -> Iterator[tuple[str, int]]:
        for text, value in listed.items():
            key = keys_of(text)
            if self._claims.get(key) == language:
                yield key[0], value

    def _claim_all(self, words: Mapping[str, Any]) -> None:
        for language in self._order:
            for text in _all_texts(words, language):
                self._claims.setdefault(keys_of(text), language)

    def _listed(self, lists: Mapping[str, Sequence[str]]) -> tuple[tuple[str, ...], ...]:
        found = ((key, language) for language in self._order for key in map(keys_of, lists.get(language, ())))
        return tuple(dict.fromkeys(key for key, language in found if self._claims[key] == language))

    def _words(self, lists: Mapping[str, Sequence[str]]) -> frozenset[str]:
        return frozenset(key[0] for key in self._listed(lists) if len(key) == 1)

    def _meanings(
        self, groups: Mapping[str, Mapping[str, Sequence[str]]]
    ) -> Iterator[tuple[tuple[str, ...], str]]:
        return ((key, group) for group, lists in groups.items() for key in self._listed(lists))

    def _phrases(self, groups: Mapping[str, Mapping[str, Sequence[str]]]) -> Phrases[str]:
        return Phrases(self._meanings(groups))

    def _concepts(
        self, groups: Mapping[str, Mapping[str, Sequence[str]]]
    ) -> dict[tuple[str, ...], frozenset[str]]:
        concepts: dict[tuple[str, ...], set[str]] = {}
        for key, concept in self._meanings(groups):
            concepts.setdefault(key, set()).add(concept)
        alike: dict[frozenset[str], frozenset[str]] = {}
        each = ((key, frozenset(names)) for key, names in concepts.items())
        return {key: alike.setdefault(names, names) for key, names in each}


class Utterance:
    """A reply in its matching form, its tokens, and its own words for the remark."""

    __slots__ = ("bracketed", "keys", "shown", "tokens", "word_positions", "words")

    def __init__(self, reply: str, form: str, vocabulary: Vocabulary) -> None:
        self.tokens = vocabulary.tokens(form)
        self.keys = [token.key for token in self.tokens]
        self.word_positions = [at for at, token in enumerate(self.tokens) if not token.mark]
        self.words = [self.keys[at] for at in self.word_positions]
        self.bracketed = self._in_brackets() if "(" in self.keys else frozenset()
        shown = " ".join(unicodedata.normalize("NFC", reply).split())
        self.shown = shown if len(shown) == len(form) else form

    def after(self, stop: int) -> str:
        """The reply's own words after token `stop` - 1, without punctuation around them."""
        return self.shown[self.tokens[stop - 1].end :].strip(" .,:;!?-–()/&+'\"")

    def is_capitalised(self, at: int) -> bool:
        return self.shown[self.tokens[at].start].isupper()

    def _in_brackets(self) -> frozenset[int]:
        """Positions of words in round brackets, where something also stands outside them."""
        inside: set[int] = set()
        depth = 0
        for at, token in enumerate(self.tokens):
            depth += (token.key == "(") - (token.key == ")" and depth > 0)
            if depth and not token.mark:
                inside.add(at)
        return frozenset(inside) if len(inside) < len(self.words) else frozenset()


def _compounds(tens: Mapping[str, int], units: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    for ten, value in tens.items():
        for unit, more in units.items():
            if 0 < more < 10:
                yield ten + unit, value + more


def _texts(lists: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """What all languages list: the words of Swedish place names are met in every language."""
    return chain.from_iterable(lists.values())


def _all_texts(node: Mapping[str, Any], language: str) -> Iterator[str]:
    """Every text that `language` lists anywhere under `node`; numbers are lists of words under a role."""
    for name, below in node.items():
        if name == language:
            yield from (chain.from_iterable(below.values()) if isinstance(below, Mapping) else below)
        elif isinstance(below, Mapping) and name not in LANGUAGES:
            yield from _all_texts(below, language)
