"""``lyhord flow`` as a person types it."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from bot.services.publishing import load_flow
from flows.catalogue import load_document
from flows.parsing import serialise


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
