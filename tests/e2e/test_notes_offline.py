"""The note-taker's form in a real browser: no network, one that breaks at any moment, two tabs, signed out."""

import random
import re

import pytest
from console import PASSWORD
from console_seen import ConsoleTown, expect_accessible
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy import delete, func, select
from town import ROUND

from storage.erasure import delete_conversations
from storage.tables import Answer, Conversation, SignIn

NOTES = "/notes/"


@pytest.fixture(autouse=True)
def empty(consoles: ConsoleTown) -> None:
    """No test sees what another one noted."""
    with consoles.town.house.database.sessions.begin() as session:
        delete_conversations(session, list(session.scalars(select(Conversation.id))))


def points(consoles: ConsoleTown) -> list[str]:
    with consoles.town.house.database.sessions.reading() as session:
        query = select(Answer.text).where(Answer.question == "point", Answer.standing == "current")
        return sorted(text or "" for text in session.scalars(query))


def begin(page: Page, consoles: ConsoleTown) -> None:
    """At a meeting, with the first point to be written; the page is kept on the device."""
    page.goto(f"{consoles.address}{NOTES}")
    expect(page.locator("#status")).to_contain_text("Allt är skickat")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    for label, number in {"Kvinnor": "12", "Män": "9", "Under 25 år": "3", "Över 65 år": "8"}.items():
        page.locator("#start").get_by_label(label).fill(number)
    page.get_by_role("button", name="Börja anteckna").click()
    expect(page.locator("#point-heading")).to_contain_text("Synpunkt")  # then it stands on the device


def note(page: Page, text: str) -> None:
    expect(page.locator("#point-heading")).to_contain_text(
        "Synpunkt"
    )  # the page may just have been loaded again
    before = page.locator("#point-heading").text_content() or ""
    page.get_by_label("Vad sades?").fill(text)
    page.get_by_role("button", name="Spara synpunkten").click()
    expect(page.locator("#point-heading")).not_to_have_text(before)


def kept(page: Page) -> int:
    """Notes on the device."""
    return int(page.evaluate(_COUNT))


def expect_draft(page: Page, text: str) -> None:
    """What is typed stands on the device: that takes a moment, in which a page that goes away may lose it."""
    page.wait_for_function(_DRAFTED, arg=text)


_DRAFTED = """(text) => new Promise((resolve) => {
  const open = indexedDB.open("lyhord-notes", 1); open.onsuccess = () => {
  const all = open.result.transaction("kept").objectStore("kept").getAll();
  all.onsuccess = () => { open.result.close(); resolve(JSON.stringify(all.result).includes(text)); }; }; })"""
_COUNT = """() => new Promise((resolve) => { const open = indexedDB.open("lyhord-notes", 1); open.onsuccess = () => {
  const all = open.result.transaction("notes").objectStore("notes").count();
  all.onsuccess = () => { open.result.close(); resolve(all.result); }; }; })"""


def test_a_meeting_is_noted_without_a_network_and_sent_when_it_is_back(
    browser: Browser, consoles: ConsoleTown
) -> None:
    with consoles.signed_in(browser, "note_taker", width=390, may_lose=True) as page:
        begin(page, consoles)
        page.context.set_offline(True)
        note(page, "Bilar kör för fort på E14")
        page.reload()
        expect(page.locator("#point-heading")).to_contain_text("Synpunkt 2")
        page.get_by_label("Vad sades?").fill("Mörkt vid stationen")
        expect_draft(page, "Mörkt vid stationen")
        page.reload()
        expect(page.get_by_label("Vad sades?")).to_have_value("Mörkt vid stationen")
        page.get_by_role("button", name="Spara synpunkten").click()
        expect(page.locator("#status")).to_contain_text("Inget nät")
        expect(page.locator("#list li")).to_have_count(2)
        expect_accessible(page)
        assert points(consoles) == []
        page.context.set_offline(False)
        expect(page.locator("#status")).to_contain_text("Allt är skickat")
        assert points(consoles) == ["Bilar kör för fort på E14", "Mörkt vid stationen"]
        assert kept(page) == 0


def test_a_hundred_notes_are_stored_once_whatever_the_network_does(
    browser: Browser, consoles: ConsoleTown
) -> None:
    """Cut at random: offline, before the server has seen a note, and after it has committed but before it is heard."""
    chance = random.Random(20261128)  # noqa: S311 - no secret
    cuts = {"before": 0, "after": 0, "offline": 0, "reload": 0}

    def cut(route: Route) -> None:
        fate = chance.random()
        if fate < 0.25:
            cuts["before"] += 1
            route.abort("connectionreset")
        elif fate < 0.5:
            cuts["after"] += 1
            route.fetch()  # the server commits
            route.abort("connectionreset")
        else:
            route.continue_()

    with consoles.signed_in(browser, "note_taker", width=390, may_lose=True) as page:
        begin(page, consoles)
        page.context.route("**/notes/note", cut)
        is_offline = False
        for number in range(1, 101):
            if chance.random() < 0.15:
                is_offline = not is_offline
                page.context.set_offline(is_offline)
                cuts["offline"] += is_offline
            note(page, f"Synpunkt nummer {number}")
            if chance.random() < 0.08:
                cuts["reload"] += 1
                page.reload()
        page.context.set_offline(False)
        for _ in range(400):
            if kept(page) == 0:
                break
            if page.locator("#try").is_visible():
                page.locator("#try").dispatch_event("click")  # the page's own next try may hide it meanwhile
            page.wait_for_timeout(100)
        assert kept(page) == 0
    assert points(consoles) == sorted(f"Synpunkt nummer {number}" for number in range(1, 101))
    assert min(cuts.values()) > 0, cuts


def test_notes_stay_when_the_sign_in_has_ended_and_go_after_signing_in_again(
    browser: Browser, consoles: ConsoleTown
) -> None:
    with consoles.signed_in(browser, "note_taker", width=390, may_lose=True) as page:
        begin(page, consoles)
        _end_sign_ins(consoles)
        note(page, "Skriven efter utloggning")
        expect(page.locator("#status")).to_contain_text("Du är utloggad")
        assert points(consoles) == [] and kept(page) == 1
        page.get_by_role("link", name="Logga in för att skicka").click()
        _sign_in(page, "note_taker")
        expect(page.locator("#status")).to_contain_text("Allt är skickat")
        assert points(consoles) == ["Skriven efter utloggning"] and kept(page) == 0


def test_notes_of_one_account_are_neither_shown_to_another_nor_sent_as_its_own(
    browser: Browser, consoles: ConsoleTown
) -> None:
    with consoles.signed_in(browser, "note_taker", width=390, may_lose=True) as page:
        begin(page, consoles)
        _end_sign_ins(consoles)
        note(page, "Hör till antecknaren")
        page.get_by_role("link", name="Logga in för att skicka").click()
        _sign_in(page, "coordinator")
        expect(page.locator("#status")).to_contain_text("hör till ett annat konto")
        expect(page.get_by_text("Hör till antecknaren")).to_have_count(0)
        expect(page.get_by_role("heading", name="Vilket möte?")).to_be_visible()
        assert points(consoles) == [] and kept(page) == 1
        _end_sign_ins(consoles)
        page.goto(f"{consoles.address}/sign-in?next=/notes/")
        _sign_in(page, "note_taker")
        expect(page.locator("#status")).to_contain_text("Allt är skickat")
        assert points(consoles) == ["Hör till antecknaren"]


def test_a_second_tab_waits_until_the_first_is_closed(browser: Browser, consoles: ConsoleTown) -> None:
    with consoles.signed_in(browser, "note_taker", width=390, may_lose=True) as page:
        begin(page, consoles)
        second = page.context.new_page()
        second.goto(f"{consoles.address}{NOTES}")
        expect(second.get_by_text("öppet i en annan flik")).to_be_visible()
        note(page, "Från den första fliken")
        page.get_by_label("Vad sades?").fill("Påbörjad")
        expect_draft(page, "Påbörjad")
        page.close()
        expect(second.get_by_label("Vad sades?")).to_have_value("Påbörjad")
        second.get_by_role("button", name="Spara synpunkten").click()
        second.wait_for_function("document.querySelector('#point-heading').textContent.includes('3')")
        expect(second.locator("#status")).to_contain_text("Allt är skickat")
        second.wait_for_function(f"({_COUNT})().then((waiting) => waiting === 0)")
        assert points(consoles) == ["Från den första fliken", "Påbörjad"]


def test_a_meeting_is_ended_with_the_groups_that_were_missing(
    browser: Browser, consoles: ConsoleTown
) -> None:
    with consoles.signed_in(browser, "note_taker", may_lose=True) as page:
        begin(page, consoles)
        note(page, "Skräp vid badplatsen")
        page.get_by_role("button", name="Avsluta mötet").click()
        page.locator("#end").get_by_label("Unga", exact=True).check()
        page.locator("#q-participants-0").fill("14")
        expect_accessible(page)
        page.get_by_role("button", name="Avsluta", exact=True).click()
        expect(page.get_by_role("heading", name="Vilket möte?")).to_be_visible()
        expect(page.locator("#status")).to_contain_text("Allt är skickat")
        with consoles.town.house.database.sessions.reading() as session:
            current = select(Answer.question, Answer.value).where(Answer.standing == "current")
            stored = dict(session.execute(current).all())
        assert stored["missing_groups"] == "youth"
        assert stored["participants"] == "14 9 3 8"


def test_what_nobody_has_sent_can_be_changed_or_removed_and_everything_can_be_wiped(
    browser: Browser, consoles: ConsoleTown
) -> None:
    with consoles.signed_in(browser, "note_taker", width=390, may_lose=True) as page:
        begin(page, consoles)
        _end_sign_ins(consoles)
        page.context.set_offline(True)
        page.reload()
        note(page, "Fel ord")
        page.get_by_role("button", name="Ändra: Fel ord").click()
        expect(page.get_by_label("Vad sades?")).to_have_value("Fel ord")
        page.get_by_label("Vad sades?").fill("Rätt ord")
        page.get_by_role("button", name="Spara synpunkten").click()
        expect(page.locator("#list li")).to_have_count(1)
        page.get_by_text("Vad finns i den här telefonen?").click()
        expect_accessible(page)
        page.get_by_role("button", name="Radera allt i telefonen").click()
        expect(page.get_by_text("1 anteckningar är inte skickade")).to_be_visible()
        page.get_by_role("button", name="Behåll").click()
        assert kept(page) == 1
        page.get_by_role("button", name="Radera allt i telefonen").click()
        page.get_by_role("button", name="Radera", exact=True).click()
        expect(page.locator("#status")).to_contain_text("Allt är raderat")
        left = page.evaluate(
            "async () => [(await indexedDB.databases()).length, (await caches.keys()).length]"
        )
        assert left == [0, 0]


def test_a_danger_in_a_note_is_told_until_it_has_been_read(browser: Browser, consoles: ConsoleTown) -> None:
    with consoles.signed_in(browser, "note_taker", width=390, may_lose=True) as page:
        begin(page, consoles)
        note(page, "min man slår mig")
        expect(page.get_by_role("alert").filter(has_text="våld i nära relation")).to_be_visible()
        page.reload()
        expect(page.get_by_role("alert").filter(has_text="ring 112")).to_be_visible()
        expect_accessible(page)
        page.get_by_role("button", name="Jag har läst").click()
        expect(page.get_by_text("Läs detta.")).to_have_count(0)


def test_what_a_paused_round_refuses_is_sent_once_it_goes_on(browser: Browser, consoles: ConsoleTown) -> None:
    with consoles.signed_in(browser, "note_taker", width=390, may_lose=True) as page:
        begin(page, consoles)
        consoles.town.rounds.pause(ROUND)
        note(page, "Under en paus")
        expect(page.locator("#list")).to_contain_text("stängd eller pausad")
        assert points(consoles) == [] and kept(page) == 1
        consoles.town.rounds.resume(ROUND)
        page.get_by_role("button", name="Försök skicka nu").click()
        expect(page.locator("#waiting")).to_be_hidden()
        assert points(consoles) == ["Under en paus"] and kept(page) == 0


def test_hostile_words_stand_on_the_page_as_words(browser: Browser, consoles: ConsoleTown) -> None:
    payload = '"><img src=x onerror=alert(1)><script>alert(2)</script>'
    with consoles.signed_in(browser, "note_taker", width=390, may_lose=True) as page:
        begin(page, consoles)
        page.context.set_offline(True)
        note(page, payload)
        expect(page.locator("#list li p").first).to_have_text(payload[:80])
        page.reload()
        expect(page.locator("#list li p").first).to_have_text(payload[:80])
        page.context.set_offline(False)
        expect(page.locator("#status")).to_contain_text("Allt är skickat")


def _end_sign_ins(consoles: ConsoleTown) -> None:
    with consoles.town.house.database.sessions.begin() as session:
        assert session.scalar(select(func.count()).select_from(SignIn))
        session.execute(delete(SignIn))


def _sign_in(page: Page, role: str) -> None:
    page.get_by_label("E-postadress").fill(f"{role}@example.se")
    page.get_by_label("Lösenord").fill(PASSWORD)
    page.get_by_role("button", name="Logga in").click()
    page.wait_for_url(re.compile("/notes/$"))
