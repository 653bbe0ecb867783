"""Bars: a group of them for each label, the columns one below the other, each with its figure at its end."""

from collections.abc import Iterator
from dataclasses import dataclass

from summary.charts import Plot, Series
from summary.exporters.drawing.legend import legend
from summary.exporters.drawing.measures import width_of, wrapped
from summary.exporters.drawing.palette import look_of
from summary.exporters.drawing.svg import (
    LEADING,
    LINE,
    SIZE,
    Drawing,
    drawing,
    line,
    rect,
    text,
)
from summary.exporters.figures import figure
from summary.picture import Unit

_BAR, _BETWEEN, _AROUND = 13.0, 3.0, 9.0
_GAP = 8.0
_LABELS = 0.42
"""Of the width, at most, for the labels."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Frame:
    """Where things are: labels end at `start`, the largest bar at `start + room`."""

    start: float
    room: float
    largest: float
    language: str

    def length(self, value: float) -> float:
        return max(0.0, value) / self.largest * self.room if self.largest else 0.0


def draw_bars(plot: Plot, name: str, width: float, language: str) -> Drawing:
    frame = _frame(plot, width, language)
    below, parts = legend(plot, width)
    top = below
    for at, label in enumerate(plot.labels):
        if plot.groups[at] and plot.groups[at] != (plot.groups[at - 1] if at else ""):
            top += LEADING + (4 if at else 0)
            parts.append(text(0, top - 2, wrapped(plot.groups[at], width, SIZE, 1)[0], bold=True))
        lines = wrapped(label, frame.start - _GAP, SIZE)
        high = max(len(lines) * LEADING, _depth(plot)) + _AROUND
        parts += _labels(lines, frame.start - _GAP, top + high / 2)
        parts += _group(plot, frame, at, top + high / 2)
        top += high
    parts.append(line(frame.start, below, frame.start, top, colour=LINE, kind="line"))
    return drawing(name, plot.alt, width, top + 4, parts)


def _frame(plot: Plot, width: float, language: str) -> _Frame:
    labels = max((width_of(label, SIZE) for label in plot.labels), default=0) + _GAP
    start = min(labels, width * _LABELS)
    figures = [_shown(one, at, language) for one in plot.series for at in range(len(plot.labels))]
    widest = max((width_of(each, SIZE) for each in figures), default=0)
    return _Frame(start=start, room=width - start - widest - 8, largest=plot.largest, language=language)


def _depth(plot: Plot) -> float:
    return len(plot.series) * (_BAR + _BETWEEN) - _BETWEEN


def _labels(lines: list[str], end: float, middle: float) -> Iterator[str]:
    first = middle - len(lines) * LEADING / 2 + LEADING * 0.76
    return (text(end, first + at * LEADING, each, anchor="end") for at, each in enumerate(lines))


def _group(plot: Plot, frame: _Frame, at: int, middle: float) -> Iterator[str]:
    top = middle - _depth(plot) / 2
    for number, one in enumerate(plot.series):
        yield from _bar(one, frame, at, top + number * (_BAR + _BETWEEN))


def _bar(one: Series, frame: _Frame, at: int, top: float) -> Iterator[str]:
    value = one.values[at]
    if value is None:
        return
    fill, kind, edge = look_of(one.code)
    inside = 0.5 if edge else 0.0  # an edge is as wide as a unit, half of it on either side
    length = max(0.0, frame.length(value) - inside)
    yield rect(frame.start + inside, top + inside, length, _BAR - 2 * inside, fill=fill, kind=kind, edge=edge)
    yield text(frame.start + frame.length(value) + 6, top + _BAR - 2, _shown(one, at, frame.language))


def _shown(one: Series, at: int, language: str) -> str:
    shown = figure(one.values[at], language, one.unit)
    return f"{shown}\N{NO-BREAK SPACE}%" if shown and one.unit is Unit.PERCENT else shown
