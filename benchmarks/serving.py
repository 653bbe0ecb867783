"""Whole residents' surveys over HTTP, sixteen at a time, beside the floor in the same run."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
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


def figures(
    effort: Effort, database: Callable[[], AbstractContextManager[str]] = an_sqlite_file
) -> Iterator[Figure]:
    applications = (PROGRAM, STATEMENTS, CONSTANT)
    loads: dict[str, list[Load]] = {application: [] for application in applications}
    with database() as url:
        variables = prepared(url)
        for _ in range(effort.runs):
            for (
                application
            ) in applications:  # in turn, so that all share the machine's better and worse moments
                with serving(application, variables) as server:
                    loads[application].append(_load(server.port, effort, is_program=application == PROGRAM))
    yield from _speeds(f"residents, {AT_ONCE} at a time", loads[PROGRAM])
    yield from _speeds("floor: the same statements by hand", loads[STATEMENTS])
    yield from _speeds("floor: one insert", loads[CONSTANT])
    rates = {
        application: [load.messages_per_second for load in loads[application]] for application in applications
    }
    yield ratio("residents / same statements by hand", rates[PROGRAM], rates[STATEMENTS])
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


def _check(replies: Sequence[bytes]) -> None:
    """Speed counts only where every survey came to its end. Raises RuntimeError where one did not."""
    flow = load_published(load_document("residents").document)
    thanks = flow.thanks_sms["sv"].partition("[")[0].encode()
    last = replies[len(RESIDENT) - 1 :: len(RESIDENT)]
    if not all(thanks in reply for reply in last):
        raise RuntimeError("a survey did not come to its end")


def _speeds(name: str, loads: Sequence[Load]) -> Iterator[Figure]:
    yield Figure(name=name, unit="messages/s", values=tuple(load.messages_per_second for load in loads))
    for share, title in ((0.5, "p50"), (0.99, "p99")):
        values = tuple(load.percentile_ms(share) for load in loads)
        yield Figure(name=f"  {title}", unit="ms", values=values)
