"""Intervals of the shares, put into a released picture when it is written and somebody has asked for them.

They say what chance alone would do had the answers been a random sample, which they are not: that sentence goes with
them. Computed from released figures.
"""

from dataclasses import replace

from summary.material import PERCENT_BASE
from summary.picture import Block, Column, PictureTable, ProblemPicture, Row, Section, Unit
from summary.statistics import wilson
from summary.wording import Words


def with_intervals(picture: ProblemPicture) -> ProblemPicture:
    """The picture with a table of 95 % score intervals of the residents' closed questions; as it is without those."""
    asked = picture.table("questions_residents")
    rows = _rows(asked) if asked else ()
    if asked is None or not rows:
        return picture
    words = Words(picture.language)
    table = PictureTable(
        code="intervals",
        section=Section.UNCERTAINTY,
        title=words("t_intervals"),
        corner=asked.corner,
        columns=(
            Column(code="percent", heading=words("percent"), unit=Unit.PERCENT),
            Column(code="low", heading=words("low"), unit=Unit.PERCENT),
            Column(code="high", heading=words("high"), unit=Unit.PERCENT),
        ),
        rows=rows,
        note=words("n_intervals"),
    )
    return replace(
        picture,
        tables=(*picture.tables, table),
        chapters=tuple(
            replace(chapter, blocks=(*chapter.blocks, Block(code="intervals", tables=(table.code,))))
            if chapter.code == "annexes"
            else chapter
            for chapter in picture.chapters
        ),
    )


def _rows(asked: PictureTable) -> tuple[Row, ...]:
    """Each question with enough answers, and below it its answers with share, lower and upper end."""
    rows: list[Row] = []
    base = 0
    for row in asked.rows:
        count, share = row.values
        if row.level == 0:
            base = count if isinstance(count, int) and count >= PERCENT_BASE else 0
            if base:
                rows.append(Row(code=row.code, label=row.label, values=(None, None, None)))
        elif base and isinstance(count, int) and isinstance(share, int):
            low, high = wilson(count, base)
            values = (share, round(100 * low), round(100 * high))
            rows.append(Row(code=row.code, label=row.label, values=values, level=row.level))
    return tuple(rows)
