"""The working copy: rows for the coordinator, marked as what must not be handed on. Another kind of file than a report.

Rows come from iterators and go straight to the stream: memory does not grow with the number of answers.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, count, islice
from typing import BinaryIO

from xlsxwriter.worksheet import Worksheet

from summary.codebook import Codebook
from summary.exporters.cells import guarded, printable
from summary.exporters.workbook import Book, height
from summary.rows import AnswerRow, PersonRow

WORKING_COPY_VERSION = 1
MOST_ROWS = 1_048_575
"""Of a sheet of Excel, below its header."""
MARKING = "Arbetsmaterial, lämnas inte vidare"
PERSON_COLUMNS = (
    "person",
    "stream",
    "flow",
    "flow_version",
    "channel",
    "language",
    "place_code",
    "started_on",
    "outcome",
    "marked",
)
"""Before one column for each question."""
ANSWER_COLUMNS = (
    "answer",
    "person",
    "stream",
    "question",
    "repeat",
    "text",
    "primary",
    "others",
    "score",
    "rule",
    "confirmed",
    "places",
)
CODEBOOK_COLUMNS = ("list", "code", "label", "part_of")

_EXPLANATION = (
    "Filen innehåller enskilda svar och är till för den som sorterar och granskar dem. Den kan innehålla uppgifter "
    "om personer även om kända personuppgifter är borttagna. Lämna den inte vidare, spara den inte längre än "
    "arbetet kräver och använd rapporten när något ska visas för andra."
)

_Cell = str | int | float | date | None


FORMATS = ("xlsx", "csv", "json", "sav")
"""csv and sav are two files: persons, and their long answers."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What was asked in a question column, for formats that describe their columns."""

    label: str
    lists: tuple[str, ...] = ()
    """Of the codebook, whose codes are answers."""
    is_several: bool = False
    is_open: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkingCopy:
    """What is written. The iterables are read once, persons first."""

    municipality: str
    round: str
    made_on: date
    questions: Sequence[str]
    """Names of the question columns, in order; `PersonRow.answers` is looked up by them."""
    codebook: Codebook
    persons: Iterable[PersonRow]
    answers: Iterable[AnswerRow]
    asked: Mapping[str, Asked] = field(default_factory=dict)
    """By question column."""


def write_xlsx(copy: WorkingCopy, stream: BinaryIO) -> None:
    """Sheets: marking, persons, long answers, codebook."""
    book = Book(stream, title=MARKING, counted_on=copy.made_on, constant_memory=True)
    _write_marking(book, copy)
    header = [*PERSON_COLUMNS, *copy.questions]
    _write_sheet(book, "Personer", header, _persons_cells(copy))
    _write_sheet(book, "Långa svar", ANSWER_COLUMNS, (_answer_cells(row) for row in copy.answers))
    _write_sheet(book, "Kodbok", CODEBOOK_COLUMNS, _codebook_cells(copy.codebook))
    book.close()


def write_persons_csv(copy: WorkingCopy, stream: BinaryIO) -> None:
    """One line for each person. The last column says what kind of file this is."""
    _write_csv(stream, [*PERSON_COLUMNS, *copy.questions], _persons_cells(copy))


def write_answers_csv(copy: WorkingCopy, stream: BinaryIO) -> None:
    """One line for each long answer. The last column says what kind of file this is."""
    _write_csv(stream, ANSWER_COLUMNS, (_answer_cells(row) for row in copy.answers))


def write_json(copy: WorkingCopy, stream: BinaryIO) -> None:
    """One document: version, marking, round, codebook, persons, answers. Rows have the names of the columns."""
    text = io.TextIOWrapper(stream, encoding="utf-8", errors="backslashreplace", newline="\n")
    head = {
        "version": WORKING_COPY_VERSION,
        "marking": MARKING,
        "municipality": copy.municipality,
        "round": copy.round,
        "made_on": copy.made_on.isoformat(),
    }
    text.write(json.dumps(head, ensure_ascii=False)[:-1])
    columns = [*PERSON_COLUMNS, *copy.questions]
    _write_list(text, "codebook", CODEBOOK_COLUMNS, _codebook_cells(copy.codebook))
    _write_list(text, "persons", columns, _persons_cells(copy))
    _write_list(text, "answers", ANSWER_COLUMNS, (_answer_cells(row) for row in copy.answers))
    text.write("}\n")
    text.flush()
    text.detach()


# Rows as cells


def _persons_cells(copy: WorkingCopy) -> Iterator[list[_Cell]]:
    places = {question: place for place, question in enumerate(copy.questions)}
    return (_person_cells(places, row) for row in copy.persons)


def _person_cells(places: Mapping[str, int], row: PersonRow) -> list[_Cell]:
    """Where one note-taker has forty turns, most cells of all others are empty: only the rest is looked at."""
    answers: list[_Cell] = [""] * len(places)
    for question, value in row.answers.items():
        if question in places:
            answers[places[question]] = value
    fixed: list[_Cell] = [
        row.person,
        row.stream.value,
        row.flow,
        row.flow_version,
        row.channel,
        row.language,
        row.place_code,
        row.started_on,
        row.outcome.value,
        int(row.marked),
    ]
    return [*fixed, *answers]


def _answer_cells(row: AnswerRow) -> list[_Cell]:
    return [
        row.answer,
        row.person,
        row.stream.value,
        row.question,
        row.repeat,
        row.text,
        row.primary,
        " ".join(row.others),
        row.score,
        row.rule,
        int(row.confirmed),
        " ".join(row.places),
    ]


def _codebook_cells(codebook: Codebook) -> Iterator[list[_Cell]]:
    for name in codebook.lists():
        for entry in codebook.entries(name):
            yield [name, entry.code, codebook.label(name, entry.code, "sv"), entry.parent]


# Formats


def _write_csv(stream: BinaryIO, header: Sequence[str], rows: Iterable[Sequence[_Cell]]) -> None:
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
    lines = csv.writer(text, delimiter=";", lineterminator="\r\n")
    lines.writerow([*(guarded(name) for name in header), "marking"])
    for row in rows:
        lines.writerow(
            [*[guarded(cell) if cell and isinstance(cell, str) else cell for cell in row], MARKING]
        )
    text.flush()
    text.detach()


def _write_list(
    text: io.TextIOWrapper, name: str, columns: Sequence[str], rows: Iterable[Sequence[_Cell]]
) -> None:
    text.write(f',\n"{name}": [')
    for number, row in enumerate(rows):
        line = {
            column: cell.isoformat() if isinstance(cell, date) else cell
            for column, cell in zip(columns, row, strict=True)
        }
        text.write(("," if number else "") + "\n" + json.dumps(line, ensure_ascii=False))
    text.write("]")


def _write_marking(book: Book, copy: WorkingCopy) -> None:
    sheet = book.sheet("Arbetsmaterial")
    sheet.set_column(0, 0, 90)
    lines = [
        (MARKING, "title", 28.0),
        (f"{copy.municipality} · {copy.round} · {copy.made_on.isoformat()}", "subtitle", 18.0),
        (_EXPLANATION, "box", height(_EXPLANATION, 100) + 12),
    ]
    for row, (text, style, points) in enumerate(lines):
        sheet.set_row(row, points)
        sheet.write_string(row, 0, printable(text), book.style(style))


def _write_sheet(book: Book, name: str, header: Sequence[str], rows: Iterable[Sequence[_Cell]]) -> None:
    """What one sheet of Excel has no room for goes on another: the library would leave it out and say nothing."""
    left = iter(rows)
    some = list(islice(left, 1))
    for number in count(1):
        sheet = _empty_sheet(book, name if number == 1 else f"{name} {number}", header)
        for at, row in enumerate(chain(some, islice(left, MOST_ROWS - 1)), 1):
            for column, cell in enumerate(row):
                _write_cell(sheet, at, column, cell)
        some = list(islice(left, 1))
        if not some:
            return


def _empty_sheet(book: Book, name: str, header: Sequence[str]) -> Worksheet:
    sheet = book.sheet(name, landscape=True)
    sheet.set_header(f"&C&B{MARKING}")
    for column, title in enumerate(header):
        width, style = (
            (60, "text") if title in ("text", "label") else (16, "date" if title.endswith("_on") else "plain")
        )
        sheet.set_column(column, column, width, book.style(style))
        sheet.write_string(0, column, printable(title), book.style("corner"))
    sheet.freeze_panes(1, 1)
    sheet.repeat_rows(0)
    return sheet


def _write_cell(sheet: Worksheet, row: int, column: int, cell: _Cell) -> None:
    """Formats are those of the column: looking them up for each cell takes as long as writing it."""
    if isinstance(cell, str):
        if cell:
            sheet.write_string(row, column, printable(cell))
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, cell)
    elif cell is not None:
        sheet.write_number(row, column, cell)
