"""Whether the console runs, and whether it can work: its database answers and has this version's tables."""

from flask import Response

from bot.coordinator.access import ANYONE, Pages
from bot.coordinator.desk import desk
from bot.serving import health

pages = Pages("health", __name__)


@pages.page("/health/live", access=ANYONE)
def live() -> Response:
    return health.live()


@pages.page("/health/ready", access=ANYONE)
def ready() -> tuple[Response, int]:
    return health.ready(desk().sessions)
