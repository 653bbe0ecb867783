"""Sixty pieces of text that would run as script where text is taken for markup: as answers, labels and place codes."""

import json
from pathlib import Path
from urllib.parse import quote

from chat_town import ChatTown
from chat_visitor import visiting
from playwright.sync_api import Browser, expect

PAYLOADS = Path(__file__).with_name("script_payloads.txt").read_text("utf-8").splitlines()
_CANARY = "window.canary = () => console.error('the canary sang');"
_FOREIGN = (
    ":is(main, header) :is(script:not(#words), img, svg, iframe, style, object, [onclick], [autofocus])"
)


def _hostile_flow() -> str:
    """A survey whose title, questions, hints and choices are payloads: an open question for each, and one choice."""

    def label(text: str) -> dict[str, str]:
        return {"sv": text, "en": text}

    questions = [
        {"type": "text", "name": f"q{number}", "label": label(f"{number} {payload}"), "hint": label(payload)}
        for number, payload in enumerate(PAYLOADS)
    ]
    flow = {
        "settings": {
            "form_id": "hostile",
            "version": "1",
            "title": label(PAYLOADS[0]),
            "stream": "residents",
            "languages": ["sv", "en"],
            "core": ["q0"],
        },
        "choices": {
            "all": [
                {"name": f"c{number}", "key": number + 1, "label": label(f"{number} {payload}")}
                for number, payload in enumerate(PAYLOADS)
            ]
        },
        "survey": [
            {"type": "select_one all", "name": "which", "label": label(f"Vilken? {PAYLOADS[10]}")},
            *questions,
            {"type": "note", "name": "thanks", "role": "thanks", "label": label(f"Tack! {PAYLOADS[1]}")},
        ],
    }
    return json.dumps(flow, ensure_ascii=False)


def test_there_are_sixty_payloads() -> None:
    assert len(set(PAYLOADS)) == 60


def test_payloads_as_labels_and_answers_are_shown_as_text(browser: Browser, chats: ChatTown) -> None:
    address = chats.open_round("hostile", _hostile_flow(), municipality=PAYLOADS[16][:22])
    with visiting(browser, "about:blank") as visitor:
        visitor.page.add_init_script(_CANARY)
        visitor.page.goto(address)
        visitor.start()
        choices = visitor.at.locator("button.choice").all_text_contents()
        assert choices == [f"{number} {payload}" for number, payload in enumerate(PAYLOADS)]
        visitor.at.locator("button.choice").first.click()
        for number, payload in enumerate(PAYLOADS):
            visitor.expect_question(f"{number} {payload}")
            assert visitor.page.locator(_FOREIGN).count() == 0
            visitor.at.locator("#text").fill(payload)
            visitor.button("Skicka svaret").click()
        expect(visitor.at.get_by_role("heading", name="Klart")).to_be_visible()
        assert [answer for _, answer in visitor.turns()[1:]] == PAYLOADS
        visitor.page.reload()
        expect(visitor.at.get_by_role("heading", name="Klart")).to_be_visible()
        assert visitor.page.locator(_FOREIGN).count() == 0


def test_payloads_as_place_codes_and_languages_do_nothing(browser: Browser, chats: ChatTown) -> None:
    with visiting(browser, "about:blank") as visitor:
        visitor.page.add_init_script(_CANARY)
        for payload in PAYLOADS:
            query = f"?p={quote(payload)}&lang={quote(payload)}&frame={quote(payload)}"
            visitor.page.goto(chats.residents + query, wait_until="domcontentloaded")
            assert visitor.page.locator(_FOREIGN).count() == 0
            assert visitor.page.locator("[name=place_code]").input_value() == payload
        visitor.start()
