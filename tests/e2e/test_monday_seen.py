"""The pages for Monday before a real browser: accessible at both widths, quotes chosen by keyboard."""

from collections.abc import Iterator
from contextlib import closing
from io import BytesIO
from pathlib import Path
from shutil import copyfile

import pytest
from console_seen import ConsoleTown, console_town, expect_accessible
from playwright.sync_api import Browser, expect
from town import ROUND

from bot.services.reporting import Reports
from storage.database import open_database

TEXTS = ("mopederna kör fort på kvällarna", "moppar och epor överallt", "mörkt i backen vid skolan")
PATHS = (
    "/monday",
    f"/rounds/{ROUND}/picture",
    f"/rounds/{ROUND}/picture?area=duved",
    f"/rounds/{ROUND}/quotes",
    f"/rounds/{ROUND}/quotes?category=traffic_vehicles",
    f"/rounds/{ROUND}/matrix?problem=F_TRAFFIC&criterion=influence",
    f"/reports/{ROUND}/ledger",
    "/compare",
)


@pytest.fixture(scope="module")
def mondays(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ConsoleTown]:
    """A console around a round in which thirty have answered, with a released report."""
    path = tmp_path_factory.mktemp("mondays") / "lyhord.db"
    copyfile(migrated_file, path)
    with closing(open_database(f"sqlite:///{path}")) as database, console_town(database) as consoles:
        for index in range(30):
            consoles.town.phone(f"+4670174{index:04}").answer_all(
                "TRYGG DUVED3",
                "ja",
                "1",
                ("Duved", "Järpen")[index % 2],
                "1",
                TEXTS[index % 3],
                "v",
                "7",
                "lampor",
                "47",
            )
        _report(consoles)
        yield consoles


def _report(consoles: ConsoleTown) -> bytes:
    stream, town = BytesIO(), consoles.town
    Reports(sessions=town.house.database.sessions, now=town.clock, actor="test").write_report(
        ROUND, "json", stream
    )
    return stream.getvalue()


def test_the_pages_are_accessible(browser: Browser, mondays: ConsoleTown) -> None:
    mondays.expect_accessible(browser, PATHS)


def test_a_quote_is_approved_by_keyboard_and_a_refusal_is_told(
    browser: Browser, mondays: ConsoleTown
) -> None:
    with mondays.signed_in(browser, width=390, may_lose=True) as page:  # a refusal is a 400
        page.goto(f"{mondays.address}/rounds/{ROUND}/quotes?category=traffic_vehicles")
        page.get_by_role("checkbox").first.press("Space")
        expect(page.get_by_label("Citatet")).not_to_be_empty()
        page.get_by_label("Citatet").fill("Ring 070-174 06 05")
        page.get_by_role("button", name="Godkänn citatet").press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("telefonnummer")
        expect_accessible(page)
        page.get_by_label("Citatet").fill("Mopeder stör på kvällarna.")
        page.get_by_role("button", name="Godkänn citatet").press("Enter")
        expect(page.get_by_role("status")).to_contain_text("godkänt")
        expect(page.get_by_text("omskrivet av 1 svar")).to_be_visible()
        expect_accessible(page)


def test_municipalities_are_compared_on_a_page(
    browser: Browser, mondays: ConsoleTown, tmp_path: Path
) -> None:
    report = _report(mondays)
    (tmp_path / "a.json").write_bytes(report)
    (tmp_path / "b.json").write_bytes(report.replace("Åre kommun".encode(), b"Bergs kommun"))
    for width in (1280, 390):
        with mondays.signed_in(browser, "viewer", width=width) as page:
            page.goto(f"{mondays.address}/compare")
            page.get_by_label("Rapporter (JSON)").set_input_files([tmp_path / "a.json", tmp_path / "b.json"])
            page.get_by_role("button", name="Jämför").click()
            expect(page.get_by_role("heading", name="Bergs kommun").first).to_be_visible()
            expect_accessible(page)
