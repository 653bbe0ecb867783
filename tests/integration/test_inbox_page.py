"""The inbox: messages outside any survey, redacted, with their day, and what a coordinator does with them."""

import re
from datetime import timedelta

import pytest
from console import Browser, Console
from hostile import AS_IT_IS
from sqlalchemy import select
from town import Town

from bot.services.roles import Role
from bot.services.upkeep import Upkeep
from storage import replaying
from storage.database import Database
from storage.ledger import list_entries
from storage.tables import AuditEntry, InboxMessage

QUESTION = "När öppnar återvinningen i Järpen?"
NUMBER = "+46701740633"


@pytest.fixture
def town(database: Database) -> Town:
    town = Town.build(database)
    town.phone(NUMBER).say(QUESTION)
    return town


@pytest.fixture
def console(town: Town) -> Console:
    return Console.beside(town)


def ids(console: Console) -> list[int]:
    with console.desk.sessions.reading() as session:
        return list(session.scalars(select(InboxMessage.id)))


def log(console: Console) -> list[tuple[str, str, str]]:
    """Who did what to which message of the inbox."""
    with console.desk.sessions.reading() as session:
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id))
        return [(e.actor, e.action, e.subject) for e in entries if e.action.startswith("inbox_")]


def waiting(browser: Browser) -> str:
    """What stands beside the inbox in the head of the page."""
    head = browser.get("/").get_data(as_text=True)
    found = re.search(r'<span class="waiting">(\d+)', head)
    return found.group(1) if found else ""


def test_a_message_stands_there_with_its_days_and_without_its_number(console: Console) -> None:
    page = console.browser("coordinator").get("/inbox").get_data(as_text=True)
    assert QUESTION in page
    assert "Kom 2 november 2026" in page
    assert "raderas 2 december 2026" in page
    assert "Trygghetsdialog i Åre" in page
    assert "701740633" not in page


def test_what_points_somebody_out_is_cut_away(town: Town, console: Console) -> None:
    town.phone("+46701740634").say("ring mig på 070-174 06 44 eller vitsippa@example.com")
    page = console.browser("coordinator").get("/inbox").get_data(as_text=True)
    assert "ring mig på" in page
    assert "174 06 44" not in page
    assert "vitsippa" not in page


def test_reading_is_written_to_the_log_and_an_empty_inbox_is_not(town: Town, console: Console) -> None:
    browser = console.browser("coordinator")
    browser.get("/inbox")
    assert log(console) == [("coordinator@example.se", "inbox_read", "")]
    browser.get("/inbox?show=handled")
    assert len(log(console)) == 1


def test_the_head_says_how_many_wait_until_they_are_dealt_with(town: Town, console: Console) -> None:
    town.phone("+46701740634").say("En fråga till")
    browser = console.browser("coordinator")
    assert waiting(browser) == "2"
    first, second = ids(console)
    browser.get("/inbox")
    answer = browser.post(f"/inbox/{first}/handled")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/inbox")
    assert waiting(browser) == "1"
    assert "klart 2 november 2026" in browser.get("/inbox?show=handled").get_data(as_text=True)
    assert (
        browser.post(f"/inbox/{first}/new", {"show": "handled"}).headers["Location"] == "/inbox?show=handled"
    )
    assert waiting(browser) == "2"
    browser.post(f"/inbox/{second}/delete")
    browser.post(f"/inbox/{first}/delete")
    assert waiting(browser) == ""
    assert ids(console) == []
    deeds = [(action, subject) for _, action, subject in log(console) if action != "inbox_read"]
    assert deeds == [
        ("inbox_handled", str(first)),
        ("inbox_reopened", str(first)),
        ("inbox_deleted", str(second)),
        ("inbox_deleted", str(first)),
    ]


def test_what_is_gone_is_said_to_be_gone(console: Console) -> None:
    browser = console.browser("coordinator")
    for deed in ("handled", "new", "delete"):
        browser.get("/inbox")
        browser.post(f"/inbox/12345/{deed}")
        assert "finns inte längre" in browser.get("/inbox").get_data(as_text=True)
    assert {action for _, action, _ in log(console)} == {"inbox_read"}


def test_one_that_is_dealt_with_still_goes_on_its_day(town: Town, console: Console) -> None:
    browser = console.browser("coordinator")
    browser.get("/inbox")
    browser.post(f"/inbox/{ids(console)[0]}/handled")
    town.clock.move(days=30)
    done = Upkeep(sessions=town.house.database.sessions, now=town.clock).run()
    assert (done.inbox_deleted, ids(console)) == (1, [])


def test_a_restored_backup_deletes_it_again(town: Town, console: Console) -> None:
    (message_id,) = ids(console)
    with town.house.database.sessions.reading() as session:
        row = dict(session.execute(select(InboxMessage.__table__)).mappings().one())
    browser = console.browser("coordinator")
    browser.get("/inbox")
    browser.post(f"/inbox/{message_id}/delete")
    with town.house.database.sessions.begin() as session:
        (entry,) = (entry for entry in list_entries(session) if entry.kind == "discarded")
        session.execute(InboxMessage.__table__.insert().values(**row))  # as a backup has it
        replaying.DEEDS[entry.kind](session, entry)
    assert ids(console) == []


def test_many_are_shown_a_page_at_a_time(town: Town, console: Console) -> None:
    for number in range(60):
        town.phone(f"+467017408{number:02}").say(f"Gatlykta {number:02} är släckt")
    browser = console.browser("coordinator")
    seen = "".join(browser.get(f"/inbox?page={page}").get_data(as_text=True) for page in (1, 2))
    assert all(f"Gatlykta {number:02} är släckt" in seen for number in range(60))
    assert seen.count("<blockquote") == 61
    for page in ("0", "-1", "x", "99999999", "٣", ""):
        assert browser.get(f"/inbox?page={page}").status_code == 200


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_hostile_texts_are_shown_as_text(town: Town, console: Console) -> None:
    for number, text in enumerate(AS_IT_IS.values()):
        town.phone(f"+467017408{number:02}").say(text)
    town.clock.time += timedelta(minutes=1)
    page = console.browser("coordinator").get("/inbox").get_data(as_text=True)
    assert page.count("<blockquote") == len(ids(console)) > 20
    assert "<script>alert" not in page
    assert "onerror=alert(1)&gt;" in page
    assert "{{7*7}}" in page


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.COORDINATOR])
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_nobody_else_reads_or_deletes(console: Console, role: Role) -> None:
    browser = console.browser(role)
    head = browser.get("/").get_data(as_text=True)
    assert "/inbox" not in head
    assert browser.get("/inbox").status_code == 403
    assert browser.post(f"/inbox/{ids(console)[0]}/delete").status_code == 403
    assert len(ids(console)) == 1
