"""Opening the database and its transactions. The rest of the program gets `Session`, `Sessions` and two errors.

SQLite: WAL, synchronous=FULL, BEGIN IMMEDIATE for writers, who line up by a thread lock and then a `flock`, since
SQLite's own waiting is unfair. PostgreSQL: short time-outs, and a lock for each contact (see storage.respondents).
"""

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.engine import URL, Engine, make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session, sessionmaker

__all__ = ["Database", "DatabaseUnavailable", "Session", "Sessions", "open_database"]

WRITE_WAIT_S = 3.5
"""How long a writer waits for its turn: below the 4.5 s after which Twilio gives up on an answer."""

_SQLITE_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",
    "journal_size_limit=67108864",
    "wal_autocheckpoint=1000",
    "temp_store=MEMORY",
    "cache_size=-256",  # KiB for each thread's connection; its 2 MiB would hold what another's commit has outdated
)
_POSTGRESQL_OPTIONS = (
    "-c synchronous_commit=on -c statement_timeout=5000 -c lock_timeout=4000 "
    "-c idle_in_transaction_session_timeout=10000 -c timezone=UTC"
)


_READING: dict[str, dict[str, Any]] = {
    "sqlite": {"read_only": True},  # one state throughout, since WAL readers see the file as it was at BEGIN
    "postgresql": {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True},
}


class DatabaseUnavailable(Exception):
    """The database cannot be written or reached now. Nothing was stored; the caller may try again."""


class _WriterQueue:
    """Lets one writer at a time into an SQLite file: threads by a lock, processes by a lock file."""

    def __init__(self, path: str) -> None:
        self._thread_lock = threading.Lock()
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    @contextmanager
    def turn(self) -> Iterator[float]:
        """Yields the seconds that are left to wait for those who do not line up, as a backup does."""
        deadline = time.monotonic() + WRITE_WAIT_S
        if not self._thread_lock.acquire(timeout=WRITE_WAIT_S):
            raise DatabaseUnavailable("the database is busy: other writers hold it")
        try:
            self._lock_file(deadline)
            try:
                yield max(0.0, deadline - time.monotonic())
            finally:
                fcntl.flock(self._descriptor, fcntl.LOCK_UN)
        finally:
            self._thread_lock.release()

    def _lock_file(self, deadline: float) -> None:
        while True:
            try:
                fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise DatabaseUnavailable("the database is busy: another process holds it") from None
                time.sleep(0.001)


class Sessions:
    """Hands out transactions: `begin()` to write, `reading()` to read."""

    def __init__(self, engine: Engine, queue: _WriterQueue | None) -> None:
        self._write = sessionmaker(engine, expire_on_commit=False, autoflush=False)
        self._read = sessionmaker(
            engine.execution_options(**_READING[engine.dialect.name]), expire_on_commit=False
        )
        self._queue = queue

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """A writing transaction: committed at the end of the block, rolled back by any exception.

        Raises DatabaseUnavailable where the database is locked, full or out of reach.
        """
        if self._queue is None:
            with _as_unavailable(), self._write.begin() as session:
                yield session
            return
        with self._queue.turn() as left_s, _as_unavailable(), self._write.begin() as session:
            session.connection(execution_options={"wait_s": left_s})
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A read-only transaction that sees one state of the database throughout."""
        with _as_unavailable(), self._read.begin() as session:
            yield session


class Database:
    """An open database. `close()` gives its connections back."""

    def __init__(self, engine: Engine, sessions: Sessions) -> None:
        self.engine = engine
        self.sessions = sessions

    def close(self) -> None:
        self.engine.dispose()


def open_database(url: str) -> Database:
    """Open ``sqlite:///path`` or ``postgresql+psycopg://...``. Raises ValueError for another kind of database."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _open_sqlite(parsed)
    if parsed.get_backend_name() == "postgresql":
        return _open_postgresql(parsed)
    raise ValueError(
        f"{parsed.get_backend_name()!r} is not a database that Lyhörd runs on: use sqlite or postgresql"
    )


def _open_sqlite(url: URL) -> Database:
    if not url.database or url.database == ":memory:":
        raise ValueError(
            "an SQLite database must be a file: answers are kept on disk, and processes share it"
        )
    Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        connect_args={"timeout": WRITE_WAIT_S, "check_same_thread": False},
        pool_size=16,
        max_overflow=16,
        hide_parameters=True,
    )
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return Database(engine, Sessions(engine, _WriterQueue(f"{url.database}.lock")))


def _set_up_sqlite(dbapi_connection: Any, _record: object) -> None:
    dbapi_connection.isolation_level = (
        None  # the driver's own BEGIN would be deferred: three of four writers fail
    )
    for pragma in _SQLITE_PRAGMAS:
        dbapi_connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    connection.exec_driver_sql(f"PRAGMA busy_timeout={int(options.get('wait_s', WRITE_WAIT_S) * 1000)}")
    connection.exec_driver_sql("BEGIN" if options.get("read_only", False) else "BEGIN IMMEDIATE")


def _open_postgresql(url: URL) -> Database:
    engine = create_engine(
        url,
        connect_args={"options": _POSTGRESQL_OPTIONS, "connect_timeout": 3},
        pool_size=16,
        max_overflow=16,
        pool_timeout=WRITE_WAIT_S,
        pool_pre_ping=True,
        hide_parameters=True,
    )
    return Database(engine, Sessions(engine, None))


@contextmanager
def _as_unavailable() -> Iterator[None]:
    try:
        yield
    except (OperationalError, InterfaceError, PoolTimeout) as error:
        raise DatabaseUnavailable(_reason(error)) from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise DatabaseUnavailable(_reason(error)) from error
        raise


def _reason(error: Exception) -> str:
    """The driver's first line, never the statement's parameters."""
    original = getattr(error, "orig", None) or error
    return str(original).splitlines()[0] if str(original) else type(original).__name__
