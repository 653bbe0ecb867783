"""The sheets of an XLSForm as the document that parse_flow and the checks take, with the place of everything in it.

What the standard has and a survey by SMS has not is named, never left out unsaid where that would change the survey.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from flows.conditions import compile_expression
from flows.documents import Path, Problem, Severity
from flows.expression_tree import ExpressionError
from flows.survey import ROUND_LISTS
from flows.xlsform import (
    ABOUT_THE_DEVICE,
    ADDED,
    CHANGES_MEANING,
    OWN_TRANSLATED,
    SHEETS,
    TRANSLATED,
    TYPE_ALIASES,
    UNNAMED,
    UNSUPPORTED,
    Heading,
    columns_of,
    language_code,
    read_heading,
)
from text.fuzzy import closest

_LISTS = frozenset({"parts", "core", "languages", "draft_languages", "synonyms"})
_EXPRESSIONS = ("relevant", "constraint")
_NO = frozenset({"no", "false", "false()"})
_TYPOGRAPHIC = str.maketrans(
    {"‘": "'", "’": "'", "“": '"', "”": '"', "\u00a0": " ", "≥": ">=", "≤": "<=", "≠": "!="}
)
_DEFAULT_LANGUAGE = "sv"

Splitter = Callable[[str], Sequence[str]]
"""How one cell becomes several words."""


class Cell(NamedTuple):
    """What a cell says, composed and trimmed, never empty; and where it stands: ``survey, row 5, column E``."""

    text: str
    where: str


class Row(NamedTuple):
    where: str
    cells: Mapping[int, Cell]


class Sheet(NamedTuple):
    """A sheet as found: what stands over the columns, and the rows below that hold something."""

    where: str
    headings: Mapping[int, Cell]
    rows: tuple[Row, ...]


class ReadForm(NamedTuple):
    """A document for parse_flow. An unsupported type is a problem and reads as text, so that the rest is checked."""

    document: Mapping[str, Any]
    places: Mapping[Path, str]
    problems: tuple[Problem, ...]


def read_sheets(sheets: Mapping[str, Sheet], filename: str, split: Splitter) -> ReadForm:
    """The flow in `sheets`, which are named as in SHEETS. Never raises for what an author wrote."""
    reader = _FormReader(filename, split)
    settings = reader.settings(sheets.get("settings"))
    languages = reader.choose_languages(settings, sheets)
    reader.finish_settings(settings, languages)
    choices = reader.choices(sheets.get("choices"))
    survey = reader.survey(sheets.get("survey"))
    document = {"settings": settings, "choices": choices, "survey": survey}
    return ReadForm(document, reader.places, tuple(reader.problems))


class _FormReader:
    def __init__(self, filename: str, split: Splitter) -> None:
        self.places: dict[Path, str] = {(): filename}
        self.problems: list[Problem] = []
        self._filename = filename
        self._split = split
        self._default = ""

    # Settings and languages

    def settings(self, sheet: Sheet | None) -> dict[str, Any]:
        """The row below the headings."""
        if sheet is None or not sheet.rows:
            return {}
        columns = self._columns("settings", sheet)
        for extra in sheet.rows[1:]:
            advice = "Write the settings side by side in one row."
            self._report("settings_row", extra.where, "a second row of settings is not read", advice)
        fields, wheres = self._fields("settings", sheet, columns, sheet.rows[0])
        self.places["settings",] = sheet.rows[0].where
        self.places |= {("settings", *path): where for path, where in wheres.items()}
        return fields

    def choose_languages(self, settings: Mapping[str, Any], sheets: Mapping[str, Sheet]) -> list[str]:
        """The languages that texts stand in, the default first; that is the one of texts without a language."""
        survey = sheets.get("survey")
        headings = [read_heading(cell.text, "survey") for cell in survey.headings.values()] if survey else []
        found = [h.language for h in headings if h.column == "label" and h.language]
        named = [*settings.get("languages", ())]
        default = language_code(settings.get("default_language", "")) or ""
        self._default = next(iter([*named[:1], *([default] if default else []), *found]), "")
        if not self._default:
            self._default = _DEFAULT_LANGUAGE
            if survey and any(h.column == "label" and h.language == "" for h in headings):
                advice = "Is that wrong, write the language into the heading: label::English (en)."
                message = f"texts without a language are taken for {_DEFAULT_LANGUAGE}"
                self._report("language_assumed", survey.where, message, advice, Severity.WARNING)
        return list(dict.fromkeys([self._default, *found]))

    def finish_settings(self, settings: dict[str, Any], languages: list[str]) -> None:
        """The title by language, and the languages that are offered where the form does not say so."""
        settings.pop("default_language", None)
        title = {**settings.pop("title", {})}
        plain = settings.pop("form_title", "")
        if plain and self._default not in title:
            title = {self._default: plain, **title}
            self.places["settings", "title"] = self.places.get(("settings", "form_title"), self._filename)
        if title:
            settings["title"] = title
        if settings and "languages" not in settings:
            drafts = {*settings.get("draft_languages", ())}
            settings["languages"] = [language for language in languages if language not in drafts]

    # Choices

    def choices(self, sheet: Sheet | None) -> dict[str, list[dict[str, Any]]]:
        lists: dict[str, list[dict[str, Any]]] = {}
        if sheet is None:
            return lists
        columns = self._columns("choices", sheet)
        for row in sheet.rows:
            fields, wheres = self._fields("choices", sheet, columns, row)
            if not fields:
                continue
            name = fields.pop("list_name", "")
            if not name:
                advice = "Write the name of its list into list_name."
                self._report("list_missing", row.where, "the choice stands in no list", advice)
                continue
            if name in {f"{known}{ADDED}" for known in ROUND_LISTS}:
                name = name.removesuffix(ADDED)
            rows = lists.setdefault(name, [])
            self._place(("choices", name), len(rows), fields.get("name"), row, wheres)
            rows.append(fields)
        return lists

    # The survey

    def survey(self, sheet: Sheet | None) -> list[dict[str, Any]]:
        if sheet is None:
            advice = "Name the sheet with the questions survey."
            self._report("sheet_missing", self._filename, "there is no sheet survey", advice)
            return []
        columns = self._columns("survey", sheet)
        read = [(row, *self._fields("survey", sheet, columns, row)) for row in sheet.rows]
        read = [(row, fields, wheres) for row, fields, wheres in read if fields]
        if read:
            self._thank(*read[-1][:2])
        derived = {
            f"{fields.get('name')}_{what}"
            for _, fields, _ in read
            for what in ("category", "place")
            if _taken_apart(fields.get("type", ""))[0] == "text"
        }
        rows: list[dict[str, Any]] = []
        for row, fields, wheres in read:
            where = wheres.get(("type",), row.where)
            if not self._settle_type(fields, where, derived):
                continue
            self._settle_columns(fields, wheres)
            self._place(("survey",), len(rows), fields.get("name"), row, wheres)
            rows.append(fields)
        return rows

    def _thank(self, row: Row, fields: dict[str, Any]) -> None:
        """A form of the standard ends with a note, which has no role there."""
        if fields.get("type", "").strip().lower() == "note" and not fields.get("role"):
            fields["role"] = "thanks"
            message = "the last note is taken for the thanks"
            self._report("thanks_assumed", row.where, message, "Write thanks into role.", Severity.WARNING)

    def _settle_type(self, fields: dict[str, Any], where: str, derived: set[str]) -> bool:
        """Make the type one of ours, or say why not. False for a row that is left out."""
        base, rest = _taken_apart(fields.get("type", ""))
        if base in ABOUT_THE_DEVICE:
            message = f"{base} is left out: nothing is kept of a device and its owner"
            self._report("about_device", where, message, "Nothing to do.", Severity.WARNING)
            return False
        if base == "hidden" and fields.get("name") in derived:
            return False
        if base in UNSUPPORTED:
            message = f"the type {base} cannot be asked here"
            self._report("type_unsupported", where, message, UNSUPPORTED[base])
            base, rest = ("hidden" if base == "calculate" else "text"), ""
        if rest.endswith(" or_other"):
            rest = rest.removesuffix(" or_other")
            advice = "Take it out, and add a choice for it to the list."
            self._report("type_unsupported", where, "or_other cannot be asked here", advice)
        if base == "select_one_from_file":
            rest = rest.removesuffix(".csv")
        if base == "begin_group" and fields.get("name", "").startswith(UNNAMED):
            del fields["name"]
        if base:
            fields["type"] = f"{base} {rest}".strip()
        return True

    def _settle_columns(self, fields: dict[str, Any], wheres: Mapping[Path, str]) -> None:
        appearance = fields.get("appearance")
        if appearance and appearance != "likert":
            message = f"the appearance {appearance!r} has no effect"
            where = wheres["appearance",]
            self._report("appearance", where, message, "Only likert has one.", Severity.WARNING)
            del fields["appearance"]
        for column in _EXPRESSIONS:
            if column in fields:
                fields[column] = _straightened(fields[column])

    # Columns and cells

    def _columns(self, name: str, sheet: Sheet) -> dict[int, Heading]:
        """What each column is. What is doubled or cannot be told is reported and left out."""
        columns: dict[int, Heading] = {}
        for at, cell in sheet.headings.items():
            heading = self._heading(name, cell)
            if heading is None:
                continue
            if heading in columns.values():
                advice = "Take one of the columns out."
                self._report("column_twice", cell.where, f"{cell.text!r} stands twice", advice)
                continue
            columns[at] = heading
        return columns

    def _heading(self, name: str, cell: Cell) -> Heading | None:
        heading = read_heading(cell.text, name)
        known = columns_of(name)
        if heading.language is None:
            advice = "Write the language and its code: label::Svenska (sv)."
            self._report("language_code", cell.where, f"{cell.text!r} names no known language", advice)
            return None
        if heading.column in (*TRANSLATED[name], *OWN_TRANSLATED[name]):
            return Heading(heading.column, heading.language or self._default)
        if heading.column in known or heading.column in CHANGES_MEANING:
            return heading
        near = closest(heading.column, known, at_least=0.8)
        if near:
            advice = f"Did you mean {near[0][0]!r}?"
            self._report("unknown_column", cell.where, f"unknown column {cell.text!r}", advice)
        else:
            message = f"the column {cell.text!r} is not read"
            advice = "Nothing to do, if it is a note of your own."
            self._report("column_ignored", cell.where, message, advice, Severity.WARNING)
        return None

    def _fields(
        self, name: str, sheet: Sheet, columns: Mapping[int, Heading], row: Row
    ) -> tuple[dict[str, Any], dict[Path, str]]:
        """The row as an author of YAML would have written it, and where each field stands."""
        fields: dict[str, Any] = {}
        wheres: dict[Path, str] = {}
        for at, cell in row.cells.items():
            if at not in sheet.headings:
                advice = "Write a heading over it, or empty the cell."
                self._report("no_heading", cell.where, f"{cell.text!r} stands under no heading", advice)
            if (heading := columns.get(at)) is None:
                continue
            if heading.column in CHANGES_MEANING:
                self._report_unsupported(heading.column, cell)
                continue
            wheres[heading.column,] = cell.where
            value = [*self._split(cell.text)] if heading.column in _LISTS else cell.text
            if heading.language:
                fields.setdefault(heading.column, {})[heading.language] = value
                wheres[heading.column, heading.language] = cell.where
            else:
                fields[heading.column] = value
        return fields, wheres

    def _report_unsupported(self, column: str, cell: Cell) -> None:
        if cell.text.lower() not in _NO:
            message = f"the column {column} means nothing here"
            self._report("column_unsupported", cell.where, message, CHANGES_MEANING[column])

    def _place(self, above: Path, index: int, name: object, row: Row, wheres: Mapping[Path, str]) -> None:
        """Rows are found by number, and by name as long as that is taken once."""
        steps: list[str | int] = [index]
        if isinstance(name, str) and (*above, name) not in self.places:
            steps.append(name)
        for step in steps:
            self.places[*above, step] = row.where
            self.places |= {(*above, step, *path): where for path, where in wheres.items()}

    def _report(
        self, code: str, where: str, message: str, advice: str, severity: Severity = Severity.ERROR
    ) -> None:
        self.problems.append(
            Problem(code=code, where=where, message=message, advice=advice, severity=severity)
        )


def _taken_apart(text: str) -> tuple[str, str]:
    """``Select one from yes_no`` as ``select_one`` and ``yes_no``."""
    plain = re.sub(r"\s+", " ", text.strip())
    for alias, base in sorted(TYPE_ALIASES.items(), key=lambda pair: -len(pair[0])):
        if plain.lower() == alias or plain.lower().startswith(f"{alias} "):
            return base, plain[len(alias) :].strip()
    base, _, rest = plain.partition(" ")
    return base.lower(), rest


def _straightened(text: str) -> str:
    """An expression without the typographic signs that office programs put for what was typed."""
    try:
        compile_expression(text)
    except ExpressionError:
        return text.translate(_TYPOGRAPHIC)
    return text


def sheet_named(title: str) -> str | None:
    """Which of the three sheets a sheet of that title is."""
    plain = title.strip().lower()
    return plain if plain in SHEETS else None
