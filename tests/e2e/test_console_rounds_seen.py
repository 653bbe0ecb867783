"""Rounds in the console before a real browser: by keyboard alone, at both widths, and counted as the server counts."""

import io
import random
from dataclasses import replace
from datetime import timedelta

from console_seen import ConsoleTown, expect_accessible
from hostile import CORPUS
from playwright.sync_api import Browser, Page, expect
from town import MONDAY, ROUND

from bot.cli.demo import demonstration_round
from bot.services.workbooks.round_writing import write_round
from text.sms import measure, swap_lookalikes

PAGES = (
    "/",
    "/rounds/new",
    "/rounds/workbook",
    f"/rounds/{ROUND}",
    f"/rounds/{ROUND}/preview",
    f"/rounds/{ROUND}/preview?stream=dialogue&language=en",
    f"/rounds/{ROUND}/try",
    f"/rounds/{ROUND}/places",
    *(f"/rounds/{ROUND}/state/{deed}" for deed in ("open", "pause", "extend?until=2027-01-01", "close")),
)
STEPS = ("round", "legal", "keywords", "areas", "places", "place_codes", "texts", "focus", "review")
EDGES = (
    "",
    "a" * 160,
    "a" * 161,
    "a" * 307,
    "€" * 80,
    "a" * 159 + "€",
    "a" * 152 + "€" + "a" * 152,
    "a" * 151 + "€" + "a" * 153,
    "ï" + "a" * 69,
    "ï" + "a" * 70,
    "😀" * 35,
    "a" * 66 + "😀" + "a" * 67,
    "Sågs vi – där… “ja”",
    "na\u0308r fo\u0308r ½ × ² → ⁄",
    "`\u1fef\u00b4",
)
_MIXTURE = "abåäöÅÄÖ €[]{}^~|\\\n\f–…“”ïłşж中😀\u0308\u00a0\u200b½"
_MOST_TABS = 150


def test_every_page_of_a_round(browser: Browser, consoles: ConsoleTown) -> None:
    consoles.expect_accessible(browser, PAGES)


def test_every_step_of_filling_in_a_round(browser: Browser, consoles: ConsoleTown) -> None:
    for width in (1280, 390):
        with consoles.signed_in(browser, width=width) as page:
            page.goto(f"{consoles.address}/rounds/{ROUND}")
            page.get_by_role("button", name="Ändra här").click()
            first = page.url.removesuffix("round")
            for step in STEPS:
                page.goto(f"{first}{step}")
                expect_accessible(page)


def test_the_browser_counts_as_the_server_does(browser: Browser, consoles: ConsoleTown) -> None:
    chance = random.Random(7)  # noqa: S311  the same texts each time
    mixed = ["".join(chance.choices(_MIXTURE, k=chance.randrange(400))) for _ in range(400)]
    texts = [*EDGES, *(text for pair in CORPUS.values() for text in pair), *mixed]
    texts = [text for text in texts if text.isascii() or text.encode("utf-8", "ignore").decode() == text]
    with consoles.signed_in(browser) as page:
        _begin(page, consoles)
        page.goto(page.url.replace("/round", "/texts"))
        counted = page.evaluate(
            "texts => texts.map(text => [lyhordSms.measure(text), lyhordSms.swapLookalikes(text)])", texts
        )
    for text, (size, swapped) in zip(texts, counted, strict=True):
        ours = measure(text)
        assert size == {
            "encoding": ours.encoding,
            "units": ours.units,
            "segments": ours.segments,
            "costly": list(ours.costly),
        }, text
        assert swapped == swap_lookalikes(text), text


def test_a_costly_character_is_named_while_one_types(browser: Browser, consoles: ConsoleTown) -> None:
    with consoles.signed_in(browser) as page:
        _begin(page, consoles)
        page.goto(page.url.replace("/round", "/texts"))
        before = page.locator("[data-part=dear]").inner_text()
        page.get_by_label("Exempel på ort").fill("Duvedï")
        expect(page.locator("[data-part=costly]", has_text="ï").first).to_be_visible()
        assert page.locator("[data-part=dear]").inner_text() != before


def test_a_round_comes_from_its_workbook_is_looked_through_and_opened_by_keyboard(
    browser: Browser, consoles: ConsoleTown
) -> None:
    with consoles.signed_in(browser) as page:
        _press(page, "Ny omgång")
        _press(page, "Läs in en arbetsbok")
        page.get_by_label("Arbetsbok (.xlsx)").set_input_files(
            {"name": "omgang.xlsx", "mimeType": "application/octet-stream", "buffer": _workbook()}
        )
        _press(page, "Läs in")
        expect(page.get_by_role("heading", name="Granska och spara")).to_be_visible()
        _press(page, "Spara som utkast")
        expect(page.get_by_role("status")).to_contain_text("är sparad som utkast")
        _press(page, "Förhandsgranska")
        expect(page.get_by_text("ställer 9 frivilliga frågor").first).to_be_visible()
        page.go_back()
        _press(page, "Provsamtal")
        for reply in ("ja", "1"):
            expect(
                page.locator("[autofocus]")
            ).to_be_focused()  # a browser gives it only with the first frame
            page.keyboard.type(reply)
            page.keyboard.press("Enter")
            expect(page.locator(".mine").last).to_have_text(reply)
        page.goto(f"{consoles.address}/rounds/from-excel")
        _press(page, "Öppna omgången")
        expect(page.get_by_text("Svar tas emot från")).to_be_visible()
        _press(page, "Öppna nu")
        expect(page.get_by_role("status")).to_contain_text("Omgången är öppen.")
        expect(page.locator("h1")).to_contain_text("Öppen")


def _begin(page: Page, consoles: ConsoleTown) -> None:
    page.goto(f"{consoles.address}/rounds/new")
    page.get_by_role("button", name="Börja").click()
    page.wait_for_url("**/round")


def _press(page: Page, name: str) -> None:
    """Tab to what is called that, and press Enter."""
    for _ in range(_MOST_TABS):
        page.keyboard.press("Tab")
        at = page.evaluate("(document.activeElement.innerText || '').trim()")
        if at == name or at.startswith(f"{name}\n"):
            with page.expect_navigation():
                page.keyboard.press("Enter")
            return
    raise AssertionError(f"nothing called {name} can be reached by Tab on {page.url}")


def _workbook() -> bytes:
    document = replace(
        demonstration_round(),
        code="from-excel",
        name="Från Excel",
        phone_number="+46700000299",
        opens_on=MONDAY.date() - timedelta(days=1),
        closes_on=MONDAY.date() + timedelta(days=30),
    )
    stream = io.BytesIO()
    write_round(document, stream, made_on=MONDAY.date(), language="sv")
    return stream.getvalue()
