"""Masks personal data in free text before anything is stored. Knows how text is masked, not what is masked."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from privacy.identifiers import WALL, Identifier, RedactionWords, identifiers, impersonal, service_numbers

PLACEHOLDERS = {
    "telephone": "[TEL]",
    "personal_number": "[PNR]",
    "plate": "[REGNR]",
    "address": "[ADRESS]",
    "email": "[EPOST]",
    "account": "[KONTO]",
    "link": "[LÄNK]",
    "handle": "[NAMN]",
}
"""What stands in the text instead, by kind of personal data."""

_PLACEHOLDER = re.compile("|".join(re.escape(placeholder) for placeholder in PLACEHOLDERS.values()))
_NOT_PLAIN = re.compile("[\xad\xb2\xb3\xb9]|[^\x00-\xff–—’“”…]")
_MIN_LENGTH_OF_A_LONG_NUMBER = 8
_SHORTEST = 3
"""Characters that any personal data have: "ja" and "47" need no look."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Redacted:
    """`masked` holds the kinds of personal data (keys of PLACEHOLDERS) in the order in which they stood."""

    text: str
    masked: tuple[str, ...]


class Redactor:
    """Masks what looks like personal data, but keeps service numbers and `keep`, the municipality's own numbers.

    `keep` may be spelled in any way: "010-123 45 67" or "+46101234567".
    """

    def __init__(self, words: RedactionWords, keep: Iterable[str] = ()) -> None:
        numbers = {_national(number) for number in (*words.keep_numbers, *keep)} - {""}
        long_numbers = [number for number in numbers if len(number) >= _MIN_LENGTH_OF_A_LONG_NUMBER]
        self._kept = impersonal(long_numbers)
        self._identifiers = identifiers(words, re.compile(service_numbers(numbers)))
        self._suspicious = re.compile(
            r"[\d@]|://|\.[a-zA-Z]{2}|(?i:\bwww|\b(?:"
            + "|".join(words.handle_services)
            + r")\b|snabel|[(\[] ?a)| dot "
        )

    def redact(self, text: str) -> Redacted:
        """Idempotent. Text without digits and the like is looked at once; see privacy.identifiers for the rest."""
        if len(text) < _SHORTEST:
            return Redacted(text=text, masked=())
        plain, positions = _plain(text) if _NOT_PLAIN.search(text) else (text, None)
        if not self._suspicious.search(plain):
            return Redacted(text=text, masked=())
        spans = sorted(self._spans(plain))
        pieces, end = [], 0
        for start, stop, kind in spans:
            first, last = (positions[start], positions[stop - 1] + 1) if positions else (start, stop)
            pieces += [text[end:first], PLACEHOLDERS[kind]]
            end = last
        pieces.append(text[end:])
        return Redacted(text="".join(pieces), masked=tuple(dict.fromkeys(kind for _, _, kind in spans)))

    def _spans(self, plain: str) -> Iterator[tuple[int, int, str]]:
        """Where what kind stands. Looks again until nothing is found, since a mask may lay something bare."""
        rest = _PLACEHOLDER.sub(_wall, plain)
        digits = sum(map(str.isdigit, rest))
        possible = [identifier for identifier in self._identifiers if identifier.digits <= digits]
        while True:
            rest = before = self._kept.sub(_wall, rest)
            for identifier in possible:
                for start, stop in _found(identifier, rest):
                    yield start, stop, identifier.kind
                    rest = rest[:start] + WALL * (stop - start) + rest[stop:]
            if rest == before:
                return


def _found(identifier: Identifier, text: str) -> Iterator[tuple[int, int]]:
    """Spans to mask. After one that was none, the search goes on inside it."""
    position = 0
    while match := identifier.pattern.search(text, position):
        start, stop = match.span(match.lastindex or 0)
        position = stop
        if identifier.check is None or identifier.check(text[start:stop]):
            yield start, stop
        else:
            position = match.start() + 1


def _wall(match: re.Match[str]) -> str:
    return WALL * len(match.group())


def _national(number: str) -> str:
    """Digits as dialled inside Sweden."""
    digits = re.sub(r"\D", "", number.replace("(0)", ""))
    if number.strip().startswith("+46"):
        return "0" + digits[2:]
    return "0" + digits[4:] if digits.startswith("0046") else digits


def _plain(text: str) -> tuple[str, list[int]]:
    """`text` as patterns can read it, and where in `text` each character of it stands."""
    characters, positions = [], []
    for position, character in enumerate(text):
        if plain := _plain_character(character):
            characters.append(plain)
            positions.append(position)
    return "".join(characters), positions


@lru_cache(maxsize=4096)
def _plain_character(character: str) -> str:
    """Digits of every script become ASCII; what is invisible, a loose accent or a stray WALL becomes nothing."""
    if unicodedata.category(character) in {"Mn", "Me", "Cf"} or character in {WALL, "\ufffd"}:
        return ""
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    compatible = unicodedata.normalize("NFKC", character)
    return compatible if len(compatible) == 1 else character
