"""The first page: the rounds there are, with their dates, and live counts for who may see them."""

from flask import Response

from bot.coordinator.access import SIGNED_IN, Pages
from bot.coordinator.desk import desk
from bot.coordinator.pages import page
from bot.coordinator.people_here import signed_in
from bot.services.overview import list_rounds
from bot.services.roles import Role

_COUNTS = {Role.COORDINATOR, Role.CODER}
"""Live counts are for the house; others see what was released."""


pages = Pages("start", __name__)


@pages.page("/", access=SIGNED_IN, navigation="start")
def show() -> Response:
    role = signed_in().account.role
    rounds = list_rounds(desk().sessions)
    return page("start.html", of="start", rounds=rounds, has_counts=role in _COUNTS)
