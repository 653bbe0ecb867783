"""A PostgreSQL server: every commit on disk, and no wait that outlasts the patience of the provider.

Messages of a contact wait for each other by a lock of their own, taken as their transaction begins.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.engine import URL, Dialect, Engine
from sqlalchemy.exc import InvalidatePoolError, OperationalError
from sqlalchemy.orm import Session

from storage.sessions import WRITE_WAIT_S, BegunSession, DatabaseUnavailable, Sessions, lock_number

_STATEMENT_S = 5.0
_OPTIONS = (
    f"-c synchronous_commit=on -c statement_timeout={_STATEMENT_S:.0f}s -c lock_timeout={WRITE_WAIT_S * 1000:.0f} "
    "-c idle_in_transaction_session_timeout=10000 -c timezone=UTC"
)
_UNREACHED = {"connect_timeout": 2, "tcp_user_timeout": 2000}
"""Seconds and milliseconds. A connection that is lost and a new one that does not come end in time together."""
_TOLD_FOR_S = 1.0
_RESTED_S = 1.0
_SLACK_S = 0.25
_AT_ONCE = 4
"""Turns that a process carries out at once. More only take the interpreter's lock from each other at each wait for the
server: of sixteen threads, four at a time answer a tenth more messages than all."""

T = TypeVar("T")


def open_postgresql(url: URL) -> tuple[Engine, Sessions]:
    engine = create_engine(
        url,
        connect_args={"options": _OPTIONS, **_UNREACHED},
        pool_size=16,
        max_overflow=16,
        pool_timeout=WRITE_WAIT_S,
        hide_parameters=True,
    )
    _look_whether_it_lives(engine)
    _begin_as_told(engine.dialect)
    return engine, _PostgresqlSessions(engine)


class _PostgresqlSessions(Sessions):
    def __init__(self, engine: Engine) -> None:
        super().__init__(
            engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        )
        self._engine = engine
        self._turns = threading.Semaphore(_AT_ONCE)
        self._unreached_until = 0.0

    @contextmanager
    def _writing(self, deadline: float, contact: str | None) -> Iterator[Session]:
        with self._begun(contact, deadline) as connection, BegunSession(connection) as session:
            yield session

    def _answer(self, work: Callable[[Session], T], contact: str | None, deadline: float) -> T:
        with (
            self._turn(deadline),
            self._begun(contact, deadline) as connection,
            _HurriedSession(connection, deadline) as session,
        ):
            return work(session)

    @contextmanager
    def _turn(self, deadline: float) -> Iterator[None]:
        if not self._turns.acquire(timeout=max(0.0, deadline - time.monotonic())):
            raise DatabaseUnavailable("the database is busy: other messages of this process wait for it")
        try:
            yield
        finally:
            self._turns.release()

    @contextmanager
    def _begun(self, contact: str | None, deadline: float) -> Iterator[Connection]:
        with self._connected() as connection:
            if contact is not None:
                connection.info["begin"] = _begin_with_lock(contact, deadline - time.monotonic())
            with connection.begin():
                yield connection

    def _connected(self) -> Connection:
        """Where the server was not reached, who comes right afterwards is told so without waiting as long again."""
        if time.monotonic() < self._unreached_until:
            raise DatabaseUnavailable("the database was not reached a moment ago")
        try:
            return self._engine.connect()
        except OperationalError:
            self._unreached_until = time.monotonic() + _TOLD_FOR_S
            raise


def _begin_with_lock(contact: str, left_s: float) -> bytes:
    """Statements for one message to the server. The lock is one of its own: the next statement sees what was committed
    by whoever held it.
    """
    hurry = (
        b"SET LOCAL lock_timeout = %d; " % _allowed_ms(left_s) if left_s < WRITE_WAIT_S - _SLACK_S else b""
    )
    return b"BEGIN; %bSELECT pg_advisory_xact_lock(%d)" % (hurry, lock_number(contact))


def _allowed_ms(left_s: float) -> int:
    """Nought would be for ever."""
    return max(1, int(left_s * 1000))


def _begin_as_told(dialect: Dialect) -> None:
    """A transaction begins with the statements that stand in its connection's `info`; else the driver begins it."""
    psycopg: Any = dialect.loaded_dbapi

    def begin(connection: Any) -> None:
        statements = connection.info.pop("begin", None)
        if statements is None:
            return
        result = connection.driver_connection.pgconn.exec_(statements)
        if result.status != psycopg.pq.ExecStatus.TUPLES_OK:
            raise psycopg.errors.error_from_result(result)

    dialect.do_begin = begin  # type: ignore[method-assign,assignment]


class _HurriedSession(BegunSession):
    """Tells the server before a statement how long it may take, where that has become less than it allows itself."""

    def __init__(self, begun: Connection, deadline: float) -> None:
        super().__init__(begun)
        self._deadline = deadline
        self._allowed_s = WRITE_WAIT_S

    def connection(self, *_: Any, **__: Any) -> Connection:
        left_s = self._deadline - time.monotonic()
        if left_s < self._allowed_s - _SLACK_S:
            self._allowed_s = left_s
            self.begun.exec_driver_sql(f"SET LOCAL statement_timeout = {_allowed_ms(left_s)}")
        return self.begun


def _look_whether_it_lives(engine: Engine) -> None:
    """A connection that has rested may be dead; to ask each time would cost every turn a round trip."""

    def note_rest(_driver: Any, record: Any) -> None:
        record.info["rests_since"] = time.monotonic()

    def ask(driver: Any, record: Any, _proxy: object) -> None:
        if time.monotonic() - record.info.get("rests_since", time.monotonic()) < _RESTED_S:
            return
        if not _is_alive(engine.dialect, driver):
            raise InvalidatePoolError

    event.listen(engine, "checkin", note_rest)
    event.listen(engine, "checkout", ask)


def _is_alive(dialect: Dialect, driver: Any) -> bool:
    try:
        dialect.do_ping(driver)
        driver.rollback()
    except dialect.loaded_dbapi.Error:
        return False
    return True
