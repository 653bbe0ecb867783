"""Tables that are read as a pattern: two properties crossed, and the week as a grid of days and hours."""

from dataclasses import replace

from summary.material import Material, code_of
from summary.picture import Chart, ChartKind, Column, PictureTable, Row, Section, Unit
from summary.released import Crossed
from summary.rows import Stream, Table

_RESIDENTS = Stream.RESIDENTS
_UNDIVIDED = "undivided"
"""Column of what is hidden of a row, together."""

_DAYS, _HOURS = ("weekday", "weekend"), ("day", "evening", "night")
_MOST_NAMED, _LEAST = 3, 2
_NOTES = {"problem_place": "n_blank_places"}
"""Of tables in which a person may stand in several columns, where it is not times."""


def matrix(
    material: Material, code: str, section: Section, table: Table, lists: tuple[str, str]
) -> PictureTable | None:
    """The crossed table of the residents, if any of its cells says more than that the rest has a rest."""
    crossed = material.crossed(table, _RESIDENTS)
    if crossed is None:
        return None
    rows = [material.line(lists[0], group, crossed.rows) for group in crossed.rows]
    columns = [material.line(lists[1], group, crossed.columns) for group in crossed.columns]
    if not any(rows[row].key[0] == "code" == columns[column].key[0] for row, column in crossed.shown):
        return None
    return _matrix(material, code, section, crossed, lists)


def _matrix(
    material: Material, code: str, section: Section, crossed: Crossed, lists: tuple[str, str]
) -> PictureTable:
    """Rows and columns with anything to show, and what is hidden of each row in one column."""
    words = material.words
    lines = {
        row: material.line(lists[0], crossed.rows[row], crossed.rows)
        for row in sorted({row for row, _ in crossed.shown})
    }
    ranked = material.in_order(lists[0], lines.values(), ranked=lists[0] == "category")
    rows = sorted(lines, key=lambda row: ranked.index(lines[row]))
    there = {
        column: material.line(lists[1], crossed.columns[column], crossed.columns)
        for column in sorted({column for _, column in crossed.shown})
    }
    headings = material.in_order(lists[1], there.values(), ranked=False)
    columns = sorted(there, key=lambda column: headings.index(there[column]))
    shown = [Column(code=code_of(line.key), heading=line.label, unit=Unit.PERSONS) for line in headings]
    with_rest = any(crossed.rest[row] for row in rows) if crossed.rest else False
    if with_rest:
        shown.append(Column(code=_UNDIVIDED, heading=words("rest"), unit=Unit.PERSONS))
    made = PictureTable(
        code=code,
        section=section,
        title=words(f"t_{code}"),
        corner=words("problem" if lists[0] == "category" else "group"),
        columns=tuple(shown),
        rows=tuple(
            Row(
                code=code_of(lines[row].key),
                label=lines[row].label,
                values=(
                    *(crossed.shown.get((row, column)) for column in columns),
                    *((crossed.rest[row] or None,) if with_rest else ()),
                ),
            )
            for row in rows
        ),
        note=words("n_blank_matrix" if with_rest else _NOTES.get(code, "n_blank_times"))
        if crossed.rest == () or with_rest
        else "",
        heat=True,
    )
    return replace(made, chart=_grid(material, made))


def clock(material: Material) -> PictureTable | None:
    """When it is worst by kind of day and time of day, residents; none where a row or a column would be empty."""
    words = material.words
    counts = material.several(Table.TIME, _RESIDENTS)
    shown = {(day, hour): counts.get(f"{day}_{hour}") for day in _DAYS for hour in _HOURS}
    there = [at for at, count in shown.items() if count is not None]
    if {day for day, _ in there} != set(_DAYS) or {hour for _, hour in there} != set(_HOURS):
        return None
    made = PictureTable(
        code="clock",
        section=Section.TIMES,
        title=words("t_clock"),
        corner=words("day"),
        columns=tuple(Column(code=hour, heading=words(f"at_{hour}"), unit=Unit.PERSONS) for hour in _HOURS),
        rows=tuple(
            Row(code=day, label=words(f"on_{day}"), values=tuple(shown[day, hour] for hour in _HOURS))
            for day in _DAYS
        ),
        note=words("n_clock"),
        heat=True,
    )
    return replace(made, chart=_grid(material, made))


def _grid(material: Material, table: PictureTable) -> Chart | None:
    """The table as squares, darker for more; none of a single line. The column of what is hidden is no square."""
    columns = [column for column in table.columns if column.code != _UNDIVIDED]
    if len(columns) < _LEAST or len(table.rows) < _LEAST:
        return None
    cells = [
        (value, f"{row.label}, {column.heading}")
        for row in table.rows
        for column, value in zip(columns, row.values, strict=False)
        if isinstance(value, int)
    ]
    largest = "; ".join(
        f"{label} {value}" for value, label in sorted(cells, key=lambda cell: -cell[0])[:_MOST_NAMED]
    )
    return Chart(
        title=table.title,
        columns=tuple(column.code for column in columns),
        rows=tuple(row.code for row in table.rows),
        alt=material.words("grid_alt", title=table.title, tops=largest),
        kind=ChartKind.GRID,
    )
