"""The problem picture in sentences: what a reader must know who reads one page. Safe figures only."""

from summary.coverage import missing
from summary.material import Line, Material, given, in_sentence, is_problem, says_something
from summary.picture import Paragraph
from summary.problems import about, leading, points, problem_lines, share_of_all, top_level
from summary.rows import Stream, Table
from summary.trust import share_of
from text.typography import capitalised

_RESIDENTS, _EMPLOYEES = Stream.RESIDENTS, Stream.EMPLOYEES
_MOST_NAMED = 3
"""Wishes and groups named in one sentence."""
_NO_GROUP = "none"
"""The choice of the dialogue flow that says that no group was missing."""
_LABELLED = frozenset({"places", "certainty"})
"""What is no sentence by itself."""
_IN_SHORT = ("parts", "areas", "places", "times", "employees", "meetings", "certainty")


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
        Paragraph(heading=share_of_all(material, line), text=" ".join(_in_short(material, line)))
        for line in leading(material)
    )


def _in_short(material: Material, line: Line) -> list[str]:
    """Where, when, who else and how certain: the rest stands in the chapter on problems."""
    found = about(material, line, in_short=True)
    words = material.words
    return [
        words("labelled", label=words(f"f_{code}"), text=found[code]) if code in _LABELLED else found[code]
        for code in _IN_SHORT
        if code in found
    ]


def honesty(material: Material) -> str:
    """The fixed paragraph on what self-selected answers can say, with the figures of the round."""
    words, facts = material.words, material.counts.facts
    count = material.answered(_RESIDENTS)
    period = words.period(facts.starts_on, min(facts.ends_on, facts.counted_on))
    middle = words("honesty_count", count=material.number(count), period=period, where=_where_from(material))
    parts = [words("honesty_first"), capitalised(middle) if count else "", words("honesty_last")]
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
    elif not problem_lines(material, _RESIDENTS):
        sentences.append(material.words("problems_together"))
    if not material.answered(_EMPLOYEES) and _EMPLOYEES in streams:
        sentences.append(material.words("employees_too_few", threshold=threshold))
    elif not problem_lines(material, _EMPLOYEES) and _EMPLOYEES in streams:
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
    key = "honesty_few_one" if len(few) == 1 else "honesty_few"
    return where + (words(key, groups=words.and_(few)) if few else "")


# The other sentences


def _safety(material: Material) -> str:
    lines = material.lines("safety", material.groups(Table.CLOSED, _RESIDENTS, "safety"), ranked=False)
    ends = [line for line in lines if line.level == 0 and line.key[0] == "code" and says_something(line)]
    base = given(material.answered(_RESIDENTS), lines)
    if len(ends) < 2 or base is None:
        return ""
    parts = [in_sentence("", share_of(material, line, base)) for line in ends]
    return material.words("unsafe", parts=", ".join(parts), base=material.number(base))


def _severe(material: Material) -> str:
    lines = [line for line in problem_lines(material, _RESIDENTS) if line.key[1] in material.counts.sensitive]
    named = [f"{in_sentence('category', line.label)} ({material.number(line.count)})" for line in lines]
    return material.words("severe", problems=material.words.and_(named)) if named else ""


def _agreement(material: Material) -> str:
    """Whether residents and employees put the same problem first, where both can be shown."""
    firsts = [top_level(problem_lines(material, stream))[:1] for stream in (_RESIDENTS, _EMPLOYEES)]
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


def _meetings_first(material: Material) -> str:
    top = top_level(points(material))
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
    words = material.words
    named = [
        words("named", what=in_sentence("category", line.label), count=line.count)
        for line in ranked[:_MOST_NAMED]
    ]
    return words("wish", wishes=words.and_(named)) if named else ""


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
    key = "missing_one" if len(few) == 1 else "missing"
    return material.words(key, groups=material.words.and_(few)) if few else ""


def _missing_at_meetings(material: Material) -> str:
    counts = material.several(Table.MISSING_GROUP, Stream.DIALOGUE)
    ranked = sorted(counts.keys() - {_NO_GROUP}, key=lambda code: (-counts[code], code))[:_MOST_NAMED]
    named = [in_sentence("category", material.label("missing_groups", code)) for code in ranked]
    return material.words("missing_at_meetings", groups=material.words.and_(named)) if named else ""


def _promised(material: Material) -> str:
    count = material.counts.meetings.get("promised_answers", 0)
    return material.words("promised", count=count) if count else ""


def _marked(material: Material) -> str:
    counts = {group.codes: group.count for group in material.groups(Table.MARKED, _RESIDENTS)}
    marked, rest = counts.get(("marked",)), counts.get(("unmarked",))
    return material.words("marked", count=marked, rest=rest) if marked and rest else ""
