"""Correcting the coding on the console's pages: deciding, undoing, what is refused, and the way through Excel."""

import io
import re
from dataclasses import replace
from html import unescape

import pytest
from console import Browser, Console
from openpyxl import load_workbook
from sqlalchemy import select
from test_coding_workbooks import COLUMNS, TEXTS, about, answers, coder, worked
from town import ROUND, Town, _flow_document, _round_document
from werkzeug.test import TestResponse

from bot.services import coding_queue
from bot.services.decisions import NOTHING_FITS
from storage.database import Database
from storage.tables import AuditEntry

CODING = f"/rounds/{ROUND}/coding"
HOSTILE = (
    "<script>alert(1)</script> klotter",
    "'\"><img src=x onerror=alert(1)> mörkt",
    "\u202efdp.exe klotter",
    "+cmd|' /C calc'!A0 klotter",
    "klotter " + "å" * 10_000,
)


@pytest.fixture
def town(database: Database) -> Town:
    """An open round in which four persons have answered."""
    town = Town.build(database)
    for index, text in enumerate(TEXTS):
        town.phone(f"+4670174066{index}").answer_all(
            "TRYGG", "ja", "1", "Duved", "1", text, "v", "7", "lampor"
        )
    return town


@pytest.fixture
def console(town: Town) -> Console:
    return Console.beside(town)


@pytest.fixture
def browser(console: Console) -> Browser:
    browser = console.browser("coder")
    browser.get("/coding")
    return browser


def said(answer: TestResponse) -> str:
    """The words of a page, its tags taken out."""
    text = re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))
    return " ".join(unescape(text).split())


def decide(browser: Browser, town: Town, text: str, *categories: str, **fields: object) -> TestResponse:
    answer = about(town, text)
    sent = {"version": str(answer.current.number), "category": list(categories), **fields}
    return browser.post(f"{CODING}/{answer.answer_id}", sent)


def deeds(town: Town) -> list[tuple[str, str, str]]:
    with town.house.database.sessions.reading() as session:
        query = (
            select(AuditEntry.action, AuditEntry.actor, AuditEntry.reason)
            .where(AuditEntry.action.like("coding%"))
            .order_by(AuditEntry.id)
        )
        return [tuple(row) for row in session.execute(query)]


def test_the_sensitive_answer_is_open_first_and_the_page_says_why(browser: Browser) -> None:
    page = browser.get(CODING)
    words = said(page)
    assert "Kvar att avgöra: 1" in words
    assert "0 av 8 klara, 1 känsliga kvar." in words
    opened = page.get_data(as_text=True).split('id="open"')[1].split("</li>")[0]
    assert TEXTS[0] in opened
    assert "hate_discrimination/hate" in opened


def test_deciding_opens_the_next_answer_and_offers_to_undo(browser: Browser, town: Town) -> None:
    following = said(browser.get(CODING))
    assert TEXTS[2] in following
    done = decide(browser, town, TEXTS[0], "disorder", "fraud", primary="fraud")
    assert done.status_code == 303
    assert about(town, TEXTS[0]).current.categories == ("fraud", "disorder")
    assert about(town, TEXTS[0]).current.author == "Test Coder"
    page = browser.get(done.headers["Location"])
    assert "Sparat: Bedrägerier; Ordningsstörningar" in said(page)
    assert "1 av 8 klara." in said(page)
    assert page.get_data(as_text=True).count('id="open"') == 1
    assert deeds(town)[-1][:2] == ("coding_decided", "coder@example.se")


def test_undoing_brings_the_answer_back_and_opens_it(browser: Browser, town: Town) -> None:
    decide(browser, town, TEXTS[0], "fraud")
    answer_id = about(town, TEXTS[0]).answer_id
    undone = browser.post(f"{CODING}/{answer_id}/undo", {"version": "1"})
    assert f"answer={answer_id}" in undone.headers["Location"]
    assert "Ångrat" in said(browser.get(undone.headers["Location"]))
    assert about(town, TEXTS[0]).waits
    again = browser.post(f"{CODING}/{answer_id}/undo", {"version": "2"})
    assert "inget att ångra" in said(browser.get(again.headers["Location"]))
    assert [deed[0] for deed in deeds(town)] == ["coding_decided", "coding_undone"]


def test_an_outdated_decision_is_refused_with_what_changed_and_the_choice_kept(
    browser: Browser, town: Town
) -> None:
    answer = about(town, TEXTS[1])
    coder(town).decide(answer.answer_id, ["disorder"], author="Bo", version=0)
    refused = browser.post(f"{CODING}/{answer.answer_id}", {"version": "0", "category": ["fraud"]})
    assert refused.status_code == 409
    assert "Bo ändrade svaret 2 november 2026" in said(refused)
    assert "till Ordningsstörningar, fylla och buller" in said(refused)
    assert re.search(r'value="fraud" checked', refused.get_data(as_text=True))
    assert about(town, TEXTS[1]).current.author == "Bo"
    assert (
        browser.post(f"{CODING}/{answer.answer_id}", {"version": "1", "category": ["fraud"]}).status_code
        == 303
    )
    undo = browser.post(f"{CODING}/{answer.answer_id}/undo", {"version": "1"})
    assert "Inget ångrades: Test Coder har ändrat" in said(browser.get(undo.headers["Location"]))


@pytest.mark.parametrize(
    ("categories", "words"),
    [
        ([], "Välj minst ett ämne"),
        (["fraud", NOTHING_FITS], "kan inte stå tillsammans"),
        (["fraud", "violence", "disorder", "harassment", "drug_trade"], "högst 4 ämnen"),
        (["nonsense"], "finns inte"),
        (["<script>\x00"], "finns inte"),
    ],
)
def test_what_is_no_decision_is_refused_by_a_sentence(
    browser: Browser, town: Town, categories: list[str], words: str
) -> None:
    refused = decide(browser, town, TEXTS[1], *categories)
    assert refused.status_code == 400
    assert words in said(refused)
    assert deeds(town) == []


def test_nothing_fits_is_a_decision(browser: Browser, town: Town) -> None:
    assert decide(browser, town, TEXTS[1], NOTHING_FITS).status_code == 303
    assert about(town, TEXTS[1]).current.categories == (NOTHING_FITS,)


def test_filters_show_what_they_say(browser: Browser, town: Town) -> None:
    decide(browser, town, TEXTS[1], "fraud")
    coder(town).decide(about(town, TEXTS[2]).answer_id, ["fraud"], author="Bo")
    shown = {
        "show=todo": {TEXTS[0], TEXTS[3]},
        "show=sensitive": {TEXTS[0]},
        "show=mine": {TEXTS[1]},
        "show=all": set(TEXTS),
        "show=all&category=fraud": {TEXTS[1], TEXTS[2]},
        "show=all&area=duved": set(TEXTS),
        "show=all&area=are_by": set(),
        "show=nonsense&category=nonsense&mark=nonsense&answer=nonsense": {TEXTS[0], TEXTS[3]},
    }
    for query, expected in shown.items():
        words = said(browser.get(f"{CODING}?{query}"))
        assert {text for text in TEXTS if text in words} == expected, query


def test_pages_follow_each_other_without_loss_or_double(
    browser: Browser, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coding_queue, "PAGE", 3)
    seen: list[int] = []
    address = f"{CODING}?show=all"
    while address:
        page = browser.get(address).get_data(as_text=True)
        rows = page.split('<ol class="answers">')[1]
        links = re.findall(r'href="[^"]*answer=(\d+)#open"><bdi|coding/(\d+)[^"]*" id="decide"', rows)
        seen += [int(closed or opened) for closed, opened in links]
        following = re.search(r'id="next-page" href="([^"]+)"', page)
        address = unescape(following[1]) if following else ""
    assert seen == [answer.answer_id for answer in answers(town)]


def test_deciding_one_after_the_other_comes_to_the_end(
    browser: Browser, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a coder does, over the borders of pages: every answer is opened once."""
    monkeypatch.setattr(coding_queue, "PAGE", 3)
    address, opened = CODING, []
    for _ in range(20):
        page = browser.get(address).get_data(as_text=True)
        form = re.search(r'action="([^"]+/coding/(\d+)[^"]*)" id="decide"', page)
        if form is None:
            break
        opened.append(int(form[2]))
        version = page.split('id="decide"')[1].split('name="version" value="')[1].split('"')[0]
        answer = browser.post(unescape(form[1]), {"version": version, "category": ["fraud"]})
        address = answer.headers["Location"].split("#")[0]
    assert sorted(opened) == sorted(answer.answer_id for answer in answers(town))
    assert coder(town).list_answers(ROUND).decided == 8
    assert "Slut på listan" in said(browser.get(address)) or "Inget kvar" in said(browser.get(address))


def test_the_history_names_each_decision_with_author_and_time(browser: Browser, town: Town) -> None:
    answer_id = about(town, TEXTS[1]).answer_id
    coder(town).decide(answer_id, ["disorder"], author="Bo")
    coder(town).undo(answer_id, author="Ann")
    decide(browser, town, TEXTS[1], "fraud")
    words = said(browser.get(f"{CODING}?show=all&answer={answer_id}"))
    assert "Historik (4)" in words
    assert "Reglernas förslag" in words
    assert "Bo, 2 november 2026" in words
    assert "Ann ångrade, 2 november 2026" in words
    assert "Test Coder, 2 november 2026" in words


def test_an_erased_answer_is_told_of(browser: Browser, town: Town) -> None:
    answer_id = about(town, TEXTS[1]).answer_id
    town.phone("+46701740661").say("RADERA")
    town.phone("+46701740661").say("JA")
    gone = browser.post(f"{CODING}/{answer_id}", {"version": "0", "category": ["fraud"]})
    assert "finns inte längre" in said(browser.get(gone.headers["Location"]))


def test_unknown_rounds_and_numbers_are_no_page(browser: Browser) -> None:
    for path in (
        "/rounds/nowhere/coding",
        "/rounds/x%00/coding",
        "/rounds/nowhere/coding/excel",
    ):
        assert browser.get(path).status_code == 404, path
    assert browser.get(f"{CODING}?answer={'9' * 30}&done={'9' * 19}&area=%00&mark=%00").status_code == 200
    assert browser.post(f"{CODING}/{'9' * 25}", {"version": "0"}).status_code == 404


def test_hostile_answers_stay_words(console: Console, town: Town) -> None:
    for index, text in enumerate(HOSTILE):
        town.phone(f"+4670174067{index}").answer_all(
            "TRYGG", "ja", "1", "Duved", "1", text, "v", "7", "lampor"
        )
    browser = console.browser("coder")
    for answer in answers(town):
        page = browser.get(f"{CODING}?show=all&answer={answer.answer_id}").get_data(as_text=True)
        assert "<script>alert" not in page
        assert "<img" not in page
    book = load_workbook(io.BytesIO(out(browser).get_data()))
    assert "f" not in {cell.data_type for sheet in book for row in sheet for cell in row}


# Through Excel


def out(browser: Browser, reason: str = "rätta, Eva") -> TestResponse:
    browser.get(f"{CODING}/excel")
    return browser.post(f"{CODING}/excel/out", {"reason": reason})


def check(browser: Browser, data: bytes) -> TestResponse:
    sent = {"file": (io.BytesIO(data), "kodning.xlsx")}
    return browser.post(f"{CODING}/excel/in", sent, content_type="multipart/form-data")  # type: ignore[arg-type]


def take(browser: Browser, checked: TestResponse) -> TestResponse:
    rows = re.search(r'name="rows" value="([^"]*)"', checked.get_data(as_text=True))
    assert rows is not None
    return browser.post(f"{CODING}/excel/take", {"rows": rows[1]})


def work(sheet: object, rows: dict[str, int]) -> None:
    sheet.cell(rows[TEXTS[1]], COLUMNS["one"]).value = "Bedrägerier"  # type: ignore[attr-defined]
    sheet.cell(rows[TEXTS[0]], COLUMNS["right"]).value = "Ja"  # type: ignore[attr-defined]


def test_the_workbook_needs_a_reason_and_is_logged_and_kept_by_nobody(browser: Browser, town: Town) -> None:
    assert out(browser, " \u202e\x00 ").status_code == 400
    assert deeds(town) == []
    answer = out(browser, "rätta\x00 kodningen\r\nEva " + "x" * 10_000)
    assert answer.headers["Content-Disposition"] == (
        'attachment; filename="are-demo-kodning-arbetsmaterial-2026-11-02.xlsx"'
    )
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert int(answer.headers["Content-Length"]) == len(answer.get_data())
    assert (
        "Arbetsmaterial, lämnas inte vidare"
        in load_workbook(io.BytesIO(answer.get_data())).worksheets[0]["A1"].value
    )
    ((action, actor, reason),) = deeds(town)
    assert (action, actor) == ("coding_exported", "coder@example.se")
    assert reason.startswith("rätta kodningen Eva xxx")
    assert len(reason) == 200


def test_a_workbook_says_what_it_would_change_and_changes_it_when_confirmed(
    browser: Browser, town: Town
) -> None:
    checked = check(browser, worked(out(browser).get_data(), work))
    assert "Ändrade 1 Bekräftade 1 Orörda 6 Ändrade under tiden 0 Fel 0" in said(checked)
    assert about(town, TEXTS[1]).current.number == 0
    taken = take(browser, checked)
    assert taken.status_code == 303
    assert "Sparat: 1 ändrade och 1 bekräftade." in said(browser.get(taken.headers["Location"]))
    assert about(town, TEXTS[1]).current.categories == ("fraud",)
    assert about(town, TEXTS[1]).current.author == "Test Coder"
    assert not about(town, TEXTS[0]).waits
    assert deeds(town)[-1][0] == "coding_taken"
    assert "Reglerna och personer" in said(browser.get(f"{CODING}/excel"))


def test_what_is_decided_between_check_and_confirmation_stands(browser: Browser, town: Town) -> None:
    checked = check(browser, worked(out(browser).get_data(), work))
    coder(town).decide(about(town, TEXTS[1]).answer_id, ["disorder"], author="Bo")
    taken = take(browser, checked)
    assert "Sparat: 0 ändrade och 1 bekräftade." in said(taken)
    assert "Bo har ändrat svaret under tiden till Ordningsstörningar" in said(taken)
    assert about(town, TEXTS[1]).current.author == "Bo"


def test_faulty_rows_are_named_by_cell_and_the_others_can_be_taken(browser: Browser, town: Town) -> None:
    def faulty(sheet: object, rows: dict[str, int]) -> None:
        work(sheet, rows)
        sheet.cell(rows[TEXTS[2]], COLUMNS["one"]).value = "<b>Bedrägeri"  # type: ignore[attr-defined]

    checked = check(browser, worked(out(browser).get_data(), faulty))
    assert re.search(
        r"Svar, rad \d, kolumn B \(Kategori 1\) Kategorin ”<b>Bedrägeri” finns inte", said(checked)
    )
    assert "Fel 1" in said(checked)
    assert take(browser, checked).status_code == 303
    assert about(town, TEXTS[1]).current.categories == ("fraud",)


def test_what_is_no_workbook_of_this_round_is_refused(browser: Browser, town: Town) -> None:
    browser.get(f"{CODING}/excel")
    for data, words in ((b"", "Välj en fil"), (b"a;b", "ingen Excel-arbetsbok")):
        refused = check(browser, data)
        assert refused.status_code == 400
        assert words in said(refused)
    assert browser.post(f"{CODING}/excel/take", {"rows": "1 2"}).status_code == 400
    assert browser.post(f"{CODING}/excel/take", {"rows": f"1 {2**64} 0 0 fraud"}).status_code == 400
    assert deeds(town) == []


def test_a_workbook_of_another_round_is_a_fault(browser: Browser, town: Town) -> None:
    document = replace(_round_document(), code="other")
    town.rounds.create(document, _flow_document, is_demonstration=True)
    data = worked(out(browser).get_data(), work)
    sent = {"file": (io.BytesIO(data), "kodning.xlsx")}
    checked = browser.post("/rounds/other/coding/excel/in", sent, content_type="multipart/form-data")
    assert "Fel 8" in said(checked)
    assert "Svaret hör till en annan omgång." in said(checked)
    assert 'name="rows"' not in checked.get_data(as_text=True)
