"""The report as a Word document that a municipality goes on writing in: headings, captions and tables by style."""

from collections.abc import Sequence
from datetime import date
from functools import singledispatchmethod
from io import BytesIO
from typing import Any, BinaryIO

from docx.document import Document as DocumentObject
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.table import Table
from docx.text.paragraph import Paragraph

from summary.exporters import word
from summary.exporters.cells import printable
from summary.exporters.docx_styles import FACT, TABLE, add_styles
from summary.exporters.drawing.draw import draw
from summary.exporters.drawing.measures import width_of, wrapped
from summary.exporters.figures import figure
from summary.exporters.reading_order import (
    Codebook,
    Facts,
    Figures,
    Heading,
    Manner,
    Part,
    Picture,
    Points,
    Text,
    ToFillIn,
    chapters,
    first_page,
)
from summary.exporters.table_widths import (
    MANY,
    column_widths,
    fits_a_page,
    has_upright_headings,
    share_widths,
    upright_high,
)
from summary.exporters.words import phrase
from summary.picture import ProblemPicture, Unit
from summary.wording import Words
from typesetting.compiling import png_of

_MARGIN_CM = 2.2
_ROOM_PT = (21.0 - 2 * _MARGIN_CM) / 2.54 * 72
_TABLE_PT, _CROWDED_PT, _DOTS_PER_INCH = 9.0, 8.0, 200
"""Letters of a table, and of one with many columns."""
_SUMMARY_PT, _SUMMARY_ROOM_PT = 9.5, 660.0
"""Of the first page: its letters, and the room below the title."""
_SCALES = (1.0, 0.95, 0.9, 0.85, 0.8)
_PARTS = ("Text", "Part", "Part 2")
_STYLES = {
    Manner.PLAIN: "Normal",
    Manner.STRONG: "Basis",
    Manner.SUBTITLE: "Subtitle",
    Manner.STATUS: "Status",
    Manner.NOTE: "Note",
    Manner.WARNING: "Warning",
    Manner.LEAD: "Lead",
    Manner.HONESTY: "Summary Box",
}
_ON_FIRST_PAGE = {**_STYLES, Manner.PLAIN: "Summary Text", Manner.NOTE: "Summary Note"}


def write(picture: ProblemPicture, stream: BinaryIO) -> None:
    made_on = date.fromisoformat(picture.counted_on)
    title = printable(picture.title)
    document = word.new_document(
        title=title, language=picture.language, made_on=made_on, margin_cm=_MARGIN_CM
    )
    front = first_page(picture)
    add_styles(document, _scale(front))
    _add_footer(document, picture)
    document.add_paragraph(title, style="Title")
    summary = _Writer(document, picture.language, is_first_page=True)
    for part in front:
        summary.add(part)
    body = chapters(picture)
    _add_contents(document, [part for part in body if isinstance(part, Heading)], picture.language)
    writer = _Writer(document, picture.language)
    for part, after in zip(body, [*body[1:], None], strict=True):
        writer.has_note = isinstance(after, Text) and after.manner is Manner.NOTE
        writer.add(part)
    stream.write(word.saved(document))


def _scale(front: Sequence[Part]) -> float:
    """Of the letters of the first page, by what its lines need: it stays one page in any program."""
    high = {scale: sum(_high(part, _SUMMARY_PT * scale) for part in front) for scale in _SCALES}
    return next((scale for scale in _SCALES if high[scale] <= _SUMMARY_ROOM_PT), _SCALES[-1])


def _high(part: Part, size: float) -> float:
    match part:
        case Heading():
            return size * 1.4 + 12
        case Facts():
            return sum(2 + _lines(label, size) + _lines(text, size) + 5 for label, text in part.facts)
        case Points():
            return sum(_lines(item, size, 18) + 2 for item in part.items)
        case Text():
            return _lines(part.text, size, 10) + 6
    return 0


def _lines(text: str, size: float, indent: float = 0) -> float:
    """How high the text is in Arial, a seventh narrower than what we measure with, which is bold."""
    return len(wrapped(text, (_ROOM_PT - indent) * 1.17, size, 40)) * size * 1.33


def _add_footer(document: DocumentObject, picture: ProblemPicture) -> None:
    footer = document.sections[0].footer.paragraphs[0]
    footer.paragraph_format.tab_stops.add_tab_stop(Pt(_ROOM_PT), WD_TAB_ALIGNMENT.RIGHT)
    before, between, after = phrase("page_of", picture.language, page="\0", pages="\0").split("\0")
    footer.add_run(f"{printable(picture.subtitle)}\t{before}")
    word.field(footer, "PAGE", "1")
    footer.add_run(between)
    word.field(footer, "NUMPAGES", "1")
    footer.add_run(after)


def _add_contents(document: DocumentObject, headings: Sequence[Heading], language: str) -> None:
    """A field with the headings in it, each leading to its place. Page numbers come when a person updates it: a line
    inside the field says how, and goes with the update.
    """
    document.add_paragraph(phrase("contents", language), style="TOC Heading")
    first = document.add_paragraph(style="Note")
    word.begin_field(first, r'TOC \o "1-2" \h \z')
    first.add_run(phrase("page_numbers", language))
    shown = [(at, heading) for at, heading in enumerate(headings) if heading.level < 3]
    last = first
    for at, heading in shown:
        last = document.add_paragraph(style=f"TOC {heading.level}")
        link = word.element("w:hyperlink", {"w:anchor": _bookmark(at), "w:history": "1"})
        link.append(last.add_run(printable(heading.text))._r)
        last._p.append(link)
    word.end_field(last)


def _bookmark(at: int) -> str:
    return f"_Toc{at + 1:06}"


class _Writer:
    """Writes parts one after the other."""

    def __init__(self, document: DocumentObject, language: str, *, is_first_page: bool = False) -> None:
        self._document = document
        self._language = language
        self._is_first_page = is_first_page
        self._headings = 0
        self.has_note = False
        """Whether a note of its own stands below the part that comes."""

    def _put(self, text: str, style: str) -> Paragraph:
        """The style by its id: by its name the library looks through all of them each time."""
        paragraph: Paragraph = self._document.add_paragraph(printable(text))
        paragraph._p.style = style.replace(" ", "")
        return paragraph

    @singledispatchmethod
    def add(self, part: Part) -> None:
        raise TypeError(type(part).__name__)

    @add.register
    def _(self, part: Heading) -> None:
        if self._is_first_page:
            self._put(part.text, "Summary Heading")
            return
        heading = self._put(part.text, f"Heading {part.level}")
        if self._headings == 0:
            heading.paragraph_format.page_break_before = True
        at = str(self._headings + 1)
        name = _bookmark(self._headings)
        heading._p.insert(1, word.element("w:bookmarkStart", {"w:id": at, "w:name": name}))
        heading._p.append(word.element("w:bookmarkEnd", {"w:id": at}))
        self._headings += 1

    @add.register
    def _(self, part: Text) -> None:
        styles = _ON_FIRST_PAGE if self._is_first_page else _STYLES
        self._put(part.text, styles[part.manner])

    @add.register
    def _(self, part: Points) -> None:
        for item in part.items:
            self._put(item, "Summary Point" if self._is_first_page else "List Bullet")

    @add.register
    def _(self, part: Facts) -> None:
        is_stacked = part.is_stacked or any(width_of(label, 10) > FACT for label, _ in part.facts)
        for label, text in part.facts:
            if is_stacked and not self._is_first_page:
                self._put(label, "Fact Label")
                self._put(text, "Normal")
            elif is_stacked:
                self._put(label, "Summary Label")
                self._put(text, "Summary Text")
            else:
                fact = self._put("", "Fact")
                fact.add_run(printable(label), style="Strong")
                fact.add_run(f"\t{printable(text)}")

    @add.register
    def _(self, part: ToFillIn) -> None:
        for text in (part.question, ""):
            self._put(text, "Fill In").paragraph_format.keep_with_next = True
        self._put("", "Fill In")
        self._put("", "Normal")

    @add.register
    def _(self, part: Picture) -> None:
        self._caption("figure", part.number, part.plot.title)
        drawing = draw(part.plot, f"d{part.number}", self._language)
        png = png_of(drawing.svg, _ROOM_PT, _DOTS_PER_INCH)
        paragraph = self._put("", "Picture")
        shape = paragraph.add_run().add_picture(BytesIO(png), width=Pt(_ROOM_PT))
        properties = shape._inline.docPr
        properties.set("descr", printable(part.plot.alt))
        properties.set("name", f"{phrase('figure', self._language)} {part.number}")

    @add.register
    def _(self, part: Figures) -> None:
        table, language = part.table, self._language
        kind, size = ("Table", _TABLE_PT) if len(table.columns) < MANY else ("Crowded", _CROWDED_PT)
        self._caption("table", part.number, table.title)
        widths = column_widths(table, language, _ROOM_PT, size)
        figures = [f"{kind} {'Words' if c.unit is Unit.WORDS else 'Figure'}" for c in table.columns]
        made = self._table(
            [table.corner, *(column.heading for column in table.columns)],
            [f"{kind} Text", *figures],
            widths,
            f"{phrase('table', language)} {part.number}. {table.title}",
        )
        if has_upright_headings(table, widths, size):
            _turn_headings(made, upright_high(table, widths, size))
        has_parts = any(row.level for row in table.rows)
        for row in table.rows:
            shown = [figure(v, language, c.unit) for c, v in zip(table.columns, row.values, strict=True)]
            styles = [f"{kind} {_PARTS[min(row.level, 2)]}", *figures]
            _add_row(made, [row.label, *shown], styles, widths, strong=has_parts and not row.level)
        if any(column.unit is Unit.WORDS for column in table.columns):
            _align_top(made)
        if fits_a_page(table, language, widths, size):
            _keep_together(made, with_note=self.has_note)

    @add.register
    def _(self, part: Codebook) -> None:
        words = Words(self._language)
        head = [words(key) for key in ("c_list", "c_code", "c_label", "c_part_of")]
        lines = [(term.list, term.code, term.label, term.part_of) for term in part.terms]
        widths = share_widths([*zip(head, *lines, strict=True)], _ROOM_PT, _TABLE_PT)
        styles = ["Table Text"] * len(head)
        made = self._table(head, styles, widths, words("s_codebook"))
        for line in lines:
            _add_row(made, line, styles, widths)
        self._put("", "Normal")  # a document may not end with a table

    def _caption(self, kind: str, number: int, text: str) -> None:
        """``Tabell 3. Ålder``: the number is a field, so that tables can be added and taken away."""
        name = phrase(kind, self._language)
        caption = self._put(f"{name} ", "Caption")
        word.field(caption, rf"SEQ {name} \* ARABIC", str(number))
        caption.add_run(f". {printable(text)}")

    def _table(
        self, head: Sequence[str], styles: Sequence[str], widths: Sequence[float], description: str
    ) -> Table:
        table: Table = self._document.add_table(rows=0, cols=len(head), style=TABLE)
        table.autofit = False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Pt(width)
        properties = table._tbl.tblPr
        for look in properties.findall(qn("w:tblLook")):
            properties.remove(look)
        properties.append(
            word.element(
                "w:tblLook", {"w:val": "00A0", "w:firstRow": "1", "w:firstColumn": "1", "w:noVBand": "1"}
            )
        )
        properties.append(word.element("w:tblCaption", {"w:val": printable(description)[:255]}))
        _add_row(table, head, styles, widths, strong=True)
        table.rows[0]._tr.get_or_add_trPr().append(word.element("w:tblHeader", {}))
        return table


def _add_row(
    table: Table,
    texts: Sequence[str],
    styles: Sequence[str],
    widths: Sequence[float],
    *,
    strong: bool = False,
) -> None:
    """Built from below: asked for its cells one by one, the library counts the whole table each time."""
    row = word.element("w:tr", {})
    mark = word.element("w:trPr", {})
    mark.append(word.element("w:cantSplit", {}))
    row.append(mark)
    for text, style, width in zip(texts, styles, widths, strict=True):
        row.append(_cell(table, printable(text), style, width, strong=strong))
    table._tbl.append(row)


def _cell(table: Table, text: str, style: str, width: float, *, strong: bool) -> Any:
    cell, properties = word.element("w:tc", {}), word.element("w:tcPr", {})
    properties.append(word.element("w:tcW", {"w:w": str(round(width * 20)), "w:type": "dxa"}))
    properties.append(word.element("w:vAlign", {"w:val": "bottom"}))
    cell.append(properties)
    made, look = word.element("w:p", {}), word.element("w:pPr", {})
    look.append(word.element("w:pStyle", {"w:val": style.replace(" ", "")}))
    made.append(look)
    cell.append(made)
    if text:
        Paragraph(made, table).add_run(text, style="Strong" if strong else None)
    return cell


def _turn_headings(table: Table, high: float) -> None:
    """All but the first are read from below."""
    first = table._tbl.tr_lst[0]
    height = {"w:val": str(round(high * 20)), "w:hRule": "exact"}
    first.get_or_add_trPr().append(word.element("w:trHeight", height))
    for cell in list(first.iter(qn("w:tcPr")))[1:]:
        for align in cell.findall(qn("w:vAlign")):
            align.addprevious(word.element("w:textDirection", {"w:val": "btLr"}))
    for paragraph in list(first.iter(qn("w:p")))[1:]:
        paragraph.style = paragraph.style.replace("Figure", "Text").replace("Words", "Text")


def _align_top(table: Table) -> None:
    """Below the headings: where cells hold sentences, a row begins on one line."""
    for row in table._tbl.tr_lst[1:]:
        for align in row.iter(qn("w:vAlign")):
            align.set(qn("w:val"), "top")


def _keep_together(table: Table, *, with_note: bool) -> None:
    rows = table._tbl.tr_lst
    for row in rows if with_note else rows[:-1]:
        for paragraph in row.iter(qn("w:p")):
            paragraph.get_or_add_pPr().get_or_add_keepNext()
