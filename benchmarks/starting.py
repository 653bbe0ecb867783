"""How long a web process takes from its start to its first answer, and what it then holds in memory."""

from collections.abc import Iterator
from functools import partial

from benchmarks.callers import call, surveys
from benchmarks.figures import Effort, Figure
from benchmarks.server import serving
from benchmarks.serving import PROGRAM
from benchmarks.setting import RESIDENT, an_sqlite_file, prepared
from bot.channels.twilio_sms import SMS_PATH
from bot.cli.demo import demonstration_round


def figures(effort: Effort) -> Iterator[Figure]:
    started, ready, working = [], [], []
    with an_sqlite_file() as url:
        variables = prepared(url)
        for _ in range(effort.runs):
            with serving(PROGRAM, variables) as server:
                started.append(server.started_s)
                ready.append(server.resident_mib())
                call(server.port, SMS_PATH, partial(surveys, RESIDENT, demonstration_round().phone_number, 1))
                working.append(server.resident_mib())
    yield Figure(name="from start to ready", unit="s", values=tuple(started), most=1.2)
    for name, sizes in (("memory, ready", ready), ("memory, after sixteen surveys", working)):
        told = tuple(size for size in sizes if size is not None)
        if told:
            yield Figure(name=name, unit="MiB", values=told, most=100)
