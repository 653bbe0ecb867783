"""A survey in one more language: texts go to a translator in Excel and back, and each tells how far it has come."""

import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from bot.cli import main
from bot.services.workbooks.faults import NotAWorkbookError
from bot.services.workbooks.translation_book import read_translation, write_translation
from flows.catalogue import load_document, load_document_text
from flows.model import Flow
from flows.parsing import parse_flow, serialise
from flows.translations import Status, Text, list_texts, recorded

SMALL = """
settings: {form_id: small, version: 1, title: {sv: Liten}, stream: dialogue, languages: [sv], core: [bus]}
choices:
  yes_no:
    - {name: yes, key: 1, label: {sv: Ja}, synonyms: {sv: [japp, "jo, visst"]}}
    - {name: no, key: 2, label: {sv: Nej}}
survey:
  - {type: select_one yes_no, name: bus, label: {sv: "Buss, [K]?"}, sms: {sv: "Buss? 1 Ja 2 Nej"}}
  - {type: note, role: thanks, label: {sv: Tack!}}
"""
ARABIC = {
    "settings/title": "صغير",
    "survey/bus/label": "حافلة [K]؟",
    "survey/bus/sms": "حافلة؟ 1 نعم 2 لا",
    "choices/yes_no/yes/label": "نعم",
    "choices/yes_no/no/label": "لا",
    "survey/thanks/label": "شكرا!",
    "choices/yes_no/yes/synonyms": 'اجل, "نعم, طبعا"',
}


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["flow", "translation", *map(str, arguments)])


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "small.yaml"
    path.write_text(SMALL, encoding="utf-8")
    return path


def translate(book_path: Path, texts: dict[str, str]) -> None:
    """What a translator does."""
    book = load_workbook(book_path)
    for row in book.worksheets[0].iter_rows(min_row=2):
        if row[0].value in texts:
            row[2].value = texts[row[0].value]
    book.save(book_path)


def statuses(flow: Path, tmp_path: Path) -> dict[str, tuple[str, ...]]:
    """The last columns of the workbook that goes out now, by text."""
    output = tmp_path / "statuses.xlsx"
    assert run("out", flow, "--language", "ar", "-o", output).exit_code == 0
    sheet = load_workbook(output).worksheets[0]
    rows: list[tuple[Any, ...]] = [*sheet.iter_rows(min_row=2, values_only=True)]
    return {row[0]: tuple(str(cell) for cell in row[3:6] if cell) for row in rows}


def flow_of(path: Path) -> Flow:
    flow = parse_flow(load_document_text(path.read_bytes(), path.name).document).flow
    assert flow is not None
    return flow


def test_texts_go_out_missing_and_come_back_as_a_draft(small: Path, tmp_path: Path) -> None:
    book, new = tmp_path / "ar.xlsx", tmp_path / "new.yaml"
    result = run("out", small, "--language", "Arabic", "-o", book)
    assert result.output == f"{book}: 7 texts, 7 missing\n"
    translate(book, ARABIC)
    assert run("in", book, small, "-o", new).exit_code == 0
    flow = flow_of(new)
    assert (flow.languages, flow.draft_languages) == (("sv",), ("ar",))
    assert flow.question("bus").sms == {"sv": "Buss? 1 Ja 2 Nej", "ar": ARABIC["survey/bus/sms"]}
    assert flow.question("bus").choices[0].synonyms["ar"] == ("اجل", "نعم, طبعا")
    assert flow.thanks["ar"] == "شكرا!"
    assert {*statuses(new, tmp_path).values()} == {("draft",)}


def test_a_person_who_signs_off_stands_with_name_and_day_until_a_text_is_changed(
    small: Path, tmp_path: Path
) -> None:
    book, new = tmp_path / "ar.xlsx", tmp_path / "new.yaml"
    run("out", small, "--language", "ar", "-o", book)
    translate(book, ARABIC)
    run("in", book, small, "-o", new, "--signed-by", "Amina Yusuf")
    signed = statuses(new, tmp_path)
    assert {len(status) for status in signed.values()} == {3}
    assert {status[:2] for status in signed.values()} == {("signed off", "Amina Yusuf")}
    text = new.read_text(encoding="utf-8")
    new.write_text(text.replace("Tack!", "Tack så mycket!").replace("لا", "كلا", 1), encoding="utf-8")
    later = statuses(new, tmp_path)
    assert later["survey/thanks/label"] == ("changed",)
    assert [place for place, status in later.items() if status == ("draft",)] != []
    assert later["survey/bus/label"] == signed["survey/bus/label"]


def test_a_workbook_that_is_read_again_keeps_the_signature(small: Path, tmp_path: Path) -> None:
    book, new, again = tmp_path / "ar.xlsx", tmp_path / "new.yaml", tmp_path / "again.yaml"
    run("out", small, "--language", "ar", "-o", book)
    translate(book, ARABIC)
    run("in", book, small, "-o", new, "--signed-by", "Amina Yusuf")
    assert run("in", book, new, "-o", again).exit_code == 0
    assert {status[1] for status in statuses(again, tmp_path).values()} == {"Amina Yusuf"}
    assert again.read_bytes() == new.read_bytes()


def test_a_translation_made_from_an_older_source_is_told_as_changed() -> None:
    flow = parse_flow(load_document_text(SMALL, "").document).flow
    assert flow is not None
    record = recorded({"survey/bus/sms": ("Bussen? 1 Ja 2 Nej", "x")}, {}, by="Eva", on="2026-08-01")
    document = load_document_text(SMALL.replace('sms: {sv: "', 'sms: {ar: x, sv: "'), "").document
    changed = parse_flow(document).flow
    assert changed is not None
    found = {text.place: text.status for text in list_texts(changed, "ar", record, ", ".join)}
    assert found["survey/bus/sms"] is Status.CHANGED


@pytest.mark.parametrize("name", ["residents", "employees", "dialogue"])
def test_an_offered_language_comes_back_the_same(name: str, tmp_path: Path) -> None:
    book, new = tmp_path / "en.xlsx", tmp_path / "new.yaml"
    assert "missing" not in run("out", name, "--language", "en", "-o", book).output
    assert run("in", book, name, "-o", new).exit_code == 0
    document = serialise(load_document(name).document)
    assert load_document_text(new.read_bytes(), "new.yaml").document == document


def test_a_lost_placeholder_a_doubled_text_and_a_formula_are_named(small: Path, tmp_path: Path) -> None:
    book, new = tmp_path / "ar.xlsx", tmp_path / "new.yaml"
    run("out", small, "--language", "ar", "-o", book)
    translate(book, {**ARABIC, "survey/bus/label": "حافلة؟", "survey/bus/sms": "=A1"})
    opened = load_workbook(book)
    opened.worksheets[0].append(["settings/title", "Liten", "x"])
    opened.save(book)
    result = run("in", book, small, "-o", new)
    assert result.exit_code == 1
    assert "row 3, column C (translation): The translation lacks [K]" in result.output
    assert "row 4, column C (translation): The cell has a formula" in result.output
    assert 'row 9, column A (text): The text "settings/title" stands twice.' in result.output
    assert not new.exists()


def test_a_text_that_the_survey_has_no_longer_is_left_out_and_told(small: Path, tmp_path: Path) -> None:
    book, new = tmp_path / "ar.xlsx", tmp_path / "new.yaml"
    run("out", small, "--language", "ar", "-o", book)
    translate(book, ARABIC)
    opened = load_workbook(book)
    opened.worksheets[0].append(["survey/gone/label", "Borta?", "x"])
    opened.save(book)
    result = run("in", book, small, "-o", new)
    assert result.exit_code == 0
    assert "survey/gone/label: the survey has no such text any more" in result.output
    assert "gone" not in (tmp_path / "new.translations.yaml").read_text(encoding="utf-8")


def test_a_workbook_of_something_else_is_refused_by_a_sentence() -> None:
    stream = io.BytesIO()
    write_translation(
        [Text(place="a", source="A", text="", status=Status.MISSING)],
        stream,
        source="sv",
        language="fi",
        title="x",
        made_on=date(2026, 8, 1),
    )
    assert read_translation(stream.getvalue(), "sv").language == "fi"
    with pytest.raises(NotAWorkbookError, match="lyhord flow translation out"):
        read_translation(stream.getvalue(), "en-GB")


def test_the_default_language_is_no_translation(small: Path, tmp_path: Path) -> None:
    assert run("out", small, "--language", "sv", "-o", tmp_path / "x.xlsx").exit_code == 2
