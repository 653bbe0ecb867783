"""The tables of the problem picture, one function each: figures from protected counts, headings from the words."""

from collections.abc import Mapping

from summary.columns import Figures, bar_chart, blank_note, of_persons, of_points, percent_note, side_by_side
from summary.coverage import coverage
from summary.grids import clock, matrix
from summary.material import Line, Material, given, is_problem, percent, says_something
from summary.picture import Column, PictureTable, Row, Section, Unit
from summary.priorities import priorities
from summary.respondents import (
    last_question,
    meetings,
    missing_groups,
    outcomes,
    persons,
    place_codes,
    safeguards,
)
from summary.rows import Stream, Table
from summary.weighted import weighted

_RESIDENTS, _EMPLOYEES, _DIALOGUE = Stream.RESIDENTS, Stream.EMPLOYEES, Stream.DIALOGUE


def all_tables(material: Material) -> tuple[PictureTable, ...]:
    """Every table that has anything to show, in the order of the chapters."""
    made: list[PictureTable | None] = [
        _problems(material),
        _areas(material),
        matrix(material, "problem_area", Section.AREAS, Table.PROBLEM_AREA, ("category", "area")),
        matrix(material, "safety_area", Section.AREAS, Table.SAFETY_AREA, ("safety", "area")),
        _times(material),
        clock(material),
        matrix(material, "problem_time", Section.TIMES, Table.PROBLEM_TIME, ("category", "when")),
        _places(material),
        matrix(material, "problem_place", Section.PLACES, Table.PROBLEM_PLACE, ("category", "place")),
        matrix(material, "problem_age", Section.WHO, Table.PROBLEM_AGE, ("category", "age")),
        matrix(material, "problem_gender", Section.WHO, Table.PROBLEM_GENDER, ("category", "gender")),
        _wishes(material),
        matrix(material, "problem_wish", Section.WISHES, Table.PROBLEM_WISH, ("category", "category")),
        *(_closed(material, stream) for stream in (_RESIDENTS, _EMPLOYEES)),
        *(_several(material, stream) for stream in (_RESIDENTS, _EMPLOYEES)),
        priorities(material),
        coverage(material),
        persons(material, "ages", Table.AGE, "age"),
        persons(material, "genders", Table.GENDER, "gender"),
        persons(material, "roles", Table.ROLE, "role"),
        persons(material, "workplaces", Table.ROLE, "workplace", stream=_EMPLOYEES),
        meetings(material),
        missing_groups(material),
        outcomes(material),
        last_question(material),
        persons(material, "channels", Table.CHANNEL, "channel", section=Section.COLLECTION),
        persons(material, "languages", Table.LANGUAGE, "language", section=Section.COLLECTION),
        place_codes(material),
        safeguards(material),
        weighted(material),
    ]
    return tuple(table for table in made if table is not None and table.rows)


# What is wrong, and what should be done


def _problems(material: Material) -> PictureTable:
    words = material.words
    figures = of_persons(material, Table.PROBLEM, "category", (_RESIDENTS, _EMPLOYEES))
    figures += of_points(material)
    rows = side_by_side(figures)
    return PictureTable(
        code="problems",
        section=Section.PROBLEMS,
        title=words("t_problems"),
        corner=words("problem"),
        columns=tuple(column.column for column in figures),
        rows=rows,
        lead=words("l_problems"),
        note=" ".join(filter(None, [blank_note(material, rows), percent_note(material, figures)])),
        chart=bar_chart(material, words("t_problems"), figures, is_problem),
    )


def _wishes(material: Material) -> PictureTable:
    words = material.words
    figures = of_persons(material, Table.WISH, "category", (_RESIDENTS, _EMPLOYEES))
    rows = side_by_side(figures)
    return PictureTable(
        code="wishes",
        section=Section.WISHES,
        title=words("t_wishes"),
        corner=words("wish_about"),
        columns=tuple(column.column for column in figures),
        rows=rows,
        note=" ".join(filter(None, [blank_note(material, rows), percent_note(material, figures)])),
        chart=bar_chart(material, words("t_wishes"), figures, is_problem),
    )


# Where and when


def _areas(material: Material) -> PictureTable:
    return persons(
        material, "areas", Table.AREA, "area", section=Section.AREAS, streams=(_RESIDENTS, _EMPLOYEES)
    )


def _times(material: Material) -> PictureTable:
    figures = [
        _counts(material, stream.value, material.several(Table.TIME, stream), "when")
        for stream in (_RESIDENTS, _EMPLOYEES)
    ]
    return PictureTable(
        code="times",
        section=Section.TIMES,
        title=material.words("t_times"),
        corner=material.words("time"),
        columns=tuple(column.column for column in figures if column.lines),
        rows=side_by_side([column for column in figures if column.lines]),
        note=material.words("n_several", threshold=material.counts.rule.threshold),
        chart=bar_chart(material, material.words("t_times"), figures, says_something, sort=False),
    )


def _counts(
    material: Material, code: str, counts: Mapping[str, int], list_name: str, level: int = 0
) -> Figures:
    """Counts that make up no total, in the order of their list."""
    column = Column(code=code, heading=material.words(code), unit=Unit.PERSONS)
    ordered = material.codebook.order(list_name, counts)
    lines = tuple(
        Line(
            key=("code", at), label=material.label(list_name, at), level=level, count=counts[at], codes=(at,)
        )
        for at in ordered
    )
    return Figures(column=column, lines=lines, values={line.key: line.count for line in lines})


def _places(material: Material) -> PictureTable:
    threshold = material.counts.rule.place_threshold
    figures = [
        _counts(material, stream.value, material.several(Table.PLACE, stream), "place")
        for stream in (_RESIDENTS, _EMPLOYEES)
    ]
    shown = [column for column in figures if column.lines]
    return PictureTable(
        code="places",
        section=Section.PLACES,
        title=material.words("t_places"),
        corner=material.words("place"),
        columns=tuple(column.column for column in shown),
        rows=tuple(
            sorted(side_by_side(shown), key=lambda row: -max(v for v in row.values if isinstance(v, int)))
        ),
        note=material.words("n_places", threshold=threshold),
        chart=bar_chart(material, material.words("t_places"), figures, says_something),
    )


# Closed questions


def _closed(material: Material, stream: Stream) -> PictureTable:
    """Each question with the number who answered it, and its answers below."""
    words = material.words
    rows: list[Row] = []
    for role in material.questions(Table.CLOSED, stream):
        lines = material.lines(role, material.groups(Table.CLOSED, stream, role), ranked=False)
        base = given(material.answered(stream), lines)
        answers = [line for line in lines if says_something(line) or line.key[1] == "dont_know"]
        if any(line.key[0] != "rest" for line in answers):
            rows.append(Row(code=role, label=material.label("asked", role), values=(base, None)))
            rows += [
                Row(
                    code=f"{role}.{line.key[1] or line.key[0]}",
                    label=line.label,
                    values=(line.count, percent(line.count, base) if says_something(line) else None),
                    level=line.level + 1 if says_something(line) else 1,
                )
                for line in answers
            ]
    return PictureTable(
        code=f"questions_{stream.value}",
        section=Section.QUESTIONS,
        title=words(f"t_questions_{stream.value}"),
        corner=words("question"),
        columns=(
            Column(code="persons", heading=words("answers"), unit=Unit.PERSONS),
            Column(code="percent", heading=words("percent"), unit=Unit.PERCENT),
        ),
        rows=tuple(rows),
        note=words("n_closed"),
    )


def _several(material: Material, stream: Stream) -> PictureTable:
    rows: list[Row] = []
    for role in material.questions(Table.SEVERAL, stream):
        counts = _counts(material, "answers", material.several(Table.SEVERAL, stream, role), role)
        rows.append(Row(code=role, label=material.label("asked", role), values=(None,)))
        rows += [
            Row(code=f"{role}.{line.key[1]}", label=line.label, values=(line.count,), level=1)
            for line in sorted(counts.lines, key=lambda line: -line.count)
        ]
    return PictureTable(
        code=f"several_{stream.value}",
        section=Section.QUESTIONS,
        title=material.words(f"t_several_{stream.value}"),
        corner=material.words("question"),
        columns=(Column(code="persons", heading=material.words("answers"), unit=Unit.PERSONS),),
        rows=tuple(rows),
        note=material.words("n_several", threshold=material.counts.rule.threshold),
    )
