"""Somebody before the chat in a real browser, and everything that must never happen there meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Frame, Locator, Page, expect

_REPORTS = """addEventListener("securitypolicyviolation",
  (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`));"""
_LOST = "Failed to load resource"
"""What Chromium says of a request that was refused or cut off: expected where a test does so."""
_STORED = """() => { try { return Object.entries(sessionStorage).concat(Object.entries(localStorage)); }
  catch (error) { return error.name; } }"""


@dataclass
class Visitor:
    """`at` is the page, or the frame on it where the chat is. `faults`: script errors, policy reports, dialogues."""

    page: Page
    at: Page | Frame
    faults: list[str] = field(default_factory=list)

    def button(self, name: str) -> Locator:
        return self.at.get_by_role("button", name=name, exact=True)

    def post(self, name: str) -> None:
        """Press a button whose answer is a new page, and wait for that page."""
        with self.page.expect_navigation():
            self.button(name).click()

    def start(self, name: str = "Starta") -> None:
        self.button(name).click()
        self.expect_question("")

    def expect_question(self, words: str, number: int | None = None) -> None:
        """The question that waits begins so."""
        expect(self.at.locator("form.question h2")).to_contain_text(words)
        if number is not None:
            expect(self.at.locator(".progress")).to_contain_text(f" {number} ")

    def choose(self, choice: str, then: str) -> None:
        self.button(choice).click()
        self.expect_question(then)

    def tick(self, *choices: str, then: str) -> None:
        for choice in choices:
            self.at.get_by_label(choice, exact=True).check()
        self.send(then)

    def write(self, text: str, then: str) -> None:
        self.at.locator("#text").fill(text)
        self.send(then)

    def send(self, then: str) -> None:
        self.at.locator("form.question button[class=main], .composer button").click()
        self.expect_question(then)

    def turns(self) -> list[tuple[str, str]]:
        """Questions and answers as the log shows them."""
        shown = self.at.locator(".turn").evaluate_all(
            "turns => turns.map(t => ['.theirs', '.mine'].map(c => t.querySelector(c).lastChild.textContent))"
        )
        return [(question, answer) for question, answer in shown]

    def focused(self) -> str:
        return str(
            self.at.evaluate("(document.activeElement.labels?.[0] || document.activeElement).textContent")
        )

    def stored(self) -> Any:
        """What the window remembers, or the name of the error where the browser forbids to look."""
        return self.at.evaluate(_STORED)

    def expect_accessible(self) -> None:
        """Nothing that axe-core finds, and nothing that has to be scrolled sideways."""
        result = Axe().run(self.at)
        assert result.violations_count == 0, result.generate_report()
        assert self.at.evaluate("document.scrollingElement.scrollWidth <= innerWidth")


@contextmanager
def visiting(
    browser: Browser | BrowserContext, address: str, *, may_lose: bool = False, **context: Any
) -> Iterator[Visitor]:
    """A visitor at `address`. Fails at the end for any fault; `may_lose`: requests may fail, as the test wants it."""
    options = {
        "locale": "sv-SE",
        "viewport": {"width": 390, "height": 800},
        "reduced_motion": "reduce",
        **context,
    }
    opened = browser.new_context(**options) if isinstance(browser, Browser) else browser
    opened.add_init_script(_REPORTS)
    page = opened.new_page()
    visitor = Visitor(page=page, at=page)
    watch(visitor, page, may_lose=may_lose)
    page.goto(address)
    yield visitor
    cookies = opened.cookies()
    opened.close()
    assert visitor.faults == []
    assert cookies == []


def watch(visitor: Visitor, page: Page, *, may_lose: bool = False) -> None:
    """Note every fault of `page`."""

    def note(message: Any) -> None:
        if message.type == "error" and not (may_lose and message.text.startswith(_LOST)):
            visitor.faults.append(message.text)

    def refuse(dialog: Any) -> None:
        visitor.faults.append(f"dialogue: {dialog.message}")
        dialog.dismiss()

    page.on("console", note)
    page.on("pageerror", lambda error: visitor.faults.append(str(error)))
    page.on("dialog", refuse)
