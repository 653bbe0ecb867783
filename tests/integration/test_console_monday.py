"""The Monday page, the ledger of releases and the comparison on the console."""

import io
import json
from datetime import date, timedelta

import pytest
from console import Browser, Console
from sqlalchemy import update
from test_console_coding import said
from town import ROUND, Town

from bot.services.monday import last_friday
from bot.services.releases import list_releases
from bot.services.reporting import Reports
from bot.services.roles import Role
from bot.services.upkeep import Upkeep
from storage.database import Database
from storage.tables import Delivery, SafeguardReply

LEDGER = f"/reports/{ROUND}/ledger"


@pytest.fixture
def town(database: Database) -> Town:
    """Thirty have answered: all but two in Järpen, through the library's poster."""
    town = Town.build(database)
    for index in range(30):
        area = "Duved" if index < 2 else "Järpen"
        town.phone(f"+4670174{index:04}").answer_all(
            "TRYGG DUVED3", "ja", "1", area, "1", f"mörkt i backen {index}", "v", "7", "lampor", "20", "1"
        )
    return town


@pytest.fixture
def console(town: Town) -> Console:
    return Console.beside(town)


@pytest.fixture
def browser(console: Console) -> Browser:
    return console.browser("coordinator")


def release(town: Town) -> bytes:
    """The round's report as JSON."""
    stream = io.BytesIO()
    reports = Reports(sessions=town.house.database.sessions, now=town.clock, actor="sara@are.se")
    reports.write_report(ROUND, "json", stream)
    return stream.getvalue()


def test_friday_is_the_last_one_before_today() -> None:
    assert last_friday(date(2026, 11, 30)) == date(2026, 11, 27)  # Monday
    assert last_friday(date(2026, 11, 27)) == date(2026, 11, 20)  # Friday
    assert last_friday(date(2026, 11, 28)) == date(2026, 11, 27)  # Saturday


def test_it_opens_on_the_round_under_way_and_says_what_is_in_order(browser: Browser, town: Town) -> None:
    Upkeep(sessions=town.house.database.sessions, now=town.clock).run()
    words = said(browser.get("/monday"))
    assert "Måndag morgon" in words
    assert "30 har börjat svara sedan i fredags, 0 under lika lång tid före." in words
    assert "Åtgärda" not in words
    assert "Färre än 5 trygghetssvar" in words


def test_what_has_stopped_and_what_did_not_arrive_is_to_be_acted_on(browser: Browser, town: Town) -> None:
    assert "har inte gått" in said(browser.get("/monday"))
    Upkeep(sessions=town.house.database.sessions, now=town.clock).run()
    town.clock.move(minutes=70)
    with town.house.database.sessions.begin() as session:
        for number in range(7):
            state = "failed" if number < 6 else "delivered"
            session.add(
                Delivery(
                    provider="twilio", provider_id=f"SM{number}", state=state, error_code="30003",
                    updated_at=town.clock(),
                )
            )  # fmt: skip
        session.flush()
    browser.sign_in(Role.COORDINATOR)
    words = said(browser.get("/monday"))
    assert "har stannat" in words
    assert "Åtgärda 6 av 7 sms sedan i fredags kom inte fram." in words


def test_safety_replies_are_one_number_from_five_on_and_of_no_kind(browser: Browser, town: Town) -> None:
    for number in range(4):
        town.phone(f"+46701749{number:03}").say("jag vill inte leva längre")
    assert "Färre än 5 trygghetssvar" in said(browser.get("/monday"))
    town.phone("+46701749999").say("min man slår mig")
    words = said(browser.get("/monday"))
    assert "5 trygghetssvar sedan i fredags, av alla slag" in words
    with town.house.database.sessions.begin() as session:
        session.execute(update(SafeguardReply).values(hour=town.clock() - timedelta(days=5)))
    assert "Färre än 5 trygghetssvar" in said(browser.get("/monday"))


def test_who_is_missing_is_said_in_words_with_what_to_do(browser: Browser) -> None:
    words = said(browser.get("/monday"))
    assert "15–24 år i Åre by: 0 svar" in words
    assert "Besök skolan och fritidsgården." in words
    assert "för få" in words and "många" in words


def test_a_poster_that_brings_nobody_is_to_be_moved(browser: Browser) -> None:
    words = said(browser.get("/monday"))
    assert "Duveds bibliotek : 30 svar på 30 dagar. 30 påbörjade den senaste veckan." in words
    assert "0 svar på 30 dagar. Se över Ingen den senaste veckan: flytta affischen." in words


def test_the_heap_and_the_changes_lead_on(browser: Browser) -> None:
    page = browser.get("/monday").get_data(as_text=True)
    for path in ("coding", "picture", "watch", "handing-over", "quotes", "places"):
        assert f"/rounds/{ROUND}/{path}" in page
    assert "Mörka platser" in page


def test_a_round_that_nobody_opened_is_not_there(browser: Browser) -> None:
    assert browser.get("/monday?round=nothing").status_code == 404


def test_the_ledger_tells_who_took_what_of_which_release(browser: Browser, town: Town) -> None:
    assert "Ingen rapport har släppts ännu." in said(browser.get(LEDGER))
    release(town)
    town.clock.move(hours=1)
    for index in range(60, 72):
        town.phone(f"+4670174{index:04}").answer_all(
            "TRYGG", "ja", "1", "Duved", "1", "mörkt", "v", "7", "v", "20"
        )
    release(town)
    _, (latest, first) = list_releases(town.house.database.sessions, ROUND)
    assert (first.counted, latest.counted) == (30, 42)
    assert [[entry.subject for entry in each.taken] for each in (latest, first)] == [["json, sv"]] * 2
    browser.sign_in(Role.COORDINATOR)
    words = said(browser.get(LEDGER))
    assert "Gjord av 42 svar." in words and "sara@are.se" in words


def test_a_viewer_sees_the_ledger_without_names_and_counts(console: Console, town: Town) -> None:
    viewer = console.browser("viewer")
    assert viewer.get(LEDGER).status_code == 404
    release(town)
    words = said(viewer.get(LEDGER))
    assert "Preliminär" in words
    assert "sara@are.se" not in words and "Gjord av" not in words


def _other_town(report: bytes) -> bytes:
    document = json.loads(report)
    return json.dumps({**document, "title": "Lokal problembild: Bergs kommun"}).encode()


def send(browser: Browser, *files: tuple[str, bytes], format_: str = "page") -> tuple[int, str, bytes]:
    browser.get("/compare")
    data = {"format": format_, "report": [(io.BytesIO(content), name) for name, content in files]}
    answer = browser.post("/compare", data, content_type="multipart/form-data")
    return answer.status_code, said(answer) if answer.mimetype == "text/html" else "", answer.get_data()


def test_a_viewer_puts_released_reports_side_by_side_as_page_and_file(console: Console, town: Town) -> None:
    report, viewer = release(town), console.browser("viewer")
    files = (("are.json", report), ("berg.json", _other_town(report)))
    status, words, _ = send(viewer, *files)
    assert status == 200
    assert "Åre kommun" in words and "Bergs kommun" in words and "Inget är summerat" in words
    status, _, data = send(viewer, *files, format_="json")
    assert status == 200 and json.loads(data)["tables"]
    assert send(viewer, *files, format_="exe")[0] == 400


def test_files_that_are_no_reports_are_refused_in_swedish(console: Console, town: Town) -> None:
    report, viewer = release(town), console.browser("viewer")
    for name, content, why in (
        ("x.json", b"{", "är ingen JSON-fil"),
        ("x.json", b"[]", "innehåller ingen rapport"),
        ("<b>.json", b'{"version": 99}', "ingen släppt rapport"),
    ):
        status, words, body = send(viewer, ("are.json", report), (name, content))
        assert status == 400 and why in words
        assert b"<b>.json" not in body
    assert send(viewer, ("are.json", report))[0] == 400
    assert send(viewer)[0] == 400
