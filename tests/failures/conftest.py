"""Running programs to be hurt: one that most tests share on each database, and towns for a program of one's own."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from databases import NewDatabase
from serving import Caller, Program, assert_no_fault, serving, town_of_today, wait_until
from town import Town

from storage.database import Database

HERE = Path(__file__).parent
collect_ignore_glob = [] if Path("/proc/self/task").exists() else ["test_*.py"]
"""Workers are found, and their memory is read, as Linux tells it."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.keeps_time)


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def shared_program(
    request: pytest.FixtureRequest, new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Program]:
    """Two workers with handles, once on each engine: to start them takes longer than most tests."""
    folder = tmp_path_factory.mktemp(f"shared-{request.param}")
    variables = {"HANDLES": str(folder), "PYTHONPATH": str(HERE)}
    with (
        new_database(request.param, folder) as database,
        serving(
            town_of_today(database),
            folder / "output",
            application="handled:app",
            variables=variables,
            may_fault=True,  # each test looks by itself, and one makes a fault
        ) as program,
    ):
        yield program


@pytest.fixture
def program(shared_program: Program) -> Iterator[Program]:
    """The shared program: its tests write from numbers of their own, and nothing may go wrong in it."""
    since = len(shared_program.output.read_bytes())
    yield shared_program
    wait_until(shared_program.is_ready)
    assert_no_fault(shared_program, since)


@pytest.fixture
def handles(program: Program) -> Path:
    """The folder where files are laid down for `program` (handled.py)."""
    return program.output.parent


@pytest.fixture
def caller(program: Program) -> Iterator[Caller]:
    with closing(program.caller()) as caller:
        yield caller


@pytest.fixture
def town(database: Database) -> Town:
    """Open today, for a program of the test's own."""
    return town_of_today(database)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The figures of what was measured on the way, for docs/reliability.md."""
    for report in terminalreporter.getreports("passed"):
        if report.user_properties:
            figures = ", ".join(f"{name} {value}" for name, value in report.user_properties)
            terminalreporter.write_line(f"{report.nodeid.partition('::')[2]}: {figures}")
