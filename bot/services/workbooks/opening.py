"""A file that says it is a workbook, opened with care: what cannot be one, or would eat the memory, is refused.

Alone here reads files with openpyxl. Out come grids of plain values; no formula is computed.
"""

import io
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.services.workbooks.faults import NotAWorkbookError

Value = str | int | float | bool | date | datetime | time | timedelta | None

_MEGABYTE = 1_000_000
_OLE, _ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"
_MOST_PARTS = 500
_CHUNK = 65_536


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """Of a workbook: bytes packed and unpacked, rows and columns of a sheet."""

    packed: int = 4 * _MEGABYTE
    unpacked: int = 20 * _MEGABYTE
    rows: int = 2_000
    columns: int = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class Formula:
    """A cell with a formula, or with what Excel shows where one failed."""

    text: str
    is_error: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Grid:
    """The cells of a sheet that hold something, by row and column from 1; hidden ones too. Merged cells are filled."""

    name: str
    cells: Mapping[tuple[int, int], Value | Formula]
    too_many: str = ""
    """``rows`` or ``columns`` where something stands outside the limits."""

    def rows(self) -> Iterator[tuple[int, Mapping[int, Value | Formula]]]:
        """Rows that hold something, in order: number, and values by column."""
        found: dict[int, dict[int, Value | Formula]] = {}
        for (row, column), value in sorted(self.cells.items()):
            found.setdefault(row, {})[column] = value
        yield from found.items()


def open_workbook(data: bytes, language: str, limits: Limits) -> tuple[Grid, ...]:
    """The sheets of a workbook in their order. Raises NotAWorkbookError with a sentence for the person who sent it."""
    from openpyxl import (
        load_workbook,
    )  # not at import: with what it loads 10 MiB, and most who read cells open none

    _check_kind(data, language, limits)
    _check_parts(data, language, limits)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # of what openpyxl leaves out: pictures, drop-downs of newer kinds
            book = load_workbook(io.BytesIO(data), data_only=False, keep_links=False)
            has_formulas = any(c.data_type == "f" for sheet in book.worksheets for c in sheet._cells.values())
            computed = (
                load_workbook(io.BytesIO(data), data_only=True, keep_links=False) if has_formulas else book
            )
    except Exception as error:  # a damaged file raises whatever the part that is broken brings about
        raise NotAWorkbookError("damaged", language) from error
    return tuple(
        _grid(sheet, computed[sheet.title], limits)
        for sheet in book.worksheets  # sheets that are charts only are left out
    )


def letter(column: int) -> str:
    """A column's letter in Excel: 1 is A."""
    from openpyxl.utils import get_column_letter

    return str(get_column_letter(column))


def _check_kind(data: bytes, language: str, limits: Limits) -> None:
    if not data:
        raise NotAWorkbookError("empty_file", language)
    if len(data) > limits.packed:
        size, most = f"{len(data) / _MEGABYTE:.0f}", f"{limits.packed / _MEGABYTE:.0f}"
        raise NotAWorkbookError("too_large", language, size=size, most=most)
    if data.startswith(_OLE):
        is_encrypted = "EncryptedPackage".encode("utf-16-le") in data
        raise NotAWorkbookError("encrypted" if is_encrypted else "old_excel", language)
    if not data.startswith(_ZIP):
        raise NotAWorkbookError("not_a_workbook", language)


def _check_parts(data: bytes, language: str, limits: Limits) -> None:
    """Unpacks once, throwing away, so that what lies about its size is found before anything reads it."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            names = set(packed.namelist())
            _check_names(packed, names, language)
            left = limits.unpacked
            for part in packed.infolist():
                left -= _unpacked_size(packed, part, left, language)
                if left < 0:
                    most = f"{limits.unpacked / _MEGABYTE:.0f}"
                    raise NotAWorkbookError("unpacked_too_large", language, most=most)
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as error:
        raise NotAWorkbookError("damaged", language) from error
    except Exception as error:
        if isinstance(error, NotAWorkbookError):
            raise
        raise NotAWorkbookError("damaged", language) from error  # zlib.error and its like


def _check_names(packed: zipfile.ZipFile, names: set[str], language: str) -> None:
    if "mimetype" in names:
        with packed.open("mimetype") as stream:
            if b"opendocument" in stream.read(100):
                raise NotAWorkbookError("open_document", language)
    if "xl/vbaProject.bin" in names:
        raise NotAWorkbookError("macros", language)
    if "xl/workbook.xml" not in names or len(names) > _MOST_PARTS:
        raise NotAWorkbookError("not_a_workbook", language)


def _unpacked_size(packed: zipfile.ZipFile, part: zipfile.ZipInfo, most: int, language: str) -> int:
    size = 0
    with packed.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            if size == 0 and (b"<!DOCTYPE" in chunk or "<!DOCTYPE".encode("utf-16-le") in chunk):
                raise NotAWorkbookError("damaged", language)  # no workbook declares entities
            size += len(chunk)
            if size > most:
                return size
    return size


def _grid(sheet: Any, computed: Any, limits: Limits) -> Grid:
    cells: dict[tuple[int, int], Value | Formula] = {}
    too_many = ""
    for cell in list(
        sheet._cells.values()
    ):  # what is there: one far corner makes iter_rows walk a thousand million
        value = _value(cell, computed)
        if value is None:
            continue
        if cell.row > limits.rows or cell.column > limits.columns:
            too_many = "rows" if cell.row > limits.rows else "columns"
            continue
        cells[cell.row, cell.column] = value
    for merged in sheet.merged_cells.ranges:
        first = cells.get((merged.min_row, merged.min_col))
        for number in (
            range(merged.min_row, min(merged.max_row, limits.rows) + 1) if first is not None else ()
        ):
            cells[number, merged.min_col] = first
    return Grid(name=str(sheet.title), cells=cells, too_many=too_many)


def _value(cell: Any, computed: Any) -> Value | Formula:
    value = cell.value
    if cell.data_type == "e":
        return Formula(text=str(value), is_error=True)
    if cell.data_type == "f":
        cached = computed.cell(cell.row, cell.column)
        if cached.value is None or cached.data_type == "e":
            is_error = cached.value is not None
            return Formula(
                text=str(cached.value if is_error else getattr(value, "text", value)), is_error=is_error
            )
        value = cached.value
    if isinstance(value, str):
        return value if value.strip() else None
    return value if isinstance(value, int | float | date | time | timedelta) else None
