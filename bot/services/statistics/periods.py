"""Which time a figure is of: years, months, quarters and spans of years, as headings and cells write them."""

import re

_YEAR = r"(?:19|20)\d{2}"
_MONTHS = ("jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
_MONTH_WORDS = {**{word: at for at, word in enumerate(_MONTHS, 1)}, "may": 5, "oct": 10}
_SPAN = re.compile(rf"({_YEAR}) ?[-–/] ?({_YEAR})")
_NUMBERED = re.compile(
    rf"({_YEAR}) ?(?:[-/]|[Mm]) ?(0?[1-9]|1[0-2])(?:-01)?"
)  # Excel makes a month its first day
_QUARTER = re.compile(rf"({_YEAR}) ?[-/]? ?(?:kvartal|kv\.?|k|q) ?([1-4])", re.IGNORECASE)
_WORDED = re.compile(rf"(?:({_YEAR}) )?([a-zåäö]{{3,9}})\.?(?: ({_YEAR}))?", re.IGNORECASE)
_IN_HEADING = re.compile(rf"(?<![\d]){_YEAR}(?: ?[-–/] ?{_YEAR}|[-M](?:0[1-9]|1[0-2])| ?[Kk][1-4])?(?![\d-])")


def read_period(text: str) -> str:
    """``2025``, ``2025-06``, ``2025 K2`` or ``2023–2024``; empty where the text is no period."""
    plain = " ".join(text.split()).removeprefix("år ").removeprefix("År ")
    if re.fullmatch(_YEAR, plain):
        return plain
    if match := _SPAN.fullmatch(plain):
        return f"{match[1]}–{match[2]}" if match[1] < match[2] else ""
    if match := _QUARTER.fullmatch(plain):
        return f"{match[1]} K{match[2]}"
    if match := _NUMBERED.fullmatch(plain):
        return f"{match[1]}-{int(match[2]):02}"
    if match := _WORDED.fullmatch(plain):
        month, year = _MONTH_WORDS.get(match[2].lower()[:3]), match[1] or match[3]
        return f"{year}-{month:02}" if month and year else ""
    return ""


def split_heading(heading: str) -> tuple[str, str]:
    """``Folkmängd 2024`` as what it is about and its period; the period is empty where the heading names none."""
    if period := read_period(heading):
        return "", period
    found = _IN_HEADING.search(heading)
    period = read_period(found[0]) if found else ""
    if found is None or not period:
        return heading, ""
    rest = f"{heading[: found.start()]} {heading[found.end() :]}"
    return " ".join(rest.strip(" ,;:()-–").split()), period
