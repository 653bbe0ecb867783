"""A paper as a Word document: real styles, header rows, its language and properties; the same paper, the same bytes."""

import io
import re
from datetime import UTC, datetime, time
from functools import singledispatchmethod
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.document import Document as DocumentObject
from docx.enum.text import WD_LINE_SPACING
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Cm, Pt, RGBColor
from docx.table import _Cell as Cell
from docx.text.paragraph import Paragraph

from bot.papers.paper import Block, Heading, Paper, Points, Table, Text

_LOCALES = {"sv": "sv-SE", "en": "en-GB"}
_FONT = "Arial"
_INK, _MUTED = RGBColor(0x1A, 0x2B, 0x33), RGBColor(0x4A, 0x5A, 0x63)
_TO_FILL_IN, _HEADER, _LINE = "FFF2CC", "DCE8EC", "9AABB3"
_PAGE_WIDTH_CM = 16.5
_SIZES = {"Title": 22, "Heading 1": 15, "Heading 2": 12, "Caption": 9.5, "Normal": 10.5, "List Bullet": 10.5}
_MIDNIGHT_1980 = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a ZIP entry can have: when the file was made tells nothing."""


_IN_NUMBER = re.compile(r"(?<=\d)-(?=\d)")


def write(paper: Paper) -> bytes:
    document = Document()
    _set_up(document, paper)
    document.add_heading(paper.title, level=0)
    writer = _Writer(document)
    for block in paper.blocks:
        writer.add(block)
    stream = io.BytesIO()
    document.save(stream)
    return _without_times(stream.getvalue())


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
            _shade(paragraph._p.get_or_add_pPr(), _TO_FILL_IN)

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


def _set_up(document: DocumentObject, paper: Paper) -> None:
    """Page, fonts, language, properties."""
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = Cm((21.0 - _PAGE_WIDTH_CM) / 2)
    section.top_margin = section.bottom_margin = Cm(2.2)
    for name, size in _SIZES.items():
        _style(document, name, size)
    locale = _LOCALES[paper.language]
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), locale)
    made = datetime.combine(paper.dated, time(), UTC)
    properties = document.core_properties
    properties.title, properties.language, properties.author = paper.title, locale, "Lyhörd"
    properties.created = properties.modified = made
    properties.comments, properties.last_modified_by, properties.revision = "", "Lyhörd", 1
    _number_pages(section.footer.paragraphs[0])
    package = document.part.package
    for key in [key for key, rel in package.rels.items() if rel.reltype == RT.THUMBNAIL]:
        del package.rels[key]  # a picture of the empty template


def _style(document: DocumentObject, name: str, size: float) -> None:
    style = document.styles[name]
    style.font.name, style.font.size = _FONT, Pt(size)
    style.font.color.rgb = _MUTED if name == "Caption" else _INK
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for attribute in [a for a in fonts.attrib if a.endswith("Theme")]:
        del fonts.attrib[attribute]
    for script in ("w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(script), _FONT)
    style.paragraph_format.line_spacing_rule = WD_LINE_SPACING.MULTIPLE
    style.paragraph_format.line_spacing = 1.15
    style.paragraph_format.space_after = Pt(3 if name in ("Caption", "List Bullet") else 6)
    if name.startswith("Heading"):
        style.paragraph_format.space_before = Pt(size)


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
        _shade(cell._tc.get_or_add_tcPr(), _HEADER)


def _shade(properties: BaseOxmlElement, colour: str) -> None:
    shading = OxmlElement("w:shd")
    shading.set(qn("w:val"), "clear")
    shading.set(qn("w:color"), "auto")
    shading.set(qn("w:fill"), colour)
    properties.append(shading)


def _border(properties: BaseOxmlElement) -> None:
    """Thin lines, lighter than the text."""
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", _LINE)):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    properties.insert_element_before(borders, "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")


def _mark(properties: BaseOxmlElement, name: str) -> None:
    properties.append(OxmlElement(name))


def _number_pages(paragraph: Paragraph) -> None:
    """A field that the program that opens the file fills in."""
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = paragraph.add_run()
        run.font.size = Pt(9)
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = text
        run._r.append(part)


def _without_times(content: bytes) -> bytes:
    """The same parts in the same order, each as old as a ZIP entry can be."""
    stream = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as before, ZipFile(stream, "w", ZIP_DEFLATED) as after:
        for entry in before.infolist():
            after.writestr(ZipInfo(entry.filename, _MIDNIGHT_1980), before.read(entry), ZIP_DEFLATED)
    return stream.getvalue()
