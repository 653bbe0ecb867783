"""Answers and what they are about, as a workbook to correct: a working copy, marked, with drop-downs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, BinaryIO

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from bot.services.decisions import AnswerToCode, CodingList, Decision, category_names
from bot.services.workbooks.coding_form import (
    CATEGORY_COLUMNS,
    COLUMNS,
    category_definitions,
    coding_words,
    instructions,
)
from bot.services.workbooks.opening import letter
from summary.exporters.cells import printable
from summary.exporters.workbook import FONT, INK, LINE, MUTED, RESIDENTS, SIZE, Book, height

INPUT = "#FFF8DC"
_WIDTHS: Mapping[str, int] = {
    "text": 60,
    **dict.fromkeys(CATEGORY_COLUMNS, 32),
    "right": 10,
    "sensitive": 15,
    "question": 38,
    "area": 18,
    "suggested": 50,
    "score": 10,
    "rule": 50,
    "author": 18,
    "decided": 12,
    "answer": 22,
    "version": 9,
}
_WRAPPED: Mapping[str, Any] = {"text_wrap": True, "align": "left", "indent": 1, "valign": "top"}
_LINED: Mapping[str, Any] = {**_WRAPPED, "bottom": 1, "bottom_color": LINE}
_STYLES: Mapping[str, Mapping[str, Any]] = {
    "heading": {
        **_WRAPPED,
        "bold": True,
        "font_color": "#FFFFFF",
        "bg_color": RESIDENTS,
        "valign": "vcenter",
    },
    "fixed": {**_LINED, "num_format": "@"},
    "muted": {**_LINED, "num_format": "@", "font_color": MUTED},
    "figure": {**_LINED, "num_format": "0.00", "font_color": MUTED},
    "input": {
        **_WRAPPED,
        "bg_color": INPUT,
        "border": 1,
        "border_color": LINE,
        "locked": False,
        "num_format": "@",
    },
    "waits": {**_LINED, "bold": True, "font_color": "#8A1C1C"},
}
_ALLOWED = dict.fromkeys(("format_cells", "format_columns", "format_rows", "autofilter", "sort"), True)


@dataclass(frozen=True, kw_only=True, slots=True)
class CodingBook:
    """What is written; texts are redacted."""

    municipality: str
    round: str
    made_on: date
    answers: CodingList


def write_codings(copy: CodingBook, stream: BinaryIO, *, language: str = "sv") -> None:
    """Sheets: marking and instructions, answers, categories."""
    words = coding_words("words", language)
    book = Book(stream, title=words["title"], counted_on=copy.made_on)
    styles = _styles(book)
    _write_first(book, copy, language)
    _write_answers(book, styles, copy, language)
    _write_categories(book, styles, language)
    book.close()


def _write_first(book: Book, copy: CodingBook, language: str) -> None:
    words = coding_words("words", language)
    sheet = book.sheet(words["first"])
    sheet.set_column(0, 0, 4)
    sheet.set_column(1, 1, 96)
    sheet.set_row(0, 30)
    sheet.write_string(0, 0, words["title"], book.style("title"))
    facts = f"{copy.municipality} · {copy.round} · {copy.made_on.isoformat()}"
    sheet.write_string(1, 0, printable(facts), book.style("subtitle"))
    sheet.merge_range(3, 0, 3, 1, "", book.style("warning"))
    sheet.write_string(3, 0, words["warning"], book.style("warning"))
    sheet.set_row(3, height(words["warning"], 96) + 12)
    for row, text in enumerate(instructions(language), 5):
        sheet.write_string(row, 0, str(row - 4), book.style("strong"))
        sheet.write_string(row, 1, text, book.style("text"))
        sheet.set_row(row, height(text, 100) + 6)
    sheet.protect()


def _write_answers(book: Book, styles: Mapping[str, Format], copy: CodingBook, language: str) -> None:
    words, headings = coding_words("words", language), coding_words("columns", language)
    sheet = book.sheet(words["answers"], landscape=True)
    sheet.set_header(f"&C&B{words['title']}")
    sheet.set_row(0, 32)
    for at, column in enumerate(COLUMNS):
        sheet.set_column(at, at, _WIDTHS[column])
        sheet.write_string(0, at, headings[column], styles["heading"])
    names = category_names(language)
    for row, answer in enumerate(copy.answers.answers, 1):
        cells = _cells(answer, names, words)
        for at, column in enumerate(COLUMNS):
            _write_cell(sheet, row, at, cells[column], styles[_style_of(column, answer)])
        sheet.set_row(row, _row_height(cells))
    last = max(len(copy.answers.answers), 1)
    choices = f"='{words['categories']}'!$A$2:$A${len(names) + 1}"
    first, most = COLUMNS.index("category_1"), COLUMNS.index("category_4")
    sheet.data_validation(1, first, last, most, {"validate": "list", "source": choices})
    right = COLUMNS.index("right")
    sheet.data_validation(1, right, last, right, {"validate": "list", "source": [words["yes"]]})
    sheet.ignore_errors({"number_stored_as_text": f"A1:{letter(len(COLUMNS))}{last + 1}"})
    sheet.print_area(0, 0, last, COLUMNS.index("area"))  # what a person reads on paper
    sheet.freeze_panes(1, 1)
    sheet.repeat_rows(0)
    sheet.autofilter(0, 0, last, len(COLUMNS) - 1)
    sheet.protect("", _ALLOWED)


def _cells(
    answer: AnswerToCode, names: Mapping[str, str], words: Mapping[str, str]
) -> dict[str, str | float | None]:
    current, suggested = answer.current, answer.suggested
    chosen = [names.get(category, category) for category in current.categories]
    return {
        "text": answer.text or words["no_text"],
        **dict(zip(CATEGORY_COLUMNS, [*chosen, *[""] * 4], strict=False)),
        "right": "",
        "sensitive": words["waits"] if answer.waits else "",
        "question": answer.question,
        "area": answer.area,
        "suggested": "; ".join(names.get(s.category, s.category) for s in suggested.suggestions),
        "score": suggested.suggestions[0].score,
        "rule": "; ".join(dict.fromkeys(s.rule for s in suggested.suggestions)),
        "author": words["rules"] if current.number == 0 else current.made_by,
        "decided": _day(current),
        "answer": str(answer.answer_id),  # as text: Excel keeps fifteen digits of a number
        "version": str(current.number),
    }


def _day(decision: Decision) -> str:
    return decision.decided_at.date().isoformat() if decision.decided_at else ""


def _row_height(cells: Mapping[str, str | float | None]) -> float:
    return max(height(str(cells[column] or ""), int(_WIDTHS[column] * 1.05)) for column in COLUMNS) + 4


def _style_of(column: str, answer: AnswerToCode) -> str:
    if column in CATEGORY_COLUMNS or column == "right":
        return "input"
    if column == "sensitive":
        return "waits"
    if column == "score":
        return "figure"
    return "fixed" if column in ("text", "area") else "muted"


def _write_cell(sheet: Worksheet, row: int, at: int, value: str | float | None, style: Format) -> None:
    if isinstance(value, float):
        sheet.write_number(row, at, value, style)
    elif value:
        sheet.write_string(row, at, printable(str(value)), style)
    else:
        sheet.write_blank(row, at, None, style)


def _write_categories(book: Book, styles: Mapping[str, Format], language: str) -> None:
    words = coding_words("words", language)
    sheet = book.sheet(words["categories"], landscape=True)
    sheet.set_column(0, 0, 52)
    sheet.set_column(1, 1, 90)
    sheet.set_column(2, 2, 22)
    sheet.set_row(0, 22)
    for at, word in enumerate(("category", "definition", "code")):
        sheet.write_string(0, at, words[word], styles["heading"])
    definitions = category_definitions(language)
    for row, (code, name) in enumerate(category_names(language).items(), 1):
        definition = definitions[code]
        sheet.write_string(row, 0, name, styles["fixed"])
        sheet.write_string(row, 1, definition, styles["muted"])
        sheet.write_string(row, 2, code, styles["muted"])
        sheet.set_row(row, max(height(definition, 96), height(name, 54)) + 4)
    sheet.freeze_panes(1, 0)
    sheet.protect()


def _styles(book: Book) -> dict[str, Format]:
    plain = {"font_name": FONT, "font_size": SIZE, "font_color": INK}
    return {name: book.workbook.add_format({**plain, **style}) for name, style in _STYLES.items()}
