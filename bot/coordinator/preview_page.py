"""Looking through everything that a survey may say, as text messages and in the chat."""

from flask import Response, abort, request

from bot.coordinator.access import COORDINATORS, Pages
from bot.coordinator.desk import desk
from bot.coordinator.pages import asked, language_here, page
from bot.services.previewing import find_preview
from bot.services.round_facts import find_row

pages = Pages("preview", __name__)


@pages.page("/rounds/<code>/preview", access=COORDINATORS)
def show(code: str) -> Response:
    row = find_row(desk().sessions, code) or abort(404)
    wanted = request.args.get("language", language_here())
    shown = find_preview(desk().sessions, code, asked("stream"), wanted, language_here())
    return page("preview.html", of="preview", row=row, shown=shown)
