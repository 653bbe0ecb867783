"""What every Word document that we write has in common: styles, fields, language; and the same bytes each time."""

import io
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.document import Document as DocumentObject
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_LINE_SPACING
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

FONT = "Arial"
LOCALES = {"sv": "sv-SE", "en": "en-GB"}
AUTHOR = "Lyhörd"
_MIDNIGHT_1980 = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a ZIP entry can have: when the file was made tells nothing."""


def new_document(*, title: str, language: str, made_on: date, margin_cm: float) -> DocumentObject:
    """An empty document on A4, in the language, with its title and day of making in its properties."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = Cm(margin_cm)
    section.top_margin = section.bottom_margin = Cm(2.2)
    locale = LOCALES[language]
    for named in document.styles.element.iter(qn("w:lang")):
        named.set(qn("w:val"), locale)
    made = datetime.combine(made_on, time(), UTC)
    properties = document.core_properties
    properties.title, properties.language, properties.author = title[:255], locale, AUTHOR
    properties.created = properties.modified = made
    properties.comments, properties.last_modified_by, properties.revision = "", AUTHOR, 1
    package = document.part.package
    for key in [key for key, rel in package.rels.items() if rel.reltype == RT.THUMBNAIL]:
        del package.rels[key]  # a picture of the empty template
    return document


def saved(document: DocumentObject) -> bytes:
    """The file: the same parts in the same order, each as old as a ZIP entry can be."""
    before, after = io.BytesIO(), io.BytesIO()
    document.save(before)
    with ZipFile(before) as made, ZipFile(after, "w", ZIP_DEFLATED) as package:
        for entry in made.infolist():
            package.writestr(ZipInfo(entry.filename, _MIDNIGHT_1980), made.read(entry), ZIP_DEFLATED)
    return after.getvalue()


# Styles


def style(document: DocumentObject, name: str, size: float, colour: RGBColor) -> ParagraphStyle:
    """The style, in our font for every script; made where the template has none."""
    styles = document.styles
    found: ParagraphStyle = (
        styles[name] if name in styles else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    )
    found.font.name, found.font.size, found.font.color.rgb = FONT, Pt(size), colour
    fonts = found.element.get_or_add_rPr().get_or_add_rFonts()
    for attribute in [a for a in fonts.attrib if a.endswith("Theme")]:
        del fonts.attrib[attribute]
    for script in ("w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(script), FONT)
    found.paragraph_format.line_spacing_rule = WD_LINE_SPACING.MULTIPLE
    found.paragraph_format.line_spacing = 1.15
    return found


# Parts that the library has no words for


def field(paragraph: Paragraph, instruction: str, result: str = "") -> None:
    """What the program that opens the file works out; `result` stands until it does."""
    begin_field(paragraph, instruction)
    paragraph.add_run(result)
    end_field(paragraph)


def begin_field(paragraph: Paragraph, instruction: str) -> None:
    """What stands from here to where the field ends is its result until it is worked out."""
    for kind in ("begin", "", "separate"):
        part = (
            element("w:fldChar", {"w:fldCharType": kind}) if kind else element("w:instrText", {}, instruction)
        )
        paragraph.add_run()._r.append(part)


def end_field(paragraph: Paragraph) -> None:
    paragraph.add_run()._r.append(element("w:fldChar", {"w:fldCharType": "end"}))


def element(tag: str, attributes: Mapping[str, str], text: str = "") -> BaseOxmlElement:
    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(name), value)
    if text:
        made.text = text
        made.set(qn("xml:space"), "preserve")
    return made


def shade(properties: BaseOxmlElement, colour: str) -> None:
    properties.append(element("w:shd", {"w:val": "clear", "w:color": "auto", "w:fill": colour}))


def line(tag: str, colour: str, size: int = 4, space: int = 0) -> BaseOxmlElement:
    """An edge; `size` is in eighths of a point."""
    return element(tag, {"w:val": "single", "w:sz": str(size), "w:space": str(space), "w:color": colour})
