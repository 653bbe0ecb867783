"""Opening, pausing, resuming, extending and closing a round: first what will happen and when, then the deed."""

from datetime import date

from flask import Response, abort, redirect, request, url_for

from bot.coordinator.access import COORDINATORS, Pages
from bot.coordinator.desk import desk
from bot.coordinator.pages import language_here, page, say, typed
from bot.coordinator.people_here import actor
from bot.coordinator.refusals import sentence_of
from bot.services.errors import Refused
from bot.services.round_facts import RoundAtAGlance, find_facts
from bot.services.round_states import Deed, deeds_of, lines_of, notes_of, plan_with, what_prevents_opening
from bot.services.text_sizes import measured_texts
from bot.services.workbooks.cells import read_date

pages = Pages("round_state", __name__)


@pages.page("/rounds/<code>/state/<deed>", access=COORDINATORS)
def ask(code: str, deed: str) -> Response:
    facts, wanted = _wanted(code, deed)
    return _page(facts, wanted, typed_until=request.args.get("until", ""))


@pages.deed("/rounds/<code>/state/<deed>", access=COORDINATORS)
def carry_out(code: str, deed: str) -> Response:
    facts, wanted = _wanted(code, deed)
    until = read_date(typed("until", 40))
    if wanted is Deed.EXTEND and until is None:
        return _page(facts, wanted, typed_until=typed("until", 40), fault="date", status=400)
    try:
        _do(code, wanted, until)
    except Refused as refused:
        return _page(
            facts,
            wanted,
            typed_until=typed("until", 40),
            refused=sentence_of(refused, language_here()),
            status=400,
        )
    say(f"done_{wanted.value}", of="round_state")
    return redirect(url_for("rounds.show", code=code), 303)  # type: ignore[return-value]


def _do(code: str, deed: Deed, until: date | None) -> None:
    rounds = desk().rounds(actor())
    match deed:
        case Deed.OPEN:
            rounds.open(code)
        case Deed.PAUSE:
            rounds.pause(code)
        case Deed.RESUME:
            rounds.resume(code)
        case Deed.CLOSE:
            rounds.close(code)
        case Deed.EXTEND if until is not None:
            rounds.extend(code, until)


def _wanted(code: str, deed: str) -> tuple[RoundAtAGlance, Deed]:
    if deed not in list(Deed):
        abort(404)
    return find_facts(desk().sessions, code) or abort(404), Deed(deed)


def _page(
    facts: RoundAtAGlance,
    deed: Deed,
    *,
    typed_until: str = "",
    fault: str = "",
    refused: str = "",
    status: int = 200,
) -> Response:
    today, language = desk().today, language_here()
    until = read_date(typed_until)
    if typed_until and until is None:
        fault = "date"
    prevents = what_prevents_opening(facts) if deed is Deed.OPEN else ()
    may_be_done = deed in deeds_of(facts.row, today)
    plan = plan_with(facts.row, deed, today, until)
    return page(
        "round_state.html",
        of="round_state",
        status=status,
        facts=facts,
        row=facts.row,
        deed=deed.value,
        today=today,
        until=until,
        typed_until=typed_until,
        fault=fault,
        refused=refused,
        prevents=prevents,
        may_be_done=may_be_done,
        lines=list(lines_of(plan, language)),
        notes=notes_of(plan, language),
        plan=plan,
        dear=sum(text.size.segments > 1 for text in measured_texts(_with_flows(facts)))
        if deed is Deed.OPEN
        else 0,
    )


def _with_flows(facts: RoundAtAGlance) -> dict[str, object]:
    return {**facts.document, "flows": {stream: stream for stream in facts.streams}}
