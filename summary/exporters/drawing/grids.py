"""Squares, darker for more: a row for each label, the columns side by side. What is not shown is hatched."""

from collections.abc import Iterator
from dataclasses import dataclass

from summary.charts import Plot
from summary.exporters.drawing.measures import cut, longest_word, width_of, wrapped
from summary.exporters.drawing.palette import SHADES, ink_on, step_of
from summary.exporters.drawing.svg import (
    LEADING,
    LINE,
    MUTED,
    PAPER,
    SIZE,
    Drawing,
    drawing,
    rect,
    text,
    upright,
)
from summary.exporters.figures import figure
from summary.exporters.words import phrase

HIDDEN = ".."
"""Stands in a hatched square, as statistics write what is not shown."""
_HIGH, _WIDEST = 30.0, 150.0
_GAP = 8.0
_LABELS = (0.36, 0.32, 0.28)
"""Of the width, at most, for the labels: the first that leaves the headings room."""
_HEADING, _MOST_LINES = 11.0, 7
_UPRIGHT = (90.0, 120.0, 190.0, 260.0, 340.0)
"""Room for headings that are read from below: the first in which all are whole."""
_KEY = 13.0


@dataclass(frozen=True, kw_only=True, slots=True)
class _Frame:
    start: float
    wide: float
    """Of one square."""
    top: float
    """Where the first row begins, below the headings."""


def draw_grid(plot: Plot, name: str, width: float, language: str) -> Drawing:
    start, wide = _columns(plot, width)
    headings, top = _headings(plot, start, wide)
    frame = _Frame(start=start, wide=wide, top=top)
    parts, y = list(headings), top
    for at, label in enumerate(plot.labels):
        lines = wrapped(label, start - _GAP, SIZE)
        high = max(_HIGH, len(lines) * LEADING + 6)
        first = y + high / 2 - len(lines) * LEADING / 2 + LEADING * 0.76
        parts += [text(start - _GAP, first + n * LEADING, each, anchor="end") for n, each in enumerate(lines)]
        parts += _squares(plot, frame, at, y, high, name, language)
        y += high
    below, keys = _keys(name, width, y + 12, language, has_hidden=_has_hidden(plot))
    return drawing(name, plot.alt, width, below, [*parts, *keys])


def _columns(plot: Plot, width: float) -> tuple[float, float]:
    """Where the squares begin, and how wide they are."""
    labels = max((width_of(label, SIZE) for label in plot.labels), default=0) + _GAP
    tried = []
    for share in _LABELS:
        start = min(labels, width * share)
        tried.append((start, min(_WIDEST, (width - start) / max(1, len(plot.series)))))
        if _are_level(plot, tried[-1][1]):
            return tried[-1]
    return tried[0]


def _are_level(plot: Plot, wide: float) -> bool:
    return all(longest_word(one.name, _HEADING) <= wide - 4 for one in plot.series)


def _headings(plot: Plot, start: float, wide: float) -> tuple[list[str], float]:
    """Level where every word has room above its column, else read from below; and where the squares begin."""
    if _are_level(plot, wide):
        lines = [wrapped(one.name, wide - 4, _HEADING, _MOST_LINES) for one in plot.series]
        most = max(map(len, lines), default=0)
        parts = [
            text(
                start + (at + 0.5) * wide,
                (most - len(each) + n + 0.76) * LEADING,
                words,
                anchor="middle",
                size=_HEADING,
            )
            for at, each in enumerate(lines)
            for n, words in enumerate(each)
        ]
        return parts, most * LEADING + 4
    longest, upright_lines = _upright_lines(plot, max(1, int((wide - 4) / LEADING)))
    parts = [
        upright(
            start + (at + 0.5) * wide + (n - len(each) / 2 + 0.76) * LEADING, longest, words, size=_HEADING
        )
        for at, each in enumerate(upright_lines)
        for n, words in enumerate(each)
    ]
    return parts, longest + 6


def _upright_lines(plot: Plot, most_lines: int) -> tuple[float, list[list[str]]]:
    """How high they are, and the lines of each."""
    room, lines = 0.0, [[""]]
    for room in _UPRIGHT:
        lines = [wrapped(one.name, room, _HEADING, most_lines) for one in plot.series]
        if not any(cut(one.name, each) for one, each in zip(plot.series, lines, strict=True)):
            break
    widest = max(width_of(line, _HEADING) for each in lines for line in each)
    return min(room, widest + 1), lines


def _squares(
    plot: Plot, frame: _Frame, at: int, top: float, high: float, name: str, language: str
) -> Iterator[str]:
    for column, one in enumerate(plot.series):
        x, value = frame.start + column * frame.wide, one.values[at]
        middle, foot = x + frame.wide / 2, top + high / 2 + SIZE * 0.36
        if value is None:
            yield rect(x, top, frame.wide, high, fill=f"url(#{name}-hatch)", kind="hidden", edge=PAPER)
            yield rect(middle - 8, foot - 9, 16, 12, fill=PAPER, kind="paper")
            yield text(middle, foot, HIDDEN, anchor="middle", colour=MUTED, kind="muted")
            continue
        step = step_of(value, plot.largest)
        yield rect(x, top, frame.wide, high, fill=SHADES[step], kind=f"step{step}", edge=PAPER)
        shown = figure(value, language, one.unit)
        size = min(SIZE, SIZE * (frame.wide - 3) / width_of(shown, SIZE))
        yield text(middle, foot, shown, anchor="middle", colour=ink_on(step), kind=f"on{step}", size=size)


def _has_hidden(plot: Plot) -> bool:
    return any(value is None for one in plot.series for value in one.values)


def _keys(name: str, width: float, top: float, language: str, *, has_hidden: bool) -> tuple[float, list[str]]:
    """What light and dark and hatched mean, below the squares; and where the drawing ends."""
    darker = wrapped(phrase("darker", language), width - 2 * _KEY - 6, SIZE, 2)
    parts = [
        rect(0, top, _KEY, _KEY, fill=SHADES[1], kind="step1"),
        rect(_KEY, top, _KEY, _KEY, fill=SHADES[4], kind="step4"),
        *(text(2 * _KEY + 6, top + 11 + n * LEADING, each) for n, each in enumerate(darker)),
    ]
    y = top + len(darker) * LEADING + 4
    if has_hidden:
        hatched = wrapped(phrase("hatched", language), width - 2 * _KEY - 6, SIZE, 3)
        parts.append(rect(0, y, 2 * _KEY, _KEY, fill=f"url(#{name}-hatch)", kind="hidden", edge=LINE))
        parts += [text(2 * _KEY + 6, y + 11 + n * LEADING, each) for n, each in enumerate(hatched)]
        y += len(hatched) * LEADING + 4
    return y + 2, parts
