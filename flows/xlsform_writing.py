"""A flow document as the sheets of an XLSForm: rows of texts under headings. flows.xlsform_reading is the inverse."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from flows.survey import ROUND_LISTS
from flows.xlsform import (
    ADDED,
    OWN_TRANSLATED,
    PLAIN,
    SHEETS,
    TRANSLATED,
    UNNAMED,
    heading_for,
    language_name,
)

_REFERENCE = re.compile(r"\$\{\s*([^{}]+?)\s*\}")
_FROM_FILE = "select_one_from_file "
_ALWAYS = frozenset({"type", "name", "list_name", "form_id", "version", "form_title", "default_language"})

Joiner = Callable[[Sequence[str]], str]
"""How several words become one cell."""
Row = Mapping[str, str]
"""Texts by heading."""


class Sheet(NamedTuple):
    """A sheet to write: headings in their order, and rows of texts by heading."""

    name: str
    headings: tuple[str, ...]
    rows: tuple[Row, ...]


def write_sheets(document: Mapping[str, Any], join: Joiner) -> tuple[Sheet, ...]:
    """The three sheets of a document that parse_flow takes (as `serialise` makes it)."""
    languages = _languages(document)
    rows = {
        "survey": [*_survey(document)],
        "choices": [*_choices(document)],
        "settings": [_settings(document)],
    }
    return tuple(_sheet(name, rows[name], languages, join) for name in SHEETS)


def _languages(document: Mapping[str, Any]) -> list[str]:
    """Offered ones first, then drafts, then those that stand in some text only."""
    settings = document["settings"]
    named = [*_words(settings.get("languages")), *_words(settings.get("draft_languages"))]
    rows = [*document.get("survey", ()), *(row for rows in _lists(document) for row in rows), settings]
    wordings = [value for row in rows for value in row.values() if isinstance(value, Mapping)]
    return list(dict.fromkeys([*named, *(language for wording in wordings for language in wording)]))


def _lists(document: Mapping[str, Any]) -> Iterable[Sequence[Mapping[str, Any]]]:
    choices: Mapping[str, Any] = document.get("choices") or {}
    return choices.values()


def _survey(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The rows, and behind each text question the values of its own that some expression names."""
    rows = document.get("survey", ())
    expressions = [str(row.get(column, "")) for row in rows for column in ("relevant", "constraint")]
    named = {name for text in expressions for name in _REFERENCE.findall(text)}
    for number, row in enumerate(rows, 1):
        kind = str(row["type"])
        written = dict(row)
        if kind.startswith(_FROM_FILE):
            written["type"] = f"{kind.removesuffix('.csv')}.csv"
        if kind == "begin_group" and not row.get("name"):
            written["name"] = f"{UNNAMED}{number}"
        yield written
        for derived in (f"{row.get('name')}_category", f"{row.get('name')}_place"):
            if kind == "text" and derived in named:
                yield {"type": "hidden", "name": derived}


def _choices(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for name, rows in (document.get("choices") or {}).items():
        for row in rows:
            yield {"list_name": f"{name}{ADDED}" if name in ROUND_LISTS else name, **row}


def _settings(document: Mapping[str, Any]) -> Mapping[str, Any]:
    settings = dict(document["settings"])
    default = _words(settings["languages"])[0]
    title = dict(settings.get("title", {}))
    settings["form_title"] = title.pop(default, "")
    settings["default_language"] = language_name(default)
    settings["title"] = title
    return settings


def _sheet(name: str, rows: Sequence[Mapping[str, Any]], languages: list[str], join: Joiner) -> Sheet:
    headings = [*_headings(name, languages)]
    written = [
        {heading: _text(row, column, language, join) for heading, column, language in headings}
        for row in rows
    ]
    used = [
        heading
        for heading, column, _ in headings
        if column in _ALWAYS or any(row[heading] for row in written)
    ]
    return Sheet(name, tuple(used), tuple({h: row[h] for h in used if row[h]} for row in written))


def _headings(sheet: str, languages: list[str]) -> Iterator[tuple[str, str, str]]:
    """Heading, column and language, in an order in which one can write: what is asked first, then when."""
    first = PLAIN[sheet][:3] if sheet == "choices" else PLAIN[sheet][:2]
    yield from ((column, column, "") for column in first)
    for column in (*TRANSLATED[sheet][:1], *OWN_TRANSLATED[sheet], *TRANSLATED[sheet][1:]):
        yield from ((heading_for(column, language), column, language) for language in languages)
    yield from ((column, column, "") for column in PLAIN[sheet] if column not in first)


def _text(row: Mapping[str, Any], column: str, language: str, join: Joiner) -> str:
    value = row.get(column, "")
    if language:
        value = value.get(language, "") if isinstance(value, Mapping) else ""
    if isinstance(value, list | tuple):
        return join([str(word) for word in value])
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _words(value: Any) -> list[str]:
    return [str(word).strip() for word in (value.split(",") if isinstance(value, str) else value or ())]
