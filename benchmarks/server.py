"""A web process as it runs in earnest: one gunicorn worker with threads, started and stopped."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

SETTINGS = Path(__file__).parents[1] / "gunicorn.conf.py"
START_TIMEOUT_S = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class Server:
    """A server that answers. `started_s` from its start to its first answer."""

    port: int
    pid: int
    started_s: float

    def resident_mib(self) -> float | None:
        """Memory of the worker, as the system counts it; None where the system does not tell (not Linux)."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children")
        return resident_mib(int(children.read_text().split()[0])) if children.exists() else None


def resident_mib(pid: int) -> float | None:
    """Memory of a process, as the system counts it; None where the system does not tell (not Linux)."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return None
    lines = status.read_text(encoding="utf-8").splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS:")).split()[1]) / 1024


@contextmanager
def serving(
    application: str, variables: Mapping[str, str], *, ready: str = "/health/ready"
) -> Iterator[Server]:
    """`application` served with the environment `variables`. Raises RuntimeError where it does not start."""
    port = _free_port()
    command = [sys.executable, "-m", "gunicorn", application, "--config", str(SETTINGS)]
    command += ["--bind", f"127.0.0.1:{port}", "--workers", "1", "--log-level", "warning"]
    others = {name: value for name, value in os.environ.items() if not name.startswith("LYHORD_")}
    others.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program has its bytecode
    started = time.perf_counter()
    with subprocess.Popen(command, env={**others, **variables}) as process:
        try:
            _wait_until_ready(process, port, ready)
            yield Server(port=port, pid=process.pid, started_s=time.perf_counter() - started)
        finally:
            process.terminate()


def _wait_until_ready(process: subprocess.Popen[bytes], port: int, path: str) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while process.poll() is None and time.monotonic() < deadline:
        connection = HTTPConnection("127.0.0.1", port, timeout=START_TIMEOUT_S)
        try:
            connection.request("GET", path)
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.005)
        finally:
            connection.close()
    raise RuntimeError("the server did not start; what it said stands above")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
