"""The report as a web page, opened as a file: accessible, whole, and asking nobody for anything."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from console_seen import expect_accessible
from playwright.sync_api import Browser, Page
from problem_samples import codebook, round_counts

from bot.services.summaries import picture_of
from privacy.disclosure import EXACT
from summary.exporters import to_html


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "rapport.html"
    with path.open("wb") as stream:
        to_html.write(picture_of(round_counts(600, 75), codebook(), EXACT, "sv"), stream)
    return path


@contextmanager
def opened(browser: Browser, report: Path, width: int, scheme: str = "light") -> Iterator[Page]:
    """Fails for anything that is asked for or complained about."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type] # one of its words
    page = context.new_page()
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(report.as_uri())
    yield page
    context.close()
    assert asked == [report.as_uri()] and complaints == []


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (390, "light")])
def test_axe_finds_nothing(browser: Browser, report: Path, width: int, scheme: str) -> None:
    with opened(browser, report, width, scheme) as page:
        expect_accessible(page)


def test_a_narrow_window_shows_charts_made_for_it_and_needs_no_moving_sideways(
    browser: Browser, report: Path
) -> None:
    with opened(browser, report, 320) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        assert (
            page.locator(".narrow svg").first.is_visible()
            and not page.locator(".wide svg").first.is_visible()
        )
    with opened(browser, report, 1280) as page:
        assert (
            page.locator(".wide svg").first.is_visible()
            and not page.locator(".narrow svg").first.is_visible()
        )


def test_keyboard_comes_to_the_contents_first_by_the_skip_link(browser: Browser, report: Path) -> None:
    with opened(browser, report, 1280) as page:
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        assert page.evaluate("location.hash") == "#main"
