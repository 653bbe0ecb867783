"""The report as one long CSV table: a line for each figure, with `;` and a byte order mark as Swedish Excel wants."""

import csv
import io
from collections.abc import Iterator
from typing import BinaryIO

from summary.exporters.cells import guarded
from summary.picture import PictureTable, ProblemPicture, Value

COLUMNS = ("table", "table_title", "row", "row_label", "column", "column_label", "unit", "value", "note")
ABOUT = "about"
"""Table of the texts: title, status, summary, honesty."""

_Line = tuple[str, str, str, str, str, str, str, Value, str]


def write(picture: ProblemPicture, stream: BinaryIO) -> None:
    """UTF-8 with byte order mark, CRLF, figures without separators of thousands, decimals after a comma. Cells that are
    not shown have no line.
    """
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
    lines = csv.writer(text, delimiter=";", lineterminator="\r\n")
    lines.writerow(COLUMNS)
    for line in (*_about(picture), *(line for table in picture.tables for line in _figures(table))):
        lines.writerow([guarded(cell) if isinstance(cell, str) else cell for cell in line])
    text.flush()
    text.detach()


def _about(picture: ProblemPicture) -> Iterator[_Line]:
    texts = {
        "title": picture.title,
        "subtitle": picture.subtitle,
        "status": picture.status,
        "basis": picture.basis,
        "demonstration": picture.demonstration,
        **{f"summary_{number}": text for number, text in enumerate(picture.summary, 1)},
        **{f"problem_{number}": f"{p.heading}. {p.text}" for number, p in enumerate(picture.problems, 1)},
        "honesty": picture.honesty,
        **{f"method_{number}": f"{p.heading}: {p.text}" for number, p in enumerate(picture.method, 1)},
    }
    for row, text in texts.items():
        if text:
            yield (ABOUT, "", row, "", "text", "", "words", text, "")


def _figures(table: PictureTable) -> Iterator[_Line]:
    for row in table.rows:
        for column, value in zip(table.columns, row.values, strict=True):
            if value is not None:
                names = (table.code, table.title, row.code, row.label, column.code, column.heading)
                yield (*names, column.unit.value, _written(value), table.note)


def _written(value: Value) -> Value:
    """Decimals after a comma: the program that reads `;` makes dates of figures with a point."""
    return str(value).replace(".", ",") if isinstance(value, float) else value
