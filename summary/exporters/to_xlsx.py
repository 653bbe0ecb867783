"""The report as a workbook: a first sheet that reads like a page, then one sheet for each chapter, with native charts.

Holds what the picture holds and nothing else: no hidden sheet, no hidden row, no figure that is not in a table.
"""

import math
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import BinaryIO

from xlsxwriter.worksheet import Worksheet

from summary.charts import plot_of
from summary.exporters.cells import printable
from summary.exporters.native_charts import NativeCharts, placing
from summary.exporters.words import phrase
from summary.exporters.workbook import Book, height
from summary.picture import ChartKind, PictureTable, ProblemPicture, Row, Unit
from summary.wording import Words

_PAGE_WIDTH = 92
"""Characters across the first sheet."""
_LABEL_WIDTH, _FIGURE_WIDTH = 50, 12
_WORDS_WIDTH, _WIDEST_WORDS = 18, 42
"""Characters of words that stand among figures, and of the widest column of words."""
_CHART = 560
"""Pixels that a chart is wide."""
_ROW, _CHARACTER = 15.0, 5.3
"""Points that a row of no given height takes, and a character of a column's width."""
_PAGE_WIDE, _PAGE_HIGH = 755.0, 490.0
"""Points between the margins of A4, lying."""
_CHART_DATA_FIRST = "problems"
_MOST_BARS = 8
"""On the first sheet; the chapter's chart has them all."""


def write(picture: ProblemPicture, stream: BinaryIO) -> None:
    book = Book(stream, title=picture.title, counted_on=date.fromisoformat(picture.counted_on))
    words = Words(picture.language)
    charts = NativeCharts(book, words("s_charts"))
    first = book.sheet(words("s_summary"))
    for section in dict.fromkeys(table.section for table in picture.tables):  # tables of one may stand apart
        tables = [table for table in picture.tables if table.section is section]
        _write_section(book, charts, words(f"s_{section.value}"), tables)
    _write_method(book, words, picture)
    _write_codebook(book, words, picture)
    _write_summary(book, charts, words, first, picture)
    charts.write()
    book.close()


# The first sheet


def _write_summary(
    book: Book, charts: NativeCharts, words: Words, sheet: Worksheet, picture: ProblemPicture
) -> None:
    sheet.fit_to_pages(1, 1)
    sheet.center_horizontally()
    sheet.set_column(0, 0, _PAGE_WIDTH)
    page = _Page(book, sheet)
    page.put(picture.title, "title", 28)
    page.put(picture.subtitle, "subtitle", 18)
    page.text(picture.status, "status")
    page.text(picture.basis, "strong", margin=6)
    if picture.demonstration:
        page.text(picture.demonstration, "warning")
    for number, problem in enumerate(picture.problems, 1):
        if number == 1:
            page.put(words("s_top"), "heading", 28)
        page.text(f"{number}. {problem.heading}", "strong")
        page.text(problem.text, "text")
    page.text(picture.certainty, "note")
    if picture.summary:
        page.put(words("s_whole"), "heading", 28)
    for sentence in picture.summary:
        page.text(f"•  {sentence}", "text")
    if picture.focus:
        page.put(phrase("focus", picture.language), "heading", 28)
    for sentence in picture.focus:
        page.text(f"•  {sentence}", "text")
    table = picture.table(_CHART_DATA_FIRST)
    if table is not None and table.chart is not None:
        page.put("", "text", 8)
        most = _MOST_BARS // len(table.chart.columns) + 2
        room = 20 * min(most, len(table.chart.rows)) * len(table.chart.columns) + 90
        sheet.set_row(page.row, room * 0.75)
        sheet.insert_chart(
            page.row,
            0,
            charts.of(plot_of(table, table.chart), width=640, height=room - 6, most=most),
            placing(table.chart),
        )
        page.row += 1
    page.put(words("s_honesty"), "heading", 28)
    page.text(picture.honesty, "box", margin=10)
    sheet.print_area(0, 0, page.row - 1, 0)


class _Page:
    """One wide column, written from the top."""

    def __init__(self, book: Book, sheet: Worksheet) -> None:
        self._book = book
        self._sheet = sheet
        self.row = 0

    def put(self, text: str, style: str, points: float) -> None:
        self._sheet.set_row(self.row, points)
        self._sheet.write_string(self.row, 0, printable(text), self._book.style(style))
        self.row += 1

    def text(self, text: str, style: str, margin: float = 2) -> None:
        if text:
            self.put(text, style, height(text, 110) + margin)


# Chapters


def _write_section(book: Book, charts: NativeCharts, name: str, section: Sequence[PictureTable]) -> None:
    """One sheet; but where figures and long words would have to share columns, each table of words has its own."""
    figures = [table for table in section if not _has_long_words(table)]
    words = [table for table in section if _has_long_words(table)]
    if not figures or not words:
        _Chapter(book, charts, book.sheet(name, landscape=True), section).write()
        return
    _Chapter(book, charts, book.sheet(name, landscape=True), figures).write()
    for table in words:
        _Chapter(book, charts, book.sheet(table.title, landscape=True), [table]).write()


def _has_long_words(table: PictureTable) -> bool:
    return any(_longest(table, at) > _WORDS_WIDTH for at in range(len(table.columns)))


def _longest(table: PictureTable, at: int) -> int:
    """Characters of the longest words in a column; 0 where it holds figures."""
    if table.columns[at].unit is not Unit.WORDS:
        return 0
    return max((len(str(row.values[at] or "")) for row in table.rows), default=0)


class _Chapter:
    """A sheet with tables below each other, each with its chart beside it. Knows how high its rows are."""

    def __init__(
        self, book: Book, charts: NativeCharts, sheet: Worksheet, tables: Sequence[PictureTable]
    ) -> None:
        self._book = book
        self._charts = charts
        self._sheet = sheet
        self._tables = tables
        self._widths = [
            _LABEL_WIDTH,
            *(_width(tables, at) for at in range(max(len(t.columns) for t in tables))),
        ]
        self._row = 0
        self._heights: dict[int, float] = {}

    def write(self) -> None:
        sheet = self._sheet
        sheet.center_horizontally()
        for at, width in enumerate(self._widths):
            sheet.set_column(at, at, width)
        starts = []
        for table in self._tables:
            starts.append(self._row)
            self._write_table(table)
            self._row += 2
        sheet.set_h_pagebreaks(self._breaks([*starts, self._row]))
        if len(self._tables) == 1:
            header = 2 if self._tables[0].lead else 1
            sheet.freeze_panes(header + 1, 1)
            sheet.repeat_rows(header)

    def _breaks(self, starts: Sequence[int]) -> list[int]:
        """Where a page begins: before a table that what is left of the page has no room for."""
        breaks, used, page = [], 0.0, self._page()
        for start, end in pairwise(starts):
            high = sum(self._heights.get(row, _ROW) for row in range(start, end))
            if used and used + high > page:
                breaks.append(start)
                used = 0.0
            used += high
        return breaks

    def _page(self) -> float:
        """How much of the sheet a page holds, in its own points: it is made as small as it is wide."""
        across = [sum(self._widths[: len(table.columns) + 1]) for table in self._tables]
        charts = [
            sum(self._widths[: len(table.columns) + 1]) + _FIGURE_WIDTH + _CHART / 7
            for table in self._tables
            if table.chart is not None and table.chart.kind is not ChartKind.GRID
        ]
        wide = max(across + charts) * _CHARACTER
        return _PAGE_HIGH * max(1.0, wide / _PAGE_WIDE)

    def _set_row(self, row: int, points: float) -> None:
        self._heights[row] = points
        self._sheet.set_row(row, points)

    def _write_table(self, table: PictureTable) -> None:
        """Title, lead, header, rows and note from here down, the chart beside them."""
        book, sheet, top = self._book, self._sheet, self._row
        self._set_row(top, 24)
        sheet.write_string(top, 0, printable(table.title), book.style("heading"))
        self._row += 1
        self._write_wrapped(table, table.lead, "text")
        self._write_header(table)
        first = self._row
        has_parts = any(line.level for line in table.rows)
        for line in table.rows:
            self._write_row(table, line, strong=has_parts and not line.level)
        if table.heat:
            figures = len(table.columns) - (table.columns[-1].code == "undivided")
            shade = {"type": "2_color_scale", "min_color": "#FFFFFF", "max_color": "#9EC3DE"}
            sheet.conditional_format(first, 1, self._row - 1, figures, shade)
        self._write_wrapped(table, table.note, "note")
        if (
            table.chart is not None and table.chart.kind is not ChartKind.GRID
        ):  # its cells are coloured instead
            tall = max(200, min(620, (12 + 14 * len(table.chart.columns)) * len(table.chart.rows) + 100))
            chart = self._charts.of(plot_of(table, table.chart), width=_CHART, height=tall)
            sheet.insert_chart(top, len(table.columns) + 2, chart, placing(table.chart))
            written = sum(self._heights.get(row, _ROW) for row in range(top, self._row))
            self._row += max(0, math.ceil((tall * 0.75 - written) / _ROW))

    def _write_header(self, table: PictureTable) -> None:
        header = [table.corner, *(column.heading for column in table.columns)]
        self._set_row(
            self._row, max(height(text, int(self._widths[at]) - 2) for at, text in enumerate(header))
        )
        units = (column.unit for column in table.columns)
        styles = ["corner", *("words_column" if unit is Unit.WORDS else "column" for unit in units)]
        for at, (text, style) in enumerate(zip(header, styles, strict=True)):
            self._sheet.write_string(self._row, at, printable(text), self._book.style(style))
        self._row += 1

    def _write_row(self, table: PictureTable, line: Row, *, strong: bool) -> None:
        book, sheet, row = self._book, self._sheet, self._row
        label = "label" if strong else ("plain", "part", "subpart")[min(line.level, 2)]
        figure = book.style("figure" if strong else "part_figure")
        high = height(line.label, _LABEL_WIDTH + (2 if strong else 8) - 2 * line.level)
        sheet.write_string(row, 0, printable(line.label), book.style(label))
        for at, (value, column) in enumerate(zip(line.values, table.columns, strict=True), 1):
            if column.unit is Unit.WORDS:
                high = max(high, height(str(value or ""), int(self._widths[at])))
            if value is None:
                sheet.write_blank(row, at, None, figure)
            elif isinstance(value, int | float):
                sheet.write_number(row, at, value, figure)
            else:
                sheet.write_string(row, at, printable(value), book.style("words"))
        self._set_row(row, high + 2)
        self._row += 1

    def _write_wrapped(self, table: PictureTable, text: str, style: str) -> None:
        """Text across the table, or across two columns of it."""
        if not text:
            return
        across = max(2, len(table.columns))
        self._sheet.merge_range(self._row, 0, self._row, across, "", self._book.style(style))
        self._sheet.write_string(self._row, 0, printable(text), self._book.style(style))
        wide = sum(self._widths[: across + 1]) + _FIGURE_WIDTH * max(0, across + 1 - len(self._widths))
        self._set_row(self._row, height(text, int(wide)) + 4)
        self._row += 1


def _width(tables: Sequence[PictureTable], at: int) -> float:
    """Of a column of figures, or of words as far as they need it."""
    longest = max((_longest(table, at) for table in tables if at < len(table.columns)), default=0)
    return max(_FIGURE_WIDTH, min(_WIDEST_WORDS, longest + 2))


# Method and codebook


def _write_method(book: Book, words: Words, picture: ProblemPicture) -> None:
    sheet = book.sheet(words("s_method"))
    sheet.set_column(0, 0, _PAGE_WIDTH)
    page = _Page(book, sheet)
    page.put(words("s_method"), "title", 28)
    page.text(picture.honesty, "box", margin=10)
    for paragraph in picture.method:
        page.put(paragraph.heading, "heading", 26)
        page.text(paragraph.text, "text")


def _write_codebook(book: Book, words: Words, picture: ProblemPicture) -> None:
    sheet = book.sheet(words("s_codebook"), landscape=True)
    for column, width in enumerate((18, 26, 56, 44)):
        sheet.set_column(column, column, width)
    for column, key in enumerate(("c_list", "c_code", "c_label", "c_part_of")):
        sheet.write_string(0, column, words(key), book.style("corner"))
    for row, term in enumerate(picture.codebook, 1):
        for column, text in enumerate((term.list, term.code, term.label, term.part_of)):
            sheet.write_string(row, column, printable(text), book.style("text"))
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
