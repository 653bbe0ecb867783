"""Approved quotes, put into a released picture beside its figures: only of problems that it shows, never of others.

Put in when the picture is written and not when it is released: quotes come when they come, and go with their answers.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from summary.picture import Block, Chapter, Column, Fact, PictureTable, ProblemPicture, Row, Section, Unit
from summary.wording import Words

_TEXTS: Mapping[str, tuple[str, str]] = {
    "and": ("och", "and"),
    "title": ("Med egna ord", "In their own words"),
    "lead": (
        "Citat som en person har godkänt. De visar vad som sägs, inte hur vanligt det är.",
        "Quotes that a person has approved. They show what is said, not how common it is.",
    ),
    "said": ("”{text}”", "“{text}”"),
    "quote": ("Citat", "Quote"),
    "problem": ("Problem", "Problem"),
    "who": ("Vem", "Who"),
    "how": ("Hur", "How"),
    "residents": ("boende", "resident"),
    "employees": ("anställd", "employee"),
    "dialogue": ("möte", "meeting"),
    "verbatim": ("ordagrant", "word for word"),
    "reworded_one": ("omskrivet av 1 svar", "reworded from 1 answer"),
    "reworded": ("omskrivet av {count} svar", "reworded from {count} answers"),
}
_MOST_IN_BLOCK = 3
"""Quotes in a problem's own block; all stand in the table."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Quoted:
    """A quote: `stream` is a code of summary.rows.Stream, `sources` how many answers it is made of."""

    category: str
    stream: str
    text: str
    is_verbatim: bool
    sources: int


def with_quotes(picture: ProblemPicture, quotes: Sequence[Quoted]) -> ProblemPicture:
    """The picture with the quotes of the problems that it shows; as it is where there are none."""
    shown = _shown(picture)
    kept = [quote for quote in quotes if quote.category in shown.get(quote.stream, {})]
    if not kept:
        return picture
    words = Words(picture.language, _TEXTS)
    labels = {code: label for of_stream in shown.values() for code, label in of_stream.items()}
    return replace(
        picture,
        tables=tuple(_placed(picture.tables, _table(kept, labels, words))),
        chapters=tuple(_chapter(chapter, picture, kept, words) for chapter in picture.chapters),
    )


def _shown(picture: ProblemPicture) -> dict[str, dict[str, str]]:
    """Problems that have a figure in the released table, by stream: their labels by code.

    Meetings have no figure for each problem that is shown as persons' are: they are quoted where residents' are.
    """
    found: dict[str, dict[str, str]] = {}
    table = picture.table("problems")
    for at, column in enumerate(table.columns if table else ()):
        if table is not None and column.code in ("residents", "employees"):
            found[column.code] = {
                row.code: row.label
                for row in table.rows
                if isinstance(row.values[at], int) and row.values[at]
            }
    return {**found, "dialogue": found.get("residents", {})}


def _table(quotes: Iterable[Quoted], labels: Mapping[str, str], words: Words) -> PictureTable:
    return PictureTable(
        code="quotes",
        section=Section.PROBLEMS,
        title=words("title"),
        corner=words("quote"),
        columns=tuple(
            Column(code=code, heading=words(code), unit=Unit.WORDS) for code in ("problem", "who", "how")
        ),
        rows=tuple(
            Row(
                code=f"quote_{number}",
                label=words("said", text=quote.text),
                values=(labels[quote.category], words(quote.stream), _how(quote, words)),
            )
            for number, quote in enumerate(quotes, 1)
        ),
        lead=words("lead"),
    )


def _how(quote: Quoted, words: Words) -> str:
    if quote.is_verbatim:
        return words("verbatim")
    return words("reworded", count=quote.sources) if quote.sources > 1 else words("reworded_one")


def _placed(tables: Sequence[PictureTable], table: PictureTable) -> Iterable[PictureTable]:
    """Behind the other tables of its section."""
    first = [one for one in tables if one.section is Section.PROBLEMS]
    return (*first, table, *(one for one in tables if one.section is not Section.PROBLEMS))


def _chapter(chapter: Chapter, picture: ProblemPicture, quotes: Sequence[Quoted], words: Words) -> Chapter:
    if chapter.code != "problems":
        return chapter
    blocks = [_block(block, picture, quotes, words) for block in chapter.blocks]
    return replace(chapter, blocks=(*blocks, Block(code="quotes", tables=("quotes",))))


def _block(block: Block, picture: ProblemPicture, quotes: Iterable[Quoted], words: Words) -> Block:
    """The block of a problem with the first of its quotes: of a focus issue, those of its parts."""
    kind, _, problem = block.code.partition(":")
    about = picture.parts_of(problem) if kind == "problem" else ()
    own = [quote for quote in quotes if quote.category in about][:_MOST_IN_BLOCK]
    if not own:
        return block
    said = " ".join(
        f"{words('said', text=quote.text)} ({words(quote.stream)}, {_how(quote, words)})" for quote in own
    )
    return replace(block, facts=(*block.facts, Fact(code="quotes", label=words("title"), text=said)))
