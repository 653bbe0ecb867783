"""Too much, too slow, too full: refused in a form that the provider understands, nothing half stored, and taken when
it comes again.
"""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from io import BytesIO
from urllib.parse import urlencode

import pytest
from sqlalchemy import event, func, select, text
from town import Town, message_fields, twiml_text
from werkzeug.test import TestResponse

import storage.sessions
from bot.app import MOST_BYTES
from bot.channels.twilio_sms import SMS_PATH, STATUS_PATH
from storage.database import Database, open_database
from storage.tables import Base, InboxMessage, Message

on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
on_postgresql = pytest.mark.parametrize("database", ["postgresql"], indirect=True)
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=b"
WAIT_S = 0.5
SOON_S = WAIT_S + 0.4
"""Nobody may be kept waiting much longer than that: the provider stops listening."""


@pytest.fixture
def town(database: Database) -> Town:
    return Town.build(database)


# --- too much --------------------------------------------------------------------------------------------------


MEGABYTE = message_fields("a" * 1_000_000)
PART = '--b\r\nContent-Disposition: form-data; name="{}"{}\r\n\r\n{}\r\n'
TOO_MUCH = {
    "a long field": (FORM, urlencode(MEGABYTE)),
    "many fields": (FORM, "&".join(f"field{number}=1" for number in range(10_000))),
    "a long part": (MULTIPART, PART.format("Body", "", "a" * 1_000_000) + "--b--"),
    "a file": (MULTIPART, PART.format("x", '; filename="x"', "a" * 1_000_000) + "--b--"),
    "many parts": (MULTIPART, "".join(PART.format(n, "", "") for n in range(1_050)) + "--b--"),
}


@pytest.mark.keeps_time
@on_sqlite
@pytest.mark.parametrize("path", [SMS_PATH, STATUS_PATH])
def test_what_is_larger_than_any_message_is_refused_unread(town: Town, path: str) -> None:
    headers = {"X-Twilio-Signature": town.house.twilio.sign(path, MEGABYTE)}
    for name, (content_type, body) in TOO_MUCH.items():
        started = time.monotonic()
        response = town.client.post(path, data=body, content_type=content_type, headers=headers)
        assert (response.status_code, twiml_text(response)) == (413, ""), name
        assert time.monotonic() - started < 1, name
    assert _count(town, Message) == 0


@on_sqlite
def test_what_comes_in_chunks_is_read_no_further_than_the_limit(town: Town) -> None:
    stream = BytesIO(urlencode(MEGABYTE).encode())
    response = town.client.post(
        SMS_PATH,
        input_stream=stream,
        content_type=FORM,
        headers={"X-Twilio-Signature": town.house.twilio.sign(SMS_PATH, MEGABYTE)},
        environ_overrides={"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True},
    )
    assert (response.status_code, twiml_text(response)) == (413, "")
    assert stream.tell() <= MOST_BYTES


@pytest.mark.keeps_time
@on_sqlite
def test_what_just_fits_is_taken(town: Town) -> None:
    fields = {**message_fields("hallå"), **{f"field{number}": "" for number in range(6_000)}}
    assert MOST_BYTES * 0.9 < len(urlencode(fields)) <= MOST_BYTES
    started = time.monotonic()
    assert twiml_text(town.webhook(fields)).startswith("Hej!")
    assert time.monotonic() - started < 1


@on_sqlite
def test_a_body_is_cut_at_1600_characters(town: Town) -> None:
    town.phone().say("ö" * 1_601)
    with town.house.database.sessions.reading() as session:
        assert session.scalars(select(InboxMessage.text)).all() == ["ö" * 1_600]


# --- too slow --------------------------------------------------------------------------------------------------


@pytest.mark.keeps_time
def test_a_busy_database_is_answered_with_503_in_time_and_the_message_is_taken_later(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage.sessions, "WRITE_WAIT_S", WAIT_S)
    fields = message_fields("TRYGG")
    with _held(town.house.database):
        started = time.monotonic()
        response = town.webhook(fields)
        assert time.monotonic() - started < SOON_S
        _assert_may_try_again(response)
    assert "frivilliga frågor" in twiml_text(town.webhook(fields))
    assert _count(town, Message) == 1


def test_pages_are_read_while_a_writer_holds_the_database(town: Town) -> None:
    with _held(town.house.database):
        assert town.client.get("/health/ready").status_code == 200


@pytest.mark.keeps_time
@on_sqlite
def test_who_stood_in_line_waits_no_longer_than_who_came_first(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage.sessions, "WRITE_WAIT_S", WAIT_S)
    waited: list[float] = []

    def deliver(after_s: float) -> None:
        client, fields = town.client.application.test_client(), message_fields("TRYGG")
        headers = {"X-Twilio-Signature": town.house.twilio.sign(SMS_PATH, fields)}
        time.sleep(after_s)
        started = time.monotonic()
        _assert_may_try_again(client.post(SMS_PATH, data=fields, headers=headers))
        waited.append(time.monotonic() - started)

    threads = [threading.Thread(target=deliver, args=(WAIT_S / 4 * number,)) for number in range(4)]
    with _held(town.house.database):
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(waited) == 4
    assert max(waited) < SOON_S


@on_sqlite
def test_another_process_of_ours_is_waited_for_in_line(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage.sessions, "WRITE_WAIT_S", WAIT_S)
    url, fields = str(town.house.database.engine.url), message_fields("TRYGG")
    with closing(open_database(url)) as other, other.sessions.begin():
        _assert_may_try_again(town.webhook(fields))
    assert "frivilliga frågor" in twiml_text(town.webhook(fields))


@on_postgresql
def test_a_database_that_was_started_again_is_found_again(town: Town) -> None:
    assert town.phone().say("TRYGG")
    with town.house.database.engine.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    assert town.phone().say("ja").startswith("Vem är du här?")


# --- too full --------------------------------------------------------------------------------------------------


@on_sqlite
def test_a_full_disk_loses_nothing_that_was_answered_and_recovers_by_itself(town: Town) -> None:
    answered = 0
    with _no_room_for_more_than(town.house.database, pages=12):
        while answered < 500:
            fields = message_fields("TRYGG", sender=f"+467017{answered:05}")
            response = town.webhook(fields)
            if response.status_code != 200:
                break
            answered += 1
        _assert_may_try_again(response)
        assert 0 < answered < 500
        assert _count(town, Message) == answered
        with town.house.database.sessions.reading() as session:
            assert session.execute(text("PRAGMA integrity_check")).scalar() == "ok"
    assert "frivilliga frågor" in twiml_text(town.webhook(fields))
    assert _count(town, Message) == answered + 1


# ---------------------------------------------------------------------------------------------------------------


def _assert_may_try_again(response: TestResponse) -> None:
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "2"
    assert twiml_text(response) == ""


def _count(town: Town, table: type[Base]) -> int:
    with town.house.database.sessions.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def _is_sqlite(database: Database) -> bool:
    return database.engine.dialect.name == "sqlite"


@contextmanager
def _held(database: Database) -> Iterator[None]:
    """Somebody else holds what every message must write."""
    if _is_sqlite(database):
        with closing(sqlite3.connect(database.engine.url.database or "", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
            other.execute("ROLLBACK")
        return
    event.listen(database.engine, "begin", _wait_shortly)
    with database.engine.connect() as connection:
        connection.execute(text("LOCK TABLE messages IN EXCLUSIVE MODE"))
        yield
        connection.rollback()
    event.remove(database.engine, "begin", _wait_shortly)


def _wait_shortly(connection: object) -> None:
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = {int(WAIT_S * 1000)}")  # type: ignore[attr-defined]


@contextmanager
def _no_room_for_more_than(database: Database, *, pages: int) -> Iterator[None]:
    """As on a full disk, SQLite may let the file grow by so many pages only."""
    with database.engine.connect() as connection:
        limit = connection.execute(text("PRAGMA page_count")).scalar_one() + pages

    def limited(dbapi_connection: sqlite3.Connection, *_: object) -> None:
        dbapi_connection.execute(f"PRAGMA max_page_count = {limit}")

    event.listen(database.engine, "checkout", limited)
    yield
    event.remove(database.engine, "checkout", limited)
    limit = 1 << 30
    for connection in [database.engine.connect() for _ in range(16)]:
        limited(connection.connection.dbapi_connection)  # type: ignore[arg-type]
        connection.close()
