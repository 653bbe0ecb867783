"""Typing in paper forms: one form a page, the next one empty, the last one taken back. Works without script."""

import re
import secrets
from functools import partial
from typing import Any

from flask import Response, abort, redirect, request, session, url_for

from bot.coordinator import paper_sheet
from bot.coordinator.access import Access, Pages
from bot.coordinator.desk import desk
from bot.coordinator.pages import language_here, page, say, typed
from bot.coordinator.people_here import actor
from bot.coordinator.wording import words
from bot.services.paper_forms import Blank, Entered, FormRefused, PaperForm, PaperForms
from bot.services.roles import Role
from flows.reading import Safeguard

TYPISTS = Access.of(Role.COORDINATOR, Role.NOTE_TAKER)
_ID = re.compile(r"[0-9a-f]{32}")
_LAST = "paper"
"""In the signed cookie: the id of the form that this browser typed last, by which alone it can be taken back."""
_MOST_BYTES = 200_000
"""Some questions are answered with a page of text."""

pages = Pages("paper", __name__)


@pages.page("/rounds/<code>/paper", access=TYPISTS)
def show(code: str) -> Response:
    blank = _blank(code)
    return _form(
        blank, place_code=request.args.get("place", "")[:40], language=_language(blank, request.args)
    )


@pages.deed("/rounds/<code>/paper", access=TYPISTS, most_bytes=_MOST_BYTES)
def enter(code: str) -> Response:
    blank, form_id = _blank(code), typed("form_id")
    if not _ID.fullmatch(form_id):
        abort(400)
    fields = dict(request.form.lists())
    language, place_code = _language(blank, request.form), typed("place_code", 40)
    form = PaperForm(
        id=form_id,
        language=language,
        place_code=place_code,
        replies=paper_sheet.replies(blank, language, fields),
        kept=frozenset(request.form.getlist("kept")),
    )
    again = partial(
        _form, blank, place_code=place_code, language=language, fields=fields, form_id=form_id, status=400
    )
    if not any(text.strip() for text in form.replies.values()):
        return again(fault="empty")
    try:
        entered = _forms().enter(code, form)
    except FormRefused as refused:
        return again(fault=refused.code)
    if entered.unclear:
        return again(fault="unclear", unclear=entered.unclear)
    return _entered(code, form, blank, entered)


@pages.deed("/rounds/<code>/paper/take-back", access=TYPISTS)
def take_back(code: str) -> Response:
    blank, form_id = _blank(code), typed("form_id")
    last = session.get(_LAST) or {}
    form = _forms().take_back(code, form_id) if _ID.fullmatch(form_id) else None
    if form is None:
        say("nothing_to_take_back", of="paper", kind="wrong")
        return redirect(url_for("paper.show", code=code), 303)  # type: ignore[return-value]
    session[_LAST] = {"round": code, "count": max(0, int(last.get("count", 0)) - 1), "id": ""}
    return _form(
        blank,
        message="taken_back",
        place_code=form.place_code,
        language=form.language,
        fields=paper_sheet.fields_of(blank, form),
    )


def _entered(code: str, form: PaperForm, blank: Blank, entered: Entered) -> Response:
    """The next empty form; before that, what was told on this one that somebody must act on."""
    if entered.is_repeated:
        say(
            "repeated_other" if entered.is_other else "repeated",
            of="paper",
            kind="wrong" if entered.is_other else "done",
        )
    else:
        last = session.get(_LAST) or {}
        count = int(last.get("count", 0)) if last.get("round") == code else 0
        session[_LAST] = {"round": code, "count": count + 1, "id": form.id}
        if not entered.withheld:
            _say_what_was_kept(blank, entered)
    following = url_for("paper.show", code=code, place=form.place_code or None, language=form.language)
    if entered.withheld:
        numbers = {paper.question.name: paper.number for paper in blank.questions}
        told = [(numbers.get(alarm.question, 0), alarm.safeguard.value) for alarm in entered.withheld]
        return page("paper_danger.html", of="paper", told=told, following=following, round=blank.row)
    return redirect(following, 303)  # type: ignore[return-value]


def _say_what_was_kept(blank: Blank, entered: Entered) -> None:
    numbers = [str(p.number) for p in blank.questions if p.question.name in entered.left_out]
    if numbers:
        say("saved_without", of="paper", numbers=", ".join(numbers))
    else:
        say("saved", of="paper")
    if entered.has_masked:
        say("saved_masked", of="paper", kind="warn")
    if any(alarm.safeguard is Safeguard.CRIME_REPORT for alarm in entered.alarmed):
        say("saved_crime", of="paper", kind="warn")


def _form(
    blank: Blank,
    *,
    place_code: str,
    language: str,
    fields: paper_sheet.Fields | None = None,
    form_id: str = "",
    fault: str = "",
    message: str = "",
    unclear: Any = (),
    status: int = 200,
) -> Response:
    last = session.get(_LAST) or {}
    is_here = last.get("round") == blank.row.code
    return page(
        "paper.html",
        of="paper",
        status=status,
        round=blank.row,
        sheet=paper_sheet.sheet(blank, language, words("paper", language_here()), fields or {}, unclear),
        kept=[u.question for u in unclear],
        place_codes=blank.place_codes,
        place_code=place_code,
        form_language=language,
        form_languages=[code for code in blank.flow.languages if code in ("sv", "en")],
        form_id=form_id or secrets.token_hex(16),
        fault=fault,
        message=message,
        count=last.get("count", 0) if is_here else 0,
        last_id=last.get("id", "") if is_here else "",
    )


def _language(blank: Blank, fields: Any) -> str:
    asked_for = fields.get("language", "")
    return asked_for if asked_for in blank.flow.languages else blank.flow.default_language


def _forms() -> PaperForms:
    return PaperForms(parts=desk().parts, actor=actor())


def _blank(code: str) -> Blank:
    return _forms().blank(code)


@pages.errorhandler(FormRefused)
def not_open(_: FormRefused) -> Response:
    """No such round, or none that is typed in for now."""
    return page("field_closed.html", of="paper", status=404)
