"""Several municipalities side by side, from their released reports: what a police area reads. Nothing is added up, and
no figure is made that does not stand in one of the reports.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from summary.comparison_words import TEXTS
from summary.coverage import FEWER
from summary.material import in_sentence
from summary.picture import (
    Chart,
    ChartKind,
    Column,
    Paragraph,
    PictureTable,
    ProblemPicture,
    Row,
    Section,
    Unit,
    Value,
)
from summary.wording import Words

MOST = 12
"""Reports in one comparison: more columns nobody reads."""
_MOST_NAMED = 5
_SAYS_LITTLE = frozenset(
    {"rest", "others", "missing", "no_answer", "no_problem", "off_topic", "empty", "unsorted"}
)
"""Codes of rows, before any colon, that name no subject."""
_QUESTIONS = (
    "safety.very_safe_or_fairly_safe",
    "safety.fairly_unsafe_or_very_unsafe",
    "avoided.yes",
    "police.no_hardly_or_no_not_at_all",
    "municipality.no_hardly_or_no_not_at_all",
)
"""Answers of residents that a police area asks for first."""


class NotComparable(ValueError):
    """Why these reports cannot stand side by side. `code` is a key of the texts."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(Words("en", TEXTS)(code, **values))
        self.code = code
        self.values = values


@dataclass(frozen=True, kw_only=True, slots=True)
class _Town:
    """One report, with the name that its columns bear."""

    name: str
    picture: ProblemPicture

    def value(self, table: str, row: str, column: str) -> Value:
        found = self.picture.table(table)
        if found is None:
            return None
        at = next((n for n, each in enumerate(found.columns) if each.code == column), None)
        line = next((each for each in found.rows if each.code == row), None)
        return None if at is None or line is None else line.values[at]

    def rows(self, table: str) -> tuple[Row, ...]:
        found = self.picture.table(table)
        return found.rows if found else ()


def compare(pictures: Sequence[ProblemPicture], language: str = "sv") -> ProblemPicture:
    """The comparison as a picture of its own, for every exporter to write. Raises NotComparable."""
    words = Words(language, TEXTS)
    towns = _towns(pictures)
    return ProblemPicture(
        language=words.language,
        title=words("title"),
        subtitle=words.and_([town.name for town in towns]),
        status=_status(words, towns),
        rule="exact" if all(town.picture.rule == "exact" for town in towns) else "interim",
        counted_on=max(town.picture.counted_on for town in towns),
        demonstration=words("demonstration") if any(town.picture.demonstration for town in towns) else "",
        basis="",
        summary=tuple(_in_common(words, towns)),
        problems=tuple(_foremost(words, town) for town in towns),
        honesty=words("honesty"),
        tables=tuple(table for table in _tables(words, towns) if table.rows),
        method=tuple(_sources(words, towns)),
        codebook=(),
    )


def _towns(pictures: Sequence[ProblemPicture]) -> list[_Town]:
    if len(pictures) < 2:
        raise NotComparable("too_few")
    if len(pictures) > MOST:
        raise NotComparable("too_many", most=MOST)
    if len(set(pictures)) < len(pictures):
        raise NotComparable("twice")
    names = [picture.title.partition(": ")[2] or picture.title for picture in pictures]
    return [
        _Town(name=name if names.count(name) == 1 else f"{name}, {picture.subtitle}", picture=picture)
        for name, picture in zip(names, pictures, strict=True)
    ]


def _status(words: Words, towns: Sequence[_Town]) -> str:
    interim = [town.name for town in towns if town.picture.rule != "exact"]
    return words("interim", towns=words.and_(interim)) if interim else words("exact")


# What each says first


def _named(town: _Town, table: str = "problems") -> list[Row]:
    """The subjects that residents name, most first: parts rather than focus issues, which differ between rounds."""
    rows = town.rows(table)
    followed = {row.code for row, next_ in pairwise(rows) if next_.level > row.level}
    counted = [(row, town.value(table, row.code, "residents")) for row in rows if row.code not in followed]
    known = [(row, count) for row, count in counted if isinstance(count, int) and _says_something(row.code)]
    return [row for row, _ in sorted(known, key=lambda pair: -pair[1])]


def _says_something(code: str) -> bool:
    return code.partition(":")[0] not in _SAYS_LITTLE


def _foremost(words: Words, town: _Town) -> Paragraph:
    named = [_with_share(words, town, row) for row in _named(town)[:_MOST_NAMED]]
    text = words("foremost", problems=words.and_(named)) if named else words("nothing_shown")
    return Paragraph(heading=town.name, text=text)


def _with_share(words: Words, town: _Town, row: Row) -> str:
    share = town.value("problems", row.code, "residents_percent")
    return (
        in_sentence("category", row.label)
        if share is None
        else words("share", problem=in_sentence("category", row.label), percent=share)
    )


def _in_common(words: Words, towns: Sequence[_Town]) -> Iterator[str]:
    first = {town.name: [row.code for row in _named(town)[:_MOST_NAMED]] for town in towns}
    shared = [row for row in _named(towns[0]) if all(row.code in codes for codes in first.values())]
    if shared:
        labels = [in_sentence("category", row.label) for row in shared]
        yield words("in_common", most=_MOST_NAMED, problems=words.and_(labels))
    for town in towns:
        own = [row for row in _named(town)[:_MOST_NAMED] if _is_own(row.code, town, first)]
        if own:
            yield words(
                "own",
                town=town.name,
                problems=words.and_([in_sentence("category", row.label) for row in own]),
            )


def _is_own(code: str, town: _Town, first: dict[str, list[str]]) -> bool:
    return all(code not in codes for name, codes in first.items() if name != town.name)


# The tables: a row for each thing compared, a column for each municipality


def _tables(words: Words, towns: Sequence[_Town]) -> Iterator[PictureTable]:
    yield _shares(words, towns, "problems", Section.PROBLEMS, list(_codes(towns)), "problems")
    yield _order(words, towns)
    yield _where_and_when(words, towns)
    yield _shares(words, towns, "questions", Section.QUESTIONS, list(_QUESTIONS), "questions_residents")
    yield _answered(words, towns)
    yield _missing(words, towns)


def _columns(towns: Sequence[_Town], unit: Unit) -> tuple[Column, ...]:
    return tuple(Column(code=f"town_{n}", heading=town.name, unit=unit) for n, town in enumerate(towns))


def _answered(words: Words, towns: Sequence[_Town]) -> PictureTable:
    columns = (
        Column(code="basis", heading=words("basis"), unit=Unit.WORDS),
        Column(code="period", heading=words("period"), unit=Unit.WORDS),
        Column(code="counted_on", heading=words("counted_on"), unit=Unit.WORDS),
    )
    rows = tuple(
        Row(
            code=f"town_{n}",
            label=town.name,
            values=(town.picture.basis or None, town.picture.subtitle, town.picture.counted_on),
        )
        for n, town in enumerate(towns)
    )
    return PictureTable(
        code="answered",
        section=Section.RESPONDENTS,
        title=words("t_answered"),
        corner=words("municipality"),
        columns=columns,
        rows=rows,
    )


def _codes(towns: Sequence[_Town]) -> Iterable[str]:
    """Problems and their parts in the order of the first report that has them."""
    codes = (row.code for town in towns for row in town.rows("problems"))
    return dict.fromkeys(filter(_says_something, codes))


def _shares(
    words: Words, towns: Sequence[_Town], code: str, section: Section, rows: Sequence[str], table: str
) -> PictureTable:
    """Percent of the residents in each report, where it has them."""
    column = "residents_percent" if table == "problems" else "percent"
    found = [_share_row(towns, table, row, column) for row in rows]
    shown = tuple(row for row in found if any(value is not None for value in row.values))
    columns = _columns(towns, Unit.PERCENT)
    return PictureTable(
        code=code,
        section=section,
        title=words(f"t_{code}"),
        corner=words("problem" if table == "problems" else "question"),
        columns=columns,
        rows=shown,
        lead=words(f"l_{code}"),
        note=words("empty"),
        chart=_chart(words(f"t_{code}"), columns, shown),
        heat=True,
    )


def _share_row(towns: Sequence[_Town], table: str, code: str, column: str) -> Row:
    rows = [row for town in towns for row in town.rows(table) if row.code == code]
    label, level = (rows[0].label, rows[0].level) if rows else (code, 0)
    if table != "problems":  # the answer alone does not say what was asked
        asked = next((r.label for t in towns for r in t.rows(table) if r.code == code.partition(".")[0]), "")
        label, level = f"{asked} {label}".strip(), 0
    values = tuple(town.value(table, code, column) for town in towns)
    return Row(code=code, label=label, values=values, level=min(level, 1))


def _chart(title: str, columns: Sequence[Column], rows: Sequence[Row]) -> Chart | None:
    drawn = [row for row in rows if not row.level]
    if not drawn:
        return None
    said = "; ".join(
        f"{row.label}: "
        + ", ".join(
            f"{c.heading} {'–' if v is None else f'{v} %'}" for c, v in zip(columns, row.values, strict=True)
        )
        for row in drawn
    )
    return Chart(
        title=title,
        columns=tuple(column.code for column in columns),
        rows=tuple(row.code for row in drawn),
        alt=f"{title}. {said}.",
        kind=ChartKind.GRID,
    )


def _order(words: Words, towns: Sequence[_Town]) -> PictureTable:
    """The problems in order for each: what may be compared where levels may not."""
    named = [_named(town)[:_MOST_NAMED] for town in towns]
    rows = tuple(
        Row(
            code=f"{n + 1}",
            label=f"{n + 1}",
            values=tuple(rows[n].label if n < len(rows) else None for rows in named),
        )
        for n in range(max(map(len, named)))
    )
    return PictureTable(
        code="order",
        section=Section.PROBLEMS,
        title=words("t_order"),
        corner=words("place_in_order"),
        columns=_columns(towns, Unit.WORDS),
        rows=rows,
    )


def _where_and_when(words: Words, towns: Sequence[_Town]) -> PictureTable:
    rows = tuple(
        Row(code=table, label=words(table), values=tuple(_most(words, town, table) for town in towns))
        for table in ("times", "places", "wishes")
    )
    return PictureTable(
        code="where_and_when",
        section=Section.PLACES,
        title=words("t_where_and_when"),
        corner=words("most_named"),
        columns=_columns(towns, Unit.WORDS),
        rows=tuple(row for row in rows if any(row.values)),
    )


def _most(words: Words, town: _Town, table: str) -> str | None:
    labels = [row.label for row in _named(town, table)[:3]]
    if table != "places":
        labels[1:] = [in_sentence("", label) for label in labels[1:]]
    return words.and_(labels) or None


def _missing(words: Words, towns: Sequence[_Town]) -> PictureTable:
    """The groups with fewest answers for their number, in each."""
    rows = tuple(
        Row(code=f"town_{n}", label=town.name, values=(_underrepresented(words, town),))
        for n, town in enumerate(towns)
    )
    return PictureTable(
        code="missing",
        section=Section.RESPONDENTS,
        title=words("t_missing"),
        corner=words("municipality"),
        columns=(Column(code="groups", heading=words("groups"), unit=Unit.WORDS),),
        rows=tuple(row for row in rows if row.values[0]),
    )


def _underrepresented(words: Words, town: _Town) -> str | None:
    shares = [
        (answers / population, row.label, answers, population)
        for row in town.rows("coverage")
        if isinstance(answers := town.value("coverage", row.code, "answers_percent"), int)
        and isinstance(population := town.value("coverage", row.code, "population_percent"), int)
        and answers < FEWER * population
    ]
    few = [words("few", group=label, answers=a, population=p) for _, label, a, p in sorted(shares)[:3]]
    return words.and_(few) or None


# Where it comes from


def _sources(words: Words, towns: Sequence[_Town]) -> Iterator[Paragraph]:
    yield Paragraph(heading=words("h_sources"), text=words("p_sources"))
    for town in towns:
        yield Paragraph(
            heading=town.name, text=f"{town.picture.subtitle}. {town.picture.status} {town.picture.honesty}"
        )
