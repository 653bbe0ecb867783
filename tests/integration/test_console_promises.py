"""Promises on the console: written, kept when refused, never written over, followed up, and shown where they wait."""

import re

import pytest
from console import Browser, Console
from test_console_coding import said
from test_promises import a_later_round
from town import ROUND, Town

from bot.services.roles import Role
from storage.database import Database

PROMISES = f"/rounds/{ROUND}/promises"
WHOLE = {
    "problem": "F_TRAFFIC", "area": "duved", "wording": "Minst 100 trafikkontroller på vägarna.", "owner": "Polisen",
    "co_actors": "Trafikverket", "indicator": "kontrolljournalen", "target": "1 100,5", "unit": "kontroller",
    "frequency": "year", "deadline": "2026-11-20",
}  # fmt: skip


@pytest.fixture
def town(database: Database) -> Town:
    return Town.build(database)


@pytest.fixture
def console(town: Town) -> Console:
    return Console.beside(town)


@pytest.fixture
def browser(console: Console) -> Browser:
    browser = console.browser("coordinator")
    browser.get(PROMISES)
    return browser


def add(browser: Browser, **changes: str) -> str:
    """The address of the promise's own page."""
    answer = browser.post(PROMISES, {**WHOLE, **changes})
    assert answer.status_code == 303, said(answer)
    number = re.search(r"#promise-(\d+)$", answer.headers["Location"])
    assert number
    return f"{PROMISES}/{number.group(1)}"


def test_a_promise_is_written_and_stands_in_the_list_with_what_it_lacks(browser: Browser) -> None:
    assert "Inget löfte är skrivet än." in said(browser.get(PROMISES))
    add(browser)
    add(browser, wording="Vi ska verka för lugn.", owner="", target="", deadline="", problem="fraud")
    words = said(browser.get(PROMISES))
    assert "Trafiksituationen" in words and "Bedrägerier" in words
    assert "1 100,5 kontroller om året" in words.replace("\xa0", " ")
    assert "Vem ansvarar?" in words and "När ska det vara gjort?" in words
    assert "”verka för” säger vad ni vill" in words


def test_the_form_opens_on_the_problem_of_the_matrix(browser: Browser) -> None:
    page = browser.get(f"{PROMISES}/new?problem=fraud").get_data(as_text=True)
    assert '<option value="fraud" selected>' in page
    assert browser.get(f"{PROMISES}/new?problem=nonsense").status_code == 200


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"wording": ""}, "Skriv vad ni lovar."),
        ({"problem": ""}, "Välj vilket problem löftet gäller."),
        ({"owner": "Anna Bergström"}, "Texten nämner en person (Anna Bergström)."),
        ({"co_actors": "070-174 06 05"}, "Texten innehåller personuppgifter (telefonnummer)."),
        ({"target": "många"}, "Skriv ett tal"),
        ({"target": "1e400"}, "Skriv ett tal"),
        ({"deadline": "snart"}, "Skriv en dag"),
        ({"wording": "x" * 500}, "Texten är 500 tecken. Korta den till 400."),
    ],
)
def test_what_is_refused_says_why_and_keeps_what_was_typed(
    browser: Browser, typed: dict[str, str], sentence: str
) -> None:
    answer = browser.post(PROMISES, {**WHOLE, "unit": "lampor vid skolan", **typed})
    assert answer.status_code == 400
    assert sentence in said(answer)
    page = answer.get_data(as_text=True)
    assert 'value="lampor vid skolan"' in page and 'aria-invalid="true"' in page
    assert "Inget löfte är skrivet än." in said(browser.get(PROMISES))


@pytest.mark.parametrize("field", ["frequency", "status"])
def test_a_choice_that_there_is_not_is_refused(browser: Browser, field: str) -> None:
    one = add(browser)
    path = f"{one}/follow-up" if field == "status" else one
    outcome = {"status": "kept", "result": "", "result_number": "", "followed_up_on": "", "feedback_on": ""}
    assert browser.post(path, {**WHOLE, **outcome, "version": "1", field: "sometimes"}).status_code == 400


def test_who_saves_over_another_is_shown_what_stands_and_loses_nothing(
    browser: Browser, console: Console
) -> None:
    one = add(browser)
    other = console.browser("coordinator")
    other.get(one)
    assert other.post(one, {**WHOLE, "version": "1", "owner": "Gatuenheten"}).status_code == 303
    answer = browser.post(one, {**WHOLE, "version": "1", "owner": "Räddningstjänsten"})
    assert answer.status_code == 409
    words, page = said(answer), answer.get_data(as_text=True)
    assert "coordinator@example.se ändrade löftet" in words and "Gatuenheten" in words
    assert 'value="Räddningstjänsten"' in page and 'name="version" value="2"' in page
    assert browser.post(one, {**WHOLE, "version": "2", "owner": "Räddningstjänsten"}).status_code == 303
    assert "Räddningstjänsten" in said(browser.get(PROMISES))


def test_a_refusal_does_not_make_anothers_change_seen(browser: Browser, console: Console) -> None:
    one = add(browser)
    other = console.browser("coordinator")
    other.get(one)
    assert other.post(one, {**WHOLE, "version": "1", "owner": "Gatuenheten"}).status_code == 303
    refused = browser.post(one, {**WHOLE, "version": "1", "target": "många"})
    assert refused.status_code == 400
    assert 'name="version" value="1"' in refused.get_data(as_text=True)
    assert browser.post(one, {**WHOLE, "version": "1"}).status_code == 409


def test_a_promise_is_followed_up_and_withdrawn(browser: Browser) -> None:
    one = add(browser)
    outcome = {
        "status": "kept",
        "result": "Mest på E14.",
        "result_number": "303",
        "followed_up_on": "",
        "feedback_on": "",
    }
    browser.get(one)
    assert browser.post(f"{one}/follow-up", {**outcome, "version": "1"}).status_code == 303
    words = said(browser.get(PROMISES))
    assert "1 löfte gavs: 1 hölls." in words and "303 kontroller. Mest på E14." in words
    assert "Resultatet är lägre än målet." in words and "har inte fått veta" in words
    refused = browser.post(f"{one}/withdraw", {"version": "2", "reason": " "})
    assert refused.status_code == 400 and "Skriv varför" in said(refused)
    assert browser.post(f"{one}/withdraw", {"version": "2", "reason": "Ersatt."}).status_code == 303
    assert "Återtaget" in said(browser.get(PROMISES))
    assert "följde upp ett löfte" in said(browser.get("/audit"))


def test_the_texts_leave_out_what_cannot_be_followed_up_and_say_what_a_message_costs(
    browser: Browser,
) -> None:
    add(browser)
    add(browser, wording="Vi ska verka för lugn.", owner="")
    page = browser.get(f"{PROMISES}/texts").get_data(as_text=True)
    words = said(browser.get(f"{PROMISES}/texts"))
    assert "Löfte: Minst 100 trafikkontroller på vägarna." in page
    assert "Ni har sagt: Trafiksituationen (Duved)" in page
    assert "1 löfte saknar ansvarig" in words
    assert re.search(r"\d+ tecken, ett sms\.", words)
    english = browser.get(f"{PROMISES}/texts?language=en").get_data(as_text=True)
    assert "You said: Traffic (Duved)" in english
    assert browser.get(f"{PROMISES}/texts?language=xx").status_code == 404


def test_the_round_before_is_chosen_and_its_promises_are_shown(browser: Browser, town: Town) -> None:
    add(browser)
    later = a_later_round(town)
    path = f"/rounds/{later}/promises"
    browser.get(path)
    assert browser.post(f"{path}/before", {"before": "nowhere"}).status_code == 400
    assert browser.post(f"{path}/before", {"before": ROUND}).status_code == 303
    words = said(browser.get(path))
    assert "1 löfte gavs: 1 utan slutligt besked än." in words
    assert browser.post(f"{path}/before", {"before": ""}).status_code == 303


def test_monday_shows_what_is_late_or_lacks_something_of_any_round(browser: Browser, town: Town) -> None:
    assert "Inget löfte är sent" in said(browser.get("/monday"))
    add(browser)
    add(browser, wording="Lampor vid skolan.", owner="", target="", deadline="")
    words = said(browser.get("/monday"))
    assert "Lampor vid skolan. Ingen ansvarig. Inget antal. Inget datum." in words
    town.clock.move(days=19)
    browser.sign_in(Role.COORDINATOR)
    words = said(browser.get("/monday"))
    assert "Åtgärda Minst 100 trafikkontroller på vägarna. Tiden gick ut 20 november 2026: följ upp." in words


def test_a_promise_of_another_round_is_not_found(browser: Browser, town: Town) -> None:
    one = add(browser)
    later = a_later_round(town)
    elsewhere = one.replace(ROUND, later)
    assert browser.get(elsewhere).status_code == 404
    assert browser.post(elsewhere, {**WHOLE, "version": "1"}).status_code == 404
    assert browser.get("/rounds/nothing/promises").status_code == 404


@pytest.mark.parametrize("role", ["viewer", "coder", "note_taker"])
def test_others_than_coordinators_see_no_register(console: Console, role: str) -> None:
    assert console.browser(role).get(PROMISES).status_code == 403
