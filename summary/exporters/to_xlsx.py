"""The report as a workbook: a first sheet that reads like a page, then one sheet for each chapter, with native charts.

Holds what the picture holds and nothing else: no hidden sheet, no hidden row, no figure that is not in a table.
"""

from datetime import date
from typing import BinaryIO

from xlsxwriter.worksheet import Worksheet

from summary.charts import plot_of
from summary.exporters.cells import printable
from summary.exporters.native_charts import NativeCharts, placing
from summary.exporters.workbook import Book, height
from summary.picture import ChartKind, PictureTable, ProblemPicture, Row
from summary.wording import Words

_PAGE_WIDTH = 92
"""Characters across the first sheet."""
_LABEL_WIDTH, _FIGURE_WIDTH = 50, 12
_SHORT_TABLE = 6
"""Rows of a table that may follow another one on its page."""
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
        _write_chapter(book, charts, words(f"s_{section.value}"), tables)
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


def _write_chapter(book: Book, charts: NativeCharts, name: str, tables: list[PictureTable]) -> None:
    sheet = book.sheet(name, landscape=True)
    sheet.center_horizontally()
    widest = max(len(table.columns) for table in tables)
    sheet.set_column(0, 0, _LABEL_WIDTH)
    sheet.set_column(1, widest, _FIGURE_WIDTH)
    row = 0
    breaks: list[int] = []
    for table in tables:
        if row and (table.chart or len(table.rows) > _SHORT_TABLE):
            breaks.append(row)
        row = _write_table(book, charts, sheet, table, row) + 2
    sheet.set_h_pagebreaks(breaks)
    if len(tables) == 1:
        sheet.freeze_panes(_header_row(tables[0]) + 1, 1)


def _header_row(table: PictureTable) -> int:
    return 2 if table.lead else 1


def _write_table(book: Book, charts: NativeCharts, sheet: Worksheet, table: PictureTable, row: int) -> int:
    """Title, lead, header, rows and note from `row` down, the chart beside them. Returns the next free row."""
    top = row
    sheet.set_row(row, 24)
    sheet.write_string(row, 0, printable(table.title), book.style("heading"))
    row += 1
    across = max(2, len(table.columns))
    row = _write_wrapped(book, sheet, row, across, table.lead, "text")
    header = [table.corner, *(column.heading for column in table.columns)]
    sheet.set_row(row, max(height(text, 10 if at else 44) for at, text in enumerate(header)))
    for at, text in enumerate(header):
        sheet.write_string(row, at, printable(text), book.style("column" if at else "corner"))
    has_parts = any(line.level for line in table.rows)
    for line in table.rows:
        row += 1
        _write_row(book, sheet, row, line, strong=has_parts and not line.level)
    if table.heat:
        figures = len(table.columns) - (table.columns[-1].code == "undivided")
        shade = {"type": "2_color_scale", "min_color": "#FFFFFF", "max_color": "#9EC3DE"}
        sheet.conditional_format(row - len(table.rows) + 1, 1, row, figures, shade)
    row = _write_wrapped(book, sheet, row + 1, across, table.note, "note")
    if table.chart is not None and table.chart.kind is not ChartKind.GRID:  # its cells are coloured instead
        tall = max(200, min(620, (12 + 14 * len(table.chart.columns)) * len(table.chart.rows) + 100))
        chart = charts.of(plot_of(table, table.chart), width=560, height=tall)
        sheet.insert_chart(top, len(table.columns) + 2, chart, placing(table.chart))
        row = max(row, top + tall // 20 + 1)
    return row


def _write_row(book: Book, sheet: Worksheet, row: int, line: Row, *, strong: bool) -> None:
    label = "label" if strong else ("plain", "part", "subpart")[min(line.level, 2)]
    figure = book.style("figure" if strong else "part_figure")
    sheet.set_row(row, height(line.label, _LABEL_WIDTH + (2 if strong else 8) - 2 * line.level) + 2)
    sheet.write_string(row, 0, printable(line.label), book.style(label))
    for at, value in enumerate(line.values, 1):
        if value is None:
            sheet.write_blank(row, at, None, figure)
        elif isinstance(value, int | float):
            sheet.write_number(row, at, value, figure)
        else:
            sheet.write_string(row, at, printable(value), figure)


def _write_wrapped(book: Book, sheet: Worksheet, row: int, across: int, text: str, style: str) -> int:
    """Text across the table. Returns the next free row."""
    if not text:
        return row
    sheet.merge_range(row, 0, row, across, "", book.style(style))
    sheet.write_string(row, 0, printable(text), book.style(style))
    sheet.set_row(row, height(text, _LABEL_WIDTH + _FIGURE_WIDTH * across) + 4)
    return row + 1


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
    sheet = book.sheet(words("s_codebook"))
    for column, width in enumerate((18, 26, 56, 44)):
        sheet.set_column(column, column, width)
    for column, key in enumerate(("c_list", "c_code", "c_label", "c_part_of")):
        sheet.write_string(0, column, words(key), book.style("corner"))
    for row, term in enumerate(picture.codebook, 1):
        for column, text in enumerate((term.list, term.code, term.label, term.part_of)):
            sheet.write_string(row, column, printable(text), book.style("text"))
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
