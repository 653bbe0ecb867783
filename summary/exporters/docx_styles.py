"""The styles of the Word report. A municipality changes the look of all of a kind at once: nothing is set by hand."""

from collections.abc import Mapping
from dataclasses import dataclass

from docx.document import Document as DocumentObject
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from docx.styles.style import ParagraphStyle

from summary.exporters import word

ACCENT, INK, SOFT = RGBColor(0x1B, 0x4F, 0x72), RGBColor(0x1F, 0x29, 0x33), RGBColor(0x52, 0x60, 0x6B)
_WARNING = RGBColor(0x8A, 0x1C, 0x1C)
_LINE, _ACCENT, _TINT, _WARNING_TINT = "C9D1D8", "1B4F72", "EEF3F7", "FBE9E7"
TABLE = "Report Table"
ON_FIRST_PAGE = (
    "Summary Heading",
    "Summary Text",
    "Summary Point",
    "Summary Label",
    "Summary Box",
    "Status",
    "Basis",
    "Summary Note",
)
FACT = 92.0
"""Room for the label of a fact, in points."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Look:
    """Sizes and spaces are in points."""

    size: float = 10
    colour: RGBColor = INK
    bold: bool = False
    before: float = 0
    after: float = 6
    keep: bool = False
    """With the next paragraph."""
    indent: float = 0
    hanging: float = 0
    """How far the first line begins before the others."""
    right: bool = False
    based_on: str = "Normal"


_LOOKS: Mapping[str, _Look] = {
    "Normal": _Look(),
    "Title": _Look(size=22, colour=ACCENT, bold=True, after=2),
    "Subtitle": _Look(size=11, colour=SOFT, after=4),
    "Heading 1": _Look(size=16, colour=ACCENT, bold=True, before=26, after=8, keep=True),
    "Heading 2": _Look(size=12, bold=True, before=18, after=5, keep=True),
    "Heading 3": _Look(size=10.5, bold=True, before=14, after=4, keep=True),
    "TOC Heading": _Look(size=16, colour=ACCENT, bold=True, after=10),
    "TOC 1": _Look(size=9, bold=True, before=2, after=0),
    "TOC 2": _Look(size=8.5, indent=12, after=0),
    "Caption": _Look(size=9, colour=SOFT, before=6, after=4, keep=True),
    "List Bullet": _Look(after=3),
    "Footer": _Look(size=8, colour=SOFT, after=0),
    "Summary Heading": _Look(size=11.5, bold=True, before=9, after=3, keep=True),
    "Summary Text": _Look(size=9.5, after=4),
    "Summary Point": _Look(size=9.5, after=2, based_on="List Bullet"),
    "Summary Label": _Look(size=9.5, bold=True, before=2, after=1, keep=True),
    "Fact": _Look(after=4, indent=FACT, hanging=FACT),
    "Status": _Look(size=9, colour=SOFT, after=4),
    "Lead": _Look(keep=True),
    "Note": _Look(size=9, colour=SOFT, before=5, after=6),
    "Summary Note": _Look(size=8.5, colour=SOFT, before=2, after=4),
    "Fact Label": _Look(bold=True, before=4, after=1, keep=True),
    "Basis": _Look(size=9.5, bold=True, after=4),
    "Warning": _Look(bold=True, colour=_WARNING),
    "Summary Box": _Look(size=9.5, before=4, after=8),
    "Fill In": _Look(after=0),
    "Picture": _Look(after=4),
    "Table Text": _Look(size=9, before=2, after=2),
    "Table Part": _Look(size=9, before=2, after=2, indent=9, based_on="Table Text"),
    "Table Part 2": _Look(size=9, before=2, after=2, indent=18, based_on="Table Text"),
    "Table Words": _Look(size=9, before=2, after=2, indent=8, based_on="Table Text"),
    "Table Figure": _Look(size=9, before=2, after=2, right=True, based_on="Table Text"),
    "Crowded Text": _Look(size=8, before=2, after=2),
    "Crowded Part": _Look(size=8, before=2, after=2, indent=9, based_on="Crowded Text"),
    "Crowded Part 2": _Look(size=8, before=2, after=2, indent=18, based_on="Crowded Text"),
    "Crowded Words": _Look(size=8, before=2, after=2, indent=8, based_on="Crowded Text"),
    "Crowded Figure": _Look(size=8, before=2, after=2, right=True, based_on="Crowded Text"),
}


def add_styles(document: DocumentObject, scale: float) -> None:
    """`scale` is that of the letters on the first page."""
    for name, look in _LOOKS.items():
        size = look.size * scale if name in ON_FIRST_PAGE else look.size
        made = word.style(document, name, round(size * 2) / 2, look.colour)
        _set(made, look)
        if name not in ("Normal", look.based_on):
            made.base_style = document.styles[look.based_on]
        made.quick_style, made.hidden = True, False
    _draw_lines(document)
    _add_table_style(document)


def _set(style: ParagraphStyle, look: _Look) -> None:
    paragraph = style.paragraph_format
    style.font.bold, style.font.italic = look.bold, False
    paragraph.space_before, paragraph.space_after = Pt(look.before), Pt(look.after)
    paragraph.keep_with_next, paragraph.widow_control = look.keep, True
    if look.indent:
        paragraph.left_indent = Pt(look.indent)
    if look.hanging:
        paragraph.first_line_indent = Pt(-look.hanging)
    if look.right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _draw_lines(document: DocumentObject) -> None:
    """What stands out by a line or a ground, and what begins a page. What the template has of these goes first."""
    styles = document.styles
    for tag in ("w:spacing", "w:kern"):
        for found in styles["Subtitle"].element.rPr.findall(qn(tag)) + styles["Title"].element.rPr.findall(
            qn(tag)
        ):
            found.getparent().remove(found)
    for found in styles["Footer"].element.pPr.findall(qn("w:tabs")):
        styles["Footer"].element.pPr.remove(found)
    for name in ("Title", "Subtitle"):
        for found in styles[name].element.pPr.findall(qn("w:pBdr")):
            styles[name].element.pPr.remove(found)
    _edge(styles["Heading 1"], ("bottom", _ACCENT, 8, 3))
    _edge(styles["TOC Heading"], ("bottom", _ACCENT, 8, 3))
    _edge(styles["Summary Box"], ("left", _ACCENT, 24, 8), ground=_TINT)
    _edge(styles["Warning"], ground=_WARNING_TINT)
    _edge(styles["Fill In"], *((side, _LINE, 4, 6) for side in ("top", "left", "bottom", "right")))
    for name, inside in (("Fill In", 6), ("Summary Box", 10)):  # as far as their lines stand outside
        shape = styles[name].paragraph_format
        shape.left_indent = Pt(inside)
        shape.right_indent = Pt(inside if name == "Fill In" else 0)
    styles["TOC Heading"].paragraph_format.page_break_before = True
    _outline(styles["Summary Heading"], 0)
    _outline(styles["TOC Heading"], 0)


def _edge(style: ParagraphStyle, *edges: tuple[str, str, int, int], ground: str = "") -> None:
    properties = style.element.get_or_add_pPr()
    parts = []
    if edges:
        border = word.element("w:pBdr", {})
        for side, colour, size, space in edges:
            border.append(word.line(f"w:{side}", colour, size, space))
        parts.append(border)
    if ground:
        parts.append(word.element("w:shd", {"w:val": "clear", "w:color": "auto", "w:fill": ground}))
    after = ("w:tabs", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:outlineLvl")
    for part in parts:
        properties.insert_element_before(part, *(("w:shd", *after) if part.tag.endswith("pBdr") else after))


def _outline(style: ParagraphStyle, level: int) -> None:
    """For software that reads aloud a heading of that level, without a place in the contents."""
    style.element.get_or_add_pPr().append(word.element("w:outlineLvl", {"w:val": str(level)}))


def _add_table_style(document: DocumentObject) -> None:
    """Thin lines below rows, the accent below the headings; the first row is bold."""
    style = word.element("w:style", {"w:type": "table", "w:customStyle": "1", "w:styleId": "ReportTable"})
    style.append(word.element("w:name", {"w:val": TABLE}))
    style.append(word.element("w:basedOn", {"w:val": "TableNormal"}))
    style.append(word.element("w:uiPriority", {"w:val": "59"}))
    style.append(word.element("w:qFormat", {}))
    properties = word.element("w:tblPr", {})
    borders = word.element("w:tblBorders", {})
    borders.append(word.line("w:bottom", _LINE))
    borders.append(word.line("w:insideH", _LINE))
    margins = word.element("w:tblCellMar", {})
    for side, width in (("left", 0), ("right", 100)):
        margins.append(word.element(f"w:{side}", {"w:w": str(width), "w:type": "dxa"}))
    properties.extend((borders, margins))
    first = word.element("w:tblStylePr", {"w:type": "firstRow"})
    bold = word.element("w:rPr", {})
    bold.append(word.element("w:b", {}))
    cell, edges = word.element("w:tcPr", {}), word.element("w:tcBorders", {})
    edges.append(word.line("w:bottom", _ACCENT, 8))
    cell.append(edges)
    cell.append(word.element("w:vAlign", {"w:val": "bottom"}))
    first.extend((bold, cell))
    style.extend((properties, first))
    document.styles.element.append(style)
