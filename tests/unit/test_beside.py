"""Statistics beside the answers: which periods, means and marks a reader sees, and which problems they stand at."""

from dataclasses import replace
from datetime import date

import pytest
from problem_samples import codebook, round_counts

from bot.services.summaries import picture_of
from privacy.disclosure import EXACT
from summary.beside import with_statistics
from summary.picture import PictureTable, ProblemPicture
from summary.published import PublishedFigure, PublishedTable, Source

CODE = "statistics:bra:10L"


def picture(language: str = "sv") -> ProblemPicture:
    return picture_of(round_counts(600, 75), codebook(), EXACT, language)


def figures(values: dict[str, float | None], *, area: str = "") -> tuple[PublishedFigure, ...]:
    return tuple(
        PublishedFigure(
            indicator="Skadegörelse",
            area=area,
            period=period,
            value=value,
            mark="" if value is not None else "..",
        )
        for period, value in values.items()
    )


def published(*rows: tuple[PublishedFigure, ...], caution: str = "") -> PublishedTable:
    return PublishedTable(
        source=Source.BRA,
        table_id="10L",
        title="Anmälda brott",
        caution=caution,
        imported_on=date(2026, 11, 3),
        figures=tuple(figure for row in rows for figure in row),
        about={"Skadegörelse": "vandalism_litter"},
    )


def table(published: PublishedTable, code: str = CODE, language: str = "sv") -> PictureTable:
    found = with_statistics(picture(language), (published,)).table(code)
    assert found is not None
    return found


def test_without_statistics_the_picture_is_as_it_was() -> None:
    shown = picture()
    assert with_statistics(shown, ()) is shown


def test_five_latest_periods_are_shown_with_the_mean_of_three_years() -> None:
    shown = table(published(figures({str(year): year - 2000.0 for year in range(2018, 2026)})))
    assert [column.code for column in shown.columns] == ["2021", "2022", "2023", "2024", "2025", "mean"]
    assert shown.rows[0].values == (21, 22, 23, 24, 25, 24)


@pytest.mark.parametrize(
    "values",
    [
        {"2024": 1.0, "2025": 2.0},
        {"2023": 1.0, "2024": None, "2025": 2.0},
        {"2020": 1.0, "2024": 2.0, "2025": 3.0},
        {"2025-01": 1.0, "2025-02": 2.0, "2025-03": 3.0},
    ],
)
def test_no_mean_is_made_of_fewer_than_three_years_in_a_row(values: dict[str, float | None]) -> None:
    assert "mean" not in [column.code for column in table(published(figures(values))).columns]


def test_areas_stand_below_the_municipality_and_are_not_added_to_one() -> None:
    shown = table(published(figures({"2025": 7}, area="duved"), figures({"2025": 9}, area="are_by")))
    assert [(row.label, row.level, row.values) for row in shown.rows] == [
        ("Skadegörelse", 0, (None,)),
        ("Duved", 1, (7,)),
        ("Åre by", 1, (9,)),
    ]


def test_missing_values_stay_empty_and_their_mark_is_told() -> None:
    shown = table(published(figures({"2024": None, "2025": 3})))
    assert shown.rows[0].values == (None, 3)
    assert "(..)" in shown.note


def test_caution_is_that_of_the_source_unless_a_person_wrote_one() -> None:
    assert "inte begångna brott" in table(published(figures({"2025": 3}))).note
    assert "not crimes committed" in table(published(figures({"2025": 3})), language="en").note
    own = table(published(figures({"2025": 3}), caution="Räknat på nytt sätt."))
    assert "Räknat på nytt sätt." in own.note
    assert "inte begångna brott" not in own.note


def test_source_table_period_and_day_of_import_stand_above() -> None:
    lead = table(published(figures({"2024": 2, "2025": 3}))).lead
    assert lead == "Källa: Brå, tabell 10L. Avser 2024–2025. Inläst 3 november 2026."


def test_problem_stands_with_its_released_answers_over_its_indicators() -> None:
    shown = table(published(figures({"2023": 50, "2024": 60, "2025": 71})), "beside")
    problems = picture().table("problems")
    assert problems is not None
    released = next((row.values[0] for row in problems.rows if row.code == "vandalism_litter"), None)
    assert [(row.code, row.level) for row in shown.rows] == [
        ("vandalism_litter", 0),
        ("vandalism_litter.1", 1),
    ]
    assert shown.rows[0].values[0] == released
    assert shown.rows[1].values[-3:] == ("2025", 71, 60.3)
    assert shown.rows[1].label == "Skadegörelse, Brå"


def test_indicator_of_areas_only_stands_beside_no_problem() -> None:
    pictured = with_statistics(picture(), (published(figures({"2025": 7}, area="duved")),))
    assert pictured.table("beside") is None


def test_indicator_without_any_value_stands_beside_no_problem() -> None:
    pictured = with_statistics(picture(), (published(figures({"2025": None})),))
    assert pictured.table("beside") is None


def test_small_answers_are_not_told_by_the_statistics_beside_them() -> None:
    """What the picture does not show of a problem is not shown beside the statistics either."""
    few = picture_of(round_counts(7, 0), codebook(), EXACT, "sv")
    shown = with_statistics(few, (published(figures({"2025": 71})),)).table("beside")
    assert shown is not None
    assert [value for row in shown.rows for value in row.values if value is not None] == ["2025", 71]


def test_statistics_come_after_the_answers_and_before_who_answered() -> None:
    sections = [
        t.section.value for t in with_statistics(picture(), (published(figures({"2025": 7})),)).tables
    ]
    assert sections.index("wishes") < sections.index("statistics") < sections.index("questions")


def test_two_tables_keep_their_own_cautions() -> None:
    other = replace(published(figures({"2025": 7})), source=Source.SCB, table_id="BE")
    shown = with_statistics(picture(), (published(figures({"2025": 3})), other))
    notes = {t.code: t.note for t in shown.tables if t.code.startswith("statistics:")}
    assert "SCB" in notes["statistics:scb:BE"]
    assert "SCB" not in notes[CODE]
