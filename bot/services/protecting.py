"""From exact counts to counts that may be shown: which table is protected how. Joins privacy and summary, which do
not know each other; reads no database.
"""

from collections.abc import Mapping

from bot.services.crossing import crossed_tables
from bot.services.exact_counts import Counts, ExactCounts, summed
from bot.services.weighing import weighted_safety
from privacy import disclosure
from privacy.disclosure import EXACT, Rule
from summary.codebook import MISSING_ANSWERS, Codebook
from summary.released import (
    MISSING,
    UNSORTED,
    Crossed,
    Group,
    Key,
    Points,
    ProtectedCounts,
    ReleaseRule,
    broken,
)
from summary.rows import COUNTED, Meetings, Outcome, RoundCounts, Stream, Table

PERSONS = (Stream.RESIDENTS, Stream.EMPLOYEES)
_TELLS_LEAST = frozenset({"no_problem", "off_topic", "empty", UNSORTED, MISSING, "", *MISSING_ANSWERS})
"""Codes that may be joined with what is too small before anything else is."""

NEVER_SHOWN = frozenset({"victim", "feedback"})
"""Closed questions that no heading of the picture uses."""

WORK_SAFETY_BASE = 10
"""Employees that must have answered about their own safety at work before anything of it is shown."""

_SAFETY = Key(Table.CLOSED, Stream.RESIDENTS, "safety")

_LISTS = {
    Table.CHANNEL: "channel",
    Table.LANGUAGE: "language",
    Table.MARKED: "marked",
    Table.AREA: "area",
    Table.AGE: "age",
    Table.GENDER: "gender",
    Table.PROBLEM: "category",
    Table.WISH: "category",
}


def protect(counts: RoundCounts, codebook: Codebook, rule: Rule) -> ProtectedCounts:
    """What may be shown under the rule. Raises ValueError where the counts contradict each other."""
    exact = ExactCounts(counts, codebook)
    partitions: dict[Key, tuple[Group, ...]] = {}
    alternatives: dict[Key, dict[str, int]] = {}
    crossed: dict[Key, Crossed] = {}
    for stream in PERSONS:
        partitions |= _partitions(exact, stream, rule)
        alternatives |= _alternatives(exact, stream, rule)
        crossed |= crossed_tables(exact, stream, partitions, alternatives, rule)
    alternatives[Key(Table.MISSING_GROUP, Stream.DIALOGUE)] = exact.rows(Table.MISSING_GROUP, Stream.DIALOGUE)
    totals = {stream: disclosure.released(exact.counted(stream), rule) for stream in PERSONS}
    return ProtectedCounts(
        facts=counts.facts,
        rule=ReleaseRule(
            name=rule.name,
            threshold=rule.threshold,
            rounding=rule.rounding,
            place_threshold=rule.place_threshold,
        ),
        answered={stream: total for stream, total in totals.items() if total is not None},
        partitions={key: groups for key, groups in partitions.items() if groups},
        alternatives={key: shown for key, shown in alternatives.items() if shown},
        crossed={key: table for key, table in crossed.items() if table.shown},
        points=_points(exact, rule),
        meetings=_meetings(counts.meetings, exact, rule),
        population=counts.population,
        sensitive=counts.sensitive,
        weighted=weighted_safety(exact, counts.population, partitions.get(_SAFETY, ()), rule)
        if counts.with_weights and rule is EXACT
        else None,
    )


def _group(group: disclosure.Group) -> Group:
    return Group(codes=group.codes, within=group.within, count=group.count)


def _safe(counts: Counts, parents: Mapping[str, str], rule: Rule) -> tuple[Group, ...]:
    return tuple(_group(group) for group in disclosure.partition(counts, parents, rule, _TELLS_LEAST))


# Tables in which a person stands once


def _partitions(exact: ExactCounts, stream: Stream, rule: Rule) -> dict[Key, tuple[Group, ...]]:
    found: dict[Key, tuple[Group, ...]] = _process(exact, stream, rule)
    role = "workplace" if stream is Stream.EMPLOYEES else "role"
    for table, list_name in (*_LISTS.items(), (Table.ROLE, role)):
        coded = table in (Table.PROBLEM, Table.WISH)
        counts = exact.categories(table, stream) if coded else exact.rows(table, stream)
        if table is Table.WISH:  # a finer table than the problem: nothing sensitive stands alone here
            counts = summed((UNSORTED if c in exact.sensitive else c, n) for c, n in counts.items())
        if counts:
            whole = exact.whole(counts, stream, list_name)
            found[Key(table, stream)] = _safe(whole, exact.codebook.parents(list_name), rule)
    for role in {row for row, _ in exact.cells(Table.CLOSED, stream)} - NEVER_SHOWN:
        counts = exact.row(Table.CLOSED, stream, role)
        if role == "work_safety" and sum(counts.values()) < WORK_SAFETY_BASE:
            continue
        whole = exact.whole(counts, stream, role)
        found[Key(Table.CLOSED, stream, role)] = _safe(whole, exact.codebook.parents(role), rule)
    return found


def _process(exact: ExactCounts, stream: Stream, rule: Rule) -> dict[Key, tuple[Group, ...]]:
    """How the collection went. Who is not counted is a whole of its own: its total never follows from another."""
    parents = exact.codebook.parents("outcome")
    outcomes = exact.rows(Table.OUTCOME, stream)
    counted = {code.value: outcomes[code] for code in Outcome if code in outcomes and code in COUNTED}
    other = {code.value: outcomes[code] for code in Outcome if code in outcomes and code not in COUNTED}
    found = {
        Key(Table.OUTCOME, stream, "counted"): _safe(counted, parents, rule),
        Key(Table.OUTCOME, stream, "not_counted"): _safe(other, parents, rule),
    }
    left = found[Key(Table.OUTCOME, stream, "not_counted")]
    if any(group.within == "left" for group in left) and "left" not in broken(left, parents):
        last = exact.rows(Table.LAST_QUESTION, stream)
        ordered = {code: last[code] for code in exact.codebook.order(f"question_{stream.value}", last)}
        found[Key(Table.LAST_QUESTION, stream)] = _safe(ordered, {}, rule)
    finished = exact.column(Table.PLACE_CODE, stream, "finished")
    if finished:
        whole = exact.whole(finished, stream, "place_code", missing="")
        found[Key(Table.PLACE_CODE, stream, "finished")] = _safe(whole, {}, rule)
        unfinished = exact.column(Table.PLACE_CODE, stream, "unfinished")
        found[Key(Table.PLACE_CODE, stream, "unfinished")] = _safe(unfinished, {}, rule)
    return found


# Tables in which a person may stand several times


def _alternatives(exact: ExactCounts, stream: Stream, rule: Rule) -> dict[Key, dict[str, int]]:
    times = disclosure.alternatives(exact.rows(Table.TIME, stream), rule)
    found = {
        Key(Table.TIME, stream): {code: times[code] for code in exact.codebook.order("when", times)},
        Key(Table.PLACE, stream): disclosure.places(exact.rows(Table.PLACE, stream), rule),
        Key(Table.SAFEGUARD, stream): disclosure.alternatives(exact.rows(Table.SAFEGUARD, stream), rule),
    }
    for role in {row for row, _ in exact.cells(Table.SEVERAL, stream)}:
        counts = exact.row(Table.SEVERAL, stream, role)
        found[Key(Table.SEVERAL, stream, role)] = disclosure.alternatives(counts, rule)
    return found


# Meetings


def _points(exact: ExactCounts, rule: Rule) -> tuple[Points, ...]:
    """Points by category. A point is no person: a category may stand alone when enough points or persons carry it."""
    points = exact.categories(Table.POINT, Stream.DIALOGUE)
    support = exact.rows(Table.POINT_SUPPORT, Stream.DIALOGUE)
    ordered = exact.codebook.order("category", points)
    weight = {code: max(points[code], support.get(code, 0)) for code in ordered}
    return tuple(
        Points(
            codes=group.codes,
            within=group.within,
            points=sum(points[code] for code in group.codes),
            supporters=disclosure.released(sum(support.get(code, 0) for code in group.codes), rule),
        )
        for group in disclosure.partition(weight, exact.codebook.parents("category"), rule)
    )


def _meetings(meetings: Meetings, exact: ExactCounts, rule: Rule) -> dict[str, int]:
    """Meetings and points are no persons and are shown as they are; participants are."""
    points = exact.rows(Table.POINT, Stream.DIALOGUE)
    found = {
        "meetings": meetings.meetings,
        "points": sum(points.values()),
        "promised_answers": meetings.promised_answers,
    }
    everybody = meetings.women + meetings.men
    between = max(0, everybody - meetings.under_25 - meetings.over_65)
    participants = disclosure.released(everybody, rule)
    if participants is None:
        return found
    parts = [
        *disclosure.partition({"women": meetings.women, "men": meetings.men}, {}, rule),
        *disclosure.partition(
            {"under_25": meetings.under_25, "over_65": meetings.over_65, "between": between}, {}, rule
        ),
    ]
    return found | {"participants": participants} | {g.codes[0]: g.count for g in parts if len(g.codes) == 1}
