"""The command: `python -m benchmarks` measures everything, `python -m benchmarks engine reading` a part of it."""

import argparse
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from benchmarks import chat, counting, engine, exporting, growth, reading, serving, starting, town_day
from benchmarks.figures import LEAST_EFFORT, Effort, Figure, machine
from benchmarks.postgresql import a_database

Benchmark = Callable[[Effort], Iterable[Figure]]

BENCHMARKS: Mapping[str, tuple[Benchmark, str]] = {
    "engine": (engine.figures, "one turn of the engine"),
    "reading": (reading.figures, "reading a message, coding an open answer"),
    "serving": (serving.figures, "whole surveys over HTTP on SQLite, beside the floor"),
    "serving-postgresql": (partial(serving.figures, database=a_database), "the same on PostgreSQL"),
    "counting": (counting.figures, "the problem picture over a million answers, and their working copy"),
    "counting-postgresql": (partial(counting.figures, database=a_database), "the same on PostgreSQL"),
    "filters": (counting.figures_filters, "the live picture of parts of a round of a million answers"),
    "filters-postgresql": (
        partial(counting.figures_filters, database=a_database),
        "the same on PostgreSQL",
    ),
    "counting-large": (counting.figures_large, "the same over five million, on SQLite"),
    "counting-large-postgresql": (
        partial(counting.figures_large, database=a_database),
        "the same over five million, on PostgreSQL",
    ),
    "exporting": (exporting.figures, "the working copy of 100,000 people, and a report, in each format"),
    "growth": (growth.figures, "a resident's turn among a thousand and a million conversations"),
    "growth-postgresql": (partial(growth.figures, database=a_database), "the same on PostgreSQL"),
    "chat": (chat.figures, "the web chat until its first question, in bytes and in a browser"),
    "starting": (starting.figures, "start of a web process, and its memory"),
    "town-day": (town_day.figures, "a town's day with a burst after a news item, on SQLite"),
    "town-day-postgresql": (partial(town_day.figures, database=a_database), "the same on PostgreSQL"),
}

LONG = frozenset({"counting-large", "counting-large-postgresql", "growth", "growth-postgresql"})
"""Minutes of filling and gigabytes of disk: only when they are named."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the figures of the benchmarks that are named, or of all."""
    chosen = _parser().parse_args(arguments)
    if chosen.list:
        for name, (_, explanation) in BENCHMARKS.items():
            print(f"{name:28}{explanation}")
        return
    effort = LEAST_EFFORT if chosen.quick else Effort(burst_s=chosen.burst)
    print(f"{machine()}\nMedian of {effort.runs} (least-most)")
    for name in chosen.names or (name for name in BENCHMARKS if name not in LONG):
        print(f"\n{name}: {BENCHMARKS[name][1]}", flush=True)
        for figure in BENCHMARKS[name][0](effort):
            print(figure.line(), flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure what is promised.")
    parser.add_argument(
        "names",
        nargs="*",
        choices=(*BENCHMARKS, []),
        metavar="NAME",
        help="all but the long ones if none is named",
    )
    parser.add_argument(
        "--burst",
        type=int,
        default=Effort().burst_s,
        metavar="SECONDS",
        help="of a town's day; 3600 is its hour",
    )
    parser.add_argument("--list", action="store_true", help="say what there is, and measure nothing")
    parser.add_argument("--quick", action="store_true", help="see that it works; the figures mean nothing")
    return parser


if __name__ == "__main__":
    main()
