"""How wide the columns of a table are on paper: as their texts need, and the whole no wider than can be followed."""

from collections.abc import Sequence

from summary.exporters.drawing.measures import longest_word, width_of, words_of, wrapped
from summary.exporters.figures import figure
from summary.picture import PictureTable, Unit

MANY = 8
"""Columns from which on the letters are smaller."""
_ROOM = 11.0
"""Around the text of a cell, both sides together, and a little for rounding."""
_ROOM_OF_WORDS, _ROOM_CROWDED = 15.0, 7.0
"""Around words that begin beside a figure, and around figures where the page has hardly room for all columns."""
_INDENT = 9.0
"""Of a part below its whole."""
_WHOLES = (0.5, 0.75, 1.0)
"""Of the page, the widths that a table can have: the first that holds it. A figure far from its label is misread."""
UPRIGHT = 9
"""Stands for a number of lines: headings that are read from below need no width."""
_LABELS, _LABELS_CROWDED = {1: 0.42, 2: 0.36, 3: 0.28, UPRIGHT: 0.28}, 0.22
"""Of the page, at least for labels that have no room whole, by the lines of the headings; three are word by word."""
_WORDS = 0.3
"""Of the page, at most for a column of words, unless there is room left."""
_WIDEST = 90.0
_UPRIGHT_HIGHEST, _ROOM_UPRIGHT = 225.0, 6.0
_TWO_LINES = 3.2
"""Times the size of the letters, so wide must a column be for two lines beside each other and the room around them."""
_SHORT = 14
"""Rows of a table that is never divided."""
_ONE_PAGE = 700.0
"""As high as a table may be that stands on one page with its caption, in points."""


def column_widths(table: PictureTable, language: str, room: float, size: float) -> list[float]:
    """In the unit of `room`, labels first; together one of a few widths. `size` is that of the letters."""
    labels = _labels(table, size)
    for lines in (1, 2):
        needed = _all_needed(table, language, room, size, lines)
        if labels + sum(needed) <= room:
            return _filled(table, [labels, *needed], room, size)
    for lines, least in _LABELS.items():
        needed = _all_needed(table, language, room, size, lines)
        if room - sum(needed) >= room * least:
            return [room - sum(needed), *needed]
    needed = [_crowded(table, at, language, size) for at in range(len(table.columns))]
    share = min(1.0, room * (1 - _LABELS_CROWDED) / sum(needed))
    return [room - sum(needed) * share, *(width * share for width in needed)]


def has_upright_headings(table: PictureTable, widths: Sequence[float], size: float) -> bool:
    """Whether some heading has a word that its column has no room for: then all are read from below."""
    pairs = zip(table.columns, widths[1:], strict=True)
    return any(longest_word(column.heading, size) > width - _ROOM + 2 for column, width in pairs)


def upright_high(table: PictureTable, widths: Sequence[float], size: float) -> float:
    """How much room headings take that are read from below: on two lines where their column is wide enough."""
    longest = max(
        _heading(column.heading, size, 2 if width > _TWO_LINES * size else 1)
        for column, width in zip(table.columns, widths[1:], strict=True)
    )
    return min(_UPRIGHT_HIGHEST, longest + _ROOM_UPRIGHT)


def fits_a_page(table: PictureTable, language: str, widths: Sequence[float], size: float) -> bool:
    """Whether the table can stand on one page: then it is not divided."""
    if len(table.rows) <= _SHORT:
        return True
    texts = [
        [row.label, *(figure(v, language, c.unit) for c, v in zip(table.columns, row.values, strict=True))]
        for row in table.rows
    ]
    lines = (
        max(len(wrapped(text, width - _ROOM, size, 99)) for text, width in zip(cells, widths, strict=True))
        for cells in texts
    )
    heading = upright_high(table, widths, size) if has_upright_headings(table, widths, size) else 4 * size
    return heading + sum(count * size * 1.35 + 7.5 for count in lines) <= _ONE_PAGE


def _labels(table: PictureTable, size: float) -> float:
    indented = ((row.label, min(row.level, 2) * _INDENT) for row in table.rows)
    widest = max((width_of(label, size) + indent for label, indent in indented), default=0)
    return max(widest, width_of(table.corner, size)) + _ROOM


def _all_needed(table: PictureTable, language: str, room: float, size: float, lines: int) -> list[float]:
    columns = range(len(table.columns))
    return [_needed(table, at, language, room, size, lines) for at in columns]


def _needed(table: PictureTable, at: int, language: str, room: float, size: float, lines: int) -> float:
    column = table.columns[at]
    heading = _heading(column.heading, size, lines)
    widest = max(heading, size * 2.5, _widest_shown(table, at, language, size))
    if column.unit is Unit.WORDS:
        return min(room * _WORDS, widest) + _ROOM_OF_WORDS
    return min(_WIDEST, widest) + _ROOM


def _crowded(table: PictureTable, at: int, language: str, size: float) -> float:
    """No wider than what is shown: the heading is read from below."""
    return max(size * 1.5, _widest_shown(table, at, language, size)) + _ROOM_CROWDED


def _widest_shown(table: PictureTable, at: int, language: str, size: float) -> float:
    shown = (figure(row.values[at], language, table.columns[at].unit) for row in table.rows)
    return max((width_of(each, size) for each in shown), default=0)


def _filled(table: PictureTable, needed: list[float], room: float, size: float) -> list[float]:
    """What is left goes to words that have not their whole room, else to the labels, up to the next width."""
    short = [
        at
        for at, column in enumerate(table.columns, 1)
        if column.unit is Unit.WORDS
        and any(width_of(str(row.values[at - 1] or ""), size) > needed[at] for row in table.rows)
    ]
    if short:
        more = (room - sum(needed)) / len(short)
        return [width + more if at in short else width for at, width in enumerate(needed)]
    whole = next(room * part for part in _WHOLES if sum(needed) <= room * part + 1e-6)
    return [needed[0] + whole - sum(needed), *needed[1:]]


def _heading(text: str, size: float, lines: int) -> float:
    """Of the widest line, where the text is broken best into so many; three stand for as many as it has words."""
    if lines == 1:
        return width_of(text, size)
    if lines == UPRIGHT:
        return size * 1.5
    if lines > 2:
        return longest_word(text, size)
    words = words_of(text)
    halves = [(" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words))] or [(text, "")]
    return min(max(width_of(half, size) for half in pair) for pair in halves)


def share_widths(texts: Sequence[Sequence[str]], room: float, size: float) -> list[float]:
    """Of columns of words: each has room for its longest word, and the rest is shared by what the texts need."""
    least = [max((longest_word(text, size) for text in column), default=0) + _ROOM for column in texts]
    whole = [max((width_of(text, size) for text in column), default=0) + _ROOM for column in texts]
    left, wanted = room - sum(least), sum(whole) - sum(least)
    if left < 0 or wanted <= 0:
        return [width * room / sum(least) for width in least]
    return [narrow + left * (wide - narrow) / wanted for narrow, wide in zip(least, whole, strict=True)]
