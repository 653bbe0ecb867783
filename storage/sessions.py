"""Transactions as the rest of the program meets them, whatever the database: how they begin, end and fail.

What each database does for its writers stands in storage.sqlite and storage.postgresql.
"""

import hashlib
import sqlite3
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, TypeVar

from sqlalchemy import Connection
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

WRITE_WAIT_S = 4.6
"""How long a writer waits for its turn. Twilio asks again after 4.5 s and is given the reply that was stored then."""
_TRIES = 3
_LEAST_FOR_A_TRY_S = 0.5
_MAY_PASS = frozenset({"40001", "40P01"})
"""SQLSTATEs of PostgreSQL: serialization failure, deadlock."""
_SQLITE_BUSY = (5, 6)

T = TypeVar("T")


class DatabaseUnavailable(Exception):
    """The database cannot be written or reached now. Nothing was stored; the caller may try again."""

    def __init__(self, reason: str, *, may_pass: bool = False) -> None:
        super().__init__(reason)
        self.may_pass = may_pass
        """Somebody else's lock or a connection that was lost: at once again, it may go well."""


class BegunSession(Session):
    """A session in a transaction that has begun: the ORM's own bookkeeping is paid for only where it is used."""

    def __init__(self, begun: Connection) -> None:
        super().__init__(begun, expire_on_commit=False, autoflush=False)
        self.begun = begun

    def connection(self, *_: Any, **__: Any) -> Connection:
        return self.begun


class Sessions(ABC):
    """Hands out transactions: `begin()` to write, `run()` to answer somebody who waits, `reading()` to read."""

    def __init__(self, reading: Engine) -> None:
        self._reading = reading

    @contextmanager
    def begin(self, *, contact: str | None = None) -> Iterator[Session]:
        """A writing transaction: committed at the end of the block, rolled back by any exception.

        Transactions that name the same `contact` go one after the other.
        Raises DatabaseUnavailable where the database is locked, full or out of reach.
        """
        with _as_unavailable(), self._writing(time.monotonic() + WRITE_WAIT_S, contact) as session:
            yield session

    def run(self, work: Callable[[Session], T], *, contact: str | None = None) -> T:
        """What `work` returns in a writing transaction, all within WRITE_WAIT_S; tried again where that may help.

        Transactions that name the same `contact` go one after the other.

        `work` may be called three times and must find out for itself what an earlier call has committed: a connection
        may be lost between a commit and its acknowledgement. Raises DatabaseUnavailable as `begin` does.
        """
        deadline, tries = time.monotonic() + WRITE_WAIT_S, 0
        while True:
            tries += 1
            try:
                with _as_unavailable():
                    return self._answer(work, contact, deadline)
            except DatabaseUnavailable as error:
                left_s = deadline - time.monotonic()
                if not error.may_pass or tries == _TRIES or left_s < _LEAST_FOR_A_TRY_S:
                    raise

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A read-only transaction that sees one state of the database throughout."""
        with _as_unavailable(), self._reading.begin() as connection, BegunSession(connection) as session:
            yield session

    @abstractmethod
    def _writing(self, deadline: float, contact: str | None) -> AbstractContextManager[Session]:
        """A transaction that begins before `deadline` (monotonic seconds), or DatabaseUnavailable."""

    @abstractmethod
    def _answer(self, work: Callable[[Session], T], contact: str | None, deadline: float) -> T:
        """What `work` returns, committed, all of it before `deadline`. Raises the same, and what `work` raises."""


@contextmanager
def _as_unavailable() -> Iterator[None]:
    try:
        yield
    except (OperationalError, InterfaceError, PoolTimeout) as error:
        raise DatabaseUnavailable(_reason(error), may_pass=_may_pass(error)) from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise DatabaseUnavailable(_reason(error), may_pass=True) from error
        if type(error.orig) is sqlite3.DatabaseError:  # damaged, or no database
            raise DatabaseUnavailable(_reason(error)) from error
        raise


def _may_pass(error: Exception) -> bool:
    if not isinstance(error, DBAPIError):
        return False
    code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF  # the rest says why it was busy
    return (
        error.connection_invalidated
        or code in _SQLITE_BUSY
        or getattr(error.orig, "sqlstate", None) in _MAY_PASS
    )


def _reason(error: Exception) -> str:
    """The driver's first line, never the statement's parameters."""
    original = getattr(error, "orig", None) or error
    return str(original).splitlines()[0] if str(original) else type(original).__name__


def lock_number(contact: str) -> int:
    """The advisory lock for which transactions that name this contact wait."""
    return int.from_bytes(hashlib.blake2b(contact.encode(), digest_size=8).digest(), signed=True)
