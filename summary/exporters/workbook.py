"""What every workbook that we write has in common: no text comes alive, and one calm typography."""

from collections.abc import Mapping
from datetime import date, datetime, time
from itertools import count
from typing import Any, BinaryIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from summary.exporters.cells import printable

FONT, SIZE = "Arial", 10
"""A font that every office program has, or has the measures of: rows are given their height beforehand."""
INK, MUTED, LINE = "#1F2933", "#5B6770", "#C9D1D8"
RESIDENTS, EMPLOYEES, POPULATION = "#1B4F72", "#C8702A", "#A9B4BD"
"""Tell apart in grey print and with any colour vision."""

_A4 = 9

_INDENTED: Mapping[str, Any] = {
    "align": "left",
    "indent": 1,
    "bottom": 1,
    "bottom_color": LINE,
    "text_wrap": True,
    "valign": "vcenter",
}
_STYLES: Mapping[str, Mapping[str, Any]] = {
    "title": {"bold": True, "font_size": 18, "font_color": RESIDENTS},
    "subtitle": {"font_size": 11, "font_color": MUTED},
    "status": {"italic": True, "font_color": MUTED, "text_wrap": True, "valign": "top"},
    "warning": {
        "bold": True,
        "font_color": "#8A1C1C",
        "bg_color": "#FBE9E7",
        "text_wrap": True,
        "valign": "vcenter",
    },
    "heading": {"bold": True, "font_size": 12, "font_color": RESIDENTS, "valign": "bottom"},
    "strong": {"bold": True, "text_wrap": True, "valign": "top"},
    "text": {"text_wrap": True, "valign": "top"},
    "box": {
        "text_wrap": True,
        "align": "left",
        "valign": "vcenter",
        "bg_color": "#EEF3F7",
        "left": 5,
        "left_color": RESIDENTS,
        "indent": 1,
    },
    "corner": {"bold": True, "bottom": 2, "bottom_color": RESIDENTS, "text_wrap": True, "valign": "bottom"},
    "column": {
        "bold": True,
        "bottom": 2,
        "bottom_color": RESIDENTS,
        "text_wrap": True,
        "align": "right",
        "valign": "bottom",
    },
    "words_column": {
        "bold": True,
        "bottom": 2,
        "bottom_color": RESIDENTS,
        "text_wrap": True,
        "align": "left",
        "indent": 1,
        "valign": "bottom",
    },
    "label": {"bold": True, "bottom": 1, "bottom_color": LINE, "text_wrap": True, "valign": "vcenter"},
    "plain": {"bottom": 1, "bottom_color": LINE, "text_wrap": True, "valign": "vcenter"},
    "part": _INDENTED,
    "subpart": {
        "align": "left",
        "indent": 2,
        "bottom": 1,
        "bottom_color": LINE,
        "text_wrap": True,
        "valign": "vcenter",
    },
    "figure": {
        "bold": True,
        "num_format": "0",
        "align": "right",
        "bottom": 1,
        "bottom_color": LINE,
        "valign": "vcenter",
    },
    "part_figure": {
        "num_format": "0",
        "align": "right",
        "bottom": 1,
        "bottom_color": LINE,
        "valign": "vcenter",
    },
    "words": _INDENTED,
    "note": {"font_size": 9, "font_color": MUTED, "text_wrap": True, "valign": "top"},
    "date": {"num_format": "yyyy-mm-dd", "align": "left"},
}


class Book:
    """A workbook that writes text as text. `counted_on` stands as the date of making: reports can be compared."""

    def __init__(
        self, stream: BinaryIO, *, title: str, counted_on: date, constant_memory: bool = False
    ) -> None:
        options = {
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "constant_memory": constant_memory,
            "in_memory": not constant_memory,
            "default_format_properties": {"font_name": FONT, "font_size": SIZE, "font_color": INK},
        }
        self.workbook = Workbook(stream, options)
        made = datetime.combine(counted_on, time())  # XLSX knows no zones
        self.workbook.set_properties({"title": printable(title), "author": "Lyhörd", "created": made})
        self._styles: dict[str, Format] = {}

    def style(self, name: str) -> Format:
        if name not in self._styles:
            self._styles[name] = self.workbook.add_format(
                {"font_name": FONT, "font_size": SIZE, "font_color": INK, **_STYLES[name]}
            )
        return self._styles[name]

    def sheet(self, name: str, *, landscape: bool = False) -> Worksheet:
        """A sheet that prints on A4, as wide as the paper, with page numbers."""
        sheet = self.workbook.add_worksheet(self._free(_sheet_name(name)))
        sheet.hide_gridlines(2)
        sheet.set_paper(_A4)
        sheet.set_margins(left=0.6, right=0.6, top=0.6, bottom=0.7)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&L&9&A&R&9&P / &N")
        if landscape:
            sheet.set_landscape()
        return sheet

    def _free(self, name: str) -> str:
        """The name, with a number behind it where another sheet has it: Excel takes large and small letters for one."""
        taken = {sheet.get_name().casefold() for sheet in self.workbook.worksheets()}
        tried = (f"{name[:27]} {number}" if number > 1 else name for number in count(1))
        return next(each for each in tried if each.casefold() not in taken)

    def close(self) -> None:
        self.workbook.close()


def _sheet_name(name: str) -> str:
    """What Excel takes for the name of a sheet: 31 characters, none of them special."""
    return "".join(" " if character in "[]:*?/\\" else character for character in printable(name))[:31].strip(
        "'"
    )


def height(text: str, characters_a_line: int, line_height: float = 13.2) -> float:
    """Points that wrapped text takes. Programs do not agree on it, so that rows are given their height."""
    lines = sum(max(1, -(-len(part) // characters_a_line)) for part in text.split("\n"))
    return min(409.0, lines * line_height + 3)
