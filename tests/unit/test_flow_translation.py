"""A survey in one more language: texts go to a translator in Excel and back, and each tells how far it has come."""

import io
import json
import re
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from bot.cli import main
from bot.services.publishing import load_flow
from bot.services.rounds import RoundRefused
from bot.services.workbooks.faults import NotAWorkbookError
from bot.services.workbooks.translation_book import read_translation, write_translation
from flows.catalogue import draft, draft_names, flow_names, load_document, load_document_text, shipped
from flows.model import FINISHED, Flow
from flows.parsing import parse_flow, serialise
from flows.signatures import unsigned
from flows.translations import Status, Text

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


def sign(small: Path, tmp_path: Path, name: str) -> Path:
    """The survey, with all its texts in Arabic read by somebody."""
    book, new = tmp_path / "ar.xlsx", tmp_path / "new.yaml"
    assert run("out", small, "--language", "ar", "-o", book).exit_code == 0
    translate(book, ARABIC)
    result = run("in", book, small, "-o", new, "--signed-by", name)
    assert result.exit_code == 0, result.output
    return new


@pytest.fixture(scope="module")
def signed_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("signed")
    (folder / "small.yaml").write_text(SMALL, encoding="utf-8")
    return sign(folder / "small.yaml", folder, "Amina Yusuf")


@pytest.fixture
def signed(signed_once: Path, tmp_path: Path) -> Path:
    """Of this test's own: new.yaml, with the translator's ar.xlsx beside it."""
    shutil.copytree(signed_once.parent, tmp_path, dirs_exist_ok=True)
    return tmp_path / "new.yaml"


def replaced(path: Path, *pairs: tuple[str, str]) -> Path:
    text = path.read_text(encoding="utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")
    return path


def test_texts_go_out_with_what_a_machine_has_drafted_and_come_back_as_a_draft(
    small: Path, tmp_path: Path
) -> None:
    book, new = tmp_path / "ar.xlsx", tmp_path / "new.yaml"
    result = run("out", small, "--language", "Arabic", "-o", book)
    ours = len(shipped().texts) + len(shipped().page)
    assert result.output == f"{book}: {7 + ours} texts, {ours + 2} machine draft, 5 missing\n"
    translate(book, ARABIC)
    result = run("in", book, small, "-o", new)
    assert f"ar is a draft and is not offered: {7 + ours} are not signed off" in result.output
    flow = flow_of(new)
    assert (flow.languages, flow.draft_languages) == (("sv",), ("ar",))
    assert flow.question("bus").sms == {"sv": "Buss? 1 Ja 2 Nej", "ar": ARABIC["survey/bus/sms"]}
    assert flow.question("bus").choices[0].synonyms["ar"] == ("اجل", "نعم, طبعا")
    assert flow.thanks["ar"] == "شكرا!"
    assert {*statuses(new, tmp_path).values()} == {("draft",), ("machine draft",)}


def test_a_language_is_offered_once_a_named_person_has_signed_every_text(
    signed: Path, tmp_path: Path
) -> None:
    flow = flow_of(signed)
    assert (flow.languages, flow.draft_languages) == (("sv", "ar"), ())
    assert {status[:2] for status in statuses(signed, tmp_path).values()} == {("signed off", "Amina Yusuf")}
    published = parse_flow(load_flow("new.yaml", tmp_path)).flow
    assert published is not None
    assert published.languages == ("sv", "ar")
    assert published.texts["emergency"]["ar"] == draft("ar")["texts"]["emergency"]


def test_without_a_name_nothing_is_signed(small: Path, tmp_path: Path) -> None:
    assert flow_of(sign(small, tmp_path, "  ")).languages == ("sv",)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (f"ar: {ARABIC['survey/thanks/label']}", "ar: شكرا جزيلا!"),
        (f"ar: {ARABIC['survey/bus/sms']}", "ar: حافلة 1 نعم 2 لا"),
        ("sv: Tack!", "sv: Tack så mycket!"),
        (draft("ar")["texts"]["erased"], "شكرا"),
        (draft("ar")["page"]["send"], "ارسل"),
        ("by: Amina Yusuf", "by: ''"),
        ("on: '20", "on: '"),
    ],
    ids=["text", "sms", "source", "service text", "page", "no name", "no day"],
)
def test_a_language_whose_text_or_signature_was_changed_after_it_is_not_offered_again(
    signed: Path, tmp_path: Path, old: str, new: str
) -> None:
    path = replaced(signed, (old, new))
    assert (flow_of(path).languages, flow_of(path).draft_languages) == (("sv",), ("ar",))
    result = CliRunner().invoke(main, ["flow", "check", str(path)])
    assert result.exit_code == 1
    assert "ar is not signed off: 1 texts" in result.output
    with pytest.raises(RoundRefused, match="not signed off"):
        load_flow("new.yaml", tmp_path)


def test_a_language_that_is_moved_among_those_offered_by_hand_is_not_offered(
    small: Path, tmp_path: Path
) -> None:
    book, new = tmp_path / "ar.xlsx", tmp_path / "new.yaml"
    run("out", small, "--language", "ar", "-o", book)
    translate(book, ARABIC)
    run("in", book, small, "-o", new)
    replaced(
        new,
        ("  draft_languages:\n    - ar\n", ""),
        ("  languages:\n    - sv\n", "  languages:\n    - sv\n    - ar\n"),
    )
    assert flow_of(new).languages == ("sv",)
    with pytest.raises(RoundRefused, match="not signed off"):
        load_flow("new.yaml", tmp_path)


def test_what_lyhord_says_in_other_words_since_must_be_read_again(
    signed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = shipped()
    changed = {**later.texts, "erased": {**later.texts["erased"], "sv": "Borttaget."}}
    monkeypatch.setattr("bot.services.publishing.shipped", lambda: replace(later, texts=changed))
    with pytest.raises(RoundRefused, match="translated from other words, the first is texts/erased"):
        load_flow("new.yaml", signed.parent)


@pytest.mark.parametrize("name", flow_names())
def test_a_draft_never_stands_in_what_is_published(name: str) -> None:
    assert {*draft_names()} == {"ar", "fi", "no", "sma", "so"}
    document = load_flow(name, Path())
    assert document == serialise(load_document(name).document)
    assert "draft_languages" not in document["settings"]
    flow = parse_flow(document).flow
    assert flow is not None
    assert {*flow.languages} == {*FINISHED}


def test_a_draft_of_an_own_survey_does_not_stand_in_what_is_published(small: Path, tmp_path: Path) -> None:
    book, new = tmp_path / "ar.xlsx", tmp_path / "new.yaml"
    run("out", small, "--language", "ar", "-o", book)
    translate(book, ARABIC)
    run("in", book, small, "-o", new)
    published = json.dumps(load_flow("new.yaml", tmp_path), ensure_ascii=False)
    assert not re.search("[\u0600-\u06ff]", published)


def test_a_workbook_that_is_read_again_keeps_the_signature(signed: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.yaml"
    assert run("in", tmp_path / "ar.xlsx", signed, "-o", again).exit_code == 0
    assert {status[1] for status in statuses(again, tmp_path).values()} == {"Amina Yusuf"}
    assert again.read_bytes() == signed.read_bytes()


def test_a_text_that_a_translator_changes_later_must_be_signed_again(signed: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.yaml"
    translate(tmp_path / "ar.xlsx", {"survey/thanks/label": "شكرا لك"})
    result = run("in", tmp_path / "ar.xlsx", signed, "-o", again)
    assert "1 are not signed off, the first is survey/thanks/label" in result.output
    assert flow_of(again).languages == ("sv",)
    assert statuses(again, tmp_path)["survey/thanks/label"] == ("draft",)


def test_a_translation_made_from_an_older_source_is_not_signed(small: Path, tmp_path: Path) -> None:
    book, new = tmp_path / "ar.xlsx", tmp_path / "new.yaml"
    run("out", small, "--language", "ar", "-o", book)
    translate(book, ARABIC)
    replaced(small, ("Buss? 1 Ja 2 Nej", "Bussen? 1 Ja 2 Nej"))
    result = run("in", book, small, "-o", new, "--signed-by", "Eva")
    assert (
        "survey/bus/sms: translated from other words than stand there now. It is not signed off."
        in result.output
    )
    assert unsigned(flow_of(new), "ar", shipped()) == ("survey/bus/sms",)
    assert flow_of(new).languages == ("sv",)


def test_a_changed_source_is_told_as_changed(signed: Path, tmp_path: Path) -> None:
    later = statuses(replaced(signed, ("sv: Tack!", "sv: Tack så mycket!")), tmp_path)
    assert later["survey/thanks/label"] == ("changed",)
    assert later["survey/bus/label"][:2] == ("signed off", "Amina Yusuf")


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
    assert 'column A (text): The text "settings/title" stands twice.' in result.output
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
    assert "gone" not in new.read_text(encoding="utf-8")


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
