"""Watching a round: one page of live counts that renews itself. For coordinators."""

from flask import Response, abort

from bot.coordinator.access import COORDINATORS, Pages
from bot.coordinator.desk import desk
from bot.coordinator.pages import language_here, page
from bot.services.watching import SHARE_FROM, SHOWN_FROM

pages = Pages("watching", __name__)


@pages.page("/rounds/<code>/watch", access=COORDINATORS)
def show(code: str) -> Response:
    return _page(code, "watching.html")


@pages.page("/rounds/<code>/watch/figures", access=COORDINATORS)
def figures(code: str) -> Response:
    """The part of the page that changes, for its script."""
    return _page(code, "watching_figures.html")


def _page(code: str, template: str) -> Response:
    watched = desk().watching.look(code, language_here())
    if watched is None:
        abort(404)
    return page(template, of="watching", watched=watched, shown_from=SHOWN_FROM, share_from=SHARE_FROM)
