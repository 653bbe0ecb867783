"""Lines from the last round to this one, one for each label, which stands at its end with both figures."""

from collections.abc import Sequence
from dataclasses import dataclass

from summary.charts import Plot
from summary.exporters.drawing.measures import width_of, wrapped
from summary.exporters.drawing.palette import RESIDENTS
from summary.exporters.drawing.svg import LEADING, LINE, SIZE, Drawing, circle, drawing, line, text
from summary.exporters.figures import figure
from summary.picture import Unit

_HEAD = 2 * LEADING + 8
_SLOPE = 190.0
_LABELS = 0.5


@dataclass(frozen=True, kw_only=True, slots=True)
class _End:
    """A label at one end of a line: where the line ends, and the lines of text that want to stand there."""

    y: float
    lines: tuple[str, ...]

    @property
    def high(self) -> float:
        return len(self.lines) * LEADING + 3


def draw_slopes(plot: Plot, name: str, width: float, language: str) -> Drawing:
    """The first column on the left, the last on the right; what has no figure at one end has a point at the other."""
    first, last = plot.series[0], plot.series[-1]
    figures = [_shown(value, first.unit, language) for value in first.values]
    left = max(width_of(each, SIZE) for each in [*figures, "0"]) + 12
    right = min(width - 60, max(left + 60, width * (1 - _LABELS)))
    high = max(_SLOPE, len(plot.labels) * (LEADING + 8.0))

    def at(value: float) -> float:
        return _HEAD + 8 + high * (1 - value / plot.largest if plot.largest else 1)

    parts = _heads(plot, left, right, width, _HEAD + high + 16)
    ends: tuple[list[_End], list[_End]] = ([], [])
    for number, label in enumerate(plot.labels):
        before, after = first.values[number], last.values[number]
        parts += _slope(
            left, before if before is None else at(before), right, after if after is None else at(after)
        )
        if before is not None:
            ends[0].append(_End(y=at(before), lines=(figures[number],)))
        if after is not None:
            words = f"{_shown(after, last.unit, language)}  {label}"
            ends[1].append(_End(y=at(after), lines=tuple(wrapped(words, width - right - 12, SIZE, 6))))
        elif before is not None:
            ends[1].append(_End(y=at(before), lines=tuple(wrapped(label, width - right - 12, SIZE, 6))))
    lowest = 0.0
    for side, x, anchor in ((ends[0], left - 10, "end"), (ends[1], right + 10, "start")):
        for end, middle in _apart(side, _HEAD):
            top = middle - len(end.lines) * LEADING / 2 + LEADING * 0.76
            parts += [text(x, top + n * LEADING, each, anchor=anchor) for n, each in enumerate(end.lines)]
            lowest = max(lowest, middle + end.high / 2)
    return drawing(name, plot.alt, width, max(lowest, _HEAD + high + 16) + 6, parts)


def _heads(plot: Plot, left: float, right: float, width: float, foot: float) -> list[str]:
    """The names of both columns above their lines."""
    parts = [line(x, _HEAD, x, foot, colour=LINE, kind="line") for x in (left, right)]
    for x, one, room in ((0.0, plot.series[0], right - 20), (right, plot.series[-1], width - right)):
        lines = wrapped(one.name, room, SIZE, 2)
        parts += [text(x, (n + 0.9) * LEADING, each, bold=True) for n, each in enumerate(lines)]
    return parts


def _slope(left: float, before: float | None, right: float, after: float | None) -> list[str]:
    ends = [(x, y) for x, y in ((left, before), (right, after)) if y is not None]
    parts = [circle(x, y, 4, fill=RESIDENTS, kind="residents") for x, y in ends]
    if len(ends) == 2:
        (x1, y1), (x2, y2) = ends
        parts.insert(0, line(x1, y1, x2, y2, colour=RESIDENTS, kind="slope", width=2))
    return parts


def _apart(ends: Sequence[_End], top: float) -> list[tuple[_End, float]]:
    """Each with the middle at which it stands: as near to its line as the ones above let it."""
    placed: list[tuple[_End, float]] = []
    free = top
    for end in sorted(ends, key=lambda each: each.y):
        middle = max(end.y, free + end.high / 2)
        placed.append((end, middle))
        free = middle + end.high / 2
    return placed


def _shown(value: float | None, unit: Unit, language: str) -> str:
    shown = figure(value, language, unit)
    return f"{shown}\N{NO-BREAK SPACE}%" if shown and unit is Unit.PERCENT else shown
