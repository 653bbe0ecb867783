"""Text made safe for the cells of a spreadsheet. People typed some of it, and it is opened by programs that compute."""

import re

LONGEST_CELL = 32_767
"""Characters that a cell of Excel can hold."""

_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_STARTS_FORMULA = tuple("=+-@\t\r\n\x00＝＋－＠")
"""ASVS 5.0 V1.2.10, with the full-width forms that spreadsheets read alike."""


def printable(text: str) -> str:
    """The text without characters that no XML can hold, its line ends as line feeds, not longer than a cell."""
    if text.isprintable() and len(text) <= LONGEST_CELL:
        return text
    return _UNWRITABLE.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))[:LONGEST_CELL]


def guarded(text: str) -> str:
    """For CSV, where a text is whatever the program that opens it takes it for: an apostrophe before a formula."""
    safe = printable(text)
    return f"'{safe}" if text.startswith(_STARTS_FORMULA) else safe
