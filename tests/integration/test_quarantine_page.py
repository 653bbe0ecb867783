"""The guardian's page: what it shows, that nobody else has it, that no message is read without a line in the log."""

import re

import pytest
from console import Console
from hostile import AS_IT_IS
from sqlalchemy import select, update
from town import ROUND, Town, mode_b

from bot.services.roles import Role
from bot.services.upkeep import Upkeep
from storage.database import Database
from storage.tables import AuditEntry, QuarantinedMessage

WORDS = "min man slår mig, jag heter Kvitter och nås på 070-174 06 44"
NUMBER = "+46701740633"


@pytest.fixture
def town(database: Database) -> Town:
    town = Town.build(database, **mode_b())
    town.phone(NUMBER).say(WORDS)
    return town


@pytest.fixture
def console(town: Town) -> Console:
    return Console.beside(town)


def message_id(console: Console) -> int:
    with console.desk.sessions.reading() as session:
        return session.scalars(select(QuarantinedMessage.id)).one()


def actions(console: Console) -> list[str]:
    with console.desk.sessions.reading() as session:
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id))
        return [e.action for e in entries if e.action.startswith("quarantine_")]


def test_the_list_says_kind_hour_and_day_of_deletion_and_no_word_of_it(console: Console) -> None:
    page = console.browser("guardian").get("/quarantine").get_data(as_text=True)
    for told in ("Våld i nära relation", "2 november 2026 10–11", "6 november 2026", "Oläst"):
        assert told in page
    for secret in ("Kvitter", "174 06 44", "701740633"):
        assert secret not in page
    assert '<span class="waiting">1' in page
    assert actions(console) == []


def test_one_is_read_with_a_reason_and_is_in_the_log_each_time(console: Console) -> None:
    browser, held = console.browser("guardian"), message_id(console)
    browser.get("/quarantine")
    for reason in ("review", "child"):
        answer = browser.post(f"/quarantine/{held}/open", {"reason": reason})
        assert answer.status_code == 200
        assert "Kvitter och nås på 070-174 06 44" in answer.get_data(as_text=True)
        assert answer.headers["Cache-Control"] == "no-store"
        assert "701740633" not in answer.get_data(as_text=True)
    assert actions(console) == ["quarantine_read"] * 2
    page = browser.get("/quarantine").get_data(as_text=True)
    assert "Läst första gången" in page
    assert '<span class="waiting">' not in page
    log = console.browser("coordinator").get("/audit").get_data(as_text=True)
    assert "läste ett meddelande i karantän" in log
    assert "orosanmälan prövas" in log
    assert "guardian@example.se" in log
    assert "domestic" not in log
    assert "nära relation" not in log


@pytest.mark.parametrize("reason", ["", "nyfiken", "<script>"])
def test_without_a_reason_nothing_is_shown(console: Console, reason: str) -> None:
    browser = console.browser("guardian")
    browser.get("/quarantine")
    answer = browser.post(f"/quarantine/{message_id(console)}/open", {"reason": reason})
    assert answer.status_code == 400
    assert "Välj varför" in answer.get_data(as_text=True)
    assert "Kvitter" not in answer.get_data(as_text=True)
    assert actions(console) == []


def test_the_words_have_no_address_to_go_back_to(console: Console) -> None:
    browser = console.browser("guardian")
    assert browser.get(f"/quarantine/{message_id(console)}/open").status_code == 405
    assert actions(console) == []


def test_what_is_dealt_with_is_deleted_when_that_is_sure(console: Console) -> None:
    browser, held = console.browser("guardian"), message_id(console)
    browser.get("/quarantine")
    assert browser.post(f"/quarantine/{held}/handled").status_code == 400
    assert message_id(console) == held
    assert browser.post(f"/quarantine/{held}/handled", {"sure": "yes"}).status_code == 303
    page = browser.get("/quarantine").get_data(as_text=True)
    assert "Meddelandet är raderat." in page
    assert "Inga meddelanden väntar." in page
    assert actions(console) == ["quarantine_handled"]
    assert browser.post(f"/quarantine/{held}/open", {"reason": "review"}).status_code == 404
    browser.get("/quarantine")
    browser.post(f"/quarantine/{held}/handled", {"sure": "yes"})
    assert "finns inte längre" in browser.get("/quarantine").get_data(as_text=True)
    assert actions(console) == ["quarantine_handled"]


def test_what_went_on_its_day_is_said_with_what_nobody_read(town: Town, console: Console) -> None:
    town.clock.move(days=4)
    Upkeep(sessions=town.house.database.sessions, now=town.clock).run()
    page = console.browser("guardian").get("/quarantine").get_data(as_text=True)
    assert re.search(r"6 november 2026 \d\d:\d\d: 1 raderade", page)
    assert "1 av dem hade ingen läst" in page


def test_a_message_whose_key_is_lost_says_what_to_do(town: Town, console: Console) -> None:
    with town.house.database.sessions.begin() as session:
        session.execute(update(QuarantinedMessage).values(sealed="k0.AAAA.AAAA"))
    browser = console.browser("guardian")
    browser.get("/quarantine")
    answer = browser.post(f"/quarantine/{message_id(console)}/open", {"reason": "review"})
    assert answer.status_code == 409
    assert "lyhord doctor" in answer.get_data(as_text=True)
    assert actions(console) == []


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.GUARDIAN])
def test_nobody_but_the_guardian_lists_reads_or_deletes(console: Console, role: Role) -> None:
    browser, held = console.browser(role), message_id(console)
    assert "/quarantine" not in browser.get("/").get_data(as_text=True)
    assert browser.get("/quarantine").status_code == 403
    assert browser.post(f"/quarantine/{held}/open", {"reason": "review"}).status_code == 403
    assert browser.post(f"/quarantine/{held}/handled", {"sure": "yes"}).status_code == 403
    assert message_id(console) == held
    assert actions(console) == []


def test_a_guardian_sees_nothing_else(console: Console) -> None:
    browser = console.browser("guardian")
    for path in (f"/rounds/{ROUND}/watch", "/inbox", "/audit", "/people"):
        assert browser.get(path).status_code == 403
    assert '<dl class="figures">' not in browser.get("/").get_data(as_text=True)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_hostile_words_are_shown_as_words(town: Town, console: Console) -> None:
    browser = console.browser("guardian")
    for number, (name, text) in enumerate(AS_IT_IS.items()):
        with town.house.database.sessions.begin() as session:
            session.execute(QuarantinedMessage.__table__.delete())
        said = f"min man slår mig. {text}"
        town.phone(f"+467017408{number:02}").say(said)
        browser.get("/quarantine")
        answer = browser.post(f"/quarantine/{message_id(console)}/open", {"reason": "review"})
        page = answer.get_data(as_text=True)
        assert answer.status_code == 200, name
        assert "min man slår mig." in page, name
        assert page.count("<script") == 0, name
        assert "<img" not in page, name


def test_english_is_there_too(console: Console) -> None:
    browser = console.browser("guardian")
    browser.get("/")
    browser.post("/language", {"language": "en", "next": "/"})
    page = browser.get("/quarantine").get_data(as_text=True)
    assert "Violence by somebody close" in page
    assert "2 November 2026 10–11" in page
