"""Who is signed in in this browser, and what keeps others out: Flask-Login around bot.services.signing_in.

The cookie is signed and holds a random key of a row in the database; the row says who it is, and can be ended.
"""

from typing import cast

from flask import Flask, Response, abort, current_app, redirect, request, session, url_for
from flask_login import LoginManager, current_user, login_user, logout_user

from bot.coordinator.access import Stated, stated
from bot.coordinator.desk import Desk
from bot.services.signing_in import SignedIn
from bot.serving.security import is_from_another_site


class Person:
    """Somebody signed in, as Flask-Login wants it. `key` is what the cookie holds."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, key: str, signed_in: SignedIn | None = None) -> None:
        self.key = key
        self.signed_in = signed_in

    def get_id(self) -> str:
        return self.key


def set_up(app: Flask, desk: Desk) -> None:
    """Look at every request before anything else does: where it comes from, who it is, and whether they may."""
    manager = LoginManager(app)
    manager.session_protection = (
        None  # it would hold the network's address against who changes from wifi to mobile
    )

    @manager.user_loader  # type: ignore[untyped-decorator]
    def load(key: str) -> Person | None:
        signed_in = desk.signing_in.find(key)
        return Person(key, signed_in) if signed_in else None

    @app.before_request
    def keep_out() -> Response | None:
        said = stated(current_app, request.endpoint)
        if said is None:
            return None  # there is no such page
        if request.method == "POST" and is_from_another_site(request, desk.settings.console_url):
            abort(400)
        return None if said.access.is_open else _turned_away(said)


def me() -> SignedIn | None:
    """Who is signed in; None for nobody."""
    person = cast(Person, current_user)
    return person.signed_in if person.is_authenticated else None


def signed_in() -> SignedIn:
    """Who is signed in, on a page that nobody else sees."""
    return me() or abort(401)


def actor() -> str:
    """Who does it, for the audit log."""
    return signed_in().account.email


def let_in(key: str) -> None:
    """From now on this browser is signed in. What it held before goes: somebody else may have put it there."""
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language
    login_user(Person(key))


def let_out() -> None:
    logout_user()
    session.clear()


def safe_path(wanted: str) -> str:
    """`wanted` where it is a path of ours and nothing else, the start page otherwise: no link leads away from us."""
    is_path = wanted.startswith("/") and not wanted.startswith(("//", "/\\"))
    is_plain = wanted.isascii() and wanted.isprintable() and "\\" not in wanted and " " not in wanted
    return wanted if is_path and is_plain else url_for("start.show")


def _turned_away(said: Stated) -> Response | None:
    person = me()
    if person is None:
        if request.method == "GET":
            wanted = request.full_path.rstrip("?")
            return cast(Response, redirect(url_for("signing_in.ask", next=wanted if wanted != "/" else None)))
        abort(401)
    if not said.access.admits(person.account.role):
        abort(403)
    return None
