"""A paper as plain text, for archives and for pasting: UTF-8, lines of at most 78 characters."""

import textwrap
from collections.abc import Iterator
from functools import singledispatch

from bot.papers.paper import Block, Heading, Paper, Points, Table, Text

_WIDTH = 78


def write(paper: Paper) -> bytes:
    """With line feeds, ending in one."""
    parts = [_underlined(paper.title, "="), *("\n".join(_lines(block)) for block in paper.blocks)]
    return ("\n\n".join(parts) + "\n").encode()


@singledispatch
def _lines(block: Block) -> Iterator[str]:
    raise TypeError(type(block).__name__)


@_lines.register
def _(block: Heading) -> Iterator[str]:
    yield _underlined(block.text, "-") if block.level == 1 else block.text


@_lines.register
def _(block: Text) -> Iterator[str]:
    yield from textwrap.wrap(block.text, _WIDTH, break_long_words=False, break_on_hyphens=False)


@_lines.register
def _(block: Points) -> Iterator[str]:
    for item in block.items:
        yield from _hanging("- ", item)


@_lines.register
def _(block: Table) -> Iterator[str]:
    """Row by row, further cells with their headings: a wide table would not fit."""
    yield f"{block.caption}:"
    for first, *others in block.rows:
        if len(others) == 1:
            yield from _hanging("- ", f"{first}: {others[0]}")
            continue
        yield from _hanging("- ", first)
        for heading, cell in zip(block.headings[1:], others, strict=True):
            yield from _hanging("  ", f"{heading}: {cell}")


def _hanging(mark: str, text: str) -> list[str]:
    return textwrap.wrap(
        text,
        _WIDTH,
        initial_indent=mark,
        subsequent_indent="  ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _underlined(text: str, line: str) -> str:
    return f"{text}\n{line * min(len(text), _WIDTH)}"
