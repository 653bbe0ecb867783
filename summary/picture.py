"""The problem picture as data: sentences and tables in one language, ready for any exporter. Safe figures only.

A document of its own: it goes to JSON and back without loss, so that a released picture can be kept as it was.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

PICTURE_VERSION = 1

Value = int | float | str | None
"""A figure, words, or None for what is not shown. Only published statistics have decimals."""


class Unit(StrEnum):
    """What the figures of a column are."""

    PERSONS = "persons"
    POINTS = "points"
    REPLIES = "replies"
    MEETINGS = "meetings"
    PERCENT = "percent"  # whole percent
    WORDS = "words"
    PUBLISHED = "published"  # as others publish it, in the unit that its row names


class Section(StrEnum):
    """What tables stand together: one sheet, one chapter."""

    PROBLEMS = "problems"
    AREAS = "areas"
    TIMES = "times"
    PLACES = "places"
    WISHES = "wishes"
    STATISTICS = "statistics"
    QUESTIONS = "questions"
    RESPONDENTS = "respondents"
    COLLECTION = "collection"


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
    """A bar chart of some columns and rows of its table. `alt` says in words what it shows."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[str, ...]
    alt: str


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

    def table(self, code: str) -> PictureTable | None:
        return next((table for table in self.tables if table.code == code), None)


def to_json(picture: ProblemPicture) -> dict[str, Any]:
    """The picture as a JSON document with a version, as exporters/report.schema.json says."""
    return {"version": PICTURE_VERSION, **asdict(picture)}


def from_json(document: Mapping[str, Any]) -> ProblemPicture:
    """The picture back from its document. Raises ValueError for a version that this program does not know."""
    if document.get("version") != PICTURE_VERSION:
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
            "chart": chart
            and Chart(**{**chart, "columns": tuple(chart["columns"]), "rows": tuple(chart["rows"])}),
        }
    )
