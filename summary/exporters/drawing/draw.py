"""The drawer of each kind of chart."""

from summary.charts import Plot
from summary.exporters.drawing.bars import draw_bars
from summary.exporters.drawing.grids import draw_grid
from summary.exporters.drawing.slopes import draw_slopes
from summary.exporters.drawing.svg import Drawing
from summary.picture import ChartKind

WIDE, NARROW = 680.0, 340.0
"""Across an A4 page or a window, and across a telephone."""

_DRAWERS = {
    ChartKind.BARS: draw_bars,
    ChartKind.GRID: draw_grid,
    ChartKind.COVERAGE: draw_bars,
    ChartKind.TREND: draw_slopes,
    ChartKind.DROP_OFF: draw_bars,
}


def draw(plot: Plot, name: str, language: str, width: float = WIDE) -> Drawing:
    """The chart as SVG. `name` tells it from the other drawings of its page: letters, digits and dashes."""
    return _DRAWERS[plot.kind](plot, name, width, language)
