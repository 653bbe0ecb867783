"""Who may call what on the console: every route, with every role and without one. New routes are covered at once."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from console import CONSOLE_URL, PASSWORD, Console, email_of
from flask import Flask
from werkzeug.routing import Rule

from bot.coordinator.access import SIGNED_IN, Access, Pages, require_statements, stated
from bot.services.roles import Role

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
DOCUMENT = Path(__file__).parents[2] / "docs" / "routes.md"
ROW = re.compile(r"^\| `(/[^`]*)` \| (GET|POST) \| ([a-z_, ]+) \|", re.MULTILINE)
FRAMING = ("frame-ancestors 'none'", "object-src 'none'", "base-uri 'none'", "default-src 'none'")


def routes(app: Flask) -> Iterator[tuple[str, str, Rule]]:
    """Method, an address that it matches, and the rule."""
    for rule in app.url_map.iter_rules():
        values = {name: 1 if "Integer" in type(c).__name__ else "x" for name, c in rule._converters.items()}
        built = app.url_map.bind("").build(rule.endpoint, values, method=_method(rule))
        yield _method(rule), built, rule


def _method(rule: Rule) -> str:
    (method,) = (rule.methods or set()) - {"HEAD", "OPTIONS"}
    return method


def _who(access: Access) -> str:
    if access.is_open:
        return "anyone"
    return "signed in" if access == SIGNED_IN else ", ".join(role for role in Role if role in access.roles)


def test_every_route_is_documented_with_who_may_call_it(console: Console) -> None:
    documented = set(ROW.findall(DOCUMENT.read_text(encoding="utf-8")))
    real = set()
    for method, _, rule in routes(console.app):
        said = stated(console.app, rule.endpoint)
        assert said is not None
        real.add((rule.rule, method, _who(said.access)))
    assert documented == real


def test_a_route_that_does_not_say_who_may_call_it_does_not_start(console: Console) -> None:
    silent = Flask("silent")
    silent.add_url_rule("/open-to-whom", "open_to_whom", lambda: "")
    with pytest.raises(ValueError, match="open_to_whom"):
        require_statements(silent)
    require_statements(console.app)


def test_a_page_cannot_be_made_without_saying_who_may_see_it(console: Console) -> None:
    with pytest.raises(TypeError, match="access"):
        Pages("some", __name__).page("/some")  # type: ignore[call-arg]


def test_who_is_not_signed_in_gets_open_pages_and_nothing_else(console: Console) -> None:
    for method, path, rule in routes(console.app):
        said = stated(console.app, rule.endpoint)
        assert said is not None
        if not said.access.is_open:
            answer = console.browser().client.open(path, method=method, base_url=CONSOLE_URL)
            if method == "GET":
                assert answer.status_code == 302, path
                assert answer.headers["Location"].startswith("/sign-in"), path
            else:
                assert answer.status_code == 401, path


@pytest.mark.parametrize("role", list(Role))
def test_each_role_is_let_in_where_the_route_says_so_and_turned_away_elsewhere(
    console: Console, role: Role
) -> None:
    """Sent without its token, a form that is let in stops at that (400) and changes nothing."""
    browser = console.browser(role)
    for method, path, rule in routes(console.app):
        said = stated(console.app, rule.endpoint)
        assert said is not None
        if said.access.is_open:
            continue
        answer = browser.client.open(path, method=method, base_url=CONSOLE_URL)
        if role not in said.access.roles:
            assert answer.status_code == 403, (path, role)
        elif method == "GET":
            assert answer.status_code in (200, 302, 303, 404), (path, role)
        else:
            assert answer.status_code == 400, (path, role)


def test_every_form_is_refused_without_its_token_and_with_another_browsers(console: Console) -> None:
    browsers, other = {role: console.browser(role) for role in Role}, console.browser("coordinator")
    other.get("/")
    for method, path, rule in routes(console.app):
        said = stated(console.app, rule.endpoint)
        if method == "POST" and said is not None:
            browser = next(browsers[role] for role in Role if said.access.admits(role))
            for fields in ({}, {"csrf_token": ""}, {"csrf_token": other.token}):
                answer = browser.client.post(path, data=fields, base_url=CONSOLE_URL)
                assert answer.status_code == 400, (rule.endpoint, fields)


def test_a_form_from_another_site_is_refused_even_with_its_token(console: Console) -> None:
    browser = console.browser("coordinator")
    browser.get("/")
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}):
        assert browser.post("/language", {"language": "en"}, headers=headers).status_code == 400


def test_reading_changes_nothing(console: Console) -> None:
    """Only forms (POST) change: no page that is read by GET does, and no route takes both."""
    for rule in console.app.url_map.iter_rules():
        assert len((rule.methods or set()) - {"HEAD", "OPTIONS"}) == 1, rule


def test_every_answer_carries_the_strict_headers(console: Console) -> None:
    browser = console.browser("coordinator")
    answers = [
        browser.client.open(path, method=m, base_url=CONSOLE_URL) for m, path, _ in routes(console.app)
    ]
    answers.append(browser.get("/no-such-page"))
    for answer in answers:
        headers, path = answer.headers, answer.request.path
        assert all(part in headers["Content-Security-Policy"] for part in FRAMING), path
        assert "unsafe" not in headers["Content-Security-Policy"], path
        assert headers["X-Frame-Options"] == "DENY", path
        assert headers["X-Content-Type-Options"] == "nosniff", path
        assert headers["Referrer-Policy"] == "no-referrer", path
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin", path
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin", path
        assert int(headers["Strict-Transport-Security"].split("=")[1].split(";")[0]) >= 31536000, path
        if not path.startswith("/static/"):
            assert headers["Cache-Control"] == "no-store", path
        assert "Access-Control-Allow-Origin" not in headers, path
        if headers.get("Content-Type", "").startswith("text/"):
            assert "charset=utf-8" in headers["Content-Type"], path


def test_the_cookie_is_the_hosts_own_and_no_script_can_read_it(console: Console) -> None:
    cookie = console.browser().get("/sign-in").headers["Set-Cookie"]
    assert cookie.startswith("__Host-lyhord=")
    for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert f"; {part}" in cookie
    assert "Domain" not in cookie and "Expires" not in cookie


@pytest.mark.parametrize(
    "wanted",
    [
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "/\\elsewhere.example",
        "\\\\elsewhere.example",
        "/\t/elsewhere.example",
        "/\r\nSet-Cookie: a=b",
        "javascript:alert(1)",
        "elsewhere.example",
        "",
    ],
)
def test_signing_in_and_changing_language_lead_to_our_own_pages_alone(console: Console, wanted: str) -> None:
    browser = console.browser()
    answer = browser.sign_in(Role.CODER, next=wanted)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    browser.get("/")
    assert browser.post("/language", {"language": "sv", "next": wanted}).headers["Location"] == "/"


def test_signing_in_leads_to_the_page_that_was_asked_for(console: Console) -> None:
    browser = console.browser()
    assert browser.get("/audit?actor=test").headers["Location"] == "/sign-in?next=/audit?actor%3Dtest"
    assert (
        browser.sign_in(Role.COORDINATOR, next="/audit?actor=test").headers["Location"] == "/audit?actor=test"
    )


def test_what_the_browser_held_before_signing_in_is_worth_nothing_afterwards(console: Console) -> None:
    """Session fixation: who knows somebody's cookie or token from before has neither when they are signed in."""
    browser = console.browser()
    browser.get("/sign-in")
    planted, token = browser.cookie, browser.token
    browser.sign_in(Role.CODER)
    assert browser.cookie != planted
    other = console.browser()
    other.cookie = planted
    assert other.get("/").status_code == 302
    browser.get("/")
    assert browser.token != token
    assert browser.post("/language", {"csrf_token": token}).status_code == 400


def test_each_sign_in_has_a_key_of_its_own_and_the_old_one_dies_with_signing_out(console: Console) -> None:
    browser = console.browser(Role.CODER)
    thief = console.browser()
    thief.cookie = browser.cookie
    assert thief.get("/").status_code == 200
    browser.get("/")
    assert browser.post("/sign-out").status_code == 200
    assert browser.get("/").status_code == 302
    assert thief.get("/").status_code == 302


def test_a_form_above_the_limit_is_refused(console: Console) -> None:
    browser = console.browser()
    browser.get("/sign-in")
    typed = {"email": email_of(Role.CODER), "password": PASSWORD, "code": "0" * 70_000}
    assert browser.post("/sign-in", typed).status_code == 413


def test_everybody_signed_in_sees_the_first_page(console: Console) -> None:
    assert SIGNED_IN.roles == frozenset(Role)
    for role in Role:
        assert console.browser(role).get("/").status_code == 200


def test_an_account_from_another_installation_is_nobody_here(console: Console) -> None:
    browser = console.browser()
    browser.cookie = "e30.forged.forged"
    assert browser.get("/").status_code == 302
