"""The ledger of released reports. Viewers see what was released; coordinators also by how many answers, and who took
out what.
"""

from flask import Response, abort

from bot.coordinator.access import Pages
from bot.coordinator.desk import desk
from bot.coordinator.pages import page
from bot.coordinator.people_here import signed_in
from bot.coordinator.reports_page import READERS
from bot.services.releases import list_releases
from bot.services.roles import Role
from bot.services.rounds import RoundRefused

pages = Pages("ledger", __name__)


@pages.page("/reports/<code>/ledger", access=READERS)
def show(code: str) -> Response:
    is_coordinator = signed_in().account.role == Role.COORDINATOR
    try:
        row, releases = list_releases(desk().sessions, code)
    except RoundRefused:
        abort(404)
    if not releases and not is_coordinator:
        abort(404)  # of a round that released nothing a viewer knows nothing
    return page("ledger.html", of="ledger", row=row, releases=releases, is_coordinator=is_coordinator)
