"""The chat goes on by text message, in a real browser: a page shows the code, tells of the telephone and can erase."""

import re

import pytest
from chat_town import ChatTown
from playwright.sync_api import Browser, expect
from test_chat_accessible import colours
from town import Town


@pytest.mark.parametrize(("scheme", "number"), [("light", "+46701740641"), ("dark", "+46701740642")])
def test_a_page_shows_the_code_tells_of_the_telephone_and_erases(
    browser: Browser, chats: ChatTown, scheme: str, number: str
) -> None:
    phone = Town(house=chats.town.house, clock=chats.town.clock).phone(number)
    with colours(browser, chats.residents, scheme) as visitor:
        visitor.start()
        visitor.choose("Bor här", then="Vilken ort")
        visitor.button("Fortsätt med sms i stället").click()
        expect(visitor.at.get_by_role("heading", name="Fortsätt med sms")).to_be_visible()
        visitor.expect_accessible()
        text = visitor.at.locator(".texted").inner_text()
        assert re.fullmatch(r"TRYGG [2-9][A-HJ-NP-Z][2-9A-HJ-NP-Z]{4}", text)
        link = visitor.at.get_by_role("link", name="Öppna sms på den här telefonen")
        assert link.get_attribute("href") == f"sms:+46700000100?body={text.replace(' ', '%20')}"
        visitor.page.goto(chats.residents)  # the script takes over again, until the text is sent
        visitor.expect_question("Vilken ort")
        assert phone.say(text).startswith("Enkäten går vidare här.\nVilken ort")
        visitor.button("Duved").click()
        expect(visitor.at.get_by_text("Svara på sms:et som har kommit")).to_be_visible()
        visitor.expect_accessible()
        visitor.at.locator("summary").click()
        visitor.button("Ja, radera mina svar").click()
        expect(visitor.at.get_by_role("heading", name="Raderat")).to_be_visible()
        assert "inget att radera" in phone.say("radera")
