"""The register of promises of a round: written, changed, followed up and withdrawn, with what each still lacks.

What was typed is kept when it is refused, and when somebody else has changed the promise meanwhile.
"""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Response, abort, redirect, url_for

from bot.coordinator.access import COORDINATORS, Pages
from bot.coordinator.desk import desk
from bot.coordinator.pages import asked, language_here, page, say, typed, typed_line
from bot.coordinator.people_here import actor
from bot.coordinator.promise_form import (
    FIELDS,
    MOST_TYPED,
    OUTCOME,
    Draft,
    Unreadable,
    read_outcome,
    read_promise,
    typed_as,
    typed_in,
)
from bot.coordinator.refusals import kinds_in_words
from bot.coordinator.wording import LANGUAGES, words
from bot.services.picture_choices import PictureChoices
from bot.services.promise_checks import weak_words
from bot.services.promise_forms import (
    LONGEST,
    PromiseChanged,
    PromiseFault,
    PromiseRefused,
    problem_codes,
    problem_names,
)
from bot.services.promise_register import Register, Registered, Registers
from bot.services.promise_texts import feedback_text, sms_drafts, template_text
from bot.services.promises import Promises
from bot.services.rounds import RoundRefused
from summary.promises import Frequency, Status, goal_of, outcome, result_of

_PROMISE = f"<int(max={2**31 - 1}):promise_id>"

pages = Pages("promises", __name__)


@pages.page("/rounds/<code>/promises", access=COORDINATORS)
def show(code: str) -> Response:
    register = _register(code)
    settled = [each.promised for each in register.promises if not each.promised.status.is_open]
    language = language_here()
    return page(
        "promises.html",
        of="promises",
        register=register,
        outcome=outcome([each.promised for each in register.promises], language) if settled else "",
        before_outcome=outcome([each.promised for each in register.before_promises], language)
        if register.before_promises
        else "",
        **_shown(),
    )


@pages.page("/rounds/<code>/promises/new", access=COORDINATORS)
def write(code: str) -> Response:
    chosen = asked("problem")
    return _form(
        _register(code), None, Draft(values={"problem": chosen if chosen in problem_codes() else ""})
    )


@pages.deed("/rounds/<code>/promises", access=COORDINATORS)
def add(code: str) -> Response:
    register, values = _register(code), typed_in(FIELDS)
    try:
        made = _promises().add(code, read_promise(values))
    except (PromiseRefused, Unreadable) as refused:
        return _form(register, None, _refused(values, refused, "change"), status=400)
    say("added", of="promises")
    return _to(code, made)


@pages.page(f"/rounds/<code>/promises/{_PROMISE}", access=COORDINATORS)
def open_one(code: str, promise_id: int) -> Response:
    return _form(_register(code), _found(code, promise_id), Draft())


@pages.deed(f"/rounds/<code>/promises/{_PROMISE}", access=COORDINATORS)
def change(code: str, promise_id: int) -> Response:
    values = typed_in(FIELDS)
    return _do(
        code, promise_id, values, "change",
        lambda: _promises().change(code, promise_id, _version(), read_promise(values)),
    )  # fmt: skip


@pages.deed(f"/rounds/<code>/promises/{_PROMISE}/follow-up", access=COORDINATORS)
def follow_up(code: str, promise_id: int) -> Response:
    values = typed_in(OUTCOME)
    return _do(
        code, promise_id, values, "follow_up",
        lambda: _promises().follow_up(code, promise_id, _version(), read_outcome(values)),
    )  # fmt: skip


@pages.deed(f"/rounds/<code>/promises/{_PROMISE}/withdraw", access=COORDINATORS)
def withdraw(code: str, promise_id: int) -> Response:
    values = {"reason": typed_line("reason", MOST_TYPED)}
    return _do(
        code, promise_id, values, "withdraw",
        lambda: _promises().withdraw(code, promise_id, _version(), values["reason"]),
    )  # fmt: skip


@pages.deed("/rounds/<code>/promises/before", access=COORDINATORS)
def choose_before(code: str) -> Response:
    """The earlier round whose promises the report tells of, and that changes are told since."""
    register, chosen = _register(code), typed("before")
    if chosen and chosen not in {row.code for row in register.others}:
        abort(400)
    PictureChoices(sessions=desk().sessions, now=desk().now, actor=actor()).compare_with(code, chosen)
    say("before_chosen", of="promises")
    return redirect(url_for("promises.show", code=code, _anchor="before"), 303)  # type: ignore[return-value]


@pages.page("/rounds/<code>/promises/texts", access=COORDINATORS)
def texts(code: str) -> Response:
    """As plain text to paste, in the language that the address asks for."""
    register, language = _register(code), asked("language") or language_here()
    if language not in LANGUAGES:
        abort(404)
    standing = [e.promised for e in register.promises if e.promised.status is not Status.WITHDRAWN]
    names = problem_names(language)
    return page(
        "promise_texts.html",
        of="promises",
        register=register,
        chosen=language,
        template=template_text(standing, names, language),
        feedback=feedback_text(standing, names, language),
        drafts=sms_drafts(standing, register.row.municipality, register.page, language),
        left_out=sum(not each.is_whole for each in standing),
    )


def _do(
    code: str, promise_id: int, values: Mapping[str, str], form: str, deed: Callable[[], None]
) -> Response:
    """The deed and back to the list; else the form again, with what was typed."""
    register, found = _register(code), _found(code, promise_id)
    try:
        deed()
    except PromiseChanged:
        draft = Draft(values=values, form=form, meanwhile=True)
        return _form(register, _found(code, promise_id), draft, status=409)
    except (PromiseRefused, Unreadable) as refused:
        return _form(register, found, _refused(values, refused, form), status=400)
    say(f"done_{form}", of="promises")
    return _to(code, promise_id)


def _form(register: Register, found: Registered | None, draft: Draft, *, status: int = 200) -> Response:
    stands = typed_as(found) if found else {}
    return page(
        "promise.html",
        of="promises",
        status=status,
        register=register,
        found=found,
        draft=draft,
        value=lambda name: draft.values.get(name, stands.get(name, "")),
        frequencies=list(Frequency),
        longest=LONGEST,
        **_shown(),
    )


def _shown() -> dict[str, Any]:
    language = language_here()
    return {
        "names": problem_names(language),
        "statuses": list(Status),
        "goal_of": lambda each: goal_of(each, language),
        "result_of": lambda each: result_of(each, language),
        "weak_words": weak_words,
    }


def _refused(values: Mapping[str, str], refused: PromiseRefused | Unreadable, form: str) -> Draft:
    said = words("promises", language_here())
    if isinstance(refused, Unreadable):
        return Draft(
            values=values, fault=said[refused.fault], at=refused.field, form=form, version=_version()
        )
    found = refused.found
    if refused.fault is PromiseFault.GONE:
        abort(404)
    if refused.fault is PromiseFault.PERSONAL:
        found = kinds_in_words(found, language_here())
    most = LONGEST.get(refused.field, 0)
    sentence = said[f"fault_{refused.fault.value}"].format(found=found, most=most)
    name = "reason" if form == "withdraw" else refused.field
    return Draft(values=values, fault=sentence, at=name, form=form, version=_version())


def _register(code: str) -> Register:
    try:
        return _registers().look(code)
    except RoundRefused:
        abort(404)


def _found(code: str, promise_id: int) -> Registered:
    try:
        return _registers().find(code, promise_id)
    except (RoundRefused, PromiseRefused):
        abort(404)


def _version() -> int:
    version = typed("version", 12)
    return int(version) if version.isascii() and version.isdecimal() else 0


def _to(code: str, promise_id: int) -> Response:
    where = url_for("promises.show", code=code, _anchor=f"promise-{promise_id}")
    return redirect(where, 303)  # type: ignore[return-value]


def _registers() -> Registers:
    return Registers(sessions=desk().sessions, now=desk().now)


def _promises() -> Promises:
    return Promises(parts=desk().parts, actor=actor())
