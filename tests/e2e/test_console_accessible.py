"""axe-core on every page of the console, at a desk's width and a telephone's."""

import shutil
from contextlib import closing
from pathlib import Path

import pyotp
from console_seen import ConsoleTown, console_town, expect_accessible
from playwright.sync_api import Browser, expect

from bot.services.roles import Role
from storage.database import open_database

OWN = "fyra blå cyklar i regn"

PAGES = ("/", "/people", "/audit", "/account", "/no-such-page")


def test_every_page_of_the_coordinator(browser: Browser, consoles: ConsoleTown) -> None:
    for width in (1280, 390):
        with consoles.signed_in(browser, width=width, may_lose=True) as page:
            for path in PAGES:
                page.goto(f"{consoles.address}{path}")
                expect_accessible(page)


def test_first_page_of_every_role(browser: Browser, consoles: ConsoleTown) -> None:
    for role in Role:
        with consoles.signed_in(browser, role, width=390) as page:
            expect(page.get_by_role("heading", name="Omgångar")).to_be_visible()
            expect_accessible(page)


def test_signing_in_and_its_faults(browser: Browser, consoles: ConsoleTown) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.goto(consoles.address)
    expect_accessible(page)
    page.get_by_label("E-postadress").fill("nobody@example.se")
    page.get_by_label("Lösenord").fill("x")
    page.get_by_role("button", name="Logga in").click()
    expect(page.get_by_role("alert")).to_contain_text("stämmer inte")
    expect_accessible(page)
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    expect_accessible(page)
    page.close()


def test_accepting_an_invitation_and_signing_in_with_a_one_time_code(
    browser: Browser, migrated_file: Path, tmp_path: Path
) -> None:
    path = tmp_path / "lyhord.db"
    shutil.copyfile(migrated_file, path)
    with (
        closing(open_database(f"sqlite:///{path}")) as database,
        console_town(database, needs_codes=True) as consoles,
        consoles.signed_in(browser, width=390) as page,
    ):
        page.goto(f"{consoles.address}/account")
        expect_accessible(page)
        page.goto(f"{consoles.address}/people")
        page.get_by_label("Namn").fill("Åsa Berg-Öberg")
        page.get_by_label("E-postadress").fill("asa.berg@are.se")
        page.get_by_label("Antecknare").check()
        page.get_by_role("button", name="Skapa länk").click()
        expect(page.get_by_label("Länk")).to_be_visible()
        expect_accessible(page)
        page.goto(page.get_by_label("Länk").input_value())
        expect(page.get_by_role("heading", name="Välkommen till Lyhörd")).to_be_visible()
        expect_accessible(page)
        app = pyotp.TOTP(page.locator(".secret").inner_text().replace(" ", ""))
        page.get_by_label("Lösenord", exact=True).fill(OWN)
        page.get_by_label("Lösenordet en gång till").fill(OWN)
        page.get_by_label("Koden som appen visar nu").fill(app.at(consoles.town.clock.time))
        page.get_by_role("button", name="Spara").click()
        expect(page.get_by_role("heading", name="Klart")).to_be_visible()
        expect(page.locator(".codes li")).to_have_count(8)
        expect_accessible(page)
        consoles.town.clock.move(seconds=30)
        page.get_by_role("link", name="Logga in").click()
        page.get_by_label("E-postadress").fill("asa.berg@are.se")
        page.get_by_label("Lösenord").fill(OWN)
        page.get_by_label("Engångskod").fill(app.at(consoles.town.clock.time))
        page.get_by_role("button", name="Logga in").click()
        expect(page.get_by_role("link", name="Åsa Berg-Öberg")).to_be_visible()
        expect(page.get_by_role("link", name="Personer")).to_have_count(0)
