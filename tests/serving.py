"""The web server as the Procfile starts it, in front of a town's database: real processes, sockets and signals."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from town import Town

from bot.channels.twilio_sms import SMS_PATH

ROOT = Path(__file__).parents[1]
START_S = 30


@dataclass(frozen=True, kw_only=True)
class Server:
    """A server that answers at `address`. What it writes goes to the file `output`."""

    town: Town
    process: subprocess.Popen[bytes]
    port: int
    output: Path

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def post(self, fields: dict[str, str], path: str = SMS_PATH) -> bytes:
        """Post a signed webhook over a connection of its own. Raises OSError where there is no good answer."""
        headers = {"X-Twilio-Signature": self.town.house.twilio.sign(path, fields)}
        request = urllib.request.Request(f"{self.address}{path}", urlencode(fields).encode(), headers)
        with urllib.request.urlopen(request, timeout=20) as response:
            return bytes(response.read())

    def get(self, path: str, headers: Mapping[str, str]) -> str:
        request = urllib.request.Request(f"{self.address}{path}", headers=dict(headers))
        with urllib.request.urlopen(request, timeout=20) as response:
            return bytes(response.read()).decode()


@contextmanager
def serving(town: Town, output: Path, **variables: str) -> Iterator[Server]:
    """The town's program served; `variables` are further ones of the environment."""
    web = next(line for line in (ROOT / "Procfile").read_text().splitlines() if line.startswith("web: "))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = ["/bin/sh", "-c", f"exec {web.removeprefix('web: ')}"]
    environment = {**_environment(town), "PORT": str(port), **variables}
    with (
        output.open("wb") as log,
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log) as process,
    ):
        server = Server(town=town, process=process, port=port, output=output)
        try:
            _wait_until_ready(server)
            yield server
        finally:
            process.terminate()


def _environment(town: Town) -> dict[str, str]:
    settings = town.house.settings
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("LYHORD_")},
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "LYHORD_DATABASE_URL": town.house.database.engine.url.render_as_string(hide_password=False),
        "LYHORD_MASTER_KEYS": settings.master_keys,
        "LYHORD_PUBLIC_URL": settings.public_url,
        "LYHORD_TWILIO_ACCOUNT_SID": settings.twilio_account_sid,
        "LYHORD_TWILIO_AUTH_TOKENS": ",".join(settings.twilio_auth_tokens),
        "LYHORD_METRICS_TOKEN": settings.metrics_token,
        "LYHORD_LOG_LEVEL": "DEBUG",
    }


def _wait_until_ready(server: Server) -> None:
    deadline = time.monotonic() + START_S
    while True:
        try:
            return urllib.request.urlopen(f"{server.address}/health/ready", timeout=2).close()
        except OSError:
            if time.monotonic() > deadline or server.process.poll() is not None:
                raise RuntimeError(server.output.read_text(errors="replace")) from None
            time.sleep(0.1)


def wait_until(holds: Callable[[], bool]) -> None:
    """Raises AssertionError where it does not come to that."""
    deadline = time.monotonic() + START_S
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.1)
