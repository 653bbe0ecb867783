"""Suggestions for the priority matrix, and the scores that a working group gives instead.

Each criterion has 0 to 3. A suggestion says why it is made, and none is made where the answers cannot tell. Nothing is
added up and nothing is decided here: the group weighs, the citizens' view (the first three) before the others.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from summary.certainty import Certainty
from summary.material import Line, Material, percent
from summary.picture import (
    Block,
    Chapter,
    Column,
    Fact,
    PictureTable,
    ProblemPicture,
    Row,
    Section,
    Unit,
    Value,
)
from summary.problems import EMPLOYEES, RESIDENTS, certainty_of, leading, named_in, problem_lines, rank
from summary.rows import Table
from summary.wording import Words
from text.typography import capitalised

_MANY, _MOST_FOCI = 2, 3
MOST = 3
"""The highest score of a criterion."""


class Criterion(StrEnum):
    """In the order in which they are weighed: the citizens' view, the check against it, what can be done."""

    RESIDENTS = "residents"
    SEVERITY = "severity"
    SPREAD = "spread"
    EMPLOYEES = "employees"
    STATISTICS = "statistics"
    INFLUENCE = "influence"
    OWNERSHIP = "ownership"


_CODES = [criterion.value for criterion in Criterion]


@dataclass(frozen=True, kw_only=True, slots=True)
class Suggestion:
    """`score` is None where the answers cannot tell; `reason` says so too."""

    score: int | None
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class GivenScore:
    """What the group has decided of a problem, by its code in the picture."""

    problem: str
    criterion: Criterion
    score: int | None
    """None takes the group's score back: the suggestion stands again."""
    reason: str


_HARM: Mapping[str, int] = {
    "F_TRAFFIC": 2, "F_YOUTH": 2, "traffic_offences": 2, "traffic_vehicles": 2, "traffic_environment": 2, "violence": 3,
    "harassment": 3, "youth_substance": 2, "drug_trade": 2, "fraud": 2, "social_vulnerability": 2,
    "domestic_violence": 3, "hate_discrimination": 3, "organised_crime": 3,
}  # fmt: skip
"""How hard a problem can hit by its kind: 3 serious harm to a person, 2 injury or children, 1 for all others."""


def suggestions(material: Material, line: Line) -> dict[Criterion, Suggestion]:
    """One for each criterion that a program can say anything of; the last two are the group's alone."""
    words = material.words
    return {
        Criterion.RESIDENTS: _residents(material, line),
        Criterion.SEVERITY: Suggestion(
            score=_HARM.get(line.key[1], 1), reason=words(f"why_severity_{_HARM.get(line.key[1], 1)}")
        ),
        Criterion.SPREAD: _spread(material, line),
        Criterion.EMPLOYEES: _employees(material, line),
        Criterion.STATISTICS: Suggestion(score=None, reason=words("why_statistics_none")),
        Criterion.INFLUENCE: Suggestion(score=None, reason=words("why_group")),
        Criterion.OWNERSHIP: Suggestion(score=None, reason=words("why_group")),
    }


def _residents(material: Material, line: Line) -> Suggestion:
    base = material.answered(RESIDENTS)
    share = percent(line.count, base)
    if share is None:
        return Suggestion(score=None, reason=material.words("why_residents_few"))
    score = sum(share >= least for least in (5, 10, 20))
    reason = material.words("why_residents", count=material.number(line.count), base=base, percent=share)
    return Suggestion(score=score, reason=capitalised(reason))


def _spread(material: Material, line: Line) -> Suggestion:
    crossed = material.crossed(Table.PROBLEM_AREA, RESIDENTS)
    areas = [
        column
        for column in crossed.columns
        if material.line("area", column, crossed.columns).key[0] == "code"
    ] if crossed else []  # fmt: skip
    if not material.counts.rule.exact:
        return Suggestion(score=None, reason=material.words("why_spread_later"))
    if len(areas) < 2:
        return Suggestion(score=None, reason=material.words("why_spread_none"))
    named = len(named_in(material, line, Table.PROBLEM_AREA))
    score = MOST if named == len(areas) else 2 if 2 * named > len(areas) else 1 if named > 1 else 0
    return Suggestion(score=score, reason=material.words("why_spread", named=named, areas=len(areas)))


def _employees(material: Material, line: Line) -> Suggestion:
    lines = problem_lines(material, EMPLOYEES)
    if not lines:
        return Suggestion(score=None, reason=material.words("why_employees_none"))
    place = rank(line, lines)
    if place is None:
        return Suggestion(score=0, reason=material.words("why_employees_not"))
    score = MOST if place == 1 else 2 if place <= 3 else 1
    return Suggestion(score=score, reason=material.words("why_employees", place=place))


def focus(material: Material) -> tuple[str, ...]:
    """The problems to be weighed first as focus issues: many name them, and the answers bear it. At most three."""
    words, found = material.words, []
    for line in leading(material):
        named = suggestions(material, line)[Criterion.RESIDENTS].score or 0
        certain = certainty_of(material, line)
        if named >= _MANY and certain is not Certainty.LOW:
            found.append(words("focus", problem=line.label, level=words(f"certainty_{certain}")))
    return tuple(found[:_MOST_FOCI])


# In the picture


def priorities(material: Material) -> PictureTable | None:
    """The suggested scores of the leading problems; criteria without any are no columns."""
    rows = [
        Row(
            code=line.key[1],
            label=line.label,
            values=tuple(suggested.score for suggested in suggestions(material, line).values()),
        )
        for line in leading(material)
    ]
    return _table(material.words, rows, _CODES) if rows else None


def priority_blocks(material: Material) -> tuple[Block, ...]:
    """How the scores were come to, problem by problem."""
    words = material.words
    return tuple(
        Block(
            code=f"priority:{line.key[1]}",
            heading=line.label,
            facts=tuple(
                Fact(
                    code=criterion.value, label=words(f"p_{criterion}"), text=_said(words, "suggested", each)
                )
                for criterion, each in suggestions(material, line).items()
            ),
        )
        for line in leading(material)
    )


def _said(words: Words, key: str, each: Suggestion) -> str:
    return each.reason if each.score is None else words(key, score=each.score, reason=each.reason)


def _table(words: Words, rows: Sequence[Row], criteria: Sequence[str]) -> PictureTable:
    """The rows by criterion, without those of which no problem has a score."""
    kept = [at for at in range(len(criteria)) if any(row.values[at] is not None for row in rows)]
    return PictureTable(
        code="priorities",
        section=Section.PRIORITIES,
        title=words("t_priorities"),
        corner=words("problem"),
        columns=tuple(
            Column(code=criteria[at], heading=words(f"p_{criteria[at]}"), unit=Unit.SCORE) for at in kept
        ),
        rows=tuple(replace(row, values=tuple(row.values[at] for at in kept)) for row in rows),
        lead=words("l_priorities"),
        note=words("n_priorities"),
    )


# What is put in when a picture is written


def with_suggestion(
    picture: ProblemPicture, criterion: Criterion, found: Mapping[str, Suggestion]
) -> ProblemPicture:
    """The picture with suggestions by problem for a criterion that was empty when it was made."""
    return _changed(picture, "suggested", {(problem, criterion): each for problem, each in found.items()})


def with_scores(picture: ProblemPicture, given: Iterable[GivenScore]) -> ProblemPicture:
    """The picture with the group's scores in place of the suggestions. Who gave them stands in the round, not here."""
    found = {
        (each.problem, each.criterion): Suggestion(score=each.score, reason=each.reason)
        for each in given
        if each.score is not None
    }
    return _changed(picture, "scored", found)


def _changed(
    picture: ProblemPicture, key: str, found: Mapping[tuple[str, Criterion], Suggestion]
) -> ProblemPicture:
    before = picture.table("priorities")
    if before is None or not found:
        return picture
    words, criteria = Words(picture.language), list(Criterion)
    codes = [column.code for column in before.columns]

    def values(row: Row) -> tuple[Value, ...]:
        old = dict(zip(codes, row.values, strict=True))
        return tuple(
            found[row.code, each].score if (row.code, each) in found else old.get(each) for each in criteria
        )

    table = _table(words, [replace(row, values=values(row)) for row in before.rows], _CODES)
    return replace(
        picture,
        tables=tuple(table if each.code == "priorities" else each for each in picture.tables),
        chapters=tuple(_chapter(chapter, words, key, found) for chapter in picture.chapters),
    )


def _chapter(
    chapter: Chapter, words: Words, key: str, found: Mapping[tuple[str, Criterion], Suggestion]
) -> Chapter:
    def fact(block: Block, before: Fact) -> Fact:
        each = found.get((block.code.removeprefix("priority:"), Criterion(before.code)))
        if each is None:
            return before
        said = _said(words, key, each)
        return replace(before, text=said if key == "suggested" else f"{said} {before.text}")

    return replace(
        chapter,
        blocks=tuple(
            replace(block, facts=tuple(fact(block, each) for each in block.facts))
            if block.code.startswith("priority:")
            else block
            for block in chapter.blocks
        ),
    )
