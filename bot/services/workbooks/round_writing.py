"""A round as a workbook to fill in: instructions, one sheet for each part, explanations beside the cells, drop-downs.

`round_reading` makes the same document of it again.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, BinaryIO

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from bot.services.round_documents import RoundDocument, mapping_of
from bot.services.workbooks.cells import join_words, read_date
from bot.services.workbooks.form import Field, Form, Sheet, round_form, said
from bot.services.workbooks.opening import letter
from categories.catalogue import CURRENT, taxonomy
from summary.exporters.cells import printable
from summary.exporters.workbook import FONT, INK, LINE, MUTED, RESIDENTS, SIZE, Book, height

INPUT = "#FFF8DC"
"""Behind the cells that a person fills in."""
LAST_ROW = 1_999
_LAST_COLUMN = 16_383
_LINED_ROWS = 18
"""Empty rows that look like rows to fill in; those below may be filled in too."""
_LONGEST_TIP, _LONGEST_TIP_TITLE, _LONGEST_LIST = 255, 32, 255
_FORM_WIDTHS = (34, 44, 70, 32)
_FORM_HEADER, _TABLE_HEADER = 2, 3

_WRAPPED: Mapping[str, Any] = {"text_wrap": True, "align": "left", "indent": 1, "valign": "vcenter"}
_LINED: Mapping[str, Any] = {**_WRAPPED, "bottom": 1, "bottom_color": LINE}
_BOXED: Mapping[str, Any] = {
    **_WRAPPED,
    "border": 1,
    "border_color": LINE,
    "bg_color": INPUT,
    "locked": False,
}
_STYLES: Mapping[str, Mapping[str, Any]] = {
    "heading": {**_WRAPPED, "bold": True, "font_color": "#FFFFFF", "bg_color": RESIDENTS},
    "label": {**_LINED, "bold": True},
    "help": {**_LINED, "font_color": MUTED},
    "above": {**_WRAPPED, "font_color": MUTED, "font_size": 9, "valign": "bottom"},
    "input": {**_BOXED, "num_format": "@"},
    "input_date": {**_BOXED, "num_format": "yyyy-mm-dd"},
    "input_number": {**_BOXED, "num_format": "0"},
    "sample": {**_BOXED, "num_format": "@", "italic": True, "font_color": MUTED, "bg_color": "#ECEFF1"},
    "open": {"locked": False},
    "fixed": _LINED,
}


def write_round(
    document: RoundDocument | None, stream: BinaryIO, *, made_on: date, language: str = "sv"
) -> None:
    """Write the workbook: of `document`, or an empty template."""
    form = round_form()
    book = Book(stream, title=said(form.words["title"], language), counted_on=made_on)
    writer = _Writer(book, form, language, mapping_of(document) if document else {})
    writer.write_first()
    for sheet in form.sheets:
        writer.write_table(sheet) if sheet.is_table else writer.write_form(sheet)
    book.close()


class _Writer:
    def __init__(self, book: Book, form: Form, language: str, document: Mapping[str, object]) -> None:
        self._book = book
        self._form = form
        self._language = language
        self._document = document
        self._styles: dict[str, Format] = {}

    def write_first(self) -> None:
        """What to do, in the order in which it is done, and what each sheet is for."""
        sheet = self._book.sheet(self._word("first"))
        sheet.set_column(0, 0, 4)
        sheet.set_column(1, 1, 26)
        sheet.set_column(2, 2, 78)
        sheet.set_row(0, 30)
        sheet.write_string(0, 0, self._word("title"), self._book.style("title"))
        row = 2
        for number, text in enumerate(self._form.instructions, 1):
            instruction = said(text, self._language)
            sheet.write_string(row, 0, str(number), self._book.style("strong"))
            sheet.merge_range(row, 1, row, 2, "", self._book.style("text"))
            sheet.write_string(row, 1, instruction, self._book.style("text"))
            sheet.set_row(row, height(instruction, 100) + 6)
            row += 1
        row += 1
        sheet.write_string(row, 0, self._word("contents"), self._book.style("heading"))
        sheet.set_row(row, 24)
        for part in self._form.sheets:
            row += 1
            about = said(part.about, self._language)
            title = said(part.title, self._language)
            sheet.write_url(row, 1, f"internal:'{title}'!A1", self._book.style("strong"), title)
            sheet.write_string(row, 2, about, self._book.style("text"))
            sheet.set_row(row, height(about, 84) + 4)
        sheet.protect("", _ALLOWED)

    def write_form(self, part: Sheet) -> None:
        """One field a row: name, answer, explanation, example."""
        sheet = self._titled(part)
        for at, width in enumerate(_FORM_WIDTHS):
            sheet.set_column(at, at, width)
        for at, word in enumerate(("field", "answer", "explanation", "example")):
            sheet.write_string(_FORM_HEADER, at, self._word(word), self._style("heading"))
        sheet.set_row(_FORM_HEADER, 22)
        for row, field in enumerate(part.fields, _FORM_HEADER + 1):
            help_text = said(field.help, self._language)
            value = self._value(field)
            sheet.write_string(row, 0, self._label(field), self._style("label"))
            self._write_value(sheet, row, 1, field, value)
            sheet.write_string(row, 2, help_text, self._style("help"))
            sheet.write_string(row, 3, said(field.example, self._language), self._style("help"))
            tallest = max(height(help_text, 66), height(self._label(field), 30), height(_plain(value), 40))
            sheet.set_row(row, tallest + 8)
            self._check(sheet, field, row, row, 1)
        sheet.ignore_errors({"number_stored_as_text": f"B1:B{_FORM_HEADER + len(part.fields) + 1}"})
        sheet.freeze_panes(_FORM_HEADER + 1, 1)
        sheet.protect("", _ALLOWED)

    def write_table(self, part: Sheet) -> None:
        """One field a column, its explanation above; an example where there is no row yet."""
        sheet = self._titled(part)
        sheet.set_column(0, _LAST_COLUMN, None, self._style("open"))
        explained = [said(column.help, self._language) for column in part.fields]
        sheet.set_row(
            2,
            max(height(t, int(c.width * 1.05), 12) for t, c in zip(explained, part.fields, strict=True)) + 4,
        )
        sheet.set_row(_TABLE_HEADER, 34)
        for at, column in enumerate(part.fields):
            sheet.set_column(at, at, column.width + 2, self._style("open"))
            sheet.write_string(2, at, explained[at], self._style("above"))
            sheet.write_string(_TABLE_HEADER, at, self._label(column), self._style("heading"))
            self._check(sheet, column, _TABLE_HEADER + 1, LAST_ROW, at)
        rows = self._rows(part)
        first = _TABLE_HEADER + 1
        if not rows:
            self._write_example(sheet, part, first)
            first += 1
        for row, values in enumerate(rows, first):
            self._write_row(sheet, part, row, values)
        if part.name != "focus_map":
            for row in range(first + len(rows), first + len(rows) + _LINED_ROWS):
                for at, column in enumerate(part.fields):
                    sheet.write_blank(row, at, None, self._input(column))
        sheet.ignore_errors({"number_stored_as_text": f"A1:{letter(len(part.fields))}{LAST_ROW}"})
        sheet.freeze_panes(_TABLE_HEADER + 1, 1)
        sheet.repeat_rows(_TABLE_HEADER)
        sheet.protect("", _ALLOWED)

    def _titled(self, part: Sheet) -> Worksheet:
        sheet = self._book.sheet(said(part.title, self._language), landscape=True)
        sheet.set_row(0, 28)
        sheet.write_string(0, 0, said(part.title, self._language), self._book.style("title"))
        sheet.write_string(1, 0, said(part.about, self._language), self._book.style("subtitle"))
        sheet.set_row(1, 20)
        return sheet

    def _write_example(self, sheet: Worksheet, part: Sheet, row: int) -> None:
        for at, column in enumerate(part.fields):
            example = said(column.example, self._language)
            text = f"{self._word('sign')}: {example}" if at == 0 else example
            sheet.write_string(row, at, text, self._style("sample"))

    def _write_row(self, sheet: Worksheet, part: Sheet, row: int, values: Mapping[str, object]) -> None:
        tallest = 0.0
        for at, column in enumerate(part.fields):
            value = values.get(column.key)
            tallest = max(tallest, height(_plain(value), max(8, column.width - 1)))
            if part.name == "focus_map" and column.key != "focus":
                sheet.write_string(row, at, _plain(value), self._style("fixed"))
            else:
                self._write_value(sheet, row, at, column, value)
        sheet.set_row(row, tallest + 4)

    def _write_value(self, sheet: Worksheet, row: int, at: int, column: Field, value: object) -> None:
        style = self._input(column)
        day = read_date(value) if column.kind in ("date", "day") and isinstance(value, str) else None
        if value in (None, "", []):
            sheet.write_blank(row, at, None, style)
        elif day is not None:
            sheet.write_datetime(row, at, datetime.combine(day, time()), style)
        elif isinstance(value, int) and not isinstance(value, bool):
            sheet.write_number(row, at, value, style)
        else:
            sheet.write_string(row, at, printable(_plain(value)), style)

    # What stands in the cells

    def _value(self, field: Field) -> object:
        """The answer to a field of a form, in words."""
        value: object = self._document
        for step in field.path:
            value = value.get(str(step)) if isinstance(value, Mapping) else None
        if field.kind == "flow" and self._document:
            stream = str(field.path[-1])
            return self._word("no") if value is None else self._word("yes") if value == stream else value
        return self._word("yes" if value else "no") if isinstance(value, bool) else value

    def _rows(self, part: Sheet) -> list[Mapping[str, object]]:
        if part.name == "focus_map":
            return self._focus_rows()
        given = self._document.get(part.name)
        rows = [row for row in given if isinstance(row, Mapping)] if isinstance(given, Sequence) else []
        return [
            {column.key: self._in_words(column, row.get(column.key)) for column in part.fields}
            for row in rows
        ]

    def _focus_rows(self) -> list[Mapping[str, object]]:
        """Every category that counts in a focus, with the standard and what the round has instead."""
        current = taxonomy(CURRENT)
        own = self._document.get("focus_map")
        own = own if isinstance(own, Mapping) else {}
        return [
            {
                "category": said(category.name, self._language),
                "standard": said(current.foci[category.focus], self._language) if category.focus else "",
                "focus": said(current.foci[own[category.id]], self._language) if category.id in own else "",
            }
            for category in current
            if category.focus or category.id in own
        ]

    def _in_words(self, column: Field, value: object) -> object:
        wording = self._form.choices.get(column.kind, {}).get(str(value))
        if wording is not None:
            return said(wording, self._language)
        register = {"area": "areas", "larger": "larger_areas"}.get(column.kind)
        return self._name_of(register, value) if register and value else value

    def _name_of(self, register: str, code: object) -> object:
        """An area's name where it tells it from all others, else its code."""
        rows = self._document.get(register)
        entries = rows if isinstance(rows, list) else []
        names = [entry["name"] for entry in entries if entry["code"] == code]
        taken = [entry for entry in entries if names and names[0] in (entry["name"], entry["code"])]
        return names[0] if len(names) == 1 and len(taken) == 1 else code

    # Checks in Excel

    def _check(self, sheet: Worksheet, field: Field, first: int, last: int, at: int) -> None:
        tip = said(field.help, self._language)
        check: dict[str, Any] = {
            "validate": "any",
            "input_title": said(field.label, self._language)[:_LONGEST_TIP_TITLE],
            "input_message": tip[:_LONGEST_TIP],
            "error_title": self._word("check")[:_LONGEST_TIP_TITLE],
            "error_message": tip[:_LONGEST_TIP],
            "error_type": "warning",
            **self._rule(field),
        }
        if field.kind not in ("category", "ignored"):
            sheet.data_validation(first, at, last, at, check)

    def _rule(self, field: Field) -> dict[str, Any]:
        if field.kind in ("date", "day"):
            return {
                "validate": "date",
                "criteria": "between",
                "minimum": date(2000, 1, 1),
                "maximum": date(2099, 12, 31),
            }
        if field.kind == "number":
            return {"validate": "integer", "criteria": ">=", "value": 0}
        if field.longest:
            return {"validate": "length", "criteria": "<=", "value": field.longest}
        if field.kind in ("area", "larger"):
            part = next(
                s
                for s in self._form.sheets
                if s.name == {"area": "areas", "larger": "larger_areas"}[field.kind]
            )
            at = letter([column.key for column in part.fields].index("name") + 1)
            named = f"='{said(part.title, self._language)}'!${at}${_TABLE_HEADER + 2}:${at}${LAST_ROW}"
            return {"validate": "list", "source": named}
        choices = self._form.choices.get("flag" if field.kind == "flow" else field.kind, {})
        words = [said(wording, self._language) for wording in choices.values()]
        if words and field.kind != "category" and len(",".join(words)) <= _LONGEST_LIST:
            return {"validate": "list", "source": words}
        return {}

    def _input(self, column: Field) -> Format:
        return self._style(
            {"date": "input_date", "day": "input_date", "number": "input_number"}.get(column.kind, "input")
        )

    def _label(self, field: Field) -> str:
        return said(field.label, self._language) + (" *" if field.needed else "")

    def _word(self, key: str) -> str:
        return said(self._form.words[key], self._language)

    def _style(self, name: str) -> Format:
        if name not in self._styles:
            plain = {"font_name": FONT, "font_size": SIZE, "font_color": INK}
            self._styles[name] = self._book.workbook.add_format({**plain, **_STYLES[name]})
        return self._styles[name]


_ALLOWED = dict.fromkeys(
    ("format_cells", "format_columns", "format_rows", "insert_rows", "delete_rows", "sort", "autofilter"),
    True,
)
"""What the lock of a sheet leaves free; it has no password."""


def _plain(value: object) -> str:
    if isinstance(value, list | tuple):
        return join_words([str(word) for word in value])
    return "" if value is None else str(value)
