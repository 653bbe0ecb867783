"""A flow as an XLSForm workbook: nothing is lost on the way, the standard takes it, and a stranger's is told all."""

import io
import zipfile
from datetime import date
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from pyxform.xls2xform import convert

from bot.services.publishing import check_document
from bot.services.workbooks.flow_reading import load_workbook_flow
from bot.services.workbooks.flow_writing import write_flow
from flows.catalogue import LoadedDocument, document_text, flow_names, load_document, load_document_text
from flows.documents import has_errors
from flows.parsing import parse_flow, serialise
from flows.survey import _QUESTION_COLUMNS, _TYPES
from flows.xlsform import PLAIN, TRANSLATED, UNSUPPORTED

EVERYTHING = """
settings:
  form_id: everything
  version: "2026-1"
  title: {sv: Allt, en: All, sr-Latn: Sve}
  stream: residents
  languages: [sv, en]
  draft_languages: [sr-Latn]
  core: [role, area]
choices:
  yes_no:
    - {name: yes, key: 1, label: {sv: Ja, en: Yes, sr-Latn: Da}}
    - {name: no, key: 2, label: {sv: Nej, en: No, sr-Latn: Ne}}
  role:
    - name: lives
      key: 1
      label: {sv: Bor, en: Live}
      synonyms: {sv: [bor här, "Duved, by", 'säger "bo"', bo;ende], en: [live here]}
    - {name: works, key: 7, label: {sv: "=SUM(1)", en: "+46"}}
  when:
    - {name: 15_24, key: 1, label: {sv: 15-24, en: 15-24}}
    - {name: "0701", key: 2, label: {sv: "0701", en: "1e5"}}
    - {name: never, key: 0, label: {sv: Aldrig, en: Never}, exclusive: yes}
  age:
    - {name: 15_24, key: 1, label: {sv: 15-24 år, en: 15-24}}
    - {name: 25_up, key: 2, label: {sv: 25 år +, en: 25 and up}}
  areas:
    - {name: everywhere, key: 99, label: {sv: Hela kommunen, en: Everywhere}}
survey:
  - {type: hidden, name: channel}
  - type: acknowledge
    name: start
    label: {sv: "[K] frågar.\\nFara: ring 112", en: "[K] asks. Danger: call 112"}
  - {type: select_one yes_no, name: uses, label: {sv: Bor du?, en: Live?}, required: no}
  - {type: begin_group, relevant: "${uses} = 'yes' and ${channel} != 'sms'"}
  - {type: select_one role, name: role, role: role, label: {sv: Vem?, en: Who?}, appearance: likert}
  - {type: select_multiple when, name: when, max_choices: 2, label: {sv: När?, en: When?}}
  - {type: end_group}
  - {type: begin_group, name: named, relevant: "selected(${when}, 'never')"}
  - {type: select_one age, name: age, role: age, label: {sv: Ålder?, en: Age?}}
  - {type: end_group, name: named}
  - {type: select_one_from_file areas, name: area, role: area, label: {sv: Var?, en: Where?}}
  - type: integer
    name: people
    label: {sv: Hur många?, en: How many?}
    constraint: . >= 0 and . <= 50
    constraint_message: {sv: Högst 50., en: At most 50.}
    parts: [women, men]
  - type: begin_repeat
    name: more
    repeat_max: 3
    relevant: ${uses} = 'yes'
    label: {sv: Fler?, en: More?}
    sms: {sv: Fler? 1 Ja 2 Nej, en: More? 1 Yes 2 No}
  - {type: text, name: problem, role: problem, code_with: tax-1, label: {sv: Vad?, en: What?}, hint: {sv: Kort}}
  - type: text
    name: plats_å
    role: place
    relevant: ${problem_place} = '' and selected(${problem_category}, 'traffic')
    label: {sv: Var?, en: Where?}
  - {type: end_repeat}
  - {type: note, role: thanks, label: {sv: Tack!, en: Thanks!}, sms: {sv: "Tack! [U]", en: "Thanks! [U]"}}
"""


@cache
def everything() -> dict[str, Any]:
    loaded = load_document_text(EVERYTHING, "everything.yaml")
    assert not has_errors((*loaded.problems, *parse_flow(loaded.document).problems))
    return serialise(loaded.document)


def written(document: dict[str, Any], language: str = "sv") -> bytes:
    stream = io.BytesIO()
    write_flow(document, stream, made_on=date(2026, 8, 1), language=language)
    return stream.getvalue()


def read(data: bytes) -> LoadedDocument:
    return load_workbook_flow(data, "form.xlsx")


def made(**sheets: list[list[object]]) -> bytes:
    """A workbook as somebody else would have written it."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


SETTINGS: list[list[object]] = [["form_id", "form_title", "version", "stream"], ["a", "A", 1, "residents"]]
SURVEY: list[list[object]] = [
    ["type", "name", "label::Svenska (sv)"],
    ["acknowledge", "start", "Börja? Fara: 112"],
    ["select_one role", "role", "Vem är du?"],
    ["note", "thanks", "Tack!"],
]
CHOICES: list[list[object]] = [
    ["list_name", "name", "label::Svenska (sv)"],
    ["role", "lives", "Bor här"],
    ["role", "works", "Jobbar här"],
]


def faults(data: bytes) -> list[str]:
    return [f"{p.where}: {p.code}" for p in check_document(read(data)) if has_errors([p])]


def found(data: bytes) -> list[str]:
    return [f"{p.where}: {p.code}" for p in read(data).problems]


@pytest.mark.parametrize("name", flow_names())
def test_packaged_flow_goes_out_and_comes_back_the_same(name: str) -> None:
    document = serialise(load_document(name).document)
    again = read(written(document))
    assert again.problems == ()
    assert serialise(again.document) == document
    assert check_document(again) == ()


def test_every_type_and_column_comes_back_the_same() -> None:
    again = read(written(everything(), "en"))
    assert again.problems == ()
    assert serialise(again.document) == everything()
    assert parse_flow(again.document).flow == parse_flow(everything()).flow


def test_the_form_of_everything_has_every_type_and_column() -> None:
    rows = everything()["survey"]
    assert {row["type"].split()[0] for row in rows} == {*_TYPES}
    assert {column for row in rows for column in row} == {*_QUESTION_COLUMNS}
    assert {*PLAIN["survey"], *TRANSLATED["survey"], "sms"} == {*_QUESTION_COLUMNS}


@pytest.mark.parametrize("name", [*flow_names(), "everything"])
def test_the_reference_reader_of_the_standard_takes_what_we_write(name: str) -> None:
    document = everything() if name == "everything" else serialise(load_document(name).document)
    form = convert(xlsform=io.BytesIO(written(document)), validate=False)
    for row in document["survey"]:
        if row["type"].split()[0] in ("text", "integer", "acknowledge", "select_one", "select_multiple"):
            assert f"/{row['name']}" in form.xform
    for wording in (row["label"] for row in document["survey"] if "label" in row):
        assert wording["en"].split("\n")[0].replace(">", "&gt;") in form.xform


_TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn"), include_characters="\n"), max_size=40)
_WORDS = st.lists(_TEXT.map("x{}".format), min_size=1, max_size=4)


@settings(max_examples=30, deadline=None)
@given(label=_TEXT, hint=_TEXT, words=_WORDS)
def test_whatever_is_written_comes_back_to_the_letter(label: str, hint: str, words: list[str]) -> None:
    document = load_document_text(EVERYTHING, "").document
    document["survey"][1]["label"]["sv"] = f"a{label}b".replace("${", "$")  # type: ignore[index]
    document["survey"][1]["hint"] = {"sv": hint.replace("${", "$")}  # type: ignore[index]
    document["choices"]["role"][1]["synonyms"] = {"sv": words}  # type: ignore[index]
    flow = parse_flow(document).flow
    again = parse_flow(read(written(serialise(document))).document).flow
    assert again is not None and flow is not None
    assert again.questions[0] == flow.questions[0]
    assert again.question("role").choices == flow.question("role").choices


@settings(max_examples=30, deadline=None)
@given(label=_TEXT, name=st.sampled_from(["no", "0701", "1.0", "null", "~", "15_24"]))
def test_the_yaml_of_an_imported_flow_says_the_same(label: str, name: str) -> None:
    document = serialise({"survey": [{"name": name, "label": {"sv": f"a{label}"}}]})
    assert load_document_text(document_text(document), "").document == document


def test_a_stranger_s_spelling_is_understood() -> None:
    data = made(
        Survey=[
            [
                "Type",
                "Name",
                "Label",
                "Label :: English",
                "Relevance",
                "Constraint Message::sv",
                "constraint",
            ],
            ["start", "start_time"],
            ["trigger", "begin", "Börja? Fara: ring 112", "Begin? Danger: call 112"],
            [],
            ["Select one from yn", "lives", "Bor du här?", "Do you live here?"],
            ["int", "years", "Hur länge?", "How long?", "${lives} = ‘1’", "Högst 99", ". <= 99"],
            ["note", None, "Tack!", "Thank you!"],
        ],
        Choices=[
            ["list name", "name", "label", "label::en"],
            ["yn", 1.0, "Ja", "Yes"],
            ["yn", 2, "Nej", "No"],
        ],
        Settings=[
            ["id_string", "title", "version", "default_language", "stream"],
            ["small", "Liten", 20240101, "Svenska (sv)", "residents"],
        ],
    )
    loaded = read(data)
    assert [p.code for p in loaded.problems] == ["thanks_assumed", "about_device"]
    flow = parse_flow(loaded.document).flow
    assert flow is not None
    assert flow.languages == ("sv", "en")
    assert (flow.id, flow.version, flow.title) == ("small", "20240101", {"sv": "Liten"})
    assert [choice.name for choice in flow.question("lives").choices] == ["1", "2"]
    assert flow.question("years").relevant == "${lives} = '1'"
    assert flow.question("years").constraint_message == {"sv": "Högst 99"}
    assert flow.thanks == {"sv": "Tack!", "en": "Thank you!"}


def test_everything_that_is_wrong_is_told_at_once_with_its_cell() -> None:
    survey: list[list[object]] = [
        [
            "type",
            "name",
            "label::Svenska (sv)",
            "label::Klingon",
            "relevent",
            "choice_filter",
            "calculation",
            "mine",
        ],
        ["acknowledge", "start", "Börja? Fara: 112", None, None, None, None, "note"],
        ["geopoint", "where", "Var?"],
        ["select_one role or_other", "role", "Vem är ${start}?", None, None, "x = 1"],
        ["image", "photo", "Bild?", None, None, None, "1 + 1"],
        ["text", "when", date(2026, 1, 2)],
        [None, None, None, None, None, None, None, None, "lost"],
        ["note", "thanks", "Tack!"],
    ]
    assert found(made(survey=survey, choices=CHOICES, settings=SETTINGS)) == [
        "survey, row 6, column C: made_a_date",
        "survey, row 1, column D: language_code",
        "survey, row 1, column E: unknown_column",
        "survey, row 1, column H: column_ignored",
        "survey, row 4, column F: column_unsupported",
        "survey, row 5, column G: column_unsupported",
        "survey, row 7, column I: no_heading",
        "survey, row 8: thanks_assumed",
        "survey, row 3, column A: type_unsupported",
        "survey, row 4, column A: type_unsupported",
        "survey, row 5, column A: type_unsupported",
    ]


def test_the_checks_of_a_flow_name_the_cell() -> None:
    survey = [*SURVEY[:2], ["select_one rolle", "role", "Vem?"], ["text", "start", "Vad?"], SURVEY[3]]
    assert faults(made(survey=survey, choices=CHOICES, settings=SETTINGS)) == [
        "survey > role (survey, row 3): unknown_list",
        "survey > row 3 (survey, row 4): name_doubled",
    ]
    relevant = [
        [*row, value] for row, value in zip(SURVEY, ["relevant", "", "${rolle} = 1", ""], strict=True)
    ]
    assert faults(made(survey=relevant, choices=CHOICES, settings=SETTINGS)) == [
        "survey > role > relevant (survey, row 3, column D): unknown_name"
    ]
    naming = [*SURVEY[:1], [*SURVEY[1][:2], "Vem är ${start}?"], *SURVEY[2:]]
    assert "answer_in_text" in str(faults(made(survey=naming, choices=CHOICES, settings=SETTINGS)))


@pytest.mark.parametrize("kind", sorted(UNSUPPORTED))
def test_a_type_that_cannot_be_asked_is_named_with_its_row_and_what_to_do(kind: str) -> None:
    survey = [*SURVEY[:3], [f"{kind} x", "odd", "?"], SURVEY[3]]
    problem = read(made(survey=survey, choices=CHOICES, settings=SETTINGS)).problems[-1]
    assert (problem.code, problem.where) == ("type_unsupported", "survey, row 4, column A")
    assert kind in problem.message
    assert problem.advice


def test_sheets_that_are_missing_doubled_or_hidden() -> None:
    assert "form.xlsx: sheet_missing" in faults(made(Blad1=[["hej"]]))
    assert "form.xlsx: sheet_missing" in faults(made(choices=CHOICES))
    twice = made(**{"survey": SURVEY, "survey ": SURVEY, "choices": CHOICES, "settings": SETTINGS})
    assert "form.xlsx: sheet_twice" in faults(twice)
    book = load_workbook(io.BytesIO(made(survey=SURVEY, choices=CHOICES, settings=SETTINGS)))
    book["choices"].sheet_state = "hidden"
    stream = io.BytesIO()
    book.save(stream)
    assert faults(stream.getvalue()) == []


def test_merged_cells_are_read_for_every_row_that_they_cover() -> None:
    book = load_workbook(io.BytesIO(made(survey=SURVEY, choices=CHOICES, settings=SETTINGS)))
    book["choices"].merge_cells("A2:A3")
    stream = io.BytesIO()
    book.save(stream)
    assert faults(stream.getvalue()) == []


def test_a_formula_without_its_value_and_an_error_are_named() -> None:
    survey = [*SURVEY[:2], ["select_one role", "role", '="Vem är " & A1'], ["note", "thanks", "#REF!"]]
    data = made(survey=survey, choices=CHOICES, settings=SETTINGS)
    assert found(data)[:2] == [
        "survey, row 3, column C: formula_without_value",
        "survey, row 4, column C: cell_error",
    ]


def test_choices_in_no_list_and_doubled_headings_are_named() -> None:
    choices = [[*CHOICES[0], "label::sv"], *CHOICES[1:], [None, "x", "X"]]
    assert found(made(survey=SURVEY, choices=choices, settings=SETTINGS)) == [
        "choices, row 1, column D: column_twice",
        "choices, row 4: list_missing",
        "survey, row 4: thanks_assumed",
    ]


def test_files_that_are_no_workbook_are_refused_by_a_sentence() -> None:
    bomb, stream = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b" " * 50_000_000)
    with zipfile.ZipFile(stream, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    encrypted = ole + "EncryptedPackage".encode("utf-16-le")
    good = made(survey=SURVEY)
    for data, code in {
        b"": "empty_file",
        b"type,name,label": "not_a_workbook",
        ole: "old_excel",
        encrypted: "encrypted",
        stream.getvalue(): "open_document",
        bomb.getvalue(): "unpacked_too_large",
        good[: len(good) // 2]: "damaged",
        good + b"0" * 4_000_001: "too_large",
    }.items():
        (problem,) = check_document(read(data))
        assert (problem.code, problem.where) == (code, "form.xlsx")
        assert problem.message and problem.advice


def test_more_rows_than_a_survey_can_have_are_named_not_cut_off() -> None:
    survey = [*SURVEY, *([None, None, None] for _ in range(5_000)), ["text", "far", "Hej"]]
    assert any("too_many_rows" in fault for fault in faults(made(survey=survey, settings=SETTINGS)))


_FRAGMENTS = """type|name|label|label::sv|list_name|sms_sv|relevant|constraint|repeat_max|select_one x|select_one|
begin_repeat|end_group|begin group|text|note|hidden|x|settings|form_id|languages|core|sv, en|,|::|${x} = 1|${|((|(sv)"""
_ODD = st.one_of(
    st.none(),
    st.sampled_from(_FRAGMENTS.replace("\n", "").split("|")),
    st.booleans(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(-(10**18), 10**18),
    st.dates(date(1950, 1, 1), date(2090, 1, 1)),
    _TEXT,
)
_ODD_SHEET = st.lists(st.lists(_ODD, max_size=5), max_size=6)


@settings(max_examples=150, deadline=None)
@given(survey=_ODD_SHEET, choices=_ODD_SHEET, about=_ODD_SHEET, has_headings=st.booleans())
def test_whatever_stands_in_the_cells_is_answered_by_sentences(
    survey: list[list[object]], choices: list[list[object]], about: list[list[object]], has_headings: bool
) -> None:
    if has_headings:
        survey = [["type", "name", "label", "relevant", "repeat_max"], *survey]
        choices = [["list_name", "name", "label", "key", "exclusive"], *choices]
        about = [["form_id", "version", "form_title", "languages", "core"], *about]
    problems = check_document(read(made(survey=survey, choices=choices, settings=about)))
    assert has_errors(problems)
    assert all(problem.where and problem.message and problem.advice for problem in problems)
