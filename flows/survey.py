"""The survey sheet of a flow document: rows of XLSForm types become questions, hidden values and the thanks."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from flows.conditions import compile_expression
from flows.documents import DocumentReader, Path, Severity
from flows.expression_tree import ExpressionError
from flows.model import Choice, Hidden, Kind, Question

ROUND_LISTS = ("areas", "meetings")
"""Lists that the round fills: XLSForm's ``select_one_from_file``."""
YES_NO_LIST = "yes_no"
"""The list with the answers to a repeat's own question."""
MOST_TURNS = 20
"""Turns of a repeat that has no repeat_max."""

_QUESTION_COLUMNS = (
    *(
        "type",
        "name",
        "label",
        "hint",
        "relevant",
        "constraint",
        "constraint_message",
        "required",
        "appearance",
    ),
    *("sms", "role", "code_with", "parts", "max_choices", "repeat_max"),
)
_ONLY_FOR = {
    "parts": ("integer",),
    "max_choices": ("select_multiple",),
    "code_with": ("text",),
    "repeat_max": ("begin_repeat",),
    "appearance": ("select_one",),
}
_SELECTS = ("select_one", "select_multiple", "select_one_from_file")
_ASKING = ("acknowledge", *_SELECTS, "integer", "text")
_TYPES = (*_ASKING, "note", "hidden", "begin_group", "end_group", "begin_repeat", "end_repeat")
_NAME = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿ_][A-Za-zÀ-ÖØ-öø-ÿ0-9_-]{0,63}")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Row:
    """One row, its type taken apart."""

    base: str
    list_name: str
    name: str
    fields: Mapping[str, object]
    path: Path


@dataclass(frozen=True, kw_only=True, slots=True)
class _Open:
    """A group or repeat that has begun and not ended."""

    row: _Row
    relevant: str

    @property
    def ends_with(self) -> str:
        return self.row.base.replace("begin", "end")


class SurveyReader:
    """Reads the rows in order. What it found stands in its attributes; faults stand in the reader."""

    def __init__(self, reader: DocumentReader, lists: Mapping[str, tuple[Choice, ...]]) -> None:
        self._reader = reader
        self._lists = lists
        self._open: list[_Open] = []
        self._names: set[str] = set()
        self._thanks_path: Path | None = None
        self.questions: list[Question] = []
        self.hidden: list[Hidden] = []
        self.thanks: Mapping[str, str] = {}
        self.thanks_sms: Mapping[str, str] = {}
        self.repeat_max: dict[str, int] = {}

    def read(self, sheet: object) -> None:
        for index, fields in self._reader.rows(sheet, ("survey",)):
            row = self._row(index, fields)
            if row is not None:
                self._take(row)
        for opened in self._open:
            advice = f"Add a row of type {opened.ends_with}."
            self._reader.report("not_ended", opened.row.path, f"{opened.row.base} has no end", advice)
        if not self.questions:
            self._reader.report("no_questions", ("survey",), "there is no question", "Add rows under survey.")

    def _row(self, index: int, fields: Mapping[object, object]) -> _Row | None:
        name = fields.get("name")
        step = name if isinstance(name, str) and name and name not in self._names else index
        path: Path = ("survey", step)
        columns = self._reader.mapping(fields, path, columns=_QUESTION_COLUMNS)
        base, _, rest = self._reader.text(columns, "type", path).partition(" ")
        if base not in _TYPES:
            advice = f"Known types are {', '.join(_TYPES)}."
            self._reader.report("unknown_type", path, f"unknown type {base!r}", advice)
            return None
        for column, types in _ONLY_FOR.items():
            if column in columns and base not in types:
                message = f"{column} means nothing for the type {base}"
                self._reader.report(
                    "column_misplaced", (*path, column), message, f"Use it with {', '.join(types)}."
                )
        return _Row(
            base=base,
            list_name=rest.strip().removesuffix(".csv"),
            name=self._name(base, columns, path),
            fields=columns,
            path=path,
        )

    def _name(self, base: str, fields: Mapping[str, object], path: Path) -> str:
        name = self._reader.text(fields, "name", path)
        if base.startswith("end_") or (not name and base in ("note", "begin_group")):
            return name
        if not _NAME.fullmatch(name):
            advice = "Begin with a letter; then letters, digits, _ and -."
            self._reader.report("question_name", path, f"{name!r} cannot be a name", advice)
        elif name in self._names:
            self._reader.report("name_doubled", path, f"the name {name!r} is taken", "Give another name.")
        self._names |= {name, f"{name}_category", f"{name}_place"} if base == "text" else {name}
        return name

    def _take(self, row: _Row) -> None:
        if self._thanks_path is not None:
            advice = "Move the row up; the thanks end the survey."
            self._reader.report("after_thanks", row.path, "this stands behind the thanks", advice)
        if row.base == "hidden":
            self.hidden.append(Hidden(name=row.name))
        elif row.base == "note":
            self._take_note(row)
        elif row.base.startswith("begin_"):
            self._begin(row)
        elif row.base.startswith("end_"):
            self._end(row)
        else:
            self.questions.append(self._question(row))

    def _take_note(self, row: _Row) -> None:
        if self._reader.text(row.fields, "role", row.path) != "thanks":
            advice = "Put the text into the label or hint of a question; only the thanks are a note."
            self._reader.report("note_misplaced", row.path, "a note that nobody can answer", advice)
            return
        self._thanks_path = row.path
        self.thanks = self._reader.wording(row.fields, "label", row.path)
        self.thanks_sms = self._reader.wording(row.fields, "sms", row.path)

    def _begin(self, row: _Row) -> None:
        if row.base == "begin_repeat":
            if self._repeat():
                self._reader.report(
                    "nested_repeat", row.path, "a repeat in a repeat", "End the outer one first."
                )
            most = self._reader.count(row.fields, "repeat_max", row.path)
            self.repeat_max[row.name] = most or MOST_TURNS
        self._open.append(_Open(row=row, relevant=self._relevant(row)))

    def _end(self, row: _Row) -> None:
        if not self._open or self._open[-1].ends_with != row.base:
            advice = "End what began last, and everything once."
            self._reader.report(
                "end_without_begin", row.path, f"{row.base} ends nothing that is open", advice
            )
            return
        if self._open[-1].row.base == "begin_repeat":
            opened = self._open[-1]
            if not any(question.repeat == opened.row.name for question in self.questions):
                self._reader.report(
                    "empty_repeat", opened.row.path, "a repeat without questions", "Add some."
                )
            self.questions.append(self._one_more(opened))
        self._open.pop()

    def _repeat(self) -> str:
        return next((o.row.name for o in self._open if o.row.base == "begin_repeat"), "")

    def _one_more(self, opened: _Open) -> Question:
        """The yes/no question after each turn of the repeat, which bears the repeat's name and words."""
        choices = self._lists.get(YES_NO_LIST, ())
        if {choice.name for choice in choices} != {"yes", "no"}:
            advice = f"Add a list {YES_NO_LIST} with the choices yes (key 1) and no (key 2)."
            self._reader.report(
                "yes_no_missing", opened.row.path, "a repeat asks 'one more?' and needs answers", advice
            )
        path, fields = opened.row.path, opened.row.fields
        return Question(
            name=opened.row.name,
            kind=Kind.YESNO,
            label=self._reader.wording(fields, "label", path),
            sms=self._reader.wording(fields, "sms", path),
            hint=self._reader.wording(fields, "hint", path),
            choices=choices,
            list_name=YES_NO_LIST,
            relevant=opened.relevant,
            role=self._reader.text(fields, "role", path),
            repeat=opened.row.name,
            closes_repeat=True,
        )

    def _question(self, row: _Row) -> Question:
        reader, fields, path = self._reader, row.fields, row.path
        choices = self._choices(row)
        parts = reader.words(fields.get("parts", ""), (*path, "parts"))
        return Question(
            name=row.name,
            kind=self._kind(row, choices, parts),
            label=reader.wording(fields, "label", path),
            sms=reader.wording(fields, "sms", path),
            hint=reader.wording(fields, "hint", path),
            choices=choices,
            list_name=row.list_name if row.base in _SELECTS else "",
            from_round=row.base == "select_one_from_file",
            max_choices=reader.count(fields, "max_choices", path),
            relevant=self._relevant(row),
            constraint=self._expression(row, "constraint"),
            constraint_message=reader.wording(fields, "constraint_message", path),
            required=reader.flag(fields, "required", path, default=True),
            role=reader.text(fields, "role", path),
            code_with=reader.text(fields, "code_with", path),
            parts=parts,
            repeat=self._repeat(),
        )

    def _choices(self, row: _Row) -> tuple[Choice, ...]:
        if row.base not in _SELECTS:
            return ()
        if row.base == "select_one_from_file":
            if row.list_name not in ROUND_LISTS:
                advice = f"The round fills {' and '.join(ROUND_LISTS)}."
                self._reader.report("unknown_list", row.path, f"no list {row.list_name!r} in a round", advice)
        elif not self._lists.get(row.list_name):
            advice = f"Add a list {row.list_name} under choices."
            self._reader.report("unknown_list", row.path, f"no choices named {row.list_name!r}", advice)
        return self._lists.get(row.list_name, ())

    def _kind(self, row: _Row, choices: tuple[Choice, ...], parts: tuple[str, ...]) -> Kind:
        role = self._reader.text(row.fields, "role", row.path)
        if row.base == "select_one":
            return self._kind_of_select(row, role, choices)
        if row.base == "select_one_from_file":
            return Kind.AREA if row.list_name == "areas" else Kind.SINGLE
        if row.base == "integer":
            return Kind.NUMBERS if parts else Kind.NUMBER
        if row.base == "text":
            return Kind.PLACE if role == "place" else Kind.OPEN
        return Kind.CONSENT if row.base == "acknowledge" else Kind.MULTI

    def _kind_of_select(self, row: _Row, role: str, choices: tuple[Choice, ...]) -> Kind:
        appearance = self._reader.text(row.fields, "appearance", row.path)
        if appearance not in ("", "likert"):
            message = f"the appearance {appearance!r} has no effect"
            path = (*row.path, "appearance")
            self._reader.report("appearance", path, message, "Only likert has one.", Severity.WARNING)
        if appearance == "likert":
            return Kind.SCALE
        if role == "age":
            return Kind.AGE
        return Kind.YESNO if {choice.name for choice in choices} == {"yes", "no"} else Kind.SINGLE

    def _relevant(self, row: _Row) -> str:
        """The row's own relevance and that of all groups and repeats around it."""
        outer = self._open[-1].relevant if self._open else ""
        own = self._expression(row, "relevant")
        if not outer or not own:
            return outer or own
        return self._compiled(f"({outer}) and ({own})", (*row.path, "relevant"))

    def _expression(self, row: _Row, column: str) -> str:
        text = self._reader.text(row.fields, column, row.path)
        return self._compiled(text, (*row.path, column)) if text else ""

    def _compiled(self, text: str, path: Path) -> str:
        try:
            compile_expression(text)
        except ExpressionError as error:
            self._reader.report("expression", path, f"{text!r}: {error}", error.advice)
            return ""
        return text
