"""Charts that Excel draws itself, from the same definition as all others, and the sheet with what they draw."""

from typing import Any

from xlsxwriter.worksheet import Worksheet

from summary.charts import Plot, Series
from summary.exporters.cells import printable
from summary.exporters.workbook import EMPLOYEES, FONT, INK, LINE, POPULATION, RESIDENTS, Book
from summary.picture import Chart, ChartKind, Unit

_COLOURS = {"employees": EMPLOYEES, "population": POPULATION}
_SMALL = {"name": FONT, "size": 9, "color": INK}
_DASHES = ("solid", "dash", "round_dot", "long_dash", "dash_dot")
_MARKERS = ("circle", "square", "triangle", "diamond", "x")
"""Lines are told apart without colours too."""


class NativeCharts:
    """A chart can only draw cells that stand together: `write` puts them on a sheet of their own, last of all."""

    def __init__(self, book: Book, name: str) -> None:
        self._book = book
        self._name = name
        self._drawn: dict[str, Plot] = {}
        self._at: dict[str, int] = {}
        self._next = 0

    def of(self, plot: Plot, *, width: int, height: int, most: int = 99) -> Any:
        """Of the first `most` labels. A trend has a line for each label, all others a bar."""
        if plot.code not in self._at:
            self._at[plot.code] = self._next
            self._drawn[plot.code] = plot
            self._next += len(plot.labels) + 3
        first = self._at[plot.code] + 2
        last = first + min(most, len(plot.labels)) - 1
        is_trend = plot.kind is ChartKind.TREND
        drawn = self._lines(plot, first, last) if is_trend else self._bars(plot, first, last)
        drawn.set_title(
            {
                "name": [self._name, first - 2, 0],  # a text could be taken for a formula
                "name_font": {**_SMALL, "size": 11, "bold": True},
                "overlay": False,
            }
        )
        has_legend = is_trend or len(plot.series) > 1
        drawn.set_legend({"position": "bottom", "font": _SMALL} if has_legend else {"none": True})
        drawn.set_size({"width": width, "height": height})
        drawn.set_chartarea({"border": {"none": True}})
        return drawn

    def _bars(self, plot: Plot, first: int, last: int) -> Any:
        drawn = self._book.workbook.add_chart({"type": "bar"})
        for index, one in enumerate(plot.series, 1):
            drawn.add_series(
                {
                    "name": [self._name, first - 1, index],
                    "categories": [self._name, first, 0, last, 0],
                    "values": [self._name, first, index, last, index],
                    "fill": {"color": _COLOURS.get(one.code.removesuffix("_percent"), RESIDENTS)},
                    "data_labels": _labels(one),
                    "gap": 45,
                    "overlap": -5,
                }
            )
        drawn.set_y_axis(
            {"reverse": True, "num_font": _SMALL, "line": {"color": LINE}, "major_tick_mark": "none"}
        )
        drawn.set_x_axis({"visible": False, "major_gridlines": {"visible": False}, "min": 0})
        return drawn

    def _lines(self, plot: Plot, first: int, last: int) -> Any:
        """From one column to the next, each label with its own dashes and marks."""
        drawn = self._book.workbook.add_chart({"type": "line"})
        columns = len(plot.series)
        for number, row in enumerate(range(first, last + 1)):
            drawn.add_series(
                {
                    "name": [self._name, row, 0],
                    "categories": [self._name, first - 1, 1, first - 1, columns],
                    "values": [self._name, row, 1, row, columns],
                    "line": {"color": RESIDENTS, "width": 1.75, "dash_type": _DASHES[number % len(_DASHES)]},
                    "marker": {
                        "type": _MARKERS[number % len(_MARKERS)],
                        "size": 7,
                        "border": {"color": RESIDENTS},
                        "fill": {"color": RESIDENTS if number % 2 else "#FFFFFF"},
                    },
                    "data_labels": {**_labels(plot.series[-1]), "position": "above"},
                }
            )
        drawn.set_x_axis({"num_font": _SMALL, "line": {"color": LINE}, "position_axis": "between"})
        drawn.set_y_axis({"visible": False, "major_gridlines": {"visible": False}, "min": 0})
        return drawn

    def write(self) -> None:
        if not self._drawn:
            return
        sheet = self._book.sheet(self._name)
        sheet.set_column(0, 0, 60)
        sheet.set_column(1, max(2, *(len(plot.series) for plot in self._drawn.values())), 16)
        for code, plot in self._drawn.items():
            self._write_data(sheet, self._at[code], plot)

    def _write_data(self, sheet: Worksheet, row: int, plot: Plot) -> None:
        sheet.write_string(row, 0, printable(plot.title), self._book.style("strong"))
        sheet.write_string(row + 1, 0, printable(plot.corner), self._book.style("corner"))
        for at, one in enumerate(plot.series, 1):
            sheet.write_string(row + 1, at, printable(one.name), self._book.style("column"))
        for offset, label in enumerate(plot.labels):
            sheet.write_string(row + 2 + offset, 0, printable(label), self._book.style("part"))
            for at, one in enumerate(plot.series, 1):
                value = one.values[offset]
                if value is not None:
                    sheet.write_number(row + 2 + offset, at, value, self._book.style("part_figure"))


def _labels(one: Series) -> dict[str, object]:
    """Figures at bars and points, percent with their sign."""
    percent = {"num_format": '0"\N{NO-BREAK SPACE}%"'} if one.unit is Unit.PERCENT else {}
    return {"value": True, "font": _SMALL, **percent}


def placing(chart: Chart) -> dict[str, object]:
    return {"description": printable(chart.alt)[:1024], "object_position": 1, "x_offset": 4, "y_offset": 4}
