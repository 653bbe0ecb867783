"""What every exporter must do: write what the picture holds and nothing else, and let no text come alive."""

import csv
import io
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from beside_samples import everything_beside
from documents import (
    Figures,
    Page,
    number_or_text,
    pdf_structure,
    read_docx,
    read_html,
    read_pdf,
    squeezed,
    word_part,
    word_text,
)
from openpyxl import load_workbook
from openpyxl.workbook import Workbook
from problem_samples import codebook, round_counts

from bot.services.summaries import picture_of
from privacy.disclosure import EXACT, INTERIM
from summary.beside import with_statistics
from summary.exporters.cells import guarded, printable
from summary.exporters.formats import EXPORTERS, Exporter
from summary.exporters.to_csv import COLUMNS
from summary.exporters.working_copy import (
    ANSWER_COLUMNS,
    CODEBOOK_COLUMNS,
    MARKING,
    PERSON_COLUMNS,
    WorkingCopy,
    write_answers_csv,
    write_json,
    write_persons_csv,
    write_xlsx,
)
from summary.picture import ChartKind, ProblemPicture, Section, from_json, to_json
from summary.promises import (
    EarlierPromises,
    Frequency,
    Promised,
    Status,
    with_earlier_promises,
    with_promises,
)
from summary.published import PublishedFigure, PublishedTable, Source
from summary.rows import AnswerRow, Outcome, PersonRow, Stream
from summary.wording import TEXTS, Words

SCHEMA = Path(__file__).parents[2] / "docs" / "report.schema.json"

HOSTILE = [
    "=1+1", "=cmd|' /C calc'!A0", "=HYPERLINK(\"http://evil.example\",\"klicka\")", "=WEBSERVICE(\"http://evil.example\")",
    "+1+1", "-2+3", "@SUM(1+1)", "＝1+1", "＋1", "－1", "＠SUM(A1)", "\t=1+1", "\r=1+1", "\n=1+1", "\x00=1+1",
    "{=1+1}", "'=1+1", "\"=1+1", ";=1+1", ",=1+1", "=1+1;=2+2", "a\";\"=1+1", "http://evil.example", "mailto:a@b.se",
    "file:///etc/passwd", "internal:'Kodbok'!A1", "\x1b[31mred", "\x0bvertical", "\ufffe", "\ud800", "NUL\x00inside",
    "<script>alert(1)</script>", "&C&Bheader", "_x0041_", "</t></si>", "]]>", "\u202egpj.exe", "٣=1", "å\u0308" * 40,
    "x" * 40_000, "0701234567", "1E5", "TRUE", "2026-01-01", "50 %",
]  # fmt: skip
"""The last ones are no attack, but programs like to make numbers and dates of them."""


@cache
def picture(residents: int = 60, language: str = "sv") -> ProblemPicture:
    return picture_of(round_counts(residents, residents // 8), codebook(), EXACT, language)


STATISTICS = PublishedTable(
    source=Source.BRA,
    table_id="10L",
    title="Anmälda brott",
    caution="",
    imported_on=date(2026, 11, 3),
    figures=(
        *(
            PublishedFigure(
                indicator="Skadegörelse", area="", period=str(year), value=value, unit="per 1 000"
            )
            for year, value in ((2023, 8.25), (2024, 1062), (2025, 9.5))
        ),
        PublishedFigure(indicator="Skadegörelse", area="duved", period="2025", value=7, unit="per 1 000"),
        PublishedFigure(indicator="Bedrägeri", area="", period="2025", value=None, mark=".."),
    ),
    about={"Skadegörelse": "vandalism_litter"},
)


PROMISES = (
    Promised(
        problem="F_TRAFFIC",
        wording="Minst 100 trafikkontroller på väg och i terräng, spridda över hela kommunen.",
        owner="Lokalpolisområde Jämtland",
        co_actors="Trafikverket",
        indicator="polisens kontrolljournal",
        target=100,
        unit="trafikkontroller",
        frequency=Frequency.YEAR,
        deadline=date(2027, 12, 31),
        status=Status.KEPT,
        result_number=1303,
        followed_up_on=date(2028, 1, 15),
    ),
    Promised(problem="lighting_env", wording="En trygghetsvandring i Åre by.", area="Åre by"),
)


def beside(shown: ProblemPicture) -> ProblemPicture:
    """With statistics, promises and what became of earlier ones."""
    shown = with_promises(with_statistics(shown, (STATISTICS,)), PROMISES)
    earlier = EarlierPromises(round="Medborgarlöften 2024", promises=PROMISES, today=date(2028, 2, 1))
    return with_earlier_promises(shown, earlier)


def written(exporter: Exporter, shown: ProblemPicture) -> bytes:
    stream = io.BytesIO()
    exporter.write(shown, stream)
    assert not stream.closed
    return stream.getvalue()


def workbook(content: bytes) -> Workbook:
    return load_workbook(io.BytesIO(content))


def cells(book: Workbook) -> Iterator[Any]:
    return (
        cell
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    )


def lines(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


# Every format


@pytest.mark.parametrize("exporter", EXPORTERS.values(), ids=lambda exporter: exporter.format)
@pytest.mark.parametrize("residents", [0, 7, 60, 600])
@pytest.mark.parametrize("is_beside", [False, True], ids=["alone", "with what stands beside"])
def test_every_figure_of_the_picture_is_read_back(
    exporter: Exporter, residents: int, is_beside: bool
) -> None:
    assert_read_back(exporter, beside(picture(residents)) if is_beside else picture(residents))


@pytest.mark.parametrize("exporter", EXPORTERS.values(), ids=lambda exporter: exporter.format)
def test_every_figure_is_read_back_with_everything_beside_that_a_coordinator_can_choose(
    exporter: Exporter,
) -> None:
    shown = everything_beside()
    codes = {table.code for table in shown.tables}
    assert {"weighted", "intervals", "quotes", "trend_problem", "beside"} <= codes
    changes = shown.table("trend_problem")
    assert changes is not None and any(row.values[2] < 0 for row in changes.rows)  # type: ignore[operator]
    assert_read_back(exporter, shown)


def assert_read_back(exporter: Exporter, shown: ProblemPicture) -> None:
    expected: Figures = [
        (table.title, row.label, [value for value in row.values if value is not None])
        for table in shown.tables
        for row in table.rows
    ]
    expected = [line for line in expected if line[2]]
    read = READERS[exporter.format](written(exporter, shown))
    if exporter.format in DOCUMENTS:
        expected = list(map(as_printed, expected))
    if exporter.format in (*DOCUMENTS, "xlsx"):  # chapters and sheets have an order of their own
        expected, read = sorted(expected, key=repr), sorted(read, key=repr)
    assert read == expected


DOCUMENTS = ("pdf", "docx", "html")


def as_printed(line: tuple[str, str, list[int | float | str]]) -> tuple[str, str, list[int | float | str]]:
    title, label, values = line
    return squeezed(title), squeezed(label), [number_or_text(v) if isinstance(v, str) else v for v in values]


def text_of(exporter: Exporter, content: bytes) -> str:
    """Every text of the file, without spaces."""
    match exporter.format:
        case "xlsx":
            texts = "\n".join(str(cell.value) for cell in cells(workbook(content)))
        case "docx":
            texts = word_text(word_part(content))
        case "pdf":
            texts = "".join(text for _, _, text in pdf_structure(content))
        case "html":
            texts = Page(content).text
        case _:
            texts = content.decode()
    return squeezed(texts)


@pytest.mark.parametrize("exporter", EXPORTERS.values(), ids=lambda exporter: exporter.format)
def test_same_picture_gives_the_same_file(exporter: Exporter) -> None:
    assert written(exporter, picture()) == written(exporter, picture())


@pytest.mark.parametrize("exporter", EXPORTERS.values(), ids=lambda exporter: exporter.format)
def test_honesty_and_status_go_with_the_figures(exporter: Exporter) -> None:
    shown = picture()
    texts = text_of(exporter, written(exporter, shown))
    assert squeezed(shown.honesty) in texts
    assert squeezed(shown.status) in texts


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("exporter", EXPORTERS.values(), ids=lambda exporter: exporter.format)
def test_statistics_stand_with_source_period_and_caution_and_change_no_figure_of_the_answers(
    exporter: Exporter, language: str
) -> None:
    alone, beside = picture(60, language), with_statistics(picture(60, language), (STATISTICS,))
    texts = text_of(exporter, written(exporter, beside))
    words = Words(language)
    for key in ("caution_bra", "source_bra", "p_published"):
        assert squeezed(words(key)) in texts
    not_of_answers = (Section.STATISTICS, Section.PRIORITIES)  # statistics may suggest a priority
    of_answers = [[t for t in each.tables if t.section not in not_of_answers] for each in (alone, beside)]
    assert of_answers[0] == of_answers[1]
    assert (beside.summary, beside.problems, beside.honesty) == (alone.summary, alone.problems, alone.honesty)
    assert from_json(json.loads(json.dumps(to_json(beside)))) == beside


def read_xlsx(content: bytes) -> Figures:
    """Rows under a title (set larger) and its header, on the sheets of the chapters."""
    found: Figures = []
    for sheet in workbook(content).worksheets:
        title, header = "", False
        for first, *rest in sheet.iter_rows() if sheet.title not in TEXT_SHEETS else ():
            values = [cell.value for cell in rest if cell.value is not None]
            if first.font.sz == 12:
                title, header = first.value, False
            elif values and not header:
                header = True
            elif values:
                found.append((title, first.value, values))
    return found


TEXT_SHEETS = {"Sammanfattning", "Om underlaget", "Kodbok", "Diagramdata"}


def read_csv(content: bytes) -> Figures:
    found: dict[tuple[str, str], tuple[str, str, list[int | float | str]]] = {}
    for table, title, row, label, _, _, unit, value, _ in lines(content)[1:]:
        if title:
            line = found.setdefault((table, row), (title, label, []))
            line[2].append(value if unit == "words" else _number(value))
    return list(found.values())


def _number(value: str) -> int | float:
    return int(value) if value.isdigit() else float(value.replace(",", "."))


def read_json(content: bytes) -> Figures:
    found: Figures = [
        (table["title"], row["label"], [value for value in row["values"] if value is not None])
        for table in json.loads(content)["tables"]
        for row in table["rows"]
    ]
    return [line for line in found if line[2]]


READERS = {
    "pdf": read_pdf,
    "docx": read_docx,
    "html": read_html,
    "xlsx": read_xlsx,
    "csv": read_csv,
    "json": read_json,
}


# No text comes alive


def with_texts(shown: ProblemPicture, text: str) -> ProblemPicture:
    """Some of the picture, with the text in place of every title, label, sentence, heading and note."""
    some = [table for table in shown.tables if table.code in ("problems", "problem_area", "coverage")]
    shown = replace(shown, tables=tuple(some), codebook=shown.codebook[:3])
    kept = {"unit", "section", "rule", "language", "counted_on", "kind"}

    def planted(value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {name: planted(inner, name) for name, inner in value.items()}
        if isinstance(value, list | tuple):
            return [planted(inner, key) for inner in value]
        codes = key in {"code", "columns", "rows", "tables"}
        return text if isinstance(value, str) and key not in kept and not codes else value

    return from_json(planted(to_json(shown)))


@pytest.mark.parametrize("payload", HOSTILE, ids=lambda payload: repr(payload[:20]))
def test_hostile_text_in_the_report_comes_back_as_text(payload: str) -> None:
    shown = with_texts(picture(), payload)
    book = workbook(written(EXPORTERS["xlsx"], shown))
    assert {cell.data_type for cell in cells(book)} <= {"s", "n"}
    assert not any(cell.hyperlink for cell in cells(book))
    assert printable(payload) in {cell.value for cell in cells(book)}
    rows = lines(written(EXPORTERS["csv"], shown))
    assert {len(row) for row in rows} == {len(COLUMNS)}
    assert guarded(payload) in {cell for row in rows for cell in row}
    assert not any(cell.startswith(tuple("=+-@\t\r＝＋－＠")) for row in rows for cell in row)
    document = json.loads(written(EXPORTERS["json"], shown))
    assert document["title"] == payload or "\ud800" in payload


def test_guard_leaves_harmless_text_alone() -> None:
    assert [guarded(text) for text in ("Åre by", "25-44 år", "a=b", "")] == ["Åre by", "25-44 år", "a=b", ""]


def test_text_longer_than_a_cell_is_cut() -> None:
    assert len(printable("x" * 40_000)) == 32_767


# The workbook


def test_workbook_has_a_page_first_charts_and_nothing_hidden() -> None:
    shown = picture(600)
    book = workbook(written(EXPORTERS["xlsx"], shown))
    assert book.sheetnames[0] == "Sammanfattning"
    assert {"Om underlaget", "Kodbok", "Diagramdata"} <= set(book.sheetnames)
    first = book.worksheets[0]
    assert (first.page_setup.orientation, first.page_setup.paperSize) == ("portrait", 9)
    assert first.sheet_properties.pageSetUpPr.fitToPage
    assert all(sheet.sheet_state == "visible" for sheet in book.worksheets)
    assert not any(
        dimension.hidden for sheet in book.worksheets for dimension in sheet.row_dimensions.values()
    )
    assert not any(
        dimension.hidden for sheet in book.worksheets for dimension in sheet.column_dimensions.values()
    )
    assert not book.defined_names


def test_charts_draw_only_figures_of_the_tables_and_have_alternative_texts(tmp_path: Path) -> None:
    shown = picture(600)
    path = tmp_path / "report.xlsx"
    path.write_bytes(written(EXPORTERS["xlsx"], shown))
    shutil.unpack_archive(path, tmp_path / "parts", "zip")
    drawings = "".join(file.read_text() for file in (tmp_path / "parts/xl/drawings").glob("*.xml"))
    charts = [t.chart for t in shown.tables if t.chart and t.chart.kind is not ChartKind.GRID]
    assert len(re.findall(r'descr="Stapeldiagram', drawings)) == len(charts) + 1
    values = {value for table in shown.tables for row in table.rows for value in row.values}
    for file in (tmp_path / "parts/xl/charts").glob("*.xml"):
        cached = re.findall(r"<c:v>(\d+)</c:v>", file.read_text())
        assert {int(value) for value in cached} <= values


def test_workbook_tells_no_name_of_a_person_or_machine() -> None:
    properties = workbook(written(EXPORTERS["xlsx"], picture())).properties
    assert (properties.creator, properties.lastModifiedBy) in (("Lyhörd", "Lyhörd"), ("Lyhörd", None))
    assert properties.created.date() == date(2026, 11, 2)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_sheet_names_are_valid_in_both_languages(language: str) -> None:
    book = workbook(written(EXPORTERS["xlsx"], picture(600, language)))
    assert all(len(name) <= 31 for name in book.sheetnames)


# JSON against its published schema


def test_json_agrees_with_the_published_schema() -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    for residents in (0, 60, 600):
        for rule in (EXACT, INTERIM):
            shown = picture_of(round_counts(residents, 20, closed=rule is EXACT), codebook(), rule)
            assert (
                list(violations(json.loads(written(EXPORTERS["json"], beside(shown))), schema, schema)) == []
            )


def test_schema_refuses_what_it_does_not_know() -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    document = json.loads(written(EXPORTERS["json"], picture()))
    assert list(violations({**document, "contact_key": "x"}, schema, schema)) != []
    assert list(violations({**document, "version": 1}, schema, schema)) != []


def violations(value: Any, schema: dict[str, Any], root: dict[str, Any], at: str = "$") -> Iterator[str]:
    """The part of JSON Schema that ours uses: $ref type const enum required properties additionalProperties items."""
    if "$ref" in schema:
        schema = root["$defs"][schema["$ref"].removeprefix("#/$defs/")]
    types = {
        "object": dict,
        "array": list,
        "string": str,
        "integer": int,
        "number": float,
        "boolean": bool,
        "null": type(None),
    }
    allowed = schema.get("type", [])
    names = [allowed] if isinstance(allowed, str) else allowed
    if names and not isinstance(value, tuple(types[name] for name in names)):
        yield f"{at}: {value!r} is not {allowed}"
    if value != schema.get("const", value) or value not in schema.get("enum", [value]):
        yield f"{at}: {value!r}"
    if isinstance(value, dict):
        properties = schema.get("properties", {})
        yield from (f"{at}: {name} is missing" for name in schema.get("required", []) if name not in value)
        for name, inner in value.items():
            if name not in properties:
                yield f"{at}: {name} is not known"
            else:
                yield from violations(inner, properties[name], root, f"{at}.{name}")
    if isinstance(value, list):
        for number, inner in enumerate(value):
            yield from violations(inner, schema["items"], root, f"{at}[{number}]")


# The working copy

PERSON = PersonRow(
    person="p1",
    stream=Stream.RESIDENTS,
    flow="residents",
    flow_version="1",
    channel="sms",
    language="sv",
    place_code="BIBLIO3",
    started_on=date(2026, 9, 8),
    outcome=Outcome.COMPLETE,
    answers={"area": "duved", "when": "weekend_evening weekend_night", "problem": "answered"},
)
ANSWER = AnswerRow(
    answer="a1",
    person="p1",
    stream=Stream.RESIDENTS,
    question="problem",
    repeat=0,
    text="De kör för fort vid skolan",
    primary="traffic_offences",
    others=("traffic_environment",),
    score=0.9,
    rule="stem:kör fort",
    confirmed=True,
    places=("duved_skola",),
)
QUESTIONS = ("area", "when", "problem")


def working_copy(person: PersonRow = PERSON, answer: AnswerRow = ANSWER, times: int = 1) -> WorkingCopy:
    return WorkingCopy(
        municipality="Åre kommun",
        round="Medborgarlöften 2026",
        made_on=date(2026, 9, 28),
        questions=QUESTIONS,
        codebook=codebook(),
        persons=(person for _ in range(times)),
        answers=(answer for _ in range(times)),
    )


def content_of(write: Any, copy: WorkingCopy) -> bytes:
    stream: BinaryIO = io.BytesIO()
    write(copy, stream)
    stream.seek(0)
    return stream.read()


def test_working_copy_workbook_is_marked_and_holds_the_rows() -> None:
    book = workbook(content_of(write_xlsx, working_copy()))
    assert book.sheetnames == ["Arbetsmaterial", "Personer", "Långa svar", "Kodbok"]
    assert book["Arbetsmaterial"]["A1"].value == MARKING
    persons = list(book["Personer"].iter_rows(values_only=True))
    assert persons[0] == (*PERSON_COLUMNS, *QUESTIONS)
    assert persons[1][-3:] == ("duved", "weekend_evening weekend_night", "answered")
    answers = list(book["Långa svar"].iter_rows(values_only=True))
    assert answers[0] == ANSWER_COLUMNS
    assert dict(zip(ANSWER_COLUMNS, answers[1], strict=True))["text"] == "De kör för fort vid skolan"
    assert ("category", "fraud", "Bedrägerier", None) in list(book["Kodbok"].iter_rows(values_only=True))


def test_working_copy_workbook_keeps_headers_in_sight_and_goes_on_to_another_sheet(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("summary.exporters.working_copy.MOST_ROWS", 3)
    book = workbook(content_of(write_xlsx, working_copy(times=7)))
    assert [name for name in book.sheetnames if name.startswith("Personer")] == [
        "Personer",
        "Personer 2",
        "Personer 3",
    ]
    persons = [sheet for sheet in book.worksheets if sheet.title.startswith("Personer")]
    assert [sheet.max_row - 1 for sheet in persons] == [3, 3, 1]
    assert {(sheet.freeze_panes, sheet.cell(1, 1).value) for sheet in persons} == {("B2", "person")}


def test_working_copy_csv_is_marked_in_every_line() -> None:
    persons = lines(content_of(write_persons_csv, working_copy(times=3)))
    assert persons[0] == [*PERSON_COLUMNS, *QUESTIONS, "marking"]
    assert {row[-1] for row in persons[1:]} == {MARKING}
    answers = lines(content_of(write_answers_csv, working_copy()))
    assert dict(zip(answers[0], answers[1], strict=True))["others"] == "traffic_environment"


def test_working_copy_json_has_rows_by_name_of_column() -> None:
    document = json.loads(content_of(write_json, working_copy(times=2)))
    assert document["marking"] == MARKING
    assert [row["area"] for row in document["persons"]] == ["duved", "duved"]
    assert document["answers"][0]["confirmed"] == 1
    assert document["persons"][0]["started_on"] == "2026-09-08"


def test_working_copy_of_nothing_is_still_marked() -> None:
    assert json.loads(content_of(write_json, working_copy(times=0)))["persons"] == []
    assert lines(content_of(write_persons_csv, working_copy(times=0))) == [
        [*PERSON_COLUMNS, *QUESTIONS, "marking"]
    ]


def test_working_copy_has_no_time_of_day_and_no_key() -> None:
    columns = {*PERSON_COLUMNS, *ANSWER_COLUMNS}
    assert not {column for column in columns if re.search("time|hour|_at$|key|phone|message|session", column)}
    assert type(PERSON.started_on) is date


@pytest.mark.parametrize("payload", HOSTILE, ids=lambda payload: repr(payload[:20]))
def test_hostile_text_in_the_working_copy_comes_back_as_text(payload: str) -> None:
    person = replace(
        PERSON,
        person=payload,
        place_code=payload,
        language=payload,
        answers=dict.fromkeys(QUESTIONS, payload),
    )
    answer = replace(ANSWER, text=payload, rule=payload, primary=payload, question=payload, places=(payload,))
    book = workbook(content_of(write_xlsx, working_copy(person, answer)))
    assert {cell.data_type for cell in cells(book)} <= {"s", "n", "d"}
    text = book["Långa svar"].cell(2, ANSWER_COLUMNS.index("text") + 1).value
    assert text.replace("_x005F_", "_") == printable(payload)  # openpyxl leaves escapes in inline strings
    row = lines(content_of(write_answers_csv, working_copy(person, answer)))[1]
    assert row[ANSWER_COLUMNS.index("text")] == guarded(payload)
    people = lines(content_of(write_persons_csv, working_copy(person, answer)))[1]
    assert people[len(PERSON_COLUMNS)] == guarded(payload)
    document = json.loads(content_of(write_json, working_copy(person, answer)))
    assert document["answers"][0]["text"] == payload or "\ud800" in payload


# What is documented

DOCUMENTED = Path(__file__).parents[2] / "docs" / "export-columns.md"


def documented(heading: str) -> tuple[str, ...]:
    """First column of the table under the heading."""
    text = DOCUMENTED.read_text(encoding="utf-8").split(f"## {heading}\n")[1].split("\n## ")[0]
    return tuple(re.findall(r"^\| `([a-z_]+)` \|", text, re.MULTILINE))


@pytest.mark.parametrize(
    ("heading", "columns"),
    [
        ("Report, CSV", COLUMNS),
        ("Working copy, persons", PERSON_COLUMNS),
        ("Working copy, long answers", ANSWER_COLUMNS),
        ("Working copy, codebook", CODEBOOK_COLUMNS),
        ("Report, tables (csv, json, xlsx)", tuple(key[2:] for key in TEXTS if key.startswith("t_"))),
    ],
)
def test_every_column_and_table_is_documented(heading: str, columns: tuple[str, ...]) -> None:
    assert sorted(documented(heading)) == sorted(columns)


def test_every_table_that_is_written_has_a_documented_code() -> None:
    assert {table.code for table in picture(600).tables} <= set(
        documented("Report, tables (csv, json, xlsx)")
    )


# An independent program reads the files


def test_libreoffice_opens_both_workbooks_and_computes_nothing(soffice: list[str], tmp_path: Path) -> None:
    hostile = replace(ANSWER, text="=1+1", rule="@SUM(1+1)")
    (tmp_path / "report.xlsx").write_bytes(written(EXPORTERS["xlsx"], with_texts(picture(), "=1+1")))
    (tmp_path / "copy.xlsx").write_bytes(content_of(write_xlsx, working_copy(answer=hostile)))
    every_sheet = "csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,true,false,false,false,-1"
    files = [str(tmp_path / name) for name in ("report.xlsx", "copy.xlsx")]
    subprocess.run(
        [*soffice, every_sheet, "--outdir", str(tmp_path), *files],
        check=True,
        capture_output=True,
        timeout=120,
    )
    texts = [file.read_text(encoding="utf-8") for file in tmp_path.glob("*.csv")]
    assert sum("=1+1" in text for text in texts) >= 3
    assert any(MARKING in text for text in texts)
    assert not any(re.search(r'(^|;)"?2"?(;|$)', text, re.MULTILINE) and "Långa" in text for text in texts)


def test_libreoffice_finds_no_formula_in_the_csv(soffice: list[str], tmp_path: Path) -> None:
    texts = [payload for payload in HOSTILE if len(payload) < 1000 and "\ud800" not in payload]
    rows = [replace(ANSWER, text=text, rule=text) for text in texts]
    copy = replace(working_copy(), answers=iter(rows))
    (tmp_path / "answers.csv").write_bytes(content_of(write_answers_csv, copy))
    options = ["xlsx", "--infilter=CSV:59,34,76,1", "--outdir", str(tmp_path), str(tmp_path / "answers.csv")]
    subprocess.run([*soffice, *options], check=True, capture_output=True, timeout=120)
    book = workbook((tmp_path / "answers.xlsx").read_bytes())
    assert not [cell.value for cell in cells(book) if cell.data_type == "f"]
