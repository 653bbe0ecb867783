"""A day of a town of 50,000 at one program: the hour after a news item as it comes, the rest without its pauses.

In the burst messages come when they come, ten a second, whether the program keeps up or not; a latency counts from the
moment at which the message came, so that a stall is seen by all who wait for it. In the rest of the day each resident's
messages follow one another as fast as they are answered.
"""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing
from functools import partial
from http.client import HTTPConnection, HTTPException
from itertools import cycle

from sqlalchemy import func, select

from benchmarks.callers import AT_ONCE, Load, Post, call, surveys
from benchmarks.figures import Effort, Figure
from benchmarks.server import Server, serving
from benchmarks.serving import PROGRAM
from benchmarks.setting import RESIDENT, an_sqlite_file, prepared
from bot.channels.twilio_sms import SMS_PATH
from bot.cli.demo import demonstration_round
from storage.database import open_database
from storage.tables import Message

BEGIN_IN_AN_HOUR = (4, 2, 1, 1, 1, 4, 12, 30, 36, 36, 36, 44, 60, 48, 44, 44, 52, 68, 0, 92, 88, 60, 36, 13)
"""Surveys begun in each hour of an ordinary day, about one in sixty inhabitants; at 18 comes the news."""
NEWS_AT = 18
BURST_PER_S = 10
IN_THE_MIDST = 100
"""Residents who are answering at one time in the burst: ten seconds from one message to the next."""


def figures(
    effort: Effort, database: Callable[[], AbstractContextManager[str]] = an_sqlite_file
) -> Iterator[Figure]:
    """One run, whatever the effort says: a day is long enough."""
    with database() as url:
        variables = prepared(url)
        with serving(PROGRAM, variables) as server:
            warm = _as_fast_as_answered(server, 1)
            at_first = server.resident_mib()
            before = _as_fast_as_answered(server, _for_each_caller(BEGIN_IN_AN_HOUR[:NEWS_AT], effort))
            burst = Burst(server.port)
            burst.run(effort.burst_s)
            after = _as_fast_as_answered(server, _for_each_caller(BEGIN_IN_AN_HOUR[NEWS_AT:], effort))
            at_last = server.resident_mib()
        sent = len(burst.statuses) + sum(len(load.replies) for load in (warm, before, after))
        yield from burst.figures()
        yield _rate((before, after))
        for name, mib in (("memory before the day", at_first), ("memory after it", at_last)):
            if mib is not None:
                yield Figure(name=name, unit="MiB", values=(mib,))
        yield Figure(name="messages of the day", unit="messages", values=(sent,))
        yield Figure(name="rows a message", unit="rows", values=(_rows(url) / sent,), least=1, most=1)


class Burst:
    """What residents send after a news item, and how long each message waited for its answer."""

    def __init__(self, port: int) -> None:
        self._port, self._recipient = port, demonstration_round().phone_number
        self._chance = random.Random(1)  # noqa: S311 - the same town every time
        self._residents = [self._survey() for _ in range(IN_THE_MIDST)]
        self.statuses: list[int] = []
        self._latencies_s: list[float] = []

    def run(self, seconds: int) -> None:
        """Begins in the midst of it: of the residents some have answered much, some little."""
        with ThreadPoolExecutor(AT_ONCE * 2) as callers:
            list(callers.map(self._begin, range(IN_THE_MIDST)))
            self._latencies_s.clear()
            self._run(callers, seconds)

    def figures(self) -> Iterator[Figure]:
        ordered = sorted(self._latencies_s)
        for name, share, most in (("p50", 0.5, None), ("p99", 0.99, 60.0), ("worst", 1.0, None)):
            latency_ms = ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000
            name = f"burst of {BURST_PER_S} messages a second, {name}"
            yield Figure(name=name, unit="ms", values=(latency_ms,), most=most)
        others = sum(status != 200 for status in self.statuses)
        yield Figure(name="  answered with other than 200", unit="messages", values=(others,), most=0)

    def _begin(self, resident: int) -> None:
        for _ in range(resident % len(RESIDENT)):
            self._send(next(self._residents[resident]), time.perf_counter())

    def _run(self, callers: ThreadPoolExecutor, seconds: int) -> None:
        at = started = time.perf_counter()
        for resident in cycle(range(IN_THE_MIDST)):
            at += self._chance.expovariate(BURST_PER_S)
            if at > started + seconds:
                return
            post = self._next_of(resident)
            time.sleep(max(0.0, at - time.perf_counter()))
            callers.submit(self._send, post, at)

    def _next_of(self, resident: int) -> Post:
        """Who has answered all is followed by another."""
        post = next(self._residents[resident], None)
        if post is None:
            self._residents[resident] = self._survey()
            return next(self._residents[resident])
        return post

    def _survey(self) -> Iterator[Post]:
        return iter(surveys(RESIDENT, self._recipient, 1))

    def _send(self, post: Post, came_at: float) -> None:
        status = _status(self._port, post)
        self._latencies_s.append(time.perf_counter() - came_at)
        self.statuses.append(status)


def _status(port: int, post: Post) -> int:
    """Over a connection of its own, as from the provider's many hosts. 0 where there is no answer."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        try:
            connection.request("POST", SMS_PATH, post.body, post.headers)
            response = connection.getresponse()
            response.read()
        except (OSError, HTTPException):
            return 0
        return response.status


def _as_fast_as_answered(server: Server, surveys_of_each: int) -> Load:
    posts = partial(surveys, RESIDENT, demonstration_round().phone_number, surveys_of_each)
    return call(server.port, SMS_PATH, posts)


def _for_each_caller(hours: Sequence[int], effort: Effort) -> int:
    return max(1, round(sum(hours) * effort.day_share / AT_ONCE))


def _rate(loads: Sequence[Load]) -> Figure:
    messages = sum(len(load.replies) for load in loads)
    rate = messages / sum(load.seconds for load in loads)
    return Figure(name="the rest of the day, in order", unit="messages/s", values=(rate,))


def _rows(url: str) -> int:
    with closing(open_database(url)) as database, database.sessions.reading() as session:
        return session.scalar(select(func.count()).select_from(Message)) or 0
