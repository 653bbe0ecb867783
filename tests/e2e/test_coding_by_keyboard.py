"""The coding corrected by a person before a real browser: by keys alone, without any script, by thumb, and through
LibreOffice; and the report taken out and opened.
"""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from console_seen import ConsoleTown, expect_accessible
from openpyxl import load_workbook
from playwright.sync_api import Browser, Page, expect
from town import ROUND

from bot.services.deciding import Codings
from bot.services.decisions import NOTHING_FITS, AnswerToCode

CODING = f"/rounds/{ROUND}/coding"
SENSITIVE, UNSURE = "rasism och hatbrott mot samer", "något konstigt vid ån"
TEXTS = (
    SENSITIVE,
    UNSURE,
    "mörkt på gångvägen",
    "<img src=x onerror=alert(1)><script>alert(2)</script> klotter",
    "\u202efdp.exe\u202d klotter " + "mycket långt svar " * 500,
)


_TOO_EARLY = """for (const key of ["k", "Enter"])
    document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));"""
"""Two keys before the next page can come, whatever the machine does."""


@pytest.fixture
def consoles(consoles: ConsoleTown) -> Iterator[ConsoleTown]:
    """Five persons more have answered, and nobody has decided anything of it."""
    town = consoles.town
    town.clock.move(hours=2)
    stamp = int(town.clock().timestamp()) % 10**7
    for index, text in enumerate(TEXTS):
        phone = town.phone(f"+467{(stamp + index) % 10**8:08}")
        phone.answer_all("TRYGG", "ja", "1", "Duved", "1", text, "v", "7", "lampor")
    yield consoles
    for answer in listed(consoles):
        if not answer.current.by_person:
            coder(consoles).confirm(answer.answer_id, author="Somebody")


def coder(consoles: ConsoleTown) -> Codings:
    return Codings(sessions=consoles.town.house.database.sessions, now=consoles.town.clock, actor="test")


def listed(consoles: ConsoleTown) -> tuple[AnswerToCode, ...]:
    return coder(consoles).list_answers(ROUND).answers


def newest(consoles: ConsoleTown, text: str) -> AnswerToCode:
    """The last that was decided of those with that text."""
    found = [answer for answer in listed(consoles) if answer.text.startswith(text)]
    return max(found, key=lambda answer: answer.current.decided_at or consoles.town.clock().min)


def opened(page: Page) -> str:
    return page.locator(".is-open .said").inner_text()


def opened_id(page: Page) -> int:
    action = page.locator("#decide").get_attribute("action") or ""
    return int(action.split("?")[0].rpartition("/")[2])


def expect_told(page: Page, words: str) -> None:
    """The page says it, and its script has come: keys are heard."""
    expect(page.locator(".has-script").get_by_role("status").first).to_contain_text(words)


def test_the_coding_is_corrected_by_keyboard_alone(browser: Browser, consoles: ConsoleTown) -> None:
    decided_before = sum(answer.current.by_person for answer in listed(consoles))
    with consoles.signed_in(browser, "coder") as page:
        page.goto(f"{consoles.address}{CODING}")
        assert opened(page) == SENSITIVE
        page.keyboard.press("Enter")  # it is right as it stands
        expect_told(page, "Sparat: Hatbrott")
        assert opened(page) == UNSURE
        page.keyboard.press("/")
        page.keyboard.type("bedräg")
        expect(page.locator("#found")).to_have_text("Enter: Bedrägerier")
        page.keyboard.press("Enter")
        page.keyboard.press("Enter")
        expect_told(page, "Sparat: Bedrägerier")
        page.keyboard.press("u")
        expect_told(page, "Ångrat")
        assert opened(page) == UNSURE
        page.keyboard.press("2")
        page.keyboard.press("3")
        page.keyboard.press("w")
        expect(page.locator(".why")).to_have_attribute("open", "")
        two = [page.locator(f'[data-key="{key}"] input').get_attribute("value") for key in "23"]
        page.keyboard.press("Enter")
        expect_told(page, "Sparat")
        assert list(newest(consoles, UNSURE).current.categories) == two
        before = opened_id(page)
        page.keyboard.press("j")
        expect(page.locator(f".has-script #decide:not([action*='/{before}?'])")).to_have_count(1)
        page.evaluate(_TOO_EARLY)  # Enter is not meant for the page that is being left
        expect(page.locator(f".has-script #decide[action*='/{before}?']")).to_have_count(1)
        page.keyboard.press("0")
        page.keyboard.press("Enter")
        expect_told(page, "Sparat: Inget passar")
        decided = {answer.answer_id: answer for answer in listed(consoles)}
        assert decided[before].current.categories == (NOTHING_FITS,)
        assert sum(answer.current.by_person for answer in decided.values()) == decided_before + 3
        assert newest(consoles, SENSITIVE).current.author == "Test Coder"


def test_keys_can_be_turned_off_and_stay_off(browser: Browser, consoles: ConsoleTown) -> None:
    with consoles.signed_in(browser, "coder") as page:
        page.goto(f"{consoles.address}{CODING}")
        page.get_by_label("Kortkommandon").uncheck()
        page.reload()
        expect(page.get_by_label("Kortkommandon")).not_to_be_checked()
        here = page.url
        page.locator("#open").focus()
        page.keyboard.press("Enter")
        page.keyboard.press("j")
        assert page.url == here
        page.get_by_label("Kortkommandon").check()


def test_somebody_elses_decision_meanwhile_is_shown_and_kept(browser: Browser, consoles: ConsoleTown) -> None:
    with consoles.signed_in(browser, "coder", may_lose=True) as page:
        page.goto(f"{consoles.address}{CODING}")
        answer = next(a for a in listed(consoles) if a.waits)
        coder(consoles).decide(answer.answer_id, ["violence"], author="Bo", version=0)
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("Inget sparades: Bo ändrade svaret")
        expect_accessible(page)
        after = next(a for a in listed(consoles) if a.answer_id == answer.answer_id)
        assert after.current.author == "Bo"


def test_without_script_forms_do_it_all(browser: Browser, consoles: ConsoleTown) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800})
    page = context.new_page()
    page.goto(f"{consoles.address}/sign-in")
    page.get_by_label("E-postadress").fill("coder@example.se")
    page.get_by_label("Lösenord").fill("korrekt hästbatteri häftklammer")
    page.get_by_role("button", name="Logga in").click()
    page.goto(f"{consoles.address}{CODING}")
    assert opened(page) == SENSITIVE
    page.get_by_text("Fler ämnen").click()
    page.get_by_label("Bedrägerier", exact=False).first.check()
    page.get_by_label("Huvudämne: Bedrägerier").check()
    page.get_by_role("button", name="Spara och nästa").click()
    expect(page.get_by_role("status")).to_contain_text("Sparat: Bedrägerier; Hatbrott")
    page.get_by_role("button", name="Ångra").first.click()
    expect(page.get_by_role("status")).to_contain_text("Ångrat")
    page.get_by_role("link", name="Hoppa över").click()
    assert opened(page) != SENSITIVE
    context.close()


def test_a_thumb_is_enough(browser: Browser, consoles: ConsoleTown) -> None:
    with consoles.signed_in(browser, "coder", width=390) as page:
        page.goto(f"{consoles.address}{CODING}")
        page.locator('[data-key="4"]').click()
        page.locator(".option:has([data-key='4']) .main").click()
        expect_accessible(page)
        page.get_by_role("button", name="Spara och nästa").click()
        expect_told(page, "Sparat")
        for target in page.locator(
            ".is-open button:visible, .is-open .choice:visible, .is-open summary"
        ).all():
            box = target.bounding_box()
            assert box is not None
            assert box["height"] >= 24


def test_through_a_workbook_that_libreoffice_saved(
    browser: Browser, consoles: ConsoleTown, tmp_path: Path
) -> None:
    soffice = shutil.which("soffice")
    if soffice is None:
        pytest.skip("LibreOffice is not installed")
    with consoles.signed_in(browser, "coder") as page:
        page.goto(f"{consoles.address}{CODING}/excel")
        page.get_by_label("Varför du behöver den").fill("rätta, Eva")
        with page.expect_download() as taken:
            page.get_by_role("button", name="Hämta arbetsboken").click()
        path = tmp_path / taken.value.suggested_filename
        taken.value.save_as(path)
        book = load_workbook(path)
        sheet = book["Svar"]
        row = next(r for r in range(2, sheet.max_row + 1) if sheet.cell(r, 1).value == UNSURE)
        sheet.cell(row, 2).value = "Bedrägerier"
        sheet.cell(row + 1, 2).value = "Finns inte"
        book.save(path)
        home = f"-env:UserInstallation=file://{tmp_path}/profile"
        convert = [
            "--headless",
            "--convert-to",
            "xlsx:Calc MS Excel 2007 XML",
            "--outdir",
            str(tmp_path / "saved"),
        ]
        subprocess.run([soffice, home, *convert, str(path)], check=True, capture_output=True, timeout=120)
        page.get_by_label("Arbetsboken (.xlsx)").set_input_files(tmp_path / "saved" / path.name)
        page.get_by_role("button", name="Visa vad som skulle ändras").click()
        expect(page.get_by_role("heading", name="Det här skulle ändras")).to_be_visible()
        expect(page.locator("dl")).to_contain_text("Fel1")
        expect(page.get_by_role("cell", name="finns inte")).to_be_visible()
        expect_accessible(page)
        page.get_by_role("button", name="Spara 1 beslut").click()
        expect(page.get_by_role("status")).to_contain_text("Sparat: 1 ändrade och 0 bekräftade.")
    assert newest(consoles, UNSURE).current.categories[0] == "fraud"


def test_the_report_is_taken_out_and_opened(browser: Browser, consoles: ConsoleTown, tmp_path: Path) -> None:
    with consoles.signed_in(browser) as page:
        page.goto(f"{consoles.address}/rounds/{ROUND}/handing-over")
        page.locator("#format").select_option("xlsx")
        with page.expect_download() as taken:
            page.get_by_role("button", name="Hämta rapporten").click()
        path = tmp_path / taken.value.suggested_filename
        taken.value.save_as(path)
        assert path.suffix == ".xlsx"
        assert "Lokal problembild" in str(load_workbook(path).worksheets[0]["A1"].value)
        page.reload()
        expect(page.locator("#log")).to_contain_text("Rapport (xlsx, sv)")
        page.get_by_role("button", name="Publicera rapporten").click()
        expect(page.get_by_role("status")).to_contain_text("ligger nu på omgångens publika sida")
        page.get_by_role("button", name="Ta bort från publika sidan").click()
        expect(page.get_by_role("status")).to_contain_text("borttagen")


def test_every_page_is_accessible(browser: Browser, consoles: ConsoleTown) -> None:
    handing = f"/rounds/{ROUND}/handing-over"
    consoles.expect_accessible(
        browser,
        ["/coding", CODING, f"{CODING}?show=all", f"{CODING}?show=mine&area=kall", f"{CODING}/excel"],
        "coder",
    )
    consoles.expect_accessible(browser, ["/reports", handing])
    with consoles.signed_in(browser) as page:
        page.goto(f"{consoles.address}{handing}")
        with page.expect_download():
            page.get_by_role("button", name="Hämta rapporten").click()
    consoles.expect_accessible(browser, ["/reports", f"/reports/{ROUND}"], "viewer")
    consoles.expect_accessible(browser, [handing, f"/reports/{ROUND}"])
