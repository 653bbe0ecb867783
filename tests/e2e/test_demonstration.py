"""From an empty folder to an opened report: the demonstration as `make run` starts it, in a real browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, Page, expect


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(locale="sv-SE", accept_downloads=True)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.goto(f"{address}/demo/")
    yield page
    context.close()
    assert not faults


def _say(page: Page, text: str, expected: str) -> None:
    page.get_by_label("Meddelande").fill(text)
    page.get_by_role("button", name="Skicka").click()
    expect(page.locator(".theirs").last).to_contain_text(expected)


def test_a_resident_answers_in_swedish_on_the_simulated_phone(page: Page) -> None:
    for text, expected in (
        ("TRYGG DUVED3", "frivilliga frågor"),
        ("ja", "Vem är du här?"),
        ("bor här", "Vilken ort"),
        ("duvved", "Hur trygg"),
        ("ganska otrygg", "Vad är det största"),
        ("EPA-traktorer som buskör", "Var är det så?"),
        ("v", "När är det värst?"),
        ("2,5", "Vad borde polisen"),
        ("fler kontroller", "Hur gammal"),
        ("47", "Är du 1 Kvinna"),
        ("2", "Tack! Vill du få sms"),
    ):
        _say(page, text, expected)


def test_a_visitor_answers_in_english(page: Page) -> None:
    page.get_by_role("button", name="Ny telefon").click()
    for text, expected in (
        ("SAFE", "voluntary questions"),
        ("OK", "Who are you here?"),
        ("visiting", "biggest safety problem"),
        ("drunk people at the square", "When is it worst?"),
        ("weekend nights", "What should the police"),
        ("more police", "Thank you!"),
    ):
        _say(page, text, expected)


def test_markup_from_a_resident_is_shown_as_text(page: Page) -> None:
    for _ in range(2):  # the first has just answered in English
        page.get_by_role("button", name="Ny telefon").click()
    _say(page, "<img src=x onerror=alert(1)>", "112")
    assert page.locator("#thread img").count() == 0


def test_the_crowd_answers_and_the_report_opens(page: Page, tmp_path: Path) -> None:
    page.get_by_role("button", name="Låt dem svara").click()
    expect(page.locator("#crowd-text")).to_contain_text("Klart.", timeout=180_000)
    assert "stannade" not in page.locator("#crowd-text").inner_text()
    with page.expect_download() as download:
        page.get_by_role("link", name="Problembild som Excel").click()
    path = tmp_path / "report.xlsx"
    download.value.save_as(path)
    first = load_workbook(path).worksheets[0]
    words = " ".join(str(cell.value) for row in first.iter_rows() for cell in row if cell.value is not None)
    assert "Åre" in words
    assert "demonstration" in words.lower()
