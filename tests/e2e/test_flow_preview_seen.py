"""The script of a survey in a real browser: accessible at both widths, its own policy kept, whole on paper."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from bot.coordinator.preview_file import write_script
from bot.services.publishing import EXAMPLE_VALUES
from bot.services.scripts import script_of
from bot.services.surveys import load_published
from flows.catalogue import load_document
from flows.wording_checks import LONGEST_VALUES


@pytest.fixture
def script(tmp_path: Path) -> str:
    """With a draft, whose texts are missing."""
    document = load_document("residents").document
    assert isinstance(document["settings"], dict)
    document["settings"]["draft_languages"] = ["ar"]
    flow = load_published(document)
    path = tmp_path / "script.html"
    values = {**LONGEST_VALUES, **EXAMPLE_VALUES}
    path.write_text(write_script(script_of(flow, values, "sv"), language="sv"), encoding="utf-8")
    return path.as_uri()


@pytest.mark.parametrize("width", [1280, 390])
def test_the_script_is_accessible_and_keeps_its_policy(browser: Browser, script: str, width: int) -> None:
    strict = browser.new_page(viewport={"width": width, "height": 900}, java_script_enabled=False)
    told: list[str] = []
    strict.on("console", lambda message: told.append(message.text))
    strict.goto(script)
    assert strict.locator("h1").evaluate("heading => getComputedStyle(heading).fontWeight") == "700"
    assert told == []
    strict.close()
    context = browser.new_context(viewport={"width": width, "height": 900}, bypass_csp=True)
    page = context.new_page()
    page.goto(script)
    result = Axe().run(page)  # axe is a script, which the page's policy keeps out
    assert result.violations_count == 0, result.generate_report()
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
    page.get_by_role("link", name="13").first.click()
    assert page.url.endswith("#sv-13")
    context.close()


def test_the_script_is_whole_on_paper(browser: Browser, script: str) -> None:
    page = browser.new_page()
    page.goto(script)
    assert len(page.pdf(format="A4")) > 50_000
    page.emulate_media(media="print")
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
    page.close()
