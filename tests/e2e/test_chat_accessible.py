"""axe-core on every page and state of the chat, light and dark, in three languages."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from arabic_flow import ARABIC
from chat_town import ChatTown
from chat_visitor import Visitor, visiting
from playwright.sync_api import Browser, expect
from test_chat_embedded import OPENER

_MESSAGES = "**/api/chat/*/messages"


@contextmanager
def colours(browser: Browser, address: str, scheme: str) -> Iterator[Visitor]:
    width = 1280 if scheme == "light" else 320
    size = {"width": width, "height": 800}
    with visiting(browser, address, may_lose=True, color_scheme=scheme, viewport=size) as visitor:
        yield visitor


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_kind_of_question_and_every_state_between(
    browser: Browser, chats: ChatTown, scheme: str
) -> None:
    with colours(browser, chats.residents, scheme) as visitor:
        visitor.expect_accessible()
        visitor.start()
        visitor.expect_accessible()  # one choice
        visitor.button("Skicka svaret").click()
        visitor.expect_accessible()  # an error
        visitor.choose("Bor här", then="Vilken ort")
        visitor.expect_accessible()  # area, with a log
        visitor.choose("Duved", then="Hur trygg")
        visitor.choose("Ganska otrygg", then="Har du de senaste")
        visitor.choose("Ja", then="Vad är det största")
        visitor.expect_accessible()  # a long text
        visitor.page.route(_MESSAGES, lambda route: route.abort(), times=1)
        visitor.at.locator("#text").fill("mörkt, ring 070-174 06 05")
        visitor.button("Skicka svaret").click()
        expect(visitor.button("Försök nu")).to_be_visible()
        visitor.expect_accessible()  # no contact
        visitor.button("Försök nu").click()
        visitor.expect_question("Var är det så?")
        visitor.expect_accessible()  # a line, with a note
        visitor.button("Vet ej").click()
        visitor.expect_question("När är det värst?")
        visitor.expect_accessible()  # several choices
        visitor.button("English").click()
        visitor.expect_question("When is it worst?")
        visitor.expect_accessible()
        refused = {"status": 429, "headers": {"Retry-After": "60"}, "json": {}}
        visitor.page.route(_MESSAGES, lambda route: route.fulfill(**refused), times=1)
        visitor.button("Skip").click()
        expect(visitor.button("Try now")).to_be_visible()
        visitor.expect_accessible()  # too fast
        visitor.at.get_by_text("End and forget my answers").click()
        visitor.expect_accessible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_safeguard_and_the_ends(browser: Browser, chats: ChatTown, scheme: str) -> None:
    with colours(browser, chats.residents, scheme) as visitor:
        visitor.start()
        visitor.choose("På besök", then="Vad är det största")
        visitor.at.locator("#text").fill("min man slår mig")
        visitor.button("Skicka svaret").click()
        expect(visitor.at.get_by_role("heading", name="Läs det här först")).to_be_visible()
        visitor.expect_accessible()
        visitor.page.reload()
        expect(visitor.at.get_by_role("heading", name="Frågorna väntar")).to_be_visible()
        visitor.expect_accessible()
        visitor.button("Fortsätt med frågorna").click()
        for _ in range(6):
            visitor.expect_question("")
            before = visitor.at.locator(".progress").inner_text()
            way = visitor.at.get_by_role("group", name="Andra sätt").get_by_role("button").first
            way.click()
            visitor.page.wait_for_function(
                "before => document.querySelector('.progress')?.innerText !== before", arg=before
            )
            if visitor.at.get_by_role("heading", name="Klart").count():
                break
        expect(visitor.at.get_by_role("heading", name="Klart")).to_be_visible()
        visitor.expect_accessible()
        visitor.page.emulate_media(media="print", color_scheme="light")
        visitor.expect_accessible()
        visitor.page.emulate_media(media="screen", color_scheme=scheme)  # type: ignore[arg-type]
        visitor.at.get_by_text("Radera mina svar", exact=True).click()
        visitor.button("Ja, radera mina svar").click()
        expect(visitor.at.get_by_role("heading", name="Raderat")).to_be_visible()
        visitor.expect_accessible()
        visitor.page.evaluate("sessionStorage.setItem('lyhord:are-demo:residents', '0'.repeat(32))")
        visitor.page.reload()
        expect(visitor.at.get_by_role("heading", name="Samtalet finns inte längre")).to_be_visible()
        visitor.expect_accessible()
        visitor.page.goto(f"{chats.address}/chat/no-such-round/residents")
        visitor.expect_accessible()


def test_right_to_left_in_arabic(browser: Browser, chats: ChatTown) -> None:
    address = chats.open_round("arabic", ARABIC)
    with visiting(browser, f"{address}?lang=ar", viewport={"width": 320, "height": 640}) as visitor:
        assert visitor.at.evaluate("document.dir") == "rtl"
        visitor.expect_accessible()
        visitor.at.locator("section[lang=ar] button").click()
        visitor.choose("أسكن هنا", then="متى؟")
        visitor.expect_accessible()
        question, mine = (visitor.at.locator(part).bounding_box() for part in (".theirs", ".mine"))
        assert question is not None and mine is not None
        assert question["x"] > mine["x"]  # the question stands to the right, one's own answer to the left
        visitor.tick("ليلاً", then="ما هي المشكلة؟")
        visitor.expect_accessible()
        visitor.at.locator("#text").fill("الحديقة مظلمة")
        visitor.button("أرسل الإجابة").click()
        expect(visitor.at.get_by_text("شكراً!")).to_be_visible()
        assert visitor.turns()[-1] == ("ما هي المشكلة؟", "الحديقة مظلمة")
        visitor.expect_accessible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_municipalitys_page_closed_and_open(browser: Browser, chats: ChatTown, scheme: str) -> None:
    with colours(browser, chats.neighbour, scheme) as visitor:
        visitor.expect_accessible()
        visitor.page.get_by_role("button", name=OPENER).click()
        frame = visitor.page.locator("iframe").element_handle().content_frame()
        assert frame is not None
        frame.wait_for_load_state()
        visitor.expect_accessible()
        visitor.at = frame
        visitor.expect_accessible()


def test_pages_without_script(browser: Browser, chats: ChatTown) -> None:
    with visiting(browser, "about:blank", may_lose=True) as visitor:
        visitor.page.route("**/static/chat.js*", lambda route: route.abort())
        visitor.page.goto(chats.residents)
        visitor.post("Starta")
        visitor.post("Skicka svaret")
        visitor.expect_accessible()
        visitor.at.get_by_label("På besök").check()
        visitor.post("Skicka svaret")
        visitor.expect_accessible()
        visitor.at.locator("#text").fill("min man slår mig")
        visitor.post("Skicka svaret")
        visitor.expect_accessible()
        visitor.at.get_by_text("Avsluta och glöm mina svar").click()
        visitor.post("Ja, radera mina svar")
        visitor.expect_accessible()
