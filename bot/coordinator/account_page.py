"""One's own account: password, recovery codes, where one is signed in."""

from flask import Response, redirect, request, url_for

from bot.coordinator.access import SIGNED_IN, Pages
from bot.coordinator.desk import desk
from bot.coordinator.pages import page, say
from bot.coordinator.people_here import signed_in
from bot.services.accounts import AccountRefused

pages = Pages("account", __name__)


@pages.page("/account", access=SIGNED_IN)
def show() -> Response:
    return _page()


@pages.deed("/account/password", access=SIGNED_IN)
def change_password() -> Response:
    here, new = signed_in(), request.form.get("new", "")
    if new != request.form.get("again", ""):
        return _page(fault="not_alike", status=400)
    try:
        desk().accounts(here.account.email).change_password(
            here.account, current=request.form.get("current", ""), new=new, but=here.key_hash
        )
    except AccountRefused as refused:
        return _page(fault=refused.code, status=400)
    say("password_changed", of="account")
    return redirect(url_for("account.show"), 303)  # type: ignore[return-value]


@pages.deed("/account/recovery-codes", access=SIGNED_IN)
def renew_codes() -> Response:
    here = signed_in()
    try:
        codes = (
            desk()
            .accounts(here.account.email)
            .new_recovery_codes(here.account, password=request.form.get("password", ""))
        )
    except AccountRefused as refused:
        return _page(codes_fault=refused.code, status=400)
    return page("recovery_codes.html", of="account", codes=codes)


def _page(*, fault: str = "", codes_fault: str = "", status: int = 200) -> Response:
    here = signed_in()
    return page(
        "account.html",
        of="account",
        status=status,
        fault=fault,
        codes_fault=codes_fault,
        needs_codes=desk().needs_codes,
        codes_left=desk().accounts(here.account.email).count_recovery_codes(here.account),
        browsers=desk().signing_in.list_browsers(here.account),
        this_browser=here.key_hash,
    )
