"""The problem picture as data: sentences and tables in one language, ready for any exporter. Safe figures only.

A document of its own: it goes to JSON and back without loss, so that a released picture can be kept as it was.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

PICTURE_VERSION = 2
_READS = (1, 2)
"""Version 1 had no chapters, and bar charts alone."""

Value = int | float | str | None
"""A figure, words, or None for what is not shown. Only published statistics have decimals."""


class Unit(StrEnum):
    """What the figures of a column are."""

    PERSONS = "persons"
    POINTS = "points"
    REPLIES = "replies"
    MEETINGS = "meetings"
    PERCENT = "percent"  # whole percent
    POINTS_OF_CHANGE = "points_of_change"  # percentage points up (+) or down
    PLACES_OF_CHANGE = "places_of_change"  # places up (+) or down in a ranking
    SCORE = "score"  # 0 to 3, given by people or suggested to them
    WORDS = "words"
    PUBLISHED = "published"  # as others publish it, in the unit that its row names


class Section(StrEnum):
    """What tables stand together: one sheet, one chapter."""

    PROBLEMS = "problems"
    AREAS = "areas"
    TIMES = "times"
    PLACES = "places"
    WHO = "who"
    WISHES = "wishes"
    STATISTICS = "statistics"
    QUESTIONS = "questions"
    TREND = "trend"
    PRIORITIES = "priorities"
    RESPONDENTS = "respondents"
    COLLECTION = "collection"
    UNCERTAINTY = "uncertainty"


class ChartKind(StrEnum):
    """How a chart is drawn. Every kind draws the columns and rows that it names, of its own table."""

    BARS = "bars"  # a bar for each row, columns side by side
    GRID = "grid"  # a square for each cell, darker for more; what is not shown is hatched
    COVERAGE = "coverage"  # two bars a row: share of the answers, share of the inhabitants
    TREND = "trend"  # a line for each row, from the column of the last round to that of this one
    DROP_OFF = "drop_off"  # a bar for each question in the order asked: those who left there


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    code: str
    heading: str
    unit: Unit


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """`level` 1 is a part of the nearest row above with level 0."""

    code: str
    label: str
    values: tuple[Value, ...]
    level: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Chart:
    """A chart of some columns and rows of its table, by code. `alt` says in words what it shows."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[str, ...]
    alt: str
    kind: ChartKind = ChartKind.BARS


@dataclass(frozen=True, kw_only=True, slots=True)
class PictureTable:
    """One table with what must be read beside it. `heat`: colour the figures by size."""

    code: str
    section: Section
    title: str
    corner: str
    """Heading of the row labels."""
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    lead: str = ""
    note: str = ""
    chart: Chart | None = None
    heat: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Paragraph:
    heading: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """One thing that is said of the subject of a block: a label, and a sentence or two."""

    code: str
    label: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """A piece of a chapter, written in the order of its fields; what is empty is left out.

    `code` names what it is about, as ``problem:F_TRAFFIC`` or ``area:are``.
    """

    code: str
    heading: str = ""
    texts: tuple[str, ...] = ()
    """Paragraphs."""
    facts: tuple[Fact, ...] = ()
    items: tuple[str, ...] = ()
    """A list with a mark before each."""
    tables: tuple[str, ...] = ()
    """Codes of tables of the picture that stand here, with their charts."""
    to_fill_in: tuple[str, ...] = ()
    """Questions that only people can answer, each with room for an answer."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Chapter:
    """One heading of the document. Chapters come in the order in which they are read, the first after page one."""

    code: str
    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Term:
    """One line of the codebook."""

    list: str
    code: str
    label: str
    part_of: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ProblemPicture:
    """The result of a round, as it was released."""

    language: str
    title: str
    subtitle: str
    status: str
    """Interim or final, and what that means for the figures."""
    rule: str
    """interim or exact."""
    counted_on: str
    """ISO date."""
    demonstration: str
    """Says that the answers are invented; empty when they are not."""
    basis: str
    """How many answered in each source."""
    summary: tuple[str, ...]
    problems: tuple[Paragraph, ...]
    """The problems that most residents name, most first: the problem, and where and when."""
    honesty: str
    """What the figures can and cannot say. Stands beside them wherever they go."""
    tables: tuple[PictureTable, ...]
    method: tuple[Paragraph, ...]
    codebook: tuple[Term, ...]
    certainty: str = ""
    """What high, medium and low certainty mean; stands below the problems."""
    focus: tuple[str, ...] = ()
    """Suggestions for focus issues, to be decided by people; stand last on page one, before the honesty paragraph."""
    chapters: tuple[Chapter, ...] = ()
    """The document after page one. Tables that no chapter names come after them, by section."""

    def table(self, code: str) -> PictureTable | None:
        return next((table for table in self.tables if table.code == code), None)

    def parts_of(self, problem: str) -> tuple[str, ...]:
        """The problem and, of a focus issue, the categories that are part of it."""
        categories = [term for term in self.codebook if term.list == "category"]
        label = next((term.label for term in categories if term.code == problem), None)
        return (problem, *(term.code for term in categories if label and term.part_of == label))


def to_json(picture: ProblemPicture) -> dict[str, Any]:
    """The picture as a JSON document with a version, as exporters/report.schema.json says."""
    return {"version": PICTURE_VERSION, **asdict(picture)}


def from_json(document: Mapping[str, Any]) -> ProblemPicture:
    """The picture back from its document. Raises ValueError for a version that this program does not know."""
    if document.get("version") not in _READS:
        raise ValueError(
            f"problem picture of version {document.get('version')!r}; this reads {PICTURE_VERSION}"
        )
    fields = {key: value for key, value in document.items() if key != "version"}
    return ProblemPicture(
        **{
            **fields,
            "summary": tuple(fields["summary"]),
            "problems": tuple(Paragraph(**paragraph) for paragraph in fields["problems"]),
            "tables": tuple(_table(table) for table in fields["tables"]),
            "method": tuple(Paragraph(**paragraph) for paragraph in fields["method"]),
            "codebook": tuple(Term(**term) for term in fields["codebook"]),
            "focus": tuple(fields.get("focus", ())),
            "chapters": tuple(_chapter(chapter) for chapter in fields.get("chapters", ())),
        }
    )


def _table(document: Mapping[str, Any]) -> PictureTable:
    chart = document["chart"]
    return PictureTable(
        **{
            **document,
            "section": Section(document["section"]),
            "columns": tuple(
                Column(**{**column, "unit": Unit(column["unit"])}) for column in document["columns"]
            ),
            "rows": tuple(Row(**{**row, "values": tuple(row["values"])}) for row in document["rows"]),
            "chart": chart and _chart(document["code"], chart),
        }
    )


def _chart(table: str, document: Mapping[str, Any]) -> Chart:
    before = ChartKind.COVERAGE if table == "coverage" else ChartKind.BARS
    return Chart(
        **{
            **document,
            "columns": tuple(document["columns"]),
            "rows": tuple(document["rows"]),
            "kind": ChartKind(document.get("kind", before)),
        }
    )


def _chapter(document: Mapping[str, Any]) -> Chapter:
    return Chapter(**{**document, "blocks": tuple(_block(block) for block in document["blocks"])})


def _block(document: Mapping[str, Any]) -> Block:
    lists = ("texts", "items", "tables", "to_fill_in")
    return Block(
        **{
            **document,
            **{name: tuple(document[name]) for name in lists},
            "facts": tuple(Fact(**fact) for fact in document["facts"]),
        }
    )
