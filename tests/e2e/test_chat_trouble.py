"""What may go wrong between the chat and its program: never a second answer, never a lost one, and always told."""

import json
import time
from typing import Any

import pytest
from chat_town import ChatTown
from chat_visitor import Visitor, visiting
from playwright.sync_api import Browser, Page, Route, expect

_MESSAGES = "**/api/chat/*/messages"
_NO_CONTACT = "Ingen kontakt just nu"


def _at_area(visitor: Visitor) -> None:
    visitor.start()
    visitor.choose("Bor här", then="Vilken ort")


def _sent(page: Page) -> list[dict[str, Any]]:
    """Bodies of the messages that leave the page from now on."""
    bodies: list[dict[str, Any]] = []

    def note(request: Any) -> None:
        if request.method == "POST" and request.url.endswith("/messages"):
            bodies.append(json.loads(request.post_data))

    page.on("request", note)
    return bodies


def test_connection_cut_between_answer_and_reply_gives_one_answer(browser: Browser, chats: ChatTown) -> None:
    with visiting(browser, chats.residents, may_lose=True) as visitor:
        _at_area(visitor)
        sent, before = _sent(visitor.page), chats.answers()

        def cut(route: Route) -> None:
            route.fetch()  # the program has taken it
            route.abort()

        visitor.page.route(_MESSAGES, cut, times=1)
        visitor.at.locator("#text").fill("Duved")
        visitor.at.locator(".composer button").click()
        expect(visitor.at.get_by_role("alert")).to_contain_text(_NO_CONTACT)
        expect(visitor.at.locator("#text")).to_have_value("Duved")
        visitor.button("Försök nu").click()
        visitor.expect_question("Hur trygg")
        expect(visitor.at.get_by_role("alert")).to_be_empty()
        assert chats.answers() == before + 1
        assert len(sent) == 2 and sent[0] == sent[1]
        assert visitor.turns()[-1][1] == "Duved"


def test_it_tries_again_by_itself_with_growing_pauses(browser: Browser, chats: ChatTown) -> None:
    with visiting(browser, chats.residents, may_lose=True) as visitor:
        _at_area(visitor)
        times: list[float] = []

        def cut_twice(route: Route) -> None:
            times.append(time.monotonic())
            if len(times) < 3:
                route.abort()
            else:
                route.continue_()

        visitor.page.route(_MESSAGES, cut_twice)
        before = chats.answers()
        visitor.button("Duved").click()
        visitor.expect_question("Hur trygg")
        assert chats.answers() == before + 1
        first, second, third = times
        assert second - first > 1.8 and third - second > 3.6


def test_it_tries_again_at_once_when_the_network_comes_back(browser: Browser, chats: ChatTown) -> None:
    with visiting(browser, chats.residents, may_lose=True) as visitor:
        _at_area(visitor)
        visitor.page.context.set_offline(True)
        visitor.button("Duved").click()
        expect(visitor.at.get_by_role("alert")).to_contain_text(_NO_CONTACT)
        visitor.page.context.set_offline(False)
        visitor.expect_question("Hur trygg")


def test_somebody_who_wants_to_be_forgotten_is_not_held_up_by_an_answer_that_waits(
    browser: Browser, chats: ChatTown
) -> None:
    before = chats.answers()
    with visiting(browser, chats.residents, may_lose=True) as visitor:
        _at_area(visitor)
        visitor.page.route(_MESSAGES, lambda route: route.abort(), times=1)
        visitor.button("Duved").click()
        expect(visitor.at.get_by_role("alert")).to_contain_text(_NO_CONTACT)
        visitor.at.get_by_text("Avsluta och glöm mina svar").click()
        visitor.button("Ja, radera mina svar").click()
        expect(visitor.at.get_by_role("heading", name="Raderat")).to_be_visible()
        assert (visitor.stored(), visitor.turns(), chats.answers()) == ([], [], before)


def test_start_pressed_while_the_network_is_away_begins_one_conversation(
    browser: Browser, chats: ChatTown
) -> None:
    with visiting(browser, chats.residents, may_lose=True) as visitor:
        visitor.page.route("**/conversations", lambda route: (route.fetch(), route.abort()), times=1)
        before = chats.conversations()
        visitor.button("Starta").click()
        expect(visitor.at.get_by_role("alert")).to_contain_text(_NO_CONTACT)
        assert visitor.stored() == []
        visitor.button("Starta").click()
        visitor.expect_question("Vem är du här?")
        assert chats.conversations() == before + 1


def test_two_clicks_send_one_answer_and_answer_one_question(browser: Browser, chats: ChatTown) -> None:
    with visiting(browser, chats.residents) as visitor:
        visitor.start()
        sent, before = _sent(visitor.page), chats.answers()
        visitor.button("Bor här").dblclick(delay=60)
        visitor.expect_question("Vilken ort")
        visitor.page.wait_for_timeout(300)
        visitor.expect_question("Vilken ort")
        assert (len(sent), chats.answers()) == (1, before + 1)


def test_an_older_tab_is_told_that_the_question_is_answered(browser: Browser, chats: ChatTown) -> None:
    with visiting(browser, chats.residents) as first:
        _at_area(first)
        second = first.page.context.new_page()
        second.goto(chats.residents)
        for key, value in first.stored():
            second.evaluate("([key, value]) => sessionStorage.setItem(key, value)", [key, value])
        second.reload()
        other = Visitor(page=second, at=second)
        other.expect_question("Vilken ort")
        other.choose("Duved", then="Hur trygg")
        before = chats.answers()
        first.button("Järpen").click()
        first.expect_question("Hur trygg")
        expect(first.at.get_by_text("Den frågan är redan besvarad")).to_be_visible()
        assert first.focused().startswith("Hur trygg")
        assert chats.answers() == before
        assert first.turns()[-1][1] == "Duved"


def test_reloading_goes_on_where_the_conversation_stands(browser: Browser, chats: ChatTown) -> None:
    with visiting(browser, chats.residents) as visitor:
        _at_area(visitor)
        visitor.choose("Duved", then="Hur trygg")
        visitor.page.reload()
        visitor.expect_question("Hur trygg", 3)
        assert [answer for _, answer in visitor.turns()] == ["Bor här", "Duved"]


def test_a_conversation_that_is_gone_says_so_and_begins_again(browser: Browser, chats: ChatTown) -> None:
    with visiting(browser, chats.residents, may_lose=True) as visitor:
        _at_area(visitor)
        visitor.page.evaluate(
            "key => sessionStorage.setItem(key, '0'.repeat(32))", "lyhord:are-demo:residents"
        )
        visitor.page.reload()
        expect(visitor.at.get_by_role("heading", name="Samtalet finns inte längre")).to_be_focused()
        assert visitor.stored() == []
        visitor.button("Till början").click()
        expect(visitor.button("Starta")).to_be_visible()


@pytest.mark.parametrize(
    ("status", "sentence"), [(503, "Vi kan inte spara just nu"), (429, "Det går för fort just nu")]
)
def test_what_cannot_be_taken_now_is_kept_and_sent_later(
    browser: Browser, chats: ChatTown, status: int, sentence: str
) -> None:
    refusal = {
        "status": status,
        "headers": {"Retry-After": "1"},
        "json": {"error": {"code": "", "sentence": ""}},
    }
    with visiting(browser, chats.residents, may_lose=True) as visitor:
        _at_area(visitor)
        visitor.page.route(_MESSAGES, lambda route: route.fulfill(**refusal), times=1)
        visitor.button("Duved").click()
        expect(visitor.at.get_by_role("alert")).to_contain_text(sentence)
        visitor.expect_question("Hur trygg")
        expect(visitor.at.get_by_role("alert")).to_be_empty()


@pytest.mark.parametrize("script", [None, "throw new Error('broken')", "let = ;", "document.body.gone.x"])
def test_without_a_script_that_works_the_plain_forms_do(
    browser: Browser, chats: ChatTown, script: str | None
) -> None:
    def answer(route: Route) -> None:
        if script is None:
            route.abort()
        else:
            route.fulfill(body=script, content_type="text/javascript")

    with visiting(browser, "about:blank", may_lose=True) as visitor:
        visitor.page.route("**/static/chat.js*", answer)
        visitor.page.goto(chats.residents)
        visitor.button("Starta").click()
        visitor.at.get_by_label("Bor här").check()
        visitor.button("Skicka svaret").click()
        expect(visitor.at.get_by_role("heading", level=1)).to_contain_text("Vilken ort")
        assert visitor.stored() == []
        visitor.faults.clear()  # the broken script's own


def test_a_browser_that_forbids_storage_remembers_until_the_page_is_left(
    browser: Browser, chats: ChatTown
) -> None:
    forbid = """Object.defineProperty(window, "sessionStorage",
      { get() { throw new DOMException("", "SecurityError"); } });"""
    with visiting(browser, "about:blank") as visitor:
        visitor.page.add_init_script(forbid)
        visitor.page.goto(chats.residents)
        _at_area(visitor)
        visitor.choose("Duved", then="Hur trygg")
