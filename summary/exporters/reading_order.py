"""The picture as a document is read, part by part: the one order of all formats that are read and not computed with."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from summary.charts import Plot, plot_of
from summary.exporters.words import phrase
from summary.picture import Block, PictureTable, ProblemPicture, Term
from summary.wording import Words

NOTHING = "–"
"""Stands where a heading has no words."""


class Manner(StrEnum):
    """How a paragraph stands out from the others."""

    PLAIN = "plain"
    STRONG = "strong"
    SUBTITLE = "subtitle"
    STATUS = "status"
    LEAD = "lead"  # stays with what it leads to
    NOTE = "note"
    WARNING = "warning"
    HONESTY = "honesty"


@dataclass(frozen=True, kw_only=True, slots=True)
class Heading:
    """Level 1 is a chapter; the title of the whole is none of these. Never empty: nobody could go to it."""

    level: int
    text: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", self.text.strip() or NOTHING)


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    text: str
    manner: Manner = Manner.PLAIN


@dataclass(frozen=True, kw_only=True, slots=True)
class Points:
    items: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """Labels, each with what is said of it: beside it, or under it where labels are sentences."""

    facts: tuple[tuple[str, str], ...]
    is_stacked: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class ToFillIn:
    """A question for people, with room for their answer."""

    question: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Picture:
    """A chart with its number among the charts."""

    plot: Plot
    number: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Figures:
    """A table with its number among the tables."""

    table: PictureTable
    number: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Codebook:
    terms: tuple[Term, ...]


Part = Heading | Text | Points | Facts | ToFillIn | Picture | Figures | Codebook


def first_page(picture: ProblemPicture) -> tuple[Part, ...]:
    """The summary, below the title: what a reader must know who reads one page."""
    words = Words(picture.language)
    return tuple(part for part in _first_page(picture, words) if not isinstance(part, Text) or part.text)


def _first_page(picture: ProblemPicture, words: Words) -> Iterator[Part]:
    yield Text(text=picture.subtitle, manner=Manner.SUBTITLE)
    yield Text(text=picture.status, manner=Manner.STATUS)
    yield Text(text=picture.basis, manner=Manner.STRONG)
    yield Text(text=picture.demonstration, manner=Manner.WARNING)
    if picture.problems:
        yield Heading(level=1, text=words("s_top"))
        problems = tuple((f"{n}. {p.heading}", p.text) for n, p in enumerate(picture.problems, 1))
        yield Facts(facts=problems, is_stacked=True)
        yield Text(text=picture.certainty, manner=Manner.NOTE)
    if picture.summary:
        yield Heading(level=1, text=words("s_whole"))
        yield Points(items=picture.summary)
    if picture.focus:
        yield Heading(level=1, text=phrase("focus", picture.language))
        yield Points(items=picture.focus)
    yield Heading(level=1, text=words("s_honesty"))
    yield Text(text=picture.honesty, manner=Manner.HONESTY)


def chapters(picture: ProblemPicture) -> tuple[Part, ...]:
    """Everything after the first page. Each begins with a heading of level 1."""
    return tuple(_Chapters(picture).parts())


class _Chapters:
    """Counts tables and charts as they come."""

    def __init__(self, picture: ProblemPicture) -> None:
        self._picture = picture
        self._words = Words(picture.language)
        self._tables = self._charts = 0

    def parts(self) -> Iterator[Part]:
        for chapter in self._picture.chapters:
            yield Heading(level=1, text=chapter.heading)
            for block in chapter.blocks:
                yield from self._block(block)
        named = {
            code for chapter in self._picture.chapters for block in chapter.blocks for code in block.tables
        }
        rest = [table for table in self._picture.tables if table.code not in named]
        for section in dict.fromkeys(table.section for table in rest):
            yield Heading(level=1, text=self._words(f"s_{section.value}"))
            for table in rest:
                if table.section is section:
                    yield from self._exhibit(table, level=2)
        yield from self._method()
        if self._picture.codebook:
            yield Heading(level=1, text=self._words("s_codebook"))
            yield Codebook(terms=self._picture.codebook)

    def _block(self, block: Block) -> Iterator[Part]:
        """In the order of its fields; what is empty is left out."""
        if block.heading:
            yield Heading(level=2, text=block.heading)
        leads = (
            len(block.texts) - 1 if block.to_fill_in and not block.facts + block.items + block.tables else -1
        )
        for at, text in enumerate(block.texts):
            yield Text(text=text, manner=Manner.LEAD if at == leads else Manner.PLAIN)
        if block.facts:
            yield Facts(facts=tuple((fact.label, fact.text) for fact in block.facts))
        if block.items:
            yield Points(items=block.items)
        for table in self._tables_of(block.tables):
            yield from self._exhibit(table, level=3 if block.heading else 2, under=block.heading)
        yield from (ToFillIn(question=question) for question in block.to_fill_in)

    def _tables_of(self, codes: Sequence[str]) -> Iterator[PictureTable]:
        return (table for code in codes if (table := self._picture.table(code)) is not None)

    def _exhibit(self, table: PictureTable, *, level: int, under: str = "") -> Iterator[Part]:
        """What a table says: its title unless that is the heading above, the chart, and the figures with their note."""
        if table.title != under:
            yield Heading(level=level, text=table.title)
        if table.lead:
            yield Text(text=table.lead, manner=Manner.LEAD)
        if table.chart is not None:
            self._charts += 1
            yield Picture(plot=plot_of(table, table.chart), number=self._charts)
        self._tables += 1
        yield Figures(table=table, number=self._tables)
        if table.note:
            yield Text(text=table.note, manner=Manner.NOTE)

    def _method(self) -> Iterator[Part]:
        """What no chapter has said already."""
        blocks = [block for chapter in self._picture.chapters for block in chapter.blocks]
        said = {text for block in blocks for text in (*block.texts, *(fact.text for fact in block.facts))}
        rest = [p for p in self._picture.method if not {p.text, f"{p.heading}. {p.text}"} & said]
        if rest:
            yield Heading(level=1, text=self._words("s_method"))
        for paragraph in rest:
            yield Heading(level=2, text=paragraph.heading)
            yield Text(text=paragraph.text)
