"""The chat in a frame on the municipality's site: another origin, a strict policy, storage forbidden or not."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from chat_town import ChatTown
from chat_visitor import Visitor, visiting
from playwright.sync_api import Browser, Page, expect

OPENER = "Svara på trygghetsenkäten"
KEY = "lyhord:are-demo:residents"


@contextmanager
def on_site(browser: Browser, site: str, **context: Any) -> Iterator[Visitor]:
    with visiting(browser, site, **context) as visitor:
        _open(visitor)
        yield visitor


def _open(visitor: Visitor) -> None:
    visitor.page.get_by_role("button", name=OPENER).click()
    frame = visitor.page.locator("iframe").element_handle().content_frame()
    assert frame is not None
    frame.wait_for_load_state()
    visitor.at = frame


def test_nothing_is_fetched_before_the_button_is_pressed(browser: Browser, chats: ChatTown) -> None:
    with visiting(browser, "about:blank") as visitor:
        asked: list[str] = []
        visitor.page.on("request", lambda request: asked.append(request.url))
        visitor.page.goto(chats.site)
        expect(visitor.page.get_by_role("button", name=OPENER)).to_be_visible()
        assert [url for url in asked if url.startswith(chats.address)] == [
            f"{chats.address}/static/widget.js"
        ]
        assert visitor.stored() == []


def test_a_visitor_answers_where_foreign_frames_may_store_nothing(browser: Browser, chats: ChatTown) -> None:
    with on_site(browser, chats.neighbour) as visitor:
        assert visitor.stored() == "SecurityError"  # the browser really forbids it
        own = visitor.at.get_by_role("link", name="Öppna i ett eget fönster")
        expect(own).to_have_attribute("target", "_blank")
        with visitor.page.expect_popup() as opened:
            own.click()
        expect(opened.value.get_by_role("button", name="Starta")).to_be_visible()
        assert "frame" not in opened.value.url and "p=HEM" in opened.value.url
        opened.value.close()
        before = chats.answers()
        visitor.start()
        visitor.choose("På besök", then="Vad är det största")
        visitor.write("fyllebråk vid torget", then="När är det värst?")
        visitor.tick("Helg natt", then="Vad borde")
        visitor.at.locator("#text").fill("fler poliser")
        visitor.button("Skicka svaret").click()
        expect(visitor.at.get_by_role("heading", name="Klart")).to_be_visible()
        assert chats.answers() >= before + 4


def test_the_conversation_goes_on_when_the_dialogue_was_closed(browser: Browser, chats: ChatTown) -> None:
    with on_site(browser, chats.neighbour) as visitor:
        visitor.start()
        visitor.choose("Bor här", then="Vilken ort")
        visitor.page.keyboard.press("Escape")  # the focus is within the frame
        expect(visitor.page.get_by_role("dialog")).to_have_count(0)
        _expect_focus_on_opener(visitor.page)
        visitor.page.keyboard.press("Enter")
        expect(visitor.page.get_by_role("dialog", name=OPENER)).to_be_visible()
        visitor.expect_question("Vilken ort")
        visitor.page.get_by_role("button", name="Stäng").click()
        expect(visitor.page.get_by_role("dialog")).to_have_count(0)
        _expect_focus_on_opener(visitor.page)


def test_the_conversation_goes_on_on_another_page_under_the_municipalitys_own_domain(
    browser: Browser, chats: ChatTown
) -> None:
    with on_site(browser, chats.site) as visitor:
        assert visitor.stored() == []
        visitor.start()
        visitor.choose("Bor här", then="Vilken ort")
        assert [key for key, _ in visitor.stored()] == [KEY]
        visitor.page.keyboard.press("Escape")
        visitor.page.get_by_role("link", name="Trygg i Fjällbygd").click()
        _open(visitor)
        visitor.expect_question("Vilken ort")
        assert [answer for _, answer in visitor.turns()] == ["Bor här"]


def test_leaving_quickly_replaces_the_whole_page(browser: Browser, chats: ChatTown) -> None:
    with visiting(browser, "about:blank") as visitor:
        visitor.page.route("https://www.1177.se/**", lambda route: route.fulfill(body="<h1>1177</h1>"))
        visitor.page.goto(chats.site)
        _open(visitor)
        visitor.start()
        visitor.choose("På besök", then="Vad är det största")
        visitor.at.locator("#text").fill("min man slår mig")
        visitor.button("Skicka svaret").click()
        visitor.at.get_by_role("link", name="Lämna sidan snabbt").click()
        expect(visitor.page).to_have_url("https://www.1177.se/")
        visitor.page.goto(chats.site)
        _open(visitor)
        assert visitor.stored() == []


@pytest.mark.parametrize("size", [(320, 200), (320, 640), (1280, 800)])
def test_the_button_is_large_enough_and_covers_nothing_where_there_is_little_room(
    browser: Browser, chats: ChatTown, size: tuple[int, int]
) -> None:
    width, height = size
    with visiting(browser, chats.site, viewport={"width": width, "height": height}) as visitor:
        opener = visitor.page.get_by_role("button", name=OPENER)
        box = opener.bounding_box()
        assert box is not None and box["height"] >= 44 and box["width"] >= 44
        assert (opener.evaluate("e => getComputedStyle(e).position") == "fixed") == (height > 400)
        assert visitor.page.evaluate("document.scrollingElement.scrollWidth") <= width
        visitor.page.evaluate("scrollTo(0, document.body.scrollHeight)")
        last = visitor.page.locator("footer p").last.bounding_box()
        box = opener.bounding_box()
        assert last is not None and box is not None
        assert last["y"] + last["height"] <= box["y"]  # what comes last on the page can be read
        _open(visitor)
        assert visitor.at.evaluate("document.scrollingElement.scrollWidth <= innerWidth")


def test_only_the_rounds_sites_may_show_the_chat(browser: Browser, chats: ChatTown) -> None:
    with visiting(browser, chats.elsewhere, may_lose=True) as visitor:
        _put_line_on(visitor.page, chats, {"round": "are-demo"})
        with visitor.page.expect_console_message(lambda message: "frame-ancestors" in message.text):
            visitor.page.get_by_role("button", name=OPENER).click()
        expect(visitor.page.frame_locator("iframe").get_by_role("button", name="Starta")).to_have_count(0)
        visitor.faults.clear()


@pytest.mark.parametrize(
    "attributes",
    [{"round": ""}, {"round": "../x"}, {"round": 'a"><script>'}, {"round": "a b"}],
)
def test_a_line_that_names_no_round_puts_nothing_on_the_page(
    browser: Browser, chats: ChatTown, attributes: dict[str, str]
) -> None:
    with visiting(browser, "about:blank") as visitor:
        _put_line_on(visitor.page, chats, attributes)
        assert visitor.page.get_by_role("button").count() == 0
        assert visitor.faults and "data-round" in visitor.faults.pop()


def test_attributes_that_do_not_fit_are_left_out(browser: Browser, chats: ChatTown) -> None:
    hostile = {"round": "are-demo", "stream": "../x", "place": "<b>", "lang": "en&x=1", "label": "x" * 90}
    with visiting(browser, "about:blank") as visitor:
        _put_line_on(visitor.page, chats, hostile)
        with visitor.page.expect_console_message(lambda message: "frame-ancestors" in message.text):
            visitor.page.get_by_role("button", name=OPENER).click()
        source = visitor.page.locator("iframe").get_attribute("src")
        assert source == f"{chats.address}/chat/are-demo/residents?lang=sv&p=&frame=1"
        visitor.faults.clear()  # a page of nobody's may not frame the chat


def test_the_label_and_the_language_are_the_sites_own(browser: Browser, chats: ChatTown) -> None:
    with visiting(browser, "about:blank") as visitor:
        _put_line_on(visitor.page, chats, {"round": "are-demo", "lang": "en"})
        expect(visitor.page.get_by_role("button", name="Answer the safety survey")).to_be_visible()
        _put_line_on(visitor.page, chats, {"round": "are-demo", "label": "Tyck <b>till</b>"})
        expect(visitor.page.get_by_role("button", name="Tyck <b>till</b>")).to_be_visible()


def _put_line_on(page: Page, chats: ChatTown, attributes: dict[str, str]) -> None:
    """The loader's line on an empty page, its attributes as given."""
    page.goto(chats.elsewhere)
    page.evaluate(
        """([source, attributes]) => new Promise((loaded) => {
          const script = Object.assign(document.createElement("script"), { src: source, onload: loaded });
          Object.assign(script.dataset, attributes);
          document.body.append(script);
        })""",
        [f"{chats.address}/static/widget.js", attributes],
    )


def _expect_focus_on_opener(page: Page) -> None:
    page.wait_for_function(
        "words => document.activeElement.shadowRoot?.activeElement?.textContent === words", arg=OPENER
    )
