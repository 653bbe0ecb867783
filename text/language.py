"""Which language a message is written in: script first, then word lists, then letter statistics (langdetect).

Word lists and profiles are handed in (text.catalogue reads them).
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from text.folding import folded, squeezed, words
from text.normalising import for_matching

if TYPE_CHECKING:
    from langdetect.detector_factory import DetectorFactory

_OTHER_SCRIPT = re.compile("[\u0370-\u1cff\u3040-\u9fff\uac00-\ud7af]")
_ARABIC = re.compile("[\u0620-\u064a\u066e-\u06d3]")
_TYPED_ON_AN_ARABIC_KEYBOARD = re.compile("[كيةىأإؤئ]")
_TYPED_ON_ANOTHER_KEYBOARD = re.compile("[کیگژپٹڈڑےەێۆڵڕ]")  # Persian, Urdu, Kurdish
_LETTER = re.compile(r"[^\W\d_]")

_NOT_OFFERED = "not offered"
_FEW_WORDS = 2
_MIN_WORDS_FOR_STATISTICS = 3
_MIN_LETTERS_FOR_STATISTICS = 20
_MIN_PROBABILITY = 0.9


@dataclass(frozen=True, kw_only=True, slots=True)
class LanguageWords:
    """Words of one language, as written or with their dots left out.

    One of `clear` may decide a message of one or two words. All count only for the one offered
    language that has them. `letters` are those of its alphabet beyond a to z.
    """

    clear: frozenset[str]
    usual: frozenset[str]
    letters: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class Noticed:
    """`sure`: fit for switching the language on a first message. `how`: script, words, letters, or empty."""

    language: str | None = None
    sure: bool = False
    how: str = ""


@dataclass(slots=True)
class _Count:
    """Words of a message that are one offered language's own, and how many of those are clear."""

    own: Counter[str] = field(default_factory=Counter)
    clear: Counter[str] = field(default_factory=Counter)

    def best(self) -> tuple[str, int]:
        return max(self.own.items(), key=lambda pair: pair[1], default=("", 0))


class LanguageNoticer:
    """Notices the language of short messages among those that a survey offers.

    `profile` gives langdetect's profile of a language as JSON text, or None; asked for at first need.
    """

    def __init__(self, lists: Mapping[str, LanguageWords], profile: Callable[[str], str | None]) -> None:
        self._languages_of, self._clear = _indexed(lists)
        self._alphabets = {code: list_.letters for code, list_ in lists.items() if list_.letters}
        self._profile = profile
        self._detectors: dict[tuple[str, ...], DetectorFactory | None] = {}

    def notice(self, text: str, among: tuple[str, ...]) -> Noticed:
        """The language of `text` among language codes; None where it is another, mixed, or not to be told."""
        matching = squeezed(for_matching(text), keep=1)
        if _OTHER_SCRIPT.search(matching):
            by_script = self._by_script(matching, among)
            if by_script is not None:
                return by_script
        tokens = words(matching)
        if not tokens:
            return Noticed()
        return self._by_words(matching, tokens, among)

    def _by_script(self, text: str, among: tuple[str, ...]) -> Noticed | None:
        """A decision for a text mostly in another alphabet than the Latin, or None for a Latin text."""
        letters, other = len(_LETTER.findall(text)), len(_OTHER_SCRIPT.findall(text))
        if other * 2 <= letters:
            return None
        if "ar" not in among or not _ARABIC.search(text) or _TYPED_ON_ANOTHER_KEYBOARD.search(text):
            return Noticed(how="script")
        known = any("ar" in self._languages_of.get(word, ()) for word in words(text))
        sure = known or _TYPED_ON_AN_ARABIC_KEYBOARD.search(text) is not None
        return Noticed(language="ar", sure=sure, how="script")

    def _by_words(self, text: str, tokens: tuple[str, ...], among: tuple[str, ...]) -> Noticed:
        count = self._count(tokens, among)
        best, own = count.best()
        rest = count.own.total() - own
        if len(tokens) <= _FEW_WORDS:
            decided = rest == 0 and (own == _FEW_WORDS or count.clear[best] > 0)
        else:
            decided = own > 2 * rest
        if not decided:
            return self._by_letters(text, tokens, among, count)
        if best == _NOT_OFFERED:
            return Noticed(how="words")
        return Noticed(language=best, sure=count.clear[best] > 0, how="words")

    def _by_letters(
        self, text: str, tokens: tuple[str, ...], among: tuple[str, ...], count: _Count
    ) -> Noticed:
        """Letter statistics where the words leave it open; sure only where they agree as far as they go."""
        language = self._most_probable(text, tokens, among)
        if language is None:
            return Noticed()
        own, rest = count.own[language], count.own.total() - count.own[language]
        if rest and own <= rest:
            return Noticed()
        return Noticed(language=language, sure=count.clear[language] > 0, how="letters")

    def _count(self, tokens: Iterable[str], among: tuple[str, ...]) -> _Count:
        count = _Count()
        for token in tokens:
            languages = self._languages_of.get(token) or self._languages_written_with(token)
            offered = [code for code in languages if code in among]
            if len(offered) == 1:
                count.own[offered[0]] += 1
                count.clear[offered[0]] += token in self._clear[offered[0]]
            elif languages and not offered:
                count.own[_NOT_OFFERED] += 1
        return count

    def _languages_written_with(self, word: str) -> tuple[str, ...]:
        """Languages whose alphabet has the letters beyond a to z of a word that no list has."""
        if word.isascii():
            return ()
        special = frozenset(letter for letter in word if letter.isalpha() and not letter.isascii())
        return tuple(code for code, alphabet in self._alphabets.items() if special and special <= alphabet)

    def _most_probable(self, text: str, tokens: tuple[str, ...], among: tuple[str, ...]) -> str | None:
        """langdetect's answer, or None. It raises on digits and emoji, and is unreliable on a few letters."""
        if len(tokens) < _MIN_WORDS_FOR_STATISTICS or sum(map(len, tokens)) < _MIN_LETTERS_FOR_STATISTICS:
            return None
        factory = self._detector(among)
        if factory is None:
            return None
        try:
            detector = factory.create()
            detector.append(text)
            ranked = detector.get_probabilities()
        except Exception:  # whatever it stumbles on, a guess at a language must not cost an answer
            return None
        return str(ranked[0].lang) if ranked and ranked[0].prob >= _MIN_PROBABILITY else None

    def _detector(self, among: tuple[str, ...]) -> "DetectorFactory | None":
        """Knows only the offered languages; None where langdetect knows fewer than two of them."""
        if among not in self._detectors:
            profiles = [profile for code in among if (profile := self._profile(code)) is not None]
            self._detectors[among] = _seeded(profiles) if len(profiles) > 1 else None
        return self._detectors[among]


def _seeded(profiles: list[str]) -> "DetectorFactory":
    from langdetect.detector_factory import DetectorFactory  # not at import: most messages never need it

    factory = DetectorFactory()
    factory.set_seed(0)  # unseeded, labels flip from run to run
    factory.load_json_profile(profiles)
    return factory


def _indexed(
    lists: Mapping[str, LanguageWords],
) -> tuple[dict[str, tuple[str, ...]], dict[str, frozenset[str]]]:
    """Languages by word, and clear words by language.

    A form without dots counts for its language only where no list has it as a word.
    """
    every_word = frozenset[str]().union(*(list_.clear | list_.usual for list_ in lists.values()))
    languages: dict[str, tuple[str, ...]] = {}
    clear: dict[str, frozenset[str]] = {}
    for code, list_ in lists.items():
        for word in _with_undotted(list_.clear | list_.usual, every_word):
            languages[word] = (*languages.get(word, ()), code)
        clear[code] = _with_undotted(list_.clear, every_word)
    return languages, clear


def _with_undotted(written: frozenset[str], every_word: frozenset[str]) -> frozenset[str]:
    undotted = {folded(word) for word in written}
    return written | {word for word in undotted if len(word) > 1 and word not in every_word}
