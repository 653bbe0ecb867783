"""Reports that were released: to read, and to take out as files. All that a viewer sees; nothing here is live."""

from flask import Response, abort

from bot.coordinator.access import Access, Pages
from bot.coordinator.desk import desk
from bot.coordinator.downloads import dated, written
from bot.coordinator.pages import language_here, page, typed
from bot.coordinator.people_here import actor, signed_in
from bot.coordinator.wording import LANGUAGES
from bot.services.handing_over import ReleasedReports
from bot.services.overview import list_rounds
from bot.services.roles import Role
from bot.services.rounds import RoundRefused
from summary.exporters.formats import EXPORTERS

READERS = Access.of(Role.COORDINATOR, Role.VIEWER)

pages = Pages("reports", __name__)


@pages.page("/reports", access=READERS, navigation="reports")
def show() -> Response:
    """Coordinators go on from here to what they hand over."""
    is_coordinator = signed_in().account.role == Role.COORDINATOR
    lines = list_rounds(desk().sessions) if is_coordinator else []
    return page("reports.html", of="reports", reports=_reports().list(), rounds=lines)


@pages.page("/reports/<code>", access=READERS)
def read(code: str) -> Response:
    try:
        report, picture = _reports().read(code, language_here())
    except RoundRefused:
        abort(404)
    return page("report.html", of="reports", report=report, picture=picture, formats=tuple(EXPORTERS))


@pages.deed("/reports/<code>/file", access=READERS)
def take(code: str) -> Response:
    format_, language = chosen_format(), chosen_language()
    try:
        report, _ = _reports().read(code, language)
    except RoundRefused:
        abort(404)
    kind = "slutlig" if report.rule == "exact" else "preliminar"
    return written(
        dated(code, f"rapport-{kind}-{language}", format_),
        EXPORTERS[format_].media_type,
        lambda stream: _reports().write(code, format_, stream, language=language),
    )


def chosen_format() -> str:
    """Of a report. Whatever else was sent is a mistake in the form."""
    format_ = typed("format")
    return format_ if format_ in EXPORTERS else abort(400)


def chosen_language() -> str:
    language = typed("language")
    return language if language in LANGUAGES else abort(400)


def _reports() -> ReleasedReports:
    return ReleasedReports(sessions=desk().sessions, now=desk().now, actor=actor())
