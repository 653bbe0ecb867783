"""The chat's pages in a real browser that runs no script: 320 px wide (400 % zoom), by keyboard alone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

NARROWEST = 320
"""CSS pixels: a desktop window of 1,280 at 400 % zoom (WCAG 2.2, 1.4.10)."""
SMALLEST_TARGET = 44
_MOST_TABS = 40

_FOCUSED = """() => {
  const it = document.activeElement;
  const of = (it.labels && it.labels.length) ? it.labels[0] : it;
  return [of.textContent.trim(), it.value || ''];
}"""
_OUTLINED = """() => {
  const it = document.activeElement;
  return [it, it.closest('label')].some(e => e && getComputedStyle(e).outlineStyle !== 'none');
}"""
_TARGETS = "button, summary, .choice, header a, main a, textarea, input"
_TOO_SMALL = """([targets, smallest]) => [...document.querySelectorAll(targets)]
  .filter(e => !['hidden', 'radio', 'checkbox'].includes(e.type) && e.checkVisibility())
  .filter(e => e.getBoundingClientRect().height < smallest && e.getClientRects().length === 1)
  .map(e => e.textContent.trim() || e.name)"""
_NAMELESS = """() => [...document.querySelectorAll('input:not([type=hidden]), textarea')]
  .filter(e => !e.labels.length || !e.labels[0].textContent.trim()).length"""


@pytest.fixture(params=["light", "dark"])
def page(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = browser.new_context(
        locale="sv-SE",
        java_script_enabled=False,
        color_scheme=request.param,
        reduced_motion="reduce",
        viewport={"width": NARROWEST, "height": 640},
    )
    page = context.new_page()
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.goto(f"{address}/chat/are-demo/residents?p=DUVED3")
    yield page
    state = context.storage_state()
    context.close()
    assert not faults
    assert (state["cookies"], state["origins"]) == ([], [])


def _check(page: Page, heading: str) -> None:
    """What holds for every page."""
    expect(page.get_by_role("heading", level=1)).to_contain_text(heading)
    assert page.evaluate("document.scrollingElement.scrollWidth") <= NARROWEST
    assert page.evaluate(_TOO_SMALL, [_TARGETS, SMALLEST_TARGET]) == []
    assert page.evaluate(_NAMELESS) == 0
    assert page.evaluate("document.querySelectorAll('h1').length") == 1
    assert page.evaluate("document.documentElement.lang") in ("sv", "en")


def _tab_to(page: Page, words: str) -> None:
    for _ in range(_MOST_TABS):
        page.keyboard.press("Tab")
        if words in page.evaluate(_FOCUSED)[0]:
            assert page.evaluate(_OUTLINED), f"the focus on {words!r} cannot be seen"
            return
    raise AssertionError(f"Tab never reaches {words!r}")


def _press(page: Page, button: str) -> None:
    _tab_to(page, button)
    page.keyboard.press("Enter")


def _choose(page: Page, first: str, *, down: int = 0) -> None:
    """One of a group of radio buttons: Tab into the group, arrows within it."""
    _tab_to(page, first)
    page.keyboard.press("Space")
    for _ in range(down):
        page.keyboard.press("ArrowDown")
    _press(page, "Skicka svaret")


def _tick(page: Page, *labels: str) -> None:
    for label in labels:
        _tab_to(page, label)
        page.keyboard.press("Space")
    _press(page, "Skicka svaret")


def _write(page: Page, label: str, text: str) -> None:
    _tab_to(page, label)
    page.keyboard.type(text)
    _press(page, "Skicka svaret")


def test_a_resident_answers_everything_by_keyboard_on_the_narrowest_screen(page: Page) -> None:
    _check(page, "Trygghet där du bor")
    _press(page, "Starta")
    _check(page, "Vem är du här?")
    _press(page, "Skicka svaret")
    _check(page, "Vem är du här?")
    assert "Välj ett svar" in page.locator("#error").inner_text()
    page.keyboard.press("Space")  # the first answer has the focus now
    _press(page, "Skicka svaret")
    _check(page, "Vilken ort")
    _write(page, "Eller skriv namnet på orten", "duved")
    _check(page, "Hur trygg")
    _choose(page, "Mycket trygg", down=3)
    _check(page, "Har du de senaste")
    _choose(page, "Ja")
    _check(page, "Vad är det största")
    _write(page, "Vad är det största", "EPA-traktorer som buskör")
    _check(page, "Var är det så?")
    _press(page, "Vet ej")
    _check(page, "När är det värst?")
    _tick(page, "Vardag kväll", "Helg kväll")
    _check(page, "Vilka är problem")
    _tick(page, "Trafik", "Stöld")
    _check(page, "Gör polisen")
    _press(page, "Hoppa över")
    _check(page, "Gör kommunen")
    _press(page, "Tillbaka")
    _check(page, "Gör polisen")
    _choose(page, "Ja, helt", down=1)
    _check(page, "Gör kommunen")
    _choose(page, "Ja, helt")
    _check(page, "Vad borde")
    _write(page, "Vad borde", "fler kontroller")
    _check(page, "Hur gammal")
    _choose(page, "15-24 år", down=2)
    _check(page, "Är du kvinna, man eller annat?")
    _press(page, "Vill inte svara")
    _check(page, "Klart")
    _press(page, "Radera mina svar")
    _check(page, "Klart")
    _press(page, "Ja, radera mina svar")
    _check(page, "Raderat")


def test_somebody_in_need_can_leave_quickly_or_go_on(page: Page) -> None:
    _press(page, "Start in English")
    page.get_by_label("Live here").check()
    page.get_by_role("button", name="Send the answer").click()
    for heading in ("Which village", "How safe", "In the last 6 months"):
        _check(page, heading)
        page.get_by_role("button", name="Skip").click()
    page.get_by_label("What is the biggest").fill("my husband hits me")
    page.get_by_role("button", name="Send the answer").click()
    _check(page, "Please read this first")
    assert "my husband" not in page.content()
    _tab_to(page, "Leave this page quickly")
    assert (
        page.get_by_role("link", name="Leave this page quickly").get_attribute("rel") == "noreferrer nofollow"
    )
    _press(page, "Go on with the questions")
    _check(page, "Which are problems there?")


def test_reloading_sends_the_same_answer_once(page: Page) -> None:
    _press(page, "Starta")
    _check(page, "Vem är du här?")
    _choose(page, "Bor här")
    _check(page, "Vilken ort")
    page.reload()  # the same form goes again
    _check(page, "Vilken ort")
    assert "redan besvarad" not in page.content()
