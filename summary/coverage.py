"""Who has answered compared with who lives there: shares of released groups beside their shares of the population."""

from dataclasses import dataclass

from summary.material import PERCENT_BASE, Material, percent
from summary.picture import Chart, ChartKind, Column, PictureTable, Row, Section, Unit
from summary.released import Group
from summary.rows import Stream, Table

FEWER, MORE = 0.8, 1.25
"""Ratios of the share of answers to the share of inhabitants beyond which a group is said to be missing or ample."""

_MOST_NAMED = 3
_TABLES = ((Table.AREA, "area"), (Table.AGE, "age"), (Table.GENDER, "gender"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Represented:
    """One group with its whole percent of the answers and of the inhabitants."""

    table: Table
    code: str
    label: str
    answers: int
    population: int

    @property
    def ratio(self) -> float:
        return self.answers / max(1, self.population)


def represented(material: Material) -> list[Represented]:
    """The resident groups whose population is known, as many as can be shown."""
    return [each for table, name in _TABLES for each in _of_table(material, table, name)]


def _of_table(material: Material, table: Table, list_name: str) -> list[Represented]:
    inhabitants = {p.code: p.persons for p in material.counts.population if p.table is table}
    released = material.groups(table, Stream.RESIDENTS)
    silent = set(inhabitants) & set(material.codebook.leaves(list_name))
    silent -= {code for group in released for code in group.codes}
    groups = [group for group in released if set(group.codes) <= set(inhabitants)]
    groups += [
        Group(codes=(code,), within="", count=0) for code in material.codebook.order(list_name, silent)
    ]
    base, everybody = sum(group.count for group in groups), sum(inhabitants.values())
    if base < PERCENT_BASE or len(groups) < 2:
        return []
    return [
        Represented(
            table=table,
            code=f"{list_name}:{group.codes[0]}",
            label=_label(material, list_name, group),
            answers=percent(group.count, base) or 0,
            population=percent(sum(inhabitants[code] for code in group.codes), everybody) or 0,
        )
        for group in groups
    ]


def _label(material: Material, list_name: str, group: Group) -> str:
    """What is joined of the whole is called by its codes while they are few, since it matters who they are."""
    if group.within or len(group.codes) > _MOST_NAMED:
        return material.line(list_name, group, material.groups(Table(list_name), Stream.RESIDENTS)).label
    return material.words.and_([material.label(list_name, code) for code in group.codes])


def missing(material: Material, most: int = 3) -> list[Represented]:
    """The groups with fewest answers for their size."""
    few = [group for group in represented(material) if group.ratio < FEWER and group.population >= 2]
    return sorted(few, key=lambda group: group.ratio)[:most]


def coverage(material: Material) -> PictureTable:
    words = material.words
    groups = represented(material)
    return PictureTable(
        code="coverage",
        section=Section.RESPONDENTS,
        title=words("t_coverage"),
        corner=words("group"),
        columns=(
            Column(code="answers_percent", heading=words("of_answers"), unit=Unit.PERCENT),
            Column(code="population_percent", heading=words("of_population"), unit=Unit.PERCENT),
            Column(code="verdict", heading=words("verdict"), unit=Unit.WORDS),
        ),
        rows=tuple(row for table, name in _TABLES for row in _rows(material, name, groups, table)),
        note=words("n_coverage"),
        chart=_chart(material, groups),
    )


def _rows(material: Material, name: str, groups: list[Represented], table: Table) -> list[Row]:
    words = material.words
    rows = [
        Row(
            code=group.code,
            label=group.label,
            values=(group.answers, group.population, words(f"verdict_{_verdict(group)}")),
            level=1,
        )
        for group in groups
        if group.table is table
    ]
    return [Row(code=name, label=words(f"of_{name}"), values=(None, None, None)), *rows] if rows else []


def _verdict(group: Represented) -> str:
    return "fewer" if group.ratio < FEWER else "more" if group.ratio > MORE else "level"


def _chart(material: Material, groups: list[Represented]) -> Chart | None:
    if not groups:
        return None
    title = material.words("t_coverage")
    few = [group.label for group in missing(material)] or ["–"]
    return Chart(
        title=title,
        columns=("answers_percent", "population_percent"),
        rows=tuple(group.code for group in groups),
        alt=material.words("coverage_alt", title=title, groups=material.words.and_(few)),
        kind=ChartKind.COVERAGE,
    )
