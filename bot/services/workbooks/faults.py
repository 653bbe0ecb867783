"""What is wrong with a workbook, by sheet, row and column, in the coordinator's language."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from flows.catalogue import load_document_text
from flows.documents import Severity

LANGUAGES = ("sv", "en")
"""Languages of the workbooks' own words, the default first."""
_LONGEST_SHOWN = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """A cell by sheet, row from 1, heading of its column, and what was found in it, as text."""

    sheet: str
    row: int = 0
    """0 where a whole sheet is meant."""
    column: str = ""
    letter: str = ""
    found: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """One thing to mend or to know. `message` and `advice` are sentences in the language asked for."""

    code: str
    cell: Cell | None
    message: str
    advice: str
    severity: Severity = Severity.ERROR

    def where(self, language: str = "sv") -> str:
        """``Områden, rad 5, kolumn F (Antal invånare)``; the workbook where no cell is known."""
        said = phrases("where", language)
        if self.cell is None:
            return said["workbook"]
        parts = [self.cell.sheet or said["workbook"]]
        if self.cell.row:
            parts.append(said["row"].format(row=self.cell.row))
        if self.cell.letter:
            parts.append(said["column"].format(letter=self.cell.letter, column=self.cell.column))
        elif self.cell.column:
            parts.append(said["heading"].format(column=self.cell.column))
        return ", ".join(parts)

    def sentence(self, language: str = "sv") -> str:
        """Place, what is wrong, and what to do, in one line."""
        return f"{self.where(language)}: {self.message} {self.advice}".strip()


class NotAWorkbookError(Exception):
    """The file cannot be read at all. `fault` says why, and what to do."""

    def __init__(self, code: str, language: str, *, cell: Cell | None = None, **values: str) -> None:
        self.fault = fault(code, cell, language, severity=Severity.ERROR, **values)
        said = f"{self.fault.message} {self.fault.advice}".strip()
        super().__init__(self.fault.sentence(language) if cell and cell.row else said)


def fault(
    code: str, cell: Cell | None, language: str, *, severity: Severity = Severity.ERROR, **values: str | int
) -> Fault:
    """The fault of that code, in words. `values` fill its sentence; what was found in the cell is `{found}`."""
    said = _sentences(code, language)
    if said is None:
        return Fault(code=code, cell=cell, message=code, advice="", severity=severity)
    filled = {"found": shown(cell.found) if cell else "", "column": cell.column if cell else "", **values}
    message, _, advice = (part.format_map(filled) for part in said.partition(" | "))
    return Fault(code=code, cell=cell, message=message, advice=advice, severity=severity)


def own_words(code: str, cell: Cell | None, message: str, advice: str, severity: Severity) -> Fault:
    """A fault whose words the check itself gives."""
    return Fault(code=code, cell=cell, message=f"{message}.", advice=advice, severity=severity)


def is_known(code: str) -> bool:
    return _sentences(code, LANGUAGES[0]) is not None


def shown(text: str) -> str:
    """What was found, short enough for a sentence."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_SHOWN else f"{line[:_LONGEST_SHOWN]}…"


@cache
def phrases(part: str, language: str) -> Mapping[str, str]:
    """The sentences of one part of faults.yaml."""
    entries = _document()[part]
    if not isinstance(entries, Mapping):
        raise TypeError(part)
    return {key: wording.get(language) or wording[LANGUAGES[0]] for key, wording in entries.items()}


def _sentences(code: str, language: str) -> str | None:
    return phrases("faults", language).get(code)


@cache
def _document() -> Mapping[str, object]:
    raw = files("bot.services.workbooks").joinpath("faults.yaml").read_bytes()
    return load_document_text(raw, "faults.yaml").document
