"""The program as it runs in earnest on a town's database: what the Procfile starts, commands, and callers that post as
the provider does.
"""

import itertools
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlencode

from town import Town

from bot.channels.twilio_sms import SMS_PATH
from storage.database import Database

ROOT = Path(__file__).parents[1]
PROGRAM = "bot.wsgi:app"
READY = {"web": "/health/ready", "fallback": "/health/live"}
"""Where a process of the Procfile says that it answers."""
PATIENCE_S = 40
"""What must happen soon happens within that, on a slow machine too."""
FORM = "application/x-www-form-urlencoded"
FAULTS = ("unexpected_error", "Traceback (most recent call last)")
"""What never stands in the log of a program that works."""


_numbers = itertools.count(1)


def new_number() -> str:
    """Of a telephone that nobody has written from."""
    return f"+46702{next(_numbers):06}"


def town_of_today(database: Database) -> Town:
    """A town whose round is open today: processes of their own have the machine's clock."""
    today, week = datetime.now(UTC).date(), timedelta(days=7)
    return Town.build(database, opens_on=today - week, closes_on=today + week)


@dataclass(frozen=True, kw_only=True)
class Response:
    """What came back, and after how many seconds."""

    status_code: int
    headers: Mapping[str, str]
    data: bytes
    seconds: float

    @property
    def content_type(self) -> str:
        return self.headers.get("Content-Type", "")


@dataclass(frozen=True, kw_only=True)
class Program:
    """Master and workers of one gunicorn, around the database of `town`."""

    town: Town
    name: str
    port: int
    process: subprocess.Popen[bytes]
    output: Path

    def workers(self) -> list[int]:
        """Process ids, those included that have not come up yet."""
        pid = self.process.pid
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def told(self, since: int = 0) -> str:
        """What all its processes wrote, access log and faults included, from a length of it on."""
        return self.output.read_bytes()[since:].decode(errors="replace")

    def caller(self, timeout_s: float = PATIENCE_S) -> "Caller":
        return Caller(self, timeout_s)

    def is_ready(self) -> bool:
        with closing(self.caller()) as caller:
            try:
                return caller.get(READY[self.name]).status_code == 200
            except (OSError, HTTPException):
                return False

    def renew_workers(self) -> None:
        """As after a deployment: new workers come up, then the old ones finish what they have and go."""
        old = set(self.workers())
        self.process.send_signal(signal.SIGHUP)
        wait_until(lambda: self.workers() and not old & set(self.workers()))
        _wait_until_ready(self)


class Caller:
    """One kept connection at a time, opened again where it breaks. Not for several threads."""

    def __init__(self, program: Program, timeout_s: float) -> None:
        self._town = program.town
        self._connection = HTTPConnection("127.0.0.1", program.port, timeout=timeout_s)

    def deliver(self, fields: Mapping[str, str], path: str = SMS_PATH) -> Response:
        """One try of the provider's. Raises OSError or HTTPException where the connection breaks."""
        return self.post(path, urlencode(fields), signature=self._town.house.twilio.sign(path, fields))

    def deliver_until_taken(self, fields: Mapping[str, str]) -> Response:
        """Again after each broken connection and each 503, as the provider and its fall-back would."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                response = self.deliver(fields)
                if response.status_code != 503:
                    return response
            except (OSError, HTTPException):
                if time.monotonic() > deadline:
                    raise
            assert time.monotonic() < deadline, "never taken"
            time.sleep(0.02)

    def post(
        self, path: str, body: str | bytes, *, signature: str | None = None, content_type: str = FORM
    ) -> Response:
        headers = {"Content-Type": content_type}
        if signature is not None:
            headers["X-Twilio-Signature"] = signature
        return self.request("POST", path, body.encode() if isinstance(body, str) else body, headers)

    def get(self, path: str) -> Response:
        return self.request("GET", path)

    def request(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Response:
        started = time.monotonic()
        try:
            self._connection.request(method, path, body, dict(headers or {}))
            answer = self._connection.getresponse()
            data = answer.read()
        except (OSError, HTTPException):
            self._connection.close()
            raise
        return Response(
            status_code=answer.status,
            headers=dict(answer.headers),
            data=data,
            seconds=time.monotonic() - started,
        )

    def close(self) -> None:
        self._connection.close()


@contextmanager
def serving(
    town: Town,
    output: Path,
    *,
    name: str = "web",
    workers: int = 2,
    application: str = PROGRAM,
    variables: Mapping[str, str] | None = None,
    may_fault: bool = False,
) -> Iterator[Program]:
    """The Procfile's process of that name, once it answers; told to finish afterwards.

    Then its log has no fault, unless it `may_fault`.
    """
    port = free_port()
    environment = {
        **environment_of(town),
        "PORT": str(port),
        "FALLBACK_PORT": str(port),
        "WEB_CONCURRENCY": str(workers),
        **(variables or {}),
    }
    with (
        output.open("ab") as log,
        subprocess.Popen(
            ["/bin/sh", "-c", f"exec {_line(name).replace(PROGRAM, application)}"],
            env=environment,
            stdout=log,
            stderr=log,
            cwd=ROOT,
            start_new_session=True,
        ) as process,
    ):
        program = Program(town=town, name=name, port=port, process=process, output=output)
        try:
            _wait_until_ready(program)
            yield program
        finally:
            _finish(process)
    if not may_fault:
        assert_no_fault(program)


def assert_no_fault(program: Program, since: int = 0) -> None:
    told = program.told(since)
    assert [line for line in told.splitlines() if any(fault in line for fault in FAULTS)] == []


def wait_until(condition: Callable[[], object], patience_s: float = PATIENCE_S) -> None:
    """Raises TimeoutError where it never comes true."""
    deadline = time.monotonic() + patience_s
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError("it never came true")
        time.sleep(0.02)


def run_command(
    town: Town, *words: str, program: Sequence[str] = ("lyhord",), variables: Mapping[str, str] | None = None
) -> "subprocess.CompletedProcess[str]":
    """`lyhord WORDS` as a process of its own."""
    return subprocess.run(
        [*program, *words],
        env={**environment_of(town), **(variables or {})},
        capture_output=True,
        text=True,
        timeout=PATIENCE_S * 3,
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _line(name: str) -> str:
    lines = (ROOT / "Procfile").read_text(encoding="utf-8").splitlines()
    return next(line.removeprefix(f"{name}: ") for line in lines if line.startswith(f"{name}: "))


def environment_of(town: Town) -> dict[str, str]:
    """For any process that works on the town."""
    settings = town.house.settings
    others = {name: value for name, value in os.environ.items() if not name.startswith("LYHORD_")}
    return {
        **others,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "LYHORD_DATABASE_URL": town.house.database.engine.url.render_as_string(hide_password=False),
        "LYHORD_MASTER_KEYS": settings.master_keys,
        "LYHORD_PUBLIC_URL": settings.public_url,
        "LYHORD_TWILIO_ACCOUNT_SID": settings.twilio_account_sid,
        "LYHORD_TWILIO_AUTH_TOKENS": ",".join(settings.twilio_auth_tokens),
        "LYHORD_METRICS_TOKEN": settings.metrics_token,
        "LYHORD_LOG_LEVEL": "DEBUG",
    }


def _wait_until_ready(program: Program) -> None:
    wait_until(lambda: program.process.poll() is not None or program.is_ready())
    assert program.process.poll() is None, program.told()


def _finish(process: subprocess.Popen[bytes]) -> None:
    """As a host stops a program: a request to, and after a while by force, its workers too."""
    process.terminate()
    try:
        process.wait(PATIENCE_S)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        raise
