"""Monday morning: one page before the meeting, for coordinators. What stands on it leads on to its own page."""

from flask import Response, abort, redirect, url_for

from bot.coordinator.access import COORDINATORS, Pages
from bot.coordinator.desk import desk
from bot.coordinator.pages import asked, language_here, page
from bot.services.monday import Mondays
from bot.services.rounds import RoundRefused
from bot.services.watching import SHOWN_FROM

MOST_PROMISES = 8

pages = Pages("monday", __name__)


@pages.page("/monday", access=COORDINATORS, navigation="monday")
def show() -> Response:
    """Of the round that the address names, or of that which is under way."""
    mondays = Mondays(sessions=desk().sessions, now=desk().now)
    opened = mondays.list_rounds()
    code = asked("round") or (opened[0].code if opened else "")
    if not code:
        return redirect(url_for("start.show"), 303)  # type: ignore[return-value]
    try:
        found = mondays.look(code, language_here())
    except RoundRefused:
        abort(404)
    return page(
        "monday.html",
        of="monday",
        monday=found,
        rounds=opened,
        shown_from=SHOWN_FROM,
        most_promises=MOST_PROMISES,
    )
