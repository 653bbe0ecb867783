"""A paper as a Word document: real styles, header rows, its language and properties; the same paper, the same bytes."""

import re
from functools import singledispatchmethod

from docx.document import Document as DocumentObject
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Cm, Pt, RGBColor
from docx.table import _Cell as Cell

from bot.papers.paper import Block, Heading, Paper, Points, Table, Text
from summary.exporters import word

_INK, _MUTED = RGBColor(0x1A, 0x2B, 0x33), RGBColor(0x4A, 0x5A, 0x63)
_TO_FILL_IN, _HEADER, _LINE = "FFF2CC", "DCE8EC", "9AABB3"
_PAGE_WIDTH_CM = 16.5
_SIZES = {"Title": 22, "Heading 1": 15, "Heading 2": 12, "Caption": 9.5, "Normal": 10.5, "List Bullet": 10.5}

_IN_NUMBER = re.compile(r"(?<=\d)-(?=\d)")


def write(paper: Paper) -> bytes:
    document = _set_up(paper)
    document.add_heading(paper.title, level=0)
    writer = _Writer(document)
    for block in paper.blocks:
        writer.add(block)
    return word.saved(document)


class _Writer:
    def __init__(self, document: DocumentObject) -> None:
        self._document = document

    @singledispatchmethod
    def add(self, block: Block) -> None:
        raise TypeError(type(block).__name__)

    @add.register
    def _(self, block: Heading) -> None:
        self._document.add_heading(block.text, level=block.level)

    @add.register
    def _(self, block: Text) -> None:
        paragraph = self._document.add_paragraph(_unbroken(block.text))
        if block.is_open:
            word.shade(paragraph._p.get_or_add_pPr(), _TO_FILL_IN)

    @add.register
    def _(self, block: Points) -> None:
        for item in block.items:
            self._document.add_paragraph(_unbroken(item), style="List Bullet")

    @add.register
    def _(self, block: Table) -> None:
        caption = self._document.add_paragraph(block.caption, style="Caption")
        caption.paragraph_format.keep_with_next = True
        table = self._document.add_table(rows=1, cols=len(block.headings), style="Table Grid")
        table.autofit = False
        _border(table._tbl.tblPr)
        for column, width in zip(table.columns, block.widths, strict=True):
            column.width = Cm(_PAGE_WIDTH_CM * width / sum(block.widths))
        for cell, heading in zip(table.rows[0].cells, block.headings, strict=True):
            _fill(cell, heading, is_heading=True)
        _mark(table.rows[0]._tr.get_or_add_trPr(), "w:tblHeader")
        for row in block.rows:
            added = table.add_row()
            for cell, text in zip(added.cells, row, strict=True):
                _fill(cell, text)
        for row_ in table.rows:
            _mark(row_._tr.get_or_add_trPr(), "w:cantSplit")
            for cell, width in zip(row_.cells, block.widths, strict=True):
                cell.width = Cm(_PAGE_WIDTH_CM * width / sum(block.widths))
        self._document.add_paragraph().paragraph_format.space_after = Pt(4)


def _set_up(paper: Paper) -> DocumentObject:
    """Page, fonts, language, properties."""
    margin = (21.0 - _PAGE_WIDTH_CM) / 2
    document = word.new_document(
        title=paper.title, language=paper.language, made_on=paper.dated, margin_cm=margin
    )
    for name, size in _SIZES.items():
        style = word.style(document, name, size, _MUTED if name == "Caption" else _INK)
        style.paragraph_format.space_after = Pt(3 if name in ("Caption", "List Bullet") else 6)
        if name.startswith("Heading"):
            style.paragraph_format.space_before = Pt(size)
    footer = document.sections[0].footer.paragraphs[0]
    word.field(footer, "PAGE")
    for run in footer.runs:
        run.font.size = Pt(9)
    return document


def _unbroken(text: str) -> str:
    """No line ends within a telephone number or a date."""
    return _IN_NUMBER.sub("\N{NON-BREAKING HYPHEN}", text)


def _fill(cell: Cell, text: str, *, is_heading: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    run = paragraph.add_run(_unbroken(text))
    run.bold = is_heading or None
    run.font.size = Pt(9.5)
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
    if is_heading:
        word.shade(cell._tc.get_or_add_tcPr(), _HEADER)


def _border(properties: BaseOxmlElement) -> None:
    """Thin lines, lighter than the text."""
    borders = word.element("w:tblBorders", {})
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        borders.append(word.line(f"w:{side}", _LINE))
    properties.insert_element_before(borders, "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")


def _mark(properties: BaseOxmlElement, name: str) -> None:
    properties.append(word.element(name, {}))
