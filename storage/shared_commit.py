"""Turns that wait for the same writer are committed together: one BEGIN, one COMMIT, one wait for the disk.

Whoever waits first leads: it carries out what has gathered meanwhile, each in a savepoint of its own, and nobody is
answered before the commit. A fault undoes the turn that it happened in and no other.
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, TypeVar

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from storage.sessions import BegunSession, DatabaseUnavailable

T = TypeVar("T")


class _Turn:
    """Somebody's work and what came of it."""

    def __init__(self, work: Callable[[Session], Any]) -> None:
        self.work = work
        self.leads = False
        self.result: Any = None
        self.error: BaseException | None = None
        self._call = threading.Lock()
        self._call.acquire()

    def wait(self, timeout_s: float = -1) -> bool:
        """Until it has been carried out or leads; False where neither came in time."""
        return self._call.acquire(timeout=timeout_s)

    def call(self) -> None:
        self._call.release()


class SharedCommit:
    """`transaction` waits for the writer's turn until a deadline (monotonic seconds) and begins."""

    def __init__(self, transaction: Callable[[float], AbstractContextManager[Connection]]) -> None:
        self._transaction = transaction
        self._mutex = threading.Lock()
        self._waiting: deque[_Turn] = deque()
        self._has_leader = False

    def run(self, work: Callable[[Session], T], deadline: float) -> T:
        """What `work` returns, committed. Raises what it raises, what the commit raises, or DatabaseUnavailable."""
        turn = _Turn(work)
        self._join(turn)
        if not turn.leads and not turn.wait(max(0.0, deadline - time.monotonic())):
            if self._withdraw(turn):
                raise DatabaseUnavailable("the database is busy: other writers hold it")
            turn.wait()  # it is being carried out at this moment
        if turn.leads:
            self._lead(turn, deadline)
        if turn.error is not None:
            raise turn.error
        return turn.result  # type: ignore[no-any-return]

    def _join(self, turn: _Turn) -> None:
        with self._mutex:
            self._waiting.append(turn)
            turn.leads, self._has_leader = not self._has_leader, True

    def _withdraw(self, turn: _Turn) -> bool:
        """False where it has been taken up, or was called to lead in the same moment."""
        with self._mutex:
            if turn.leads or turn not in self._waiting:
                return False
            self._waiting.remove(turn)
            return True

    def _lead(self, own: _Turn, deadline: float) -> None:
        taken: list[_Turn] = []
        try:
            with self._transaction(deadline) as connection:
                taken = self._take_all()
                for turn in taken:
                    _carry_out(turn, connection, is_alone=len(taken) == 1)
        except BaseException as error:
            for turn in taken or [own]:
                turn.error = error
        finally:
            self._hand_on(own)
            for turn in taken:
                if turn is not own:
                    turn.call()

    def _take_all(self) -> list[_Turn]:
        with self._mutex:
            taken = list(self._waiting)
            self._waiting.clear()
            return taken

    def _hand_on(self, own: _Turn) -> None:
        with self._mutex:
            if own in self._waiting:  # its transaction did not begin
                self._waiting.remove(own)
            self._has_leader = bool(self._waiting)
            if self._waiting:
                self._waiting[0].leads = True
                self._waiting[0].call()


def _carry_out(turn: _Turn, connection: Connection, *, is_alone: bool) -> None:
    """Raises what ends the transaction for all: the turn's own error where it is alone, a lost savepoint."""
    if is_alone:
        with BegunSession(connection) as session:
            turn.result = turn.work(session)
        return
    driver = connection.connection
    driver.execute("SAVEPOINT turn")
    try:
        with BegunSession(connection) as session:
            turn.result = turn.work(session)
    except Exception as error:
        turn.error = error
        driver.execute("ROLLBACK TO turn")
    driver.execute("RELEASE turn")
