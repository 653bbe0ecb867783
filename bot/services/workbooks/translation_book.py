"""The texts of a flow as a workbook for a translator: out with the status of each, and back."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, BinaryIO

from bot.services.workbooks.cells import found, read_cell
from bot.services.workbooks.faults import Cell, Fault, NotAWorkbookError, fault
from bot.services.workbooks.opening import Grid, Limits, letter, open_workbook
from flows.documents import Severity
from flows.translations import Status, Text
from flows.xlsform import language_code, language_name
from summary.exporters.cells import printable
from summary.exporters.workbook import FONT, INK, LINE, MUTED, RESIDENTS, SIZE, Book, height

LIMITS = Limits(rows=10_000, columns=60)
LANGUAGE = "en"
"""Of what is said about the workbook, as of flows."""
PLACE = "text"
_HEADINGS = ("status", "signed off by", "signed on")
_PLACEHOLDER = re.compile(r"\[[A-ZÅÄÖ]+\]")
_WIDTHS = (34, 60, 60, 14, 20, 12)
_RIGHT_TO_LEFT = frozenset({"ar", "fa", "ku", "ps", "ur", "he", "yi", "dv"})
_FILL = {Status.MISSING: "#FBE9E7", Status.CHANGED: "#FFF3D6", Status.DRAFT: "#FFF8DC"}
_CELL: Mapping[str, Any] = {
    "font_name": FONT,
    "font_size": SIZE,
    "font_color": INK,
    "text_wrap": True,
    "valign": "top",
    "bottom": 1,
    "bottom_color": LINE,
    "num_format": "@",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadTranslation:
    """`texts` are source and translation by place, of rows that hold a translation."""

    language: str
    texts: Mapping[str, tuple[str, str]]
    faults: tuple[Fault, ...]


def write_translation(
    texts: Sequence[Text], stream: BinaryIO, *, source: str, language: str, title: str, made_on: date
) -> None:
    """One row a text: where it stands, the source, the translation to write, and how far it has come."""
    book = Book(stream, title=title, counted_on=made_on)
    page = book.sheet(language_name(language), landscape=True)
    heading = book.workbook.add_format(
        {**_CELL, "bold": True, "font_color": "#FFFFFF", "bg_color": RESIDENTS, "text_wrap": True}
    )
    plain = book.workbook.add_format(_CELL)
    muted = book.workbook.add_format({**_CELL, "font_color": MUTED})
    headings = (PLACE, language_name(source), language_name(language), *_HEADINGS)
    for at, (name, width) in enumerate(zip(headings, _WIDTHS, strict=True)):
        page.set_column(at, at, width)
        page.write_string(0, at, name, heading)
    order = {"reading_order": 2} if language.split("-")[0] in _RIGHT_TO_LEFT else {}
    inputs = {
        status: book.workbook.add_format({**_CELL, **order, "bg_color": _FILL.get(status, "#FFFFFF")})
        for status in Status
    }
    for row, text in enumerate(texts, 1):
        page.write_string(row, 0, text.place, muted)
        page.write_string(row, 1, printable(text.source), plain)
        page.write_string(row, 2, printable(text.text), inputs[text.status])
        for at, words in enumerate((text.status.value, text.by, text.on), 3):
            page.write_string(row, at, printable(words), muted)
        page.set_row(row, max(height(text.source, _WIDTHS[1]), height(text.text, _WIDTHS[2])) + 2)
    page.freeze_panes(1, 1)
    page.ignore_errors({"number_stored_as_text": f"A1:F{len(texts) + 1}"})
    book.close()


def read_translation(data: bytes, source: str) -> ReadTranslation:
    """What a translator has written beside the texts of the language `source`, and every fault.

    Raises NotAWorkbookError for a file that is something else.
    """
    for grid in open_workbook(data, LANGUAGE, LIMITS):
        header = _header(grid, source)
        if header is not None:
            return _read(grid, *header)
    raise NotAWorkbookError("not_a_translation", LANGUAGE)


def _header(grid: Grid, source: str) -> tuple[int, dict[str, int], str] | None:
    """Row of the headings, column of the place and of both languages, and the code of the one translated to."""
    for number, row in grid.rows():
        at = {found(value).strip().lower(): column for column, value in row.items()}
        codes = {language_code(found(value)): column for column, value in sorted(row.items(), reverse=True)}
        others = [code for code in codes if code not in (None, source)]
        if PLACE in at and source in codes and len(others) == 1 and others[0] is not None:
            columns = {PLACE: at[PLACE], "source": codes[source], "translation": codes[others[0]]}
            return number, columns, others[0]
    return None


def _read(grid: Grid, header: int, columns: Mapping[str, int], language: str) -> ReadTranslation:
    texts: dict[str, tuple[str, str]] = {}
    faults = [*_too_many(grid)]
    for number, row in grid.rows():
        if number <= header:
            continue
        cells = {
            name: Cell(sheet=grid.name, row=number, letter=letter(at), column=name, found=found(row.get(at)))
            for name, at in columns.items()
        }
        damaged = {name: read_cell("text", row[at]).fault for name, at in columns.items() if at in row}
        faults += [fault(code, cells[name], LANGUAGE) for name, code in damaged.items() if code]
        place, source, text = (unicodedata.normalize("NFC", cell.found).strip() for cell in cells.values())
        if place in texts:
            faults.append(fault("text_twice", cells[PLACE], LANGUAGE))
        elif place and text:
            texts[place] = (source, text)
            faults += _lost(source, text, cells["translation"])
    return ReadTranslation(language=language, texts=texts, faults=tuple(faults))


def _lost(source: str, text: str, cell: Cell) -> Iterator[Fault]:
    """Placeholders that the round fills in the source, and that the translation has not."""
    for name in sorted({*_PLACEHOLDER.findall(source)} - {*_PLACEHOLDER.findall(text)}):
        yield fault("placeholder_lost", cell, LANGUAGE, severity=Severity.WARNING, name=name)


def _too_many(grid: Grid) -> Iterator[Fault]:
    if grid.too_many:
        most = LIMITS.rows if grid.too_many == "rows" else LIMITS.columns
        yield fault(f"too_many_{grid.too_many}", Cell(sheet=grid.name), LANGUAGE, most=most)
