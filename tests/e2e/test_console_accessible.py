"""axe-core on every page of the console, at a desk's width and a telephone's."""

from console_seen import ConsoleTown, expect_accessible
from playwright.sync_api import Browser, expect

from bot.services.roles import Role

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


def test_accepting_an_invitation(browser: Browser, consoles: ConsoleTown) -> None:
    with consoles.signed_in(browser, width=390) as page:
        page.goto(f"{consoles.address}/people")
        page.get_by_label("Namn").fill("Åsa Berg-Öberg")
        page.get_by_label("E-postadress").fill("asa.berg@are.se")
        page.get_by_label("Antecknare").check()
        page.get_by_role("button", name="Skapa länk").click()
        expect_accessible(page)
        page.goto(page.get_by_label("Länk").input_value())
        expect(page.get_by_role("heading", name="Välkommen till Lyhörd")).to_be_visible()
        expect_accessible(page)
        page.get_by_label("Lösenord", exact=True).fill("fyra blå cyklar i regn")
        page.get_by_label("Lösenordet en gång till").fill("fyra blå cyklar i regn")
        page.get_by_role("button", name="Spara").click()
        expect(page.get_by_role("heading", name="Klart")).to_be_visible()
        expect_accessible(page)
