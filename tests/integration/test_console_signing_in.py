"""Signing in to the console: what lets in, what does not, how long it lasts, and what is told of it."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest
from console import CONSOLE_URL, PASSWORD, Browser, Console, email_of
from sqlalchemy import func, select

from bot.coordinator.application import create_console
from bot.services import passwords
from bot.services.accounts import AccountRefused
from bot.services.roles import Role
from bot.services.signing_in import NotSignedIn
from bot.services.tries import MOST_TRIES
from bot.services.upkeep import Upkeep
from storage.database import Database
from storage.tables import AuditEntry, Base, Invitation, SignIn, SignInTry

CODER = Role.CODER
ADDRESS = "192.0.2.1"
OTHER_ADDRESS = "198.51.100.7"
LINK = re.compile(rf'value="{CONSOLE_URL}(/invitation/[^"]+)"')


def _from(address: str) -> dict[str, object]:
    return {"environ_base": {"REMOTE_ADDR": address}}


def _actions(console: Console) -> list[tuple[str, str, str]]:
    with console.desk.sessions.reading() as session:
        rows = session.execute(
            select(AuditEntry.actor, AuditEntry.action, AuditEntry.subject).order_by(AuditEntry.id)
        )
        return [(actor, action, subject) for actor, action, subject in rows]


def _try(console: Console, email: str, address: str = "", **typed: str) -> str | NotSignedIn:
    return console.desk.signing_in.sign_in(
        email=email,
        password=typed.get("password", "wrong wrong wrong"),
        code=typed.get("code", "000000"),
        address=address,
        browser="",
    )


def test_address_password_and_code_let_in_however_the_address_is_written(console: Console) -> None:
    browser = console.browser()
    assert browser.sign_in(CODER, email=f"  {email_of(CODER).upper()} ").status_code == 303
    assert "Test Coder" in browser.get("/").get_data(as_text=True)
    assert _actions(console)[-1] == (email_of(CODER), "signed_in", "")


@pytest.mark.parametrize(
    "fields",
    [
        {"password": "korrekt hästbatteri häftklamme"},
        {"password": ""},
        {"code": "000000"},
        {"code": ""},
        {"email": "nobody@example.se"},
        {"email": "' OR 1=1 --"},
    ],
)
def test_what_is_wrong_is_not_told_and_no_account_is_given_away(
    console: Console, fields: dict[str, object]
) -> None:
    browser = console.browser()
    answer = browser.sign_in(CODER, **fields)
    assert answer.status_code == 401
    shown = re.sub(r'value="[^"]*"', "", answer.get_data(as_text=True))
    other = console.browser()
    wrong = other.sign_in(CODER, password="something else entirely", email="unknown@example.se")
    assert shown == re.sub(r'value="[^"]*"', "", wrong.get_data(as_text=True))
    assert browser.get("/").status_code == 302


@pytest.mark.parametrize("email", [email_of(CODER), "nobody@example.se"])
def test_an_unknown_address_costs_one_look_at_a_password_as_a_known_one(
    console: Console, email: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str | None] = []
    is_right = passwords.is_right

    def watched(password: str, stored: str | None) -> bool:
        looked.append(stored)
        return is_right(password, stored)

    monkeypatch.setattr(passwords, "is_right", watched)
    assert isinstance(_try(console, email), NotSignedIn)
    assert len(looked) == 1


def test_a_code_works_once_and_one_step_early_or_late(console: Console) -> None:
    totp = pyotp.TOTP(console.secrets[CODER])
    console.clock.move(minutes=5)
    for seconds, is_right in ((-61, False), (-30, True), (-30, False), (0, True), (30, True), (0, False)):
        code = totp.at(console.clock.time + timedelta(seconds=seconds))
        result = _try(console, email_of(CODER), password=PASSWORD, code=code)
        assert isinstance(result, NotSignedIn) is not is_right, seconds
        console.clock.move(minutes=0)


def test_a_code_that_two_type_at_once_lets_one_in(console: Console) -> None:
    code = console.code(CODER)
    with ThreadPoolExecutor(4) as pool:
        results = list(
            pool.map(lambda _: _try(console, email_of(CODER), password=PASSWORD, code=code), range(4))
        )
    assert sum(not isinstance(result, NotSignedIn) for result in results) == 1


def test_a_recovery_code_stands_in_once(console: Console) -> None:
    browser = console.browser(CODER)
    browser.get("/account")
    shown = browser.post("/account/recovery-codes", {"password": PASSWORD}).get_data(as_text=True)
    codes = re.findall(r"<code>([A-Z0-9-]+)</code>", shown)
    assert len(codes) == 8
    typed = codes[0].lower().replace("-", " ")
    assert console.browser().sign_in(CODER, code=typed).status_code == 303
    assert console.browser().sign_in(CODER, code=typed).status_code == 401
    assert "recovery_code_used" in [action for _, action, _ in _actions(console)]


def test_five_tries_in_a_quarter_of_an_hour_for_an_account_from_wherever(console: Console) -> None:
    for n in range(MOST_TRIES):
        assert _try(console, email_of(CODER), f"203.0.113.{n}") is NotSignedIn.WRONG
    right = {"password": PASSWORD, "code": console.code(CODER)}
    assert _try(console, email_of(CODER), "203.0.113.99", **right) is NotSignedIn.WAIT
    assert console.browser().sign_in(Role.VIEWER).status_code == 303, "others are not kept out"
    console.clock.move(minutes=15)
    assert console.browser().sign_in(CODER).status_code == 303


def test_five_tries_in_a_quarter_of_an_hour_from_an_address_for_whomever(console: Console) -> None:
    browser = console.browser()
    for n in range(MOST_TRIES):
        assert browser.sign_in(CODER, email=f"n{n}@example.se").status_code == 401
    for n in range(MOST_TRIES):
        assert _try(console, f"m{n}@example.se", "203.0.113.5") is NotSignedIn.WRONG
    assert _try(console, "m9@example.se", "203.0.113.5") is NotSignedIn.WAIT
    assert _try(console, "m9@example.se", "203.0.113.6") is NotSignedIn.WRONG


def test_unknown_accounts_are_throttled_alike(console: Console) -> None:
    answers = {}
    for email in (email_of(CODER), "nobody@example.se"):
        answers[email] = [_try(console, email) for _ in range(MOST_TRIES + 1)]
    assert answers[email_of(CODER)] == answers["nobody@example.se"]


def test_the_limit_holds_over_midnight_and_against_many_at_once(console: Console) -> None:
    console.clock.time = console.clock.time.replace(hour=23, minute=58)
    for _ in range(3):
        _try(console, email_of(CODER))
    console.clock.move(minutes=5)
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda _: _try(console, email_of(CODER)), range(8)))
    assert results.count(NotSignedIn.WRONG) == MOST_TRIES - 3


def test_right_tries_do_not_use_up_the_limit_of_an_office(console: Console) -> None:
    for _ in range(3):
        for role in Role:
            code = console.code(role)
            result = _try(console, email_of(role), "203.0.113.5", password=PASSWORD, code=code)
            assert not isinstance(result, NotSignedIn)


def test_it_ends_after_half_an_hour_without_a_page(console: Console) -> None:
    browser = console.browser(CODER)
    for _ in range(4):
        console.clock.move(minutes=29)
        assert browser.get("/").status_code == 200
    console.clock.move(minutes=30)
    assert browser.get("/").status_code == 302


def test_it_ends_after_eight_hours_however_busy(console: Console) -> None:
    browser = console.browser(CODER)
    for _ in range(23):
        console.clock.move(minutes=20)
        assert browser.get("/").status_code == 200
    console.clock.move(minutes=20)
    assert browser.get("/").status_code == 302


def test_disabling_resetting_and_changing_a_role_work_at_once(console: Console) -> None:
    accounts = console.desk.accounts("test")
    coder, viewer, guardian = (console.browser(role) for role in (CODER, Role.VIEWER, Role.GUARDIAN))
    accounts.disable(email_of(CODER))
    accounts.reset(email_of(Role.VIEWER))
    accounts.change_role(email_of(Role.GUARDIAN), Role.COORDINATOR)
    assert coder.get("/").status_code == 302
    assert viewer.get("/").status_code == 302
    assert guardian.get("/people").status_code == 200
    assert console.browser().sign_in(CODER).status_code == 401
    assert console.browser().sign_in(Role.VIEWER).status_code == 401


def test_changing_the_password_ends_other_sign_ins_and_keeps_this_one(console: Console) -> None:
    here, elsewhere = console.browser(CODER), console.browser(CODER)
    here.get("/account")
    new = "fyra blå cyklar i regn"
    assert here.post("/account/password", {"current": PASSWORD, "new": new, "again": new}).status_code == 303
    assert here.get("/").status_code == 200
    assert elsewhere.get("/").status_code == 302
    assert console.browser().sign_in(CODER).status_code == 401
    assert console.browser().sign_in(CODER, password=new).status_code == 303


def test_changing_the_password_takes_the_current_one_and_a_good_new_one(console: Console) -> None:
    browser = console.browser(CODER)
    browser.get("/account")
    for current, new, again in (
        ("wrong", "fyra blå cyklar i regn", "fyra blå cyklar i regn"),
        (PASSWORD, "fyra blå cyklar i regn", "fyra blå cyklar i sol"),
        (PASSWORD, "kort", "kort"),
        (PASSWORD, "coder example och fler", "coder example och fler"),
    ):
        typed = {"current": current, "new": new, "again": again}
        assert browser.post("/account/password", typed).status_code == 400, new
    assert console.browser().sign_in(CODER).status_code == 303


def test_the_password_cannot_be_guessed_in_a_browser_that_was_left_open(console: Console) -> None:
    browser = console.browser(CODER)
    browser.get("/account")
    for _ in range(MOST_TRIES):
        browser.post("/account/recovery-codes", {"password": "wrong"})
    refused = browser.post("/account/recovery-codes", {"password": PASSWORD})
    assert (refused.status_code, "För många försök" in refused.get_data(as_text=True)) == (400, True)
    console.clock.move(minutes=15)
    assert browser.post("/account/recovery-codes", {"password": PASSWORD}).status_code == 200


def test_signing_out_everywhere_ends_all(console: Console) -> None:
    here, elsewhere = console.browser(CODER), console.browser(CODER)
    here.get("/account")
    assert here.post("/sign-out/everywhere").status_code == 200
    assert [b.get("/").status_code for b in (here, elsewhere)] == [302, 302]


def _invite(console: Console, **fields: object) -> str:
    browser = console.browser("coordinator")
    browser.get("/people")
    typed = {"name": "Åsa Berg", "email": "asa@example.se", "role": "note_taker", **fields}
    found = LINK.search(browser.post("/people", typed).get_data(as_text=True))
    assert found is not None
    return found.group(1)


def _accept(browser: Browser, *, code: str = "", password: str = PASSWORD, again: str = "") -> int:
    shown = browser.get("/invitation").get_data(as_text=True)
    secret = re.search(r'class="secret">([^<]+)<', shown)
    assert secret is not None
    right = pyotp.TOTP(secret.group(1).replace(" ", "")).at(browser.console.clock.time)
    fields: dict[str, object] = {"password": password, "again": again or password, "code": code or right}
    return browser.post("/invitation", fields).status_code


def test_an_invitation_from_the_page_to_the_first_page(console: Console) -> None:
    link, browser = _invite(console), console.browser()
    assert browser.get(link).headers["Location"] == "/invitation", "the token leaves the address at once"
    assert "Åsa Berg" in browser.get("/invitation").get_data(as_text=True)
    assert _accept(browser, code="000000") == 400
    assert _accept(browser, again="another one altogether") == 400
    assert _accept(browser, password="passwordpassword") == 400
    assert _accept(browser) == 200
    assert console.browser().get(link).status_code == 303
    assert browser.get("/invitation").status_code == 404, "it is used up"
    assert ("invitation", "account_accepted", "asa@example.se") in _actions(console)


def test_a_link_expires_and_a_new_one_puts_the_old_out_of_force(console: Console) -> None:
    first, browser = _invite(console), console.browser()
    second = console.desk.accounts("test").reset("asa@example.se")
    browser.get(first)
    assert browser.get("/invitation").status_code == 404
    browser.get(f"/invitation/{second.token}")
    assert browser.get("/invitation").status_code == 200
    console.clock.move(hours=72)
    assert browser.get("/invitation").status_code == 404


def test_a_reset_of_somebody_who_has_signed_in_lasts_an_hour(console: Console) -> None:
    console.browser(CODER)
    invited = console.desk.accounts("test").reset(email_of(CODER))
    assert invited.expires_at - console.clock.time == timedelta(hours=1)


@pytest.mark.parametrize("deed", ["disable", "demote"])
def test_the_last_coordinator_stays(console: Console, deed: str) -> None:
    accounts, email = console.desk.accounts("test"), email_of(Role.COORDINATOR)
    with pytest.raises(AccountRefused, match="only coordinator"):
        if deed == "disable":
            accounts.disable(email)
        else:
            accounts.change_role(email, Role.VIEWER)
    accounts.change_role(email_of(CODER), Role.COORDINATOR)
    accounts.disable(email)


def test_an_address_has_one_account(console: Console) -> None:
    with pytest.raises(AccountRefused, match="has an account"):
        console.desk.accounts("test").invite(email="CODER@Example.se", name="Again", role=CODER)
    for wrong in ("", "no address", "a@b", "a b@example.se", "@example.se", "a@example.se\r\nBcc: b"):
        with pytest.raises(AccountRefused):
            console.desk.accounts("test").invite(email=wrong, name="Wrong", role=CODER)


def test_what_is_typed_as_a_name_is_shown_as_text(console: Console) -> None:
    _invite(console, name='"><script>alert(1)</script>{{ 7*7 }}', email="x<b>@example.se")
    shown = console.browser("coordinator").get("/people").get_data(as_text=True)
    assert "<script>" not in shown and "&lt;script&gt;" in shown
    assert "{{ 7*7 }}" in shown and "x&lt;b&gt;@example.se" in shown


def test_tables_hold_no_secret_as_it_is(console: Console) -> None:
    link = _invite(console)
    browser = console.browser(CODER)
    with console.desk.sessions.reading() as session:
        stored = "\n".join(
            str(row) for table in Base.metadata.sorted_tables for row in session.execute(select(table))
        )
    secrets = [PASSWORD, link.rsplit("/", 1)[1], *console.secrets.values(), browser.cookie]
    assert [secret for secret in secrets if secret in stored] == []


def test_what_is_over_is_forgotten(console: Console) -> None:
    _invite(console)
    console.browser(CODER)
    _try(console, email_of(CODER), ADDRESS)
    console.clock.move(hours=73)
    Upkeep(sessions=console.desk.sessions, now=console.clock).run()
    with console.desk.sessions.reading() as session:
        left = [session.scalar(select(func.count()).select_from(t)) for t in (SignIn, SignInTry, Invitation)]
    assert left == [0, 0, 0]


def test_a_disabled_account_goes_when_the_log_no_longer_has_it(console: Console) -> None:
    accounts = console.desk.accounts("test")
    accounts.disable(email_of(CODER))
    upkeep = Upkeep(sessions=console.desk.sessions, now=console.clock)
    console.clock.move(days=720)
    upkeep.run()
    assert email_of(CODER) in {account.email for account in accounts.list()}
    console.clock.move(days=30)
    upkeep.run()
    left = {account.email for account in accounts.list()}
    assert email_of(CODER) not in left and len(left) == len(Role) - 1


def test_the_language_is_kept_with_the_account(console: Console) -> None:
    browser = console.browser(CODER)
    assert 'lang="sv"' in browser.get("/").get_data(as_text=True)
    browser.post("/language", {"language": "en"})
    assert '<html lang="en">' in console.browser(CODER).get("/").get_data(as_text=True)


def test_a_demonstration_asks_for_no_code_and_nothing_else_does_without(database: Database) -> None:
    console = Console.build(database, is_demonstration=True)
    assert 'name="code"' not in console.browser().get("/sign-in").get_data(as_text=True)
    assert console.browser().sign_in(CODER, code="").status_code == 303
    real = replace(console.desk.settings, is_demonstration=False)
    strict = create_console(replace(console.desk, settings=real)).test_client()
    shown = strict.get("/sign-in", base_url=CONSOLE_URL).get_data(as_text=True)
    assert 'name="code"' in shown, "an account of a demonstration has no secret and does not come in"
