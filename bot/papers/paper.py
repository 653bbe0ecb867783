"""A paper as plain values: headings, paragraphs, points, tables, and what a person has still to fill in.

Made from a YAML file of blocks beside this module and a round's facts; facts that the round lacks are named in it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from string import Formatter

from bot.papers.wording import document, filled, sentence


@dataclass(frozen=True, kw_only=True, slots=True)
class Heading:
    text: str
    level: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """`is_open`: a person has to fill it in, or it names what the round lacks."""

    text: str
    is_open: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Points:
    items: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """Every row has a cell for each heading; `widths` are shares of the page."""

    caption: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]


Block = Heading | Text | Points | Table


@dataclass(frozen=True, kw_only=True, slots=True)
class Paper:
    """`dated` stands as its day of making in the file's properties: the same values make the same file."""

    title: str
    language: str
    dated: date
    blocks: tuple[Block, ...]

    @property
    def open_points(self) -> tuple[str, ...]:
        return tuple(b.text for b in self.blocks if isinstance(b, Text) and b.is_open)


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What fills a paper. `lacking` are names of facts that the round has not; `flags` decide what stands there."""

    values: Mapping[str, object]
    flags: frozenset[str] = frozenset()
    lacking: tuple[str, ...] = ()
    tables: Mapping[str, Table] = field(default_factory=dict)


def build(name: str, part: str, language: str, facts: Facts, dated: date) -> Paper:
    """The paper of `part` in NAME.yaml. Raises KeyError where it names a fact or a table that is not there."""
    content = document(name)[part]
    if not isinstance(content, Mapping):
        raise KeyError(part)
    used = _used_in(content)
    facts = replace(facts, lacking=tuple(name for name in facts.lacking if name in used))
    made = tuple(_blocks(content["blocks"], language, facts))
    return Paper(
        title=filled(str(content["title"]), language, _named(facts, language)),
        language=language,
        dated=dated,
        blocks=made,
    )


def table_of(name: str, language: str, rows: Iterable[tuple[str, ...]], facts: Facts | None = None) -> Table:
    """A table whose caption and headings stand in tables.yaml; its rows are handed in, or stand there too."""
    content = document("tables")[name]
    if not isinstance(content, Mapping):
        raise KeyError(name)
    values = _named(facts, language) if facts else {}
    written = content.get(f"rows_{language}", [])
    own = [tuple(filled(cell, language, values) for cell in row) for row in written]
    return Table(
        caption=content[f"caption_{language}"],
        headings=tuple(content[f"headings_{language}"]),
        rows=(*own, *rows),
        widths=tuple(int(width) for width in content["widths"]),
    )


def _blocks(content: Iterable[Mapping[str, object]], language: str, facts: Facts) -> Iterator[Block]:
    """`when` names a flag that must be there, or with a `not ` before it must not."""
    values = _named(facts, language)
    for block in content:
        wanted = str(block.get("when", ""))
        if wanted and (wanted.removeprefix("not ") in facts.flags) is wanted.startswith("not "):
            continue
        for kind, text in block.items():
            if kind in ("h1", "h2"):
                yield Heading(text=filled(str(text), language, values), level=int(kind[1]))
            elif kind == "p":
                yield _text(filled(str(text), language, values), language)
            elif kind == "open":
                to_do = sentence("tables", "to_fill_in", language)
                yield Text(text=f"{to_do} {filled(str(text), language, values)}", is_open=True)
            elif kind == "points" and isinstance(text, list):
                yield Points(items=tuple(filled(str(item), language, values) for item in text))
            elif kind == "table":
                yield facts.tables[str(text)]
            elif kind == "lacking" and facts.lacking:
                yield Text(text=_lacking(facts, language), is_open=True)


def _used_in(content: object) -> frozenset[str]:
    """The facts that a part of a file names, in its texts or by the table of all facts."""
    if isinstance(content, Mapping):
        own = frozenset(document("tables")) if content.get("table") == "facts" else frozenset()
        named = {name.removeprefix("fact_") for name in own if name.startswith("fact_")}
        return frozenset(named).union(*(_used_in(value) for value in content.values()))
    if isinstance(content, list):
        return frozenset().union(*(_used_in(item) for item in content))
    return frozenset(name for _, name, _, _ in Formatter().parse(str(content)) if name)


def _text(text: str, language: str) -> Text:
    return Text(text=text, is_open=sentence("tables", "lacks_begins", language) in text)


def _named(facts: Facts | None, language: str) -> dict[str, object]:
    """The values, and for each that is lacking its name in brackets: nothing is invented."""
    if facts is None:
        return {}
    lacks = {
        name: sentence("tables", "lacks", language, what=_name(name, language)) for name in facts.lacking
    }
    return {**facts.values, **lacks}


def _lacking(facts: Facts, language: str) -> str:
    names = ", ".join(_name(name, language) for name in facts.lacking)
    return sentence("tables", "lacks_all", language, names=names)


def _name(fact: str, language: str) -> str:
    return sentence("tables", f"fact_{fact}", language)
