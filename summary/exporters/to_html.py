"""The report as one web page: no network, no script, and nothing that a strict page policy would stop."""

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from functools import cache, singledispatchmethod
from hashlib import sha256
from html import escape
from typing import BinaryIO

from summary.exporters.cells import printable
from summary.exporters.drawing.draw import NARROW, WIDE, draw
from summary.exporters.figures import figure
from summary.exporters.html_style import style
from summary.exporters.reading_order import (
    Codebook,
    Facts,
    Figures,
    Heading,
    Manner,
    Part,
    Picture,
    Points,
    Text,
    ToFillIn,
    chapters,
    first_page,
)
from summary.exporters.words import phrase
from summary.picture import Column, PictureTable, ProblemPicture, Row, Unit, Value
from summary.wording import Words

_RANGE = re.compile(r"\d+–\d+(?:\N{NO-BREAK SPACE}\w+)?")
_FITS = 2
"""Columns beside the labels that a telephone has room for; a wider table moves sideways, by keyboard too."""
_FIT_ON_PAPER = 10
"""The headings of more are read from below there."""


def write(picture: ProblemPicture, stream: BinaryIO) -> None:
    """UTF-8."""
    stream.write("".join(_document(picture)).encode("utf-8"))


def _document(picture: ProblemPicture) -> Iterator[str]:
    language, body = picture.language, chapters(picture)
    front = "".join(map(_Page(language, "s").part, first_page(picture)))
    yield f'<!doctype html>\n<html lang="{language}">\n{_head(picture)}<body>\n'
    yield f'<a class="skip" href="#main">{_in(phrase("skip", language))}</a>\n<header class="front">\n'
    yield f"<h1>{_in(picture.title)}</h1>\n"
    yield f'</header>\n<main id="main">\n<section class="front">\n{front}</section>\n'
    yield _contents(body, language)
    yield from map(_Page(language, "k").part, body)
    yield f"</main>\n<footer><p>{_in(picture.subtitle)}</p></footer>\n</body>\n</html>\n"


def _head(picture: ProblemPicture) -> str:
    css, checksum = _style()
    policy = f"default-src 'none'; style-src 'sha256-{checksum}'; base-uri 'none'; form-action 'none'"
    return (
        f'<head>\n<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n<meta name="generator" content="Lyhörd">\n'
        f'<meta name="date" content="{_in(picture.counted_on)}">\n'
        f"<title>{_in(picture.title)}</title>\n<style>{css}</style>\n</head>\n"
    )


@cache
def _style() -> tuple[str, str]:
    """The style sheet, and its checksum for the page's policy."""
    css = style()
    return css, b64encode(sha256(css.encode()).digest()).decode()


def _contents(parts: Iterable[Part], language: str) -> str:
    headings = [part.text for part in parts if isinstance(part, Heading) and part.level == 1]
    links = "".join(f'<li><a href="#k{n}">{_in(text)}</a></li>\n' for n, text in enumerate(headings, 1))
    words = _in(phrase("contents", language))
    return f'<nav aria-labelledby="contents">\n<h2 id="contents">{words}</h2>\n<ol>\n{links}</ol>\n</nav>\n'


class _Page:
    """Writes parts one after the other; their chapters get names to go to, beginning with `prefix`."""

    def __init__(self, language: str, prefix: str) -> None:
        self._language = language
        self._prefix = prefix
        self._chapters = 0

    @singledispatchmethod
    def part(self, part: Part) -> str:
        raise TypeError(type(part).__name__)

    @part.register
    def _(self, part: Heading) -> str:
        """The title is the page's only heading of the first level."""
        if part.level > 1:
            return f"<h{part.level + 1}>{_in(part.text)}</h{part.level + 1}>\n"
        self._chapters += 1
        return f'<h2 id="{self._prefix}{self._chapters}">{_in(part.text)}</h2>\n'

    @part.register
    def _(self, part: Text) -> str:
        kind = "" if part.manner is Manner.PLAIN else f' class="{part.manner}"'
        return f"<p{kind}>{_in(part.text)}</p>\n"

    @part.register
    def _(self, part: Points) -> str:
        items = "".join(f"<li>{_in(item)}</li>\n" for item in part.items)
        return f"<ul>\n{items}</ul>\n"

    @part.register
    def _(self, part: Facts) -> str:
        facts = "".join(f"<dt>{_in(label)}</dt><dd>{_in(text)}</dd>\n" for label, text in part.facts)
        kind = "stacked" if part.is_stacked else "beside"
        return f'<dl class="{kind}">\n{facts}</dl>\n'

    @part.register
    def _(self, part: ToFillIn) -> str:
        return f'<div class="fill"><p>{_in(part.question)}</p></div>\n'

    @part.register
    def _(self, part: Picture) -> str:
        caption = f"{phrase('figure', self._language)} {part.number}. {part.plot.title}"
        drawings = "".join(
            f'<div class="{kind}">{draw(part.plot, f"{kind}{part.number}", self._language, width).svg}</div>\n'
            for kind, width in (("wide", WIDE), ("narrow", NARROW))
        )
        return f"<figure>\n<figcaption>{_in(caption)}</figcaption>\n{drawings}</figure>\n"

    @part.register
    def _(self, part: Figures) -> str:
        name, table = f"t{part.number}", part.table
        caption = f"{phrase('table', self._language)} {part.number}. {table.title}"
        heads = "".join(f'<th scope="col"{_words(c)}>{_heading(c.heading)}</th>' for c in table.columns)
        rows = "".join(self._row(table, row) for row in table.rows)
        moved = f' tabindex="0" role="region" aria-labelledby="{name}"' if len(table.columns) > _FITS else ""
        return (
            f'<div class="scroll"{moved}>\n<table{_kind(table)}>\n<caption id="{name}">{_in(caption)}</caption>\n'
            f'<thead><tr><th scope="col">{_in(table.corner)}</th>{heads}</tr></thead>\n<tbody>\n{rows}</tbody>\n'
            "</table>\n</div>\n"
        )

    def _row(self, table: PictureTable, row: Row) -> str:
        has_parts = any(line.level for line in table.rows)
        kind = f' class="part{min(row.level, 2)}"' if row.level else ' class="whole"' if has_parts else ""
        cells = "".join(
            f"<td{_words(column)}>{_in(self._shown(value, column))}</td>"
            for column, value in zip(table.columns, row.values, strict=True)
        )
        return f'<tr{kind}><th scope="row">{_in(row.label)}</th>{cells}</tr>\n'

    def _shown(self, value: Value, column: Column) -> str:
        return figure(value, self._language, column.unit)

    @part.register
    def _(self, part: Codebook) -> str:
        words = Words(self._language)
        heads = "".join(
            f'<th scope="col" class="words">{_in(words(key))}</th>'
            for key in ("c_list", "c_code", "c_label", "c_part_of")
        )
        rows = "".join(
            f'<tr><th scope="row">{_in(term.list)}</th>'
            + "".join(f'<td class="words">{_in(text)}</td>' for text in (term.code, term.label, term.part_of))
            + "</tr>\n"
            for term in part.terms
        )
        caption = _in(words("s_codebook"))
        return (
            f'<div class="scroll" tabindex="0" role="region" aria-labelledby="codebook">\n<table>\n'
            f'<caption id="codebook">{caption}</caption>\n<thead><tr>{heads}</tr></thead>\n'
            f"<tbody>\n{rows}</tbody>\n</table>\n</div>\n"
        )


def _kind(table: PictureTable) -> str:
    """What is special about how it looks, as an attribute."""
    if any(column.unit is Unit.WORDS for column in table.columns):
        return ' class="worded"'
    return ' class="crowded"' if len(table.columns) > _FIT_ON_PAPER else ""


def _words(column: Column) -> str:
    return ' class="words"' if column.unit is Unit.WORDS else ""


def _heading(text: str) -> str:
    """Safe in text; no line ends inside ``15–24 år``, after whose dash a browser would end one."""
    return _RANGE.sub(r'<span class="range">\g<0></span>', _in(text))


def _in(text: str) -> str:
    """Safe in text and in attributes."""
    return escape(printable(text))
