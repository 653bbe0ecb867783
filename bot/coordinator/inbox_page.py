"""The inbox: messages outside any survey, redacted, each with the day on which it goes. For coordinators."""

from flask import Response, redirect, request, url_for

from bot.coordinator.access import COORDINATORS, Pages
from bot.coordinator.desk import desk
from bot.coordinator.pages import page, say
from bot.coordinator.people_here import actor
from bot.services.inbox import count_new

pages = Pages("inbox", __name__)


@pages.page("/inbox", access=COORDINATORS, navigation="inbox", waiting=lambda: count_new(desk().sessions))
def show() -> Response:
    is_handled = request.args.get("show") == "handled"
    shown = desk().inbox(actor()).read(is_handled=is_handled, page=_page_number())
    return page("inbox.html", of="inbox", shown=shown, is_handled=is_handled)


@pages.deed("/inbox/<int(max=9223372036854775807):message_id>/handled", access=COORDINATORS)
def handle(message_id: int) -> Response:
    return _done(desk().inbox(actor()).mark(message_id, is_handled=True), "handled_now")


@pages.deed("/inbox/<int(max=9223372036854775807):message_id>/new", access=COORDINATORS)
def reopen(message_id: int) -> Response:
    return _done(desk().inbox(actor()).mark(message_id, is_handled=False), "reopened_now")


@pages.deed("/inbox/<int(max=9223372036854775807):message_id>/delete", access=COORDINATORS)
def delete(message_id: int) -> Response:
    return _done(desk().inbox(actor()).delete(message_id), "deleted_now")


def _done(was_there: bool, told: str) -> Response:
    say(told if was_there else "gone", of="inbox", kind="done" if was_there else "wrong")
    shown = "handled" if request.form.get("show") == "handled" else None
    return redirect(url_for("inbox.show", show=shown), 303)  # type: ignore[return-value]


def _page_number() -> int:
    wanted = request.args.get("page", "1")
    return (
        int(wanted) if wanted.isascii() and wanted.isdecimal() and 0 < len(wanted) < 6 and int(wanted) else 1
    )
