"""The round's public page in a real browser: readable by all, narrow and in the dark, with and without results."""

import pytest
from chat_town import ROUND, ChatTown
from chat_visitor import visiting
from playwright.sync_api import Browser

from bot.services.reporting import Reports

PAGES = ("", "/questions", "/questions?size=large", "/results", "?lang=en", "/results?lang=en")


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 320)])
def test_page_questions_and_results_are_accessible(
    browser: Browser, chats: ChatTown, scheme: str, width: int
) -> None:
    base, size = f"{chats.address}/rounds/{ROUND}", {"width": width, "height": 800}
    house = chats.town.house
    with visiting(browser, base, color_scheme=scheme, viewport=size) as visitor:
        for path in PAGES:
            visitor.page.goto(base + path)
            visitor.expect_accessible()
        visitor.page.goto(base)
        visitor.page.locator("summary").click()
        visitor.expect_accessible()
        Reports(sessions=house.database.sessions, now=house.now, actor="test").picture(ROUND)
        chats.town.rounds.publish(ROUND)
        visitor.page.goto(f"{base}/results")
        visitor.expect_accessible()
        chats.town.rounds.withdraw(ROUND)


def test_way_to_the_chat_leads_there(browser: Browser, chats: ChatTown) -> None:
    with visiting(browser, f"{chats.address}/rounds/{ROUND}?lang=sv") as visitor:
        visitor.page.get_by_role("link", name="Svara på webben").click()
        visitor.page.wait_for_url(f"{chats.residents}?lang=sv")
