"""From a cell as Excel stores it to the text that was meant: numbers, dates, telephone numbers, lists.

Excel drops leading zeros and plus signs, stores whole numbers as 70123456.0, and takes much for a date.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.services.workbooks.opening import Formula, Value

_SERIAL_DAY_ZERO = date(1899, 12, 30)
_SERIALS = range(36_526, 73_051)
"""2000-01-01 to 2100-01-01, as Excel counts days."""
_YEARS = range(2000, 2101)
_MOST_DIGITS = 15
"""Of a number in Excel; what comes after is zeros."""
_MONTHS = ["jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec"]
_MONTH_WORDS = {**{word: at for at, word in enumerate(_MONTHS, 1)}, "may": 5, "oct": 10}
_ISO = re.compile(r"(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})(?:[T ]00:00(?::00)?)?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_DAY_FIRST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/. ]\s*(\d{4})")
_WITH_WORD = re.compile(r"(\d{1,2})\.?\s*([a-zåäö]{3,9})\.?\s*(\d{4})")
_ITEM = re.compile(r'\s*(?:"((?:[^"]|"")*)"|([^,;\n]+))\s*(?:[,;\n]|$)')
_UNSEEN = dict.fromkeys(map(ord, "\u200b\u200e\u200f\u2060\ufeff"), "") | {0xA0: " ", 0x202F: " "}


@dataclass(frozen=True, kw_only=True, slots=True)
class Meant:
    """What a cell says. `fault` is the code of what is wrong with it, `note` of what a person should see to."""

    text: str = ""
    items: tuple[str, ...] = ()
    fault: str = ""
    note: str = ""


def found(value: Value | Formula) -> str:
    """The cell for a sentence about it."""
    if isinstance(value, Formula):
        return value.text
    if isinstance(value, bool):
        return "SANT" if value else "FALSKT"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    return "" if value is None else str(value)


def _flag(value: Value) -> Meant:
    """Excel makes SANT of a yes that was computed; people put a cross."""
    text = _text(value).text
    return Meant(text=_FLAGS.get(text.casefold(), text))


def read_cell(kind: str, value: Value | Formula) -> Meant:
    """What was meant by a cell of that kind (round_form.yaml)."""
    if isinstance(value, Formula):
        return Meant(fault="cell_error" if value.is_error else "formula_without_value")
    return _READERS.get(kind, _text)(value)


def split_words(text: str) -> tuple[str, ...]:
    """``Tegefjäll, Duved by; 83015`` as three; quotes keep a comma inside a name."""
    return split_as_written(tidy(text, lines=True))


def split_as_written(text: str) -> tuple[str, ...]:
    """As `split_words`, with every sign that nobody sees."""
    parts = [quoted.replace('""', '"') if quoted else plain for quoted, plain in _ITEM.findall(text)]
    return tuple(part.strip() for part in parts if part.strip())


def join_words(words: Sequence[str]) -> str:
    """The inverse of `split_words`."""
    return ", ".join(
        '"{}"'.format(word.replace('"', '""')) if re.search(r'[,;\n"]', word) else word for word in words
    )


def tidy(text: str, *, lines: bool = False) -> str:
    """Without what nobody sees: blanks at the ends, hard spaces, marks of direction."""
    plain = unicodedata.normalize("NFC", text.translate(_UNSEEN)).replace("\r\n", "\n")
    return plain.strip() if lines else " ".join(plain.split())


def read_date(value: Value) -> date | None:
    """A day as Excel stores it or as people write it, the day before the month. None where it is none."""
    if isinstance(value, datetime | date):
        day_of = value.date() if isinstance(value, datetime) else value
        return day_of if day_of.year in _YEARS else None  # 5 in a cell for dates is 1900-01-05
    if isinstance(value, int | float) and not isinstance(value, bool):
        day = int(value)
        return _SERIAL_DAY_ZERO + timedelta(days=day) if day in _SERIALS else _written_date(str(day))
    return _written_date(value) if isinstance(value, str) else None


def _written_date(text: str) -> date | None:
    plain = tidy(text).lower()
    if match := _ISO.fullmatch(plain) or _COMPACT.fullmatch(plain):
        year, month, day = match.groups()
    elif match := _DAY_FIRST.fullmatch(plain):
        day, month, year = match.groups()
    elif match := _WITH_WORD.fullmatch(plain):
        day, word, year = match.groups()
        month = str(_MONTH_WORDS.get(word[:3], 0))
    else:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _text(value: Value) -> Meant:
    if isinstance(value, datetime | date | time | timedelta):
        return Meant(fault="made_a_date")
    if isinstance(value, int | float) and not isinstance(value, bool) and _is_shortened(value):
        return Meant(fault="number_shortened")
    return Meant(text=tidy(found(value)))


def _is_shortened(number: float) -> bool:
    return bool(abs(number) >= 10**_MOST_DIGITS)


def _date(value: Value) -> Meant:
    day = read_date(value)
    return Meant(text=tidy(found(value))) if day is None else Meant(text=day.isoformat())


def _words(value: Value) -> Meant:
    meant = _text(value)
    if meant.fault or not isinstance(value, str):
        return Meant(fault=meant.fault, items=(meant.text,) if meant.text else ())
    return Meant(items=split_words(value))


def _number(value: Value) -> Meant:
    meant = _text(value)
    text = re.sub(r"(?<=\d) (?=\d{3}(?!\d))", "", meant.text)
    return Meant(text=text.removesuffix(",0").removesuffix(".0"), fault=meant.fault)


def _phone(value: Value) -> Meant:
    """A number for the program, with its plus or its zero again."""
    meant = _text(value)
    text = re.sub(r"\.0+$", "", meant.text)
    digits = re.sub(r"[\s()/.-]", "", text)
    if not meant.fault and digits.isascii() and digits.isdecimal() and not digits.startswith("0"):
        is_whole = digits.startswith("46") and len(digits) >= 10  # with the country's code, 46
        return Meant(text=f"+{digits}" if is_whole else f"0{digits}", note="number_restored")
    return Meant(text=text, fault=meant.fault)


def _helpline(value: Value) -> Meant:
    """A number for people: as written, but where Excel made it a number, its zero or plus again."""
    if isinstance(value, int | float) and not isinstance(value, bool) and len(found(value)) > 6:
        return _phone(value)
    return _text(value)


_FLAGS = dict.fromkeys(("sant", "true", "x", "1"), "yes") | dict.fromkeys(("falskt", "false", "0"), "no")
_READERS: dict[str, Callable[[Value], Meant]] = {
    "date": _date,
    "day": _date,
    "words": _words,
    "number": _number,
    "flag": _flag,
    "flow": _flag,
    "phone": _phone,
    "helpline": _helpline,
}
