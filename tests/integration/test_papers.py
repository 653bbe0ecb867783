"""The papers of a round, read back by programs that are not ours: true to the round, whole, and usable by everybody."""

import io
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from docx import Document
from docx.document import Document as DocumentObject
from docx.oxml.ns import qn
from sqlalchemy import update
from town import ROUND, Town, _round_document

from bot.papers.paper import Facts, build
from bot.papers.wording import LANGUAGES, document
from bot.services.paper_files import PaperFiles
from bot.services.rounds import RoundRefused
from storage.database import Database
from storage.tables import Round

LEGAL = {
    "controller": "Kommunstyrelsen i Åre kommun",
    "diary_number": "KS 2026/114",
    "dpia_date": "2026-08-20",
    "deletion_decision": "KS 2026 § 88",
    "safeguard_mode": "A",
}
NAMES = (
    "konsekvensbedomning",
    *("information-kort-sv", "information-kort-en", "information-lang-sv", "information-lang-en"),
    *("registerforteckning", "till-polisen"),
)


@pytest.fixture
def town(database: Database) -> Town:
    return Town.build(database, values={**_round_document().values, **LEGAL})


def made(town: Town) -> dict[str, bytes]:
    files = PaperFiles(sessions=town.house.database.sessions, now=town.clock).make(ROUND)
    return {file.name: file.content for file in files}


def opened(content: bytes) -> DocumentObject:
    return Document(io.BytesIO(content))


def words_of(content: bytes) -> str:
    """All that stands in a document, tables too, with single spaces."""
    read = opened(content)
    cells = [cell.text for table in read.tables for row in table.rows for cell in row.cells]
    words = " ".join(" ".join([*(p.text for p in read.paragraphs), *cells]).split())
    return words.replace("\N{NON-BREAKING HYPHEN}", "-")


def update_document(town: Town, **changes: Any) -> None:
    values = {**_round_document().values, **LEGAL, **changes}
    with town.house.database.sessions.begin() as session:
        session.execute(update(Round).values(document=values))


def test_every_paper_is_made_as_word_and_as_plain_text(town: Town) -> None:
    assert set(made(town)) == {f"{name}.{ending}" for name in NAMES for ending in ("docx", "txt")}


def test_impact_assessment_is_filled_with_the_rounds_own_facts(town: Town) -> None:
    words = words_of(made(town)["konsekvensbedomning.docx"])
    for fact in (
        *LEGAL.values(),
        *(
            "Åre kommun",
            "3 oktober–2 december 2026",
            "16 december 2026",
            "17 december 2026",
            "3 december 2027",
        ),
        *("3 december 2030", "070-000 01 00", "are.se/trygg", "0647-161 00", "TRYGG", "Skyddsläge A gäller"),
        *("Omgången frågar efter kön", "artikel 6.1 e", "2023:196"),
    ):
        assert fact in words, fact
    assert "SAKNAS" not in words
    assert "egen utsatthet" not in words  # this round does not ask


def test_what_the_round_lacks_is_named_and_nothing_is_made_up(town: Town) -> None:
    update_document(town, dpia_date="", controller="")
    files = made(town)
    words = words_of(files["konsekvensbedomning.docx"])
    assert "SAKNAS I OMGÅNGEN: personuppgiftsansvarig, konsekvensbedömningens datum." in words
    assert "[saknas i omgången: konsekvensbedömningens datum]" in words
    short = files["information-kort-en.txt"].decode()
    assert "MISSING IN THE ROUND: controller." in short
    assert "impact assessment" not in short  # a poster does not tell of it


def test_what_is_for_a_person_to_fill_in_is_marked_in_words_and_in_colour(town: Town) -> None:
    files = PaperFiles(sessions=town.house.database.sessions, now=town.clock).make(ROUND)
    dpia = next(file for file in files if file.name == "konsekvensbedomning.docx")
    paragraphs = opened(dpia.content).paragraphs
    marked = [p.text for p in paragraphs if p.text.startswith("ATT FYLLA I:")]
    assert tuple(marked) == dpia.open_points
    assert len(marked) >= 10
    shaded = [p.text for p in paragraphs if p._p.pPr is not None and p._p.pPr.find(qn("w:shd")) is not None]
    assert shaded == marked


def test_documents_have_headings_header_rows_language_and_title(town: Town) -> None:
    for name, content in made(town).items():
        if not name.endswith(".docx"):
            continue
        read = opened(content)
        locale = "en-GB" if name.endswith("-en.docx") else "sv-SE"
        assert read.core_properties.language == locale
        assert read.core_properties.title == read.paragraphs[0].text
        assert read.paragraphs[0].style.name == "Title"
        assert {lang.get(qn("w:val")) for lang in read.styles.element.iter(qn("w:lang"))} == {locale}
        for table in read.tables:
            assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
            assert all(len(row.cells) == len(table.columns) for row in table.rows)
    levels = [p.style.name for p in opened(made(town)["konsekvensbedomning.docx"]).paragraphs]
    assert levels.count("Heading 1") == 10
    assert "Heading 2" in levels


def test_same_round_on_the_same_day_makes_the_same_bytes(town: Town) -> None:
    first, second = made(town), made(town)
    assert first == second
    with ZipFile(io.BytesIO(first["konsekvensbedomning.docx"])) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_papers_can_be_made_of_a_draft(town: Town) -> None:
    with town.house.database.sessions.begin() as session:
        session.execute(update(Round).values(status="draft", opened_at=None))
    assert "16 december 2026" in words_of(made(town)["konsekvensbedomning.docx"])


def test_an_unknown_round_is_refused(town: Town) -> None:
    with pytest.raises(RoundRefused, match=f"rounds: {ROUND}"):
        PaperFiles(sessions=town.house.database.sessions, now=town.clock).make("nowhere")


def test_short_text_fits_a_poster_and_names_danger_and_the_last_day(town: Town) -> None:
    for language, closes in (("sv", "2 december 2026"), ("en", "2 December 2026")):
        text = " ".join(made(town)[f"information-kort-{language}.txt"].decode().split("\n")[3:])
        assert len(text.split()) < 100
        assert "112" in text
        assert closes in text


def test_a_text_of_the_municipality_cannot_change_the_paper(town: Town) -> None:
    update_document(town, controller="{closes} <w:p/> & =1+1")
    words = words_of(made(town)["konsekvensbedomning.docx"])
    assert "{closes} <w:p/> & =1+1" in words


@pytest.mark.parametrize("name", ["dpia", "information", "method"])
def test_parts_name_only_facts_that_there_are(name: str) -> None:
    """A name that nobody fills is found here, before a municipality finds it."""
    for part in document(name):
        with pytest.raises(KeyError):
            build(name, part, "sv", Facts(values={}), date(2026, 1, 1))


def test_every_table_and_word_stands_in_the_languages_that_use_it() -> None:
    for key, content in document("tables").items():
        assert isinstance(content, Mapping), key
        if "widths" in content:
            headings = content["headings_sv"]
            assert len(content["widths"]) == len(headings), key
            assert all(len(row) == len(headings) for row in content.get("rows_sv", [])), key
        else:
            assert set(content) == set(LANGUAGES), key


def test_libreoffice_makes_readable_pages_of_every_paper(
    town: Town, soffice: list[str], tmp_path: Path
) -> None:
    if shutil.which("pdftotext") is None:
        assert not os.environ.get("CI"), "poppler-utils must be there in CI"
        pytest.skip("poppler-utils is not installed")
    documents = {name: content for name, content in made(town).items() if name.endswith(".docx")}
    for name, content in documents.items():
        (tmp_path / name).write_bytes(content)
    files = [str(tmp_path / name) for name in documents]
    convert = [*soffice, "pdf", "--outdir", str(tmp_path), *files]
    subprocess.run(convert, check=True, capture_output=True, timeout=240)
    for name, content in documents.items():
        pdf = tmp_path / name.replace(".docx", ".pdf")
        assert pdf.exists(), f"{name}: LibreOffice (is its Writer installed?) cannot open it"
        shown = subprocess.run(
            ["pdftotext", str(pdf), "-"], check=True, capture_output=True, timeout=60
        ).stdout
        pages = re.sub(r"\W+", "", shown.decode())
        for paragraph in opened(content).paragraphs:
            assert re.sub(r"\W+", "", paragraph.text)[:60] in pages, paragraph.text
