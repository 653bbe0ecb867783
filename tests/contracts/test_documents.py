"""What is asked of the documents that people read and write on: structure, languages, properties, and no text alive."""

import io
import itertools
import re
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from beside_samples import everything_beside
from documents import WORD, Page, pdf_structure, squeezed, word_part, word_text
from page import validate_pdf_bytes
from printed import PrintedFile
from problem_samples import codebook, round_counts
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from bot.services.summaries import picture_of
from privacy.disclosure import EXACT
from summary.exporters.formats import EXPORTERS
from summary.picture import (
    Block,
    Chapter,
    Column,
    Fact,
    Paragraph,
    PictureTable,
    ProblemPicture,
    Row,
    Section,
    Unit,
)

DOCUMENTS = ("pdf", "docx", "html")
_ALIVE = (
    '<script>alert(1)</script> =1+1 #import "x" $x$ *fet* \\u{41} @ref <k1> ]]> </w:t> &amp; {{ 1 }} {page} [PAGE] '
    "=cmd|' /C calc'!A0 http://evil.example NUL\x00inne \x1b[31m \x0b \ufffe \ud800 \u202egpj.exe ٣ 😀 å\u0308"
)
"""What would be source to a typesetter, to a browser, to Word or to our own templates."""


@cache
def picture(residents: int = 600, language: str = "sv") -> ProblemPicture:
    return picture_of(round_counts(residents, residents // 8), codebook(), EXACT, language)


@cache
def written(format_: str, residents: int = 600, language: str = "sv") -> bytes:
    return made(format_, picture(residents, language))


def made(format_: str, shown: ProblemPicture) -> bytes:
    stream = io.BytesIO()
    EXPORTERS[format_].write(shown, stream)
    return stream.getvalue()


def little(text: str = "Ålder", **changes: object) -> ProblemPicture:
    """One table, and each kind of part that a chapter can have, all with that text."""
    columns = (
        Column(code="a", heading=text, unit=Unit.PERSONS),
        Column(code="b", heading=text, unit=Unit.WORDS),
    )
    table = PictureTable(
        code="t",
        section=Section.QUESTIONS,
        title=text,
        corner=text,
        columns=columns,
        rows=(Row(code="r", label=text, values=(1234, text)),),
        lead=text,
        note=text,
    )
    block = Block(
        code="b",
        heading=text,
        texts=(text,),
        facts=(Fact(code="f", label=text, text=text),),
        items=(text,),
        tables=("t",),
        to_fill_in=(text,),
    )
    shown = replace(
        picture(0),
        **dict.fromkeys(
            ("title", "subtitle", "status", "basis", "demonstration", "honesty", "certainty"), text
        ),
        summary=(text,),
        focus=(text,),
        problems=(Paragraph(heading=text, text=text),),
        tables=(table,),
        chapters=(Chapter(code="c", heading=text, blocks=(block,)),),
        method=(),
        codebook=(),
    )
    return replace(shown, **changes)  # type: ignore[arg-type] # names of fields


def alts(shown: ProblemPicture) -> list[str]:
    return sorted(table.chart.alt for table in shown.tables if table.chart)


# All three


@pytest.mark.parametrize("format_", DOCUMENTS)
@pytest.mark.parametrize("text", [_ALIVE, "x" * 3000, "", "Trygghetsvandringsuppföljning " * 80], ids=len)
def test_a_text_is_written_as_text_whatever_it_says(format_: str, text: str, tmp_path: Path) -> None:
    content = made(format_, little(text))
    if format_ == "html":
        page = Page(content)
        assert not {"script", "img", "iframe", "object"} & {tag for tag, _ in page.elements}
        shown = page.text
    elif format_ == "docx":
        shown = word_text(word_part(content))
        assert "hyperlink" not in "".join(rel for rel in relations(content) if "evil" in rel)
    else:
        assert PrintedFile.of(content, tmp_path).words_outside(0) == []
        shown = "".join(words for _, _, words in pdf_structure(content))
    for piece in (
        "<script>alert(1)</script>",
        "=1+1",
        '#import"x"',
        "$x$",
        "*fet*",
        "{{1}}",
        "{page}",
        "[PAGE]",
    ):
        assert text != _ALIVE or piece in squeezed(shown)


@pytest.mark.parametrize("format_", DOCUMENTS)
def test_each_kind_of_part_is_written(format_: str) -> None:
    marked = little("Ålder")
    block = replace(
        marked.chapters[0].blocks[0],
        heading="Rubrik",
        texts=("Stycke",),
        facts=(Fact(code="f", label="Var", text="Faktum"),),
        items=("Punkt",),
        to_fill_in=("Fråga",),
    )
    shown = replace(marked, chapters=(replace(marked.chapters[0], blocks=(block,)),), focus=("Fokus",))
    content = made(format_, shown)
    texts = {
        "html": lambda: Page(content).text,
        "docx": lambda: word_text(word_part(content)),
        "pdf": lambda: "".join(words for _, _, words in pdf_structure(content)),
    }[format_]()
    order = ["Fokus", "Rubrik", "Stycke", "Var", "Faktum", "Punkt", "1234", "Fråga"]
    found = squeezed(texts).rsplit("Rubrik", 1)[1] if format_ != "html" else squeezed(texts)
    places = [found.find(word) for word in order if word not in ("Fokus", "Rubrik")]
    assert "Fokus" in squeezed(texts)
    assert -1 not in places and places == sorted(places)


@pytest.mark.parametrize("format_", DOCUMENTS)
def test_charts_come_with_their_words_and_no_figures_of_their_own(format_: str) -> None:
    shown = picture()
    assert len(alts(shown)) > 5
    content = written(format_)
    if format_ == "html":
        wide = [a["aria-label"] for tag, a in Page(content).elements if tag == "svg"]
        assert sorted(filter(None, wide)) == sorted(
            [*alts(shown), *alts(shown)]
        )  # for windows and for telephones
    elif format_ == "docx":
        drawing = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
        assert sorted(e.get("descr", "") for e in word_part(content).iter(drawing)) == alts(shown)
    else:
        figures = [tag for tag in tags(PdfReader(io.BytesIO(content))) if tag.get("/S") == "/Figure"]
        assert sorted(str(figure["/Alt"]) for figure in figures) == alts(shown)


def tags(reader: PdfReader) -> Iterator[DictionaryObject]:
    """Every element of the tree of tags, in reading order."""

    def below(node: object) -> Iterator[DictionaryObject]:
        if isinstance(node, DictionaryObject):
            if "/S" in node:
                yield node
            kids = node.get("/K")
            for kid in kids if isinstance(kids, list) else [kids]:
                yield from below(kid.get_object() if hasattr(kid, "get_object") else kid)

    yield from below(reader.trailer["/Root"]["/StructTreeRoot"])


def no_level_is_skipped(levels: list[int]) -> bool:
    return levels[0] == 1 and all(after <= before + 1 for before, after in itertools.pairwise(levels))


# Web page


def test_page_asks_for_nothing_and_runs_nothing() -> None:
    page = Page(written("html"))
    assert "script" not in {tag for tag, _ in page.elements}
    for _, attributes in page.elements:
        assert "style" not in attributes
        assert not any(name.startswith("on") for name in attributes)
        links = [attributes.get(name) for name in ("href", "src", "action", "data") if attributes.get(name)]
        assert all(str(link).startswith("#") for link in links)
    policies = [a["content"] for _, a in page.elements if a.get("http-equiv") == "Content-Security-Policy"]
    assert len(policies) == 1 and str(policies[0]).startswith("default-src 'none'; style-src 'sha256-")
    assert "url(" not in re.sub(r'fill="url\(#[a-z0-9-]+\)"', "", written("html").decode())


@pytest.mark.parametrize("language", ["sv", "en"])
def test_page_has_a_language_headings_in_order_and_names_of_its_own(language: str) -> None:
    page = Page(written("html", 600, language))
    attributes = [a for _, a in page.elements]
    assert next(a for tag, a in page.elements if tag == "html")["lang"] == language
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h\d", tag)]
    assert levels.count(1) == 1 and no_level_is_skipped(levels)
    ids = [a["id"] for a in attributes if "id" in a]
    assert len(ids) == len(set(ids))
    targets = {str(a["href"])[1:] for a in attributes if str(a.get("href", "")).startswith("#")}
    assert targets <= set(ids) and "main" in targets
    patterns = set(re.findall(r"url\(#([a-z0-9-]+)\)", written("html", 600, language).decode()))
    assert patterns <= set(ids)


def test_tables_of_the_page_have_captions_and_scopes() -> None:
    elements = Page(written("html")).elements
    assert all(a.get("scope") in ("col", "row") for tag, a in elements if tag == "th")
    tables = [at for at, (tag, _) in enumerate(elements) if tag == "table"]
    assert tables and all(elements[at + 1][0] == "caption" for at in tables)


# PDF


@pytest.mark.parametrize("language", ["sv", "en"])
def test_pdf_says_what_it_is_and_in_which_language(language: str, tmp_path: Path) -> None:
    content = written("pdf", 600, language)
    printed = PrintedFile.of(content, tmp_path)
    assert (printed.facts["Title"], printed.facts["Tagged"]) == (picture(600, language).title, "yes")
    assert "no" not in {line.split()[-5] for line in printed.fonts.splitlines()[2:]}  # every font inside
    reader = PdfReader(io.BytesIO(content))
    root = reader.trailer["/Root"]
    assert str(root["/Lang"]).startswith(language)
    assert root["/MarkInfo"]["/Marked"] is True or root["/MarkInfo"]["/Marked"].value is True
    about = root["/Metadata"].get_data().decode()
    assert re.search(r"pdfuaid:part[=>]\W?1", about)
    assert re.search(r"pdfaid:part[=>]\W?2", about) and re.search(r"pdfaid:conformance[=>]\W?A", about)


def test_pdf_has_headings_in_order_bookmarks_and_tables_with_headings() -> None:
    shown, content = picture(), written("pdf")
    structure = [name for _, name, _ in pdf_structure(content)]
    assert no_level_is_skipped([int(name[1]) for name in structure if re.fullmatch(r"H\d", name)])
    assert structure.count("H1") == 1
    assert structure.count("Table") == len(shown.tables) + 1  # and the codebook
    headings = sum(len(table.columns) + 1 + len(table.rows) for table in shown.tables)
    assert structure.count("TH") == headings + 4 + len(shown.codebook)  # of columns, and of rows
    outline = PdfReader(io.BytesIO(content)).outline
    names = {str(item.title) for item in flat(outline)}
    assert {chapter.heading for chapter in shown.chapters} <= names


def test_each_heading_in_a_table_of_the_pdf_says_of_what_and_no_cell_names_only_one_of_its_headings() -> None:
    found = list(tags(PdfReader(io.BytesIO(written("pdf")))))
    about = [(tag["/S"], part) for tag in found if tag.get("/S") in ("/TH", "/TD") for part in tag["/A"]]
    told = {(kind, part.get("/Scope")) for kind, part in about if part["/O"] == "/Table"}
    assert told == {("/TH", "/Column"), ("/TH", "/Row"), ("/TD", None)}
    assert not any("/Headers" in part for kind, part in about if kind == "/TD")


@pytest.mark.parametrize("standard", ["ua1", "2a"])
@pytest.mark.parametrize(
    "shown", [picture(0), picture(600), picture(600, "en"), everything_beside()], ids=["0", "sv", "en", "all"]
)
def test_another_hand_finds_nothing_in_the_pdf_to_object_to(shown: ProblemPicture, standard: str) -> None:
    """PDF/UA-1 and PDF/A-2a, by rules that were tried on the corpus of veraPDF."""
    report = validate_pdf_bytes(made("pdf", shown), profile=standard)
    assert report.rules.total > 90
    # It takes the last byte of a compressed stream for a line's end where that is 0x0D by chance: the length is right.
    objections = [f for f in report.failures if f.rule_id != "PDFA2A-STREAM-LENGTH-001"]
    assert [(each.rule_id, each.message) for each in objections] == []


def flat(outline: object) -> Iterator[object]:
    for item in outline if isinstance(outline, list) else [outline]:
        if isinstance(item, list):
            yield from flat(item)
        else:
            yield item


@pytest.mark.parametrize("residents", [0, 7, 600, 20_000])
def test_first_page_of_the_pdf_is_the_whole_summary(residents: int, tmp_path: Path) -> None:
    shown = everything_beside(residents) if residents > 7 else picture(residents)
    printed = PrintedFile.of(made("pdf", shown), tmp_path)
    first, second = (squeezed(page) for page in printed.pages[:2])
    assert squeezed(shown.title) in first and squeezed(shown.honesty) in first
    assert all(squeezed(sentence) in first for sentence in shown.summary)
    assert second.startswith("Innehåll")
    assert printed.words_outside(28) == []


# Word


def test_word_file_is_written_with_styles_and_not_by_hand() -> None:
    body = word_part(written("docx"))
    by_hand = {
        f"{WORD}{name}" for name in ("sz", "color", "rFonts", "b", "i", "shd", "pBdr", "spacing", "jc")
    }
    assert not by_hand & {element.tag for element in body.iter()}
    used = {str(e.get(f"{WORD}val")) for e in body.iter(f"{WORD}pStyle")}
    there = {
        str(e.get(f"{WORD}styleId"))
        for e in word_part(written("docx"), "word/styles.xml").iter(f"{WORD}style")
    }
    assert used <= there
    assert {"Heading1", "Heading2", "Caption", "TableFigure", "TOC1"} <= used


@pytest.mark.parametrize("language", ["sv", "en"])
def test_word_file_has_a_title_and_its_language(language: str) -> None:
    content = written("docx", 600, language)
    core = word_text_of_core(content)
    assert picture(600, language).title in core
    locale = {"sv": "sv-SE", "en": "en-GB"}[language]
    languages = {str(e.get(f"{WORD}val")) for e in word_part(content, "word/styles.xml").iter(f"{WORD}lang")}
    assert languages == {locale}
    assert "Lyhörd" in core and "python" not in core.lower()


def word_text_of_core(content: bytes) -> str:
    return " ".join(e.text or "" for e in word_part(content, "docProps/core.xml").iter())


def relations(content: bytes) -> list[str]:
    return [str(e.get("Target")) for e in word_part(content, "word/_rels/document.xml.rels")]


def test_headings_of_the_word_file_come_in_order_and_stand_in_the_contents() -> None:
    body, shown = word_part(written("docx")), picture()
    paragraphs = list(body.iter(f"{WORD}p"))
    styles = [(style(p), p) for p in paragraphs]
    levels = [int(name[-1]) for name, _ in styles if re.fullmatch(r"Heading\d", name)]
    assert no_level_is_skipped(levels)
    contents = [word_text(p) for name, p in styles if name.startswith("TOC") and name != "TOCHeading"]
    assert {chapter.heading for chapter in shown.chapters} <= set(contents)
    anchors = {e.get(f"{WORD}anchor") for e in body.iter(f"{WORD}hyperlink")}
    assert anchors <= {e.get(f"{WORD}name") for e in body.iter(f"{WORD}bookmarkStart")}
    fields = [e.text or "" for e in body.iter(f"{WORD}instrText")]
    assert sum("TOC" in text for text in fields) == 1
    assert sum("SEQ Tabell" in text for text in fields) == len(shown.tables)
    assert sum("SEQ Diagram" in text for text in fields) == len(alts(shown))


def style(paragraph: object) -> str:
    found = paragraph.find(f"{WORD}pPr/{WORD}pStyle")  # type: ignore[attr-defined] # an element
    return "" if found is None else str(found.get(f"{WORD}val"))


def test_tables_of_the_word_file_repeat_their_headings_and_numbers_of_pages_are_fields() -> None:
    body = word_part(written("docx"))
    for table in body.iter(f"{WORD}tbl"):
        first, *rest = table.findall(f"{WORD}tr")
        assert first.find(f"{WORD}trPr/{WORD}tblHeader") is not None
        assert all(row.find(f"{WORD}trPr/{WORD}tblHeader") is None for row in rest)
        assert table.find(f"{WORD}tblPr/{WORD}tblCaption") is not None
    footer = word_part(written("docx"), "word/footer1.xml")
    assert {"PAGE", "NUMPAGES"} <= {e.text for e in footer.iter(f"{WORD}instrText")}


def test_libreoffice_opens_the_word_file_with_the_summary_on_its_first_page(
    soffice: list[str], tmp_path: Path
) -> None:
    path = tmp_path / "report.docx"
    path.write_bytes(written("docx"))
    command = [*soffice, "pdf:writer_pdf_Export", "--outdir", str(tmp_path), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    pages = PrintedFile(tmp_path / "report.pdf").pages
    assert squeezed(picture().honesty) in squeezed(pages[0])
    assert squeezed(pages[1]).startswith("Innehåll")
    assert len(pages) < 45
