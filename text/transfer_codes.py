"""Codes by which a survey in the chat goes on by text message: a figure, a letter, three characters and a check.

As 7KF2QM: copied from one screen to another, or read aloud. 0, 1, I and O are not among the characters. No word begins
with a figure, and no list of numbers has a letter in it. The check is a sum over the field of 32 elements with a
different weight at each place, so that every wrong character and every swap of two changes it.
"""

from collections.abc import Callable

_FIGURES, _LETTERS = "23456789", "ABCDEFGHJKLMNPQRSTUVWXYZ"
_CHARACTERS = _FIGURES + _LETTERS
_BEFORE_THE_CHECK = (_FIGURES, _LETTERS, _CHARACTERS, _CHARACTERS, _CHARACTERS)
_POLYNOMIAL = 0b100101  # x^5 + x^2 + 1, which has no factors over two elements

POSSIBLE = len(_FIGURES) * len(_LETTERS) * len(_CHARACTERS) ** 3
"""6.3 million."""


def make_code(below: Callable[[int], int]) -> str:
    """A new code. `below` gives a number of chance, from 0 and smaller than what it is given."""
    code = "".join(some[below(len(some))] for some in _BEFORE_THE_CHECK)
    return code + _CHARACTERS[_times_x(_sum(code))]


def read_code(text: str) -> str:
    """`text` as the code that it is, however it was typed, or "" where its form or its check is wrong."""
    plain = "".join(character for character in text.upper() if character.isalnum())
    if len(plain) != len(_BEFORE_THE_CHECK) + 1 or plain[-1] not in _CHARACTERS:
        return ""
    has_form = all(c in some for c, some in zip(plain, _BEFORE_THE_CHECK, strict=False))
    return plain if has_form and _sum(plain) == 0 else ""


def _sum(characters: str) -> int:
    total = 0
    for character in characters:
        total = _times_x(total) ^ _CHARACTERS.index(character)
    return total


def _times_x(element: int) -> int:
    doubled = element << 1
    return doubled ^ _POLYNOMIAL if doubled & 0b100000 else doubled
