"""Signing in and out."""

import re

from flask import Response, redirect, request

from bot.coordinator.access import ANYONE, SIGNED_IN, Pages
from bot.coordinator.desk import desk
from bot.coordinator.pages import page, typed
from bot.coordinator.people_here import let_in, let_out, me, safe_path, signed_in
from bot.services.signing_in import NotSignedIn
from bot.serving.network import address_of

_BROWSERS = ("Edg", "OPR", "Firefox", "Chrome", "Safari")
_SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Mac OS X", "Linux")
_CALLED = {"Edg": "Edge", "OPR": "Opera", "Mac OS X": "Mac"}


pages = Pages("signing_in", __name__)


@pages.page("/sign-in", access=ANYONE)
def ask() -> Response:
    if me() is not None:
        return _to(request.args.get("next", ""))
    return _form(next_path=request.args.get("next", ""))


@pages.deed("/sign-in", access=ANYONE)
def sign_in() -> Response:
    result = desk().signing_in.sign_in(
        email=typed("email", 254),
        password=request.form.get("password", ""),
        code=typed("code", 60),
        address=address_of(request),
        browser=_browser(request.user_agent.string),
    )
    if isinstance(result, NotSignedIn):
        status = 429 if result is NotSignedIn.WAIT else 401
        return _form(
            next_path=request.form.get("next", ""),
            fault=result.value,
            email=typed("email", 254),
            status=status,
        )
    let_in(result)
    return _to(request.form.get("next", ""))


@pages.deed("/sign-out", access=SIGNED_IN)
def sign_out() -> Response:
    desk().signing_in.sign_out(signed_in())
    let_out()
    return page("signed_out.html", of="signing_in")


@pages.deed("/sign-out/everywhere", access=SIGNED_IN)
def sign_out_everywhere() -> Response:
    desk().signing_in.sign_out_everywhere(signed_in())
    let_out()
    return page("signed_out.html", of="signing_in")


def _form(*, next_path: str, fault: str = "", email: str = "", status: int = 200) -> Response:
    return page(
        "sign_in.html",
        of="signing_in",
        status=status,
        next_path=next_path,
        fault=fault,
        email=email,
        needs_codes=desk().needs_codes,
    )


def _to(wanted: str) -> Response:
    return redirect(safe_path(wanted), 303)  # type: ignore[return-value]


def _browser(agent: str) -> str:
    """As "Firefox, Windows": enough to know one's own again."""
    names = (
        next((name for name in kinds if re.search(rf"\b{name}\b", agent)), "")
        for kinds in (_BROWSERS, _SYSTEMS)
    )
    return ", ".join(_CALLED.get(name, name) for name in names if name)
