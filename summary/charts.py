"""What a chart shows, read from its table: the one definition that every format draws from."""

from collections.abc import Mapping
from dataclasses import dataclass

from summary.picture import Chart, ChartKind, PictureTable, Row, Unit, Value


@dataclass(frozen=True, kw_only=True, slots=True)
class Series:
    """One column of the table: a value for each label, None where nothing is shown."""

    code: str
    name: str
    unit: Unit
    values: tuple[int | float | None, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Plot:
    """`groups`: for each label the heading that it stands under in its table, empty where there is none."""

    code: str
    kind: ChartKind
    title: str
    alt: str
    corner: str
    labels: tuple[str, ...]
    groups: tuple[str, ...]
    series: tuple[Series, ...]

    @property
    def largest(self) -> float:
        """0 where nothing is shown."""
        return max((value for one in self.series for value in one.values if value is not None), default=0)


def plot_of(table: PictureTable, chart: Chart) -> Plot:
    """The rows and columns that the chart names, in its order. Raises KeyError where the table lacks one."""
    rows = {row.code: row for row in table.rows}
    columns = {column.code: at for at, column in enumerate(table.columns)}
    headings = _headings(table)
    return Plot(
        code=table.code,
        kind=chart.kind,
        title=chart.title,
        alt=chart.alt,
        corner=table.corner,
        labels=tuple(rows[code].label for code in chart.rows),
        groups=tuple(headings[code] for code in chart.rows),
        series=tuple(
            Series(
                code=code,
                name=table.columns[columns[code]].heading,
                unit=table.columns[columns[code]].unit,
                values=tuple(_number(rows[row].values[columns[code]]) for row in chart.rows),
            )
            for code in chart.columns
        ),
    )


def _headings(table: PictureTable) -> Mapping[str, str]:
    """By row: the row without figures that it is a part of."""
    found: dict[str, str] = {}
    heading = ""
    for row in table.rows:
        if row.level == 0:
            heading = row.label if _is_heading(row) else ""
        found[row.code] = heading if row.level else ""
    return found


def _is_heading(row: Row) -> bool:
    return all(value is None for value in row.values)


def _number(value: Value) -> int | float | None:
    return value if isinstance(value, int | float) else None
