"""The problem picture over a large round, beside one pass over its answers; its working copy as CSV, beside plain csv.

The database is filled once for all runs. Each run is a process of its own, as the command is, and tells the memory that
it held before it began and at its peak.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from benchmarks.counted import Run, Work, run
from benchmarks.figures import LEAST_EFFORT, Effort, Figure, ratio
from benchmarks.filling import fill_with_answers
from benchmarks.setting import an_sqlite_file, prepared

MILLION, FEW = 1_000_000, 2_000
MANY = 5
"""How many times larger the larger round is."""
FLAT_MIB = 24
"""What a working copy may take of memory, however many its rows: 16 of it are SQLite's cache for reports."""

Databases = Callable[[], AbstractContextManager[str]]


def figures(effort: Effort, database: Databases = an_sqlite_file) -> Iterator[Figure]:
    """Over a million answers."""
    with _filled(database, effort) as url:
        pictures, passes = _runs(url, Work.PICTURE, effort), _runs(url, Work.ONE_PASS, effort)
        exact = _runs(url, Work.EXACT, effort)
        in_duckdb = _runs(url, Work.DUCKDB, effort)
        watched = _runs(url, Work.WATCHING, effort)
        copies, plain = _runs(url, Work.COPY, effort), _runs(url, Work.PLAIN_CSV, effort)
    yield Figure(name="the picture over 1M answers", unit="s", values=_seconds(pictures), most=1.5)
    yield Figure(name="  memory above that of the start", unit="MiB", values=_grown(pictures))
    yield Figure(name="the exact picture, once a round", unit="s", values=_seconds(exact), most=1.5)
    yield Figure(name="  memory above that of the start", unit="MiB", values=_grown(exact))
    yield Figure(name="watching a round of 1M answers", unit="s", values=_seconds(watched), most=1.5)
    yield Figure(name="  memory above that of the start", unit="MiB", values=_grown(watched))
    yield Figure(name="floor: one pass over the answers", unit="s", values=_seconds(passes))
    yield ratio("the picture / one pass", _seconds(pictures), _seconds(passes))
    yield Figure(name="floor: the same pass by DuckDB in memory", unit="s", values=_seconds(in_duckdb))
    yield ratio("one pass / by DuckDB", _seconds(passes), _seconds(in_duckdb))
    yield Figure(name="working copy of 1M answers as CSV", unit="s", values=_seconds(copies))
    yield Figure(name="  memory above that of the start", unit="MiB", values=_grown(copies), most=FLAT_MIB)
    yield Figure(name="floor: their rows by csv.writer", unit="s", values=_seconds(plain))
    yield ratio("working copy / their rows by csv.writer", _seconds(copies), _seconds(plain))


_FILTERS = {
    Work.FILTER_NONE: "the live picture of all",
    Work.FILTER_AREA: "of one area",
    Work.FILTER_AGE: "of women of 25 to 44",
    Work.FILTER_WEEK: "of the last seven days",
    Work.FILTER_PROBLEM: "of those who name one problem",
}


def figures_filters(effort: Effort, database: Databases = an_sqlite_file) -> Iterator[Figure]:
    """The live problem picture over a million answers, whatever is chosen, and the Monday page."""
    with _filled(database, effort) as url:
        for work, name in _FILTERS.items():
            yield Figure(name=name, unit="s", values=_seconds(_runs(url, work, effort)), most=1.0)
        yield Figure(name="the Monday page", unit="s", values=_seconds(_runs(url, Work.MONDAY, effort)))


def figures_large(effort: Effort, database: Databases = an_sqlite_file) -> Iterator[Figure]:
    """Over five million answers, beside one million."""
    few = Effort(runs=min(effort.runs, 3))
    with _filled(database, effort) as url:
        small, small_copies = _runs(url, Work.PICTURE, few), _runs(url, Work.COPY, LEAST_EFFORT)
        small_exact, small_watched = _runs(url, Work.EXACT, few), _runs(url, Work.WATCHING, few)
    with _filled(database, effort, times=MANY) as url:
        large, large_copies = _runs(url, Work.PICTURE, few), _runs(url, Work.COPY, LEAST_EFFORT)
        large_exact, large_watched = _runs(url, Work.EXACT, few), _runs(url, Work.WATCHING, few)
    yield Figure(name="the picture over 5M answers", unit="s", values=_seconds(large))
    yield ratio("the picture, 5M / 1M", _seconds(large), _seconds(small), most=MANY)
    yield ratio("the exact picture, 5M / 1M", _seconds(large_exact), _seconds(small_exact), most=MANY)
    yield ratio("watching, 5M / 1M", _seconds(large_watched), _seconds(small_watched), most=MANY)
    yield Figure(
        name="  memory above that of the start, watching 1M", unit="MiB", values=_grown(small_watched)
    )
    yield Figure(
        name="  memory above that of the start, watching 5M", unit="MiB", values=_grown(large_watched)
    )
    yield Figure(name="  memory above that of the start, 1M", unit="MiB", values=_grown(small))
    yield Figure(name="  memory above that of the start, 5M", unit="MiB", values=_grown(large))
    yield Figure(name="  memory above that of the start, exact, 1M", unit="MiB", values=_grown(small_exact))
    yield Figure(name="  memory above that of the start, exact, 5M", unit="MiB", values=_grown(large_exact))
    yield Figure(name="working copy of 5M answers as CSV", unit="s", values=_seconds(large_copies))
    yield ratio("working copy, 5M / 1M", _seconds(large_copies), _seconds(small_copies))
    yield Figure(
        name="  memory above that of the start", unit="MiB", values=_grown(large_copies), most=FLAT_MIB
    )


@contextmanager
def _filled(database: Databases, effort: Effort, times: int = 1) -> Iterator[str]:
    """The URL of a database whose round has so many million answers; a few where the figures mean nothing."""
    with database() as url:
        prepared(url)
        fill_with_answers(url, times * (FEW if effort == LEAST_EFFORT else MILLION))
        yield url


def _runs(url: str, work: Work, effort: Effort) -> tuple[Run, ...]:
    return tuple(run(url, work) for _ in range(effort.runs))


def _seconds(runs: tuple[Run, ...]) -> tuple[float, ...]:
    return tuple(each.seconds for each in runs)


def _grown(runs: tuple[Run, ...]) -> tuple[float, ...]:
    return tuple(each.peak_mib - each.before_mib for each in runs)
