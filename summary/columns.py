"""Columns of figures that share their rows, and the chart and the notes that belong to them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from summary.material import (
    CERTAIN_BASE,
    PERCENT_BASE,
    Line,
    Material,
    code_of,
    given,
    is_last,
    percent,
    says_something,
)
from summary.picture import Chart, Column, Row, Unit, Value
from summary.released import Group
from summary.rows import Stream, Table

_MOST_BARS = 12
_Key = tuple[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Figures:
    """One column: the lines that it has figures for, and the figures by key of the line."""

    column: Column
    lines: Sequence[Line]
    values: Mapping[_Key, Value]


def of_persons(
    material: Material,
    table: Table,
    list_name: str,
    streams: Iterable[Stream],
    *,
    ranked: bool = True,
    among_given: bool = False,
) -> list[Figures]:
    """For each stream that can be divided: counted persons, and percent of all of them where there are enough.

    `among_given`: percent of those who gave an answer.
    """
    figures: list[Figures] = []
    for stream in streams:
        lines = material.lines(list_name, material.groups(table, stream), ranked=ranked)
        base = given(material.answered(stream), lines) if among_given else material.answered(stream)
        if not any(line.key[0] != "rest" for line in lines):
            continue
        column = Column(code=stream.value, heading=material.words(stream.value), unit=Unit.PERSONS)
        figures.append(Figures(column=column, lines=lines, values={line.key: line.count for line in lines}))
        if base is not None and base >= PERCENT_BASE:
            code = f"{stream.value}_percent"
            column = Column(code=code, heading=material.words(code), unit=Unit.PERCENT)
            shares = {
                line.key: percent(line.count, base)
                for line in lines
                if says_something(line) or not among_given
            }
            figures.append(Figures(column=column, lines=lines, values=shares))
    return figures


def of_points(material: Material) -> list[Figures]:
    """Points raised at meetings by category, and how many agreed."""
    points = material.counts.points
    groups = [Group(codes=point.codes, within=point.within, count=point.points) for point in points]
    lines = material.lines("category", groups)
    if not lines:
        return []
    agreed: dict[_Key, Value] = {}
    for line in lines:
        parts = [point.supporters for point in points if set(point.codes) <= set(line.codes)]
        agreed[line.key] = None if None in parts else sum(part or 0 for part in parts)
    column = Column(code="points", heading=material.words("points"), unit=Unit.POINTS)
    supporters = Column(code="supporters", heading=material.words("supporters"), unit=Unit.PERSONS)
    return [
        Figures(column=column, lines=lines, values={line.key: line.count for line in lines}),
        Figures(column=supporters, lines=lines, values=agreed),
    ]


def side_by_side(figures: Sequence[Figures]) -> tuple[Row, ...]:
    """Rows for whatever any column has a line for, in the order of the first column; parts below their whole.

    What is part of a whole in one column and stands alone in another is one row, below the whole.
    """
    heads: dict[_Key, Line] = {}
    parts: dict[_Key, dict[_Key, Line]] = {}
    for column in figures:
        head: _Key = ("", "")
        for line in column.lines:
            if line.level == 0:
                head = line.key
                heads.setdefault(head, line)
            else:
                parts.setdefault(head, {}).setdefault(line.key, line)
    below_a_whole = {key for lines in parts.values() for key in lines}
    rows: list[Row] = []
    for line in sorted((heads[key] for key in heads if key not in below_a_whole), key=is_last):
        below = sorted(parts.get(line.key, {}).values(), key=lambda part: part.key[0] == "others")
        rows += [_row(each, figures) for each in (line, *below)]
    return tuple(rows)


def _row(line: Line, figures: Sequence[Figures]) -> Row:
    return Row(
        code=code_of(line.key),
        label=line.label,
        level=line.level,
        values=tuple(column.values.get(line.key) for column in figures),
    )


def blank_note(material: Material, rows: Sequence[Row]) -> str:
    """What an empty cell means, where there is one."""
    return material.words("n_blank") if any(None in row.values for row in rows) else ""


def percent_note(material: Material, figures: Sequence[Figures]) -> str:
    """What must be said of the percent columns, or of their absence."""
    streams = [Stream(column.column.code) for column in figures if column.column.code in tuple(Stream)]
    bases = [(stream, material.answered(stream)) for stream in streams]
    uncertain = [
        material.words("n_uncertain_base", count=base, who=material.words(f"who_{stream.value}"))
        for stream, base in bases
        if PERCENT_BASE <= base < CERTAIN_BASE
    ]
    notes = []
    if any(base < PERCENT_BASE for _, base in bases):
        notes.append(material.words("n_no_percent"))
    if uncertain:
        notes.append(material.words("n_uncertain", bases=material.words.and_(uncertain)))
    return " ".join(notes)


def bar_chart(
    material: Material,
    title: str,
    figures: Sequence[Figures],
    drawn: Callable[[Line], bool],
    *,
    sort: bool = True,
) -> Chart | None:
    """Bars of the residents, with the employees beside them where both have percent (else they do not compare)."""
    by_code = {column.column.code: column for column in figures if column.lines}
    both = [code for code in ("residents_percent", "employees_percent") if code in by_code]
    codes = both if len(both) == 2 else [code for code in ("residents", "employees") if code in by_code][:1]
    if not codes:
        return None
    first = by_code[codes[0]]
    lines = [line for line in _finest(first.lines) if drawn(line)]
    if sort:
        lines.sort(key=lambda line: -line.count)
    if len(lines) < 2:
        return None
    lines = lines[:_MOST_BARS]
    tops = sorted(lines, key=lambda line: -line.count)[:3]
    largest = ", ".join(f"{line.label} {first.values[line.key]}" for line in tops)
    who = "with_employees" if len(codes) == 2 else f"only_{first.column.code}"
    title = material.words(who, title=title)
    return Chart(
        title=title,
        columns=tuple(codes),
        rows=tuple(_row(line, ()).code for line in lines),
        alt=material.words("chart_alt", title=title, tops=largest),
    )


def _finest(lines: Sequence[Line]) -> list[Line]:
    """The lines that no other line is a part of."""
    following = [*lines[1:], None]
    return [
        line
        for line, after in zip(lines, following, strict=True)
        if line.level > 0 or after is None or after.level == 0
    ]
