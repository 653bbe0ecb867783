"""Which language the console is in: kept with the account, or in this browser until somebody signs in."""

from flask import Response, redirect, session

from bot.coordinator.access import ANYONE, Pages
from bot.coordinator.desk import desk
from bot.coordinator.pages import typed
from bot.coordinator.people_here import me, safe_path
from bot.coordinator.wording import LANGUAGES

pages = Pages("language", __name__)


@pages.deed("/language", access=ANYONE)
def choose() -> Response:
    language, person = typed("language"), me()
    if language in LANGUAGES:
        session["language"] = language
        if person is not None:
            desk().accounts(person.account.email).set_language(person.account, language)
    return redirect(safe_path(typed("next", 2000)), 303)  # type: ignore[return-value]
