"""Figures as they are measured and printed: medians of several runs with the least and the most."""

import os
import platform
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path


@dataclass(frozen=True, kw_only=True, slots=True)
class Effort:
    """How long to measure. `runs` give the median; `calls` are repeated in one run of a fast thing."""

    runs: int = 5
    calls: int = 2_000
    surveys: int = 5
    """Whole surveys of each caller in one run."""
    burst_s: int = 60
    """Of the hour after a news item in a town's day."""
    day_share: float = 1
    """Of the messages in the rest of that day."""


LEAST_EFFORT = Effort(runs=1, calls=10, surveys=1, burst_s=2, day_share=0)
"""Enough to see that a benchmark works; its figures mean nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """One figure, once for each run; `most` or `least` is the promise."""

    name: str
    unit: str
    values: tuple[float, ...]
    most: float | None = None
    least: float | None = None

    def line(self) -> str:
        median, low, high = statistics.median(self.values), min(self.values), max(self.values)
        measured = f"{self.name:52}{_short(median):>9} {self.unit:11} ({_short(low)}-{_short(high)})"
        return f"{measured:90}{self._promise(median)}".rstrip()

    def _promise(self, median: float) -> str:
        kept = (self.most is None or median <= self.most) and (self.least is None or median >= self.least)
        bounds = (("<=", self.most), (">=", self.least))
        promised = " ".join(f"{sign} {_short(bound)}" for sign, bound in bounds if bound is not None)
        return f"promised {promised}{'' if kept else '  NOT KEPT'}" if promised else ""


def ratio(
    name: str, values: Iterable[float], beside: Iterable[float], *, most: float | None = None
) -> Figure:
    """Run by run, so that what slowed the machine for a while slowed both."""
    ratios = tuple(a / b for a, b in zip(values, beside, strict=True))
    return Figure(name=name, unit="times", values=ratios, most=most)


def microseconds(call: Callable[[], object], effort: Effort, *, things: int = 1) -> tuple[float, ...]:
    """Of one `call`, or of each of the `things` that it deals with; once for each run."""
    call()  # what is filled on first use is not measured
    return tuple(_microseconds_once(call, effort.calls) / things for _ in range(effort.runs))


def machine() -> str:
    """Where and when, and how busy the machine was besides."""
    load = os.getloadavg()[0]
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {_processor()}, {os.cpu_count()} cores, load {load:.1f}, "
        f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
    )


def _microseconds_once(call: Callable[[], object], calls: int) -> float:
    started = time.perf_counter()
    for _ in range(calls):
        call()
    return (time.perf_counter() - started) / calls * 1e6


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    if information.exists():
        for line in information.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
