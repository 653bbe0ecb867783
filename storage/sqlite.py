"""An SQLite file with several writers: WAL, every commit on disk, and a line in which writers wait.

SQLite's own waiting is unfair (whoever asks at the right moment wins), and so is a `threading.Lock`: of sixteen, some
wait for seconds.
"""

import fcntl
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.engine import URL, Engine
from sqlalchemy.orm import Session

from storage.sessions import WRITE_WAIT_S, BegunSession, DatabaseUnavailable, Sessions
from storage.shared_commit import SharedCommit

_POLL_S = 0.001
_SLACK_S = 0.1

T = TypeVar("T")
_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",
    "journal_size_limit=67108864",
    "wal_autocheckpoint=1000",
    "temp_store=MEMORY",
    "cache_size=-256",  # KiB for each thread's connection; its 2 MiB would hold what another's commit has outdated
)


def open_sqlite(url: URL) -> tuple[Engine, Sessions]:
    """Raises ValueError for a database that is no file."""
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
    event.listen(engine, "do_connect", partial(_keep_private, url.database))
    event.listen(engine, "connect", _set_up)
    reading = create_engine(url, pool=engine.pool, hide_parameters=True)
    _begin_with(engine, "BEGIN IMMEDIATE")
    _begin_with(reading, "BEGIN")  # one state throughout, since WAL readers see the file as it was then
    return engine, _SqliteSessions(engine, reading, Writers(f"{url.database}.lock"))


def _keep_private(path: str, *_: object) -> None:
    """A new file is its owner's alone, and so is its journal. None is made before somebody needs it."""
    os.close(os.open(path, os.O_RDONLY | os.O_CREAT, 0o600))


def _set_up(driver: Any, _record: object) -> None:
    driver.isolation_level = None  # the driver's own BEGIN would be deferred: three of four writers fail
    for pragma in _PRAGMAS:
        driver.execute(f"PRAGMA {pragma}")


def _begin_with(engine: Engine, statement: str) -> None:
    """SQLAlchemy leaves BEGIN to the driver. A listener would cost each statement as much as this one."""

    def begin(dbapi_connection: Any) -> None:
        dbapi_connection.execute(statement)

    engine.dialect.do_begin = begin  # type: ignore[method-assign]


class Line:
    """A lock that is handed to the thread that has waited longest."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._is_taken = False
        self._waiting: deque[threading.Lock] = deque()

    def enter(self, deadline: float) -> bool:
        """Wait for the turn until `deadline` (monotonic seconds); False where it did not come."""
        with self._mutex:
            if not self._is_taken:
                self._is_taken = True
                return True
            place = threading.Lock()
            place.acquire()
            self._waiting.append(place)
        return place.acquire(timeout=max(0.0, deadline - time.monotonic())) or not self._give_up(place)

    def leave(self) -> None:
        with self._mutex:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._is_taken = False

    def _give_up(self, place: threading.Lock) -> bool:
        """False where the turn was handed over in the same moment."""
        with self._mutex:
            if place not in self._waiting:
                return False
            self._waiting.remove(place)
            return True


class Writers:
    """Lets one writer at a time into an SQLite file: threads by a line, processes by a lock file."""

    def __init__(self, path: str) -> None:
        self._line = Line()
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    @contextmanager
    def turn(self, deadline: float) -> Iterator[None]:
        """Raises DatabaseUnavailable where the turn does not come before `deadline` (monotonic seconds)."""
        if not self._line.enter(deadline):
            raise DatabaseUnavailable("the database is busy: other writers hold it")
        try:
            self._lock_file(deadline)
            try:
                yield
            finally:
                fcntl.flock(self._descriptor, fcntl.LOCK_UN)
        finally:
            self._line.leave()

    def _lock_file(self, deadline: float) -> None:
        """The process that holds the record lock is next: others cannot slip in, however quick they are."""
        self._wait_for(fcntl.lockf, deadline)
        try:
            self._wait_for(fcntl.flock, deadline)
        finally:
            fcntl.lockf(self._descriptor, fcntl.LOCK_UN)

    def _wait_for(self, lock: Callable[[int, int], None], deadline: float) -> None:
        while True:
            try:
                lock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except (BlockingIOError, PermissionError):  # the latter from lockf, on some systems
                if time.monotonic() > deadline:
                    raise DatabaseUnavailable("the database is busy: another process holds it") from None
                time.sleep(_POLL_S)


class _SqliteSessions(Sessions):
    """One writer at a time, whoever the contact is. Once it has begun, nobody keeps it waiting."""

    def __init__(self, writing: Engine, reading: Engine, writers: Writers) -> None:
        super().__init__(reading)
        self._engine = writing
        self._writers = writers
        self._answers = SharedCommit(self._begun)

    @contextmanager
    def _writing(self, deadline: float, contact: str | None) -> Iterator[Session]:
        with self._begun(deadline) as connection, BegunSession(connection) as session:
            yield session

    def _answer(self, work: Callable[[Session], T], contact: str | None, deadline: float) -> T:
        return self._answers.run(work, deadline)

    @contextmanager
    def _begun(self, deadline: float) -> Iterator[Connection]:
        with self._writers.turn(deadline), self._engine.connect() as connection:
            _wait_until(deadline, connection)
            with connection.begin():
                yield connection


def _wait_until(deadline: float, connection: Connection) -> None:
    """For those who do not line up, as a backup does. What was waited in line is taken off, where it is worth it."""
    left_s = max(0.0, deadline - time.monotonic())
    if abs(connection.info.get("wait_s", WRITE_WAIT_S) - left_s) > _SLACK_S:
        connection.connection.execute(f"PRAGMA busy_timeout={int(left_s * 1000)}")
        connection.info["wait_s"] = left_s
