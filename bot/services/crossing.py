"""Tables that cross two properties: problem by area, time, place, age, gender and wish, safety by area.

They share nothing but single totals, and no circle of them closes (problem - area - safety; problem - age; and so on):
whatever tables agree with what is shown of each alone, there are persons who have all of them at once. So each can be
protected by itself, and a table that would close a circle, as safety by age, is not made (decision 28).
"""

from collections.abc import Iterable, Mapping, Sequence

from bot.services.exact_counts import Counts, ExactCounts, summed
from privacy import disclosure
from privacy.disclosure import Rule
from summary.codebook import Codebook
from summary.released import MISSING, OTHER, UNSORTED, WHOLE, Crossed, Group, Key, ancestors, broken
from summary.rows import Stream, Table

ENOUGH_SHOWN = 0.5
"""Share of the persons in a table that its shown cells must hold before a coarser one is tried."""

_Cells = Mapping[tuple[str, str], int]
_Level = tuple[tuple[Group, ...], tuple[Group, ...]]


def crossed_tables(
    exact: ExactCounts,
    stream: Stream,
    partitions: Mapping[Key, tuple[Group, ...]],
    alternatives: Mapping[Key, Mapping[str, int]],
    rule: Rule,
) -> dict[Key, Crossed]:
    """The crossed tables of a stream, of groups that are shown in its partitions and alternatives."""
    codebook = exact.codebook
    problems = _without_sensitive(partitions.get(Key(Table.PROBLEM, stream), ()), exact.sensitive)
    safety = _by_part(partitions.get(Key(Table.CLOSED, stream, "safety"), ()), codebook.parents("safety"))
    areas = partitions.get(Key(Table.AREA, stream), ())
    found: dict[Key, Crossed] = {}
    if problems and areas:
        cells = _problem_by(exact, stream, Table.PROBLEM_AREA, exact.rows(Table.AREA, stream), "area")
        found[Key(Table.PROBLEM_AREA, stream)] = _best(
            cells, _levels(problems, areas, codebook, "area"), rule
        )
    if problems:
        found |= _by_several(exact, stream, problems, alternatives, rule)
    if problems and stream is Stream.RESIDENTS:
        found |= _by_person(exact, problems, partitions, rule)
    if safety and areas:
        levels = [(safety, areas), (safety, _by_part(areas, codebook.parents("area")))]
        found[Key(Table.SAFETY_AREA, stream)] = _best(_safety_by_area(exact, stream), levels, rule)
    return found


def _by_several(
    exact: ExactCounts,
    stream: Stream,
    problems: tuple[Group, ...],
    alternatives: Mapping[Key, Mapping[str, int]],
    rule: Rule,
) -> dict[Key, Crossed]:
    """Problem by time and by place, of which a person may name several: rows do not add up."""
    top_problems = _by_part(problems, exact.codebook.parents("category"))
    found = {}
    for table, of in ((Table.PROBLEM_TIME, Table.TIME), (Table.PROBLEM_PLACE, Table.PLACE)):
        exactly = exact.rows(of, stream)
        shown = alternatives.get(Key(of, stream), {}).items()
        enough = [(code, count) for code, count in shown if exactly[code] >= rule.threshold]
        columns = tuple(Group(codes=(code,), within=WHOLE, count=count) for code, count in enough)
        if columns:
            cells = _completed(_plain(exact, table, stream), {}, exactly)
            levels = [(problems, columns), (top_problems, columns)]
            found[Key(table, stream)] = _best(cells, levels, rule, row_totals=False)
    return found


def _by_person(
    exact: ExactCounts,
    problems: tuple[Group, ...],
    partitions: Mapping[Key, tuple[Group, ...]],
    rule: Rule,
) -> dict[Key, Crossed]:
    """Problem of the residents by their age, by their gender, and by what they want done."""
    stream, found = Stream.RESIDENTS, {}
    for table, of, list_name in (
        (Table.PROBLEM_AGE, Table.AGE, "age"),
        (Table.PROBLEM_GENDER, Table.GENDER, "gender"),
        (Table.PROBLEM_WISH, Table.WISH, "category"),
    ):
        groups = partitions.get(Key(of, stream), ())
        if of is Table.WISH:
            groups = _without_sensitive(groups, exact.sensitive)
        if groups:
            columns = exact.categories(of, stream) if of is Table.WISH else exact.rows(of, stream)
            cells = _problem_by(exact, stream, table, _without_names(columns, exact), list_name)
            found[Key(table, stream)] = _best(
                cells, _levels(problems, groups, exact.codebook, list_name), rule
            )
    return found


def _levels(
    problems: tuple[Group, ...], columns: tuple[Group, ...], codebook: Codebook, list_name: str
) -> list[_Level]:
    """Finest first."""
    top_problems = _by_part(problems, codebook.parents("category"))
    top_columns = _by_part(columns, codebook.parents(list_name))
    return [
        (problems, columns),
        (top_problems, columns),
        (problems, top_columns),
        (top_problems, top_columns),
    ]


def _best(cells: _Cells, levels: Sequence[_Level], rule: Rule, row_totals: bool = True) -> Crossed:
    """The finest level that shows enough, else the one that shows most. Only this one may be released."""
    tried: list[tuple[float, Crossed]] = []
    for rows, columns in levels:
        row_codes, column_codes = [row.codes for row in rows], [column.codes for column in columns]
        cross = disclosure.cross(cells, row_codes, column_codes, rule, row_totals=row_totals)
        share = sum(cross.shown.values()) / max(1, sum(cells.values()))
        tried.append((share, Crossed(rows=rows, columns=columns, shown=cross.shown, rest=cross.rest)))
        if share >= ENOUGH_SHOWN:
            break
    return max(tried, key=lambda level: level[0])[1]


# Which groups stand in the rows


def _by_part(groups: Sequence[Group], parents: Mapping[str, str]) -> tuple[Group, ...]:
    """The groups joined to the largest parts that they belong to, as categories to focus issues."""
    joined: dict[str, Group] = {}
    apart = broken(groups, parents)
    for group in groups:
        top = next(iter(reversed(ancestors(group.within, parents))), group.within)
        top = WHOLE if top in apart else top
        key = top or group.codes[0]
        before = joined.get(key)
        joined[key] = Group(
            codes=(before.codes if before else ()) + group.codes,
            within=top or group.within,
            count=(before.count if before else 0) + group.count,
        )
    return tuple(joined.values())


def _without_sensitive(groups: Sequence[Group], sensitive: frozenset[str]) -> tuple[Group, ...]:
    """The groups with those that hold something sensitive joined to one, which is never of sensitive ones only."""
    hiding = sensitive | {UNSORTED}
    apart = [group for group in groups if hiding & set(group.codes)]
    plain = [group for group in groups if group not in apart]
    if apart and plain and all(set(group.codes) <= hiding for group in apart):
        smallest = min(plain, key=lambda group: group.count)
        plain.remove(smallest)
        apart.append(smallest)
    if not apart:
        return tuple(plain)
    codes = tuple(code for group in apart for code in group.codes)
    return (*plain, Group(codes=(OTHER, *codes), within=WHOLE, count=sum(group.count for group in apart)))


# Cells made up to their totals


def _problem_by(exact: ExactCounts, stream: Stream, table: Table, columns: Counts, list_name: str) -> _Cells:
    """Cells of the table, made up to everybody with the problem and everybody in the columns."""
    whole = exact.whole(columns, stream, list_name)
    return _completed(_plain(exact, table, stream), _plain_problems(exact, stream), whole)


def _safety_by_area(exact: ExactCounts, stream: Stream) -> _Cells:
    safety = exact.whole(exact.row(Table.CLOSED, stream, "safety"), stream, "safety")
    areas = exact.whole(exact.rows(Table.AREA, stream), stream, "area")
    return _completed(exact.cells(Table.SAFETY_AREA, stream), safety, areas)


def _plain(exact: ExactCounts, table: Table, stream: Stream) -> _Cells:
    """Cells by category, where nothing sensitive stands under its own name, be it a problem or a wish."""
    cells: dict[tuple[str, str], int] = {}
    for (category, column), count in exact.cells(table, stream).items():
        at = (
            UNSORTED if category in exact.sensitive else category,
            UNSORTED if column in exact.sensitive else column,
        )
        cells[at] = cells.get(at, 0) + count
    return cells


def _plain_problems(exact: ExactCounts, stream: Stream) -> Counts:
    return exact.whole(_without_names(exact.categories(Table.PROBLEM, stream), exact), stream, "category")


def _without_names(counts: Counts, exact: ExactCounts) -> Counts:
    """The counts with what is sensitive among what is not sorted."""
    return summed((UNSORTED if code in exact.sensitive else code, count) for code, count in counts.items())


def _completed(cells: _Cells, rows: Counts, columns: Counts) -> _Cells:
    """The cells with MISSING rows and columns, so that they add up to the totals given."""
    full = dict(cells)
    for row, total in rows.items():
        if row != MISSING:
            full[row, MISSING] = _left(total, (n for (at, _), n in cells.items() if at == row))
    for column, total in columns.items():
        counted = (n for (at, under), n in full.items() if under == column and at != MISSING)
        full[MISSING, column] = _left(total, counted)
    return full


def _left(total: int, counts: Iterable[int]) -> int:
    left = total - sum(counts)
    if left < 0:
        raise ValueError(f"a crossed table counts {-left} persons more than its total")
    return left
