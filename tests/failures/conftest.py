"""Running programs to be hurt: one that all tests share on each database, and towns for a program of one's own."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from serving import Program, assert_no_fault, serving, town_of_today
from town import Town

from storage.database import Database

NewDatabase = Callable[[str, Path], AbstractContextManager[Database]]


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def shared_program(
    request: pytest.FixtureRequest, new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Program]:
    """Two workers, once on each engine. Its tests write from numbers of their own."""
    folder = tmp_path_factory.mktemp(f"shared-{request.param}")
    with (
        new_database(request.param, folder) as database,
        serving(town_of_today(database), folder / "output") as program,
    ):
        yield program


@pytest.fixture
def program(shared_program: Program) -> Iterator[Program]:
    """The shared program; afterwards nothing has gone wrong in it."""
    since = len(shared_program.output.read_bytes())
    yield shared_program
    assert_no_fault(shared_program, since)


@pytest.fixture
def town(database: Database) -> Town:
    """Open today, for a program of the test's own."""
    return town_of_today(database)
