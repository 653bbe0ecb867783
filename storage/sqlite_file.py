"""Copying an SQLite database out and in: `VACUUM INTO` as a reader, and a file that is renamed into its place."""

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, count
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from storage import ledger
from storage.copying import PIECE_BYTES, CopyFailed
from storage.database import Database, DatabaseUnavailable, open_database
from storage.ledger import Entry
from storage.private_file import finish, sync_folder, unfinished

_WAIT_S = 10.0
_PARTS = ("", "-wal", "-shm")
"""A database and what belongs to it. Its lock file stays: it holds nothing, and the next database uses it."""


@dataclass(frozen=True, slots=True)
class SqliteFile:
    """The database in one file, with what SQLite keeps beside it."""

    url: str
    engine: str = "sqlite"

    @property
    def path(self) -> Path:
        return Path(make_url(self.url).database or "")

    def made_with(self) -> str:
        if not self.path.exists() or not self.path.stat().st_size:  # opening it makes an empty file
            raise CopyFailed(f"there is no database at {self.path}")
        if not self._is_readable():
            raise CopyFailed(f"{self.path} is not an SQLite database, or it is damaged")
        return f"SQLite {sqlite3.sqlite_version}"

    @contextmanager
    def copied(self) -> Iterator[Iterator[bytes]]:
        """A plain copy stands beside the database for this time, where the same data stand already."""
        with unfinished(self._beside("copying")) as stream:
            with _as_failed(), closing(sqlite3.connect(self.path, timeout=_WAIT_S)) as connection:
                connection.execute("VACUUM INTO ?", (str(self._beside("copying")),))
            _refuse_damaged(self._beside("copying"), "the copy of the database")
            yield _pieces(stream)

    def refuse_occupied(self, *, may_move: bool, moment: datetime) -> Path | None:
        if not any(part.exists() for part in self._parts()):
            return None
        if not may_move:
            raise CopyFailed(
                f"{self.path} exists: with --replace it is moved aside (never deleted), and the backup takes its place"
            )
        self._refuse_in_use()
        name = f"{self.path.name}.replaced-{moment:%Y%m%dT%H%M%SZ}"
        names = chain([name], (f"{name}-{number}" for number in count(2)))
        return next(aside for aside in map(self.path.with_name, names) if not aside.exists())

    def list_old_entries(self) -> list[Entry] | None:
        if not self._is_readable():
            return None
        try:
            database = open_database(self.url)
            with closing(database), database.sessions.reading() as session:
                return ledger.list_entries(session)
        except (DatabaseUnavailable, SQLAlchemyError, ValueError):
            return None

    @contextmanager
    def filled(self, pieces: Iterable[bytes], made_with: str, aside: Path | None) -> Iterator[Database]:
        """All happens in a file beside the old one, which is renamed at the end."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        beside = self._beside("restoring")
        with ExitStack() as stack:
            stream = stack.enter_context(unfinished(beside))
            for suffix in ("-wal", "-shm", ".lock"):
                stack.callback(Path(f"{beside}{suffix}").unlink, missing_ok=True)
            stream.writelines(pieces)
            stream.flush()
            _refuse_damaged(beside, "the database in the backup")
            database = stack.enter_context(closing(open_database(f"sqlite:///{beside}")))
            yield database
            database.close()
            self._fold_in(beside)
            _refuse_damaged(beside, "the restored database")
            self._place(beside, aside)

    def _beside(self, what: str) -> Path:
        return self.path.with_name(f".{self.path.name}.{what}")

    def _parts(self) -> list[Path]:
        return [Path(f"{self.path}{part}") for part in _PARTS]

    def _is_readable(self) -> bool:
        """Found out without a trace: opened for writing, a damaged file would lose the log that stands beside it."""
        if not self.path.exists() or not self.path.stat().st_size:
            return False
        try:
            with closing(_read_only(self.path, "mode=ro")) as connection:
                connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.OperationalError:
            return True  # locked
        except sqlite3.DatabaseError:
            return False
        return True

    def _refuse_in_use(self) -> None:
        """Whoever has it open would go on writing into the file that was moved away."""
        if not self._is_readable():
            return
        try:
            with closing(sqlite3.connect(self.path, timeout=1.0, isolation_level=None)) as connection:
                connection.execute("PRAGMA locking_mode=EXCLUSIVE")
                connection.execute("BEGIN EXCLUSIVE")
                connection.execute("ROLLBACK")
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise CopyFailed(
                    f"{self.path} is in use: stop the web server and the worker first, and run this again"
                ) from None

    def _fold_in(self, path: Path) -> None:
        """What the write-ahead log holds goes into the file itself, which then is all there is."""
        with _as_failed(), closing(sqlite3.connect(path, timeout=_WAIT_S)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _place(self, beside: Path, aside: Path | None) -> None:
        self._refuse_in_use()  # and what an orderly end leaves is the file alone
        old = [part for part in self._parts() if part.exists()]
        if old and aside is None:
            raise CopyFailed(f"{self.path} was not there a moment ago, and is now: somebody has opened it")
        example = (self.path if self.path.exists() else self.path.parent).stat()
        if os.geteuid() == 0:  # the program itself runs under another name, and must be able to open it
            os.chown(beside, example.st_uid, example.st_gid)
        if self.path.exists():
            beside.chmod(example.st_mode & 0o660)
        with ExitStack() as back:
            for part in old:
                moved = part.rename(f"{aside}{part.name.removeprefix(self.path.name)}")
                back.callback(moved.rename, part)
            sync_folder(self.path.parent)
            finish(beside, self.path)
            back.pop_all()  # the new one stands in its place


def _read_only(path: Path, how: str) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(str(path))}?{how}", uri=True)


def _pieces(stream: BinaryIO) -> Iterator[bytes]:
    stream.seek(0)
    while piece := stream.read(PIECE_BYTES):
        yield piece


def _refuse_damaged(path: Path, what: str) -> None:
    """Read every page, without leaving a file beside it."""
    with _as_failed(), closing(_read_only(path, "immutable=1")) as connection:
        found = [row[0] for row in connection.execute("PRAGMA integrity_check(3)")]
        orphans = connection.execute("PRAGMA foreign_key_check").fetchone()
    if found != ["ok"]:
        raise CopyFailed(f"{what} is damaged: {'; '.join(found)}")
    if orphans is not None:
        raise CopyFailed(f"{what} is damaged: rows of {orphans[0]} have lost the row that they belong to")


@contextmanager
def _as_failed() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise CopyFailed(f"SQLite says: {error}") from None
