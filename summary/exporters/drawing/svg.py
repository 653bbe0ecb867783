"""The few parts of SVG that charts are made of. Colours are attributes, and classes for a page that has its own.

No style attribute and no script: a page may forbid both.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from summary.exporters.cells import printable

INK, MUTED, LINE, PAPER = "#1F2933", "#5B6770", "#C9D1D8", "#FFFFFF"
FONT = "Noto Sans, Segoe UI, Arial, sans-serif"
SIZE = 12.5
"""Of text, in the unit of the drawing: nine points on paper."""
LEADING = 16.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Drawing:
    """A whole SVG document, and its size in its own unit."""

    svg: str
    width: float
    height: float


def drawing(name: str, alt: str, width: float, height: float, parts: Iterable[str]) -> Drawing:
    """`name` tells the drawing from the others on its page: letters, digits and dashes."""
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" aria-label="{text_in(alt)}"'
        f' width="{_n(width)}" height="{_n(height)}" viewBox="0 0 {_n(width)} {_n(height)}"'
        f' font-family="{FONT}" font-size="{SIZE}">{hatching(name)}{"".join(parts)}</svg>'
    )
    return Drawing(svg=svg, width=width, height=height)


def hatching(name: str) -> str:
    """Thin lines from corner to corner, for what is not shown."""
    return (
        f'<defs><pattern id="{name}-hatch" width="6" height="6" patternUnits="userSpaceOnUse">'
        f'<path class="hatch" d="M-1 1L1 -1M0 6L6 0M5 7L7 5" stroke="#8A96A0" stroke-width="1"/></pattern></defs>'
    )


def rect(x: float, y: float, width: float, height: float, *, fill: str, kind: str, edge: str = "") -> str:
    """`kind` is its class."""
    stroke = f' stroke="{edge}"' if edge else ""
    return (
        f'<rect class="{kind}" x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}"'
        f' fill="{fill}"{stroke}/>'
    )


def line(x1: float, y1: float, x2: float, y2: float, *, colour: str, kind: str, width: float = 1) -> str:
    return (
        f'<line class="{kind}" x1="{_n(x1)}" y1="{_n(y1)}" x2="{_n(x2)}" y2="{_n(y2)}" stroke="{colour}"'
        f' stroke-width="{_n(width)}"/>'
    )


def circle(x: float, y: float, radius: float, *, fill: str, kind: str) -> str:
    return f'<circle class="{kind}" cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}" fill="{fill}"/>'


def text(
    x: float,
    y: float,
    words: str,
    *,
    anchor: str = "start",
    colour: str = INK,
    kind: str = "ink",
    size: float = SIZE,
    bold: bool = False,
) -> str:
    """One line of text, `y` at the foot of its letters."""
    look = (f' font-size="{_n(size)}"' if size != SIZE else "") + (' font-weight="700"' if bold else "")
    return (
        f'<text class="{kind}" x="{_n(x)}" y="{_n(y)}" text-anchor="{anchor}" fill="{colour}"{look}>'
        f"{text_in(words)}</text>"
    )


def upright(x: float, y: float, words: str, *, size: float) -> str:
    """A line of text that is read from below, beginning there."""
    return (
        f'<text class="ink" transform="translate({_n(x)} {_n(y)}) rotate(-90)" font-size="{_n(size)}"'
        f' fill="{INK}">{text_in(words)}</text>'
    )


def text_in(words: str) -> str:
    """Safe in text and in attributes."""
    return escape(printable(words))


def _n(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
