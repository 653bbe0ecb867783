"""The tables of who answered and how the collection went."""

from collections.abc import Mapping

from summary.columns import Figures, bar_chart, blank_note, of_persons, percent_note, side_by_side
from summary.material import Material, says_something
from summary.picture import Chart, ChartKind, Column, PictureTable, Row, Section, Unit, Value
from summary.rows import Stream, Table

_RESIDENTS, _EMPLOYEES, _DIALOGUE = Stream.RESIDENTS, Stream.EMPLOYEES, Stream.DIALOGUE


def persons(
    material: Material,
    code: str,
    table: Table,
    list_name: str,
    *,
    stream: Stream = _RESIDENTS,
    streams: tuple[Stream, ...] = (),
    section: Section = Section.RESPONDENTS,
) -> PictureTable:
    figures = of_persons(
        material,
        table,
        list_name,
        streams or (stream,),
        ranked=list_name not in ("age", "role"),
        among_given=True,
    )
    return PictureTable(
        code=code,
        section=section,
        title=material.words(f"t_{code}"),
        corner=material.words("area" if list_name == "area" else "group"),
        columns=tuple(column.column for column in figures),
        rows=side_by_side(figures),
        note=percent_note(material, figures),
        chart=bar_chart(material, material.words(f"t_{code}"), figures, says_something, sort=False)
        if list_name in ("area", "age")
        else None,
    )


def outcomes(material: Material) -> PictureTable:
    figures = []
    for stream in (_RESIDENTS, _EMPLOYEES):
        groups = (
            *material.groups(Table.OUTCOME, stream, "counted"),
            *material.groups(Table.OUTCOME, stream, "not_counted"),
        )
        lines = tuple(material.lines("outcome", groups))
        column = Column(code=stream.value, heading=material.words(stream.value), unit=Unit.PERSONS)
        figures.append(Figures(column=column, lines=lines, values={line.key: line.count for line in lines}))
    shown = [column for column in figures if column.lines]
    return PictureTable(
        code="outcomes",
        section=Section.COLLECTION,
        title=material.words("t_outcomes"),
        corner=material.words("outcome"),
        columns=tuple(column.column for column in shown),
        rows=side_by_side(shown),
        note=material.words("n_outcomes"),
    )


def last_question(material: Material) -> PictureTable:
    """Where residents left: counts only, for those who left are not counted persons."""
    lines = material.lines("question_residents", material.groups(Table.LAST_QUESTION, _RESIDENTS))
    counts = {line.key: line.count for line in lines}
    column = Column(code="residents", heading=material.words("residents"), unit=Unit.PERSONS)
    figures = [Figures(column=column, lines=lines, values=counts)] if len(lines) > 1 else []
    return PictureTable(
        code="last_question",
        section=Section.COLLECTION,
        title=material.words("t_last_question"),
        corner=material.words("question"),
        columns=(column,),
        rows=(rows := side_by_side(figures)),
        chart=_drop_off(material, rows),
    )


def _drop_off(material: Material, rows: tuple[Row, ...]) -> Chart | None:
    """Those who left at each question, in the order asked; what is joined of several questions has no place in it."""
    asked = {row.code: row for row in rows if row.code != "rest"}
    in_order = [code for code in material.codebook.order("question_residents", asked) if code in asked]
    if len(in_order) < 2:
        return None
    most = sorted(asked.values(), key=lambda row: -sum(v for v in row.values if isinstance(v, int)))[:3]
    title = material.words("t_last_question")
    tops = ", ".join(f"{row.label} {row.values[0]}" for row in most)
    return Chart(
        title=title,
        columns=("residents",),
        rows=tuple(in_order),
        alt=material.words("drop_off_alt", title=title, tops=tops),
        kind=ChartKind.DROP_OFF,
    )


def place_codes(material: Material) -> PictureTable:
    """Counted answers by place code, and who began there without being counted."""
    figures = []
    for which in ("finished", "unfinished"):
        lines = tuple(material.lines("place_code", material.groups(Table.PLACE_CODE, _RESIDENTS, which)))
        column = Column(code=which, heading=material.words(which), unit=Unit.PERSONS)
        figures.append(Figures(column=column, lines=lines, values={line.key: line.count for line in lines}))
    shown = [column for column in figures if any(line.key[0] == "code" for line in column.lines)]
    rows = side_by_side(shown)
    return PictureTable(
        code="place_codes",
        section=Section.COLLECTION,
        title=material.words("t_place_codes"),
        corner=material.words("place_code"),
        columns=tuple(column.column for column in shown),
        rows=rows,
        note=blank_note(material, rows),
    )


def safeguards(material: Material) -> PictureTable:
    counts = material.several(Table.SAFEGUARD, _RESIDENTS)
    return _list(
        material, "safeguards", Section.COLLECTION, counts, "safeguard", Unit.REPLIES, "n_safeguards"
    )


def missing_groups(material: Material) -> PictureTable:
    counts = material.several(Table.MISSING_GROUP, _DIALOGUE)
    return _list(material, "missing_groups", Section.RESPONDENTS, counts, "missing_groups", Unit.MEETINGS)


def _list(
    material: Material,
    code: str,
    section: Section,
    counts: Mapping[str, int],
    list_name: str,
    unit: Unit,
    note: str = "",
) -> PictureTable:
    words = material.words
    return PictureTable(
        code=code,
        section=section,
        title=words(f"t_{code}"),
        corner=words("what"),
        columns=(Column(code="number", heading=words("number"), unit=unit),),
        rows=tuple(
            Row(code=at, label=material.label(list_name, at), values=(counts[at],))
            for at in material.codebook.order(list_name, counts)
        ),
        note=words(note) if note else "",
    )


def meetings(material: Material) -> PictureTable | None:
    figures = material.counts.meetings
    if not figures.get("meetings"):
        return None
    order = ("meetings", "participants", "women", "men", "under_25", "over_65", "points", "promised_answers")
    values: list[tuple[str, Value]] = [(code, figures[code]) for code in order if code in figures]
    return PictureTable(
        code="meetings",
        section=Section.RESPONDENTS,
        title=material.words("t_meetings"),
        corner=material.words("what"),
        columns=(Column(code="number", heading=material.words("number"), unit=Unit.MEETINGS),),
        rows=tuple(
            Row(code=code, label=material.words(f"m_{code}"), values=(value,)) for code, value in values
        ),
    )
