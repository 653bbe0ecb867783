"""A round as a workbook: what goes out comes back, and what Excel does to a cell is understood or named."""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from bot.cli.demo import demonstration_round
from bot.services.round_documents import RoundDocument, mapping_of, parse_round
from bot.services.workbooks.faults import NotAWorkbookError
from bot.services.workbooks.opening import Limits, open_workbook
from bot.services.workbooks.round_reading import ReadRound, read_round, sentences
from bot.services.workbooks.round_writing import write_round
from categories.catalogue import CURRENT, taxonomy
from flows.documents import Severity

TODAY = date(2026, 8, 1)


def written(document: RoundDocument | None, language: str = "sv") -> bytes:
    stream = io.BytesIO()
    write_round(document, stream, made_on=TODAY, language=language)
    return stream.getvalue()


@cache
def demo() -> RoundDocument:
    return demonstration_round()


@cache
def demo_workbook() -> bytes:
    return written(demo())


def changed(change: Callable[[Any], None], data: bytes | None = None) -> bytes:
    """The demonstration's workbook after somebody has worked in it."""
    book = load_workbook(io.BytesIO(data or demo_workbook()))
    change(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def put(sheet: str, cell: str, value: object) -> Callable[[Any], None]:
    def change(book: Any) -> None:
        book[sheet][cell] = value

    return change


def read_after(change: Callable[[Any], None]) -> ReadRound:
    return read_round(changed(change))


def said(read: ReadRound, language: str = "sv") -> str:
    return "\n".join(sentences(read.faults, language))


# There and back


WORD = st.text("abcdefghijklmnopqrstuvwxyzåäöÅÄÖ,;:\"'()&/=+-@0123456789 ", min_size=1, max_size=24).map(
    lambda text: " ".join(text.split())
)
NAME = WORD.filter(lambda text: bool(text) and not text.casefold().startswith(("exempel:", "example:")))
CODE = st.from_regex(r"[a-z][a-z_]{1,12}", fullmatch=True)


@st.composite
def documents(draw: st.DrawFn) -> RoundDocument:
    """Documents that the reader of YAML makes."""
    larger = draw(st.lists(CODE, max_size=3, unique=True))
    codes = draw(st.lists(CODE.filter(lambda code: code not in larger), min_size=1, max_size=5, unique=True))
    opens = draw(st.dates(date(2020, 1, 1), date(2090, 1, 1)))
    categories = [category.id for category in taxonomy(CURRENT)]
    streams = draw(st.sets(st.sampled_from(["residents", "employees", "dialogue"]), min_size=1))
    mapping: dict[str, object] = {
        "round": draw(st.from_regex(r"[a-z0-9][a-z0-9_-]{1,20}", fullmatch=True)),
        "name": draw(NAME),
        "municipality": draw(NAME),
        "phone_number": draw(st.sampled_from(["+46701234567", "+46700000100", "+4712345678"])),
        "opens": opens.isoformat(),
        "closes": draw(st.dates(opens, date(2099, 1, 1))).isoformat(),
        "information_page": draw(NAME),
        "telephone": draw(NAME),
        "example_village": draw(NAME),
        "example_road": draw(NAME),
        "colour": draw(st.sampled_from(["", "#1f5a5a"])),
        "sites": draw(st.sampled_from([[], ["https://www.are.se"], ["https://a.se", "https://b.se"]])),
        "flows": {stream: draw(st.sampled_from([stream, "own.yaml"])) for stream in sorted(streams)},
        "options": {"ask_gender": draw(st.booleans()), "ask_victim": draw(st.booleans())},
        "controller": draw(st.one_of(st.just(""), NAME)),
        "dpia_date": draw(st.sampled_from(["", "2026-08-15"])),
        "focus_map": draw(
            st.dictionaries(
                st.sampled_from(categories), st.sampled_from(list(taxonomy(CURRENT).foci)), max_size=3
            )
        ),
        "larger_areas": [{"code": code, "name": draw(NAME)} for code in larger],
        "areas": [
            {
                "code": code,
                "name": draw(NAME),
                "aliases": draw(st.lists(NAME, max_size=3)),
                "larger": draw(st.sampled_from(["", *larger])),
                "population": draw(st.one_of(st.just(""), st.integers(0, 90_000))),
            }
            for code in codes
        ],
        "places": [
            {
                "code": code,
                "name": draw(NAME),
                "aliases": draw(st.lists(NAME, max_size=2)),
                "area": draw(st.sampled_from(codes)),
            }
            for code in draw(st.lists(CODE, max_size=3, unique=True))
        ],
        "place_codes": [
            {
                "code": f"KOD{at}",
                "label": draw(NAME),
                "kind": draw(st.sampled_from(["poster", "meeting"])),
                "area": draw(st.sampled_from(["", *codes])),
            }
            for at in range(draw(st.integers(0, 3)))
        ],
        "keywords": [
            {
                "word": draw(NAME.filter(lambda word: len(word) <= 20)),
                "flow": "residents",
                "language": draw(st.sampled_from(["", "sv"])),
            }
        ],
    }
    parsed = parse_round(mapping, {})
    assert parsed.document is not None, parsed.problems
    return parsed.document


@settings(max_examples=25, deadline=None)
@given(documents(), st.sampled_from(["sv", "en"]))
def test_a_round_comes_back_from_its_workbook_as_it_went_out(document: RoundDocument, language: str) -> None:
    read = read_round(written(document, language), language)
    assert read.document == document, said(read)


@settings(max_examples=60, deadline=None)
@given(documents())
def test_a_document_written_out_as_a_mapping_reads_the_same(document: RoundDocument) -> None:
    assert parse_round(mapping_of(document), {}).document == document


def test_the_demonstrations_round_comes_back_from_a_workbook_in_either_language() -> None:
    assert read_round(demo_workbook()) == ReadRound(document=demo())
    assert read_round(written(demo(), "en"), "sv").document == demo()


def test_an_empty_template_names_every_field_that_must_be_filled_in_and_no_example() -> None:
    read = read_round(written(None))
    assert read.document is None
    empty = [fault.cell.column for fault in read.faults if fault.cell and fault.code == "missing"]
    assert empty == [
        "Första dag", "Sista dag", "Omgångens kod", "Omgångens namn", "Kommunens namn", "Nummer att sms:a till",
        "Sida med information", "Telefon för frågor", "Exempel på ort", "Exempel på väg",
    ]  # fmt: skip
    assert {fault.code for fault in read.faults} == {"missing", "no_areas", "no_keyword"}


# What Excel does to data


@pytest.mark.parametrize(
    "value",
    [
        datetime.combine(date(2026, 9, 1), time()), date(2026, 9, 1),
        "2026-09-01", "1/9 2026", "1/9-2026", "1.9.2026", "1 sep 2026",
        "1 september 2026", " 2026-09-01\u00a0", 46266, 46266.0, "20260901", "01/09/2026",
    ],
)  # fmt: skip
def test_a_date_is_read_however_excel_or_a_person_wrote_it(value: object) -> None:
    read = read_after(put("Omgången", "B8", value))
    assert read.document is not None, said(read)
    assert read.document.opens_on == date(2026, 9, 1)


@pytest.mark.parametrize("value", ["sep 2026", "31/2 2026", "9/13/2026", "snart", "1 sep -26", "5"])
def test_what_is_no_date_is_named_with_its_cell(value: object) -> None:
    assert f"Omgången, rad 8, kolumn B (Första dag): ”{value}” är inget datum." in said(
        read_after(put("Omgången", "B8", value))
    )


@pytest.mark.parametrize(
    ("value", "number", "noted"),
    [
        ("+46701234567", "+46701234567", False),
        ("070-123 45 67", "+46701234567", False),
        ("0046701234567", "+46701234567", False),
        (46701234567, "+46701234567", True),
        (46701234567.0, "+46701234567", True),
        (701234567, "+46701234567", True),
        ("701234567.0", "+46701234567", True),
        ("+46 70 123 45 67 ", "+46701234567", False),
    ],
)
def test_a_telephone_number_is_read_with_what_excel_took_from_it(
    value: object, number: str, noted: bool
) -> None:
    read = read_after(put("Omgången", "B7", value))
    assert read.document is not None, said(read)
    assert read.document.phone_number == number
    assert [fault.code for fault in read.faults] == (["number_restored"] if noted else [])


@pytest.mark.parametrize(
    ("value", "population"),
    [(2600.0, 2600), (2600, 2600), ("2 600", 2600), ("2\u00a0600", 2600), ("2600,0", 2600)],
)
def test_a_count_is_read_with_blanks_between_thousands(value: object, population: int) -> None:
    read = read_after(put("Områden", "E5", value))
    assert read.document is not None, said(read)
    assert next(area for area in read.document.areas if area.code == "are_by").population == population


@pytest.mark.parametrize("value", [2.5, "många", -3])
def test_what_is_no_whole_number_is_named(value: object) -> None:
    assert "Områden, rad 5, kolumn E (Antal invånare från 15 år): ”" in said(
        read_after(put("Områden", "E5", value))
    )


def test_numbers_and_hard_blanks_in_texts_are_what_was_typed() -> None:
    def change(book: Any) -> None:
        book["Områden"]["C5"] = 83013.0
        book["Platser"]["A5"] = "  Åre\u00a0torg \u200b "

    document = read_after(change).document
    assert document is not None
    assert next(area for area in document.areas if area.code == "are_by").aliases == ("83013",)
    assert document.places[0].name == "Åre torg"


def test_a_number_that_excel_made_a_date_of_is_named_with_what_to_do() -> None:
    read = read_after(put("Beslut", "B5", datetime.combine(date(2026, 1, 1), time())))
    assert "Excel har gjort ett datum (2026-01-01) av det som skrevs. Skriv en apostrof först" in said(read)


def test_choices_are_read_in_words_or_codes_and_names_of_areas_too() -> None:
    def change(book: Any) -> None:
        book["Nyckelord"]["B5"] = "boende "
        book["Nyckelord"]["B6"] = "residents"
        book["Platser"]["C5"] = "are_by"
        book["Platser"]["C6"] = "ÅRE BY"
        book["Platskoder"]["C5"] = "affisch"
        book["Omgången"]["B13"] = True

    read = read_after(change)
    assert read.document is not None, said(read)
    assert read.document.places[:2] == demo().places[:2]


def test_sheets_and_columns_may_be_renamed_hidden_and_moved() -> None:
    def change(book: Any) -> None:
        areas = book["Områden"]
        areas.title = "Våra områden"
        areas.sheet_state = "hidden"
        areas.column_dimensions["C"].hidden = True
        for row in range(4, areas.max_row + 1):
            first, last = areas.cell(row, 1), areas.cell(row, 5)
            first.value, last.value = last.value, first.value
        areas.insert_rows(1, 3)
        areas.insert_cols(2)
        book.move_sheet("Platskoder", -5)
        book.create_sheet("Egna anteckningar")["A1"] = "ring biblioteket"

    read = read_after(change)
    assert read.document == demo(), said(read)


def test_empty_rows_are_passed_over_and_merged_cells_count_for_each_row() -> None:
    def change(book: Any) -> None:
        places = book["Platser"]
        places.insert_rows(8, 4)
        places.merge_cells("C5:C7")

    read = read_after(change)
    assert read.document == demo(), said(read)


def test_a_formula_counts_with_the_value_that_was_stored_and_is_named_without_one() -> None:
    data = changed(put("Områden", "E5", "=2000+600"))
    text = said(read_round(data))
    assert (
        "Områden, rad 5, kolumn E (Antal invånare från 15 år): Rutan har en formel utan uträknat värde"
        in text
    )
    whole = zipfile.ZipFile(io.BytesIO(data))
    packed = {
        name: re.sub(rb"</f><v ?/>|</f><v></v>", b"</f><v>2600</v>", whole.read(name))
        for name in whole.namelist()
    }
    stored = read_round(_packed(packed))
    assert stored.document == demo(), said(stored)


def test_an_example_left_in_the_table_is_passed_over_and_named_once_somebody_wrote_in_it() -> None:
    def change(book: Any) -> None:
        book["Platskoder"].insert_rows(5)
        book["Platskoder"]["A5"] = "EXEMPEL: DUVED9"
        book["Platskoder"]["B5"] = "Duveds bibliotek"

    assert read_after(change) == ReadRound(document=demo())
    place = read_after(put("Platser", "A5", "Exempelvägen")).document
    assert place is not None
    assert place.places[0].name == "Exempelvägen"

    def more(book: Any) -> None:
        change(book)
        book["Platskoder"]["B5"] = "Vår egen affisch"

    read = read_after(more)
    assert read.document == demo()
    assert "Platskoder, rad 5: Raden är märkt som exempel" in said(read)


def test_all_faults_are_named_at_once_in_the_language_asked_for() -> None:
    def change(book: Any) -> None:
        book["Omgången"]["B7"] = "ring oss"
        book["Områden"]["E6"] = "tusen"
        book["Platser"]["C7"] = "Månen"
        book["Platskoder"]["A6"] = "ARE1"
        book["Nyckelord"]["B5"] = "alla"
        book["Fokus"]["C6"] = "Annat"
        book["Omgången"]["A9"] = "Sista dagen"

    data = changed(change)
    sv, en = said(read_round(data)), said(read_round(data, "en"), "en")
    places = (
        "Omgången, rad 7, kolumn B",
        "Områden, rad 6, kolumn E",
        "Platser, rad 7, kolumn C",
        "Platskoder, rad 6, kolumn A",
        "Nyckelord, rad 5, kolumn B",
        "Fokus, rad 6, kolumn C",
        "Omgången, rad 9, kolumn A",
    )
    for place in places:
        assert place in sv
        assert place.replace("rad", "row").replace("kolumn", "column") in en
    assert "”Månen”" in sv


def test_columns_and_sheets_that_are_missing_or_doubled_are_named() -> None:
    def change(book: Any) -> None:
        book["Platser"]["C4"] = "Var"
        book.copy_worksheet(book["Områden"])

    text = said(read_after(change))
    assert "Kolumnen ”Platsens område” saknas" in text
    assert "Två blad har samma rubriker: Områden och Områden Copy" in text


# Files that are refused


def _packed(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, part in parts.items():
            packed.writestr(name, part)
    return stream.getvalue()


def _parts(**more: bytes) -> dict[str, bytes]:
    whole = zipfile.ZipFile(io.BytesIO(demo_workbook()))
    return {name: whole.read(name) for name in whole.namelist()} | more


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: b"", "empty_file"),
        (lambda: b"round;name\nare;dialog\n", "not_a_workbook"),
        (lambda: b"%PDF-1.7", "not_a_workbook"),
        (lambda: OLE + bytes(600), "old_excel"),
        (lambda: OLE + bytes(100) + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (lambda: _packed({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}), "open_document"),
        (lambda: _packed({"word/document.xml": b"<w/>"}), "not_a_workbook"),
        (lambda: _packed(_parts(**{"xl/vbaProject.bin": b"x"})), "macros"),
        (lambda: demo_workbook()[: len(demo_workbook()) // 2], "damaged"),
        (lambda: demo_workbook()[:-40], "damaged"),
        (lambda: _packed(_parts(**{"xl/worksheets/sheet2.xml": b"<worksheet><row"})), "damaged"),
        (lambda: _packed(_parts(**{"xl/workbook.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'})), "damaged"),
        (lambda: _packed(_parts(**{"xl/media/big.png": bytes(25_000_000)})), "unpacked_too_large"),
        (lambda: b"PK\x03\x04" + bytes(5_000_000), "too_large"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_workbook_is_refused_by_a_sentence(make: Callable[[], bytes], code: str) -> None:
    with pytest.raises(NotAWorkbookError) as refused:
        read_round(make())
    assert refused.value.fault.code == code
    assert "{" not in str(refused.value)


def test_a_workbook_of_another_kind_and_too_many_rows_are_named() -> None:
    stream = io.BytesIO()
    Workbook().save(stream)
    assert [fault.code for fault in read_round(stream.getvalue()).faults] == ["nothing_known"]
    far = read_round(changed(put("Platser", "A900000", "långt bort")))
    assert [fault.code for fault in far.faults] == ["too_many_rows"]


def test_a_cell_in_the_far_corner_costs_nothing() -> None:
    grids = open_workbook(changed(put("Platser", "XFD1048576", "x")), "sv", Limits())
    assert next(grid for grid in grids if grid.name == "Platser").too_many == "rows"


CELL = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**18), 10**18), st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Co"]), max_size=30),
    st.dates(date(1901, 1, 1), date(2100, 1, 1)),
    st.sampled_from(["=A1", "=1/0", "{found}", "EXEMPEL", "#REF!", "+46", "Ja", "other"]),
)  # fmt: skip
SHEETS = (
    "Omgången",
    "Beslut",
    "Texter",
    "Nyckelord",
    "Större områden",
    "Områden",
    "Platser",
    "Platskoder",
    "Fokus",
)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(SHEETS), st.integers(1, 12), st.integers(1, 8), CELL), max_size=12))
def test_whatever_stands_in_the_cells_is_read_or_named_with_its_place(
    cells: list[tuple[str, int, int, object]],
) -> None:
    def change(book: Any) -> None:
        for sheet, row, column, value in cells:
            book[sheet].cell(row, column).value = value

    read = read_after(change)
    errors = [fault for fault in read.faults if fault.severity is Severity.ERROR]
    assert (read.document is None) == bool(errors), said(read)
    assert all(fault.message and fault.where() for fault in read.faults)


def test_a_warning_keeps_no_round_from_being_read() -> None:
    def change(book: Any) -> None:
        book["Platser"]["H4"] = "Egen anteckning"
        book["Platser"]["H5"] = "=1+1"

    read = read_after(change)
    assert read.document == demo()
    assert {fault.severity for fault in read.faults} == {Severity.WARNING}
