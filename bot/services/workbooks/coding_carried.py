"""Rows of a checked workbook as a form carries them from the check to the confirmation, without any text."""

import re
from collections.abc import Iterable

from bot.services.workbooks.coding_reading import CodingRow
from bot.services.workbooks.faults import Cell

_ROW = re.compile(r"(\d{1,7}) (\d{1,19}) (\d{1,9}) ([01])((?: [a-z_]{1,40}){1,4})")


def packed(rows: Iterable[CodingRow]) -> str:
    """``row answer version right categories`` for each, with semicolons between."""
    return ";".join(
        f"{row.cell.row} {row.answer_id} {row.version} {row.is_right:d} {' '.join(row.categories)}"
        for row in rows
    )


def unpacked(text: str) -> tuple[CodingRow, ...]:
    """Raises ValueError for what was not packed here."""
    return tuple(_row(part) for part in text.split(";") if part)


def _row(part: str) -> CodingRow:
    found = _ROW.fullmatch(part)
    if found is None or int(found[2]) >= 2**63:
        raise ValueError("no row of a checked workbook")
    return CodingRow(
        cell=Cell(sheet="", row=int(found[1])),
        answer_id=int(found[2]),
        version=int(found[3]),
        categories=tuple(found[5].split()),
        is_right=found[4] == "1",
    )
