"""Handing over a round on the console's pages: reports, working copies, papers, archive, deletions, refusals."""

import csv
import io
import json
from datetime import date, timedelta
from zipfile import ZipFile

import pytest
from console import Browser, Console
from docx import Document
from openpyxl import load_workbook
from sqlalchemy import func, select
from test_console_coding import said
from town import ROUND, Town
from werkzeug.test import TestResponse

from bot.services.closing import Closing
from bot.services.handing_over import TAKEN_OUT
from bot.services.paper_files import PAPERS
from bot.services.upkeep import Upkeep
from storage.database import Database
from storage.tables import AuditEntry, Release

PAGE = f"/rounds/{ROUND}/handing-over"
HONESTY = "inte ett slumpmässigt urval"
TEXTS = ("fortkörning vid skolan", "=cmd|' /C calc'!A0 klotter", "<script>alert(1)</script> mörkt")


@pytest.fixture
def town(database: Database) -> Town:
    """An open round in which twelve persons have answered."""
    town = Town.build(database)
    for index in range(12):
        answer(town, index)
    return town


@pytest.fixture
def console(town: Town) -> Console:
    return Console.beside(town)


@pytest.fixture
def browser(console: Console) -> Browser:
    browser = console.browser("coordinator")
    browser.get("/reports")
    return browser


def answer(town: Town, index: int) -> None:
    town.phone(f"+467017406{index:02}").answer_all(
        "TRYGG", "ja", "1", "Duved", "1", TEXTS[index % 3], "v", "7", "lampor", "47", "1"
    )


def close(town: Town, days: int = 1) -> None:
    """The round has closed, so many days ago, and the worker has run since."""
    town.rounds.close(ROUND)
    town.clock.time += timedelta(days=30 + days)
    Upkeep(sessions=town.house.database.sessions, now=town.clock).run()


def take(browser: Browser, what: str, **fields: object) -> TestResponse:
    return browser.post(f"{PAGE}/{what}", {"format": "xlsx", "language": "sv", **fields})


def deeds(town: Town) -> list[tuple[str, ...]]:
    with town.house.database.sessions.reading() as session:
        query = select(AuditEntry.action, AuditEntry.actor, AuditEntry.subject, AuditEntry.reason)
        found = session.execute(query.where(AuditEntry.action.in_(TAKEN_OUT)).order_by(AuditEntry.id))
        return [tuple(row) for row in found]


def releases(town: Town) -> int:
    with town.house.database.sessions.reading() as session:
        return session.scalar(select(func.count()).select_from(Release)) or 0


def expect_file(answer: TestResponse, name: str) -> bytes:
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    data = answer.get_data()
    assert int(answer.headers["Content-Length"]) == len(data)
    return data


def test_reading_the_page_releases_nothing(browser: Browser, town: Town) -> None:
    words = said(browser.get(PAGE))
    assert "Ingen rapport har gjorts." in words
    assert "färre än 10" in words
    assert "Ingen har tagit ut något ännu." in words
    assert (releases(town), deeds(town)) == (0, [])


def test_the_report_comes_in_every_format_and_language_from_one_release(browser: Browser, town: Town) -> None:
    browser.get(PAGE)
    for language in ("sv", "en"):
        for format_ in ("xlsx", "csv", "json", "pdf", "docx", "html"):
            answer = take(browser, "report", format=format_, language=language)
            data = expect_file(answer, f"are-demo-rapport-{language}-2026-11-02.{format_}")
            assert data
            if format_ == "json":
                assert json.loads(data)["language"] == language
            if format_ == "xlsx":
                assert "problem" in str(load_workbook(io.BytesIO(data)).worksheets[0]["A1"].value).lower()
    assert releases(town) == 1
    assert deeds(town)[0] == ("report_exported", "coordinator@example.se", "xlsx, sv", "")
    assert len(deeds(town)) == 12
    assert "Rapport (html, en)" in said(browser.get(PAGE))


def test_a_new_report_needs_ten_new_answers_and_the_page_says_why(browser: Browser, town: Town) -> None:
    browser.get(PAGE)
    take(browser, "report")
    for index in range(20, 29):
        answer(town, index)
    words = said(browser.get(PAGE))
    assert "9 nya svar sedan rapporten 2 november 2026. Det behövs 10 för en ny" in words
    take(browser, "report")
    assert releases(town) == 1
    answer(town, 29)
    assert "Hämtar du den nu görs en ny preliminär." in said(browser.get(PAGE))
    take(browser, "report")
    assert releases(town) == 2


def test_the_final_report_is_made_once_when_the_days_have_passed(browser: Browser, town: Town) -> None:
    browser.get(PAGE)
    take(browser, "report")
    close(town, days=20)
    browser = _again(browser)
    assert "görs den slutliga. Den görs en gång" in said(browser.get(PAGE))
    take(browser, "report")
    words = said(browser.get(PAGE))
    assert "Den slutliga rapporten gjordes" in words
    assert "färre än 5" in words
    take(browser, "report", language="en")
    assert releases(town) == 2


def test_the_final_report_waits_for_sensitive_answers_unless_told_otherwise(
    browser: Browser, town: Town
) -> None:
    town.phone("+46701740699").answer_all(
        "TRYGG", "ja", "1", "Duved", "1", "rasism och hatbrott mot samer", "v", "7", "lampor", "47", "1"
    )
    assert "Kvar att avgöra: 1" in said(browser.get(PAGE))
    close(town, days=20)
    browser = _again(browser)
    assert "1 känsliga svar räknas då aldrig under sitt ämne" in said(browser.get(PAGE))
    for answer in (take(browser, "report"), take(browser, "archive", reason="arkivet")):
        assert answer.status_code == 400
        assert "känsliga svar väntar" in said(answer)
    assert releases(town) == 0
    assert take(browser, "report", despite="yes").get_data()
    assert releases(town) == 1


def test_what_is_no_report_is_refused(browser: Browser, town: Town) -> None:
    browser.get(PAGE)
    for fields in ({"format": "docm"}, {"language": "xx"}, {"format": "\x00"}):
        assert take(browser, "report", **fields).status_code == 400
    for path in (
        "/rounds/nowhere/handing-over",
        "/rounds/x%00/handing-over",
        "/reports/nowhere",
        f"/reports/{ROUND}",
    ):
        assert browser.get(path).status_code == 404, path
    assert browser.post("/rounds/nowhere/handing-over/report", {}).status_code == 400
    assert take(browser, "publish").status_code == 400
    assert deeds(town) == []


def test_the_working_copy_needs_a_reason_is_marked_and_logged(browser: Browser, town: Town) -> None:
    browser.get(PAGE)
    refused = take(browser, "working-copy", reason=" \x00\u202e ")
    assert refused.status_code == 400
    assert "Skriv vem som behöver" in said(refused)
    assert deeds(town) == []
    answer = take(browser, "working-copy", reason="sortering\x00 =1+1 <b>Eva</b> \u202e" + "x" * 10_000)
    book = load_workbook(io.BytesIO(expect_file(answer, "are-demo-arbetsmaterial-2026-11-02.xlsx")))
    assert "f" not in {cell.data_type for sheet in book for row in sheet for cell in row}
    assert "Arbetsmaterial, lämnas inte vidare" in str(book.worksheets[0]["A1"].value)
    ((action, actor, subject, reason),) = deeds(town)
    assert (action, actor, subject) == ("working_copy_exported", "coordinator@example.se", "xlsx")
    assert reason.startswith("sortering =1+1 <b>Eva</b> xxx")
    assert len(reason) == 200
    page = browser.get(PAGE).get_data(as_text=True)
    assert "&lt;b&gt;Eva&lt;/b&gt;" in page


def test_the_working_copy_as_csv_is_two_files(browser: Browser, town: Town) -> None:
    browser.get(PAGE)
    answer = take(browser, "working-copy", format="csv", reason="sortering")
    package = ZipFile(io.BytesIO(expect_file(answer, "are-demo-arbetsmaterial-2026-11-02.zip")))
    assert package.namelist() == ["personer.csv", "svar.csv"]
    persons = _rows(package.read("personer.csv"))
    assert len([row for row in persons if len(row) > 5]) == 13
    texts = [cell for row in _rows(package.read("svar.csv")) for cell in row]
    assert f"'{TEXTS[1]}" in texts
    assert json.loads(take(browser, "working-copy", format="json", reason="x").get_data())


def test_results_are_published_and_withdrawn(browser: Browser, town: Town) -> None:
    public = f"/rounds/{ROUND}/results"
    browser.get(PAGE)
    take(browser, "report")
    assert HONESTY not in town.client.get(public).get_data(as_text=True)
    assert take(browser, "publish").status_code == 303
    assert "Rapporten från 2 november 2026 ligger" in said(browser.get(PAGE))
    assert HONESTY in town.client.get(public).get_data(as_text=True)
    take(browser, "withdraw")
    assert "Ingen rapport ligger" in said(browser.get(PAGE))
    assert HONESTY not in town.client.get(public).get_data(as_text=True)
    assert [deed[0] for deed in deeds(town)] == ["report_exported", "report_published", "report_withdrawn"]


def test_every_paper_is_a_file_that_opens(browser: Browser) -> None:
    page = browser.get(PAGE).get_data(as_text=True)
    for name in PAPERS:
        path = f"/rounds/{ROUND}/papers/{name}"
        assert f'href="{path}.docx"' in page
        document = Document(io.BytesIO(expect_file(browser.get(f"{path}.docx"), f"are-demo-{name}.docx")))
        assert len(document.paragraphs) > 1, name
        assert expect_file(browser.get(f"{path}.txt"), f"are-demo-{name}.txt").decode()
    for name in ("nothing.docx", "konsekvensbedomning.exe", "konsekvensbedomning"):
        assert browser.get(f"/rounds/{ROUND}/papers/{name}").status_code == 404


def test_the_archive_package_comes_after_closing_with_a_reason(browser: Browser, town: Town) -> None:
    browser.get(PAGE)
    refused = take(browser, "archive", reason="arkivet")
    assert refused.status_code == 400
    assert "när omgången har stängt" in said(refused)
    close(town, days=20)
    browser = _again(browser)
    browser.get(PAGE)
    assert take(browser, "archive", reason=" ").status_code == 400
    answer = take(browser, "archive", reason="kommunarkivet, KS 1")
    names = ZipFile(io.BytesIO(expect_file(answer, "are-demo-arkivpaket-2026-12-22.zip"))).namelist()
    assert "rapport/are-demo-slutlig-sv.xlsx" in names
    assert "gallring/gallringsbevis.csv" in names
    assert deeds(town)[-1] == ("archive_exported", "coordinator@example.se", "", "kommunarkivet, KS 1")


def test_deletions_stand_on_the_page_with_their_rule(browser: Browser, town: Town) -> None:
    assert "Inget har tagits bort" in said(browser.get(PAGE))
    close(town, days=20)
    words = said(_again(browser).get(PAGE))
    assert "14 dagar efter omgångens slut" in words
    assert "✓ Klart." in words


def test_a_viewer_sees_released_reports_and_nothing_live(console: Console, town: Town) -> None:
    viewer, coordinator = console.browser("viewer"), console.browser("coordinator")
    assert "Ingen rapport har släppts" in said(viewer.get("/reports"))
    coordinator.get(PAGE)
    take(coordinator, "report")
    for index in range(20, 35):
        answer(town, index)
    words = said(viewer.get(f"/reports/{ROUND}"))
    assert "omkring 10 boende" in words
    assert "Vad siffrorna kan säga" in words
    data = viewer.post(f"/reports/{ROUND}/file", {"format": "json", "language": "en"})
    picture = json.loads(expect_file(data, "are-demo-rapport-preliminar-en-2026-11-02.json"))
    assert picture["rule"] == "interim"
    assert "10 residents" in picture["basis"]
    assert releases(town) == 1
    assert deeds(town)[-1] == ("released_report_taken", "viewer@example.se", "json, en", "")
    assert viewer.post(f"/reports/{ROUND}/file", {"format": "x", "language": "en"}).status_code == 400
    assert "/handing-over" not in viewer.get("/reports").get_data(as_text=True)
    for path in (PAGE, f"/rounds/{ROUND}/papers/till-polisen.docx", f"/rounds/{ROUND}/coding"):
        assert viewer.get(path).status_code == 403


def _again(browser: Browser) -> Browser:
    """Signed in again: days have passed."""
    again = browser.console.browser("coordinator")
    again.get("/reports")
    return again


def _rows(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))


def test_the_day_of_the_decision_is_noted_once_the_round_has_closed(browser: Browser, town: Town) -> None:
    noted = f"{PAGE}/decided"
    assert "inget datum" in said(browser.post(noted, {"on": "snart"}))
    assert browser.post(noted, {"on": "2026-11-02"}).status_code == 400  # it is open
    town.rounds.close(ROUND)
    town.clock.time += timedelta(minutes=1)
    assert browser.post(noted, {"on": "2026-11-03"}).status_code == 400  # tomorrow
    assert browser.post(noted, {"on": "2 nov 2026"}).status_code == 303
    assert "Dagen för beslutet är inskriven." in said(browser.get(PAGE))
    plan = Closing(sessions=town.house.database.sessions, now=town.clock).plan(ROUND)
    assert plan.decided_on == date(2026, 11, 2)
