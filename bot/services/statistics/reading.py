"""From the rows of a file to figures of statistics, with all that a person must see before they are taken: what was
understood column by column, what is missing, which areas are not ours, and what must be mended, by row and column.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.services.statistics.areas import AreaMatcher, MatchedArea
from bot.services.statistics.columns import Extent, ReadColumn, find_extent, read_columns
from bot.services.statistics.figures import decimal_mark, read_figure
from bot.services.statistics.mapping import LEFT_OUT, WHOLE, Role, SavedMapping
from bot.services.statistics.opening import OpenedTable, refused
from bot.services.statistics.periods import read_period
from bot.services.statistics.person_rows import find_person_rows
from bot.services.workbooks.faults import Fault, NotAWorkbookError, fault
from summary.published import PublishedFigure, Source

FEWEST_PERSONS = 5
"""A smaller count of persons is refused: disclosure control of the answers would be worth little beside it."""
_TELLS_PERSONS = frozenset({Source.STRADA, Source.POLICE, Source.MUNICIPALITY, Source.OTHER})
"""Sources whose tables have not been through the disclosure control of a statistical authority."""
_RATES = (
    "per ",
    "/1",
    "andel",
    "procent",
    "%",
    "index",
    "medel",
    "snitt",
    "share",
    "rate",
    "percent",
    "mean",
)
_MOST_FAULTS = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadStatistics:
    """A file as it was understood. `faults` keep it from being stored; `unmatched` do so until a person decides."""

    table: OpenedTable
    extent: Extent
    decimal: str
    columns: tuple[ReadColumn, ...]
    areas: tuple[MatchedArea, ...]
    figures: tuple[PublishedFigure, ...]
    faults: tuple[Fault, ...]
    filled_down: tuple[str, ...] = ()
    """Headings of columns in which an empty cell was read as the one above."""

    @property
    def unmatched(self) -> tuple[str, ...]:
        return tuple(area.text for area in self.areas if not area.code)

    @property
    def has_areas(self) -> bool:
        return any(column.role is Role.AREA for column in self.columns)


@dataclass
class _Taken:
    """What has been read so far."""

    figures: list[PublishedFigure] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    seen: dict[tuple[str, str, str, str], int] = field(default_factory=dict)
    """Row by indicator, area, period and unit."""


def read_statistics(
    table: OpenedTable,
    *,
    source: Source,
    title: str,
    mapping: SavedMapping,
    matcher: AreaMatcher,
    language: str,
) -> ReadStatistics:
    """Raises NotAWorkbookError where there is no table, or where its rows are of persons."""
    extent = find_extent(table)
    if extent is None:
        raise NotAWorkbookError("no_table", language)
    if sign := find_person_rows(table, extent.header):
        raise refused(sign.code, language, table, sign.row, sign.column)
    columns = read_columns(table, extent, mapping.columns, matcher.knows)
    rows, filled = _filled_down(table, extent, columns)
    area = next((column for column in columns if column.role is Role.AREA), None)
    texts = [rows[number][area.column] for number in extent.rows if area and area.column in rows[number]]
    matched = matcher.match_all(texts)
    values = [column for column in columns if column.role is Role.VALUE]
    written = [rows[number][c.column] for number in extent.rows for c in values if c.column in rows[number]]
    decimal = mapping.decimal or decimal_mark(written)
    reader = _Reader(table, source, title, mapping, decimal or ",", columns, matched, language)
    taken = _Taken(faults=list(_of_columns(table, extent, columns, mapping, decimal, language)))
    for number in () if taken.faults else extent.rows:
        reader.read(number, rows[number], taken)
    return ReadStatistics(
        table=table,
        extent=extent,
        decimal=decimal,
        columns=columns,
        areas=tuple(matched.values()),
        figures=tuple(taken.figures),
        faults=tuple(taken.faults[:_MOST_FAULTS]),
        filled_down=filled,
    )


def _filled_down(
    table: OpenedTable, extent: Extent, columns: Sequence[ReadColumn]
) -> tuple[Mapping[int, Mapping[int, str]], tuple[str, ...]]:
    """Rows in which an empty area, period or indicator is the one above, as tables leave it out where it repeats."""
    repeated = {
        c.column: c.heading for c in columns if c.role in (Role.AREA, Role.PERIOD, Role.INDICATOR, Role.UNIT)
    }
    above: dict[int, str] = {}
    filled: dict[str, None] = {}
    rows: dict[int, Mapping[int, str]] = {}
    for number in extent.rows:
        row = dict(table.rows[number])
        for column, heading in repeated.items():
            if column not in row and column in above:
                row[column] = above[column]
                filled[heading] = None
            if column in row:
                above[column] = row[column]
        rows[number] = row
    return rows, tuple(filled)


def _of_columns(
    table: OpenedTable,
    extent: Extent,
    columns: Sequence[ReadColumn],
    mapping: SavedMapping,
    decimal: str,
    language: str,
) -> Iterator[Fault]:
    """What is wrong with the table as a whole, so that its rows are not read."""
    header = extent.header
    values = [column for column in columns if column.role is Role.VALUE]
    if not values:
        yield fault("no_values", table.cell(header), language)
    if not decimal:
        yield fault("decimal_unclear", table.cell(header, values[0].column if values else 0), language)
    headings = [column.heading for column in columns if column.role is not Role.IGNORED]
    for column in columns:
        at = table.cell(header, column.column, column.heading)
        if not column.heading and column.role is Role.VALUE:
            yield fault("heading_missing", at, language)
        elif column.heading and headings.count(column.heading) > 1:
            yield fault("heading_twice", at, language, heading=column.heading)
    has_period = mapping.period or any(c.role is Role.PERIOD for c in columns)
    if values and not has_period and not all(column.period for column in values):
        yield fault("no_period", table.cell(header), language)
    if mapping.period and not read_period(mapping.period):
        yield fault("period_wrong", table.cell(header, text=mapping.period), language)
    if sum(column.role is Role.AREA for column in columns) > 1:
        yield fault("areas_twice", table.cell(header), language)


class _Reader:
    """Reads row by row. Knows what the columns are and which areas are whose."""

    def __init__(
        self,
        table: OpenedTable,
        source: Source,
        title: str,
        mapping: SavedMapping,
        decimal: str,
        columns: Sequence[ReadColumn],
        areas: Mapping[str, MatchedArea],
        language: str,
    ) -> None:
        self._table = table
        self._title = title
        self._mapping = mapping
        self._decimal = decimal
        self._columns = columns
        self._areas = areas
        self._language = language
        self._checks_persons = source in _TELLS_PERSONS and not mapping.counts_things

    def read(self, number: int, row: Mapping[int, str], taken: _Taken) -> None:
        """The figures of one row; none where its area is not one of ours."""
        area = self._area(number, row, taken)
        if area is None:
            return
        period = self._period(number, row, taken)
        parts = [text for _, text in self._of(Role.INDICATOR, row)]
        unit = next((text for _, text in self._of(Role.UNIT, row)), "")
        for column in self._columns:
            if column.role is Role.VALUE:
                self._figure(number, row, column, (area, column.period or period, parts, unit), taken)

    def _of(self, role: Role, row: Mapping[int, str]) -> Iterator[tuple[ReadColumn, str]]:
        for column in self._columns:
            if column.role is role and row.get(column.column):
                yield column, row[column.column]

    def _area(self, number: int, row: Mapping[int, str], taken: _Taken) -> str | None:
        column = next((column for column in self._columns if column.role is Role.AREA), None)
        if column is None:
            return ""
        text = row.get(column.column, "")
        if not text:
            self._report("area_empty", number, column, taken)
            return None
        code = self._areas[text].code
        return None if code in ("", LEFT_OUT) else "" if code == WHOLE else code

    def _period(self, number: int, row: Mapping[int, str], taken: _Taken) -> str:
        of_row = list(self._of(Role.PERIOD, row))
        if not of_row:
            return read_period(self._mapping.period)
        period = read_period(" ".join(text for _, text in of_row)) or read_period(
            "-".join(t for _, t in of_row)
        )
        if not period:
            self._report("period_unreadable", number, of_row[0][0], taken)
        return period

    def _figure(
        self,
        number: int,
        row: Mapping[int, str],
        column: ReadColumn,
        where: tuple[str, str, list[str], str],
        taken: _Taken,
    ) -> None:
        area, period, parts, unit = where
        read = read_figure(row.get(column.column, ""), self._decimal, dash_is_zero=self._mapping.dash_is_zero)
        if read.fault:
            self._report(read.fault, number, column, taken)
            return
        if not period:
            return  # told already, or there is nothing to tell of the cell
        indicator = ", ".join([*parts, *([column.about] if column.about else [])]) or self._title
        figure = PublishedFigure(
            indicator=indicator,
            area=area,
            period=period,
            value=read.value,
            unit=unit or ("%" if read.is_percent else ""),
            mark=read.mark or ".." if read.value is None else "",
        )
        key = (indicator, area, period, figure.unit)
        if key in taken.seen:
            self._report("figure_twice", number, column, taken, other=taken.seen[key])
        elif self._checks_persons and self._is_few(figure, column):
            self._report("few_persons", number, column, taken)
        else:
            taken.seen[key] = number
            taken.figures.append(figure)

    def _is_few(self, figure: PublishedFigure, column: ReadColumn) -> bool:
        said = f"{figure.indicator} {figure.unit} {column.heading}".casefold()
        is_rate = isinstance(figure.value, float) or any(word in said for word in _RATES)
        return not is_rate and figure.value is not None and 0 < figure.value < FEWEST_PERSONS

    def _report(self, code: str, number: int, column: ReadColumn, taken: _Taken, other: int = 0) -> None:
        cell = self._table.cell(number, column.column, column.heading)
        taken.faults.append(fault(code, cell, self._language, other=other))
