"""Who waits for an answer has it within the provider's 4.5 seconds, whatever the database does; and what may go well
at once again is tried again.
"""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

import storage.postgresql
import storage.sessions
from storage import respondents
from storage.database import Database, DatabaseUnavailable, Session, open_database

pytestmark = pytest.mark.keeps_time
on_postgresql = pytest.mark.parametrize("database", ["postgresql"], indirect=True)
on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
WAIT_S = 1.0
SOON_S = WAIT_S + 0.5
PROVIDER_LISTENS_S = 4.5
AT_ONCE, THREADS = 16, 8
_LOCK = text("SELECT pg_advisory_xact_lock(:number)")


def _seconds(work: Callable[[], object]) -> float:
    started = time.monotonic()
    with pytest.raises(DatabaseUnavailable):
        work()
    return time.monotonic() - started


# --- waits that add up -----------------------------------------------------------------------------------------


@on_postgresql
def test_several_waits_in_one_turn_end_together(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage.sessions, "WRITE_WAIT_S", WAIT_S)

    def lock(session: Session) -> None:
        session.connection().execute(_LOCK, {"number": 1})  # comes free after a while
        session.connection().execute(_LOCK, {"number": 2})  # never does

    with database.engine.begin() as for_ever, ThreadPoolExecutor(1) as pool:
        for_ever.execute(_LOCK, {"number": 2})
        with database.engine.begin() as for_a_while:
            for_a_while.execute(_LOCK, {"number": 1})
            waited = pool.submit(_seconds, lambda: database.sessions.run(lock))
            time.sleep(WAIT_S * 0.7)
        assert waited.result(timeout=10) < SOON_S


@on_postgresql
def test_a_wait_for_the_turn_is_taken_off_the_wait_for_the_contact(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage.sessions, "WRITE_WAIT_S", WAIT_S)
    monkeypatch.setattr(storage.postgresql, "WRITE_WAIT_S", WAIT_S)
    busy, free = threading.Barrier(5), threading.Event()

    def stay(_session: Session) -> None:
        busy.wait(timeout=10)
        free.wait(timeout=10)

    with ThreadPoolExecutor(5) as pool, database.sessions.begin(contact="same"):
        for number in range(4):  # all that a process carries out at once
            pool.submit(database.sessions.run, stay, contact=f"other {number}")
        busy.wait(timeout=10)
        waited = pool.submit(_seconds, lambda: database.sessions.run(lambda _: None, contact="same"))
        time.sleep(WAIT_S * 0.7)
        free.set()
        assert WAIT_S * 0.9 < waited.result(timeout=10) < SOON_S


@on_postgresql
def test_turns_of_a_contact_see_what_the_one_before_left_and_others_do_not_wait(database: Database) -> None:
    counted = "SELECT count(*) FROM opt_outs"

    def count(session: Session) -> int:
        return session.connection().exec_driver_sql(counted).scalar_one()

    with ThreadPoolExecutor(1) as pool:
        with database.sessions.begin(contact="same") as session:
            later = pool.submit(database.sessions.run, count, contact="same")
            assert database.sessions.run(count, contact="another") == 0
            time.sleep(0.2)
            assert not later.done()
            respondents.opt_out(session, "k1:somebody", at=datetime(2026, 10, 1, tzinfo=UTC))
        assert later.result(timeout=10) == 1


@on_postgresql
def test_a_wait_for_a_connection_is_taken_off_the_wait_for_a_lock(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage.sessions, "WRITE_WAIT_S", WAIT_S)
    with database.engine.begin() as holder, ThreadPoolExecutor(1) as pool:
        holder.execute(_LOCK, {"number": 1})
        others = [database.engine.connect() for _ in range(31)]  # the whole pool
        waited = pool.submit(
            _seconds,
            lambda: database.sessions.run(lambda s: s.connection().execute(_LOCK, {"number": 1})),
        )
        time.sleep(WAIT_S * 0.7)
        for other in others:
            other.close()
        assert waited.result(timeout=10) < SOON_S


@on_postgresql
def test_an_ordinary_turn_asks_for_no_shorter_time(database: Database) -> None:
    timeout = database.sessions.run(lambda s: s.connection().scalar(text("SHOW statement_timeout")))
    assert timeout == "5s"


# --- a server that is not there --------------------------------------------------------------------------------


@contextmanager
def _silent_server() -> Iterator[int]:
    """Takes connections and says nothing, as a machine does that hangs."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        yield listener.getsockname()[1]


def _unreached(port: int) -> list[float]:
    """How long each of sixteen waited for the answer, in a server of eight threads."""
    asked = time.monotonic()
    with (
        closing(open_database(f"postgresql+psycopg://nobody@127.0.0.1:{port}/nowhere")) as database,
        ThreadPoolExecutor(THREADS) as pool,
    ):

        def ask(_: int) -> float:
            _seconds(lambda: database.sessions.run(lambda session: session.connection()))
            return time.monotonic() - asked

        return list(pool.map(ask, range(AT_ONCE)))


def test_sixteen_at_once_hear_in_time_that_a_server_hangs() -> None:
    with _silent_server() as port:
        assert max(_unreached(port)) < PROVIDER_LISTENS_S


def test_sixteen_at_once_hear_at_once_that_a_server_is_down() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        assert max(_unreached(closed.getsockname()[1])) < 1


@on_postgresql
def test_a_connection_that_died_at_rest_is_replaced_before_it_is_used(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.postgresql._RESTED_S", 0.0)
    _end_all_but_own(database)
    with database.sessions.begin() as session:
        assert session.connection().scalar(text("SELECT 1")) == 1
    with database.sessions.reading() as session:
        assert session.connection().scalar(text("SELECT 1")) == 1


# --- once more -------------------------------------------------------------------------------------------------


def _fails_first(times: int, statement: str) -> tuple[list[int], Callable[[Session], str]]:
    tries: list[int] = []

    def work(session: Session) -> str:
        tries.append(len(tries))
        if len(tries) <= times:
            session.connection().execute(text(statement))
        return "done"

    return tries, work


@on_postgresql
@pytest.mark.parametrize(
    "statement",
    [
        "DO $$ BEGIN RAISE EXCEPTION 'deadlock' USING ERRCODE = '40P01'; END $$",
        "SELECT pg_terminate_backend(pg_backend_pid())",
    ],
    ids=["deadlock", "connection lost"],
)
def test_what_may_pass_is_tried_three_times(database: Database, statement: str) -> None:
    tries, work = _fails_first(2, statement)
    assert (database.sessions.run(work), len(tries)) == ("done", 3)
    tries, work = _fails_first(3, statement)
    with pytest.raises(DatabaseUnavailable):
        database.sessions.run(work)
    assert len(tries) == 3


@on_sqlite
def test_what_will_not_pass_is_not_tried_again(database: Database) -> None:
    tries, work = _fails_first(1, "SELECT * FROM nowhere")
    with pytest.raises(DatabaseUnavailable):
        database.sessions.run(work)
    assert len(tries) == 1


def _end_all_but_own(database: Database) -> None:
    with database.engine.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
