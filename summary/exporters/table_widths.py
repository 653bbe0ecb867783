"""How wide the columns of a table are on paper: as their headings and figures need, and the labels get the rest."""

from collections.abc import Sequence

from summary.exporters.drawing.measures import longest_word, width_of
from summary.exporters.figures import figure
from summary.picture import PictureTable, Unit

_ROOM = 10.0
"""Around the text of a cell, both sides together."""
_LABELS = (0.42, 0.36, 0.28)
"""Of the whole, at least for the labels, with headings on one line, on two, and broken wherever a word ends."""
_WORDS = 0.3
"""Of the whole, at most for a column of words."""
_WIDEST = 90.0
UPRIGHT = 9
"""Stands for a number of lines: headings that are read from below need no width."""
UPRIGHT_HIGH = 170.0
"""Room for such headings."""


def column_widths(table: PictureTable, language: str, room: float, size: float) -> list[float]:
    """In the unit of `room`, labels first; together they fill it. `size` is that of the letters."""
    columns = range(len(table.columns))
    needed: list[float] = []
    for lines, least in enumerate(_LABELS, 1):
        needed = [_needed(table, at, language, room, size, lines) for at in columns]
        if room - sum(needed) >= room * least:
            return [room - sum(needed), *needed]
    if table.is_told:
        return _told(table, room, size)
    most = room * (1 - _LABELS[-1])
    needed = [_needed(table, at, language, room, size, UPRIGHT) for at in columns]
    share = min(1.0, most / sum(needed))
    return [room - sum(needed) * share, *(width * share for width in needed)]


def _told(table: PictureTable, room: float, size: float) -> list[float]:
    """Of a table of words alone: no column under its longest word, and the rest by what the longest text needs."""
    texts = [
        [table.corner, *(row.label for row in table.rows)],
        *(
            [column.heading, *(str(row.values[at] or "") for row in table.rows)]
            for at, column in enumerate(table.columns)
        ),
    ]
    least = [max(longest_word(text, size) for text in column) + _ROOM for column in texts]
    longest = [max(width_of(text, size) for text in column) for column in texts]
    spare = max(0.0, room - sum(least))
    widths = [low + spare * long / sum(longest) for low, long in zip(least, longest, strict=True)]
    return [width * room / sum(widths) for width in widths]


def has_upright_headings(table: PictureTable, widths: Sequence[float], size: float) -> bool:
    """Whether some heading has a word that its column has no room for: then all are read from below."""
    pairs = zip(table.columns, widths[1:], strict=True)
    return any(longest_word(column.heading, size) > width - _ROOM + 1 for column, width in pairs)


def _needed(table: PictureTable, at: int, language: str, room: float, size: float, lines: int) -> float:
    column = table.columns[at]
    heading = _heading(column.heading, size, lines)
    shown = [figure(row.values[at], language, column.unit) for row in table.rows]
    widest = max([heading, size * 2.5, *(width_of(each, size) for each in shown)])
    return min(room * _WORDS if column.unit is Unit.WORDS else _WIDEST, widest) + _ROOM


def _heading(text: str, size: float, lines: int) -> float:
    """Of the widest line, where the text is broken best into so many; three stand for as many as it has words."""
    if lines == 1:
        return width_of(text, size)
    if lines == UPRIGHT:
        return size * 1.5
    if lines > 2:
        return longest_word(text, size)
    words = text.split()
    halves = [(" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words))] or [(text, "")]
    return min(max(width_of(half, size) for half in pair) for pair in halves)


def share_widths(texts: Sequence[Sequence[str]], room: float, size: float) -> list[float]:
    """Of columns of words, by what the longest needs, none under a tenth of the room."""
    longest = [max((width_of(text, size) for text in column), default=0) + _ROOM for column in texts]
    bounded = [min(max(width, room * 0.1), room * 0.4) for width in longest]
    return [width * room / sum(bounded) for width in bounded]
