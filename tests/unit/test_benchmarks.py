"""The benchmarks stay runnable: their figures are for `make bench`, not for the tests."""

import re
import subprocess
import sys

import pytest

from benchmarks.__main__ import BENCHMARKS, main
from benchmarks.figures import Figure, ratio


def test_list_names_every_benchmark(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--list"])
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == list(BENCHMARKS)


def test_smallest_form_prints_a_figure_beside_its_promise(capsys: pytest.CaptureFixture[str]) -> None:
    main(["engine", "--quick"])
    assert re.search(r"one turn +[\d.,]+ µs +\([\d.,]+-[\d.,]+\) +promised <= 75", capsys.readouterr().out)


def test_unknown_name_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["nothing"])
    assert "engine" in capsys.readouterr().err


@pytest.mark.parametrize(("most", "kept"), [(5.0, True), (1.5, False)])
def test_median_decides_whether_a_promise_is_kept(most: float, kept: bool) -> None:
    line = Figure(name="x", unit="s", values=(1.0, 2.0, 90.0), most=most).line()
    assert ("NOT KEPT" not in line) is kept


def test_ratio_is_taken_run_by_run() -> None:
    assert ratio("x", [10.0, 40.0], [20.0, 50.0]).values == (0.5, 0.8)


def test_peak_of_a_process_is_not_that_of_the_one_which_began_it() -> None:
    """Linux hands the largest on, and a benchmark that has filled a million rows is large."""
    mib = 400
    held = b"." * (mib << 20)
    command = [sys.executable, "-c", "from benchmarks.counted import peak_mib; print(peak_mib())"]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert len(held) >> 20 == mib > float(printed)


def test_counting_fills_a_round_and_counts_it(capsys: pytest.CaptureFixture[str]) -> None:
    main(["counting", "--quick"])
    printed = capsys.readouterr().out
    assert re.search(r"the picture over 1M answers +[\d.,]+ s ", printed)
    assert re.search(r"working copy / their rows by csv.writer +[\d.,]+ times", printed)
