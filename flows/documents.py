"""An author's document, read field by field: what is wrong becomes Problem values with place and advice.

Knows types, not surveys. Never raises for what somebody wrote.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from text.fuzzy import closest

Path = tuple[str | int, ...]
"""Where a field stands: ``("survey", "problem", "sms", "sv")``; rows by name, or by number from 0."""
Places = Mapping[Path, str]
"""Where a path stands in the author's file, as ``"residents.yaml, line 45"`` or ``"survey!E5"``."""

_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_FLAGS = {"yes": True, "true": True, "true()": True, "no": False, "false": False, "false()": False}


class Severity(StrEnum):
    """An error keeps a flow from being published, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """One thing that is wrong with a document: a stable code, the place, what it is and how to mend it."""

    code: str
    where: str
    message: str
    advice: str
    severity: Severity = Severity.ERROR
    path: Path = ()
    """Where it stands in the document, for readers of other forms than YAML."""


def locate(path: Path, places: Places) -> str:
    """`path` for a reader, with the nearest known place: ``survey > problem > sms (flow.yaml, line 45)``."""
    shown = " > ".join(step if isinstance(step, str) else f"row {step + 1}" for step in path)
    if not path:
        return places.get((), "the document")
    for length in range(len(path), 0, -1):
        if path[:length] in places:
            return f"{shown} ({places[path[:length]]})"
    return shown


def has_errors(problems: Iterable[Problem]) -> bool:
    return any(problem.severity is Severity.ERROR for problem in problems)


class DocumentReader:
    """Typed access to a document. A field of the wrong type is reported and reads as if it were not there."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.problems: list[Problem] = []

    def report(
        self, code: str, path: Path, message: str, advice: str, severity: Severity = Severity.ERROR
    ) -> None:
        where = locate(path, self.places)
        self.problems.append(
            Problem(code=code, where=where, message=message, advice=advice, severity=severity, path=path)
        )

    def mapping(self, value: object, path: Path, columns: Iterable[str] | None = None) -> dict[str, object]:
        """`value` as a mapping of text to anything, without what is empty; only `columns` are known."""
        if value is None or value == "":
            return {}
        if not isinstance(value, Mapping):
            self._wrong_type(path, "a mapping (name: value)")
            return {}
        fields = {key: field for key, field in value.items() if field not in (None, "")}
        known = None if columns is None else sorted(columns)
        for key in [*fields]:
            if not isinstance(key, str):
                self._wrong_type((*path, str(key)), "a text before the colon")
                del fields[key]
            elif known is not None and key not in known:
                self._unknown_column(path, key, known)
        return fields

    def rows(self, value: object, path: Path) -> Iterator[tuple[int, Mapping[object, object]]]:
        """The rows of a sheet with their numbers from 0."""
        if value is None or value == "":
            return
        if not isinstance(value, Sequence) or isinstance(value, str | bytes):
            self._wrong_type(path, "a list of rows (- name: value)")
            return
        for index, row in enumerate(value):
            if isinstance(row, Mapping):
                yield index, row
            else:
                self._wrong_type((*path, index), "a row (name: value)")

    def text(self, fields: Mapping[str, object], column: str, path: Path) -> str:
        """The text in `column`, composed (NFC) and trimmed; the empty text where there is none."""
        return self._scalar(fields.get(column, ""), (*path, column))

    def wording(self, fields: Mapping[str, object], column: str, path: Path) -> dict[str, str]:
        """The texts in `column` by language code."""
        path = (*path, column)
        given = fields.get(column)
        for language in given if isinstance(given, Mapping) else ():  # an empty one too: {sv: A, B}
            if isinstance(language, str) and not _LANGUAGE.fullmatch(language):
                advice = "Write sv, en, ar ...; put a text with a comma between quotes."
                self.report("language_code", path, f"{language!r} is not a language code", advice)
        found = {}
        for language, value in self.mapping(given, path).items():
            if _LANGUAGE.fullmatch(language) and (text := self._scalar(value, (*path, language))):
                found[language] = text
        return found

    def words(self, value: object, path: Path) -> tuple[str, ...]:
        """A list of texts, or one text with commas between them."""
        if isinstance(value, Sequence) and not isinstance(value, str | bytes):
            found = [self._scalar(item, (*path, index)) for index, item in enumerate(value)]
        else:
            found = [part.strip() for part in self._scalar(value, path).split(",")]
        return tuple(word for word in found if word)

    def flag(self, fields: Mapping[str, object], column: str, path: Path, *, default: bool) -> bool:
        value = fields.get(column, default)
        if isinstance(value, bool):
            return value
        text = self._scalar(value, (*path, column)).lower()
        if text not in _FLAGS:
            self._wrong_type((*path, column), "yes or no")
        return _FLAGS.get(text, default)

    def count(self, fields: Mapping[str, object], column: str, path: Path) -> int | None:
        """A whole number from 1 to 999, or None."""
        text = self.text(fields, column, path)
        if not text:
            return None
        if not re.fullmatch("[0-9]{1,3}", text) or int(text) == 0:
            self._wrong_type((*path, column), "a whole number from 1 to 999")
            return None
        return int(text)

    def _scalar(self, value: object, path: Path) -> str:
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**9:
            value = str(value)
        if isinstance(value, str):
            return unicodedata.normalize("NFC", value).strip()
        if value is not None:
            self._wrong_type(path, "a text (put it between quotes)")
        return ""

    def _wrong_type(self, path: Path, wanted: str) -> None:
        self.report("wrong_type", path, f"this must be {wanted}", f"Write {wanted}.")

    def _unknown_column(self, path: Path, column: str, known: list[str]) -> None:
        near = closest(column, known, at_least=0.7)
        advice = f"Did you mean {near[0][0]!r}?" if near else f"Known are: {', '.join(known)}."
        self.report("unknown_column", (*path, column), f"unknown column {column!r}", advice)
