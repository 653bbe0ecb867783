"""Several municipalities side by side: nothing but what stands in their reports."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook
from problem_samples import codebook, round_counts

from bot.cli import main
from bot.services.side_by_side import BadReport, compare_reports
from bot.services.summaries import picture_of
from privacy.disclosure import EXACT, INTERIM, Rule
from summary.comparison import MOST, NotComparable, compare
from summary.picture import ProblemPicture, Unit, to_json


def report(town: str, residents: int, rule: Rule = EXACT, language: str = "sv") -> ProblemPicture:
    counts = round_counts(residents, 40, seed=residents, closed=rule is EXACT)
    return replace(picture_of(counts, codebook(), rule, language), title=f"Lokal problembild: {town}")


ARE, BRACKE, KROKOM = report("Åre kommun", 600), report("Bräcke kommun", 60), report("Krokoms kommun", 250)


def test_every_percentage_is_that_of_the_town_in_whose_column_it_stands() -> None:
    towns = (ARE, BRACKE, KROKOM)
    checked = 0
    for code, source, column in (
        ("problems", "problems", "residents_percent"),
        ("questions", "questions_residents", "percent"),
    ):
        table = compare(towns).table(code)
        assert table is not None
        for row in table.rows:
            for town, shown in zip(towns, row.values, strict=True):
                assert shown == _figure(town, source, row.code, column), (town.title, row.code)
                checked += shown is not None
    assert checked > 40


def _figure(town: ProblemPicture, table: str, row: str, column: str) -> object:
    found = town.table(table)
    assert found is not None
    values = {each.code: each.values for each in found.rows}.get(row)
    return None if values is None else values[[each.code for each in found.columns].index(column)]


def test_problems_stand_in_the_order_of_each_town_and_few_answers_leave_places_empty() -> None:
    order = compare([ARE, BRACKE]).table("order")
    assert order is not None
    assert [row.values[0] for row in order.rows][:2] == [
        "Fortkörning, rattfylleri och andra trafikbrott",
        "Buskörning och störande fordon",
    ]
    assert order.rows[0].values[1] == "Ordningsstörningar, fylla och buller"
    assert order.rows[-1].values[1] is None


def test_nothing_is_added_up_across_towns() -> None:
    shown = compare([ARE, BRACKE])
    assert not any(column.unit is Unit.PERSONS for table in shown.tables for column in table.columns)
    assert "660" not in json.dumps(to_json(shown), ensure_ascii=False)


def test_it_says_which_reports_are_preliminary_and_that_levels_are_no_measure() -> None:
    shown = compare([ARE, report("Bergs kommun", 60, INTERIM)])
    assert shown.status == "Preliminärt: svaren är fortfarande på väg in i Bergs kommun."
    assert shown.rule == "interim"
    assert "inte mått på hur vanliga" in shown.honesty
    assert compare([ARE, BRACKE]).status == "Alla rapporter är slutliga."


def test_two_rounds_of_one_town_are_told_apart() -> None:
    shown = compare([ARE, replace(ARE, subtitle="Medborgarlöften 2028 · svar maj 2028")])
    assert [paragraph.heading for paragraph in shown.problems] == [
        f"Åre kommun, {ARE.subtitle}",
        "Åre kommun, Medborgarlöften 2028 · svar maj 2028",
    ]


@pytest.mark.parametrize(
    ("pictures", "code"),
    [
        ([ARE], "too_few"),
        ([ARE, ARE], "twice"),
        ([replace(ARE, basis=str(n)) for n in range(MOST + 1)], "too_many"),
    ],
)
def test_what_cannot_be_compared_is_refused(pictures: list[ProblemPicture], code: str) -> None:
    with pytest.raises(NotComparable) as refused:
        compare(pictures)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"{}", b'{"version": 99}', b'{"version": 1, "tables": 3}', b"\xff\xfe", b"[" * 100_000],
)
def test_a_file_that_is_no_report_is_named(content: bytes) -> None:
    good = json.dumps(to_json(ARE)).encode()
    with pytest.raises(BadReport, match=r"^bergs\.json: "):
        compare_reports([("are.json", good), ("bergs.json", content)])


def test_the_command_writes_a_file_with_a_column_for_each_town(tmp_path: Path) -> None:
    for name, town in (("are", ARE), ("bracke", BRACKE)):
        (tmp_path / f"{name}.json").write_text(json.dumps(to_json(town)), encoding="utf-8")
    written = tmp_path / "side_by_side.xlsx"
    arguments = ["compare", str(tmp_path / "are.json"), str(tmp_path / "bracke.json"), "-o", str(written)]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    words = {cell.value for sheet in load_workbook(written) for row in sheet.iter_rows() for cell in row}
    assert {"Åre kommun", "Bräcke kommun", "Problemen i ordning"} <= words


def test_the_command_says_what_is_wrong_and_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{}", encoding="utf-8")
    written = tmp_path / "side_by_side.xlsx"
    result = CliRunner().invoke(main, ["compare", str(tmp_path / "a.json"), "-o", str(written)])
    assert result.exit_code == 1
    assert "a.json: is no released report" in result.output
    assert not written.exists()
