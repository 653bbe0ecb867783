"""How long a web process takes from its start to its first answer, and what each process then holds in memory."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

from benchmarks.callers import call, surveys
from benchmarks.figures import Effort, Figure
from benchmarks.server import resident_mib, serving
from benchmarks.serving import PROGRAM
from benchmarks.setting import RESIDENT, an_sqlite_file, prepared
from bot.channels.twilio_sms import SMS_PATH
from bot.cli.demo import demonstration_round

FALLBACK, CONSOLE = "bot.spooling:app", "bot.console:app"
CONSOLE_URL = "https://konsol.example.se"
_WORKED_FOR_S = 6
"""Each of the worker's tasks has run once by then."""


def figures(effort: Effort) -> Iterator[Figure]:
    started, ready, working, fallback, console, worker = [], [], [], [], [], []
    with an_sqlite_file() as url:
        variables = prepared(url)
        for _ in range(effort.runs):
            with serving(PROGRAM, variables) as server:
                started.append(server.started_s)
                ready.append(server.resident_mib())
                call(server.port, SMS_PATH, partial(surveys, RESIDENT, demonstration_round().phone_number, 1))
                working.append(server.resident_mib())
            with serving(FALLBACK, _spooling(variables), ready="/health/live") as server:
                fallback.append(server.resident_mib())
            with serving(CONSOLE, {**variables, "LYHORD_CONSOLE_URL": CONSOLE_URL}) as server:
                console.append(server.resident_mib())
            worker.append(_worker_mib(variables))
    yield Figure(name="from start to ready", unit="s", values=tuple(started), most=1.2)
    processes = {
        "memory, ready": ready,
        "memory, after sixteen surveys": working,
        "memory of the fallback": fallback,
        "memory of the console": console,
        "memory of the worker": worker,
    }
    for name, sizes in processes.items():
        told = tuple(size for size in sizes if size is not None)
        if told:
            yield Figure(name=name, unit="MiB", values=told, most=100)


def _spooling(variables: Mapping[str, str]) -> Mapping[str, str]:
    """With a folder beside the database for what comes while that is away."""
    folder = Path(variables["LYHORD_DATABASE_URL"].removeprefix("sqlite:///")).parent / "spool"
    folder.mkdir(mode=0o700, exist_ok=True)
    return {**variables, "LYHORD_SPOOL_FOLDER": str(folder)}


def _worker_mib(variables: Mapping[str, str]) -> float | None:
    """A worker that has tried everything it does; nobody is at the provider's address."""
    own = {**_spooling(variables), "LYHORD_PROVIDER_URL": "http://127.0.0.1:9"}
    others = {name: value for name, value in os.environ.items() if not name.startswith("LYHORD_")}
    command = [Path(sys.executable).with_name("lyhord"), "worker"]
    with subprocess.Popen(command, env={**others, **own}, stderr=subprocess.DEVNULL) as process:
        try:
            time.sleep(_WORKED_FOR_S)
            return resident_mib(process.pid)
        finally:
            process.terminate()
