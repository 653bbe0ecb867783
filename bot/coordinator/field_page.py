"""Where staff begin to type in what came on paper, was said at meetings, or is asked of colleagues."""

from flask import Response

from bot.coordinator.access import Access, Pages
from bot.coordinator.desk import desk
from bot.coordinator.pages import page
from bot.services.overview import list_rounds
from bot.services.roles import Role

pages = Pages("field", __name__)


@pages.page("/field", access=Access.of(Role.COORDINATOR, Role.NOTE_TAKER), navigation="field")
def show() -> Response:
    rounds = [line for line in list_rounds(desk().sessions) if line.status == "open"]
    return page("field.html", of="field", rounds=rounds, coordinator=Role.COORDINATOR)
