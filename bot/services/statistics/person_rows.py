"""Tells a file of statistics from one with a row for each person or event. Such a file is refused as a whole: it holds
personal data, and pseudonymised data from Strada or the police are that too.

A file is one of persons where
1. a heading names what identifies somebody or a single case: personal number, name, case number, address, telephone,
   e-mail, registration plate, date of birth, coordinates, a text of what happened;
2. a cell holds a personal number, an e-mail address or a number of a police case; or
3. a column tells days, not months or years: what is counted by the day in one municipality is single events.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.services.statistics.opening import OpenedTable
from bot.services.workbooks.cells import read_date
from text.folding import folded

_HEADINGS = re.compile(
    r"(?:person|samordnings)(?:nummer|nr)|pnr|(?:for|efter|tilltals)namn|person ?namn|fullstandigt namn|malsagande|"
    r"misstankt|(?:k|dia?rie|d|arende|anmalnings|brotts|olycks)[- ]?(?:nummer|nr)|arende-?id|person-?id|"
    r"fodelse(?:datum|dag)|fodd|(?:gatu|post|hem|bostads|e-?post)?adress|e-?post|e-?mail|telefon(?:nummer|nr)?|"
    r"mobil(?:nummer|nr)?|tfn|reg(?:istrerings)?[-. ]?(?:nummer|nr)|"
    r"koordinat(?:er)?|[xyn]-?koordinat|latitude?|longitude?|lat|long|sweref(?: ?99)?(?: ?tm)?(?: ?[xyne])?|"
    r"fritext|handelseforlopp|handelsebeskrivning|(?:social security|personal|case|id) number|"
    r"(?:first|last|full) name|surname|date of birth|address|phone(?: number)?"
)
_CELLS = (
    re.compile(r"(?<!\d)(?:19|20)?\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01]|[6-8]\d|9[01])[-+]\d{4}(?!\d)"),
    re.compile(r"(?<!\d)(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01]|[6-8]\d|9[01])\d{4}(?!\d)"),
    re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+"),
    re.compile(r"(?<!\w)(?:\d{4}-)?K\d{4,7}-\d{2}(?!\d)"),
)
_TIME = re.compile(r"[T ,]+(?:kl\.? ?)?\d{1,2}[:.]\d{2}(?:[:.]\d{2})?$")
_DAYS_NEEDED = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonSign:
    """What makes the file one of persons, and where: `code` of the sentence, row, column (0 for none)."""

    code: str
    row: int
    column: int


def find_person_rows(table: OpenedTable, header: int) -> PersonSign | None:
    """The first sign that the rows are of persons or single events; None for aggregates."""
    return next(_signs(table, header), None)


def _signs(table: OpenedTable, header: int) -> Iterator[PersonSign]:
    for column, heading in table.rows.get(header, {}).items():
        plain = folded(heading.casefold()).strip(" .:()")
        if _HEADINGS.fullmatch(plain):
            yield PersonSign(code="person_heading", row=header, column=column)
    days: dict[int, int] = {}
    for number, row in table.rows.items():
        for column, text in row.items():
            if any(pattern.search(text) for pattern in _CELLS):
                yield PersonSign(code="person_cell", row=number, column=column)
            if number > header and _is_day(text):
                days[column] = days.get(column, 0) + 1
                if days[column] == _DAYS_NEEDED:
                    yield PersonSign(code="person_days", row=number, column=column)


def _is_day(text: str) -> bool:
    """A day as people write it, with or without a time; a bare number of eight digits may be a count, and the first of
    a month is what Excel makes of a month.
    """
    if text.isdecimal():
        return False
    day = read_date(_TIME.sub("", text))
    return day is not None and day.day != 1
