"""What all documents are made from: figures as people write them, widths of columns, the order of reading."""

from dataclasses import replace

import pytest
from problem_samples import codebook, round_counts

from bot.services.summaries import picture_of
from privacy.disclosure import EXACT
from summary.charts import plot_of
from summary.exporters.drawing.measures import longest_word, width_of, wrapped
from summary.exporters.figures import figure
from summary.exporters.reading_order import Figures, Heading, Manner, Picture, Text, chapters, first_page
from summary.exporters.table_widths import column_widths, share_widths, upright_high
from summary.picture import Chart, ChartKind, Column, PictureTable, ProblemPicture, Row, Section, Unit


@pytest.mark.parametrize(
    ("value", "unit", "swedish", "english"),
    [
        (None, Unit.PERSONS, "", ""),
        (0, Unit.PERSONS, "0", "0"),
        (1234567, Unit.PERSONS, "1\u00a0234\u00a0567", "1,234,567"),
        (1062.25, Unit.PUBLISHED, "1\u00a0062,25", "1,062.25"),
        (3, Unit.POINTS_OF_CHANGE, "+3", "+3"),
        (-3, Unit.POINTS_OF_CHANGE, "\u22123", "\u22123"),
        (0, Unit.PLACES_OF_CHANGE, "0", "0"),
        ("färre än väntat", Unit.WORDS, "färre än väntat", "färre än väntat"),
    ],
)
def test_figures_as_people_write_them(
    value: float | str | None, unit: Unit, swedish: str, english: str
) -> None:
    assert figure(value, "sv", unit) == swedish
    assert figure(value, "en", unit) == english


def table(columns: int = 2, **changes: object) -> PictureTable:
    made = PictureTable(
        code="t",
        section=Section.RESPONDENTS,
        title="Ålder",
        corner="Grupp",
        columns=tuple(
            Column(code=f"c{n}", heading=f"Undersåkersområdet {n}, %", unit=Unit.PERCENT)
            for n in range(columns)
        ),
        rows=(
            Row(code="age", label="Ålder", values=(None,) * columns),
            Row(code="age:15", label="15–24 år", values=(12,) * columns, level=1),
            Row(code="all", label="Alla", values=(None, *(34,) * (columns - 1))),
            Row(code="all:1", label="en del", values=(1,) * columns, level=1),
        ),
    )
    return replace(made, **changes)  # type: ignore[arg-type] # names of fields


@pytest.mark.parametrize("columns", [1, 2, 5, 9, 14])
def test_columns_leave_the_labels_room_and_few_of_them_do_not_fill_the_page(columns: int) -> None:
    widths = column_widths(table(columns), "sv", 472, 8.5)
    assert sum(widths) == pytest.approx(472 * {1: 0.5, 2: 0.75}.get(columns, 1.0))
    assert widths[0] >= 472 * 0.28 - 1e-6
    assert min(widths) > 0


def test_a_heading_read_from_below_goes_on_two_lines_where_its_column_is_wide_enough() -> None:
    heading = Column(code="c0", heading="Fick inte eller besvarade inte frågan", unit=Unit.PERSONS)
    made = replace(table(), columns=(heading, table().columns[1]))
    narrow, wide = (upright_high(made, [100.0, width, width], 8) for width in (18, 30))
    assert narrow > width_of(heading.heading, 8)
    assert width_of("besvarade inte frågan", 8) < wide < narrow * 0.7


def test_a_table_of_words_gives_no_column_less_than_its_longest_word_and_fills_the_page() -> None:
    made = replace(
        table(),
        columns=tuple(Column(code=f"c{n}", heading="Ansvarig", unit=Unit.WORDS) for n in range(4)),
        rows=(Row(code="a", label="Ett löfte " * 20, values=("trygghetssamordningen " * 3, "x", "y", None)),),
    )
    widths = column_widths(made, "sv", 472, 8.5)
    assert sum(widths) == pytest.approx(472)
    assert widths[1] > longest_word("trygghetssamordningen", 8.5)
    assert widths[0] > widths[2]


def test_columns_of_words_share_the_page_by_what_they_need() -> None:
    widths = share_widths([("kod",), ("en lång beskrivning av vad koden betyder",), ("",)], 400, 8)
    assert sum(widths) == pytest.approx(400)
    assert widths[1] > widths[0] >= widths[2] > 8


def test_a_code_is_not_wider_than_its_column() -> None:
    code = "fairly_unsafe_or_very_unsafe"
    texts = [
        ("list", "safety"),
        ("code", code),
        ("label", "Ganska eller mycket otrygg " * 9),
        ("", "Del " * 40),
    ]
    widths = share_widths(texts, 400, 8)
    assert sum(widths) == pytest.approx(400)
    assert widths[1] > width_of(code, 8) + 10


def test_a_heading_is_not_divided_between_a_number_and_its_unit() -> None:
    label = "15–24\N{NO-BREAK SPACE}år"
    assert wrapped(f"Mest {label}", width_of(label, 10), 10) == ["Mest", label]


def test_a_chart_reads_rows_and_columns_of_its_table_in_its_own_order() -> None:
    chart = Chart(title="T", columns=("c1", "c0"), rows=("all:1", "age:15"), alt="A", kind=ChartKind.COVERAGE)
    plot = plot_of(table(), chart)
    assert plot.labels == ("en del", "15–24 år")
    assert plot.groups == ("", "Ålder")  # what has a figure of its own is no heading
    assert [(one.code, one.values) for one in plot.series] == [("c1", (1, 12)), ("c0", (1, 12))]
    with pytest.raises(KeyError):
        plot_of(table(), replace(chart, rows=("gone",)))


def picture() -> ProblemPicture:
    return picture_of(round_counts(600, 75), codebook(), EXACT, "sv")


def test_every_table_comes_once_below_its_chart_and_numbers_go_up() -> None:
    shown = picture()
    parts = chapters(shown)
    tables = [part for part in parts if isinstance(part, Figures)]
    assert sorted(part.table.code for part in tables) == sorted(table.code for table in shown.tables)
    assert [part.number for part in tables] == list(range(1, len(tables) + 1))
    charts = [(at, part) for at, part in enumerate(parts) if isinstance(part, Picture)]
    assert [part.number for _, part in charts] == list(range(1, len(charts) + 1))
    for at, part in charts:
        below = parts[at + 1]
        assert isinstance(below, Figures) and below.table.code == part.plot.code


def test_a_picture_of_an_earlier_version_without_chapters_is_read_by_section() -> None:
    shown = replace(picture(), chapters=())
    parts = chapters(shown)
    headings = [part.text for part in parts if isinstance(part, Heading) and part.level == 1]
    assert headings[:3] == ["Problem", "Områden", "Tider"]
    assert len([part for part in parts if isinstance(part, Figures)]) == len(shown.tables)


def test_first_page_ends_with_what_the_figures_can_say_and_has_no_empty_paragraph() -> None:
    parts = first_page(replace(picture(), demonstration="", basis=""))
    last = parts[-1]
    assert isinstance(last, Text) and last.manner is Manner.HONESTY
    assert all(part.text for part in parts if isinstance(part, Text | Heading))
