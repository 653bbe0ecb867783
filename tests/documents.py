"""Our documents as other programs see them: as a web page, as parts of a Word file, as the tags of a PDF."""

import io
import re
import xml.etree.ElementTree as ElementTree
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ArrayObject, ContentStream, DictionaryObject

Figures = list[tuple[str, str, list[int | float | str]]]
"""Title of the table, label of the row, and the values that are shown."""

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_NUMBERED = re.compile(r"^(?:Tabell|Table) \d+\. ")
_VOID = {"meta", "rect", "path", "line", "circle", "link", "br"}


def squeezed(text: str) -> str:
    """Without what lines and pages add and take away: spaces, and hyphens at the ends of lines."""
    return re.sub(r"[\s\u00ad\u200b-]", "", text)


def number_or_text(shown: str) -> int | float | str:
    """``1 062``, ``8,25`` and ``−3`` as numbers."""
    plain = shown.replace("\u00a0", "").replace("\u2212", "-").replace("+", "").replace(",", ".")
    if re.fullmatch(r"-?\d+", plain):
        return int(plain)
    return float(plain) if re.fullmatch(r"-?\d+\.\d+", plain) else squeezed(shown)


def _line(title: str, cells: list[str]) -> tuple[str, str, list[int | float | str]]:
    label, *values = cells
    return squeezed(title), squeezed(label), [number_or_text(value) for value in values if value.strip()]


# Web page


class Page(HTMLParser):
    """Every element with its attributes, every text, and the tables as they are read aloud."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.rows: list[tuple[str, list[tuple[str, str]]]] = []
        self._open: list[str] = []
        self._caption = ""
        self.feed(content.decode("utf-8"))
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag in _VOID:
            return
        self._open.append(tag)
        if tag == "caption":
            self._caption = ""
        if tag == "tr":
            self.rows.append((self._caption, []))
        if tag in ("th", "td"):
            self.rows[-1][1].append((tag, ""))

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            assert self._open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
        if "caption" in self._open:
            self._caption += data
        elif self._open and self._open[-1] in ("th", "td"):
            tag, text = self.rows[-1][1][-1]
            self.rows[-1][1][-1] = (tag, text + data)

    @property
    def text(self) -> str:
        return "".join(self.texts)


def read_html(content: bytes) -> Figures:
    found: Figures = []
    for caption, cells in Page(content).rows:
        title = _NUMBERED.sub("", caption)
        if title != caption and cells and [tag for tag, _ in cells][1:] != ["th"] * (len(cells) - 1):
            found.append(_line(title, [text for _, text in cells]))
    return [line for line in found if line[2]]


# Word


def word_part(content: bytes, name: str = "word/document.xml") -> ElementTree.Element:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return ElementTree.fromstring(package.read(name))


def word_text(element: ElementTree.Element) -> str:
    return "".join(_pieces(element))


def _pieces(element: ElementTree.Element) -> Iterator[str]:
    for node in element.iter():
        if node.tag == f"{WORD}t":
            yield node.text or ""
        elif node.tag in (f"{WORD}br", f"{WORD}tab"):
            yield "\n" if node.tag.endswith("br") else "\t"


def read_docx(content: bytes) -> Figures:
    """Tables under the caption before them."""
    found: Figures = []
    caption = ""
    body = word_part(content).find(f"{WORD}body")
    assert body is not None
    for block in body:
        if block.tag == f"{WORD}p":
            caption = word_text(block)
        if block.tag == f"{WORD}tbl" and _NUMBERED.match(caption):
            _, *rows = block.findall(f"{WORD}tr")
            title = _NUMBERED.sub("", caption)
            found += [_line(title, [word_text(cell) for cell in row.findall(f"{WORD}tc")]) for row in rows]
    return [line for line in found if line[2]]


# PDF


def pdf_structure(content: bytes) -> list[tuple[int, str, str]]:
    """The tags in reading order, as software that reads aloud goes through them: depth, name, text."""
    reader = PdfReader(io.BytesIO(content))
    texts = {id_of(page): _marked_texts(reader, page) for page in reader.pages}

    def below(node: Any, page: Any, depth: int) -> Iterator[tuple[int, str, str]]:
        node = node.get_object()
        if isinstance(node, int):
            yield depth, "", texts[id_of(page)].get(int(node), "")
        elif isinstance(node, list):
            for kid in node:
                yield from below(kid, page, depth)
        elif "/MCID" in node:
            yield depth, "", texts[id_of(node.get("/Pg", page).get_object())].get(int(node["/MCID"]), "")
        elif "/K" in node or "/S" in node:
            page = node["/Pg"].get_object() if "/Pg" in node else page
            yield depth, str(node.get("/S", "/Root")).removeprefix("/"), ""
            yield from below(node.get("/K", ArrayObject()), page, depth + 1)

    found: list[tuple[int, str, str]] = []
    for depth, name, text in below(reader.trailer["/Root"]["/StructTreeRoot"], None, 0):
        if name:
            found.append((depth, name, ""))
        else:
            deep, name, before = found[-1]
            found[-1] = (deep, name, before + text)
    return found


def id_of(page: Any) -> int:
    return int(page.indirect_reference.idnum)


def _marked_texts(reader: PdfReader, page: Any) -> dict[int, str]:
    """The text of each marked piece of a page, by its number. What a piece says it is, goes before its glyphs."""
    fonts = {
        name: _unicode_of(font.get_object()) for name, font in page["/Resources"].get("/Font", {}).items()
    }
    texts: dict[int, str] = {}
    font: dict[str, str] = {}
    marks: list[tuple[int | None, bool]] = []
    for operands, operator in ContentStream(page.get_contents(), reader).operations:
        number, is_replaced = marks[-1] if marks else (None, False)
        if operator in (b"BDC", b"BMC"):
            about = operands[1] if operator == b"BDC" and isinstance(operands[1], DictionaryObject) else {}
            number = int(about["/MCID"]) if "/MCID" in about else number
            if "/ActualText" in about and number is not None:
                texts[number] = texts.get(number, "") + str(about["/ActualText"])
            marks.append((number, is_replaced or "/ActualText" in about))
        elif operator == b"EMC":
            marks.pop()
        elif operator == b"Tf":
            font = fonts[operands[0]]
        elif operator in (b"Tj", b"TJ") and number is not None and not is_replaced:
            pieces = operands[0] if operator == b"TJ" else operands
            shown = "".join(_decoded(piece, font) for piece in pieces if not isinstance(piece, int | float))
            texts[number] = texts.get(number, "") + shown
    return texts


def _decoded(piece: Any, font: dict[str, str]) -> str:
    raw = piece if isinstance(piece, bytes) else piece.original_bytes
    codes = [raw[at : at + 2].hex().upper() for at in range(0, len(raw), 2)]
    return "".join(font.get(code, "\ufffd") for code in codes)


def _unicode_of(font: Any) -> dict[str, str]:
    """From glyph to letters, as the font tells (ISO 32000-1, 9.10.3)."""
    cmap = font["/ToUnicode"].get_data().decode("latin-1") if "/ToUnicode" in font else ""
    pairs = re.findall(r"<([0-9A-Fa-f]{4})>\s*<([0-9A-Fa-f]+)>\s*(?=<|\n|end)", cmap)
    return {code.upper(): bytes.fromhex(to).decode("utf-16-be") for code, to in pairs}


def read_pdf(content: bytes) -> Figures:
    """Tables under the caption before them; a row of headings alone has no cells of figures."""
    rows: list[tuple[str, list[str], set[str]]] = []
    caption = inside = ""
    depth = 0
    for deep, name, text in pdf_structure(content):
        if deep <= depth:
            inside = ""
        if name in ("Caption", "TD", "TH"):
            inside, depth = name, deep
        if name == "Caption" or re.fullmatch(r"H\d", name):
            caption = ""
        if name == "TR":
            rows.append((caption, [], set()))
        if name in ("TD", "TH"):
            rows[-1][1].append("")
            rows[-1][2].add(name)
        if inside == "Caption":
            caption += text
        if inside in ("TD", "TH"):
            rows[-1][1][-1] += text
    lines = [
        _line(_NUMBERED.sub("", title), cells)
        for title, cells, kinds in rows
        if "TD" in kinds and _NUMBERED.match(title)
    ]
    return [line for line in lines if line[2]]
