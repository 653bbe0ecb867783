"""Turns that are committed together: each stands or falls by itself, and nobody is answered before the commit."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, func, select, text

import storage.sessions
from storage.database import Database, DatabaseUnavailable, Session
from storage.tables import OptOut

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
AT_ONCE = 8
NOW = "2026-11-02 09:00:00"


def _noting(name: str) -> Callable[[Session], str]:
    def work(session: Session) -> str:
        session.execute(
            text("INSERT INTO opt_outs (standing_key, opted_out_at) VALUES (:name, :at)"),
            {"name": name, "at": NOW},
        )
        return name

    return work


def _names(database: Database) -> set[str]:
    with database.sessions.reading() as session:
        return set(session.scalars(select(OptOut.standing_key)))


class _Gathered:
    """Turns that came while somebody else wrote, so that they are committed together; and how many commits it took."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.commits = 0

    def run(self, works: list[Callable[[Session], Any]]) -> list[Future[Any]]:
        with ThreadPoolExecutor(len(works)) as pool:
            with self._database.sessions.begin():
                futures = []
                for work in works:  # in this order
                    futures.append(pool.submit(self._database.sessions.run, work))
                    time.sleep(0.02)
                event.listen(self._database.engine, "commit", self._count)
            for future in futures:
                future.exception(timeout=10)
        event.remove(self._database.engine, "commit", self._count)
        return futures

    def _count(self, _connection: object) -> None:
        self.commits += 1


def test_what_waited_is_committed_at_once_and_each_gets_its_own_result(database: Database) -> None:
    gathered = _Gathered(database)
    futures = gathered.run([_noting(f"k{number}") for number in range(AT_ONCE)])
    assert [future.result() for future in futures] == [f"k{number}" for number in range(AT_ONCE)]
    assert _names(database) == {f"k{number}" for number in range(AT_ONCE)}
    assert gathered.commits == 1 + 1  # his who wrote before, and theirs


def test_a_fault_undoes_its_own_turn_and_no_other(database: Database) -> None:
    def faulty(session: Session) -> None:
        _noting("undone")(session)
        raise LookupError("in the middle of a turn")

    def unknown_statement(session: Session) -> None:
        _noting("undone as well")(session)
        session.execute(text("SELECT * FROM nowhere"))

    futures = _Gathered(database).run([_noting("a"), faulty, _noting("b"), unknown_statement, _noting("c")])
    assert [type(future.exception()) for future in futures] == [
        type(None),
        LookupError,
        type(None),
        DatabaseUnavailable,
        type(None),
    ]
    assert _names(database) == {"a", "b", "c"}


def test_the_same_row_twice_in_one_commit_is_refused_once(database: Database) -> None:
    futures = _Gathered(database).run([_noting("same"), _noting("same")])
    assert [future.exception() is None for future in futures] == [True, False]
    assert _names(database) == {"same"}


def test_a_later_turn_sees_what_an_earlier_one_has_written(database: Database) -> None:
    def count(session: Session) -> int:
        return session.scalar(select(func.count()).select_from(OptOut)) or 0

    futures = _Gathered(database).run([_noting("a"), count, _noting("b"), count])
    assert [future.result() for future in futures] == ["a", 1, "b", 2]


def test_nobody_is_answered_where_the_commit_fails(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with _commits_fail(database, monkeypatch):
        futures = _Gathered(database).run([_noting("a"), _noting("b")])
    assert all(isinstance(future.exception(), DatabaseUnavailable) for future in futures)
    assert _names(database) == set()
    assert database.sessions.run(_noting("later")) == "later"
    assert _names(database) == {"later"}


@contextmanager
def _commits_fail(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As where the disk is full: the driver's COMMIT says no, for those who are waited for."""

    def full(driver: Any) -> None:
        if any(driver.execute("SELECT 1 FROM opt_outs")):
            raise sqlite3.OperationalError("database or disk is full")
        driver.commit()

    with monkeypatch.context() as patched:
        patched.setattr(database.engine.dialect, "do_commit", full)
        yield


@pytest.mark.keeps_time
def test_who_waits_too_long_is_told_and_leaves_nothing_behind(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage.sessions, "WRITE_WAIT_S", 0.3)
    with ThreadPoolExecutor(AT_ONCE) as pool, database.sessions.begin():
        started = time.monotonic()
        futures = [pool.submit(database.sessions.run, _noting(f"k{number}")) for number in range(AT_ONCE)]
        errors = [future.exception(timeout=5) for future in futures]
        assert time.monotonic() - started < 0.3 + 0.4
    assert all(isinstance(error, DatabaseUnavailable) for error in errors)
    assert _names(database) == set()
    assert database.sessions.run(_noting("later")) == "later"


def test_many_threads_for_a_while_lose_nothing(database: Database) -> None:
    barrier = threading.Barrier(AT_ONCE)

    def write(thread: int) -> list[str]:
        barrier.wait(timeout=10)
        return [database.sessions.run(_noting(f"k{thread}-{number}")) for number in range(25)]

    with ThreadPoolExecutor(AT_ONCE) as pool:
        written = {name for names in pool.map(write, range(AT_ONCE)) for name in names}
    assert len(written) == AT_ONCE * 25
    assert _names(database) == written
