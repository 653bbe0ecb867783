"""The workbook of the coding as a person sent it back: what each row says, and what is wrong. Knows no database."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.services.decisions import NOTHING_FITS, category_names
from bot.services.workbooks.cells import found, tidy
from bot.services.workbooks.coding_form import CATEGORY_COLUMNS, COLUMNS, LAST_ROW, coding_words
from bot.services.workbooks.faults import LANGUAGES, Cell, Fault, NotAWorkbookError, fault
from bot.services.workbooks.form import alike
from bot.services.workbooks.opening import Formula, Grid, Limits, Value, letter, open_workbook
from flows.documents import Severity
from text.fuzzy import closest

LIMITS = Limits(packed=20_000_000, unpacked=150_000_000, rows=LAST_ROW, columns=60)
_NEEDED = ("answer", "version", "category_1")
_RIGHT = {"ja", "yes", "x", "j", "y", "sant", "true", "1"}


@dataclass(frozen=True, kw_only=True, slots=True)
class CodingRow:
    """A row without faults."""

    cell: Cell
    answer_id: int
    version: int
    """Number of the decision that the person saw."""
    categories: tuple[str, ...]
    """As they stand now; empty where all were taken out."""
    is_right: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadCodings:
    rows: tuple[CodingRow, ...]
    faults: tuple[Fault, ...]


def read_codings(data: bytes, language: str = "sv") -> ReadCodings:
    """Every row of the workbook, and every fault. Raises NotAWorkbookError for another kind of file."""
    for grid in open_workbook(data, language, LIMITS):
        header = _header(grid)
        if header is not None:
            return _Reader(grid, language, *header).read()
    raise NotAWorkbookError("not_the_coding", language)


def _header(grid: Grid) -> tuple[int, dict[str, int]] | None:
    """Number of the row with the headings, and the columns by name."""
    by_heading = {
        alike(heading): column
        for language in LANGUAGES
        for column, heading in coding_words("columns", language).items()
    }
    for number, row in grid.rows():
        at = {
            by_heading[alike(found(value))]: column
            for column, value in sorted(row.items(), reverse=True)
            if alike(found(value)) in by_heading
        }
        if len(at) >= len(COLUMNS) // 2 or all(name in at for name in _NEEDED):
            return number, at
    return None


class _Reader:
    def __init__(self, grid: Grid, language: str, header: int, at: Mapping[str, int]) -> None:
        self._grid = grid
        self._language = language
        self._header = header
        self._at = at
        self._faults: list[Fault] = []
        self._seen: dict[int, int] = {}
        self._codes = {
            alike(name): code for known in LANGUAGES for code, name in category_names(known).items()
        } | {alike(code): code for code in category_names(language)}

    def read(self) -> ReadCodings:
        for name in COLUMNS:
            if name not in self._at and name in (*_NEEDED, *CATEGORY_COLUMNS, "right"):
                heading = coding_words("columns", self._language)[name]
                self._report("column_missing", Cell(sheet=self._grid.name, row=self._header), heading=heading)
        if self._grid.too_many:
            most = LIMITS.rows if self._grid.too_many == "rows" else LIMITS.columns
            self._report(f"too_many_{self._grid.too_many}", Cell(sheet=self._grid.name), most=most)
        if any(name not in self._at for name in _NEEDED):
            return ReadCodings(rows=(), faults=tuple(self._faults))
        rows = [self._row(number, values) for number, values in self._grid.rows() if number > self._header]
        return ReadCodings(rows=tuple(row for row in rows if row is not None), faults=tuple(self._faults))

    def _row(self, number: int, values: Mapping[int, Value | Formula]) -> CodingRow | None:
        """None where the row is empty or has faults."""
        if not any(column in values for column in self._at.values()):
            return None
        before = len(self._faults)
        answer_id = self._whole(number, values, "answer", "number_damaged")
        version = self._whole(number, values, "version", "version_damaged")
        categories = self._categories(number, values)
        is_right = self._is_right(number, values)
        if answer_id and answer_id in self._seen:
            self._report("answer_twice", self._cell(number, values, "answer"), other=self._seen[answer_id])
        self._seen.setdefault(answer_id, number)
        if len(self._faults) > before:
            return None
        return CodingRow(
            cell=self._cell(number, values, "category_1"),
            answer_id=answer_id,
            version=version,
            categories=categories,
            is_right=is_right,
        )

    def _whole(self, number: int, values: Mapping[int, Value | Formula], name: str, code: str) -> int:
        """A number that was written as text. Excel's own form of a long one (1.23E+18) has lost its end."""
        value = values.get(self._at[name])
        text = tidy(found(value)) if isinstance(value, str) else found(value)
        is_exact = isinstance(value, str) or (isinstance(value, int | float) and abs(value) < 10**15)
        if not (is_exact and text.isascii() and text.isdecimal() and len(text) < 20):
            self._report(code, self._cell(number, values, name))
            return 0
        return int(text)

    def _categories(self, number: int, values: Mapping[int, Value | Formula]) -> tuple[str, ...]:
        chosen: list[str] = []
        for name in CATEGORY_COLUMNS:
            value = values.get(self._at.get(name, 0))
            if value is None:
                continue
            cell = self._cell(number, values, name)
            code = None if isinstance(value, Formula) else self._codes.get(alike(found(value)))
            if code is None:
                self._report_unknown(cell, value)
            elif code in chosen:
                self._report("category_twice", cell)
            elif NOTHING_FITS in (*chosen, code) and chosen:
                self._report("nothing_alone", cell)
            else:
                chosen.append(code)
        if chosen and self._at["category_1"] not in values:
            self._report("category_order", self._cell(number, values, "category_1"))
        return tuple(chosen)

    def _report_unknown(self, cell: Cell, value: Value | Formula) -> None:
        if isinstance(value, Formula):
            self._report("cell_error" if value.is_error else "formula_without_value", cell)
            return
        near = closest(found(value), list(category_names(self._language).values()), at_least=0.7)
        if near:
            self._report("category_unknown", cell, near=near[0][0])
        else:
            self._report("category_strange", cell)

    def _is_right(self, number: int, values: Mapping[int, Value | Formula]) -> bool:
        value = values.get(self._at.get("right", 0))
        if value is None:
            return False
        if value is not True and alike(found(value)) not in _RIGHT:
            self._report("right_unclear", self._cell(number, values, "right"))
        return True

    def _cell(self, number: int, values: Mapping[int, Value | Formula], name: str) -> Cell:
        at = self._at[name]
        heading = coding_words("columns", self._language)[name]
        return Cell(
            sheet=self._grid.name, row=number, letter=letter(at), column=heading, found=found(values.get(at))
        )

    def _report(self, code: str, cell: Cell, **values: str | int) -> None:
        self._faults.append(fault(code, cell, self._language, severity=Severity.ERROR, **values))
