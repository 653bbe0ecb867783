"""Statistics that others publish, put into a released picture beside the answers. No figure of the answers is touched,
and none is computed from both.

Put in when the picture is written and not when it is released: statistics come when they come, and the answers' figures
are released once.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from summary.picture import (
    Block,
    Chapter,
    Column,
    Fact,
    Paragraph,
    PictureTable,
    ProblemPicture,
    Row,
    Section,
    Unit,
    Value,
)
from summary.priorities import Criterion, Suggestion, with_suggestion
from summary.published import PublishedFigure, PublishedTable
from summary.wording import Words

_LATEST = 5
"""Periods of a table that are shown: older ones make a trend that nobody can act on."""
_MEAN_OF = 3
"""In a small municipality one year is chance: the mean of three stands beside it."""
_BEFORE = frozenset(
    {Section.PROBLEMS, Section.AREAS, Section.TIMES, Section.PLACES, Section.WHO, Section.WISHES}
)
"""Sections that the statistics come after."""
_CHAPTERS_BEFORE = frozenset({"assignment", "method", "respondents", "problems", "areas"})


@dataclass(frozen=True, kw_only=True, slots=True)
class _Series:
    """The figures of one indicator in one unit and area, by period."""

    indicator: str
    unit: str
    area: str
    values: Mapping[str, PublishedFigure]

    @property
    def label(self) -> str:
        return f"{self.indicator} ({self.unit})" if self.unit else self.indicator


def with_statistics(picture: ProblemPicture, tables: Sequence[PublishedTable]) -> ProblemPicture:
    """The picture with a chapter of statistics; as it is where there are none."""
    if not tables:
        return picture
    words = Words(picture.language)
    made = [_beside(picture, tables, words), *(_table(picture, table, words) for table in tables)]
    picture = with_suggestion(picture, Criterion.STATISTICS, _suggested(picture, tables, words))
    first, rest = _parted(picture)
    return replace(
        picture,
        chapters=_with_chapter(
            [_with_facts(picture, chapter, tables, words) for chapter in picture.chapters],
            [table.code for table in made if table.rows],
            words,
        ),
        tables=(*first, *(table for table in made if table.rows), *rest),
        method=(*picture.method, Paragraph(heading=words("h_statistics"), text=words("p_published"))),
    )


def _parted(picture: ProblemPicture) -> tuple[list[PictureTable], list[PictureTable]]:
    """The tables that stand before the statistics, and those after."""
    first = [table for table in picture.tables if table.section in _BEFORE]
    return first, [table for table in picture.tables if table.section not in _BEFORE]


# In the chapters


def _with_chapter(chapters: Sequence[Chapter], tables: Sequence[str], words: Words) -> tuple[Chapter, ...]:
    """A chapter with the tables behind those on problems and areas; none in a picture without chapters."""
    at = next((at for at, chapter in enumerate(chapters) if chapter.code not in _CHAPTERS_BEFORE), None)
    if at is None:
        return tuple(chapters)
    block = Block(code="statistics", texts=(words("p_published"),), tables=tuple(tables))
    made = Chapter(code="statistics", heading=words("s_statistics"), blocks=(block,))
    return (*chapters[:at], made, *chapters[at:])


def _with_facts(
    picture: ProblemPicture, chapter: Chapter, tables: Sequence[PublishedTable], words: Words
) -> Chapter:
    """The blocks on problems with one sentence for each indicator that has to do with them."""

    def block(before: Block) -> Block:
        kind, _, code = before.code.partition(":")
        codes = picture.parts_of(code) if kind == "problem" else ()
        told = [_sentence(table, one, words) for each in codes for table, one in _about(tables, each)]
        if not told:
            return before
        fact = Fact(code="statistics", label=words("f_statistics"), text=" ".join(told))
        return replace(before, facts=(*before.facts, fact))

    return replace(chapter, blocks=tuple(block(each) for each in chapter.blocks))


def _sentence(table: PublishedTable, one: _Series, words: Words) -> str:
    latest, mean = _latest(one), _mean(one)
    key = "statistics_say" if mean is None else "statistics_say_mean"
    source = words(f"source_{table.source}")
    return words(
        key, indicator=one.label, source=source, value=_figure(_value(one, latest), words), period=latest,
        mean=_figure(mean, words),
    )  # fmt: skip


def _suggested(
    picture: ProblemPicture, tables: Sequence[PublishedTable], words: Words
) -> dict[str, Suggestion]:
    """By problem, from the first indicator that has three years: whether the latest is above or below their mean."""
    before = picture.table("priorities")
    found: dict[str, Suggestion] = {}
    for row in before.rows if before else ():
        about = [each for code in picture.parts_of(row.code) for each in _about(tables, code)]
        for table, one in about:
            latest, mean = _value(one, _latest(one)), _mean(one)
            if row.code not in found and isinstance(latest, int | float) and mean:
                score = 2 if latest >= 1.1 * mean else 0 if latest <= 0.9 * mean else 1
                reason = words(
                    "why_statistics", indicator=one.label, source=words(f"source_{table.source}"),
                    latest=_figure(latest, words), mean=_figure(mean, words),
                )  # fmt: skip
                found[row.code] = Suggestion(score=score, reason=reason)
    return found


def _latest(series: _Series) -> str:
    """The latest period with a figure."""
    return max(period for period, figure in series.values.items() if figure.value is not None)


def _figure(value: Value, words: Words) -> str:
    return str(value).replace(".", "," if words.language == "sv" else ".")


# One table as its source publishes it


def _table(picture: ProblemPicture, table: PublishedTable, words: Words) -> PictureTable:
    periods = sorted({figure.period for figure in table.figures})[-_LATEST:]
    series = list(_series(table.figures))
    means = {id(one): _mean(one) for one in series}
    columns = [Column(code=period, heading=period, unit=Unit.PUBLISHED) for period in periods]
    with_mean = any(mean is not None for mean in means.values())
    if with_mean:
        columns.append(Column(code="mean", heading=words("mean_of", count=_MEAN_OF), unit=Unit.PUBLISHED))
    rows = [
        Row(
            code=code,
            label=label,
            values=(
                *(_value(one, period) for period in periods),
                *((means[id(one)] if one else None,) if with_mean else ()),
            ),
            level=level,
        )
        for code, label, level, one in _lines(picture, series, words)
    ]
    shown = [figure for figure in table.figures if figure.period in periods]
    return PictureTable(
        code=f"statistics:{table.source}:{table.table_id}",
        section=Section.STATISTICS,
        title=table.title,
        corner=words("indicator"),
        columns=tuple(columns),
        rows=tuple(rows),
        lead=_source(table, periods, words),
        note=" ".join(filter(None, [_caution(table, words), _marks(shown, words), words("n_published")])),
    )


def _series(figures: Iterable[PublishedFigure]) -> Iterator[_Series]:
    """In the order of the file."""
    found: dict[tuple[str, str, str], dict[str, PublishedFigure]] = {}
    for figure in figures:
        found.setdefault((figure.indicator, figure.unit, figure.area), {})[figure.period] = figure
    for (indicator, unit, area), values in found.items():
        yield _Series(indicator=indicator, unit=unit, area=area, values=values)


def _lines(
    picture: ProblemPicture, series: Sequence[_Series], words: Words
) -> Iterator[tuple[str, str, int, _Series | None]]:
    """Code, label, level and figures of each row: an indicator, of the municipality, and its areas below."""
    names = {term.code: term.label for term in picture.codebook if term.list == "area"}
    heads = list(dict.fromkeys((one.indicator, one.unit) for one in series))
    for number, head in enumerate(heads, 1):
        of_head = [one for one in series if (one.indicator, one.unit) == head]
        whole = next((one for one in of_head if not one.area), None)
        yield f"indicator_{number}", of_head[0].label, 0, whole
        for one in of_head:
            if one.area:
                yield f"indicator_{number}.{one.area}", names.get(one.area, one.area), 1, one


def _value(series: _Series | None, period: str) -> Value:
    figure = series.values.get(period) if series else None
    return figure.value if figure else None


def _mean(series: _Series) -> float | None:
    """Of the latest three years, to one decimal; None unless all three have a figure."""
    years = sorted(period for period in series.values if period.isdecimal())[-_MEAN_OF:]
    values = [series.values[year].value for year in years]
    known = [value for value in values if value is not None]
    if len(known) < _MEAN_OF or int(years[-1]) - int(years[0]) != _MEAN_OF - 1:
        return None
    return round(sum(known) / _MEAN_OF, 1)


def _source(table: PublishedTable, periods: Sequence[str], words: Words) -> str:
    return words(
        "l_published",
        source=words(f"source_{table.source}"),
        table=table.table_id,
        periods=periods[0] if len(periods) == 1 else f"{periods[0]}–{periods[-1]}",
        day=words.day(table.imported_on),
    )


def _caution(table: PublishedTable, words: Words) -> str:
    return table.caution or words(f"caution_{table.source}")


def _marks(figures: Iterable[PublishedFigure], words: Words) -> str:
    """What an empty cell means, with the marks that stood there in the source."""
    marks = list(dict.fromkeys(figure.mark for figure in figures if figure.value is None))
    return words("n_published_blank", marks=" ".join(marks)) if marks else ""


# Problems of the answers beside what the statistics say of them


def _beside(picture: ProblemPicture, tables: Sequence[PublishedTable], words: Words) -> PictureTable:
    """Each problem with its answers as they were released, and below it the indicators that have to do with it."""
    answers = _answers(picture)
    columns = [column for column in _columns_of(picture) if column.code in ("residents", "employees")]
    rows: list[Row] = []
    used: dict[str, PublishedTable] = {}
    for code, label in _problems(picture, tables):
        counts = answers.get(code, {})
        rows.append(
            Row(code=code, label=label, values=(*(counts.get(c.code) for c in columns), None, None, None))
        )
        for table, one in _about(tables, code):
            used[table.source] = table
            latest = _latest(one)
            values = (*(None for _ in columns), latest, _value(one, latest), _mean(one))
            label = f"{one.label}, {words(f'source_{table.source}')}"
            rows.append(Row(code=f"{code}.{len(rows)}", label=label, values=values, level=1))
    return PictureTable(
        code="beside",
        section=Section.STATISTICS,
        title=words("t_beside"),
        corner=words("problem"),
        columns=(
            *columns,
            Column(code="period", heading=words("of_period"), unit=Unit.WORDS),
            Column(code="latest", heading=words("latest"), unit=Unit.PUBLISHED),
            Column(code="mean", heading=words("mean_of", count=_MEAN_OF), unit=Unit.PUBLISHED),
        ),
        rows=tuple(rows),
        lead=words("l_beside"),
        note=" ".join(
            dict.fromkeys([*(_caution(table, words) for table in used.values()), words("n_published")])
        ),
    )


def _columns_of(picture: ProblemPicture) -> Sequence[Column]:
    table = picture.table("problems")
    return table.columns if table else ()


def _answers(picture: ProblemPicture) -> dict[str, dict[str, Value]]:
    """Released counts of each problem by column."""
    table = picture.table("problems")
    if table is None:
        return {}
    codes = [column.code for column in table.columns]
    return {row.code: dict(zip(codes, row.values, strict=True)) for row in table.rows}


def _problems(picture: ProblemPicture, tables: Sequence[PublishedTable]) -> Iterator[tuple[str, str]]:
    """Problems that any indicator has to do with, in the order of the codebook."""
    named = {code for table in tables for code in table.about.values()}
    for term in picture.codebook:
        if term.list == "category" and term.code in named and any(_about(tables, term.code)):
            yield term.code, term.label


def _about(tables: Sequence[PublishedTable], code: str) -> list[tuple[PublishedTable, _Series]]:
    """Figures of the whole municipality, of indicators that have to do with the problem."""
    return [
        (table, one)
        for table in tables
        for one in _series(table.figures)
        if table.about.get(one.indicator) == code
        and not one.area
        and any(figure.value is not None for figure in one.values.values())
    ]
