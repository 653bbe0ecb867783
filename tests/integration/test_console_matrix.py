"""The priority matrix on the console: the suggestion, the group's own score with its reason, who changed what."""

import re

import pytest
from console import Browser, Console
from test_console_coding import said
from town import ROUND, Town

from bot.services.reporting import Reports
from storage.database import Database

MATRIX = f"/rounds/{ROUND}/matrix"


@pytest.fixture
def town(database: Database) -> Town:
    """Thirty have answered, and a report was released."""
    town = Town.build(database)
    for index in range(30):
        text = ("mopederna kör fort", "mörkt i backen")[index % 2]
        town.phone(f"+4670174{index:04}").answer_all(
            "TRYGG", "ja", "1", "Duved", "1", text, "v", "7", "lampor", "47", "1"
        )
    Reports(sessions=town.house.database.sessions, now=town.clock, actor="test").picture(ROUND)
    return town


@pytest.fixture
def browser(town: Town) -> Browser:
    return Console.beside(town).browser("coordinator")


def a_problem(browser: Browser) -> str:
    found = re.search(r"problem=(\w+)&amp;criterion=influence", browser.get(MATRIX).get_data(as_text=True))
    assert found
    return found.group(1)


def give(browser: Browser, problem: str, score: str, reason: str = "Kommunen äger lamporna.") -> int:
    fields = {"problem": problem, "criterion": "influence", "score": score, "reason": reason}
    return browser.post(MATRIX, fields).status_code


def opened(browser: Browser, problem: str, criterion: str = "influence") -> str:
    return said(browser.get(f"{MATRIX}?problem={problem}&criterion={criterion}"))


def test_the_suggestion_stands_beside_with_its_reason(browser: Browser) -> None:
    words = opened(browser, a_problem(browser), "residents")
    assert "Förslag " in words and "nämner det" in words
    assert "Gruppen har inte ändrat här." in words
    assert "programmet bestämmer inget" in words


def test_the_groups_score_stands_with_who_gave_it_and_can_be_taken_back(browser: Browser, town: Town) -> None:
    problem = a_problem(browser)
    assert give(browser, problem, "3") == 303
    words = opened(browser, problem)
    assert "3 poäng av coordinator@example.se" in words and "Kommunen äger lamporna." in words
    assert give(browser, problem, "suggestion", "") == 303
    words = opened(browser, problem)
    assert "Tillbaka till förslaget av coordinator@example.se" in words
    assert "3 poäng av" in words


def test_a_score_goes_into_the_report(browser: Browser, town: Town) -> None:
    problem = a_problem(browser)
    give(browser, problem, "3")
    reports = Reports(sessions=town.house.database.sessions, now=town.clock, actor="test")
    table = reports.picture(ROUND).table("priorities")
    assert table is not None
    at = [column.code for column in table.columns].index("influence")
    assert {row.code: row.values[at] for row in table.rows}[problem] == 3


@pytest.mark.parametrize(("score", "reason"), [("4", "x"), ("", "x"), ("2", ""), ("two", "x")])
def test_what_is_no_score_or_has_no_reason_changes_nothing(browser: Browser, score: str, reason: str) -> None:
    problem = a_problem(browser)
    assert give(browser, problem, score, reason) == 400
    assert "Gruppen har inte ändrat här." in opened(browser, problem)
    assert give(browser, "no_such_problem", "1") == 400
