"""Rounds in the console: filled in by steps or read from a workbook, looked through, opened, paused, closed."""

import io
import re
from datetime import timedelta

import pytest
from console import Browser, Console
from filling_in import CODE, ROUND_STEP, STEPS, TEXTS_STEP, begin, path_of, text_of, workbook_of
from openpyxl import load_workbook
from sqlalchemy import func, select
from town import MONDAY, OUR_NUMBER, ROUND, Town
from werkzeug.test import TestResponse

from bot.services.auditing import Filter
from bot.services.overview import list_rounds
from bot.services.upkeep import Upkeep
from storage.database import Database
from storage.tables import Answer, Coding, Conversation, InboxMessage, OptOut, PhoneTrial


@pytest.fixture
def browser(console: Console) -> Browser:
    return console.browser("coordinator")


@pytest.fixture
def town(database: Database) -> Town:
    return Town.build(database)


@pytest.fixture
def console_beside(town: Town) -> Console:
    return Console.beside(town)


def fill_in(browser: Browser, sketch: str, **changes: dict[str, str]) -> None:
    for step, fields in {**STEPS, **changes}.items():
        browser.post(f"{sketch}/{step}", dict(fields))


def created(browser: Browser, **changes: dict[str, str]) -> str:
    sketch = begin(browser)
    fill_in(browser, sketch, **changes)
    answer = browser.post(f"{sketch}/carry-out")
    assert path_of(answer) == f"/rounds/{CODE}"
    return f"/rounds/{CODE}"


def upload(browser: Browser, data: bytes) -> TestResponse:
    browser.get("/rounds/workbook")
    return browser.post(
        "/rounds/workbook",
        {"workbook": (io.BytesIO(data), "omgang.xlsx")},
        content_type="multipart/form-data",
    )


def actions(console: Console) -> list[str]:
    found: list[str] = []
    before = None
    while True:
        page = console.desk.auditing.page(Filter(before=before))
        found += [entry.action for entry in page.entries]
        before = page.next_before
        if before is None:
            return found


# --- Filling in -------------------------------------------------------------------------------------------------


def test_a_round_filled_in_step_by_step_becomes_a_draft(console: Console, browser: Browser) -> None:
    path = created(browser)
    page = text_of(browser.get(path))
    assert "Trygghetsdialog hösten 2026" in page
    assert "Utkast" in page
    document = console.desk.round_changes("test").document(CODE)
    assert document.phone_number == "+46701234567"
    assert [area.code for area in document.areas] == ["duved", "are_by"]
    assert document.areas[0].aliases == ("Tegefjäll", "83015")
    assert re.fullmatch("[A-Z]{3,8}[2-9]{2}", document.place_codes[0].code)
    assert {"sketch_begun", "sketch_saved", "round_created"} <= set(actions(console))


def test_each_step_is_kept_though_the_round_is_not_complete(browser: Browser) -> None:
    sketch = begin(browser)
    browser.post(f"{sketch}/round", {"name": "Halvfärdig", "round": "halv"})
    assert 'value="Halvfärdig"' in text_of(browser.get(f"{sketch}/round"))
    assert "Halvfärdig" in text_of(browser.get("/rounds/new"))


def test_a_fault_stands_beside_its_field(browser: Browser) -> None:
    sketch = begin(browser)
    answer = browser.post(f"{sketch}/round", {**ROUND_STEP, "closes": "snart", "phone_number": "hej"})
    assert path_of(answer) == f"{sketch}/round"
    page = text_of(browser.get(f"{sketch}/round"))
    assert re.search(r'id="closes-fault">”snart” är inget datum', page)
    assert re.search(r'id="phone_number-fault">”hej” är inget telefonnummer', page)
    assert page.count("aria-invalid") == 2


def test_a_fault_in_a_row_stands_in_that_row(browser: Browser) -> None:
    sketch = begin(browser)
    fill_in(browser, sketch, places={"places-0-name": "Torget", "places-0-area": "ingenstans"})
    page = text_of(browser.get(f"{sketch}/places"))
    assert 'id="places-0-area-fault"' in page


def test_what_is_not_right_cannot_become_a_round(console: Console, browser: Browser) -> None:
    sketch = begin(browser)
    fill_in(browser, sketch, areas={})
    review = text_of(browser.get(f"{sketch}/review"))
    assert "Skriv minst ett område." in review
    assert "carry-out" not in review
    assert browser.post(f"{sketch}/carry-out").status_code == 400
    assert list_rounds(console.desk.sessions) == []
    assert browser.get(f"/rounds/{CODE}").status_code == 404


def test_a_code_that_is_taken_is_told_before_saving(browser: Browser) -> None:
    created(browser)
    sketch = begin(browser)
    fill_in(browser, sketch)
    assert "Det finns redan en omgång med den koden" in text_of(browser.get(f"{sketch}/review"))
    assert browser.post(f"{sketch}/carry-out").status_code == 400


def test_a_flow_that_does_not_ship_is_not_read_from_the_machine(browser: Browser) -> None:
    sketch = begin(browser)
    fill_in(browser, sketch, round={**ROUND_STEP, "flows.residents": "../../etc/passwd"})
    assert browser.post(f"{sketch}/carry-out").status_code == 400


def test_a_draft_is_changed_and_the_change_is_shown_first(console: Console, browser: Browser) -> None:
    path = created(browser)
    sketch = path_of(browser.post(f"{path}/change")).rsplit("/", 1)[0]
    browser.post(f"{sketch}/round", {**ROUND_STEP, "name": "Nytt namn"})
    review = text_of(browser.get(f"{sketch}/review"))
    assert "Omgångens namn: Trygghetsdialog hösten 2026 → Nytt namn" in review
    browser.post(f"{sketch}/carry-out")
    assert "Nytt namn" in text_of(browser.get(path))
    assert "round_changed" in actions(console)


def test_the_code_of_a_round_does_not_change(browser: Browser) -> None:
    path = created(browser)
    sketch = path_of(browser.post(f"{path}/change")).rsplit("/", 1)[0]
    browser.post(f"{sketch}/round", {**ROUND_STEP, "round": "annan"})
    assert f'value="{CODE}"' in text_of(browser.get(f"{sketch}/round"))


def test_of_an_open_round_only_some_things_can_change(console_beside: Console) -> None:
    browser = console_beside.browser("coordinator")
    browser.get(f"/rounds/{ROUND}")
    sketch = path_of(browser.post(f"/rounds/{ROUND}/change")).rsplit("/", 1)[0]
    page = text_of(browser.get(f"{sketch}/keywords"))
    rows = dict(re.findall(r'name="(keywords-\d-(?:word|language))" value="([^"]*)"', page))
    flows = {f"keywords-{at}-flow": "residents" for at in range(len(rows) // 2)}
    browser.post(f"{sketch}/keywords", {**rows, **flows, "keywords-0-word": "NYTT"})
    review = text_of(browser.get(f"{sketch}/review"))
    assert "Kan inte ändras i en öppen omgång" in review
    assert "carry-out" not in review
    assert browser.post(f"{sketch}/carry-out").status_code == 400


def test_what_was_begun_can_be_thrown_away(console: Console, browser: Browser) -> None:
    sketch = begin(browser)
    assert path_of(browser.post(f"{sketch}/discard")) == "/"
    assert browser.get(f"{sketch}/round").status_code == 404
    assert browser.post(f"{sketch}/round", ROUND_STEP).status_code == 404
    assert "sketch_discarded" in actions(console)


def test_the_texts_are_counted_with_the_rounds_own_words(browser: Browser) -> None:
    sketch = begin(browser)
    fill_in(browser, sketch, texts={**TEXTS_STEP, "example_village": "Duvedï"})
    page = text_of(browser.get(f"{sketch}/texts"))
    assert re.search(r'data-part="costly">ï<', page)
    assert "Duvedï" in page


# --- Workbooks --------------------------------------------------------------------------------------------------


def test_a_round_goes_out_as_a_workbook_and_comes_in_the_same(browser: Browser) -> None:
    path = created(browser)
    data = workbook_of(browser, f"{path}/workbook.xlsx")
    review = path_of(upload(browser, data))
    assert "Inget skiljer sig" in text_of(browser.get(review))


def test_an_empty_workbook_is_not_taken_and_every_fault_has_its_cell(browser: Browser) -> None:
    data = workbook_of(browser, "/rounds/workbook.xlsx")
    page = text_of(upload(browser, data), 400)
    assert "Omgången" in page
    assert "Rutan är tom." in page
    assert "B Omgångens kod" in page


def test_a_workbook_changes_a_draft_once_it_is_confirmed(console: Console, browser: Browser) -> None:
    path = created(browser)
    book = load_workbook(io.BytesIO(workbook_of(browser, f"{path}/workbook.xlsx")))
    for row in book["Omgången"].iter_rows():
        if str(row[0].value).startswith("Omgångens namn"):
            row[1].value = "Från Excel"
    stream = io.BytesIO()
    book.save(stream)
    review = path_of(upload(browser, stream.getvalue()))
    assert "Från Excel" in text_of(browser.get(review))
    assert "Från Excel" not in text_of(browser.get("/"))
    browser.post(review.replace("review", "carry-out"))
    assert "Från Excel" in text_of(browser.get(path))


@pytest.mark.parametrize("data", [b"", b"hej", b"PK\x03\x04 and no more"])
def test_what_is_no_workbook_is_refused_with_advice(browser: Browser, data: bytes) -> None:
    page = text_of(upload(browser, data), 400)
    assert 'role="alert"' in page


# --- Looking and trying -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("stream", ["residents", "employees", "dialogue"])
@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_flow_is_shown_as_sms_and_as_chat(console_beside: Console, stream: str, language: str) -> None:
    browser = console_beside.browser("coordinator")
    page = text_of(browser.get(f"/rounds/{ROUND}/preview?stream={stream}&language={language}"))
    assert "GSM-7" in page
    assert '<div class="chat"' in page
    assert "[K]" not in page


def test_a_test_conversation_is_answered_as_a_resident_is_and_kept_nowhere(
    console_beside: Console, town: Town
) -> None:
    browser = console_beside.browser("coordinator")
    page = text_of(browser.get(f"/rounds/{ROUND}/try"))
    first = town.phone().say("TRYGG")
    assert first in page.replace("&#39;", "'")
    browser.post(f"/rounds/{ROUND}/try", {"text": "ja", "channel": "sms", "language": "sv"})
    answer = browser.post(
        f"/rounds/{ROUND}/try", {"said": "ja", "text": "1", "channel": "sms", "language": "sv"}
    )
    page = text_of(answer)
    assert page.count('class="bubble mine"') == 2
    assert [line.started for line in list_rounds(console_beside.desk.sessions)] == [1]  # the phone's own


def test_the_last_reply_of_a_test_conversation_is_taken_back(console_beside: Console) -> None:
    browser = console_beside.browser("coordinator")
    browser.get(f"/rounds/{ROUND}/try")
    page = text_of(browser.post(f"/rounds/{ROUND}/try", {"said": ["ja", "1"], "back": "1"}))
    assert page.count('class="bubble mine"') == 1


# --- Its life ---------------------------------------------------------------------------------------------------


def test_a_draft_opens_after_a_page_that_says_what_happens(console: Console, browser: Browser) -> None:
    path = created(browser)
    page = text_of(browser.get(f"{path}/state/open"))
    assert "Svar tas emot från 1 november 2026 till och med 30 november 2026" in page
    browser.post(f"{path}/state/open")
    assert "Öppen" in text_of(browser.get(path))
    assert "round_opened" in actions(console)


def test_a_round_without_its_legal_fields_is_not_opened(browser: Browser) -> None:
    path = created(browser, legal={})
    page = text_of(browser.get(f"{path}/state/open"))
    assert "Det här saknas: personuppgiftsansvarig" in page
    assert 'method="post" action="' + f"{path}/state/open" not in page
    text_of(browser.post(f"{path}/state/open"), 400)
    assert "Utkast" in text_of(browser.get(path))


def test_a_round_is_paused_and_takes_answers_again(console_beside: Console, town: Town) -> None:
    browser = console_beside.browser("coordinator")
    path = f"/rounds/{ROUND}"
    assert "väntar där de är" in text_of(browser.get(f"{path}/state/pause"))
    browser.post(f"{path}/state/pause")
    assert "Pausad" in text_of(browser.get(path))
    assert "Pausad" in text_of(browser.get("/"))
    assert "paus" in town.phone().say("TRYGG").casefold()
    browser.get(f"{path}/state/resume")
    browser.post(f"{path}/state/resume")
    assert "JA" in town.phone("+46701740606").say("TRYGG")


def test_a_round_is_extended_after_its_new_dates_were_shown(console_beside: Console) -> None:
    browser = console_beside.browser("coordinator")
    path = f"/rounds/{ROUND}"
    later = (MONDAY + timedelta(days=50)).date()
    assert "RADERA" not in text_of(browser.get(f"{path}/state/extend"))
    page = text_of(browser.get(f"{path}/state/extend?until={later}"))
    assert "Svar tas emot till och med 22 december 2026" in page
    assert "RADERA fungerar till och med 5 januari 2027" in page
    browser.post(f"{path}/state/extend", {"until": later.isoformat()})
    assert "22 december 2026" in text_of(browser.get(path))


@pytest.mark.parametrize("until", ["", "snart", "2026-11-03"])
def test_a_round_is_not_extended_to_what_is_no_later_day(console_beside: Console, until: str) -> None:
    browser = console_beside.browser("coordinator")
    browser.get(f"/rounds/{ROUND}/state/extend")
    text_of(browser.post(f"/rounds/{ROUND}/state/extend", {"until": until}), 400)


def test_a_round_closes_and_says_what_comes_after(console_beside: Console) -> None:
    browser = console_beside.browser("coordinator")
    path = f"/rounds/{ROUND}"
    page = text_of(browser.get(f"{path}/state/close"))
    assert "Omgångens nyckel förstörs" in page
    browser.post(f"{path}/state/close")
    assert "Stängd" in text_of(browser.get(path))
    refused = text_of(browser.post(f"{path}/state/close"), 400)
    assert "redan stängd" in refused


@pytest.mark.parametrize("deed", ["open", "resume"])
def test_what_does_not_fit_the_state_is_refused(console_beside: Console, deed: str) -> None:
    browser = console_beside.browser("coordinator")
    page = text_of(browser.get(f"/rounds/{ROUND}/state/{deed}"))
    assert "Det går inte i det läge" in page
    text_of(browser.post(f"/rounds/{ROUND}/state/{deed}"), 400)


# --- Places -----------------------------------------------------------------------------------------------------


def test_answers_are_shown_by_place_code(console_beside: Console, town: Town) -> None:
    town.phone().say("TRYGG DUVED3")
    page = text_of(console_beside.browser("coordinator").get(f"/rounds/{ROUND}/places"))
    assert re.search(r"Duveds bibliotek.*?1 svar på 10 dagar", page, re.DOTALL)


def test_a_new_place_gets_a_code_that_works_at_once(console_beside: Console, town: Town) -> None:
    browser = console_beside.browser("coordinator")
    browser.get(f"/rounds/{ROUND}/places")
    browser.post(f"/rounds/{ROUND}/places", {"labels": "Duveds skola\n\nHallens ICA", "kind": "poster"})
    page = text_of(browser.get(f"/rounds/{ROUND}/places"))
    code = re.search(r"<code>(DUVEDS[A-Z]*\d\d)</code>", page)
    assert code
    assert "Hallens ICA" in page
    town.phone().say(f"TRYGG {code[1]}")
    assert "1 svar på 10 dagar" in text_of(browser.get(f"/rounds/{ROUND}/places"))


@pytest.mark.parametrize("labels", ["", "  \n ", "x" * 81, "\n".join(["plats"] * 101)])
def test_a_place_that_cannot_have_a_code_is_refused(console_beside: Console, labels: str) -> None:
    browser = console_beside.browser("coordinator")
    browser.get(f"/rounds/{ROUND}/places")
    text_of(browser.post(f"/rounds/{ROUND}/places", {"labels": labels, "kind": "poster"}), 400)


@pytest.mark.parametrize("what", ["poster_a4", "poster_a3", "cards", "form", "sheet"])
def test_everything_is_printed_in_both_languages(console_beside: Console, what: str) -> None:
    browser = console_beside.browser("coordinator")
    for language in ("sv", "en"):
        answer = browser.get(f"/rounds/{ROUND}/print?what={what}&language={language}")
        assert answer.status_code == 200
        assert answer.get_data().startswith(b"%PDF")


def test_all_places_come_as_one_archive(console_beside: Console) -> None:
    answer = console_beside.browser("coordinator").get(f"/rounds/{ROUND}/print?what=cards&language=sv&as=zip")
    assert answer.get_data().startswith(b"PK")
    assert "are-demo-cards-sv.zip" in answer.headers["Content-Disposition"]


def test_what_cannot_be_printed_is_said_on_the_page(console_beside: Console) -> None:
    answer = console_beside.browser("coordinator").get(
        f"/rounds/{ROUND}/print?what=cards&language=sv&place=FINNSINTE"
    )
    assert "FINNSINTE" in text_of(answer, 409)


# --- With one's own telephone -----------------------------------------------------------------------------------


def _word(browser: Browser, path: str) -> str:
    browser.get(f"{path}/try")
    browser.post(f"{path}/try/phone", {"stream": "residents", "language": "sv"})
    found = re.search(r"<strong>(PROV \d{6})</strong>", text_of(browser.get(f"{path}/try")))
    assert found
    return found[1]


def _kept(town: Town) -> dict[str, int]:
    with town.house.database.sessions.reading() as session:
        return {
            table.__name__: session.scalar(select(func.count()).select_from(table)) or 0
            for table in (Conversation, Answer, Coding, InboxMessage, OptOut, PhoneTrial)
        }


def test_what_a_marked_telephone_writes_is_answered_and_never_counted(
    console_beside: Console, town: Town
) -> None:
    browser = console_beside.browser("coordinator")
    word = _word(browser, f"/rounds/{ROUND}")
    phone, other = town.phone(), town.phone("+46701740606")
    assert "JA" in phone.say(word)
    last = phone.answer_all(
        "ja", "1", "Duved", "4", "Folk kör för fort på E14", "2,5", "fartkamera", "47", "1"
    )
    assert "Tack" in last
    assert phone.say("TRYGG") == ""  # nor does it begin the survey itself, as long as it is marked
    assert _kept(town) == dict.fromkeys(_kept(town), 0) | {"PhoneTrial": 1}
    other.say("TRYGG")
    assert _kept(town)["Conversation"] == 1


def test_a_draft_is_tried_by_telephone_before_it_opens(console_beside: Console, town: Town) -> None:
    browser = console_beside.browser("coordinator")
    draft = created(browser, round={**ROUND_STEP, "phone_number": OUR_NUMBER})
    phone = town.phone()
    assert "JA" in phone.say(_word(browser, draft))
    assert "siffra" in phone.say("ja")
    assert _kept(town)["Conversation"] == 0
    assert "JA" in town.phone("+46701740606").say("TRYGG")  # the round that is open goes on


def test_a_message_of_a_test_that_comes_twice_gets_the_same_reply(
    console_beside: Console, town: Town
) -> None:
    word = _word(console_beside.browser("coordinator"), f"/rounds/{ROUND}")
    phone, sid = town.phone(), f"SM{'a' * 32}"
    phone.say(word)
    assert phone.say("ja", MessageSid=sid) == phone.say("ja", MessageSid=sid) != ""


def test_a_test_is_deleted_within_the_hour_or_at_once(console_beside: Console, town: Town) -> None:
    browser = console_beside.browser("coordinator")
    town.phone().say(_word(browser, f"/rounds/{ROUND}"))
    browser.post(f"/rounds/{ROUND}/try/phone/end")
    assert _kept(town)["PhoneTrial"] == 0
    assert "JA" in town.phone().say("TRYGG")
    _word(browser, f"/rounds/{ROUND}")
    town.clock.move(hours=1)
    Upkeep(sessions=town.house.database.sessions, now=town.clock).run()
    assert _kept(town)["PhoneTrial"] == 0


def test_a_word_that_nobody_was_given_marks_nothing(console_beside: Console, town: Town) -> None:
    _word(console_beside.browser("coordinator"), f"/rounds/{ROUND}")
    town.phone().say("PROV 000000")
    assert "JA" in town.phone().say("TRYGG")
    assert _kept(town)["Conversation"] == 1
