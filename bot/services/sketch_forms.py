"""A round's form in steps, for pages: what was typed as the document that `parse_round` checks, and faults by field.

The fields are those of the workbook (workbooks/round_form.yaml): one form, in Excel and in the browser.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.services.round_documents import RoundDocument, parse_round
from bot.services.workbooks.cells import join_words, read_cell
from bot.services.workbooks.faults import Cell, fault, is_known, own_words
from bot.services.workbooks.form import Field, Sheet, round_form, said
from categories.catalogue import CURRENT, taxonomy
from flows.documents import Path, Problem, Severity
from text.folding import folded
from text.normalising import for_matching
from text.place_codes import make_code

Typed = Mapping[str, str]
"""What was typed, by the name of the field on the page (`name_of`)."""

STEPS: Mapping[str, tuple[str, ...]] = {
    "round": ("round",),
    "legal": ("legal",),
    "keywords": ("keywords",),
    "areas": ("larger_areas", "areas"),
    "places": ("places",),
    "place_codes": ("place_codes",),
    "texts": ("texts",),
    "focus": ("focus_map",),
}
"""The form's sheets by step, in the order of the steps."""
MOST_ROWS = 500
_UNREADABLE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\ud800-\udfff]")
"""Control characters: nobody sees them, and PostgreSQL refuses one of them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldFault:
    """What is wrong with a field, or with a whole table (`field` is its name), as sentences."""

    step: str
    field: str
    label: str
    """The field in words, with its row."""
    code: str
    message: str
    advice: str
    is_error: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Checked:
    """The document, or None where something must be mended first."""

    document: RoundDocument | None
    faults: tuple[FieldFault, ...]

    def of_step(self, step: str) -> tuple[FieldFault, ...]:
        return tuple(fault for fault in self.faults if fault.step == step)


def check(document: Mapping[str, object], language: str) -> Checked:
    """Look at a sketch by the same rules as at a round in YAML. Never raises for what was typed."""
    parsed = parse_round(document, {})
    problems = list(parsed.problems)
    if not document.get("flows"):
        problems.append(Problem(code="no_flow", where="", message="", advice="", path=("flows", "residents")))
    found = (_field_fault(problem, document, language) for problem in problems)
    order = {step: at for at, step in enumerate(STEPS)}
    faults = tuple(sorted(dict.fromkeys(found), key=lambda fault: order[fault.step]))
    is_broken = any(fault.is_error for fault in faults)
    return Checked(document=None if is_broken else parsed.document, faults=faults)


def sheets_of(step: str) -> tuple[Sheet, ...]:
    """The sheets of a step. Raises KeyError for an unknown step."""
    return tuple(sheet for name in STEPS[step] for sheet in round_form().sheets if sheet.name == name)


def read_step(step: str, typed: Typed, document: Mapping[str, object]) -> dict[str, object]:
    """`document` with what was typed in one step; the other steps stay."""
    changed: dict[str, object] = dict(document)
    for sheet in sheets_of(step):
        if sheet.name == "focus_map":
            changed["focus_map"] = _typed_focus(typed)
        elif sheet.is_table:
            changed[sheet.name] = _typed_rows(sheet, typed, changed)
        else:
            for field in sheet.fields:
                _set(changed, field, _clean(typed.get(field.key, "")))
    return changed


def shown_rows(sheet: Sheet, document: Mapping[str, object]) -> list[dict[str, str]]:
    """The rows of a table as texts for the fields of a page."""
    rows = document.get(sheet.name)
    return [
        {field.key: _as_text(row.get(field.key)) for field in sheet.fields}
        for row in (rows if isinstance(rows, Sequence) else ())
        if isinstance(row, Mapping)
    ]


def shown_value(field: Field, document: Mapping[str, object]) -> str:
    """The value of a form's field as the text for the page: yes and no for what is chosen."""
    value: object = document
    for step in field.path:
        value = value.get(str(step)) if isinstance(value, Mapping) else None
    if field.kind == "flow":
        return "no" if value is None else "yes" if value == field.path[-1] else str(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return _as_text(value) or ("no" if field.kind == "flag" else "")


def shown_focus(document: Mapping[str, object], language: str) -> Iterator[tuple[str, str, str, str]]:
    """Category, its name, the focus it counts in by standard, and the round's own choice (code or empty)."""
    current, own = taxonomy(CURRENT), document.get("focus_map")
    own = own if isinstance(own, Mapping) else {}
    for category in current:
        if category.focus or category.id in own:
            standard = current.foci[category.focus] if category.focus else {}
            name = category.name.get(language) or category.id
            yield category.id, name, standard.get(language, ""), str(own.get(category.id, ""))


def choices(field: Field, document: Mapping[str, object]) -> Mapping[str, Mapping[str, str]]:
    """What may be chosen in a field: code to words by language; empty where anything may be typed."""
    register = {"area": "areas", "larger": "larger_areas"}.get(field.kind)
    if register is None:
        return round_form().choices.get("flag" if field.kind == "flow" else field.kind, {})
    rows = document.get(register)
    entries = [row for row in (rows if isinstance(rows, Sequence) else ()) if isinstance(row, Mapping)]
    return {
        str(row["code"]): dict.fromkeys(("sv", "en"), str(row.get("name") or row["code"]))
        for row in entries
        if row.get("code")
    }


def name_of(path: Path) -> tuple[str, str]:
    """Step and name on the page of the field at `path` in the document; of the table where it means no cell."""
    for step, names in STEPS.items():
        for sheet in (sheet for sheet in round_form().sheets if sheet.name in names):
            if sheet.is_table and path[:1] == (sheet.name,):
                return step, "-".join(str(part) for part in path[:3])
            for field in () if sheet.is_table else sheet.fields:
                if path[: len(field.path)] == field.path or path == field.path[: len(path)] != ():
                    return step, field.key
    return "round", "-".join(str(part) for part in path)


# What was typed


def _typed_rows(sheet: Sheet, typed: Typed, document: Mapping[str, object]) -> list[dict[str, object]]:
    numbers = {
        int(found[1]) for name in typed if (found := re.fullmatch(rf"{sheet.name}-(\d{{1,4}})-\w+", name))
    }
    rows: list[dict[str, object]] = []
    for number in sorted(numbers)[:MOST_ROWS]:
        row = {
            field.key: _meant(field, _clean(typed.get(f"{sheet.name}-{number}-{field.key}", "")))
            for field in sheet.fields
        }
        kept = {key: value for key, value in row.items() if value not in ("", [])}
        if any(key not in ("kind", "flow") for key in kept):  # a choice alone is a row that nobody began
            rows.append(kept)
    _give_codes(sheet, rows, document)
    return rows


def _give_codes(sheet: Sheet, rows: list[dict[str, object]], document: Mapping[str, object]) -> None:
    """A code for each row that has a name and none."""
    taken = [str(row["code"]) for row in rows if row.get("code")]
    for row in rows:
        named = str(row.get("label" if sheet.name == "place_codes" else "name", ""))
        if row.get("code") or not named or not any(field.key == "code" for field in sheet.fields):
            continue
        code = _place_code(named, taken, document) if sheet.name == "place_codes" else _code(named, taken)
        row["code"] = code
        taken.append(code)


def _place_code(label: str, taken: list[str], document: Mapping[str, object]) -> str:
    keywords = document.get("keywords")
    words = (
        [str(row.get("word", "")) for row in keywords if isinstance(row, Mapping)]
        if isinstance(keywords, list)
        else []
    )
    return make_code(label, taken, words)


def _code(name: str, taken: list[str]) -> str:
    stem = re.sub(r"[^a-z0-9]+", "_", folded(for_matching(name))).strip("_")[:30] or "omrade"
    numbered = (stem if number == 1 else f"{stem}_{number}" for number in range(1, MOST_ROWS + 2))
    return next(code for code in numbered if code not in taken)


def _typed_focus(typed: Typed) -> dict[str, str]:
    current = taxonomy(CURRENT)
    chosen = {category.id: typed.get(f"focus_map-{category.id}", "") for category in current}
    return {category: _clean(focus) for category, focus in chosen.items() if focus}


def _set(document: dict[str, object], field: Field, text: str) -> None:
    if field.kind == "flow":
        flows = dict(_mapping(document.get("flows")))
        stream = str(field.path[-1])
        flows.pop(stream, None)
        if text not in ("", "no"):
            flows[stream] = stream if text == "yes" else text
        document["flows"] = flows
        return
    value = _meant(field, text)
    if len(field.path) == 2:
        outer, inner = str(field.path[0]), str(field.path[1])
        document[outer] = {**_mapping(document.get(outer)), inner: value}
    else:
        document[field.key] = value


def _meant(field: Field, text: str) -> Any:
    meant = read_cell(field.kind, text)
    return list(meant.items) if field.kind == "words" else meant.text


def _clean(text: str) -> str:
    return _UNREADABLE.sub("", text).strip()


def _as_text(value: object) -> str:
    if isinstance(value, list | tuple):
        return join_words([str(word) for word in value])
    return "" if value is None else str(value)


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


# What is wrong


def _field_fault(problem: Problem, document: Mapping[str, object], language: str) -> FieldFault:
    step, name = name_of(problem.path)
    found = _as_text(_at(document, problem.path))
    code = "missing" if problem.code == "date" and not found else problem.code
    cell = Cell(sheet="", found=found)
    if is_known(code):
        said = fault(code, cell, language, severity=problem.severity)
    else:
        said = own_words(code, cell, problem.message, problem.advice, problem.severity)
    return FieldFault(
        step=step,
        field=name,
        label=_label(problem.path, language),
        code=code,
        message=said.message,
        advice=said.advice,
        is_error=problem.severity is Severity.ERROR,
    )


def _label(path: Path, language: str) -> str:
    """``Områden, rad 2: Områdets namn``; the field alone in a form."""
    for sheet in round_form().sheets:
        for field in sheet.fields:
            if sheet.is_table and path[:1] == (sheet.name,) and (field.key in path[2:3] or len(path) < 3):
                row = f" {path[1] + 1}" if len(path) > 1 and isinstance(path[1], int) else ""
                column = f": {said(field.label, language)}" if len(path) > 2 else ""
                return f"{said(sheet.title, language)}{row}{column}"
            if not sheet.is_table and path[: len(field.path)] == field.path:
                return said(field.label, language)
    return ""


def _at(document: object, path: Path) -> object:
    value = document
    for part in path:
        if isinstance(value, Mapping):
            value = value.get(part)
        elif isinstance(value, Sequence) and isinstance(part, int) and not isinstance(value, str):
            value = value[part] if part < len(value) else None
        else:
            return None
    return value if isinstance(value, str | int | list | tuple) else None
