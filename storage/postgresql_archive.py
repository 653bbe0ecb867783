"""Copying a PostgreSQL database out and in, with its own pg_dump and pg_restore. Nothing plain is written to a disk."""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from io import BufferedReader
from pathlib import Path
from select import select
from typing import IO, Any

from sqlalchemy import Connection, MetaData, make_url, text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError

from storage.copying import PIECE_BYTES, CopyFailed
from storage.database import Database, open_database
from storage.ledger import Entry

_OWN_TABLES = text(
    "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
    "WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"
)
_WAIT_S = 1.0


@dataclass(frozen=True, slots=True)
class PostgresqlArchive:
    """The database at `url`. `environment` is what the programs are started with: their PATH is in it."""

    url: str
    environment: Mapping[str, str]
    engine: str = "postgresql"

    def made_with(self) -> str:
        """pg_dump refuses a server that is newer than itself."""
        version = self._version("pg_dump")
        server = self._server_major()
        if _major(version) < server:
            raise CopyFailed(
                f"pg_dump is of version {version} and the server of version {server}: "
                f"install the client programs of version {server} (on Debian: postgresql-client-{server})"
            )
        return f"pg_dump {version}"

    @contextmanager
    def copied(self) -> Iterator[Iterator[bytes]]:
        command = ["pg_dump", "--format=custom", "--no-password"]
        with closing(self._output(command)) as pieces:
            yield pieces

    def refuse_occupied(self, *, may_move: bool, moment: datetime) -> None:
        if may_move:
            raise CopyFailed(
                "--replace is for SQLite. Rename the old database (ALTER DATABASE name RENAME TO name_old), make an "
                "empty one with its name (createdb), and run this again without --replace"
            )
        with self._connected() as connection:
            if connection.scalar(_OWN_TABLES):
                raise CopyFailed(
                    "the database is not empty: make an empty one (createdb), let LYHORD_DATABASE_URL name it, and "
                    "run this again"
                )

    def list_old_entries(self) -> list[Entry] | None:
        return []

    @contextmanager
    def filled(self, pieces: Iterable[bytes], made_with: str, aside: Path | None) -> Iterator[Database]:
        """All in one transaction; what fails after it leaves the database as empty as it was."""
        self._refuse_older(made_with)
        command = ["pg_restore", "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
        self._feed([*command, "--no-password", f"--dbname={make_url(self.url).database}"], pieces)
        database = open_database(self.url)
        with closing(database):
            try:
                yield database
            except BaseException:
                _drop_all(database.engine)
                raise

    def _refuse_older(self, made_with: str) -> None:
        version, archive = self._version("pg_restore"), _major(made_with.removeprefix("pg_dump "))
        if _major(version) < archive:
            raise CopyFailed(
                f"the backup was made with {made_with} and pg_restore is of version {version}: "
                f"install the client programs of version {archive} (on Debian: postgresql-client-{archive})"
            )

    def _version(self, program: str) -> str:
        if shutil.which(program, path=self.environment.get("PATH")) is None:
            raise CopyFailed(
                f"{program} is not installed: install PostgreSQL's client programs of the server's version "
                "(on Debian: postgresql-client), or name their folder in PATH"
            )
        told = subprocess.run(  # noqa: S603  the same two words each time
            [self._program(program), "--version"],
            capture_output=True,
            text=True,
            check=False,
            env=self._settings(),
        )
        found = re.search(r"\d+(\.\d+)*", told.stdout)
        if found is None:
            raise CopyFailed(f"{program} does not tell its version: {told.stderr.strip()}")
        return found.group()

    def _server_major(self) -> int:
        with self._connected() as connection:
            return int((connection.dialect.server_version_info or (0,))[0])

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        database = open_database(self.url)
        try:
            with closing(database), database.engine.connect() as connection:
                yield connection
        except OperationalError as error:
            said = str(error.orig).splitlines()[0]
            raise CopyFailed(f"the database cannot be reached: {said}") from None

    def _program(self, name: str) -> str:
        return shutil.which(name, path=self.environment.get("PATH")) or name

    def _settings(self) -> dict[str, str]:
        """The environment with where and who, as libpq reads it: on the command line all would see the password."""
        url = make_url(self.url)
        named = {
            "PGHOST": url.host,
            "PGPORT": url.port,
            "PGUSER": url.username,
            "PGPASSWORD": url.password,
            "PGDATABASE": url.database,
            **{f"PG{name.upper()}": value for name, value in url.query.items()},
        }
        given = {name: value for name, value in named.items() if value is not None}
        return {
            **self.environment,
            **{
                name: ",".join(value) if isinstance(value, tuple) else str(value)
                for name, value in given.items()
            },
        }

    def _output(self, command: Sequence[str]) -> Generator[bytes]:
        with self._started(command, stdout=subprocess.PIPE) as (process, errors):
            while piece := _next_piece(process.stdout):
                yield piece
            _refuse_failed(command[0], process.wait(), errors)

    def _feed(self, command: Sequence[str], pieces: Iterable[bytes]) -> None:
        with self._started(command, stdin=subprocess.PIPE) as (process, errors):
            try:
                for piece in pieces:
                    process.stdin.write(piece)
                process.stdin.close()
            except BrokenPipeError:
                pass  # it has ended, and says why
            _refuse_failed(command[0], process.wait(), errors)

    @contextmanager
    def _started(self, command: Sequence[str], **streams: Any) -> Iterator[tuple[Any, IO[bytes]]]:
        """The running program and the file of its messages; killed where the block is left before it ends."""
        with tempfile.TemporaryFile() as errors:
            process = subprocess.Popen(  # noqa: S603  fixed words, and the name of the database
                [self._program(command[0]), *command[1:]], stderr=errors, env=self._settings(), **streams
            )
            try:
                yield process, errors
            finally:
                process.kill()
                for stream in filter(None, (process.stdin, process.stdout)):
                    with suppress(BrokenPipeError):
                        stream.close()
                process.wait()


def _next_piece(stream: BufferedReader) -> bytes:
    """What has come; empty at the end. Waits a moment at a time: a signal that comes right before one read of the
    system, and not within it, would be heard only when the program writes again.
    """
    while not select([stream], [], [], _WAIT_S)[0]:
        pass
    return stream.read1(PIECE_BYTES)


def _refuse_failed(program: str, code: int, errors: IO[bytes]) -> None:
    """With the first of its messages alone: those that follow may show rows."""
    if code == 0:
        return
    errors.seek(0)
    said = errors.read(10_000).decode(errors="replace").splitlines()
    first = next((line for line in said if "error:" in line), said[0] if said else f"exit code {code}")
    raise CopyFailed(f"{program} failed: {first.removeprefix(f'{program}: ')}")


def _drop_all(engine: Engine) -> None:
    tables = MetaData()
    tables.reflect(engine)
    tables.drop_all(engine)


def _major(version: str) -> int:
    return int(version.split(".")[0])
