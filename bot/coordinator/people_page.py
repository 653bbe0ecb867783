"""Who may sign in: inviting, changing roles, new links, disabling. For coordinators."""

from collections.abc import Callable

from flask import Response, redirect, request, url_for

from bot.coordinator.access import COORDINATORS, Pages
from bot.coordinator.desk import desk
from bot.coordinator.pages import page, say, typed
from bot.coordinator.people_here import actor, signed_in
from bot.services.accounts import AccountRefused, Invited
from bot.services.roles import Role

pages = Pages("people", __name__)


@pages.page("/people", access=COORDINATORS, navigation="people")
def show() -> Response:
    return _page()


@pages.deed("/people", access=COORDINATORS)
def invite() -> Response:
    name, email, role = typed("name", 80), typed("email", 254), typed("role")
    if role not in list(Role):
        return _page(fault="role_missing", name=name, email=email, status=400)
    try:
        invited = desk().accounts(actor()).invite(email=email, name=name, role=Role(role))
    except AccountRefused as refused:
        return _page(fault=refused.code, name=name, email=email, role=role, status=400)
    return _link(invited)


@pages.deed("/people/role", access=COORDINATORS)
def change_role() -> Response:
    role = typed("role")
    if role in list(Role):
        _try(lambda: desk().accounts(actor()).change_role(typed("email", 254), Role(role)), "role_changed")
    return _back()


@pages.deed("/people/disable", access=COORDINATORS)
def disable() -> Response:
    _try(lambda: desk().accounts(actor()).disable(typed("email", 254)), "disabled_now")
    return _back()


@pages.deed("/people/reset", access=COORDINATORS)
def reset() -> Response:
    email = typed("email", 254)
    if email.casefold() == actor():
        say("not_oneself", of="people", kind="wrong")
        return _back()
    try:
        return _link(desk().accounts(actor()).reset(email))
    except AccountRefused as refused:
        say(refused.code, of="people", kind="wrong")
        return _back()


def _page(*, fault: str = "", name: str = "", email: str = "", role: str = "", status: int = 200) -> Response:
    return page(
        "people.html",
        of="people",
        status=status,
        accounts=desk().accounts(actor()).list(),
        roles=list(Role),
        own_id=signed_in().account.id,
        fault=fault,
        typed_in={"name": name, "email": email, "role": role},
    )


def _link(invited: Invited) -> Response:
    """Shown once: only its hash is kept."""
    address = f"{desk().settings.console_url}{url_for('invitation.follow', token=invited.token)}"
    return page("people_link.html", of="people", invited=invited, address=address)


def _try(deed: Callable[[], None], done: str) -> None:
    try:
        deed()
    except AccountRefused as refused:
        say(refused.code, of="people", kind="wrong")
    else:
        say(done, of="people", email=request.form.get("email", ""))


def _back() -> Response:
    return redirect(url_for("people.show"), 303)  # type: ignore[return-value]
