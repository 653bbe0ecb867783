"""What is known of each problem: what it consists of, where, when, who names it, what they want, what others say.

Safe figures only. A focus issue is found in a crossed table by the categories that it is made of: where some of its
cells are hidden, what is shown of it is said to be the least.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from summary.certainty import Certainty, certainty
from summary.material import Line, Material, code_of, in_sentence, is_problem, percent, says_something
from summary.released import Crossed, Group
from summary.rows import Stream, Table
from text.typography import capitalised

RESIDENTS, EMPLOYEES = Stream.RESIDENTS, Stream.EMPLOYEES
_MOST_PROBLEMS = 5
_MOST_NAMED = 3
"""Areas, times and wishes named in one sentence."""
_MOST_PLACES = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Named:
    """A column of a crossed table in which a problem stands: its line, and how many; `is_least` if some are hidden."""

    line: Line
    count: int
    is_least: bool


def problem_lines(material: Material, stream: Stream) -> list[Line]:
    """Problems and their parts, with focus issues before what they consist of."""
    lines = material.lines("category", material.groups(Table.PROBLEM, stream))
    return [line for line in lines if is_problem(line)]


def points(material: Material) -> list[Line]:
    """The problems that points raised at meetings were about, counted in points."""
    raised = material.counts.points
    groups = [Group(codes=point.codes, within=point.within, count=point.points) for point in raised]
    return [line for line in material.lines("category", groups) if is_problem(line)]


def top_level(lines: list[Line]) -> list[Line]:
    return [line for line in lines if line.level == 0]


def leading(material: Material) -> list[Line]:
    """The problems that most residents name, most first; sensitive ones stand in a sentence of their own."""
    sensitive = material.counts.sensitive
    return [
        line
        for line in top_level(problem_lines(material, RESIDENTS))
        if line.key[1] not in sensitive and line.key[0] != "rest"
    ][:_MOST_PROBLEMS]


def share_of_all(material: Material, line: Line) -> str:
    """``Trafiksituationen: 25 av 60 (42 %)``."""
    base = material.answered(RESIDENTS)
    share = percent(line.count, base)
    key = "problem_of" if share is None else "problem_share"
    return material.words(
        key, problem=line.label, count=material.number(line.count), base=base, percent=share
    )


def certainty_of(material: Material, line: Line) -> Certainty:
    """How well the answers bear the problem."""
    others = [problem_lines(material, EMPLOYEES), points(material)]
    return certainty(
        named=line.count,
        answered=material.answered(RESIDENTS),
        other_sources=sum(any(line.key == other.key for other in lines) for lines in others),
    )


def about(material: Material, line: Line, *, in_short: bool = False) -> dict[str, str]:
    """Sentences by what they tell; what cannot be shown has none. `in_short`: as page one has room for."""
    words = material.words
    parts, areas, times = (
        _parts_of(material, line),
        named_in(material, line, Table.PROBLEM_AREA),
        named_in(material, line, Table.PROBLEM_TIME),
    )
    places = named_in(material, line, Table.PROBLEM_PLACE)
    wishes = [each for each in named_in(material, line, Table.PROBLEM_WISH) if is_problem(each.line)]
    found = {
        "parts": words("mostly", parts=words.and_(parts)) if parts else "",
        "areas": words("where", areas=_listed(material, areas, "area")) if areas else "",
        "places": words(
            "places", places=_listed(material, places, "place", _MOST_NAMED if in_short else _MOST_PLACES)
        )
        if places
        else "",
        "times": words("when", times=_listed(material, times, "when")) if times else "",
        "who": _who(material, line),
        "wishes": words("wishes", wishes=_listed(material, wishes, "category")) if wishes else "",
        "employees": _employees(material, line),
        "employees_see": _employees_see(material, line),
        "meetings": _meetings(material, line, with_support=not in_short),
        "ranks": _ranks(material, line),
        "certainty": words("certainty", level=words(f"certainty_{certainty_of(material, line)}")),
    }
    return {code: text for code, text in found.items() if text}


def _parts_of(material: Material, whole: Line) -> list[str]:
    """The named parts of a focus issue with their counts."""
    parts = [
        line
        for line in problem_lines(material, RESIDENTS)
        if line.level and line.key[0] == "code" and set(line.codes) <= set(whole.codes)
    ]
    words = material.words
    return [
        words("named", what=in_sentence("category", line.label), count=line.count)
        for line in parts[:_MOST_NAMED]
    ]


# Crossed tables

LIST_OF = {
    Table.PROBLEM_AREA: "area",
    Table.PROBLEM_TIME: "when",
    Table.PROBLEM_PLACE: "place",
    Table.PROBLEM_AGE: "age",
    Table.PROBLEM_GENDER: "gender",
    Table.PROBLEM_WISH: "category",
}


def named_in(
    material: Material, line: Line, table: Table, stream: Stream = RESIDENTS, *, ranked: bool = True
) -> list[Named]:
    """The columns of a crossed table in which anything is shown of the problem, largest first."""
    crossed = material.crossed(table, stream)
    if crossed is None:
        return []
    counts = _shown_of(crossed, line)
    found = [
        Named(
            line=material.line(LIST_OF[table], crossed.columns[at], crossed.columns),
            count=count,
            is_least=is_least,
        )
        for at, (count, is_least) in counts.items()
    ]
    found = [each for each in found if each.line.key[0] == "code" and says_something(each.line)]
    return sorted(found, key=lambda each: -each.count) if ranked else found


def _shown_of(crossed: Crossed, line: Line) -> Mapping[int, tuple[int, bool]]:
    """By column, what is shown of the rows that make up the problem, and whether some of them are hidden there.

    Empty where the rows do not make up the whole problem.
    """
    rows = [index for index, row in enumerate(crossed.rows) if set(row.codes) <= set(line.codes)]
    if sum(len(crossed.rows[row].codes) for row in rows) != len(line.codes):
        return {}
    shown = {
        column: [crossed.shown[row, column] for row in rows if (row, column) in crossed.shown]
        for column in range(len(crossed.columns))
    }
    return {column: (sum(counts), len(counts) < len(rows)) for column, counts in shown.items() if counts}


def _listed(material: Material, named: list[Named], list_name: str, most: int = _MOST_NAMED) -> str:
    words = material.words
    return words.and_(
        [
            words(
                "named_least" if each.is_least else "named",
                what=in_sentence(list_name, each.line.label),
                count=each.count,
            )
            for each in named[:most]
        ]
    )


def _who(material: Material, line: Line) -> str:
    """Of each gender and age group that can be shown whole, how many name the problem."""
    words, told = material.words, []
    for table, of in ((Table.PROBLEM_GENDER, Table.GENDER), (Table.PROBLEM_AGE, Table.AGE)):
        bases = {
            code_of(each.key): each.count
            for each in material.lines(of.value, material.groups(of, RESIDENTS), ranked=False)
        }
        named = [each for each in named_in(material, line, table, ranked=False) if not each.is_least]
        parts = []
        for each in named:
            base = bases.get(code_of(each.line.key))
            share = percent(each.count, base)
            if base:
                key = "who_count" if share is None else "who_share"
                parts.append(words(key, group=each.line.label, count=each.count, base=base, percent=share))
        if parts:
            told.append(", ".join(parts))
    return words("who", groups="; ".join(told)) if told else ""


# What others say


def _employees(material: Material, line: Line) -> str:
    theirs = _of_employees(material, line)
    if theirs is None:
        return ""
    count = material.number(theirs.count)
    return capitalised(material.words("employees_say", count=count, base=material.answered(EMPLOYEES)))


def _employees_see(material: Material, line: Line) -> str:
    """Where and when employees see it most."""
    theirs = _of_employees(material, line)
    if theirs is None:
        return ""
    words = material.words
    areas = named_in(material, theirs, Table.PROBLEM_AREA, EMPLOYEES)
    times = named_in(material, theirs, Table.PROBLEM_TIME, EMPLOYEES)
    told = [words("where", areas=_listed(material, areas, "area"))] if areas else []
    told += [words("when", times=_listed(material, times, "when"))] if times else []
    return " ".join(told)


def _of_employees(material: Material, line: Line) -> Line | None:
    return next((each for each in problem_lines(material, EMPLOYEES) if each.key == line.key), None)


def _meetings(material: Material, line: Line, *, with_support: bool) -> str:
    found = next((each for each in points(material) if each.key == line.key), None)
    if found is None:
        return ""
    key = "points_one" if found.count == 1 else "points_many"
    said = material.words("meetings_say", points=material.words(key, count=found.count))
    agreed = [p.supporters for p in material.counts.points if set(p.codes) <= set(found.codes)]
    if None in agreed or not agreed or not with_support:
        return said
    return f"{said} {material.words('meetings_agreed', count=sum(each or 0 for each in agreed))}"


def _ranks(material: Material, line: Line) -> str:
    """Whether the sources put the problem in the same place, in words."""
    words = material.words
    ranks = {
        "residents": rank(line, problem_lines(material, RESIDENTS)),
        "employees": rank(line, problem_lines(material, EMPLOYEES)),
        "meetings": rank(line, points(material)),
    }
    asked = {
        "residents": True,
        "employees": bool(problem_lines(material, EMPLOYEES)),
        "meetings": bool(points(material)),
    }
    there = {source: place for source, place in ranks.items() if asked[source]}
    if len(there) < 2:
        return words("ranks_alone")
    placed = [place for place in there.values() if place is not None]
    said = words.and_(
        [
            words("rank_of" if place else "rank_none", who=words(f"by_{source}"), place=place)
            for source, place in there.items()
        ]
    )
    differs = len(placed) < len(there) or max(placed) - min(placed) > 1
    return words("ranks_differ" if differs else "ranks_agree", ranks=said)


def rank(line: Line, lines: list[Line]) -> int | None:
    """Place among the problems of a source, 1 for the one named most; None where it does not stand by itself."""
    ranked = sorted(top_level(lines), key=lambda each: -each.count)
    return next((at for at, each in enumerate(ranked, 1) if each.key == line.key), None)
