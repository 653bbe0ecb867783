"""Set-ups to be looked at: settings around a town's database, web servers that stand for the public address."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from town import Town
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from bot.app import create_app
from bot.channels.twilio_sms import TwilioSms
from bot.config import Settings
from bot.doctor.examining import CHECKS, examine
from bot.doctor.finding import Level
from bot.doctor.set_up import opened

NOWHERE = "http://127.0.0.1:9"
"""An address of this machine at which nobody listens."""


def utc_now() -> datetime:
    return datetime.now(UTC)


def settings_of(town: Town, **changes: Any) -> Settings:
    """Settings that lead to the town's database."""
    url = town.house.database.engine.url.render_as_string(hide_password=False)
    return replace(town.house.settings, database_url=url, provider_url=NOWHERE, **changes)


def look(
    check: str, settings: Settings, *, now: Callable[[], datetime] = utc_now, folder: Path = Path("nowhere")
) -> list[tuple[str, str]]:
    """Level and sentence of what one check says."""
    checks = [one for one in CHECKS if one.name == check]
    assert checks
    with opened(settings, now, folder) as set_up:
        return [(seen.finding.level.value, seen.finding.sentence) for seen in examine(set_up, checks)]


def levels(found: Sequence[tuple[str, str]]) -> list[str]:
    return [level for level, _ in found]


def faults(found: Sequence[tuple[str, str]]) -> str:
    return "\n".join(sentence for level, sentence in found if level == Level.FAULT.value)


@contextmanager
def web(app: Any, clock: Callable[[], datetime] = utc_now) -> Iterator[str]:
    """A WSGI application at an address of this machine, on a machine with that clock."""

    class Handler(WSGIRequestHandler):
        def date_time_string(self, timestamp: float | None = None) -> str:
            return format_datetime(clock())

    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def answering(
    status: int, body: str = "", *, clock: Callable[[], datetime] = utc_now, **headers: str
) -> Iterator[str]:
    """A site that gives the same answer to everybody."""

    def answer(request: Request) -> Response:
        return Response(body, status=status, headers=headers)

    with web(Request.application(answer), clock) as address:
        yield address


@contextmanager
def program(town: Town, *, token: str = "") -> Iterator[str]:
    """The town's own program, which takes what is signed for the address where it answers."""
    later: list[Any] = []
    with web(lambda environ, start: later[0](environ, start)) as address:
        channel = TwilioSms(
            account_sid=town.house.settings.twilio_account_sid,
            auth_tokens=(token,) if token else town.house.settings.twilio_auth_tokens,
            public_url=address,
        )
        later.append(create_app(replace(town.house, twilio=channel)))
        yield address
