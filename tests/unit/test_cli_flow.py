"""``lyhord flow`` as a person types it."""

import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from bot.cli import main
from bot.services.publishing import load_flow
from flows.catalogue import load_document
from flows.parsing import serialise

GUIDE = (Path(__file__).parents[2] / "docs" / "authoring.md").read_text(encoding="utf-8")


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["flow", *map(str, arguments)])


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    path = tmp_path / "enkat.xlsx"
    assert run("export", "residents", "-o", path).exit_code == 0
    return path


def test_a_flow_goes_to_excel_and_back(workbook: Path, tmp_path: Path) -> None:
    again = tmp_path / "enkat.yaml"
    result = run("import", workbook, "-o", again)
    assert (result.exit_code, result.output) == (
        0,
        f"{again}: in order. Try it: lyhord chat --flow {again}\n",
    )
    assert load_flow("enkat.yaml", tmp_path) == serialise(load_document("residents").document)


def test_a_workbook_is_checked_and_taken_for_a_round_like_yaml(workbook: Path, tmp_path: Path) -> None:
    assert run("check", workbook).output == f"{workbook}: in order\n"
    assert load_flow("enkat.xlsx", tmp_path) == serialise(load_document("residents").document)


def test_nothing_is_written_while_something_must_be_mended(tmp_path: Path) -> None:
    (tmp_path / "old.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    output = tmp_path / "new.yaml"
    result = run("import", tmp_path / "old.xls", "-o", output)
    assert result.exit_code == 1
    assert "old format (.xls). Save it as an Excel workbook (.xlsx).  [old_excel]" in result.output
    assert not output.exists()
    (tmp_path / "broken.yaml").write_text("settings: {form_id: x}")
    result = run("export", tmp_path / "broken.yaml", "-o", output)
    assert (result.exit_code, output.exists()) == (1, False)
    assert "setting_missing" in result.output


def test_a_flow_that_is_not_there_is_told_with_those_that_are() -> None:
    result = run("export", "resident", "-o", "x.xlsx")
    assert result.exit_code == 2
    assert "neither one of dialogue, employees, residents, nor a file" in result.output


def test_the_first_survey_of_the_guide_is_made_as_it_says(tmp_path: Path) -> None:
    path = tmp_path / "cykel.xlsx"
    assert run("export", "residents", "-o", path).exit_code == 0
    book = load_workbook(path)
    _take_out(book["survey"], ("avoided", "list", "victim", "police_enough", "municipality_enough"))
    question, choices = GUIDE.split("\n   | `list_name`")
    cells = dict(re.findall(r"^   \| `([^`]+)` \| `?(.+?)`?(?: \(.*\))? \|$", question, re.MULTILINE))
    assert len(cells) == 7
    survey = book["survey"]
    above = next(row for row in range(2, survey.max_row) if survey.cell(row, 2).value == "wish")
    survey.insert_rows(above)
    _fill(survey, above, cells)
    rows = re.findall(r"^   \| cykel \| (\w+) \| (\d) \| ([^|]+) \| ([^|]+) \|$", choices, re.MULTILINE)
    headings = ("name", "key", "label::Svenska (sv)", "label::English (en)")
    for row in rows:
        values = {"list_name": "cykel", **dict(zip(headings, row, strict=True))}
        _fill(book["choices"], book["choices"].max_row + 1, values)
    book["settings"]["A2"] = "cykel_2026"
    book.save(path)
    assert run("check", path).output == f"{path}: in order\n"
    last = book["choices"].max_row
    _fill(book["choices"], last, {"label::English (en)": ""})
    book.save(path)
    told = run("check", path).output.splitlines()[0]
    assert told.removesuffix("  [translation_missing]") in GUIDE


def _take_out(sheet: Any, names: tuple[str, ...]) -> None:
    for name in names:
        sheet.delete_rows(next(r for r in range(2, sheet.max_row + 1) if sheet.cell(r, 2).value == name))


def _fill(sheet: Any, row: int, values: dict[str, str]) -> None:
    columns = {cell.value: cell.column for cell in sheet[1]}
    for heading, value in values.items():
        sheet.cell(row, columns[heading]).value = value or None
