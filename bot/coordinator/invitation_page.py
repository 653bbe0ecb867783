"""Accepting an invitation: a password, and an app that shows one-time codes.

The token leaves the address at once: what stands there is kept by browsers and shown over shoulders.
"""

import segno
from flask import Response, redirect, request, session, url_for

from bot.coordinator.access import ANYONE, Pages
from bot.coordinator.desk import desk
from bot.coordinator.pages import page, typed
from bot.coordinator.people_here import let_out, me
from bot.services import one_time_codes
from bot.services.accounts import AccountRefused, AccountRow

_TOKEN, _SECRET = "invitation", "one_time_secret"


pages = Pages("invitation", __name__)


@pages.page("/invitation/<token>", access=ANYONE)
def follow(token: str) -> Response:
    person = me()
    if person is not None:
        desk().signing_in.sign_out(person)
        let_out()
    session[_TOKEN] = token
    session[_SECRET] = one_time_codes.new_secret()
    return redirect(url_for("invitation.ask"), 303)  # type: ignore[return-value]


@pages.page("/invitation", access=ANYONE)
def ask() -> Response:
    return _form()


@pages.deed("/invitation", access=ANYONE)
def accept() -> Response:
    password = request.form.get("password", "")
    if password != request.form.get("again", ""):
        return _form(fault="not_alike", status=400)
    try:
        codes = (
            desk()
            .accounts("invitation")
            .accept(
                session.get(_TOKEN, ""),
                password=password,
                totp_secret=session.get(_SECRET, ""),
                code=typed("code"),
            )
        )
    except AccountRefused as refused:
        return _form(fault=refused.code, status=400)
    session.pop(_TOKEN, None)
    session.pop(_SECRET, None)
    return page("accepted.html", of="invitation", codes=codes)


def _form(*, fault: str = "", status: int = 200) -> Response:
    account = desk().accounts("invitation").find_invited(session.get(_TOKEN, ""))
    if account is None:
        return page("invitation_gone.html", of="invitation", status=404)
    secret = session.get(_SECRET, "")
    return page(
        "invitation.html",
        of="invitation",
        status=status,
        account=account,
        fault=fault,
        needs_codes=desk().needs_codes,
        secret=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        picture=_picture(secret, account) if desk().needs_codes else "",
    )


def _picture(secret: str, account: AccountRow) -> str:
    """A QR code as the address of a picture."""
    address = one_time_codes.address_for_apps(secret, email=account.email, issuer="Lyhörd")
    return segno.make(address, micro=False).svg_data_uri(scale=5, border=4, light="#fff")
