"""A flow's workbook (XLSForm) as the document that the checks take: the same rules as for a flow in YAML."""

import unicodedata
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from bot.services.workbooks.cells import found, read_cell, split_as_written
from bot.services.workbooks.faults import Cell as FoundCell
from bot.services.workbooks.faults import Fault, NotAWorkbookError, fault
from bot.services.workbooks.opening import Formula, Grid, Limits, Value, letter, open_workbook
from flows import xlsform_reading as xlsform
from flows.catalogue import LoadedDocument
from flows.documents import Problem

LIMITS = Limits(rows=5_000, columns=250)
LANGUAGE = "en"
"""Of what is said about a flow, as in ``lyhord flow check``."""


def load_workbook_flow(data: bytes, filename: str) -> LoadedDocument:
    """The document in the workbook, with the cell of everything in it. Never raises for what the file is."""
    try:
        grids = open_workbook(data, LANGUAGE, LIMITS)
    except NotAWorkbookError as error:
        return LoadedDocument({}, {(): filename}, (_problem(error.fault, filename),))
    sheets: dict[str, xlsform.Sheet] = {}
    problems: list[Problem] = []
    for grid in grids:
        name = xlsform.sheet_named(grid.name)
        if name is None:
            continue
        if name in sheets:
            twice = fault("sheet_twice", None, LANGUAGE, first=name, second=grid.name)
            problems.append(_problem(twice, filename))
            continue
        sheets[name] = _sheet(grid, problems)
    read = xlsform.read_sheets(sheets, filename, split_as_written)
    return LoadedDocument(read.document, read.places, (*problems, *read.problems))


def _sheet(grid: Grid, problems: list[Problem]) -> xlsform.Sheet:
    """The first row that holds something is that of the headings."""
    if grid.too_many:
        most = LIMITS.rows if grid.too_many == "rows" else LIMITS.columns
        too_many = fault(f"too_many_{grid.too_many}", FoundCell(sheet=grid.name), LANGUAGE, most=most)
        problems.append(_problem(too_many))
    rows = [*_rows(grid, problems)]
    headings = rows[0].cells if rows else {}
    return xlsform.Sheet(grid.name, headings, tuple(row for row in rows[1:] if row.cells))


def _rows(grid: Grid, problems: list[Problem]) -> Iterator[xlsform.Row]:
    for number, values in grid.rows():
        cells: dict[int, xlsform.Cell] = {}
        for at, value in values.items():
            cell = FoundCell(sheet=grid.name, row=number, letter=letter(at), found=found(value))
            code = _damage(value)
            if code:
                problems.append(_problem(fault(code, cell, LANGUAGE)))
            text = unicodedata.normalize("NFC", _text(value)).replace("\r\n", "\n").strip()
            if text:
                cells[at] = xlsform.Cell(text, f"{grid.name}, row {number}, column {letter(at)}")
        yield xlsform.Row(f"{grid.name}, row {number}", cells)


def _damage(value: Value | Formula) -> str:
    """Code of what Excel has done to the cell, or ""."""
    return read_cell("text", value).fault


def _text(value: Value | Formula) -> str:
    """The cell as its author sees it. Unlike in a round's workbook nothing is tidied: a text goes out as written."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, Formula | datetime | date | time | timedelta):
        return ""
    return found(value)


def _problem(one: Fault, where: str = "") -> Problem:
    at = (
        f"{one.cell.sheet}, row {one.cell.row}, column {one.cell.letter}" if one.cell and one.cell.row else ""
    )
    return Problem(
        code=one.code,
        where=at or where or one.where(LANGUAGE),
        message=one.message.removesuffix("."),
        advice=one.advice,
        severity=one.severity,
    )
