"""A round: what it is, what state it is in, and what can be done with it."""

from flask import Response, abort

from bot.coordinator.access import Access, Pages
from bot.coordinator.desk import desk
from bot.coordinator.pages import language_here, page
from bot.coordinator.people_here import actor, signed_in
from bot.services.closing import plan_of
from bot.services.roles import Role
from bot.services.round_facts import find_facts
from bot.services.round_states import deeds_of, lines_of, notes_of

IN_THE_HOUSE = Access.of(Role.COORDINATOR, Role.CODER)


pages = Pages("rounds", __name__)


@pages.page("/rounds/<code>", access=IN_THE_HOUSE)
def show(code: str) -> Response:
    facts = find_facts(desk().sessions, code) or abort(404)
    plan = plan_of(facts.row, desk().today)
    return page(
        "round.html",
        of="round",
        facts=facts,
        row=facts.row,
        deeds=[deed.value for deed in deeds_of(facts.row, desk().today)],
        notes=notes_of(plan, language_here()),
        lines=list(lines_of(plan, language_here())),
        is_coordinator=signed_in().account.role == Role.COORDINATOR,
        begun=[sketch for sketch in desk().sketches(actor()).list() if sketch.round_code == code],
    )
