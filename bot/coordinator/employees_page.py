"""The employees' survey: its internal link and code, for a coordinator to hand out, change and close."""

from collections.abc import Callable

import segno
from flask import Response, abort, redirect, url_for

from bot.coordinator.access import COORDINATORS, Pages
from bot.coordinator.desk import desk
from bot.coordinator.formats import day
from bot.coordinator.pages import language_here, page, say
from bot.coordinator.people_here import actor
from bot.coordinator.wording import LANGUAGES, words
from bot.services.errors import Refused
from bot.services.internal_links import EmployeesRound, InternalLink, InternalLinks
from bot.services.staff_units import list_units

pages = Pages("employees", __name__)


@pages.page("/rounds/<code>/employees", access=COORDINATORS)
def show(code: str) -> Response:
    try:
        found = _links().find(code)
    except Refused:
        abort(404)
    return page(
        "employees.html",
        of="employees",
        round=found,
        link=found.link,
        picture=_picture(found.link) if found.link else "",
        mails={language: _mail(language, found, found.link) for language in LANGUAGES} if found.link else {},
        units=list_units(desk().sessions, code, language_here()),
    )


@pages.deed("/rounds/<code>/employees", access=COORDINATORS)
def renew(code: str) -> Response:
    return _do(code, lambda: _links().renew(code), "made")


@pages.deed("/rounds/<code>/employees/close", access=COORDINATORS)
def close(code: str) -> Response:
    return _do(code, lambda: _links().close(code), "closed_now")


def _do(code: str, deed: Callable[[], None], done: str) -> Response:
    try:
        deed()
    except Refused:
        abort(404)
    say(done, of="employees")
    return redirect(url_for("employees.show", code=code), 303)  # type: ignore[return-value]


def _mail(language: str, found: EmployeesRound, link: InternalLink) -> str:
    """The text to paste in a message. Facts of the round stand in it as they are: it is plain text."""
    said = words("employees", language)
    return said["mail"].format(
        municipality=found.municipality,
        address=link.address,
        page=link.page,
        code=link.code,
        last_day=day(found.closes_on, language),
    )


def _picture(link: InternalLink) -> str:
    """A QR code as the address of a picture."""
    return segno.make(link.address, micro=False).svg_data_uri(scale=5, border=4, light="#fff")


def _links() -> InternalLinks:
    here = desk()
    return InternalLinks(
        sessions=here.sessions,
        keys=here.keys,
        now=here.now,
        actor=actor(),
        public_url=here.settings.public_url,
    )
