"""Surveys in workbooks that another office program has saved."""

import subprocess
from datetime import date
from pathlib import Path

import pytest

from bot.services.publishing import load_flow_file
from bot.services.workbooks.flow_writing import write_flow
from flows.catalogue import load_document
from flows.parsing import serialise


@pytest.mark.parametrize("name", ["residents", "dialogue"])
def test_a_survey_that_libreoffice_saved_reads_the_same(
    name: str, soffice: list[str], tmp_path: Path
) -> None:
    document = serialise(load_document(name).document)
    path = tmp_path / "flow.xlsx"
    with path.open("wb") as stream:
        write_flow(document, stream, made_on=date(2026, 8, 1))
    saved = tmp_path / "saved"
    for format_ in ("xlsx:Calc MS Excel 2007 XML", "ods", "xls"):
        command = [*soffice, format_, "--outdir", str(saved), str(path)]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
    loaded = load_flow_file(saved / "flow.xlsx")
    assert loaded.problems == ()
    assert serialise(loaded.document) == document
    for filename, code in (("flow.ods", "open_document"), ("flow.xls", "old_excel")):
        assert [problem.code for problem in load_flow_file(saved / filename).problems] == [code]
