"""The staff console before a real browser: served from this process around a town, a page that is signed in, and what
axe-core says of a list of pages.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from axe_playwright_python.sync_playwright import Axe
from chat_town import free_port, served
from chat_visitor import Visitor, watch
from console import PASSWORD, Console, email_of
from playwright.sync_api import Browser, Page
from town import Town

from bot.services.roles import Role
from storage.database import Database

WIDTHS = (1280, 390)


@dataclass
class ConsoleTown:
    """The console at `address`, over plain http: as a demonstration unless it is to take one-time codes."""

    town: Town
    console: Console
    address: str

    @contextmanager
    def signed_in(
        self,
        browser: Browser,
        role: Role | str = Role.COORDINATOR,
        *,
        width: int = 1280,
        may_lose: bool = False,
    ) -> Iterator[Page]:
        """A page at the start, signed in by the form. Fails at the end for any script error or policy report."""
        context = browser.new_context(
            locale="sv-SE",
            viewport={"width": width, "height": 900},
            accept_downloads=True,
            reduced_motion="reduce",
        )
        page = context.new_page()
        visitor = Visitor(page=page, at=page)
        watch(visitor, page, may_lose=may_lose)
        page.goto(f"{self.address}/sign-in")
        page.get_by_label("E-postadress").fill(email_of(Role(role)))
        page.get_by_label("Lösenord").fill(PASSWORD)
        if self.console.desk.needs_codes:
            page.get_by_label("Engångskod").fill(self.console.code(Role(role)))
        page.get_by_role("button", name="Logga in").click()
        page.wait_for_url(f"{self.address}/")
        yield page
        context.close()
        assert visitor.faults == []

    def expect_accessible(
        self, browser: Browser, paths: Iterable[str], role: Role | str = Role.COORDINATOR
    ) -> None:
        """Nothing that axe-core finds on any of these pages, and nothing to scroll sideways, at both widths."""
        for width in WIDTHS:
            with self.signed_in(browser, role, width=width) as page:
                for path in paths:
                    page.goto(f"{self.address}{path}")
                    expect_accessible(page)


def expect_accessible(page: Page) -> None:
    """As it stands now, at the width that it has."""
    result = Axe().run(page)
    assert result.violations_count == 0, f"{page.url}\n{result.generate_report()}"
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth"), page.url


@contextmanager
def console_town(database: Database, *, needs_codes: bool = False) -> Iterator[ConsoleTown]:
    """Around a town whose round is open."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    town = Town.build(database)
    console = Console.beside(town, is_demonstration=not needs_codes, url=address)
    with served(console.app, port):
        yield ConsoleTown(town=town, console=console, address=address)
