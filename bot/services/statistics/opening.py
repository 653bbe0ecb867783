"""A file of statistics opened with care: as text or as a workbook it becomes rows of text, or is refused by a sentence.

What a file is follows from its first bytes; a name that says otherwise is refused rather than overlooked.
"""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.services.workbooks.cells import found, tidy
from bot.services.workbooks.faults import Cell, NotAWorkbookError
from bot.services.workbooks.opening import Formula, Grid, Limits, letter, open_workbook

LIMITS = Limits(rows=5_000, columns=150)
"""Of a file of statistics: 4 MB, 20 MB unpacked."""
_LONGEST_LINE = 20_000
_LONGEST_CELL = 500
_SNIFFED_LINES = 200
_DELIMITERS = (";", "\t", ",", "|")
_TEXT_SUFFIXES = frozenset({".csv", ".tsv", ".txt"})
_WORKBOOK_SUFFIXES = frozenset({".xlsx", ".xlsm", ".xls", ".ods"})
_BINARY = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenedTable:
    """The cells of one table as text, by row and column from 1; empty ones are not there."""

    rows: Mapping[int, Mapping[int, str]]
    sheet: str = ""
    """Empty where the file is text."""
    encoding: str = ""
    delimiter: str = ""
    other_sheets: tuple[str, ...] = ()

    def cell(self, row: int, column: int = 0, heading: str = "", text: str = "") -> Cell:
        """The place in the file, for a sentence about it."""
        return Cell(
            sheet=self.sheet,
            row=row,
            column=heading,
            letter=letter(column) if column else "",
            found=text or self.rows.get(row, {}).get(column, ""),
        )


def open_table(data: bytes, suffix: str, language: str, sheet: str = "") -> OpenedTable:
    """The table of a CSV file or a workbook. Raises NotAWorkbookError with a sentence, by row and column where one is
    to blame. `suffix` is the ending of the file's name, with its point.
    """
    if not data:
        raise NotAWorkbookError("empty_file", language)
    is_binary = data.startswith(_BINARY)
    if suffix.lower() not in (_WORKBOOK_SUFFIXES if is_binary else _TEXT_SUFFIXES):
        code = "wrong_suffix" if suffix.lower() in _WORKBOOK_SUFFIXES | _TEXT_SUFFIXES else "unknown_suffix"
        raise NotAWorkbookError(code, language, suffix=suffix or "–")
    return _of_workbook(data, language, sheet) if is_binary else _of_text(data, language)


def refused(
    code: str, language: str, table: OpenedTable | None, row: int, column: int = 0, **values: str
) -> NotAWorkbookError:
    """A refusal that names the cell it is about."""
    cell = (table or OpenedTable(rows={})).cell(row, column, text=values.pop("found", ""))
    return NotAWorkbookError(code, language, cell=cell, **values)


# Text


def _of_text(data: bytes, language: str) -> OpenedTable:
    if len(data) > LIMITS.packed:
        size, most = f"{len(data) / 1e6:.0f}", f"{LIMITS.packed / 1e6:.0f}"
        raise NotAWorkbookError("too_large", language, size=size, most=most)
    text, encoding = _decoded(data, language)
    lines = text.splitlines()
    for number, line in enumerate(lines, 1):
        if len(line) > _LONGEST_LINE:
            raise refused("line_too_long", language, None, number, most=str(_LONGEST_LINE))
    delimiter = _sniffed(lines)
    return OpenedTable(rows=dict(_parsed(text, delimiter, language)), encoding=encoding, delimiter=delimiter)


def _decoded(data: bytes, language: str) -> tuple[str, str]:
    """UTF-16 only where it says so itself; else UTF-8, and what cannot be that is Windows-1252."""
    if data.startswith(_UTF_16):
        encodings = ["utf-16"]
    elif b"\x00" in data:
        raise refused("not_text", language, None, data[: data.index(b"\x00")].count(b"\n") + 1)
    else:
        encodings = ["utf-8-sig" if data.startswith(codecs.BOM_UTF8) else "utf-8", "cp1252"]
    for encoding in encodings:
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError as error:
            row = data[: error.start].count(b"\n") + 1
    raise refused("not_text", language, None, row)


def _sniffed(lines: list[str]) -> str:
    """The delimiter that cuts most lines into equally many cells; among equals the first, since a comma is a decimal
    mark too.
    """

    def agreement(delimiter: str) -> tuple[int, int]:
        widths = Counter(len(row) for row in _rows(lines[:_SNIFFED_LINES], delimiter) if len(row) > 1)
        width, count = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
        return count, width

    best = max(_DELIMITERS, key=agreement)  # max keeps the first of equals
    return best if agreement(best) != (0, 0) else ";"


def _rows(lines: list[str], delimiter: str) -> list[list[str]]:
    try:
        return list(csv.reader(lines, delimiter=delimiter))
    except csv.Error:
        return []


def _parsed(text: str, delimiter: str, language: str) -> Iterator[tuple[int, Mapping[int, str]]]:
    """Rows by the number of the line on which they begin, without what nobody sees."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    begins = 1
    try:
        for count, row in enumerate(reader, 1):
            if count > LIMITS.rows:
                raise NotAWorkbookError("too_many_rows", language, most=str(LIMITS.rows))
            if len(row) > LIMITS.columns:
                raise refused("too_many_columns", language, None, begins, most=str(LIMITS.columns))
            cells = {at: tidy(cell)[:_LONGEST_CELL] for at, cell in enumerate(row, 1)}
            if cells := {at: cell for at, cell in cells.items() if cell}:
                yield begins, cells
            begins = reader.line_num + 1
    except csv.Error as error:
        raise refused("quotes_open", language, None, begins) from error


# Workbooks


def _of_workbook(data: bytes, language: str, wanted: str) -> OpenedTable:
    grids = [grid for grid in open_workbook(data, language, LIMITS) if grid.cells]
    names = tuple(grid.name for grid in grids)
    if wanted and wanted not in names:
        raise NotAWorkbookError("sheet_unknown", language, sheet=wanted, names=", ".join(names) or "–")
    grid = next((g for g in grids if g.name == wanted), None) or max(grids, key=_figures, default=None)
    if grid is None:
        raise NotAWorkbookError("empty_file", language)
    if grid.too_many:
        most = LIMITS.rows if grid.too_many == "rows" else LIMITS.columns
        raise NotAWorkbookError(f"too_many_{grid.too_many}", language, most=str(most))
    rows = {number: dict(_texts(grid, number, row, language)) for number, row in grid.rows()}
    others = tuple(name for name in names if name != grid.name)
    return OpenedTable(rows=rows, sheet=grid.name, other_sheets=others)


def _figures(grid: Grid) -> int:
    return sum(isinstance(value, int | float) for value in grid.cells.values())


def _texts(grid: Grid, number: int, row: Mapping[int, object], language: str) -> Iterator[tuple[int, str]]:
    """A formula counts with the value that Excel has computed; without one the cell says nothing and is refused."""
    for column, value in row.items():
        if isinstance(value, Formula):
            code = "cell_error" if value.is_error else "formula_without_value"
            table = OpenedTable(rows={}, sheet=grid.name)
            raise refused(code, language, table, number, column, found=value.text)
        text = tidy(found(value))[:_LONGEST_CELL]  # type: ignore[arg-type]
        if text:
            yield column, _decimal(value) if isinstance(value, float) and not value.is_integer() else text


def _decimal(value: float) -> str:
    """With a decimal comma, and never with just three decimals, which could be thousands."""
    whole, _, decimals = f"{value:.10f}".partition(".")
    kept = decimals.rstrip("0") or "0"
    return f"{whole},{kept}0" if len(kept) == 3 else f"{whole},{kept}"
