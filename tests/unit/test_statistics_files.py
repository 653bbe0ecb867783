"""Files of statistics as Brå, SCB, Kolada and Strada write them become figures, or are refused by a sentence that
names row and column.
"""

import io
import zipfile
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from bot.services.statistics.areas import AreaMatcher
from bot.services.statistics.figures import decimal_mark, read_figure
from bot.services.statistics.mapping import SavedMapping, from_document, to_document
from bot.services.statistics.opening import LIMITS, open_table
from bot.services.statistics.periods import read_period, split_heading
from bot.services.statistics.preview import preview
from bot.services.statistics.reading import ReadStatistics, read_statistics
from bot.services.workbooks.faults import NotAWorkbookError
from storage.rounds import AreaRow
from summary.published import Source

AREAS = (
    AreaRow(code="are_by", name="Åre by", aliases=("Centrala Åre",), statistical_areas=("2321A0010",)),
    AreaRow(code="duved", name="Duved", aliases=("Duveds by",), statistical_areas=("2321A0020",)),
)
BRA = """Anmälda brott, kommun och år
Uttag 2026-03-01

Brottstyp;Kommun;År;Antal;Per 100 000 invånare
Misshandel inkl. grov;2321 Åre;2024;41;330,1
Skadegörelse;2321 Åre;2024;1 062;8 550,5
Skadegörelse;2321 Åre;2025;62*;499,2
Narkotikabrott;2321 Åre;2024;..;..

Källa: Brå
* preliminär uppgift
"""
SCB = (
    '"region","ålder","kön","Folkmängd 2023","Folkmängd 2024"\r\n'
    '"2321A0010","20-24 år","kvinnor","23","21"\r\n'
    '"2321A0020","20-24 år","män",12,14\r\n'
)
KOLADA = (
    "Nyckeltal\tOmråde\tKön\t2023\t2024\n"
    "Anmälda våldsbrott\tÅre\tT\t1023,5\t998,1\n"
    "Anmälda våldsbrott\tRiket\tT\t1100\t1090,4\n"
)


def read(
    content: str | bytes,
    *,
    source: Source = Source.BRA,
    suffix: str = ".csv",
    mapping: SavedMapping | None = None,
    language: str = "sv",
) -> ReadStatistics:
    mapping = mapping or SavedMapping()
    data = content.encode() if isinstance(content, str) else content
    return read_statistics(
        open_table(data, suffix, language, mapping.sheet),
        source=source,
        title="Statistik",
        mapping=mapping,
        matcher=AreaMatcher(AREAS, "Åre kommun", mapping.areas),
        language=language,
    )


def rows(statistics: ReadStatistics) -> list[tuple[Any, ...]]:
    return [(f.indicator, f.area, f.period, f.mark or f.value) for f in statistics.figures]


def workbook(*lines: tuple[Any, ...], change: Any = None) -> bytes:
    book = Workbook()
    for line in lines:
        book.active.append(line)
    if change:
        change(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def sentence(content: str | bytes, **options: Any) -> str:
    """What is said of a file that is refused, or of the first fault in one that was read."""
    try:
        return read(content, **options).faults[0].sentence(options.get("language", "sv"))
    except NotAWorkbookError as error:
        return str(error)


# As the sources write


def test_reported_crime_by_kind_and_year() -> None:
    statistics = read(BRA)
    assert statistics.faults == ()
    assert rows(statistics) == [
        ("Misshandel inkl. grov", "", "2024", 41),
        ("Misshandel inkl. grov, Per 100 000 invånare", "", "2024", 330.1),
        ("Skadegörelse", "", "2024", 1062),
        ("Skadegörelse, Per 100 000 invånare", "", "2024", 8550.5),
        ("Skadegörelse", "", "2025", 62),
        ("Skadegörelse, Per 100 000 invånare", "", "2025", 499.2),
        ("Narkotikabrott", "", "2024", ".."),
        ("Narkotikabrott, Per 100 000 invånare", "", "2024", ".."),
    ]
    assert [statistics.table.rows[row][1][:5] for row in statistics.extent.left_out] == [
        "Anmäl", "Uttag", "Källa", "* pre"
    ]  # fmt: skip


def test_population_by_statistical_area_with_the_year_in_the_heading() -> None:
    assert rows(read(SCB, source=Source.SCB)) == [
        ("20-24 år, kvinnor, Folkmängd", "are_by", "2023", 23),
        ("20-24 år, kvinnor, Folkmängd", "are_by", "2024", 21),
        ("20-24 år, män, Folkmängd", "duved", "2023", 12),
        ("20-24 år, män, Folkmängd", "duved", "2024", 14),
    ]


def test_key_figures_with_a_column_for_each_year_list_what_is_not_ours() -> None:
    statistics = read(KOLADA, source=Source.KOLADA)
    assert rows(statistics) == [
        ("Anmälda våldsbrott, T", "", "2023", 1023.5),
        ("Anmälda våldsbrott, T", "", "2024", 998.1),
    ]
    assert statistics.unmatched == ("Riket",)


def test_a_file_without_areas_is_of_the_whole_municipality_and_says_so() -> None:
    statistics = read("År;Antal\n2024;12\n2025;14\n")
    assert rows(statistics) == [("Statistik", "", "2024", 12), ("Statistik", "", "2025", 14)]
    assert any("hela kommunen" in line for line in preview(statistics, "sv"))


def test_repeated_cells_that_are_left_empty_are_read_as_the_one_above() -> None:
    statistics = read("Område;År;Antal\nDuved;2024;12\n;2025;14\nÅre by;2024;9\n;2025;8\n")
    assert rows(statistics)[1] == ("Statistik", "duved", "2025", 14)
    assert statistics.filled_down == ("Område",)


def test_the_corner_of_a_table_may_be_empty() -> None:
    assert rows(read(";2024;2025\nDuved;12;14\nÅre by;9;8\n"))[0] == (
        "Statistik", "duved", "2024", 12
    )  # fmt: skip


def test_a_sum_is_of_the_municipality_only_where_all_other_rows_are_ours() -> None:
    ours = read("Område;År;Antal\nDuved;2025;12\nÅre by;2025;14\nSumma;2025;26\n")
    assert rows(ours)[2] == ("Statistik", "", "2025", 26)
    others = read("Område;År;Antal\nDuved;2025;12\nBerg;2025;14\nSumma;2025;26\n")
    assert others.unmatched == ("Berg", "Summa")


def test_workbook_cells_keep_their_numbers() -> None:
    data = workbook(("Kommun", "År", "Per 1000"), ("2321", 2024, 1.234), ("2321", 2025, 12.0))
    assert rows(read(data, suffix=".xlsx")) == [
        ("Per 1000", "", "2024", 1.234),
        ("Per 1000", "", "2025", 12),
    ]


def test_merged_cells_stand_for_every_row_they_cover() -> None:
    data = workbook(
        ("Område", "År", "Antal"), ("Duved", 2024, 12), (None, 2025, 14),
        change=lambda book: book.active.merge_cells("A2:A3"),
    )  # fmt: skip
    assert rows(read(data, suffix=".xlsx"))[1] == ("Statistik", "duved", "2025", 14)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_encoding_and_delimiter_are_found(encoding: str, delimiter: str) -> None:
    text = "Område;År;Andel\nÅre by;2024;12,5\nDuved;2024;8,25\n".replace(";", delimiter)
    statistics = read(text.encode(encoding))
    assert [row[1:] for row in rows(statistics)] == [("are_by", "2024", 12.5), ("duved", "2024", 8.25)]
    assert statistics.table.encoding == encoding


def test_column_may_be_settled_by_a_person() -> None:
    text = "Nummer;Ort;Tal\n1;Duved;5\n2;Åre by;9\n"
    mapping = SavedMapping(columns={"Nummer": "ignored", "Tal": "value"}, period="2025")
    assert rows(read(text, mapping=mapping)) == [("Tal", "duved", "2025", 5), ("Tal", "are_by", "2025", 9)]


def test_preview_tells_every_column_and_area_in_both_languages() -> None:
    for language in ("sv", "en"):
        said = "\n".join(preview(read(KOLADA, language=language), language))
        assert all(word in said for word in ("Nyckeltal", "Område", "Kön", "Riket", "UTF-8", "2023"))
        assert "{" not in said


def test_mapping_comes_back_from_its_document() -> None:
    mapping = SavedMapping(columns={"A": "area"}, areas={"Berg": "-"}, decimal=".", dash_is_zero=True)
    assert from_document({**to_document(mapping), "of_a_later_version": 1}) == mapping


# Areas


@pytest.mark.parametrize(
    ("text", "code", "how"),
    [
        ("are_by", "are_by", "code"),
        ("ÅRE BY", "are_by", "name"),
        ("centrala åre", "are_by", "alias"),
        ("2321A0020", "duved", "statistical_area"),
        ("2321", "*", "municipality"),
        ("2321 Åre", "*", "municipality"),
        ("Åre kommun", "*", "municipality"),
        ("Duvet", "", ""),
        ("2309 Duved", "duved", "code"),
    ],
)
def test_area_is_found_by_code_name_or_alias_and_never_by_likeness(text: str, code: str, how: str) -> None:
    found = AreaMatcher(AREAS, "Åre kommun", {}).match_all([text])[text]
    assert (found.code, found.how) == (code, how)


def test_name_that_is_both_an_area_and_the_municipality_is_left_to_a_person() -> None:
    areas = (AreaRow(code="are_by", name="Åre by", aliases=("Åre",)),)
    assert AreaMatcher(areas, "Åre kommun", {}).match_all(["Åre"])["Åre"].code == ""
    assert AreaMatcher(areas, "Åre kommun", {"åre": "*"}).match_all(["Åre"])["Åre"].how == "mapping"


# Figures and periods


@pytest.mark.parametrize(
    ("text", "decimal", "value"),
    [
        ("1 062", ",", 1062), ("1\u00a0062,5", ",", 1062.5), ("1\u202f062", ",", 1062), ("1.062,5", ",", 1062.5),
        ("1,062.5", ".", 1062.5), ("-3,5", ",", -3.5), ("−3", ",", -3), ("62*", ",", 62), ("62 1)", ",", 62),
        ("12 %", ",", 12), ("0,125", ",", 0.125), ("62 (prel)", ",", 62),
    ],
)  # fmt: skip
def test_figure(text: str, decimal: str, value: float) -> None:
    assert read_figure(text, decimal).value == value


@pytest.mark.parametrize("text", ["abc", "1,2,3", "12a", "1 06", "2024-05-01", "=1+1", "1e5", "5-9"])
def test_what_is_no_figure(text: str) -> None:
    assert read_figure(text).fault == "not_a_figure"


@pytest.mark.parametrize("text", ["", "..", ".", "x", "X", "-", "–"])
def test_mark_for_no_figure_is_kept_and_is_not_zero(text: str) -> None:
    assert (read_figure(text).value, read_figure(text).mark) == (None, text)


def test_dash_is_zero_only_where_a_person_says_so() -> None:
    assert read_figure("–", dash_is_zero=True).value == 0
    assert read_figure("..", dash_is_zero=True).value is None


@pytest.mark.parametrize(
    ("texts", "mark"),
    [
        (["1", "2"], ","), (["1,5"], ","), (["1.5"], "."), (["1,234", "1,5"], ","), (["1,234"], ""), (["1.234"], ""),
        (["1.234,5"], ","), (["1,234.5"], "."), (["1.234.567"], ","), (["1,5", "1.5"], ""), (["0,125"], ","),
    ],
)  # fmt: skip
def test_decimal_mark_is_told_by_the_figures_or_left_open(texts: list[str], mark: str) -> None:
    assert decimal_mark(texts) == mark


@given(st.integers(-(10**9), 10**9), st.sampled_from(["", " ", "\u00a0", "\u202f"]))
def test_whole_numbers_come_back_however_their_thousands_are_set(number: int, space: str) -> None:
    assert read_figure(f"{number:,}".replace(",", space)).value == number


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2024", "2024"), ("2024-06", "2024-06"), ("2024M06", "2024-06"), ("juni 2024", "2024-06"),
        ("2024 jan", "2024-01"),
        ("2024K2", "2024 K2"), ("2024 kv 2", "2024 K2"), ("2023-2024", "2023–2024"), ("2023–2024", "2023–2024"),
        ("2024-06-01", "2024-06"), ("1824", ""), ("2024-13", ""), ("2024-2023", ""), ("hej 2024", ""),
    ],
)  # fmt: skip
def test_period(text: str, period: str) -> None:
    assert read_period(text) == period


@pytest.mark.parametrize(
    ("heading", "parts"),
    [
        ("Folkmängd 2024", ("Folkmängd", "2024")), ("2024", ("", "2024")),
        ("Antal (2023–2024)", ("Antal", "2023–2024")),
        ("Antal", ("Antal", "")), ("E4 20245", ("E4 20245", "")),
    ],
)  # fmt: skip
def test_heading_is_split_from_its_period(heading: str, parts: tuple[str, str]) -> None:
    assert split_heading(heading) == parts


# Rows of persons


@pytest.mark.parametrize(
    "heading",
    ["Personnummer", "Förnamn", "Efternamn", "K-nummer", "Diarienummer", "Ärendenr", "Adress", "Telefon", "E-post",
     "Reg.nr", "X-koordinat", "Latitud", "SWEREF 99 TM N", "Händelseförlopp", "Födelsedatum", "Date of birth"],
)  # fmt: skip
def test_heading_of_a_single_person_or_case_refuses_the_file(heading: str) -> None:
    said = sentence(f"Område;År;{heading};Antal\nDuved;2024;a;5\n")
    assert "rad 1, kolumn C" in said
    assert "enskilda personer" in said


@pytest.mark.parametrize(
    "cell", ["850709-9805", "19850709-9805", "198507099805", "a.b@are.se", "5000-K123456-24"]
)
def test_cell_that_points_to_a_person_or_case_refuses_the_file_without_repeating_it(cell: str) -> None:
    said = sentence(f"Område;Text;År;Antal\nDuved;{cell};2024;5\n")
    assert "rad 2, kolumn B" in said
    assert cell not in said


@pytest.mark.parametrize(
    "days",
    [("2024-05-03", "2024-05-17"), ("3/5 2024", "17/5 2024"), ("2024-05-03 22:15", "2024-06-02 01:10")],
)
def test_rows_by_the_day_are_single_events(days: tuple[str, str]) -> None:
    assert "rad 3, kolumn A" in sentence(f"Datum;Olyckstyp;Antal\n{days[0]};Skoter;1\n{days[1]};Bil;1\n")


def test_months_that_excel_made_days_of_are_no_events() -> None:
    data = workbook(("Period", "Antal"), (date(2024, 5, 1), 12), (date(2024, 6, 1), 9))
    assert rows(read(data, suffix=".xlsx"))[0] == ("Statistik", "", "2024-05", 12)


@pytest.mark.parametrize(
    "heading", ["Lön", "Antal personer", "Personskador", "Nummer", "Koder", "Adresser med fel"]
)
def test_heading_of_aggregates_refuses_nothing(heading: str) -> None:
    assert read(f"Område;År;{heading}\nDuved;2024;50\nÅre by;2024;60\n").faults == ()


def test_few_injured_are_refused_by_cell_and_zero_is_not() -> None:
    statistics = read("Område;År;Antal\nDuved;2024;3\nÅre by;2024;0\n", source=Source.STRADA)
    assert [fault.cell and (fault.cell.row, fault.cell.letter) for fault in statistics.faults] == [(2, "C")]
    assert read("Område;År;Antal\nDuved;2024;3\n", source=Source.BRA).faults == ()
    things = SavedMapping(counts_things=True)
    assert read("Område;År;Antal\nDuved;2024;3\n", source=Source.MUNICIPALITY, mapping=things).faults == ()
    assert read("Område;År;Andel, %\nDuved;2024;3\n", source=Source.POLICE).faults == ()


# What must be mended


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("Område;År;Antal\nDuved;2024;5\nÅre by;2024;många\n", "rad 3, kolumn C (Antal)"),
        ("Område;År;Antal\nDuved;2024;5\nDuved;2024;6\n", "rad 3, kolumn C (Antal)"),
        ("Område;År;Antal\nDuved;i fjol;5\n", "rad 2, kolumn B (År)"),
        ("Område;Antal\nDuved;5\n", "rad 1"),
        ("Område;År;Antal;Antal\nDuved;2024;5;6\n", "rad 1, kolumn C (Antal)"),
        ("Område;År;Värde\nDuved;2024;1,234\n", "rad 1, kolumn C"),
        ("Område;År;;Antal\nDuved;2024;5;7\n", "rad 1, kolumn C"),
        ("Område;År\nDuved;2024\n", "rad 1"),
    ],
)  # fmt: skip
def test_fault_names_row_and_column(text: str, where: str) -> None:
    assert where in sentence(text)


# Hostile and odd files


def _bomb() -> bytes:
    stream = io.BytesIO(workbook(("Område", "År", "Antal")))
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet2.xml", b" " * (LIMITS.unpacked + 1))
    return stream.getvalue()


def _formula() -> bytes:
    return workbook(("Område", "År", "Antal"), ("Duved", 2024, "=1+1"))


def _wide() -> str:
    return ";".join(f"k{n}" for n in range(LIMITS.columns + 1)) + "\n"


@pytest.mark.parametrize(
    ("content", "suffix", "words"),
    [
        (b"", ".csv", "tom"),
        (b"\n\n", ".csv", "Ingen tabell"),
        (_bomb(), ".xlsx", "packas upp"),
        (_formula(), ".xlsx", "rad 2, kolumn C"),
        (b"x" * (LIMITS.packed + 1), ".csv", "för stor"),
        (b"a;b\n" + b"x" * 30_000 + b";1\n", ".csv", "rad 2"),
        (b'a;b\n1;2\n"' + b"x;y\n" * 40_000, ".csv", "rad 3"),
        (b"a;b\n1;2\n\x00;3\n", ".csv", "rad 3"),
        (b"a;b\n" + b"1;2\n" * (LIMITS.rows + 1), ".csv", "rader"),
        (_wide().encode(), ".csv", "rad 1"),
        (workbook(("Område", "År")), ".csv", "innehållet är något annat"),
        (BRA.encode(), ".xlsx", "innehållet är något annat"),
        (BRA.encode(), ".pdf", ".pdf"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), ".xlsx", "lösenord"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".xls", "gamla format"),
        (b"PK\x03\x04 and no more", ".xlsx", "skadad"),
    ],
)  # fmt: skip
def test_odd_file_is_refused_by_a_sentence(content: bytes, suffix: str, words: str) -> None:
    with pytest.raises(NotAWorkbookError, match=words):
        read(content, suffix=suffix)


@given(st.text(max_size=400))
def test_no_text_makes_the_reader_fail_otherwise_than_by_a_sentence(text: str) -> None:
    _read_or_refused(text.encode("utf-8", errors="surrogatepass"))


@given(st.binary(max_size=400))
def test_no_bytes_make_the_reader_fail_otherwise_than_by_a_sentence(data: bytes) -> None:
    _read_or_refused(data)


@given(
    st.lists(
        st.lists(
            st.sampled_from(["Duved", "2024", "5", "1,5", "..", "", "Antal", "Område", "a=b", "År", "3)"]),
            max_size=5,
        ),
        max_size=8,
    )
)
def test_no_table_makes_the_reader_fail_otherwise_than_by_a_sentence(table: list[list[str]]) -> None:
    _read_or_refused("\n".join(";".join(row) for row in table).encode())


def _read_or_refused(data: bytes) -> None:
    try:
        statistics = read(data)
    except NotAWorkbookError as error:
        assert str(error)
    else:
        assert all(fault.message != fault.code for fault in statistics.faults)
        assert list(preview(statistics, "sv"))
