"""Charts as drawings: nothing cut off, nothing one on the other, and readable without seeing colours."""

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations, pairwise

import pytest
from problem_samples import codebook, round_counts

from bot.services.summaries import picture_of
from privacy.disclosure import EXACT
from summary.charts import Plot, Series, plot_of
from summary.exporters.drawing.draw import NARROW, WIDE, draw
from summary.exporters.drawing.grids import HIDDEN
from summary.exporters.drawing.measures import width_of, wrapped
from summary.exporters.drawing.palette import (
    EMPLOYEES,
    PAPER,
    RESIDENTS,
    SHADES,
    STEPS,
    ink_on,
    luminance,
    step_of,
)
from summary.exporters.drawing.svg import SIZE, Drawing
from summary.exporters.html_style import _DARK, _DARK_INKS, _DARK_STEPS
from summary.picture import ChartKind, Unit

_SVG = "{http://www.w3.org/2000/svg}"
_LONG = "Ordningsstörningar, fylla och bullerstörningar i bostadsområden"
_LONGEST_WORD = "Trygghetsvandringsuppföljningsansvarsfördelning"


def plot(
    kind: ChartKind, labels: tuple[str, ...], *columns: tuple[int | None, ...], unit: Unit = Unit.PERCENT
) -> Plot:
    names = ("residents_percent", "employees_percent", *(f"column_{n}" for n in range(2, len(columns))))
    return Plot(
        code="problems",
        kind=kind,
        title="Problem",
        alt="Det som syns",
        corner="Problem",
        labels=labels,
        groups=("",) * len(labels),
        series=tuple(
            Series(code=names[at], name=f"Kolumn {at} av invånarna", unit=unit, values=values)
            for at, values in enumerate(columns)
        ),
    )


@cache
def samples() -> tuple[Plot, ...]:
    picture = picture_of(round_counts(600, 75), codebook(), EXACT, "sv")
    of_rounds = [plot_of(table, table.chart) for table in picture.tables if table.chart]
    hard = ("Bedrägerier", _LONG, _LONGEST_WORD, "")
    made = [
        plot(kind, hard, (12, 0, 100, 7), (12, 1, 99, None))
        for kind in ChartKind
        if kind is not ChartKind.COVERAGE
    ]
    many = plot(ChartKind.GRID, hard, *(((n, None, 1234, 0)) for n in range(9)), unit=Unit.PERSONS)
    crowded = plot(ChartKind.TREND, hard, (10, 10, 11, 10), (20, 20, 20, 21))
    return (*of_rounds, *made, many, crowded)


@dataclass(frozen=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float
    words: str


def boxes(drawing: Drawing) -> Iterator[Box]:
    """Where each line of text stands."""
    for element in ElementTree.fromstring(drawing.svg).iter(f"{_SVG}text"):
        words, size = element.text or "", float(element.get("font-size", SIZE))
        wide = width_of(words, size)
        turned = re.match(r"translate\(([\d.-]+) ([\d.-]+)\) rotate\(-90\)", element.get("transform", ""))
        if turned:
            x, y = map(float, turned.groups())
            yield Box(x - size * 0.75, y - wide, x + size * 0.2, y, words)
            continue
        x, y = float(element.get("x", 0)), float(element.get("y", 0))
        left = x - {"start": 0, "middle": wide / 2, "end": wide}[element.get("text-anchor", "start")]
        yield Box(left, y - size * 0.75, left + wide, y + size * 0.2, words)


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_no_text_is_cut_off_and_none_stands_on_another(width: float) -> None:
    for one in samples():
        drawing = draw(one, "d1", "sv", width)
        found = list(boxes(drawing))
        for box in found:
            assert box.left >= -0.5 and box.right <= width + 0.5, (one.title, box)
            assert box.top >= -1 and box.bottom <= drawing.height + 0.5, (one.title, box)
        for first, second in combinations(found, 2):
            apart = first.right <= second.left + 0.5 or second.right <= first.left + 0.5
            above = first.bottom <= second.top + 0.5 or second.bottom <= first.top + 0.5
            assert apart or above, (one.title, first, second)


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_every_label_and_every_figure_is_there_in_full(width: float) -> None:
    for one in samples():
        texts = re.sub(r"[\s-]", "", "".join(box.words for box in boxes(draw(one, "d1", "sv", width))))
        for label in one.labels:
            assert re.sub(r"[\s-]", "", label) in texts, (one.title, label)
        assert "…" not in texts
        if one.kind is not ChartKind.TREND:
            shown = [value for series in one.series for value in series.values if value is not None]
            assert all(str(value) in texts.replace("\u00a0", "") for value in shown)


def test_a_text_without_end_is_shortened() -> None:
    drawing = draw(plot(ChartKind.BARS, ("x" * 40_000, "y"), (1, 2)), "d1", "sv")
    assert drawing.height < 400
    assert wrapped("x" * 40_000, 100, 10)[-1].endswith("…")


def test_what_is_not_shown_is_hatched_and_not_drawn_as_nothing() -> None:
    svg = draw(plot(ChartKind.GRID, ("a", "b"), (3, None), (None, 0)), "d1", "sv").svg
    assert svg.count("url(#d1-hatch)") == 2 + 1  # and in the key
    texts = [
        box.words for box in boxes(draw(plot(ChartKind.GRID, ("a", "b"), (3, None), (None, 0)), "d1", "sv"))
    ]
    assert texts.count(HIDDEN) == 2
    assert {"3", "0"} <= set(texts)


def test_bars_are_as_long_as_their_figures() -> None:
    svg = draw(plot(ChartKind.BARS, ("a", "b", "c"), (40, 10, 0)), "d1", "sv").svg
    lengths = [
        float(found) for found in re.findall(r'class="residents" [^>]*width="([\d.]+)" height="13"', svg)
    ]
    assert lengths[0] == pytest.approx(4 * lengths[1], rel=0.01)
    assert lengths[2] == 0


def test_a_drawing_says_in_words_what_it_shows_and_holds_nothing_that_runs() -> None:
    hostile = replace(plot(ChartKind.BARS, ('"><script>x</script>', "\x00\ud800"), (1, 2)), alt='" onload="x')
    root = ElementTree.fromstring(draw(hostile, "d1", "sv").svg)
    assert (root.get("role"), root.get("aria-label")) == ("img", '" onload="x')
    assert {element.tag.removeprefix(_SVG) for element in root.iter()} <= {
        "svg", "defs", "pattern", "path", "rect", "line", "circle", "text",
    }  # fmt: skip
    assert not any("on" in name[:2] or name == "style" for e in root.iter() for name in e.attrib)


def test_figures_are_written_the_swedish_way() -> None:
    svg = draw(plot(ChartKind.BARS, ("a",), (12345,), unit=Unit.PERSONS), "d1", "sv").svg
    assert "12\u00a0345" in svg
    assert "12,345" in draw(plot(ChartKind.BARS, ("a",), (12345,), unit=Unit.PERSONS), "d1", "en").svg


# Colours

_SEEN = {
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
    "grey": ((0.2126, 0.7152, 0.0722),) * 3,
}  # fmt: skip
"""Linear RGB as people see it who lack one kind of cone: G. M. Machado et al., IEEE TVCG 15 (2009), severity 1."""


def seen(colour: str, matrix: tuple[tuple[float, float, float], ...]) -> tuple[float, float, float]:
    """The colour in CIE L*a*b*, seen through the matrix."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    red, green, blue = (
        min(1.0, max(0.0, sum(m * c for m, c in zip(row, linear, strict=True)))) for row in matrix
    )
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089
    fx, fy, fz = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def distance(first: str, second: str, matrix: tuple[tuple[float, float, float], ...]) -> float:
    """CIE76: 2 can just be told apart."""
    pairs = zip(seen(first, matrix), seen(second, matrix), strict=True)
    return float(sum((a - b) ** 2 for a, b in pairs) ** 0.5)


@pytest.mark.parametrize("sight", _SEEN)
@pytest.mark.parametrize("pair", [(RESIDENTS, EMPLOYEES), (_DARK["residents"], _DARK["employees"])])
def test_residents_and_employees_are_told_apart_with_any_sight(pair: tuple[str, str], sight: str) -> None:
    least = 8 if sight == "grey" else 20
    assert distance(*pair, _SEEN[sight]) > least


@pytest.mark.parametrize("sight", _SEEN)
@pytest.mark.parametrize("steps", [list(SHADES), list(_DARK_STEPS)], ids=["light", "dark"])
def test_each_step_of_the_squares_is_told_from_the_next(steps: list[str], sight: str) -> None:
    assert all(distance(a, b, _SEEN[sight]) > 5 for a, b in pairwise(steps))
    lightness = [luminance(step) for step in steps]
    assert lightness in (sorted(lightness), sorted(lightness, reverse=True))


def contrast(first: str, second: str) -> float:
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_figures_on_squares_and_bars_on_paper_have_contrast() -> None:
    """WCAG 2.2: 1.4.3 and 1.4.11."""
    assert all(contrast(ink_on(step), SHADES[step]) >= 4.5 for step in range(STEPS))
    assert all(contrast(ink, step) >= 4.5 for ink, step in zip(_DARK_INKS, _DARK_STEPS, strict=True))
    assert all(contrast(bar, PAPER) >= 3 for bar in (RESIDENTS, EMPLOYEES))
    assert all(contrast(_DARK[bar], _DARK["paper"]) >= 3 for bar in ("residents", "employees"))


def test_the_largest_value_has_the_darkest_step() -> None:
    assert [step_of(value, 60) for value in (0, 9, 10, 59, 60)] == [0, 0, 1, 5, 5]
    assert step_of(0, 0) == 0
