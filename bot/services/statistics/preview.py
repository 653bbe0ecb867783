"""What a file of statistics was taken for, in sentences: column by column, area by area, and what is left out."""

from collections.abc import Iterator, Mapping

from bot.services.statistics.mapping import LEFT_OUT, WHOLE, Role
from bot.services.statistics.reading import ReadStatistics
from bot.services.workbooks.faults import phrases, shown
from bot.services.workbooks.opening import letter

_ENCODINGS = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8 (BOM)", "cp1252": "Windows-1252", "utf-16": "UTF-16"}
_DELIMITERS = {";": ";", ",": ",", "\t": "tab", "|": "|"}


def preview(read: ReadStatistics, language: str) -> Iterator[str]:
    """The sentences in their order: file, columns, areas, what is left out, figures."""
    said = phrases("statistics", language)
    table = read.table
    if table.sheet:
        others = ", ".join(table.other_sheets)
        yield said["sheet"].format(sheet=table.sheet)
        if others:
            yield said["other_sheets"].format(sheets=others)
    else:
        yield said["text"].format(
            encoding=_ENCODINGS[table.encoding],
            delimiter=_DELIMITERS[table.delimiter],
            decimal=read.decimal or "?",
        )
    yield said["extent"].format(
        header=read.extent.header, first=read.extent.rows[0], last=read.extent.rows[-1]
    )
    yield from _columns(read, said)
    yield from _areas(read, said)
    for number in read.extent.left_out:
        text = " ".join(table.rows[number].values())
        yield said["left_out"].format(row=number, text=shown(text))
    for heading in read.filled_down:
        yield said["filled_down"].format(heading=heading)
    missing = sum(figure.value is None for figure in read.figures)
    periods = sorted({figure.period for figure in read.figures})
    if periods:
        span = periods[0] if len(periods) == 1 else f"{periods[0]} … {periods[-1]}"
        yield said["figures"].format(count=len(read.figures), missing=missing, periods=span)


def _columns(read: ReadStatistics, words: Mapping[str, str]) -> Iterator[str]:
    for column in read.columns:
        line = words["column"].format(
            letter=letter(column.column),
            heading=column.heading,
            role=words[f"role_{column.role.value}"],
            examples=" · ".join(shown(text) for text in column.examples) or "–",
        )
        if column.role is Role.VALUE:
            line += words["missing"].format(missing=column.missing)
            line += words["of_period"].format(period=column.period) if column.period else ""
        yield line + (words["settled"] if column.is_settled else "")


def _areas(read: ReadStatistics, words: Mapping[str, str]) -> Iterator[str]:
    if not read.has_areas:
        yield words["no_areas"]
    for area in read.areas:
        if not area.code:
            yield words["unmatched"].format(text=shown(area.text))
        elif area.code == LEFT_OUT:
            yield words["not_ours"].format(text=shown(area.text))
        else:
            code = words["whole"] if area.code == WHOLE else area.code
            yield words["area"].format(text=shown(area.text), code=code, how=words[f"how_{area.how}"])
