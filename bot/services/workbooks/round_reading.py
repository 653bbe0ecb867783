"""A round's workbook, filled in, as the document that `parse_round` checks: the same rules as for a round in YAML."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bot.services.round_documents import RoundDocument, parse_round
from bot.services.workbooks.cells import found, read_cell, tidy
from bot.services.workbooks.faults import Cell, Fault, fault, is_known, own_words, phrases
from bot.services.workbooks.form import Field, Form, Sheet, alike, round_form, said
from bot.services.workbooks.opening import Formula, Grid, Limits, Value, letter, open_workbook
from flows.documents import Path, Problem, Severity, has_errors

LIMITS = Limits()
_HEADING_WITHIN = 30
"""Rows among which a sheet's headings are looked for."""
_EXAMPLE = re.compile(r"\s*(?:exempel|example)\s*:", re.IGNORECASE)
"""With its colon: Exempelvägen is a place."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadRound:
    """The document, or None where something must be mended. Warnings may stand beside a document."""

    document: RoundDocument | None
    faults: tuple[Fault, ...] = ()


def read_round(data: bytes, language: str = "sv") -> ReadRound:
    """Read the workbook of a round; everything that is wrong with it at once, in `language`.

    Raises NotAWorkbookError for a file that cannot be opened, never for what somebody wrote in a cell.
    """
    reader = _Reader(round_form(), language)
    reader.read(open_workbook(data, language, LIMITS))
    if not reader.tables and not reader.answers:
        return ReadRound(document=None, faults=(fault("nothing_known", None, language),))
    parsed = parse_round(reader.document(), {})
    known = {f.cell for f in reader.faults if f.severity is Severity.ERROR}
    found_by_checks = [reader.explain(problem) for problem in parsed.problems]
    others = [f for f in found_by_checks if f.cell is None or f.cell not in known]
    faults = tuple(dict.fromkeys((*reader.faults, *others)))
    broken = has_errors(parsed.problems) or any(f.severity is Severity.ERROR for f in faults)
    return ReadRound(document=None if broken else parsed.document, faults=faults)


@dataclass
class _Reader:
    """Gathers the document, and for each path in it the cell that it came from."""

    form: Form
    language: str
    faults: list[Fault] = field(default_factory=list)
    cells: dict[Path, Cell] = field(default_factory=dict)
    tables: dict[str, list[dict[str, object]]] = field(default_factory=dict)
    answers: dict[str, object] = field(default_factory=dict)
    _seen: dict[str, str] = field(default_factory=dict)

    def read(self, grids: tuple[Grid, ...]) -> None:
        for grid in grids:
            known = self._table_at(grid)
            if known is not None:
                self._read_table(grid, *known)
            elif (header := self._form_at(grid)) is not None:
                self._read_form(grid, header)
            else:
                continue
            if grid.too_many:
                most = LIMITS.rows if grid.too_many == "rows" else LIMITS.columns
                self._report(f"too_many_{grid.too_many}", Cell(sheet=grid.name), most=most)

    def document(self) -> dict[str, object]:
        """The mapping that an author of YAML would have written."""
        document: dict[str, object] = {}
        for key, value in self.answers.items():
            outer, _, inner = key.partition(".")
            if not inner:
                document[outer] = value
                continue
            within = document.setdefault(outer, {})
            if isinstance(within, dict):
                within[inner] = value
        document["flows"] = self._flows()
        names = {
            name: self.tables.get(name, []) for name in ("larger_areas", "areas", "places", "place_codes")
        }
        _by_code(names["areas"], "larger", names["larger_areas"])
        for table in ("places", "place_codes"):
            _by_code(names[table], "area", names["areas"])
        focus = {str(row.get("category", "")): row.get("focus") for row in self.tables.get("focus_map", [])}
        return {**document, **names, "keywords": self.tables.get("keywords", []), "focus_map": focus}

    def explain(self, problem: Problem) -> Fault:
        """What the round's checks found, at its cell and in the reader's language."""
        cell = self._cell_of(problem.path)
        if not is_known(problem.code):
            return own_words(problem.code, cell, problem.message, problem.advice, problem.severity)
        if cell is not None and not cell.column:
            cell = self._cell_with_heading(problem.path, cell)
        is_empty = problem.code == "date" and cell is not None and not cell.found
        return fault("missing" if is_empty else problem.code, cell, self.language, severity=problem.severity)

    # Tables

    def _table_at(self, grid: Grid) -> tuple[Sheet, int] | None:
        """The table whose headings a row has, most of them at least, and the number of that row."""
        for number, row in grid.rows():
            if number > _HEADING_WITHIN:
                break
            headings = {alike(found(value)) for value in row.values()}
            for sheet in self.form.sheets:
                labels = [_labels(column) for column in sheet.fields]
                known = sum(bool(label & headings) for label in labels)
                if sheet.is_table and known >= max(2, (len(labels) + 1) // 2):
                    return sheet, number
        return None

    def _read_table(self, grid: Grid, sheet: Sheet, header: int) -> None:
        if sheet.name in self._seen:
            first = self._seen[sheet.name]
            self._report("sheet_twice", Cell(sheet=grid.name), first=first, second=grid.name)
            return
        self._seen[sheet.name] = grid.name
        columns = self._columns(grid, sheet, header)
        rows = self.tables.setdefault(sheet.name, [])
        for number, values in grid.rows():
            if number <= header or not any(at in columns for at in values):
                continue
            if self._is_example(grid, sheet, columns, number, values):
                continue
            if sheet.name == "focus_map" and not any(
                c.key == "focus" and at in values for at, c in columns.items()
            ):
                continue  # every category is listed; those that keep the standard say nothing
            rows.append(self._read_row(grid, sheet, columns, number, len(rows), values))

    def _columns(self, grid: Grid, sheet: Sheet, header: int) -> dict[int, Field]:
        """Fields by column. What is missing, doubled or unknown is reported."""
        by_label = {label: column for column in sheet.fields for label in _labels(column)}
        columns: dict[int, Field] = {}
        for number, row in grid.rows():
            if number != header:
                continue
            for at, value in row.items():
                heading = found(value)
                cell = Cell(sheet=grid.name, row=header, letter=letter(at), column=heading, found=heading)
                column = by_label.get(alike(heading))
                if column is None:
                    self._report("column_unknown", cell, Severity.WARNING, heading=heading)
                elif column in columns.values():
                    self._report("column_twice", cell, heading=heading)
                else:
                    columns[at] = column
        for column in sheet.fields:
            if column not in columns.values() and column.kind != "ignored":
                heading = said(column.label, self.language)
                self._report("column_missing", Cell(sheet=grid.name, row=header), heading=heading)
        return columns

    def _is_example(
        self,
        grid: Grid,
        sheet: Sheet,
        columns: Mapping[int, Field],
        number: int,
        values: Mapping[int, object],
    ) -> bool:
        first = next((values[at] for at, column in sorted(columns.items()) if at in values), None)
        if not (isinstance(first, str) and _EXAMPLE.match(first)):
            return False
        written = {alike(str(value)) for at, value in values.items() if at in columns and value is not first}
        shipped = {alike(text) for column in sheet.fields for text in column.example.values()}
        if not written <= shipped:
            self._report("example_left", Cell(sheet=grid.name, row=number), Severity.WARNING)
        return True

    def _read_row(
        self,
        grid: Grid,
        sheet: Sheet,
        columns: Mapping[int, Field],
        number: int,
        index: int,
        values: Mapping[int, Value | Formula],
    ) -> dict[str, object]:
        path: Path = (sheet.name, index)
        self.cells[path] = Cell(sheet=grid.name, row=number)
        row: dict[str, object] = {}
        for at, column in columns.items():
            heading = said(column.label, self.language)
            cell = Cell(
                sheet=grid.name, row=number, letter=letter(at), column=heading, found=found(values.get(at))
            )
            self.cells[*path, column.key] = cell
            if at in values and column.kind != "ignored":
                row[column.key] = self._value(column, cell, values[at])
        if sheet.name == "focus_map":
            self.cells["focus_map", str(row.get("category", ""))] = self.cells[*path, "focus"]
        return row

    # Forms

    def _form_at(self, grid: Grid) -> tuple[int, int, int] | None:
        """Row of the headings, column of the fields' names and column of the answers."""
        names, answers = (
            {alike(text) for text in self.form.words[word].values()} for word in ("field", "answer")
        )
        for number, row in grid.rows():
            headings = {alike(found(value)): at for at, value in row.items()}
            name = next((headings[text] for text in names if text in headings), None)
            answer = next((headings[text] for text in answers if text in headings), None)
            if name is not None and answer is not None:
                return number, name, answer
        return None

    def _read_form(self, grid: Grid, header: tuple[int, int, int]) -> None:
        fields = {
            label: one
            for sheet in self.form.sheets
            if not sheet.is_table
            for one in sheet.fields
            for label in _labels(one)
        }
        first, name_at, answer_at = header
        for number, row in grid.rows():
            if number <= first or name_at not in row:
                continue
            label, value = found(row[name_at]), row.get(answer_at)
            cell = Cell(
                sheet=grid.name, row=number, letter=letter(answer_at), column=tidy(label), found=found(value)
            )
            known = fields.get(alike(label))
            if known is None:
                if value is not None:
                    named = Cell(sheet=grid.name, row=number, letter=letter(name_at), found=label)
                    self._report("field_unknown", named)
                continue
            if known.path in self.cells:
                self._report("field_twice", cell, heading=tidy(label))
                continue
            column = said(known.label, self.language)
            cell = Cell(sheet=cell.sheet, row=number, letter=cell.letter, column=column, found=cell.found)
            self.cells[known.path] = cell
            if value is not None:
                self.answers[known.key] = self._value(known, cell, value)

    # Cells

    def _value(self, column: Field, cell: Cell, value: Value | Formula) -> object:
        meant = read_cell(column.kind, value)
        if meant.fault:
            self._report(meant.fault, cell)
            return ""
        if meant.note:
            self._report(meant.note, cell, Severity.WARNING, read=meant.text)
        if column.kind == "words":
            return list(meant.items)
        return self._chosen(column.kind, meant.text)

    def _chosen(self, kind: str, text: str) -> str:
        """The code of a choice by its words in any language; else the text, which the checks will look at."""
        choices = self.form.choices.get("flag" if kind == "flow" else kind, {})
        for code, wording in choices.items():
            if alike(text) in {alike(code), *(alike(words) for words in wording.values())}:
                return code
        return text

    def _flows(self) -> dict[str, object]:
        """The packaged flow where the answer is yes, an own one where it is a file's name."""
        given = {key: str(value) for key, value in self.answers.items() if key.startswith("flows.") and value}
        flows = {}
        for key, value in given.items():
            stream = key.removeprefix("flows.")
            if value != "no":
                flows[stream] = stream if value == "yes" else value
        if given and not flows:
            self._report("no_flow", self._cell_of(("flows", "residents")))
        return dict(flows)

    def _cell_of(self, path: Path) -> Cell | None:
        for length in range(len(path), 0, -1):
            if path[:length] in self.cells:
                return self.cells[path[:length]]
        if path and path[0] in self._seen:
            return Cell(sheet=self._seen[str(path[0])])
        return None

    def _cell_with_heading(self, path: Path, cell: Cell) -> Cell:
        """A cell whose column is not there is still named by what should stand over it."""
        for sheet in self.form.sheets:
            for column in sheet.fields:
                if sheet.name == path[0] and column.key == path[-1]:
                    return Cell(sheet=cell.sheet, row=cell.row, column=said(column.label, self.language))
        return cell

    def _report(
        self, code: str, cell: Cell | None, severity: Severity = Severity.ERROR, **values: str | int
    ) -> None:
        self.faults.append(fault(code, cell, self.language, severity=severity, **values))


def sentences(faults: tuple[Fault, ...], language: str) -> Iterator[str]:
    """Every fault in one line: what must be mended first, then by sheet and row."""
    said_by = phrases("severity", language)
    sheets = list(dict.fromkeys(f.cell.sheet if f.cell else "" for f in faults))
    for one in sorted(faults, key=lambda f: _order(f, sheets)):
        yield f"{said_by[one.severity.value]}  {one.sentence(language)}"


def _order(one: Fault, sheets: list[str]) -> tuple[bool, int, int]:
    cell = one.cell or Cell(sheet="")
    return one.severity is Severity.WARNING, sheets.index(cell.sheet) if one.cell else -1, cell.row


def _labels(column: Field) -> set[str]:
    return {alike(text) for text in column.label.values()}


def _by_code(rows: list[dict[str, object]], column: str, register: list[dict[str, object]]) -> None:
    """Areas may be chosen by name: the code in place of each name that one row of the register has."""
    codes = {str(row.get("code", "")) for row in register}
    names: dict[str, list[str]] = {}
    for entry in register:
        names.setdefault(alike(str(entry.get("name", ""))), []).append(str(entry.get("code", "")))
    for row in rows:
        text = str(row.get(column, ""))
        with_name = names.get(alike(text), []) if text else []
        if text not in codes and len(with_name) == 1:
            row[column] = with_name[0]
