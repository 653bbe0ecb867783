"""The live problem picture and the quotes on the console: what is counted, hidden, chosen, refused, approved."""

import re

import pytest
from console import Browser, Console
from sqlalchemy import select
from test_console_coding import said
from town import MONDAY, ROUND, Town

from storage.database import Database
from storage.tables import Answer, Quote

PICTURE = f"/rounds/{ROUND}/picture"
QUOTES = f"/rounds/{ROUND}/quotes"
TEXTS = (
    "mopederna kör fort på kvällarna",
    "epor som brummar hela natten",
    "moppar och epor överallt",
    "<script>alert(1)</script> mopeder",
    "min moppe ringer från 070-174 06 05 mopeder kör",
    "rasister som hotar oss på torget",
)


@pytest.fixture
def town(database: Database) -> Town:
    """Six have answered, the first three in Duved."""
    town = Town.build(database)
    for index, text in enumerate(TEXTS):
        area = "Duved" if index < 3 else "Järpen"
        town.phone(f"+4670174067{index}").answer_all("TRYGG", "ja", "1", area, "1", text, "v", "7", "lampor")
    return town


@pytest.fixture
def browser(town: Town) -> Browser:
    browser = Console.beside(town).browser("coordinator")
    browser.get(PICTURE)
    return browser


def persons(browser: Browser, query: str = "") -> int:
    page = browser.get(f"{PICTURE}?{query}").get_data(as_text=True)
    found = re.search(r'data-part="persons">(\d+)<', page)
    assert found
    return int(found.group(1))


def answer_ids(town: Town, *texts: str) -> list[int]:
    with town.house.database.sessions.reading() as session:
        return [session.scalars(select(Answer.id).where(Answer.text.contains(text))).one() for text in texts]


def approved(town: Town) -> list[tuple[str, bool, str]]:
    with town.house.database.sessions.reading() as session:
        rows = session.execute(select(Quote.text, Quote.is_verbatim, Quote.approved_by))
        return [(row[0], row[1], row[2]) for row in rows]


def test_the_address_says_who_is_counted(browser: Browser) -> None:
    assert persons(browser) == 6
    assert persons(browser, "area=duved") == 3
    assert persons(browser, "area=duved&category=traffic_vehicles") == 3
    assert persons(browser, f"since={MONDAY.date()}") == 6
    assert persons(browser, "until=2026-11-01") == 0
    assert persons(browser, "area=nowhere&age=%00&since=soon&stream=x") == 6


def test_it_is_marked_as_working_material_and_says_that_the_figures_stay_in_the_house(
    browser: Browser,
) -> None:
    words = said(browser.get(PICTURE))
    assert "Arbetsmaterial" in words
    assert "Exakta siffror" in words and "inte lämna huset" in words
    assert "inga andelar visas" in words


def test_sensitive_subjects_are_in_no_part_and_not_below_five(browser: Browser) -> None:
    for query in ("", "area=jarpen"):
        page = browser.get(f"{PICTURE}?{query}").get_data(as_text=True)
        assert "Buskörning" in page or query
        assert "Hatbrott, rasism" not in page


def test_every_problem_leads_to_its_quotes_and_its_answers(browser: Browser) -> None:
    page = browser.get(f"{PICTURE}?area=duved").get_data(as_text=True)
    assert f"{QUOTES}?category=traffic_vehicles" in page
    assert f"/rounds/{ROUND}/coding?show=all&amp;category=traffic_vehicles&amp;area=duved" in page
    answers = browser.get(f"/rounds/{ROUND}/coding?show=all&category=traffic_vehicles&area=duved")
    assert TEXTS[0] in said(answers)


def test_one_answer_is_quoted_in_its_own_words_and_several_in_other(browser: Browser, town: Town) -> None:
    (one,) = answer_ids(town, TEXTS[0])
    page = browser.get(f"{QUOTES}?category=traffic_vehicles&answer={one}").get_data(as_text=True)
    assert re.search(rf"<textarea[^>]*>{TEXTS[0]}</textarea>", page)
    answer = browser.post(QUOTES, {"category": "traffic_vehicles", "text": TEXTS[0], "answer": [one]})
    assert answer.status_code == 303
    three = answer_ids(town, *TEXTS[:3])
    browser.post(QUOTES, {"category": "traffic_vehicles", "text": "Mopeder stör om natten.", "answer": three})
    assert approved(town) == [
        (TEXTS[0], True, "Test Coordinator"),
        ("Mopeder stör om natten.", False, "Test Coordinator"),
    ]
    words = said(browser.get(f"{QUOTES}?category=traffic_vehicles"))
    assert "ordagrant" in words and "omskrivet av 3 svar" in words and "citerat" in words
    assert "2 citat" in said(browser.get(PICTURE))
    assert "Mopeder stör om natten." in said(browser.get(QUOTES))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "Skriv citatet"),
        ("x" * 300, "300 tecken"),
        ("Ring 070-174 06 05 om mopederna", "telefonnummer"),
        ("Mopederna kör vid [TEL]", "maskerat"),
        ("Mopederna kör på Åre torg", "Åre torg"),
        ("En tjej på 14 år är rädd för mopederna", "både ålder och kön"),
    ],
)
def test_what_leads_to_somebody_is_refused_in_plain_swedish_and_what_was_written_stays(
    browser: Browser, town: Town, text: str, why: str
) -> None:
    (one,) = answer_ids(town, TEXTS[0])
    answer = browser.post(QUOTES, {"category": "traffic_vehicles", "text": text, "answer": [one]})
    assert answer.status_code == 400
    assert why in said(answer)
    page = answer.get_data(as_text=True)
    assert f'value="{one}" checked' in page
    assert text[:60] in page
    assert approved(town) == []


def test_answers_that_nobody_ticked_or_that_are_gone_make_no_quote(browser: Browser, town: Town) -> None:
    fields = {"category": "traffic_vehicles", "text": "Mopeder stör."}
    assert "Kryssa för minst ett svar" in said(browser.post(QUOTES, fields))
    assert "finns inte längre" in said(browser.post(QUOTES, {**fields, "answer": ["12345"]}))
    wish = answer_ids(town, "rasister")
    assert "inte längre om detta problem" in said(browser.post(QUOTES, {**fields, "answer": wish}))
    assert browser.post(QUOTES, {**fields, "category": "hate_discrimination"}).status_code == 400


def test_a_quote_is_removed_once(browser: Browser, town: Town) -> None:
    (one,) = answer_ids(town, TEXTS[0])
    browser.post(QUOTES, {"category": "traffic_vehicles", "text": TEXTS[0], "answer": [one]})
    page = browser.get(f"{QUOTES}?category=traffic_vehicles").get_data(as_text=True)
    (deed,) = set(re.findall(r'action="([^"]+/remove[^"]*)"', page))
    assert browser.post(deed.replace("&amp;", "&")).status_code == 303
    assert approved(town) == []
    browser.post(deed.replace("&amp;", "&"))
    assert "fanns inte längre" in said(browser.get(QUOTES))


def test_a_script_in_an_answer_is_shown_as_it_was_written(browser: Browser) -> None:
    page = browser.get(f"{QUOTES}?category=traffic_vehicles").get_data(as_text=True)
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page
