"""The problem picture as it stands now, filtered, for coordinators: marked as working material.

What is chosen stands in the address.
"""

from typing import Any

from flask import Response, abort, url_for

from bot.coordinator.access import COORDINATORS, Pages
from bot.coordinator.desk import desk
from bot.coordinator.pages import asked, language_here, page
from bot.services.live_picture import Asked, LivePicture, LivePictures
from bot.services.rounds import RoundRefused
from bot.services.watching import SHOWN_FROM
from bot.services.workbooks.cells import read_date

pages = Pages("picture", __name__)


@pages.page("/rounds/<code>/picture", access=COORDINATORS)
def show(code: str) -> Response:
    pictures = LivePictures(sessions=desk().sessions, now=desk().now)
    try:
        found = pictures.look(code, _asked(), language_here())
    except RoundRefused:
        abort(404)

    def at(**changed: Any) -> str:
        """This page with something else chosen."""
        return url_for("picture.show", code=code, **chosen(found.asked, **changed))

    return page(
        "picture.html", of="picture", picture=found, at=at, answers=_answers(found), shown_from=SHOWN_FROM
    )


def _asked() -> Asked:
    """What the address asks for. What is no day, or nothing to choose, is as if nothing stood there."""
    return Asked(
        stream=asked("stream"),
        area=asked("area"),
        age=asked("age"),
        gender=asked("gender"),
        role=asked("role"),
        category=asked("category"),
        since=read_date(asked("since")),
        until=read_date(asked("until")),
    )


def chosen(wanted: Asked, **changed: Any) -> dict[str, Any]:
    """As parts of an address; the stream that most look at is left out."""
    names = ("stream", "area", "age", "gender", "role", "category", "since", "until")
    values = {**{name: getattr(wanted, name) for name in names}, **changed}
    if values["stream"] == "residents":
        values["stream"] = ""
    return {name: str(value) for name, value in values.items() if value}


def _answers(found: LivePicture) -> Any:
    """Where the answers to a category are read: in the coding, of the area that is chosen."""

    def to(category: str) -> str:
        area: dict[str, Any] = {"area": found.asked.area} if found.asked.area else {}
        return url_for("coding.show", code=found.row.code, show="all", category=category, **area)

    return to
