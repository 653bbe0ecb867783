"""The problem picture in sentences: what a reader must know who reads one page. Safe figures only."""

from collections.abc import Mapping

from summary.coverage import missing
from summary.material import Line, Material, given, in_sentence, is_problem, percent, says_something
from summary.picture import Paragraph
from summary.released import Crossed, Group
from summary.rows import Stream, Table

_RESIDENTS, _EMPLOYEES = Stream.RESIDENTS, Stream.EMPLOYEES
_MOST_PROBLEMS = 5
_MOST_NAMED = 3
"""Places, times, wishes and groups named in one sentence."""


def summary(material: Material) -> tuple[str, ...]:
    """The sentences of the first page, most important first."""
    made = [
        _too_few(material),
        _safety(material),
        _severe(material),
        _agreement(material),
        _meetings_first(material),
        _wishes(material),
        _who_is_missing(material),
        _missing_at_meetings(material),
        _promised(material),
        _marked(material),
    ]
    return tuple(sentence for sentence in made if sentence)


def problems(material: Material) -> tuple[Paragraph, ...]:
    """The problems that most residents name, each with what can be shown of where, when and who else says so."""
    return tuple(
        Paragraph(heading=share_of_all(material, line), text=" ".join(about(material, line).values()))
        for line in leading_problems(material)
    )


def leading_problems(material: Material) -> list[Line]:
    """The problems that most residents name, most first; sensitive ones stand in a sentence of their own."""
    lines = [
        line for line in _problem_lines(material, _RESIDENTS) if line.key[1] not in material.counts.sensitive
    ]
    return _top_level(lines)[:_MOST_PROBLEMS]


def share_of_all(material: Material, line: Line) -> str:
    """``Trafiksituationen: 25 av 60 (42 %)``."""
    base = material.answered(_RESIDENTS)
    share = percent(line.count, base)
    key = "problem_of" if share is None else "problem_share"
    count = material.number(line.count)
    return material.words(key, problem=line.label, count=count, base=base, percent=share)


def honesty(material: Material) -> str:
    """The fixed paragraph on what self-selected answers can say, with the figures of the round."""
    words, facts = material.words, material.counts.facts
    count = material.answered(_RESIDENTS)
    period = words.period(facts.starts_on, min(facts.ends_on, facts.counted_on))
    middle = words("honesty_count", count=material.number(count), period=period, where=_where_from(material))
    middle = middle[0].upper() + middle[1:]
    parts = [words("honesty_first"), middle if count else "", words("honesty_last")]
    return " ".join(filter(None, parts))


# The basis


def basis(material: Material) -> str:
    """How many answered in each source; empty where nothing can be shown."""
    words, meetings = material.words, material.counts.meetings
    sources = [
        words(f"basis_{stream.value}", count=material.number(material.answered(stream)))
        for stream in (_RESIDENTS, _EMPLOYEES)
        if material.answered(stream)
    ]
    if meetings.get("meetings"):
        counted = {name: _plural(material, name, meetings[name]) for name in ("meetings", "points")}
        sources.append(words("basis_meetings", **counted))
    if not sources:
        return ""
    return words("basis" if len(sources) > 1 else "basis_one", sources=words.and_(sources))


def _plural(material: Material, name: str, count: int) -> str:
    return material.words(f"{name}_one" if count == 1 else f"{name}_many", count=count)


def _too_few(material: Material) -> str:
    threshold, streams = material.counts.rule.threshold, material.counts.facts.streams
    sentences = []
    if not material.answered(_RESIDENTS) and _RESIDENTS in streams:
        sentences.append(material.words("too_few", threshold=threshold))
    elif not _problem_lines(material, _RESIDENTS):
        sentences.append(material.words("problems_together"))
    if not material.answered(_EMPLOYEES) and _EMPLOYEES in streams:
        sentences.append(material.words("employees_too_few", threshold=threshold))
    elif not _problem_lines(material, _EMPLOYEES) and _EMPLOYEES in streams:
        sentences.append(material.words("employees_together"))
    return " ".join(sentences)


def _where_from(material: Material) -> str:
    words = material.words
    areas = [
        line
        for line in material.lines("area", material.groups(Table.AREA, _RESIDENTS))
        if line.key[0] == "code"
    ]
    most = [line.label for line in areas if line.level == 0 and says_something(line)][:2]
    few = [in_sentence(group.table, group.label) for group in missing(material)]
    where = words("honesty_most", areas=words.and_(most)) if len(areas) > 1 else ""
    return where + (words("honesty_few", groups=words.and_(few)) if few else "")


# The problems


def _problem_lines(material: Material, stream: Stream) -> list[Line]:
    lines = material.lines("category", material.groups(Table.PROBLEM, stream))
    return [line for line in lines if is_problem(line)]


def _top_level(lines: list[Line]) -> list[Line]:
    return [line for line in lines if line.level == 0]


def about(material: Material, line: Line) -> dict[str, str]:
    """What the problem consists of, where, when, and what employees and meetings say, by what it tells."""
    words = material.words
    parts = _parts_of(material, line)
    areas = _columns_of(material, line, Table.PROBLEM_AREA, "area")
    times = _columns_of(material, line, Table.PROBLEM_TIME, "when")
    found: dict[str, str] = {}
    if parts:
        found["parts"] = words("mostly", parts=words.and_(parts))
    if areas:
        found["areas"] = words("where", areas=words.and_(areas))
    if times:
        found["times"] = words("when", times=words.and_([time.lower() for time in times]))
    employees = {each.key: each.count for each in _problem_lines(material, _EMPLOYEES)}
    if line.key in employees:
        count, base = material.number(employees[line.key]), material.answered(_EMPLOYEES)
        found["employees"] = words("employees_say", count=count, base=base)
    points = {each.key: each.count for each in _points(material)}
    if line.key in points:
        found["meetings"] = words("meetings_say", points=_plural(material, "points", points[line.key]))
    return found


def _parts_of(material: Material, whole: Line) -> list[str]:
    """The named parts of a focus issue with their counts."""
    parts = [
        line
        for line in _problem_lines(material, _RESIDENTS)
        if line.level and line.key[0] == "code" and set(line.codes) <= set(whole.codes)
    ]
    return [f"{in_sentence('category', line.label)} ({line.count})" for line in parts[:_MOST_NAMED]]


def _columns_of(material: Material, line: Line, table: Table, list_name: str) -> list[str]:
    """The columns of a crossed table in which the problem is named most, with the counts."""
    crossed = material.crossed(table, _RESIDENTS)
    if crossed is None:
        return []
    counts = _shown_of(crossed, line)
    ranked = sorted(counts, key=lambda column: (-counts[column], column))
    named = [
        (material.line(list_name, crossed.columns[column], crossed.columns), counts[column])
        for column in ranked
    ]
    return [
        f"{line.label} ({count})" for line, count in named if line.key[0] == "code" and says_something(line)
    ][:_MOST_NAMED]


def _shown_of(crossed: Crossed, line: Line) -> Mapping[int, int]:
    """Counts by column of the rows that make up this problem, where all of them are shown."""
    rows = [index for index, row in enumerate(crossed.rows) if set(row.codes) <= set(line.codes)]
    whole = sum(len(crossed.rows[row].codes) for row in rows) == len(line.codes)
    shown = [
        column
        for column in range(len(crossed.columns))
        if all((row, column) in crossed.shown for row in rows)
    ]
    return (
        {column: sum(crossed.shown[row, column] for row in rows) for column in shown}
        if whole and rows
        else {}
    )


# The other sentences


def _safety(material: Material) -> str:
    lines = material.lines("safety", material.groups(Table.CLOSED, _RESIDENTS, "safety"), ranked=False)
    ends = [line for line in lines if line.level == 0 and line.key[0] == "code" and says_something(line)]
    base = given(material.answered(_RESIDENTS), lines)
    if len(ends) < 2 or base is None:
        return ""
    parts = [in_sentence("", _share_of(material, line, base)) for line in ends]
    return material.words("unsafe", parts=", ".join(parts), base=material.number(base))


def _share_of(material: Material, line: Line, base: int) -> str:
    share = percent(line.count, base)
    return f"{line.label} {line.count}" + ("" if share is None else material.words("share", percent=share))


def _severe(material: Material) -> str:
    lines = [
        line for line in _problem_lines(material, _RESIDENTS) if line.key[1] in material.counts.sensitive
    ]
    named = [f"{in_sentence('category', line.label)} ({material.number(line.count)})" for line in lines]
    return material.words("severe", problems=material.words.and_(named)) if named else ""


def _agreement(material: Material) -> str:
    """Whether residents and employees put the same problem first, where both can be shown."""
    firsts = [_top_level(_problem_lines(material, stream))[:1] for stream in (_RESIDENTS, _EMPLOYEES)]
    if not all(firsts):
        return ""
    residents, employees = firsts[0][0], firsts[1][0]
    if residents.key == employees.key:
        return material.words("agree", problem=in_sentence("category", residents.label))
    return material.words(
        "disagree",
        residents=in_sentence("category", residents.label),
        employees=in_sentence("category", employees.label),
    )


def _points(material: Material) -> list[Line]:
    points = material.counts.points
    groups = [Group(codes=point.codes, within=point.within, count=point.points) for point in points]
    return [line for line in material.lines("category", groups) if is_problem(line)]


def _meetings_first(material: Material) -> str:
    top = _top_level(_points(material))
    return material.words("meetings_first", problem=in_sentence("category", top[0].label)) if top else ""


def _wishes(material: Material) -> str:
    lines = material.lines("category", material.groups(Table.WISH, _RESIDENTS))
    ranked = sorted(
        (
            line
            for line in lines
            if is_problem(line) and line.key[0] == "code" and not _has_parts(line, lines)
        ),
        key=lambda line: -line.count,
    )
    named = [f"{in_sentence('category', line.label)} ({line.count})" for line in ranked[:_MOST_NAMED]]
    return material.words("wish", wishes=material.words.and_(named)) if named else ""


def _has_parts(line: Line, lines: list[Line]) -> bool:
    return line.level == 0 and any(part.level and set(part.codes) < set(line.codes) for part in lines)


def _who_is_missing(material: Material) -> str:
    few = [
        material.words(
            "missing_group",
            group=in_sentence(group.table, group.label),
            answers=group.answers,
            population=group.population,
        )
        for group in missing(material)
    ]
    return material.words("missing", groups=material.words.and_(few)) if few else ""


def _missing_at_meetings(material: Material) -> str:
    counts = material.several(Table.MISSING_GROUP, Stream.DIALOGUE)
    ranked = sorted(counts, key=lambda code: -counts[code])[:_MOST_NAMED]
    named = [in_sentence("category", material.label("missing_groups", code)) for code in ranked]
    return material.words("missing_at_meetings", groups=material.words.and_(named)) if named else ""


def _promised(material: Material) -> str:
    count = material.counts.meetings.get("promised_answers", 0)
    return material.words("promised", count=count) if count else ""


def _marked(material: Material) -> str:
    counts = {group.codes: group.count for group in material.groups(Table.MARKED, _RESIDENTS)}
    marked, rest = counts.get(("marked",)), counts.get(("unmarked",))
    return material.words("marked", count=marked, rest=rest) if marked and rest else ""
