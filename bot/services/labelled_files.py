"""Labelled rows in tab-separated files: read with errors that say what to do, written with what was read."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TextIO

Row = Mapping[str, str]


class BadTableError(ValueError):
    """The file is not the table asked for. The message names file, line and column, and what to do."""


def read_tsv(path: Path, required: Sequence[str]) -> tuple[dict[str, str], ...]:
    """The rows of the file by column name, in order; blank lines are passed over.

    UTF-8, with or without byte order mark; quotation marks are letters like any other. Raises BadTableError.
    """
    lines = _decoded(path).replace("\r\n", "\n").split("\n")
    columns = lines[0].split("\t")
    _check_columns(path, columns, required)
    return tuple(
        _row(path, number, line, columns) for number, line in enumerate(lines[1:], 2) if line.strip()
    )


def write_predictions(stream: TextIO, rows: Sequence[Row], predicted: Sequence[Mapping[str, str]]) -> None:
    """The rows, each with its predicted columns: those it has already are replaced, others added last."""
    header: dict[str, None] = dict.fromkeys(column for row in [*rows[:1], *predicted[:1]] for column in row)
    stream.write(_line(header))
    for row, values in zip(rows, predicted, strict=True):
        joined = {**row, **values}
        stream.write(_line(joined[column] for column in header))


def _decoded(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise BadTableError(f"{path}: cannot be read ({error.strerror}).") from error
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise BadTableError(_not_utf8(path, line, raw)) from error
    if not text.strip():
        raise BadTableError(f"{path}: is empty. The first line must name the columns, separated by tabs.")
    return text


def _not_utf8(path: Path, line: int, raw: bytes) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return f"{path}: is UTF-16 (in Excel: Unicode text). Save it as UTF-8 with tabs between the columns."
    return (
        f"{path}, line {line}: is not UTF-8, probably Windows-1252 (from Excel or an older editor). "
        "Save it as UTF-8 (in Excel: CSV UTF-8, then tabs instead of commas)."
    )


def _check_columns(path: Path, columns: Sequence[str], required: Sequence[str]) -> None:
    missing = [column for column in required if column not in columns]
    if missing:
        advice = "Put tabs between the columns" if len(columns) == 1 else f"It has {', '.join(columns)}"
        raise BadTableError(
            f"{path}, line 1: lacks the column {', '.join(missing)}. {advice}; names as written here."
        )
    twice = sorted({column for column in columns if columns.count(column) > 1})
    if twice:
        raise BadTableError(f"{path}, line 1: has the column {twice[0]} twice. Take one of them away.")


def _row(path: Path, number: int, line: str, columns: Sequence[str]) -> dict[str, str]:
    fields = line.split("\t")
    if len(fields) > len(columns):
        raise BadTableError(
            f"{path}, line {number}: has {len(fields)} fields where there are {len(columns)} columns. "
            f"Take away the tab inside a text (after column {columns[-1]} nothing may follow)."
        )
    if len(fields) < len(columns):
        raise BadTableError(
            f"{path}, line {number}: ends before the column {columns[len(fields)]}. "
            "Add the missing field, or the tab for an empty one."
        )
    return dict(zip(columns, fields, strict=True))


def _line(fields: Iterable[str]) -> str:
    return "\t".join(fields) + "\n"
