"""Filling in a round, step by step: what is typed is kept at every step, and faults stand beside their field."""

from typing import Any

from flask import Response, abort, redirect, request, url_for

from bot.coordinator.access import COORDINATORS, Pages
from bot.coordinator.desk import desk
from bot.coordinator.pages import language_here, page, say
from bot.coordinator.people_here import actor
from bot.coordinator.refusals import sentence_of
from bot.services.errors import Refused
from bot.services.round_documents import missing_legal_fields
from bot.services.sketch_forms import (
    STEPS,
    Checked,
    check,
    choices,
    read_step,
    sheets_of,
    shown_focus,
    shown_rows,
    shown_value,
)
from bot.services.sketching import SketchRow
from bot.services.text_sizes import fillings, measured_texts
from bot.services.workbooks.change_words import change_sentence
from bot.services.workbooks.form import round_form

MOST_BYTES = 2_000_000
"""Of a step: several hundred places with all their other names."""
_BLANK_ROWS = 3


pages = Pages("sketches", __name__)


@pages.page("/rounds/new", access=COORDINATORS)
def ask() -> Response:
    return page("round_new.html", of="sketch", sketches=desk().sketches(actor()).list())


@pages.deed("/rounds/new", access=COORDINATORS)
def begin() -> Response:
    return _to("sketches.show", number=desk().sketches(actor()).begin(), step=next(iter(STEPS)))


@pages.deed("/rounds/<code>/change", access=COORDINATORS)
def begin_change(code: str) -> Response:
    try:
        number = desk().sketches(actor()).begin_change(code)
    except Refused:
        abort(404)
    return _to("sketches.show", number=number, step=next(iter(STEPS)))


@pages.page("/sketches/<int:number>/<step>", access=COORDINATORS)
def show(number: int, step: str) -> Response:
    sketch = _sketch(number)
    if step not in STEPS:
        abort(404)
    language = language_here()
    checked = check(sketch.document, language)
    is_begun = "looked" in request.args or _is_begun(sketch, step)
    faults = checked.of_step(step) if is_begun else ()
    return page(
        "sketch_step.html",
        of="sketch",
        **_around(sketch, checked, step),
        sheets=sheets_of(step),
        faults={fault.field: fault for fault in reversed(faults)},
        table_faults=[fault for fault in faults if fault.field in STEPS[step]],
        value_of=lambda field: shown_value(field, sketch.document),
        rows_of=lambda sheet: shown_rows(sheet, sketch.document),
        blank_rows=_BLANK_ROWS if request.args.get("more") else 1,
        choices_of=lambda field: choices(field, sketch.document),
        focus_rows=list(shown_focus(sketch.document, language)) if step == "focus" else [],
        foci=round_form().choices["focus"],
        texts=measured_texts(sketch.document) if step == "texts" else [],
        fillings=fillings(sketch.document) if step == "texts" else {},
    )


@pages.deed("/sketches/<int:number>/<step>", access=COORDINATORS, most_bytes=MOST_BYTES)
def save(number: int, step: str) -> Response:
    sketch = _sketch(number)
    if step not in STEPS:
        abort(404)
    document = read_step(step, request.form, sketch.document)
    try:
        desk().sketches(actor()).save(number, document)
    except Refused:
        abort(404)
    if request.form.get("then") == "more":
        return _to(
            "sketches.show", number=number, step=step, more=1, looked=1, _anchor=f"blank-{STEPS[step][-1]}"
        )
    has_errors = any(fault.is_error for fault in check(document, language_here()).of_step(step))
    if has_errors or request.form.get("then") == "stay":
        say("kept_with_faults" if has_errors else "kept", of="sketch", kind="wrong" if has_errors else "done")
        return _to("sketches.show", number=number, step=step, looked=1)
    following = [*STEPS, "review"][[*STEPS].index(step) + 1]
    if following == "review":
        return _to("sketches.review", number=number)
    return _to("sketches.show", number=number, step=following)


@pages.page("/sketches/<int:number>/review", access=COORDINATORS)
def review(number: int) -> Response:
    return _review(_sketch(number))


@pages.deed("/sketches/<int:number>/carry-out", access=COORDINATORS)
def carry_out(number: int) -> Response:
    sketch = _sketch(number)
    document = check(sketch.document, language_here()).document
    if document is None:
        return _review(sketch, status=400)
    try:
        desk().sketches(actor()).carry_out(
            number, document, is_demonstration=desk().settings.is_demonstration
        )
    except Refused as refused:
        return _review(sketch, refused=sentence_of(refused, language_here()), status=400)
    say("changed" if sketch.round_code else "created", of="sketch", name=document.name)
    return _to("rounds.show", code=document.code)


@pages.deed("/sketches/<int:number>/discard", access=COORDINATORS)
def discard(number: int) -> Response:
    sketch = _sketch(number)
    desk().sketches(actor()).discard(number)
    say("discarded", of="sketch")
    if sketch.round_code:
        return _to("rounds.show", code=sketch.round_code)
    return _to("start.show")


def _review(sketch: SketchRow, *, refused: str = "", status: int = 200) -> Response:
    language = language_here()
    checked = check(sketch.document, language)
    plan = desk().round_changes(actor()).plan(checked.document) if checked.document else None
    return page(
        "sketch_review.html",
        of="sketch",
        status=status,
        **_around(sketch, checked, "review"),
        faults=checked.faults,
        refused=refused,
        is_taken=desk().sketches(actor()).is_taken(sketch),
        plan=plan,
        changes=[(change, change_sentence(change, language)) for change in (plan.changes if plan else ())],
        missing_legal=missing_legal_fields(checked.document.values) if checked.document else (),
        dear=[text for text in measured_texts(sketch.document) if text.size.segments > 1],
        form=round_form(),
    )


def _is_begun(sketch: SketchRow, step: str) -> bool:
    """Whether anything was typed in a step: until then nobody is told what is missing there."""
    if any(sketch.document.get(name) for name in STEPS[step]):
        return True
    needed = (
        field for sheet in sheets_of(step) if not sheet.is_table for field in sheet.fields if field.needed
    )
    return any(shown_value(field, sketch.document) for field in needed)


def _around(sketch: SketchRow, checked: Checked, step: str) -> dict[str, Any]:
    return {
        "sketch": sketch,
        "step": step,
        "steps": [*STEPS, "review"],
        "broken_steps": {
            fault.step: "mend" if _is_begun(sketch, fault.step) else "remains"
            for fault in checked.faults
            if fault.is_error
        },
        "name": str(sketch.document.get("name", ""))[:80],
    }


def _sketch(number: int) -> SketchRow:
    return desk().sketches(actor()).find(number) or abort(404)


def _to(endpoint: str, **values: object) -> Response:
    return redirect(url_for(endpoint, **values), 303)  # type: ignore[arg-type, return-value]
