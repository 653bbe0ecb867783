"""docs/first-round.md played in a real browser: from an invitation to a round whose answers have been deleted.

With PICTURES=folder each page that the document shows is kept there as a picture.
"""

import io
import os
import re
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pyotp
import pytest
from console import PASSWORD, Console
from console_seen import ConsoleTown, console_town, expect_accessible
from openpyxl import Workbook, load_workbook
from playwright.sync_api import Browser, Download, Page, expect
from town import MONDAY, Town

from bot.cli.demo import demonstration_round
from bot.services.deciding import Codings
from bot.services.roles import Role
from bot.services.upkeep import Upkeep
from bot.services.workbooks.round_writing import write_round
from storage.database import open_database

ROUND = "are-2026"
NUMBER = "+46700000299"
EMAIL = "anna.berg@are.example"
SENSITIVE = "rasism och hatbrott mot samer"
PICTURES = os.environ.get("PICTURES", "")
_MOST_TABS = 200


@dataclass
class Coordinator:
    """Anna Berg before her screen, with a telephone that shows one-time codes."""

    page: Page
    seen: ConsoleTown
    secret: str = ""

    @property
    def town(self) -> Town:
        return self.seen.town

    @property
    def console(self) -> Console:
        return self.seen.console

    def goes_to(self, path: str) -> None:
        self.page.goto(f"{self.seen.address}{path}")

    def shows(self, name: str) -> None:
        """What stands in the document now; nothing that axe-core finds on it."""
        expect_accessible(self.page)
        if PICTURES:
            self.page.screenshot(path=Path(PICTURES) / f"first-round-{name}.png")

    def presses(self, name: str) -> None:
        """Tab to what is called that, and press Enter."""
        for _ in range(_MOST_TABS):
            self.page.keyboard.press("Tab")
            at = self.page.evaluate("(document.activeElement.innerText || '').trim()")
            if at == name or at.startswith(f"{name}\n"):
                with self.page.expect_navigation():
                    self.page.keyboard.press("Enter")
                return
        raise AssertionError(f"nothing called {name} can be reached by Tab on {self.page.url}")

    def takes(self, name: str) -> bytes:
        """What is downloaded by the button of that name."""
        with self.page.expect_download() as taken:
            self.page.get_by_role("button", name=name).click()
        return content_of(taken.value)

    def signs_in(self) -> None:
        self.console.clock.move(seconds=30)
        self.goes_to("/sign-in")
        self.page.get_by_label("E-postadress").focus()
        self.page.keyboard.type(EMAIL)
        for typed in (PASSWORD, pyotp.TOTP(self.secret).at(self.console.clock.time)):
            self.page.keyboard.press("Tab")
            self.page.keyboard.type(typed)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(f"{self.seen.address}/")

    def waits(self, **duration: float) -> None:
        """Days pass; what runs by itself has run each of them. Signed in again afterwards."""
        for _ in range(timedelta(**duration).days):
            self.town.clock.move(days=1)
            Upkeep(sessions=self.town.house.database.sessions, now=self.town.clock).run()
        self.signs_in()


@pytest.fixture
def anna(browser: Browser, migrated_file: Path, tmp_path: Path) -> Iterator[Coordinator]:
    path = tmp_path / "lyhord.db"
    shutil.copyfile(migrated_file, path)
    with (
        closing(open_database(f"sqlite:///{path}")) as database,
        console_town(database, needs_codes=True) as seen,
    ):
        context = browser.new_context(
            locale="sv-SE",
            viewport={"width": 1280, "height": 900},
            accept_downloads=True,
            reduced_motion="reduce",
        )
        page = context.new_page()
        yield Coordinator(page=page, seen=seen)
        context.close()


def test_a_first_round_from_the_invitation_to_the_last_deletion(anna: Coordinator) -> None:
    accepts_the_invitation(anna)
    creates_the_round_from_a_workbook(anna)
    looks_at_it_and_opens_it(anna)
    code = puts_up_a_poster(anna)
    residents_answer(anna, code)
    types_in_a_paper_form(anna)
    notes_a_meeting_without_a_network(anna)
    watches(anna)
    corrects_the_coding_here(anna)
    corrects_the_coding_in_excel(anna)
    closes(anna)
    hands_over(anna)
    sees_what_is_deleted(anna)


def accepts_the_invitation(anna: Coordinator) -> None:
    accounts = anna.console.desk.accounts("it@are.example")
    token = accounts.invite(email=EMAIL, name="Anna Berg", role=Role.COORDINATOR).token
    anna.goes_to(f"/invitation/{token}")
    anna.secret = anna.page.locator("code.secret").inner_text().replace(" ", "")
    anna.page.get_by_label("Lösenord", exact=True).fill(PASSWORD)
    anna.page.get_by_label("Lösenordet en gång till").fill(PASSWORD)
    anna.shows("invitation")
    anna.page.get_by_label("Koden som appen visar nu").fill(
        pyotp.TOTP(anna.secret).at(anna.console.clock.time)
    )
    anna.page.keyboard.press("Enter")
    expect(anna.page.locator("ul.codes li")).to_have_count(8)
    anna.signs_in()


def creates_the_round_from_a_workbook(anna: Coordinator) -> None:
    page = anna.page
    anna.presses("Ny omgång")
    anna.shows("new")
    anna.presses("Läs in en arbetsbok")
    for content in (_workbook(phone_number="070"), _workbook()):
        file = {"name": "omgang.xlsx", "mimeType": "application/octet-stream", "buffer": content}
        page.get_by_label("Arbetsbok (.xlsx)").set_input_files(file)
        anna.presses("Läs in")
        if page.get_by_text("Det här behöver rättas").is_visible():
            anna.shows("workbook-faults")
    expect(page.get_by_role("heading", name="Granska och spara")).to_be_visible()
    anna.shows("review")
    anna.presses("Spara som utkast")
    expect(page.get_by_role("status")).to_contain_text("är sparad som utkast")


def looks_at_it_and_opens_it(anna: Coordinator) -> None:
    page = anna.page
    anna.presses("Förhandsgranska")
    anna.shows("preview")
    anna.goes_to(f"/rounds/{ROUND}/try")
    for reply in ("ja", "1"):
        expect(page.locator("[autofocus]")).to_be_focused()  # a browser gives it only with the first frame
        page.keyboard.type(reply)
        page.keyboard.press("Enter")
        expect(page.locator(".mine").last).to_have_text(reply)
    anna.shows("try")
    anna.goes_to(f"/rounds/{ROUND}")
    anna.presses("Öppna omgången")
    anna.shows("open")
    anna.presses("Öppna nu")
    expect(page.get_by_role("status")).to_contain_text("Omgången är öppen.")


def puts_up_a_poster(anna: Coordinator) -> str:
    """The code of the new place."""
    page = anna.page
    anna.presses("Platser och affischer")
    page.get_by_role("textbox", name="Platser").fill("Duveds badhus")
    page.get_by_role("button", name="Gör koder").click()
    row = page.get_by_role("row", name="Duveds badhus")
    code = row.locator("code").inner_text()
    anna.shows("places")
    with page.expect_download() as taken:
        row.get_by_role("link", name=re.compile("A4")).click()
    assert content_of(taken.value).startswith(b"%PDF-")
    return code


def residents_answer(anna: Coordinator, code: str) -> None:
    for index in range(14):
        phone = anna.town.phone(f"+4670174{index:04}")
        problem = SENSITIVE if index == 0 else f"Mörkt och trasiga lampor vid stationen, {index} gånger"
        answers = (
            f"TRYGG {code}",
            "ja",
            "1",
            "Duved",
            "4",
            problem,
            "vid stationen",
            "2,5",
            "lampor",
            "47",
            "1",
        )
        for answer in answers:
            phone.say(answer, To=NUMBER)


def types_in_a_paper_form(anna: Coordinator) -> None:
    page = anna.page
    anna.goes_to(f"/rounds/{ROUND}/paper")
    for question, choice in {"Vem är du här?": "Bor här", "Hur gammal är du?": "45-64 år"}.items():
        page.get_by_role("group", name=re.compile(re.escape(question))).get_by_label(choice).focus()
        page.keyboard.press("Space")
    page.get_by_role("group", name=re.compile("Vilken ort")).get_by_label("Duved").check()
    page.get_by_label(re.compile("största trygghetsproblemet")).fill("Bilar kör för fort på E14")
    anna.shows("paper")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Inskrivna nu: 1")).to_be_visible()


def notes_a_meeting_without_a_network(anna: Coordinator) -> None:
    page = anna.page
    page.set_viewport_size({"width": 390, "height": 844})
    anna.goes_to("/notes/")
    expect(page.locator("#status")).to_contain_text("Allt är skickat")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    page.get_by_role("button", name="Börja anteckna").click()
    page.context.set_offline(True)
    page.get_by_label("Vad sades?").fill("Mopeder på gångvägen vid skolan")
    anna.shows("meeting")
    page.get_by_role("button", name="Spara synpunkten").click()
    expect(page.locator("#status")).to_contain_text("1 väntar i telefonen")
    page.context.set_offline(False)
    expect(page.locator("#status")).to_contain_text("Allt är skickat")
    page.set_viewport_size({"width": 1280, "height": 900})


def watches(anna: Coordinator) -> None:
    anna.goes_to(f"/rounds/{ROUND}/watch")
    expect(anna.page.get_by_text("Duveds badhus").first).to_be_visible()
    anna.shows("watching")


def corrects_the_coding_here(anna: Coordinator) -> None:
    page = anna.page
    anna.goes_to(f"/rounds/{ROUND}/coding")
    assert page.locator(".is-open .said").inner_text() == SENSITIVE
    anna.shows("coding")
    page.keyboard.press("Enter")  # it is right as it stands
    told = page.locator(".has-script").get_by_role("status").first  # the script has come: keys are heard
    expect(told).to_contain_text("Sparat: Hatbrott")
    page.keyboard.press("Enter")
    expect(told).not_to_contain_text("Hatbrott")
    expect(told).to_contain_text("Sparat")


def corrects_the_coding_in_excel(anna: Coordinator) -> None:
    page = anna.page
    anna.goes_to(f"/rounds/{ROUND}/coding/excel")
    page.get_by_label("Varför du behöver den").fill("rätta kodningen, Anna")
    book = load_workbook(io.BytesIO(anna.takes("Hämta arbetsboken")))
    sheet = book["Svar"]
    row = next(r for r in range(2, sheet.max_row + 1) if "2 gånger" in str(sheet.cell(r, 1).value))
    sheet.cell(row, 2).value = "Bedrägerier"
    file = {"name": "kodning.xlsx", "mimeType": "application/octet-stream", "buffer": _saved(book)}
    page.get_by_label("Arbetsboken (.xlsx)").set_input_files(file)
    page.get_by_role("button", name="Visa vad som skulle ändras").click()
    anna.shows("coding-excel")
    page.get_by_role("button", name="Spara 1 beslut").click()
    expect(page.get_by_role("status")).to_contain_text("Sparat: 1 ändrade och 0 bekräftade.")
    sessions = anna.town.house.database.sessions
    codings = Codings(sessions=sessions, now=anna.town.clock, actor="test").list_answers(ROUND)
    authors = [answer.current.author for answer in codings.answers if answer.current.by_person]
    assert authors == ["Anna Berg"] * 3


def closes(anna: Coordinator) -> None:
    anna.goes_to(f"/rounds/{ROUND}")
    anna.presses("Stäng")
    anna.shows("close")
    anna.presses("Stäng nu")
    expect(anna.page.get_by_role("status")).to_contain_text("Omgången är stängd.")


def hands_over(anna: Coordinator) -> None:
    """The final report needs RADERA to have passed: a fortnight after the last day that people were told."""
    anna.waits(days=45)
    page = anna.page
    anna.goes_to(f"/rounds/{ROUND}/handing-over")
    anna.shows("handing-over")
    assert anna.takes("Hämta rapporten").startswith(b"%PDF-")
    page.locator("#format").select_option("xlsx")
    report = load_workbook(io.BytesIO(anna.takes("Hämta rapporten")))
    assert "Lokal problembild" in str(report.worksheets[0]["A1"].value)
    words = " ".join(
        str(c) for sheet in report for row in sheet.iter_rows(values_only=True) for c in row if c
    )
    assert SENSITIVE not in words
    page.get_by_label("Vem får paketet och enligt vilket beslut").fill("kommunarkivet, KS 2026/12")
    package = zipfile.ZipFile(io.BytesIO(anna.takes("Hämta arkivpaketet")))
    assert any("slutlig" in name for name in package.namelist())
    with page.expect_download() as taken:
        page.get_by_role("link", name="Konsekvensbedömning (utkast), Word").click()
    assert content_of(taken.value).startswith(b"PK")
    page.get_by_label("Beslutad den").fill("2026-12-16")
    anna.presses("Skriv in dagen")
    expect(page.get_by_role("status")).to_contain_text("Dagen för beslutet är inskriven.")


def sees_what_is_deleted(anna: Coordinator) -> None:
    anna.waits(days=100)
    anna.goes_to(f"/rounds/{ROUND}/handing-over")
    expect(anna.page.locator("#deleted")).to_contain_text("svar vars egna ord togs bort")
    expect(anna.page.locator("#deleted")).to_contain_text("kontaktnycklar")
    anna.page.locator("#deleted").scroll_into_view_if_needed()
    anna.shows("deleted")
    anna.goes_to("/audit")
    expect(anna.page.get_by_text("Kedjan håller")).to_be_visible()


def content_of(taken: Download) -> bytes:
    return Path(taken.path()).read_bytes()


def _workbook(phone_number: str = NUMBER) -> bytes:
    """Filled in as in Excel; `phone_number` as it stands in its cell."""
    document = demonstration_round()
    legal = {
        "controller": "Kommunstyrelsen, Åre kommun",
        "diary_number": "KS 2026/123",
        "dpia_date": "2026-08-15",
        "deletion_decision": "KS 2026/124",
        "safeguard_mode": "A",
    }
    filled = replace(
        document,
        code=ROUND,
        name="Trygghetsdialog hösten 2026",
        phone_number=phone_number,
        opens_on=MONDAY.date() - timedelta(days=1),
        closes_on=MONDAY.date() + timedelta(days=28),
        values={**document.values, **legal},
    )
    stream = io.BytesIO()
    write_round(filled, stream, made_on=MONDAY.date(), language="sv")
    return stream.getvalue()


def _saved(book: Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
