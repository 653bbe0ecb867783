"""Files that leave the house: the working copy of 100,000 people in each format, and a report in each of its own."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from io import BytesIO

from benchmarks.counted import Run
from benchmarks.figures import LEAST_EFFORT, Effort, Figure, ratio
from summary.exporters.formats import EXPORTERS
from summary.picture import Chart, Column, Paragraph, PictureTable, ProblemPicture, Row, Section, Unit

PERSONS, FEW = 100_000, 200
MOST_S, MOST_MIB = 60, 100
TABLES = 25


def figures(effort: Effort) -> Iterator[Figure]:
    """Each working copy is written by a process of its own; memory is what its peak lies above its start."""
    persons = FEW if effort == LEAST_EFFORT else PERSONS
    few = Effort(runs=min(3, effort.runs))
    runs = {what: _runs(what, persons, few) for what in ("xlsx", "bare", "sav", "csv", "json")}
    seconds = {what: tuple(each.seconds for each in made) for what, made in runs.items()}
    for what in ("xlsx", "sav", "csv", "json"):
        yield Figure(
            name=f"working copy of 100,000 people as {what}", unit="s", values=seconds[what], most=MOST_S
        )
        grown = tuple(each.peak_mib - each.before_mib for each in runs[what])
        yield Figure(name="  memory above that of the start", unit="MiB", values=grown, most=MOST_MIB)
    yield ratio("xlsx / the same cells by the library alone", seconds["xlsx"], seconds["bare"])
    for format_ in EXPORTERS:
        yield Figure(
            name=f"a report of {TABLES} tables as {format_}", unit="ms", values=_report(format_, few)
        )


def _runs(what: str, persons: int, effort: Effort) -> tuple[Run, ...]:
    command = [sys.executable, "-m", "benchmarks.exported", what, str(persons)]
    return tuple(
        Run(**json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))
        for _ in range(effort.runs)
    )


def _report(format_: str, effort: Effort) -> tuple[float, ...]:
    """Milliseconds, once its libraries are loaded."""
    picture = _picture()
    EXPORTERS[format_].write(picture, BytesIO())
    taken = []
    for _ in range(effort.runs):
        started = time.perf_counter()
        EXPORTERS[format_].write(picture, BytesIO())
        taken.append((time.perf_counter() - started) * 1e3)
    return tuple(taken)


def _picture() -> ProblemPicture:
    columns = tuple(
        Column(code=code, heading=code, unit=Unit.PERCENT)
        for code in ("residents_percent", "employees_percent")
    )
    rows = tuple(
        Row(code=f"r{n}", label=f"Ordningsstörningar och buller {n}", values=(n, 12 - n)) for n in range(12)
    )
    codes = tuple(row.code for row in rows)
    return ProblemPicture(
        language="sv",
        title="Lokal problembild",
        subtitle="Omgång",
        status="Slutlig",
        rule="exact",
        counted_on="2026-11-02",
        demonstration="",
        basis="Underlag",
        summary=("En mening.",) * 8,
        problems=(Paragraph(heading="Problem", text="Var och när."),) * 5,
        honesty="Så ska siffrorna läsas.",
        tables=tuple(
            PictureTable(
                code=f"t{n}",
                section=Section.PROBLEMS,
                title=f"Tabell {n}",
                corner="Problem",
                columns=columns,
                rows=rows,
                chart=Chart(
                    title="Diagram", columns=tuple(c.code for c in columns), rows=codes, alt="Staplar"
                )
                if n % 2
                else None,
            )
            for n in range(TABLES)
        ),
        method=(),
        codebook=(),
    )
