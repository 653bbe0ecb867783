"""The quarantine: messages that told of danger, in rounds of mode B. For guardians, and for nobody else."""

from flask import Response, redirect, request, url_for

from bot.coordinator.access import Access, Pages
from bot.coordinator.desk import desk
from bot.coordinator.pages import page, say, typed
from bot.coordinator.people_here import actor
from bot.services.quarantine import Reason, count_unread
from bot.services.roles import Role
from privacy.pseudonyms import UndecipherableError

GUARDIANS = Access.of(Role.GUARDIAN)


pages = Pages("quarantine", __name__)


@pages.page(
    "/quarantine",
    access=GUARDIANS,
    navigation="quarantine",
    waiting=lambda: count_unread(desk().sessions),
)
def show() -> Response:
    return _page()


@pages.deed("/quarantine/<int(max=9223372036854775807):message_id>/open", access=GUARDIANS)
def read(message_id: int) -> Response:
    """A form and no address: each reading has its reason and its line in the log, and no browser keeps it."""
    reason = typed("reason")
    if reason not in list(Reason):
        return _page(fault="reason_missing", status=400)
    try:
        opened = desk().quarantine(actor()).open(message_id, Reason(reason))
    except UndecipherableError:
        return _page(fault="key_missing", status=409)
    if opened is None:
        return _page(fault="gone", status=404)
    return page("quarantine_message.html", of="quarantine", opened=opened)


@pages.deed("/quarantine/<int(max=9223372036854775807):message_id>/handled", access=GUARDIANS)
def handle(message_id: int) -> Response:
    if request.form.get("sure") != "yes":
        return _page(fault="not_sure", status=400)
    was_there = desk().quarantine(actor()).handle(message_id)
    say("handled_now" if was_there else "gone", of="quarantine", kind="done" if was_there else "wrong")
    return redirect(url_for("quarantine.show"), 303)  # type: ignore[return-value]


def _page(*, fault: str = "", status: int = 200) -> Response:
    held = desk().quarantine(actor())
    return page(
        "quarantine.html",
        of="quarantine",
        status=status,
        messages=held.list(),
        deleted=held.list_deleted(),
        reasons=list(Reason),
        fault=fault,
    )
