"""The server's processes: told to stop or to reload, they answer what is under way and refuse what comes later."""

import json
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPException
from itertools import count
from pathlib import Path
from urllib.parse import urlencode

import pytest
from serving import Program, environment_of, serving, town_of_today, wait_until
from sqlalchemy import func, select
from town import Town, message_fields

from bot.channels.twilio_sms import SMS_PATH
from storage.condition import UPKEEP, get_last_run
from storage.database import Database
from storage.tables import Message

MOST_STOPPING_S = 8
AT_ONCE = 24
"""More than the threads of both processes: some requests wait for one when the signal comes."""

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def server(database: Database, tmp_path: Path) -> Iterator[Program]:
    today, week = datetime.now(UTC).date(), timedelta(days=7)
    town = Town.build(database, opens_on=today - week, closes_on=today + week)
    with serving(town, tmp_path / "output") as running:
        yield running


def _deliver(server: Program, fields: dict[str, str]) -> bytes:
    with closing(server.caller()) as caller:
        return caller.deliver(fields).data


def _number(index: int) -> str:
    return f"+4670174{index % 10_000:04d}"


def _refuses(server: Program) -> bool:
    with socket.socket() as probe:
        probe.settimeout(2)
        return probe.connect_ex(("127.0.0.1", server.port)) != 0


def _events(server: Program) -> list[str]:
    """What the processes logged; every line is an object of its own."""
    return [json.loads(line)["event"] for line in server.output.read_text().splitlines()]


def test_told_to_stop_it_answers_what_is_under_way_and_refuses_what_comes_later(server: Program) -> None:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        with server.town.house.database.sessions.begin():  # nothing can be stored meanwhile: all of them wait
            waiting = [
                pool.submit(_deliver, server, message_fields("TRYGG", sender=_number(index)))
                for index in range(AT_ONCE)
            ]
            time.sleep(1)
            assert not any(request.done() for request in waiting)
            server.process.send_signal(signal.SIGTERM)
            time.sleep(0.5)
            assert _refuses(server)
        assert all(b"<Message>" in request.result() for request in waiting)
    assert server.process.wait(MOST_STOPPING_S) == 0
    with server.town.house.database.sessions.reading() as session:
        assert session.scalar(select(func.count()).select_from(Message)) == AT_ONCE
    assert {"server_signalled", "process_stopped", "server_stopped"} <= set(_events(server))
    assert "unexpected_error" not in _events(server)


@dataclass
class _Load:
    """Callers that post one message after the other, each over a new connection, until they are refused."""

    server: Program
    answered: int = 0
    cut: list[float] = field(default_factory=list)
    """When the connections were made that brought no whole answer."""
    callers: Iterator[int] = field(default_factory=count)
    stop: threading.Event = field(default_factory=threading.Event)

    def call(self) -> None:
        while not self.stop.is_set():
            fields = message_fields("TRYGG", sender=_number(next(self.callers)))
            connection = HTTPConnection("127.0.0.1", self.server.port, timeout=20)
            try:
                connection.connect()
            except ConnectionRefusedError:
                return
            connected_at = time.monotonic()
            try:
                self._post(connection, fields)
                self.answered += 1
            except (OSError, HTTPException):
                self.cut.append(connected_at)
            finally:
                connection.close()

    def _post(self, connection: HTTPConnection, fields: dict[str, str]) -> None:
        signature = self.server.town.house.twilio.sign(SMS_PATH, fields)
        headers = {
            "X-Twilio-Signature": signature,
            "Content-Type": "application/x-www-form-urlencoded",
            "Connection": "close",
        }
        connection.request("POST", SMS_PATH, urlencode(fields), headers)
        response = connection.getresponse()
        if response.status != 200 or not response.read().endswith(b"</Response>"):
            raise HTTPException("no whole answer")


@contextmanager
def _under_load(server: Program, callers: int = 8) -> Iterator[_Load]:
    load = _Load(server)
    with ThreadPoolExecutor(callers) as pool:
        calls = [pool.submit(load.call) for _ in range(callers)]
        try:
            yield load
        finally:
            load.stop.set()
            for call in calls:
                call.result()


def test_neither_a_reload_nor_a_stop_cuts_a_request(server: Program) -> None:
    with _under_load(server) as load:
        time.sleep(1)
        server.process.send_signal(signal.SIGHUP)
        wait_until(lambda: _events(server).count("process_stopped") == 2)
        answered = load.answered
        wait_until(lambda: load.answered > answered + 100)
        assert load.cut == []
        stopped_at = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(MOST_STOPPING_S) == 0
    assert [made for made in load.cut if made < stopped_at] == []
    assert _events(server).count("process_started") == 4


def test_what_is_no_request_is_logged_without_what_it_said(server: Program) -> None:
    number = "+46701740605"
    for line in (f"GET /?From={number} HTTP/9.9", f"GET /{number * 400} HTTP/1.1", f"TO {number}"):
        with socket.create_connection(("127.0.0.1", server.port), timeout=5) as connection:
            connection.sendall(f"{line}\r\nHost: x\r\n\r\n".encode())
            assert connection.recv(12).startswith(b"HTTP/1.1 4")
    wait_until(lambda: _events(server).count("request_invalid") == 3)
    output = server.output.read_text()
    assert number not in output
    assert "127.0.0.1" not in output


def test_the_worker_ends_well_when_told_to_stop(database: Database, tmp_path: Path) -> None:
    nobody = {"LYHORD_PROVIDER_URL": "http://127.0.0.1:9"}
    environment = {**environment_of(town_of_today(database)), **nobody}
    command = [sys.executable, "-c", "from bot.cli import main; main()", "worker"]
    with (
        (tmp_path / "output").open("wb") as output,
        subprocess.Popen(command, env=environment, stderr=output) as worker,
    ):
        wait_until(lambda: _has_run(database) or worker.poll() is not None)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(MOST_STOPPING_S) == 0
    assert "upkeep_done" in (tmp_path / "output").read_text()


def _has_run(database: Database) -> bool:
    with database.sessions.reading() as session:
        return get_last_run(session, UPKEEP) is not None
