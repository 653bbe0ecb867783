"""The report as a PDF that can be read aloud and archived: PDF/UA-1 and PDF/A-2a, enforced by the typesetter."""

import re
from collections.abc import Mapping, Sequence
from functools import singledispatch
from typing import Any, BinaryIO

from summary.exporters.cells import printable
from summary.exporters.drawing.draw import draw
from summary.exporters.figures import figure
from summary.exporters.reading_order import (
    NOTHING,
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
from summary.exporters.table_widths import (
    MANY,
    column_widths,
    fits_a_page,
    has_upright_headings,
    share_widths,
    upright_high,
)
from summary.exporters.words import phrase
from summary.picture import ProblemPicture, Unit, from_json, to_json
from summary.wording import Words
from typesetting.tagging import with_row_headings

_ROOM_PT = 472.0
"""Between the margins."""
_TABLE_PT, _SMALL_TABLE_PT, _CODEBOOK_PT = 8.5, 7.5, 7.5
"""Letters of a table, of one with MANY columns, and of the codebook."""
_LONG_WORD = re.compile(r"\S{30,}")
_PIECE = 15


def write(picture: ProblemPicture, stream: BinaryIO) -> None:
    from typesetting.compiling import PDF_UA_AND_A, typeset  # 80 MiB of library: only once a report is made

    pdf = typeset("summary.exporters", "report", document(_with_glyphs(picture)), PDF_UA_AND_A)
    stream.write(with_row_headings(pdf))


def document(picture: ProblemPicture) -> dict[str, Any]:
    """What the template is filled with."""
    year, month, day = (int(part) for part in picture.counted_on.split("-"))
    language = picture.language
    return {
        "title": picture.title.strip() or NOTHING,
        "language": language,
        "made": {"year": year, "month": month, "day": day},
        "footer": picture.subtitle,
        "words": {key: phrase(key, language) for key in ("contents", "table", "figure")},
        "page_of": phrase("page_of", language, page="[PAGE]", pages="[PAGES]"),
        "front": [_part(part, language) for part in first_page(picture)],
        "body": _body(chapters(picture), language),
    }


def _body(parts: Sequence[Part], language: str) -> list[dict[str, Any]]:
    """Each part knows whether a note of its own stands below it."""
    following = [*parts[1:], None]
    return [
        {**_part(part, language), "noted": isinstance(after, Text) and after.manner is Manner.NOTE}
        for part, after in zip(parts, following, strict=True)
    ]


@singledispatch
def _part(part: Part, language: str) -> dict[str, Any]:
    raise TypeError(type(part).__name__)


@_part.register
def _(part: Heading, language: str) -> dict[str, Any]:
    return {"kind": "heading", "level": part.level + 1, "text": part.text}


@_part.register
def _(part: Text, language: str) -> dict[str, Any]:
    return {"kind": "text", "manner": part.manner.value, "text": part.text}


@_part.register
def _(part: Points, language: str) -> dict[str, Any]:
    return {"kind": "points", "items": part.items}


@_part.register
def _(part: Facts, language: str) -> dict[str, Any]:
    return {"kind": "stacked" if part.is_stacked else "facts", "facts": part.facts}


@_part.register
def _(part: ToFillIn, language: str) -> dict[str, Any]:
    return {"kind": "fill", "text": part.question}


@_part.register
def _(part: Picture, language: str) -> dict[str, Any]:
    drawing = draw(part.plot, f"d{part.number}", language)
    return {
        "kind": "picture",
        "number": part.number,
        "caption": part.plot.title,
        "alt": part.plot.alt,
        "svg": drawing.svg,
    }


@_part.register
def _(part: Figures, language: str) -> dict[str, Any]:
    table = part.table
    has_parts = any(row.level for row in table.rows)
    size = _TABLE_PT if len(table.columns) < MANY else _SMALL_TABLE_PT
    widths = column_widths(table, language, _ROOM_PT, size)
    return {
        "kind": "figures",
        "number": part.number,
        "caption": table.title,
        "widths": widths,
        "upright": upright_high(table, widths, size) if has_upright_headings(table, widths, size) else 0,
        "whole": fits_a_page(table, language, widths, size),
        "words": [column.unit is Unit.WORDS for column in table.columns],
        "top": any(column.unit is Unit.WORDS for column in table.columns),
        "head": [table.corner, *(column.heading for column in table.columns)],
        "rows": [
            {
                "level": min(row.level, 2),
                "strong": has_parts and row.level == 0,
                "cells": [
                    row.label,
                    *(figure(v, language, c.unit) for c, v in zip(table.columns, row.values, strict=True)),
                ],
            }
            for row in table.rows
        ],
        "size": size,
    }


@_part.register
def _(part: Codebook, language: str) -> dict[str, Any]:
    words = Words(language)
    head = [words(key) for key in ("c_list", "c_code", "c_label", "c_part_of")]
    lines = [(term.list, term.code, term.label, term.part_of) for term in part.terms]
    return {
        "kind": "codebook",
        "caption": words("s_codebook"),
        "widths": share_widths([*zip(head, *lines, strict=True)], _ROOM_PT, _CODEBOOK_PT),
        "upright": 0,
        "head": head,
        "rows": lines,
        "size": _CODEBOOK_PT,
    }


# Text that the fonts and the page have room for


def _with_glyphs(picture: ProblemPicture) -> ProblemPicture:
    """The picture in characters that our fonts have: one without would stop the whole file."""
    from typesetting.glyphs import replaced

    def of(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {key: of(inner) for key, inner in value.items()}
        if isinstance(value, list | tuple):
            return [of(inner) for inner in value]
        return _breakable(replaced(printable(value))) if type(value) is str else value

    return from_json(of(to_json(picture)))


def _breakable(text: str) -> str:
    """Places to break in words that no line has room for."""
    return _LONG_WORD.sub(
        lambda found: "\N{ZERO WIDTH SPACE}".join(
            found[0][at : at + _PIECE] for at in range(0, len(found[0]), _PIECE)
        ),
        text,
    )
