"""A flow as a workbook to work in with Excel, which is an XLSForm; flow_reading makes the same document of it."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, BinaryIO

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from bot.services.errors import Refused
from bot.services.workbooks.cells import join_words
from bot.services.workbooks.form import Wording, said
from flows.catalogue import load_document_text
from flows.xlsform import columns_of, read_heading
from flows.xlsform_writing import Sheet, write_sheets
from summary.exporters.cells import LONGEST_CELL
from summary.exporters.workbook import FONT, INK, LINE, MUTED, RESIDENTS, SIZE, Book, height

_EMPTY_ROWS = 200
"""Rows below those that are written, in which drop-downs help too."""
_WIDTHS = {"type": 26, "name": 20, "list_name": 18, "key": 6, "relevant": 34, "constraint": 24}
_WIDE, _NARROW = 44, 16
_CHOICES = {"required": ["no"], "exclusive": ["yes"], "appearance": ["likert"], "code_with": ["tax-1"]}
_LONGEST_TIP, _LONGEST_TIP_TITLE = 255, 32
_CELL: Mapping[str, Any] = {
    "font_name": FONT,
    "font_size": SIZE,
    "font_color": INK,
    "text_wrap": True,
    "valign": "top",
    "num_format": "@",
}
_HEADING: Mapping[str, Any] = {**_CELL, "bold": True, "font_color": "#FFFFFF", "bg_color": RESIDENTS}


def write_flow(document: Mapping[str, Any], stream: BinaryIO, *, made_on: date, language: str = "sv") -> None:
    """Write `document` (as serialise makes it, without errors). Raises Refused for a text that no cell holds."""
    sheets = write_sheets(document, join_words)
    longest = max((len(text) for sheet in sheets for row in sheet.rows for text in row.values()), default=0)
    if longest > LONGEST_CELL:
        raise Refused(f"a text has {longest} characters; a cell of Excel holds {LONGEST_CELL}")
    book = Book(stream, title=str(document["settings"]["form_id"]), counted_on=made_on)
    text = book.workbook.add_format({**_CELL, "bottom": 1, "bottom_color": LINE})
    heading = book.workbook.add_format(_HEADING)
    for sheet in sheets:
        _write_sheet(book, sheet, text, heading, language)
    _write_help(book, language)
    book.close()


def _write_sheet(book: Book, sheet: Sheet, text: Format, heading: Format, language: str) -> None:
    page = book.sheet(sheet.name, landscape=True)
    page.set_row(0, 30)
    for at, name in enumerate(sheet.headings):
        column = read_heading(name, sheet.name).column
        page.write_string(0, at, name, heading)
        page.set_column(at, at, _width(name), text)
        _help_in_cells(page, at, len(sheet.rows), column, said(_columns(sheet.name)[column], language))
    for number, row in enumerate(sheet.rows, 1):
        tallest = 0.0
        for at, name in enumerate(sheet.headings):
            if name in row:
                page.write_string(number, at, row[name], text)
                tallest = max(tallest, height(row[name], _width(name)))
        page.set_row(number, tallest + 2)
    page.freeze_panes(1, 2)
    page.ignore_errors({"number_stored_as_text": f"A1:XFD{len(sheet.rows) + _EMPTY_ROWS}"})


def _width(heading: str) -> int:
    is_text = "::" in heading or heading.startswith(("sms_", "synonyms_", "title_"))
    return _WIDE if is_text else _WIDTHS.get(heading, _NARROW)


def _help_in_cells(page: Worksheet, at: int, rows: int, column: str, tip: str) -> None:
    """What the column is for, beside the cell that one stands in; a drop-down where little can be chosen."""
    choices = _CHOICES.get(column)
    check: dict[str, Any] = {"validate": "list", "source": choices} if choices else {"validate": "any"}
    check |= {"input_title": column[:_LONGEST_TIP_TITLE], "input_message": tip[:_LONGEST_TIP]}
    page.data_validation(1, at, rows + _EMPTY_ROWS, at, {**check, "error_type": "warning"})


def _write_help(book: Book, language: str) -> None:
    """What to do, and what each column is for."""
    words = _part("words")
    page = book.sheet(said(words["sheet"], language))
    page.set_column(0, 0, 12)
    page.set_column(1, 1, 20)
    page.set_column(2, 2, 78)
    page.write_string(0, 0, said(words["title"], language), book.style("title"))
    row = 2
    for instruction in _document()["instructions"]:
        sentence = said(instruction, language)
        page.merge_range(row, 0, row, 2, sentence, book.style("text"))
        page.set_row(row, height(sentence, 110) + 4)
        row += 1
    muted = book.workbook.add_format({**_CELL, "font_color": MUTED})
    for name in ("survey", "choices", "settings"):
        row += 1
        page.write_string(row, 0, name, book.style("heading"))
        page.write_string(row, 1, said(words["column"], language), book.style("heading"))
        page.write_string(row, 2, said(words["meaning"], language), book.style("heading"))
        for column in columns_of(name):
            row += 1
            meaning = said(_columns(name)[column], language)
            page.write_string(row, 1, column, book.style("strong"))
            page.write_string(row, 2, meaning, muted)
            page.set_row(row, height(meaning, 84) + 2)
        row += 1


def _columns(sheet: str) -> Mapping[str, Wording]:
    columns: Mapping[str, Wording] = _part("columns")[sheet]
    return columns


def _part(name: str) -> Mapping[str, Any]:
    part: Mapping[str, Any] = _document()[name]
    return part


@cache
def _document() -> Mapping[str, Any]:
    raw = files("bot.services.workbooks").joinpath("flow_form.yaml").read_bytes()
    return load_document_text(raw, "flow_form.yaml").document
