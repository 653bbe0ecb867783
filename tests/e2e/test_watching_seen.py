"""Watching, inbox, quarantine before a real browser: accessible at both widths, renewed without a reload, printable."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from shutil import copyfile

import pytest
from chat_town import free_port, served
from console import Console
from console_seen import ConsoleTown, expect_accessible
from playwright.sync_api import Browser, Page, expect
from town import RESIDENT, ROUND, Town, mode_b

from bot.services.marking import mark_bursts
from storage.database import open_database

PATH = f"/rounds/{ROUND}/watch"


@pytest.fixture(scope="module")
def watchtower(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ConsoleTown]:
    """A console around a round of mode B in which some have answered, a burst among them."""
    path = tmp_path_factory.mktemp("watchtower") / "lyhord.db"
    copyfile(migrated_file, path)
    with closing(open_database(f"sqlite:///{path}")) as database:
        port = free_port()
        address = f"http://127.0.0.1:{port}"
        town = Town.build(database, **mode_b())
        console = Console.beside(town, is_demonstration=True, url=address)
        for last in range(4):
            town.phone(f"+4670174070{last}").answer_all(*RESIDENT)
        for last in range(25):
            town.phone(f"+467017408{last:02}").answer_all(
                "TRYGG", "ja", "1", "Åre", "2", f"mörkt i backen {last}"
            )
        town.phone("+46701740901").answer_all("TRYGG", "ja", "1")
        town.phone("+46701740902").say("<script>alert(1)</script> " + "lampa" * 60)
        town.phone("+46701740903").say("min man slår mig <script>alert(1)</script>")
        mark_bursts(database.sessions, town.clock())
        with served(console.app, port):
            yield ConsoleTown(town=town, console=console, address=address)


def test_the_pages_are_accessible(browser: Browser, watchtower: ConsoleTown) -> None:
    watchtower.expect_accessible(browser, [PATH, "/inbox", "/inbox?show=handled", "/"])
    watchtower.expect_accessible(browser, ["/quarantine"], "guardian")


def test_they_are_accessible_in_english_too(browser: Browser, watchtower: ConsoleTown) -> None:
    with watchtower.signed_in(browser) as page:
        page.goto(f"{watchtower.address}{PATH}")
        page.get_by_role("button", name="English").click()
        page.goto(f"{watchtower.address}{PATH}")
        expect(page.get_by_role("heading", name="Residents")).to_be_visible()
        expect_accessible(page)
        page.get_by_role("button", name="Svenska").click()


def test_the_guardian_reads_one_by_keyboard_and_is_done_with_it(
    browser: Browser, watchtower: ConsoleTown
) -> None:
    for width in (1280, 390):
        with watchtower.signed_in(browser, "guardian", width=width) as page:
            page.get_by_role("link", name="Karantän").press("Enter")
            page.get_by_label("Varför öppnar du det?").focus()
            page.keyboard.press("ArrowDown")
            page.get_by_role("button", name="Öppna").press("Enter")
            expect(page.locator("blockquote")).to_have_text("min man slår mig <script>alert(1)</script>")
            expect_accessible(page)
            if width == 390:
                page.get_by_role("checkbox").press("Space")
                page.get_by_role("button", name="Radera meddelandet").press("Enter")
                expect(page.get_by_role("status")).to_contain_text("Meddelandet är raderat")
                expect_accessible(page)


def test_an_inbox_message_is_dealt_with_by_keyboard(browser: Browser, watchtower: ConsoleTown) -> None:
    with watchtower.signed_in(browser, width=390) as page:
        page.get_by_role("link", name="Inkorg").press("Enter")
        expect(page.locator("blockquote")).to_contain_text("<script>alert(1)</script>")
        page.get_by_role("button", name="Klart").press("Enter")
        expect(page.get_by_role("status")).to_contain_text("klarmarkerat")
        expect(page.get_by_text("Inga nya meddelanden")).to_be_visible()


def _figure(page: Page) -> str:
    return page.locator("#stream-residents + dl dd").first.inner_text()


def test_figures_renew_themselves_and_leave_the_readers_place_alone(
    browser: Browser, watchtower: ConsoleTown
) -> None:
    with watchtower.signed_in(browser) as page:
        page.clock.install()
        page.goto(f"{watchtower.address}{PATH}")
        before = int(_figure(page))
        page.evaluate("document.querySelector('[data-part=beside]').dataset.kept = 'yes'")
        page.evaluate("scrollTo(0, 300)")
        watchtower.town.phone("+46701740911").answer_all("TRYGG", "ja")
        page.clock.run_for(61_000)
        expect(page.locator("#stream-residents + dl dd").first).to_have_text(str(before + 1))
        expect(page.get_by_role("status")).to_contain_text("Uppdaterad")
        assert page.evaluate("scrollY") == 300
        assert page.evaluate("document.querySelector('[data-part=beside]').dataset.kept") == "yes"
        page.get_by_role("button", name="Pausa").click()
        watchtower.town.phone("+46701740912").answer_all("TRYGG", "ja")
        page.clock.run_for(200_000)
        assert int(_figure(page)) == before + 1
        page.get_by_role("button", name="Fortsätt").click()
        expect(page.locator("#stream-residents + dl dd").first).to_have_text(str(before + 2))
        page.clock.run_for(16 * 60_000)
        expect(page.get_by_role("status")).to_contain_text("inte längre")


def test_once_signed_out_it_says_that_it_cannot_renew(browser: Browser, watchtower: ConsoleTown) -> None:
    with watchtower.signed_in(browser, may_lose=True) as page:
        page.clock.install()
        page.goto(f"{watchtower.address}{PATH}")
        page.context.clear_cookies()
        page.clock.run_for(61_000)
        expect(page.get_by_role("status")).to_contain_text("Ladda sidan igen")
        expect(page.locator("#stream-residents")).to_be_visible()


def test_without_script_a_link_renews_it(browser: Browser, watchtower: ConsoleTown) -> None:
    with watchtower.signed_in(browser) as page:
        cookies = page.context.cookies()
        context = browser.new_context(java_script_enabled=False, locale="sv-SE")
        context.add_cookies(cookies)  # type: ignore[arg-type]
        plain = context.new_page()
        plain.goto(f"{watchtower.address}{PATH}")
        plain.get_by_role("link", name="Uppdatera").click()
        expect(plain.get_by_role("heading", name="Boende")).to_be_visible()
        expect(plain.get_by_role("button", name="Pausa")).to_have_count(0)
        context.close()


def test_on_paper_it_is_figures_alone(browser: Browser, watchtower: ConsoleTown) -> None:
    with watchtower.signed_in(browser) as page:
        page.goto(f"{watchtower.address}{PATH}")
        page.emulate_media(media="print")
        expect(page.get_by_role("navigation")).to_be_hidden()
        expect(page.get_by_text("Pausa uppdateringen")).to_be_hidden()
        expect(page.get_by_text("Duveds bibliotek (DUVED3)")).to_be_visible()
