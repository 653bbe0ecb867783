"""What the colours of a chart stand for, in lines above it."""

from summary.charts import Plot, Series
from summary.exporters.drawing.measures import width_of, wrapped
from summary.exporters.drawing.palette import look_of
from summary.exporters.drawing.svg import LEADING, SIZE, rect, text

KEY = 11.0
"""Side of the square of a colour."""
_BETWEEN = 22.0


def legend(plot: Plot, width: float) -> tuple[float, list[str]]:
    """Where the chart may begin, and the parts. As many on a line as there is room for."""
    x, y, parts = 0.0, 0.0, []
    for one in plot.series:
        name = wrapped(one.name, width - KEY - 8, SIZE, 1)[0]
        wide = KEY + 6 + width_of(name, SIZE)
        if x and x + wide > width:
            x, y = 0.0, y + LEADING + 2
        parts += [_sign(one, x, y), text(x + KEY + 6, y + KEY + 1, name)]
        x += wide + _BETWEEN
    return y + LEADING + 10, parts


def _sign(one: Series, x: float, y: float) -> str:
    fill, kind, edge = look_of(one.code)
    return rect(x + 0.5, y + 2.5, KEY - 1, KEY - 1, fill=fill, kind=kind, edge=edge)
