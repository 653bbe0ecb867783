"""The audit log: who did what, filtered, and whether the chain holds. For coordinators."""

from flask import Response

from bot.coordinator.access import COORDINATORS, Pages
from bot.coordinator.desk import desk
from bot.coordinator.pages import asked, page
from bot.services.auditing import Filter

pages = Pages("audit", __name__)


@pages.page("/audit", access=COORDINATORS, navigation="audit")
def show() -> Response:
    wanted = _filter()
    return page(
        "audit.html",
        of="audit",
        wanted=wanted,
        shown=desk().auditing.page(wanted),
        state=desk().auditing.check(),
    )


@pages.page("/audit/head.txt", access=COORDINATORS)
def head() -> Response:
    """To be kept elsewhere: `lyhord audit verify --head` tells later whether the log still has it."""
    end = desk().auditing.head()
    response = Response(f"{end.id}:{end.hash}\n", content_type="text/plain; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="lyhord-audit-head.txt"'
    return response


def _filter() -> Filter:
    before = asked("before")
    return Filter(
        actor=asked("actor", 254),
        action=asked("action"),
        round_code=asked("round"),
        before=int(before) if before.isascii() and before.isdecimal() and len(before) < 16 else None,
    )
