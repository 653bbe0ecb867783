"""Whole residents' surveys over HTTP, sixteen at a time and one alone, beside the floor in the same run."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partial

from benchmarks.callers import AT_ONCE, Load, call, surveys
from benchmarks.figures import Effort, Figure, ratio
from benchmarks.server import serving
from benchmarks.setting import RESIDENT, an_sqlite_file, prepared
from bot.channels.twilio_sms import SMS_PATH
from bot.cli.demo import demonstration_round
from bot.services.surveys import load_published
from flows.catalogue import load_document

PROGRAM = "bot.wsgi:app"
STATEMENTS = "benchmarks.floor:statements()"
CONSTANT = "benchmarks.floor:constant()"
LEAST_OF_THE_FLOOR = 0.7
MOST_MS_OF_99 = 60.0
MOST_MS_ALONE = 5.0


def figures(
    effort: Effort, database: Callable[[], AbstractContextManager[str]] = an_sqlite_file
) -> Iterator[Figure]:
    applications = (PROGRAM, STATEMENTS, CONSTANT)
    loads: dict[str, list[Load]] = {application: [] for application in applications}
    alone: list[Load] = []
    with database() as url:
        variables = prepared(url)
        for _ in range(effort.runs):
            for (
                application
            ) in applications:  # in turn, so that all share the machine's better and worse moments
                with serving(application, variables) as server:
                    loads[application].append(_load(server.port, effort, is_program=application == PROGRAM))
                    if application == PROGRAM:
                        alone.append(_alone(server.port, effort))
    most_ms = MOST_MS_OF_99 if url.startswith("sqlite") else None
    yield from _speeds(f"residents, {AT_ONCE} at a time", loads[PROGRAM], most_ms=most_ms)
    yield Figure(
        name="one resident alone, p50",
        unit="ms",
        values=tuple(load.percentile_ms(0.5) for load in alone),
        most=MOST_MS_ALONE,
    )
    yield from _speeds("floor: the same statements by hand", loads[STATEMENTS])
    yield from _speeds("floor: one insert", loads[CONSTANT])
    rates = {
        application: [load.messages_per_second for load in loads[application]] for application in applications
    }
    yield replace(
        ratio("residents / same statements by hand", rates[PROGRAM], rates[STATEMENTS]),
        least=LEAST_OF_THE_FLOOR,
    )
    yield ratio("residents / one insert", rates[PROGRAM], rates[CONSTANT])


def _load(port: int, effort: Effort, *, is_program: bool) -> Load:
    recipient = demonstration_round().phone_number
    call(
        port, SMS_PATH, partial(surveys, RESIDENT, recipient, 1)
    )  # flows, statements and caches are filled now
    load = call(port, SMS_PATH, partial(surveys, RESIDENT, recipient, effort.surveys))
    if is_program:
        _check(load.replies)
    return load


def _alone(port: int, effort: Effort) -> Load:
    recipient = demonstration_round().phone_number
    return call(port, SMS_PATH, partial(surveys, RESIDENT, recipient, effort.surveys), at_once=1)


def _check(replies: Sequence[bytes]) -> None:
    """Speed counts only where every survey came to its end. Raises RuntimeError where one did not."""
    flow = load_published(load_document("residents").document)
    thanks = flow.thanks_sms["sv"].partition("[")[0].encode()
    last = replies[len(RESIDENT) - 1 :: len(RESIDENT)]
    if not all(thanks in reply for reply in last):
        raise RuntimeError("a survey did not come to its end")


def _speeds(name: str, loads: Sequence[Load], *, most_ms: float | None = None) -> Iterator[Figure]:
    yield Figure(name=name, unit="messages/s", values=tuple(load.messages_per_second for load in loads))
    for share, title, most in ((0.5, "p50", None), (0.99, "p99", most_ms)):
        values = tuple(load.percentile_ms(share) for load in loads)
        yield Figure(name=f"  {title}", unit="ms", values=values, most=most)
