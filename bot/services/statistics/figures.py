"""What a cell with a figure says: numbers as they are written in Sweden and elsewhere, and the marks for no figure.

The decimal mark is that of the whole file, since 1,234 alone may be either.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

MISSING_MARKS = frozenset({"", "..", "...", "…", ".", "x", ":", "-", "–", "—", "−", "na", "n/a", "#n/a"})
"""Not available, too few to be told, not applicable, nothing: no value. What a dash means, its source must say."""
DASHES = frozenset({"-", "–", "—", "−"})
_FOOTNOTE = re.compile(r"(?<=\d)\s*(?:\*+|\d?\)|\(\w{1,5}\)|[a-z]\))$", re.IGNORECASE)
_SPACES = re.compile(r"(?<=\d)[ '’\u00a0\u2009\u202f](?=\d{3}(?!\d))")
_NUMBER = re.compile(r"[-−–+]?\d+(?:[.,]\d+)*")
_THREE_AT_A_TIME = re.compile(r"\d{1,3}(?:[.,]\d{3})+")


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadFigure:
    """`value` is None where a mark stands instead; `is_percent` where a sign said so; `fault` where it is neither."""

    value: int | float | None = None
    mark: str = ""
    is_percent: bool = False
    fault: str = ""


def decimal_mark(texts: Iterable[str]) -> str:
    """The decimal mark of these figures, ``,`` or ``.``; empty where they could be read in both ways, or contradict
    each other.
    """
    written = [_plain(text)[0] for text in texts]
    numbers = [text for text in written if _NUMBER.fullmatch(text) and ("," in text or "." in text)]
    told = {mark for number in numbers if (mark := _told_by(number))}
    if not numbers:
        return ","
    return told.pop() if len(told) == 1 else ""


def _told_by(number: str) -> str:
    """What one figure tells of the decimal mark: the last of two kinds, or one that three digits do not follow."""
    marks = [c for c in number if c in ",."]
    if len(set(marks)) == 2:
        return marks[-1]
    if len(marks) > 1:
        return "." if marks[0] == "," else ","
    digits = number.lstrip("+-−–")
    is_ambiguous = _THREE_AT_A_TIME.fullmatch(digits) and not digits.startswith("0")
    return "" if is_ambiguous else marks[0]


def read_figure(text: str, decimal: str = ",", *, dash_is_zero: bool = False) -> ReadFigure:
    """The figure of a cell. Footnote marks behind it are left out; ``%`` becomes its unit."""
    if text.casefold() in MISSING_MARKS:
        is_zero = dash_is_zero and text in DASHES
        return ReadFigure(value=0) if is_zero else ReadFigure(mark=text)
    plain, is_percent = _plain(text)
    if not _NUMBER.fullmatch(plain):
        return ReadFigure(fault="not_a_figure")
    whole, _, fraction = plain.rpartition(decimal) if decimal in plain else (plain, "", "")
    thousands = "." if decimal == "," else ","
    if thousands in fraction or (thousands in whole and not _THREE_AT_A_TIME.fullmatch(whole.lstrip("+-−–"))):
        return ReadFigure(fault="not_a_figure")
    digits = whole.replace(thousands, "").replace("−", "-").replace("–", "-")
    if decimal in digits:
        return ReadFigure(fault="not_a_figure")
    value = float(f"{digits}.{fraction}") if fraction else int(digits)
    return ReadFigure(value=value, is_percent=is_percent)


def _plain(text: str) -> tuple[str, bool]:
    """Without footnote marks, spaces between thousands and the sign for percent; whether that was there."""
    plain = _SPACES.sub("", _FOOTNOTE.sub("", text.strip()))
    is_percent = plain.endswith("%")
    return plain.removesuffix("%").rstrip(), is_percent
