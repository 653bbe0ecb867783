"""What has changed since an earlier round that the coordinator has named, put in when a released picture is written.

Made from two released pictures alone, both final: nothing new of the answers is told. Percentage points stand only
where the same was asked in the same words, through the same channels, of people alike; else places in the ranking.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from summary.picture import (
    Block,
    Chapter,
    Chart,
    ChartKind,
    Column,
    Fact,
    PictureTable,
    ProblemPicture,
    Row,
    Section,
    Unit,
    Value,
)
from summary.trend import Change, Comparable, Trend, Wave, trend
from summary.wording import Words

_FINAL = "exact"
PROBLEM = "problem"
_CLOSED = ("safety", "avoided", "police", "municipality")


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """How a question was put: its text by language and channel, and its choices in their order."""

    wording: Mapping[str, str]
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Earlier:
    """An earlier round: its name, its final picture, and how either round put its questions, by role.

    The question on the problem has the taxonomy as its choices: answers sorted in another way are not the same.
    """

    name: str
    picture: ProblemPicture
    asked_then: Mapping[str, Asked]
    asked_now: Mapping[str, Asked]


def with_earlier(picture: ProblemPicture, earlier: Earlier | None) -> ProblemPicture:
    """The picture with its changes since the earlier round; as it is where none is named, or where one is not final."""
    if (
        earlier is None
        or _FINAL not in (picture.rule, earlier.picture.rule)
        or picture.rule != earlier.picture.rule
    ):
        return picture
    words = Words(picture.language)
    found = {
        role: trend(
            _wave(earlier.picture, role, earlier.asked_then[role]),
            _wave(picture, role, earlier.asked_now[role]),
        )
        for role in (PROBLEM, *_CLOSED)
        if role in earlier.asked_then and role in earlier.asked_now
    }
    made = [_table(picture, words, earlier, role, each) for role, each in found.items() if each.changes]
    if not made:
        return picture
    problems = next((table for table in made if table.code == f"trend_{PROBLEM}"), None)
    told = _by_problem(words, problems) if problems else {}
    return replace(
        picture,
        summary=(*picture.summary, *_in_short(words, earlier, problems)),
        tables=(*picture.tables, *made),
        chapters=tuple(_told(chapter, words, earlier, made, told) for chapter in picture.chapters),
    )


def _by_problem(words: Words, table: PictureTable) -> dict[str, str]:
    """By problem, what has changed, in one sentence."""
    key = "trend_points" if _has_points(table) else "trend_places"
    return {
        row.code: words(key, last=row.values[0], now=row.values[1], reading=row.values[-1])
        for row in table.rows
    }


def _in_short(words: Words, earlier: Earlier, table: PictureTable | None) -> tuple[str, ...]:
    """For page one: the problems that have changed by more than chance usually gives, where shares may be compared."""
    if table is None or not _has_points(table):
        return ()
    beyond = words("beyond_chance")
    changed = [
        words("trend_named", problem=row.label, last=row.values[0], now=row.values[1])
        for row in table.rows
        if row.values[-1] == beyond
    ]
    if not changed:
        return (words("trend_none", round=earlier.name),)
    return (words("trend_some", round=earlier.name, problems="; ".join(changed)),)


def _has_points(table: PictureTable) -> bool:
    return any(column.unit is Unit.POINTS_OF_CHANGE for column in table.columns)


def _told(
    chapter: Chapter,
    words: Words,
    earlier: Earlier,
    made: Sequence[PictureTable],
    told: Mapping[str, str],
) -> Chapter:
    """The tables in the chapter on the last round, and a fact in each block on a problem."""
    if chapter.code == "problems":
        return replace(chapter, blocks=tuple(_with_trend(block, words, told) for block in chapter.blocks))
    if chapter.code != "follow_up":
        return chapter
    block = Block(
        code="trend",
        heading=words("trend_heading", round=earlier.name),
        texts=(words("trend_lead"),),
        tables=tuple(table.code for table in made),
    )
    return replace(chapter, blocks=(block, *chapter.blocks))


def _with_trend(block: Block, words: Words, told: Mapping[str, str]) -> Block:
    kind, _, code = block.code.partition(":")
    if kind != "problem" or code not in told:
        return block
    fact = Fact(code="trend", label=words("f_trend"), text=told[code])
    return replace(block, facts=(*block.facts, fact))


# From a picture


def _wave(picture: ProblemPicture, role: str, asked: Asked) -> Wave:
    counts = _problems(picture) if role == PROBLEM else _answers(picture, role)
    return Wave(
        wording=asked.wording,
        choices=asked.choices,
        channels=frozenset(_shares(picture, "channels", "residents")),
        counts=counts,
        base=_answered(picture) if role == PROBLEM else None,
        composition={**_shares(picture, "ages"), **_shares(picture, "areas")},
    )


def _problems(picture: ProblemPicture) -> dict[str, int]:
    """Residents by focus issue and category that stands by itself."""
    skipped = ("no_answer", "unsorted", "no_problem", "unknown", "rest", "missing")
    return {
        code: count
        for code, count, level in _column(picture, "problems", "residents")
        if level == 0 and code not in skipped
    }


def _answered(picture: ProblemPicture) -> int:
    return sum(count for _, count, level in _column(picture, "problems", "residents") if level == 0)


def _answers(picture: ProblemPicture, role: str) -> dict[str, int]:
    """The answers to a question by choice, or by the ends of a scale; not why there is none."""
    return {
        code.removeprefix(f"{role}."): count
        for code, count, level in _column(picture, "questions_residents", "persons")
        if code.startswith(f"{role}.") and level == 1 and not code.endswith((".dont_know", ".rest"))
    }


def _shares(picture: ProblemPicture, table: str, column: str = "residents_percent") -> dict[str, int]:
    return {code: count for code, count, level in _column(picture, table, column) if level == 0}


def _column(picture: ProblemPicture, code: str, column: str) -> list[tuple[str, int, int]]:
    """Code, figure and level of the rows that have a figure in the column."""
    table = picture.table(code)
    at = [each.code for each in table.columns].index(column) if table and column in _codes(table) else None
    if table is None or at is None:
        return []
    return [(row.code, value, row.level) for row in table.rows if isinstance(value := row.values[at], int)]


def _codes(table: PictureTable) -> list[str]:
    return [column.code for column in table.columns]


# The table


def _table(picture: ProblemPicture, words: Words, earlier: Earlier, role: str, found: Trend) -> PictureTable:
    last, now = (_wave(each, role, Asked(wording={})) for each in (earlier.picture, picture))
    labels = _labels(picture, role)
    shares = found.comparable is Comparable.SHARES
    rows = tuple(
        Row(
            code=change.code,
            label=labels.get(change.code, change.code),
            values=_values(change, last, now, words, shares),
        )
        for change in found.changes
    )
    changed = Column(
        code="change",
        heading=words("points_of_change" if shares else "places_of_change"),
        unit=Unit.POINTS_OF_CHANGE if shares else Unit.PLACES_OF_CHANGE,
    )
    unit = Unit.PERCENT if shares else Unit.WORDS
    columns = [
        Column(code="last", heading=words("last_percent" if shares else "last_place"), unit=unit),
        Column(code="now", heading=words("now_percent" if shares else "now_place"), unit=unit),
        changed,
    ]
    if shares:
        columns.append(Column(code="reading", heading=words("reading"), unit=Unit.WORDS))
    title = words(f"t_trend_{role}")
    return PictureTable(
        code=f"trend_{role}",
        section=Section.TREND,
        title=title,
        corner=words("what"),
        columns=tuple(columns),
        rows=rows,
        note=words(f"comparable_{found.comparable}"),
        chart=Chart(
            title=title,
            columns=("last", "now"),
            rows=tuple(row.code for row in rows),
            alt=words(
                "trend_alt",
                title=title,
                changes="; ".join(f"{row.label} {row.values[2]}" for row in rows[:3]),
            ),
            kind=ChartKind.TREND,
        )
        if shares and len(rows) > 1
        else None,
    )


def _values(change: Change, last: Wave, now: Wave, words: Words, shares: bool) -> tuple[Value, ...]:
    if shares:
        reading = words("beyond_chance" if change.is_beyond_chance else "within_chance")
        before, after = _percent(last, change.code), _percent(now, change.code)
        return (before, after, after - before, reading)
    return (str(_place(last, now, change.code)), str(_place(now, last, change.code)), change.ranks)


def _percent(wave: Wave, code: str) -> int:
    return (200 * wave.counts[code] + wave.answered) // (2 * wave.answered)


def _place(wave: Wave, other: Wave, code: str) -> int:
    """Among those that both rounds have."""
    both = sorted(
        (each for each in wave.counts if each in other.counts), key=lambda each: (-wave.counts[each], each)
    )
    return both.index(code) + 1


def _labels(picture: ProblemPicture, role: str) -> dict[str, str]:
    if role == PROBLEM:
        table = picture.table("problems")
        return {row.code: row.label for row in table.rows} if table else {}
    table = picture.table("questions_residents")
    return {row.code.removeprefix(f"{role}."): row.label for row in table.rows} if table else {}
