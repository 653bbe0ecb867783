"""Whether a turn costs the same in a small and in a large database: one resident alone, over HTTP."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from http.client import HTTPConnection
from statistics import median

from benchmarks.callers import Post, surveys
from benchmarks.figures import LEAST_EFFORT, Effort, Figure, ratio
from benchmarks.filling import fill_with_conversations
from benchmarks.server import serving
from benchmarks.serving import PROGRAM
from benchmarks.setting import RESIDENT, an_sqlite_file, prepared
from bot.channels.twilio_sms import SMS_PATH
from bot.cli.demo import demonstration_round

SMALL, LARGE = 1_000, 1_000_000
SURVEYS = 40


def figures(
    effort: Effort, database: Callable[[], AbstractContextManager[str]] = an_sqlite_file
) -> Iterator[Figure]:
    """Both databases stand beside each other, and runs go back and forth between them."""
    sizes = (SMALL // 10, SMALL) if effort == LEAST_EFFORT else (SMALL, LARGE)
    with database() as small, database() as large:
        variables = []
        for url, size in zip((small, large), sizes, strict=True):
            variables.append(prepared(url))
            fill_with_conversations(url, size)
        medians: list[list[float]] = [[], []]
        for _ in range(effort.runs):
            for values, environment in zip(medians, variables, strict=True):
                with serving(PROGRAM, environment) as server:
                    values.append(_median_ms(server.port, SURVEYS if effort != LEAST_EFFORT else 1))
    yield Figure(name="a turn among a thousand conversations, p50", unit="ms", values=tuple(medians[0]))
    yield Figure(name="a turn among a million conversations, p50", unit="ms", values=tuple(medians[1]))
    yield ratio("a million / a thousand", medians[1], medians[0], most=1.2)


def _median_ms(port: int, how_many: int) -> float:
    recipient = demonstration_round().phone_number
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        _post(connection, surveys(RESIDENT, recipient, 1))  # flows, statements and caches are filled now
        return median(_post(connection, surveys(RESIDENT, recipient, how_many))) * 1000
    finally:
        connection.close()


def _post(connection: HTTPConnection, posts: Sequence[Post]) -> list[float]:
    latencies_s = []
    for post in posts:
        started = time.perf_counter()
        connection.request("POST", SMS_PATH, post.body, post.headers)
        response = connection.getresponse()
        response.read()
        latencies_s.append(time.perf_counter() - started)
        if response.status != 200:
            raise RuntimeError(f"status {response.status}")
    return latencies_s
