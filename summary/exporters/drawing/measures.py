"""How wide text is, before any program sets it: so that no label runs into another or off the edge."""

import re
import unicodedata
from functools import cache

_ASCII = (
    26, 29, 47, 65, 57, 90, 75, 27, 34, 34, 54, 57, 28, 32, 28, 41, 57, 57, 57, 57, 57, 57, 57, 57, 57, 57, 28, 28,
    57, 57, 57, 48, 90, 69, 67, 64, 74, 56, 55, 72, 76, 39, 33, 66, 56, 94, 81, 80, 63, 80, 66, 55, 58, 76, 65, 97,
    67, 62, 58, 33, 41, 33, 57, 41, 36, 60, 63, 51, 63, 59, 39, 63, 66, 30, 30, 62, 30, 98, 66, 62, 63, 63, 45, 50,
    43, 66, 57, 86, 58, 57, 49, 39, 55, 39, 57,
)  # fmt: skip
"""Of Noto Sans Bold, from the space to the tilde, in hundredths of the size. Arial is narrower."""
_OTHER = 95
_SPACES = re.compile(r"[ \t\r\n]+")
_ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"


def width_of(text: str, size: float) -> float:
    """At most so wide is the text in letters of that size, in the unit of the size."""
    return sum(map(_hundredths, text)) * size / 100


def wrapped(text: str, width: float, size: float, most_lines: int = 4) -> list[str]:
    """The text in lines no wider than that. A word with no room is divided; what is more than `most_lines` is cut
    with an ellipsis: the whole text stands in the table.
    """
    lines = [""]
    longest = text[: most_lines * max(1, int(width / size * 4))]
    for word in words_of(longest):
        for part in _parts(word, width, size):
            joined = f"{lines[-1]} {part}" if lines[-1] else part
            if width_of(joined, size) <= width:
                lines[-1] = joined
            else:
                lines.append(part)
    if len(lines) > most_lines or len(longest) < len(text):
        lines = lines[:most_lines]
        lines[-1] = _shortened(lines[-1], width, size)
    return lines


def cut(text: str, lines: list[str]) -> bool:
    """Whether the lines do not hold the whole text."""
    return lines[-1].endswith(_ELLIPSIS) and not text.rstrip().endswith(_ELLIPSIS)


def longest_word(text: str, size: float) -> float:
    return max((width_of(word, size) for word in words_of(text)), default=0)


def words_of(text: str) -> list[str]:
    """What a line may end after. A no-break space is inside a word."""
    return [word for word in _SPACES.split(text) if word]


def _parts(word: str, width: float, size: float) -> list[str]:
    """The word, or where it has no room on a line of its own, pieces that end in hyphens."""
    parts = []
    while width_of(word, size) > width and len(word) > 1:
        room = _room(word, width, size)
        parts.append(word[:room] if word[room - 1] == "-" else f"{word[:room]}-")
        word = word[room:]
    return [*parts, word]


def _room(word: str, width: float, size: float) -> int:
    """How many letters of a word that is too long have room before a hyphen: one at the least, never all."""
    left = width * 100 / size - _hundredths("-")
    for at, character in enumerate(word[:-1]):
        left -= _hundredths(character)
        if left < 0:
            return max(1, at)
    return len(word) - 1


def _shortened(line: str, width: float, size: float) -> str:
    while line and width_of(line + _ELLIPSIS, size) > width:
        line = line[:-1]
    return line + _ELLIPSIS


@cache
def _hundredths(character: str) -> int:
    """Letters with dots and rings are as wide as without."""
    base = unicodedata.normalize("NFD", character)[0]
    at = ord(base) - 32
    return _ASCII[at] if 0 <= at < len(_ASCII) else _OTHER
