"""Typing in paper forms in a real browser, by keyboard alone; what is told on paper; the employees' page."""

import re
from collections.abc import Iterator

import pytest
from console_seen import WIDTHS, ConsoleTown, expect_accessible
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import func, select
from town import ROUND

from storage.tables import Answer, Conversation

PAPER = f"/rounds/{ROUND}/paper"


@pytest.fixture
def page(browser: Browser, consoles: ConsoleTown) -> Iterator[Page]:
    with consoles.signed_in(browser, "note_taker") as page:
        page.goto(f"{consoles.address}{PAPER}")
        yield page


def typed(page: Page, *keys: str) -> None:
    """Keys by name; anything else is typed as text."""
    for key in keys:
        if key in ("Enter", "Tab", "Control+Enter", "Backspace"):
            page.keyboard.press(key)
        else:
            page.keyboard.type(key)


def paper(consoles: ConsoleTown) -> int:
    with consoles.town.house.database.sessions.reading() as session:
        return session.scalar(select(func.count()).where(Conversation.channel == "paper")) or 0


def values(consoles: ConsoleTown) -> set[tuple[str, str]]:
    with consoles.town.house.database.sessions.reading() as session:
        rows = session.execute(select(Answer.question, Answer.value).where(Answer.standing == "current"))
        return {(question, value) for question, value in rows}


def test_forms_are_typed_in_a_row_by_keyboard_alone(page: Page, consoles: ConsoleTown) -> None:
    before = paper(consoles)
    typed(page, "DUVED3", "Enter", "1", "Enter", "2", "Enter", "4", "Enter", "1", "Enter")
    typed(page, "Mopeder pa gangvagen", "Enter", "vid skolan", "Enter", "2", "6", "Enter", "1", "3", "Enter")
    typed(page, "V", "Enter", "5", "Enter", "Mer belysning", "Enter", "3", "Enter", "1", "Control+Enter")
    expect(page.get_by_text("Inskrivna nu: 1")).to_be_visible()
    expect(page.get_by_label("Platskod")).to_have_value("DUVED3")
    expect(page.locator(".asked").first.locator("input").first).to_be_focused()
    assert {
        ("role", "lives"), ("area", "duved"), ("safety", "fairly_unsafe"), ("avoided", "yes"),
        ("when", "weekday_evening weekend_night"), ("list", "traffic litter_graffiti"),
        ("police_enough", "dont_know"), ("municipality_enough", "no_not_at_all"), ("age", "45_64"),
        ("gender", "woman"),
    } <= values(consoles)  # fmt: skip
    typed(page, "4", "Control+Enter")
    expect(page.get_by_text("Inskrivna nu: 2")).to_be_visible()
    assert paper(consoles) == before + 2


def test_a_key_pressed_twice_takes_the_choice_away_and_backspace_all_of_them(page: Page) -> None:
    typed(page, "Enter", "1", "1")
    expect(page.locator('[name="a_role"]:checked')).to_have_count(0)
    typed(page, "2", "Backspace")
    expect(page.locator('[name="a_role"]:checked')).to_have_count(0)


def test_the_last_form_is_undone_and_stands_there_again(page: Page, consoles: ConsoleTown) -> None:
    typed(page, "Enter", "3", "Control+Enter")
    expect(page.get_by_text("Inskrivna nu: 1")).to_be_visible()
    stored = paper(consoles)
    page.get_by_role("button", name="Ångra den senaste").click()
    expect(page.locator('[name="a_role"][value="holiday_home"]')).to_be_checked()
    assert paper(consoles) == stored - 1
    expect_accessible(page)


def test_back_and_saving_again_stores_nothing_more(page: Page, consoles: ConsoleTown) -> None:
    typed(page, "Enter", "1", "Control+Enter")
    expect(page.get_by_text("Inskrivna nu: 1")).to_be_visible()
    stored = paper(consoles)
    page.go_back()
    page.get_by_role("button", name="Spara och öppna nästa").click()
    expect(page.locator(".message").first).to_be_visible()
    assert paper(consoles) - stored in (0, 1)  # the page may have been fetched anew, with an id of its own


def test_a_danger_stops_whoever_types_until_it_has_been_read(browser: Browser, consoles: ConsoleTown) -> None:
    for width in WIDTHS:
        with consoles.signed_in(browser, "note_taker", width=width) as page:
            page.goto(f"{consoles.address}{PAPER}")
            page.locator("#t_problem").fill("min man slår mig")
            page.get_by_role("button", name="Spara och öppna nästa").click()
            expect(page.get_by_role("alert")).to_contain_text("våld i nära relation")
            expect_accessible(page)
            page.get_by_role("link", name="Jag har läst. Öppna nästa").click()
            expect(page.get_by_role("heading", name="Skriv in pappersblanketter")).to_be_visible()


def test_every_page_of_the_field_is_accessible(browser: Browser, consoles: ConsoleTown) -> None:
    paths = ["/field", PAPER, f"{PAPER}?language=en", f"/rounds/{ROUND}/employees", "/notes/"]
    consoles.expect_accessible(browser, paths)


def test_the_employees_link_is_made_copied_and_changed(browser: Browser, consoles: ConsoleTown) -> None:
    for width in WIDTHS:
        with consoles.signed_in(browser, width=width) as page:
            page.goto(f"{consoles.address}/rounds/{ROUND}/employees")
            page.get_by_role("button", name=re.compile("Gör länk och kod|Byt kod")).click()
            expect(page.get_by_label("Kod att skriva in")).to_have_value(
                re.compile("^[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}$")
            )
            expect_accessible(page)
