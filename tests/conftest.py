"""Both databases for every test that asks: SQLite in a file, PostgreSQL as a server for one session."""

import logging
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from console import Console
from databases import NewDatabase
from postgresql_server import PostgresqlServer, running_server
from sqlalchemy import make_url

from bot.services import passwords
from storage.database import Database, Sessions, open_database
from storage.upgrading import upgrade

_PAGES = ("test_console_", "test_paper", "test_meeting_notes", "test_employees_link")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    """The console's pages run on PostgreSQL in `make soak`: what stands below them runs on both each time."""
    for item in items:
        if item.path.name.startswith(_PAGES) and "postgresql" in item.name:
            item.add_marker("soak")


@pytest.fixture(scope="module", autouse=True)
def quick_passwords(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test's console has five accounts. How a password is kept in earnest, tests/unit/test_passwords.py says."""
    with pytest.MonkeyPatch.context() as patch:
        if request.path.parent.name == "integration":
            patch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
            passwords._nobodys.cache_clear()
        yield
    passwords._nobodys.cache_clear()


@pytest.fixture(autouse=True)
def no_unexpected_error(request: pytest.FixtureRequest) -> Iterator[None]:
    """No test may end with a fault of the program in its log, but those that bring one about and are marked so."""
    seen, logger = _Faults(), logging.getLogger("lyhord.web")
    logger.addHandler(seen)
    yield
    logger.removeHandler(seen)
    if request.node.get_closest_marker("faulty") is None:
        assert seen.faults == []


class _Faults(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.faults: list[dict[str, object]] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.getMessage() == "unexpected_error":
            self.faults.append(vars(record))


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database of this test's own, once on each engine."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/lyhord.db"
        return
    server: PostgresqlServer = request.getfixturevalue("postgresql")
    with server.database() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, new_database: NewDatabase, tmp_path: Path) -> Iterator[Database]:
    """An open database of this test's own with every table and no row, once on each engine."""
    with new_database(request.param, tmp_path) as opened:
        yield opened


@pytest.fixture
def sessions(database: Database) -> Sessions:
    """Transactions on `database`."""
    return database.sessions


@pytest.fixture
def console(database: Database) -> Console:
    """The staff console on `database`, with an account of every role."""
    return Console.build(database)


@pytest.fixture(scope="session")
def new_database(request: pytest.FixtureRequest) -> NewDatabase:
    """Opens a database with every table and no row on the engine that is named; SQLite's file in the folder given."""

    @contextmanager
    def new(engine: str, folder: Path) -> Iterator[Database]:
        if engine == "sqlite":
            shutil.copyfile(request.getfixturevalue("migrated_file"), folder / "lyhord.db")
            with _opened(f"sqlite:///{folder}/lyhord.db") as opened:
                yield opened
            return
        server: PostgresqlServer = request.getfixturevalue("postgresql")
        with server.database(request.getfixturevalue("migrated_name")) as url, _opened(url) as opened:
            yield opened

    return new


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with every table, to copy: migrating takes longer."""
    path = tmp_path_factory.mktemp("migrated") / "lyhord.db"
    with _opened(f"sqlite:///{path}") as opened:
        upgrade(opened)
    return path


@pytest.fixture(scope="session")
def migrated_name(postgresql: PostgresqlServer) -> Iterator[str]:
    """The name of a PostgreSQL database with every table, to copy."""
    with postgresql.database() as url:
        with _opened(url) as opened:
            upgrade(opened)
        yield str(make_url(url).database)


@pytest.fixture
def soffice(tmp_path: Path) -> list[str]:
    """LibreOffice without a window and with a profile of its own."""
    program = shutil.which("soffice")
    if program is None:
        assert not os.environ.get("CI"), "LibreOffice must be there in CI"
        pytest.skip("LibreOffice is not installed")
    return [program, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to"]


@contextmanager
def _opened(url: str) -> Iterator[Database]:
    opened = open_database(url)
    try:
        yield opened
    finally:
        opened.close()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgresqlServer]:
    """The server. Without one, tests are skipped on a developer's machine and fail where CI=true."""
    with ExitStack() as stack:
        try:
            server = stack.enter_context(running_server())
        except Exception as error:
            if os.environ.get("CI") == "true":
                raise
            pytest.skip(f"PostgreSQL does not start here: {error}")
        yield server
