"""Quotes for the report: the answers to a category, a text made of one or several, and what has been approved.

A text that leads to somebody is refused, and the page says which word of it does.
"""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask import Response, abort, redirect, request, url_for

from bot.coordinator.access import COORDINATORS, Pages
from bot.coordinator.desk import desk
from bot.coordinator.pages import asked, language_here, page, say, typed
from bot.coordinator.people_here import actor, signed_in
from bot.coordinator.refusals import kinds_in_words
from bot.coordinator.wording import words
from bot.services.coding_queue import CodingQueue, QueuePage, Selection, Show
from bot.services.decisions import AnswerToCode, category_names
from bot.services.live_picture import problem_categories
from bot.services.quotes import (
    MOST_CHARACTERS,
    MOST_SOURCES,
    QuoteFault,
    QuoteRefused,
    Quotes,
    list_quoted,
    list_quotes,
)
from bot.services.rounds import RoundRefused

_QUOTE = f"<int(max={2**63 - 1}):quote_id>"

pages = Pages("quotes", __name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """A text that is being written, of the answers that are ticked, and why it was refused."""

    text: str = ""
    answer_ids: frozenset[int] = frozenset()
    fault: str = ""
    """As a sentence."""


@pages.page("/rounds/<code>/quotes", access=COORDINATORS)
def show(code: str) -> Response:
    category = asked("category")
    if category not in problem_categories():
        return _overview(code)
    queued, wanted = _queued(code, category), _number(asked("answer"))
    first = next((a for a in queued.answers if a.answer_id == wanted), None)
    if first is None and wanted is not None:
        first = _queue().find(code, wanted, language_here())
    draft = Draft(text=first.text, answer_ids=frozenset([first.answer_id])) if first else Draft()
    return _page(queued, category, draft, extra=first)


@pages.deed("/rounds/<code>/quotes", access=COORDINATORS)
def approve(code: str) -> Response:
    category, text = typed("category"), typed("text", 2_000)
    ticked = [
        number for each in request.form.getlist("answer")[:100] if (number := _number(each)) is not None
    ]
    if category not in problem_categories():
        abort(400)
    try:
        _quotes().approve(code, category, text, ticked, by=signed_in().account.name)
    except QuoteRefused as refused:
        draft = Draft(text=text, answer_ids=frozenset(ticked), fault=_sentence(refused))
        return _page(_queued(code, category), category, draft, status=400)
    except RoundRefused:
        abort(404)
    say("approved", of="quotes")
    return redirect(url_for("quotes.show", code=code, **_kept(category)), 303)  # type: ignore[return-value]


@pages.deed(f"/rounds/<code>/quotes/{_QUOTE}/remove", access=COORDINATORS)
def remove(code: str, quote_id: int) -> Response:
    try:
        was_there = _quotes().remove(code, quote_id)
    except RoundRefused:
        abort(404)
    say("removed" if was_there else "not_there", of="quotes", kind="done" if was_there else "wrong")
    category = asked("category")
    kept = _kept(category) if category in problem_categories() else {}
    return redirect(url_for("quotes.show", code=code, **kept), 303)  # type: ignore[return-value]


def _overview(code: str) -> Response:
    """Every category with what has been approved of it."""
    try:
        found, row = list_quotes(desk().sessions, code), _queue().find_round(code)
    except RoundRefused:
        abort(404)
    return page(
        "quotes_overview.html",
        of="quotes",
        round=row,
        names={one: category_names(language_here())[one] for one in problem_categories()},
        approved={category: tuple(of) for category, of in groupby(found, lambda quote: quote.category)},
    )


def _page(
    queued: QueuePage, category: str, draft: Draft, *, extra: AnswerToCode | None = None, status: int = 200
) -> Response:
    code = queued.round.code
    answers = [answer for answer in queued.answers if answer.text]
    missing = draft.answer_ids - {answer.answer_id for answer in answers}
    if extra is None:
        before = (_queue().find(code, answer_id, language_here()) for answer_id in sorted(missing))
        answers = [*(answer for answer in before if answer and answer.text), *answers]
    elif extra.answer_id in missing:
        answers = [extra, *answers]
    return page(
        "quotes.html",
        of="quotes",
        status=status,
        round=queued.round,
        category=category,
        name=category_names(language_here())[category],
        answers=answers,
        areas=queued.areas,
        area=asked("area"),
        quoted=list_quoted(desk().sessions, code, [answer.answer_id for answer in answers]),
        approved=list_quotes(desk().sessions, code, category),
        draft=draft,
        kept=_kept(category),
        next_mark=queued.next_mark,
        most=MOST_CHARACTERS,
        most_sources=MOST_SOURCES,
    )


def _sentence(refused: QuoteRefused) -> str:
    """Why the text may not be quoted, in the reader's language, naming what stands in it that may not."""
    said, found = words("quotes", language_here()), refused.found
    if refused.fault is QuoteFault.PERSONAL:
        found = kinds_in_words(found, language_here())
    sentence = said[f"fault_{refused.fault.value}"]
    return sentence.format(found=found, most=MOST_CHARACTERS, sources=MOST_SOURCES)


def _queued(code: str, category: str) -> QueuePage:
    selection = Selection(show=Show.ALL, category=category, area=asked("area"))
    try:
        return _queue().page(code, selection, mark=asked("mark"), language=language_here())
    except RoundRefused:
        abort(404)


def _kept(category: str) -> dict[str, Any]:
    """What every address of the page carries on."""
    kept = {"category": category, "area": asked("area"), "mark": asked("mark")}
    return {name: value for name, value in kept.items() if value}


def _number(text: str) -> int | None:
    found = int(text) if text.isascii() and text.isdecimal() and len(text) < 20 else None
    return found if found is not None and found < 2**63 else None


def _queue() -> CodingQueue:
    return CodingQueue(sessions=desk().sessions, me=signed_in().account.name)


def _quotes() -> Quotes:
    return Quotes(parts=desk().parts, actor=actor())
