"""Promises before a real browser: accessible at both widths, one written and followed up by keyboard."""

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from shutil import copyfile

import pytest
from console_seen import ConsoleTown, console_town, expect_accessible
from playwright.sync_api import Browser, expect
from town import ROUND

from bot.services.promise_forms import Outcome, Written
from bot.services.promises import Promises
from bot.services.reporting import Reports
from storage.database import open_database
from summary.promises import Frequency, Status

PROMISES = f"/rounds/{ROUND}/promises"
PATHS = (
    PROMISES,
    f"{PROMISES}/new?problem=F_TRAFFIC",
    f"{PROMISES}/1",
    f"{PROMISES}/texts",
    "/monday",
    f"/reports/{ROUND}",
)


@pytest.fixture(scope="module")
def promised(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ConsoleTown]:
    """A console around a round with a promise that is kept, one that is late and one that only means well."""
    path = tmp_path_factory.mktemp("promises") / "lyhord.db"
    copyfile(migrated_file, path)
    with closing(open_database(f"sqlite:///{path}")) as database, console_town(database) as consoles:
        register = Promises(parts=consoles.town.house.inbound.parts, actor="coordinator@example.se")
        controls = Written(
            problem="F_TRAFFIC",
            area="duved",
            wording="Minst 100 trafikkontroller på väg eller i terräng, spridda över hela kommunen.",
            owner="Lokalpolisområde Jämtland",
            co_actors="Trafikverket och skoterklubbarna",
            indicator="polisens kontrolljournal",
            target=100,
            unit="kontroller",
            frequency=Frequency.YEAR,
            deadline=date(2026, 10, 31),
        )
        made = register.add(ROUND, controls)
        outcome = Outcome(status=Status.KEPT, result="Mest på E14 och vid skolorna.", result_number=303)
        register.follow_up(ROUND, made, 1, outcome)
        late = Written(
            problem="lighting_env",
            wording="Lampor på gångvägen mellan stationen och skolan i Järpen, tända hela vintern.",
            owner="Gatuenheten",
            target=24,
            unit="lampor",
            deadline=date(2026, 10, 31),
        )
        register.add(ROUND, late)
        register.add(ROUND, Written(problem="lighting_env", wording="Vi ska verka för ökad trygghet."))
        Reports(sessions=database.sessions, now=consoles.town.clock, actor="test").picture(ROUND)
        yield consoles


def test_the_pages_are_accessible(browser: Browser, promised: ConsoleTown) -> None:
    promised.expect_accessible(browser, PATHS)


def test_a_promise_is_written_by_keyboard_on_a_telephone_and_a_name_is_refused(
    browser: Browser, promised: ConsoleTown
) -> None:
    with promised.signed_in(browser, width=390, may_lose=True) as page:  # a refusal is a 400
        page.goto(f"{promised.address}{PROMISES}")
        page.get_by_role("link", name="Skriv ett löfte").press("Enter")
        page.get_by_label("Problem").select_option("fraud")
        page.get_by_label("Löftet").fill("Två möten om bedrägerier på varje träffpunkt.")
        page.get_by_label("Ansvarig").fill("Anna Bergström")
        page.get_by_label("Antal", exact=True).fill("2")
        page.get_by_label("Senast").fill("2027-05-31")
        page.get_by_role("button", name="Spara löftet").press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("nämner en person (Anna Bergström)")
        expect(page.get_by_label("Löftet")).to_have_value("Två möten om bedrägerier på varje träffpunkt.")
        expect_accessible(page)
        page.get_by_label("Ansvarig").fill("Kommunens trygghetssamordning")
        page.get_by_role("button", name="Spara löftet").press("Enter")
        expect(page.get_by_role("status")).to_contain_text("Löftet är skrivet.")
        page.get_by_role("link", name=re.compile("^Följ upp.*Två möten")).press("Enter")
        page.get_by_label("Hur gick det?").select_option("partly_kept")
        page.get_by_label("Resultat i antal").fill("1")
        page.get_by_role("button", name="Spara uppföljningen").press("Enter")
        expect(page.get_by_role("status")).to_contain_text("Uppföljningen är sparad.")
        expect(page.get_by_text("Delvis hållet").first).to_be_visible()
        expect_accessible(page)
