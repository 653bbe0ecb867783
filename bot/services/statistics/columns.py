"""Where the table begins in a file of statistics, and what each of its columns is."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.services.statistics.figures import MISSING_MARKS, read_figure
from bot.services.statistics.mapping import Role
from bot.services.statistics.opening import OpenedTable
from bot.services.statistics.periods import read_period, split_heading

_NOTE_STARTS = (
    "källa",
    "not:",
    "noter:",
    "anm.",
    "anm:",
    "anmärkning",
    "fotnot",
    "*",
    "1)",
    "source:",
    "note:",
)
_HEADINGS: dict[Role, frozenset[str]] = {
    Role.AREA: frozenset(
        {
            *(
                "kommun",
                "kommunkod",
                "område",
                "områdeskod",
                "områdesnamn",
                "region",
                "regionkod",
                "regionnamn",
            ),
            *(
                "deso",
                "regso",
                "desokod",
                "regsokod",
                "ort",
                "stadsdel",
                "bydel",
                "area",
                "municipality",
                "place",
            ),
        }
    ),
    Role.PERIOD: frozenset(
        {"år", "årtal", "period", "tid", "månad", "kvartal", "year", "month", "quarter", "time"}
    ),
    Role.UNIT: frozenset({"enhet", "unit", "måttenhet"}),
    Role.VALUE: frozenset({"värde", "antal", "value", "number", "count", "andel", "utfall"}),
    Role.IGNORED: frozenset({"anmärkning", "kommentar", "flagga", "status", "not", "fotnot", "note", "flag"}),
}
_EXAMPLES = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadColumn:
    """A column with what it was taken for. `about` and `period` are what the heading of a column with figures says."""

    column: int
    heading: str
    role: Role
    about: str = ""
    period: str = ""
    examples: tuple[str, ...] = ()
    missing: int = 0
    """Rows without a value in it."""
    is_settled: bool = False
    """A person has said what it is."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Extent:
    """Which rows are the table: its header, its rows, and the titles and notes around it that are left out."""

    header: int
    rows: tuple[int, ...]
    left_out: tuple[int, ...]


def find_extent(table: OpenedTable) -> Extent | None:
    """The header is the first row as wide as most rows are, or the one above where that row has figures already (the
    corner of a table is often empty). Rows with one cell are titles, notes or headings between; so is what begins
    as a note does. None where there is no table.
    """
    widths = Counter(len(row) for row in table.rows.values() if len(row) > 1)
    if not widths:
        return None
    width = max(widths.items(), key=lambda item: (item[1], item[0]))[0]
    numbers = sorted(table.rows)
    first = next(number for number in numbers if len(table.rows[number]) >= width)
    if _has_figures(table.rows[first]):
        above = [
            number for number in numbers if number < first and len(table.rows[number]) >= max(2, width - 1)
        ]
        if not above:
            return None
        first = above[-1]
    after = [number for number in numbers if number > first]
    rows = tuple(number for number in after if not _is_note(table.rows[number]))
    out = tuple(number for number in numbers if number != first and number not in set(rows))
    return Extent(header=first, rows=rows, left_out=out) if rows else None


def _has_figures(row: Mapping[int, str]) -> bool:
    return any(
        not read_period(text) and not read_figure(text).fault and text not in MISSING_MARKS
        for text in row.values()
    )


def _is_note(row: Mapping[int, str]) -> bool:
    return len(row) == 1 or next(iter(row.values())).casefold().startswith(_NOTE_STARTS)


def read_columns(
    table: OpenedTable, extent: Extent, settled: Mapping[str, str], is_area: Callable[[str], bool]
) -> tuple[ReadColumn, ...]:
    """What each column is: as a person has settled it, else by its heading, else by what stands in it."""
    headings = table.rows[extent.header]
    last = max(max(table.rows[number]) for number in (extent.header, *extent.rows))
    found = [
        _column(table, extent, at, headings.get(at, ""), settled, is_area)
        for at in range(1, last + 1)
        if at in headings or any(at in table.rows[number] for number in extent.rows)
    ]
    return _with_one_area(found)


def _column(
    table: OpenedTable,
    extent: Extent,
    at: int,
    heading: str,
    settled: Mapping[str, str],
    is_area: Callable[[str], bool],
) -> ReadColumn:
    texts = [table.rows[number][at] for number in extent.rows if at in table.rows[number]]
    about, period = split_heading(heading)
    role = Role(settled[heading]) if heading in settled else _role(heading, period, texts, is_area)
    blank = sum(text.casefold() in MISSING_MARKS for text in texts) + len(extent.rows) - len(texts)
    return ReadColumn(
        column=at,
        heading=heading,
        role=role,
        about="" if heading.casefold() in _HEADINGS[Role.VALUE] else about,
        period=period,
        examples=tuple(dict.fromkeys(texts))[:_EXAMPLES],
        missing=blank,
        is_settled=heading in settled,
    )


def _role(heading: str, period: str, texts: Sequence[str], is_area: Callable[[str], bool]) -> Role:
    plain = heading.casefold().strip(" .:")
    by_heading = next((role for role, names in _HEADINGS.items() if plain in names), None)
    if by_heading:
        return by_heading
    if period:
        return Role.VALUE
    distinct = set(texts)
    if distinct and all(read_period(text) for text in distinct):
        return Role.PERIOD
    if distinct and 2 * sum(map(is_area, distinct)) >= len(distinct):
        return Role.AREA
    figures = sum(not read_figure(text).fault for text in texts)
    return Role.VALUE if 2 * figures >= len(texts) and texts else Role.INDICATOR


def _with_one_area(columns: Sequence[ReadColumn]) -> tuple[ReadColumn, ...]:
    """Where code and name of the area stand in columns of their own, the code tells, since names are shared."""
    of_area = [column for column in columns if column.role is Role.AREA]
    if len(of_area) < 2 or sum(column.is_settled for column in of_area) > 1:
        return tuple(columns)
    kept = next((c for c in of_area if c.is_settled), None) or next(
        (c for c in of_area if "kod" in c.heading.casefold() or "code" in c.heading.casefold()), of_area[0]
    )
    ignored = [column.column for column in of_area if column is not kept]
    return tuple(_ignored(column) if column.column in ignored else column for column in columns)


def _ignored(column: ReadColumn) -> ReadColumn:
    return ReadColumn(
        column=column.column,
        heading=column.heading,
        role=Role.IGNORED,
        examples=column.examples,
        missing=column.missing,
    )
