"""Correcting what answers are about: the queue of answers, one of them open, deciding and undoing.

A decision is sent with the number of the one that was seen: what somebody else decided meanwhile is never overwritten.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, abort, redirect, request, url_for

from bot.coordinator.access import Access, Pages
from bot.coordinator.desk import desk
from bot.coordinator.pages import asked, language_here, page, say, typed
from bot.coordinator.people_here import actor, signed_in
from bot.services.coding_queue import KEYS, CodingQueue, QueuePage, Selection, Show
from bot.services.deciding import Codings
from bot.services.decisions import (
    MOST_CATEGORIES,
    NOTHING_FITS,
    AnswerToCode,
    ChangedMeanwhile,
    Decision,
    category_names,
)
from bot.services.roles import Role
from bot.services.rounds import RoundRefused
from bot.services.workbooks.coding_form import category_definitions

CODERS = Access.of(Role.COORDINATOR, Role.CODER)
_ANSWER = f"<int(max={2**63 - 1}):answer_id>"

pages = Pages("coding", __name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """A category as it is offered. `key` presses it, `score` is the rules' where they suggest it."""

    code: str
    name: str
    definition: str
    key: str = ""
    score: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Opened:
    """The answer that is open, what is offered for it and what is chosen, the primary one first."""

    answer: AnswerToCode
    near: tuple[Choice, ...]
    rest: tuple[Choice, ...]
    chosen: tuple[str, ...]
    fault: str = ""
    meanwhile: Decision | None = None


@pages.page("/coding", access=CODERS, navigation="coding")
def list_rounds() -> Response:
    return page("coding_rounds.html", of="coding", rounds=_queue().list_rounds())


@pages.page("/rounds/<code>/coding", access=CODERS)
def show(code: str) -> Response:
    queued = _queued(code)
    return _page(queued, _opened(queued, code, _number(request.args.get("answer", ""))))


@pages.deed(f"/rounds/<code>/coding/{_ANSWER}", access=CODERS)
def decide(code: str, answer_id: int) -> Response:
    queued, chosen = _queued(code), _chosen()
    found = _queue().find(code, answer_id, language_here())
    if found is None:
        return _gone(code)
    fault = _fault_of(chosen)
    if fault:
        return _page(queued, _offered(queued, found, chosen, fault=fault), status=400)
    try:
        _codings().decide(answer_id, chosen, author=signed_in().account.name, version=_version())
    except ChangedMeanwhile as changed:
        found = _queue().find(code, answer_id, language_here())
        if found is None:
            return _gone(code)
        return _page(queued, _offered(queued, found, chosen, meanwhile=changed.current), status=409)
    except RoundRefused:
        return _gone(code)
    return _to(code, {**_next(queued, answer_id), "done": str(answer_id)})


@pages.deed(f"/rounds/<code>/coding/{_ANSWER}/undo", access=CODERS)
def undo(code: str, answer_id: int) -> Response:
    _queued(code)
    try:
        _codings().undo(answer_id, author=signed_in().account.name, version=_version())
    except ChangedMeanwhile as changed:
        names = category_names(language_here())
        what = "; ".join(names.get(c, c) for c in changed.current.categories)
        say("not_undone", of="coding", kind="wrong", who=_by(changed.current), what=what)
    except RoundRefused:
        say("nothing_to_undo", of="coding", kind="wrong")
    else:
        say("undone", of="coding")
    return _to(code, {"answer": str(answer_id)})


def _page(queued: QueuePage, opened: Opened | None, *, status: int = 200) -> Response:
    shown = queued.answers
    if opened and opened.answer.answer_id not in {answer.answer_id for answer in shown}:
        shown = (opened.answer, *shown)
    following = {answer.answer_id: _next(queued, answer.answer_id) for answer in shown}
    return page(
        "coding.html",
        of="coding",
        status=status,
        queued=queued,
        answers=shown,
        opened=opened,
        following=following,
        done=_done(queued.round.code),
        selection=_selection(),
        kept=_kept(),
        shows=list(Show),
        names=category_names(language_here()),
        by=_by,
        nothing=NOTHING_FITS,
        most=MOST_CATEGORIES,
    )


def _queued(code: str) -> QueuePage:
    try:
        return _queue().page(code, _selection(), mark=asked("mark"), language=language_here())
    except RoundRefused:
        abort(404)


def _opened(queued: QueuePage, code: str, answer_id: int | None) -> Opened | None:
    """The answer asked for, wherever it stands, or the first of the page."""
    here = {answer.answer_id: answer for answer in queued.answers}
    found = here.get(answer_id) if answer_id is not None else None
    if found is None and answer_id is not None:
        found = _queue().find(code, answer_id, language_here())
    found = found or next(iter(queued.answers), None)
    return _offered(queued, found, found.current.categories) if found else None


def _offered(
    queued: QueuePage,
    answer: AnswerToCode,
    chosen: Iterable[str],
    *,
    fault: str = "",
    meanwhile: Decision | None = None,
) -> Opened:
    """What stands and what the rules say first, then what is given often: those have keys. Then the rest."""
    scores = {suggestion.category: suggestion.score for suggestion in answer.suggested.suggestions}
    first = dict.fromkeys((*scores, *answer.current.categories, *queued.near))
    near = [category for category in first if category != NOTHING_FITS][:KEYS]
    names, definitions = category_names(language_here()), category_definitions(language_here())

    def choice(code: str, key: str = "") -> Choice:
        return Choice(
            code=code, name=names[code], definition=definitions[code], key=key, score=scores.get(code)
        )

    return Opened(
        answer=answer,
        near=tuple(choice(code, str(key)) for key, code in enumerate(near, 1)),
        rest=tuple(choice(code) for code in names if code not in {*near, NOTHING_FITS}),
        chosen=tuple(chosen),
        fault=fault,
        meanwhile=meanwhile,
    )


def _done(code: str) -> AnswerToCode | None:
    """What was decided on the page before, for it to be undone."""
    answer_id = _number(request.args.get("done", ""))
    found = _queue().find(code, answer_id, language_here()) if answer_id is not None else None
    return found if found and found.current.by_person else None


def _chosen() -> tuple[str, ...]:
    """The ticked categories, the primary one first."""
    ticked = list(dict.fromkeys(request.form.getlist("category")))[: MOST_CATEGORIES + 20]
    primary = typed("primary")
    return tuple(sorted(ticked, key=lambda category: category != primary))


def _fault_of(chosen: tuple[str, ...]) -> str:
    """Word of what is wrong with a choice; empty where it can be decided."""
    if not chosen:
        return "choose_one"
    if any(category not in category_names("sv") for category in chosen):
        return "choose_known"
    if NOTHING_FITS in chosen and len(chosen) > 1:
        return "nothing_alone"
    return "choose_fewer" if len(chosen) > MOST_CATEGORIES else ""


def _next(queued: QueuePage, answer_id: int) -> dict[str, str]:
    """Where the answer behind this one is opened."""
    following = queued.after(answer_id)
    if following is None:
        return {}
    on_next_page = following is queued.follows
    return {
        "answer": str(following.answer_id),
        **({"mark": queued.next_mark} if on_next_page else {}),
    }


def _to(code: str, at: Mapping[str, str]) -> Response:
    query: dict[str, Any] = {**_kept(), **at}
    return redirect(url_for("coding.show", code=code, _anchor="open", **query), 303)  # type: ignore[return-value]


def _gone(code: str) -> Response:
    say("answer_gone", of="coding", kind="wrong")
    return _to(code, {})


def _kept() -> dict[str, str]:
    """What every address of the queue carries on."""
    selection = _selection()
    kept = {
        "show": selection.show.value,
        "category": selection.category,
        "area": selection.area,
        "mark": asked("mark"),
    }
    return {name: value for name, value in kept.items() if value}


def _selection() -> Selection:
    shown = asked("show")
    category = asked("category")
    return Selection(
        show=Show(shown) if shown in list(Show) else Show.TODO,
        category=category if category in category_names("sv") else "",
        area=asked("area"),
    )


def _number(text: str) -> int | None:
    found = int(text) if text.isascii() and text.isdecimal() and len(text) < 20 else None
    return found if found is not None and found < 2**63 else None


def _version() -> int:
    """Of the decision that was seen. What is no number has never been current."""
    found = _number(typed("version", 10))
    return -1 if found is None else found


def _by(decision: Decision) -> str:
    """Who brought it about; empty for the rules."""
    return decision.made_by if decision.number else ""


def _queue() -> CodingQueue:
    return CodingQueue(sessions=desk().sessions, me=signed_in().account.name)


def _codings() -> Codings:
    return Codings(sessions=desk().sessions, now=desk().now, actor=actor())
