"""The round's public page: what everybody may read, and nothing else."""

from datetime import timedelta
from html import unescape
from importlib.resources import files

import pytest
from town import MONDAY, ROUND, Town

from bot.cli.demo import demonstration_round
from bot.services.colours import contrast_with_white
from bot.services.reporting import Reports
from bot.services.round_documents import parse_round
from bot.services.round_pages import find_round
from bot.services.rounds import RoundRefused
from flows.catalogue import load_document_text
from storage.database import Database

PAGE = f"/rounds/{ROUND}"


@pytest.fixture
def town(database: Database) -> Town:
    return Town.build(database)


def _read(town: Town, path: str, status: int = 200) -> str:
    response = town.client.get(path)
    assert response.status_code == status, path
    return unescape(response.get_data(as_text=True))


def test_open_round_says_who_asks_and_every_way_to_answer(town: Town) -> None:
    page = _read(town, f"{PAGE}?lang=sv")
    for told in (
        "Åre kommun och Polisen",
        "TRYGG",
        "070-000 01 00",
        "0647-161 00",
        "Ring 112",
        "2 december 2026",
    ):
        assert told in page, told
    for way in (
        f"/chat/{ROUND}/residents?lang=sv",
        "sms:+46700000100?body=TRYGG",
        f"{PAGE}/questions?lang=sv",
    ):
        assert way in page, way


def test_page_comes_in_the_language_of_the_address_or_else_of_the_browser(town: Town) -> None:
    assert '<html lang="en">' in _read(town, f"{PAGE}?lang=en")
    assert "SAFE" in _read(town, f"{PAGE}?lang=en")
    response = town.client.get(PAGE, headers={"Accept-Language": "de,en;q=0.8"})
    assert '<html lang="en">' in response.get_data(as_text=True)
    assert '<html lang="sv">' in _read(town, f"{PAGE}?lang=xx")


def test_dates_of_forgetting_are_those_that_the_program_keeps(town: Town) -> None:
    page = _read(town, f"{PAGE}?lang=en")
    assert "Until 16 December 2026 it is possible to tell" in page
    assert "removed by 2 December 2027" in page
    assert "removed by 2 December 2030" in page


def test_closed_round_offers_no_way_to_answer(town: Town) -> None:
    town.rounds.close(ROUND)
    page = _read(town, f"{PAGE}?lang=sv")
    assert "Enkäten stängde" in page
    assert "/chat/" not in page
    assert "TRYGG" not in page


def test_round_that_is_to_come_says_when(database: Database) -> None:
    town = Town.build(database, opens_on=MONDAY.date() + timedelta(days=7))
    page = _read(town, f"{PAGE}?lang=sv")
    assert "Enkäten öppnar 9 november 2026" in page
    assert "/chat/" not in page


@pytest.mark.parametrize("path", ["/rounds/other", "/rounds/other/questions", "/rounds/other/results"])
def test_round_that_does_not_exist_is_not_found(town: Town, path: str) -> None:
    assert "Sidan finns inte" in _read(town, f"{path}?lang=sv", status=404)


def test_every_question_of_the_chat_stands_on_paper(town: Town) -> None:
    facts = find_round(town.house.inbound.parts, ROUND)
    assert facts is not None
    page = _read(town, f"{PAGE}/questions?lang=sv&size=large")
    assert len(facts.questions) == 13
    for question in facts.questions:
        assert question.label["sv"].replace("[VÄG]", "E14") in page
        assert all(choice.label["sv"] in page for choice in question.choices)
    assert '<body class="paper large">' in page


def test_results_are_shown_once_somebody_has_published_them_and_no_longer_than_that(town: Town) -> None:
    _answers(town)
    Reports(sessions=town.house.database.sessions, now=town.clock, actor="test").picture(ROUND)
    assert "Inga resultat än" in _read(town, f"{PAGE}/results?lang=sv")
    town.rounds.publish(ROUND)
    results = _read(town, f"{PAGE}/results?lang=sv")
    assert "går inte att räkna om till alla" in results
    assert "<caption>" in results
    assert "Läs vad som har kommit fram" in _read(town, f"{PAGE}?lang=sv")
    town.rounds.withdraw(ROUND)
    assert "Inga resultat än" in _read(town, f"{PAGE}/results?lang=sv")


def test_nothing_can_be_published_before_there_is_a_report(town: Town) -> None:
    with pytest.raises(RoundRefused, match="has no report yet"):
        town.rounds.publish(ROUND)


def _answers(town: Town) -> None:
    for number in range(20):
        phone = town.phone(f"+467017500{number:02}")
        phone.answer_all(
            "TRYGG", "ja", "1", "Duved", "4", "Folk kör för fort på E14", "2", "fartkamera", "40", "1"
        )


def test_round_with_a_colour_of_its_own_wears_it_on_its_pages_and_in_its_chat(database: Database) -> None:
    town = Town.build(database, values={**demonstration_round().values, "colour": "#7a1f3d"})
    address = f"{PAGE}/colour.css"
    assert address in _read(town, PAGE)
    assert address in _read(town, f"/chat/{ROUND}/residents")
    style = town.client.get(address)
    assert style.content_type.startswith("text/css")
    assert style.get_data(as_text=True).startswith(":root{--accent:#7a1f3d}")


def test_round_without_one_asks_for_no_style_of_its_own(town: Town) -> None:
    assert "colour.css" not in _read(town, PAGE) + _read(town, f"/chat/{ROUND}/residents")
    assert town.client.get(f"{PAGE}/colour.css").status_code == 404


@pytest.mark.parametrize(
    ("colour", "problem"),
    [
        ("#1f5a5a", ""),
        ("#767676", ""),
        ("#777777", "#777777 is too light: its contrast is 4.5"),
        ("#ffcc00", "#ffcc00 is too light: its contrast is 1.5"),
        ("red", "'red' is not a colour"),
        ("#fff;}", "'#fff;}' is not a colour"),
    ],
)
def test_colour_that_not_everybody_can_read_is_refused(colour: str, problem: str) -> None:
    source = files("bot.demo").joinpath("are.yaml").read_text(encoding="utf-8")
    loaded = load_document_text(f'{source}\ncolour: "{colour}"\n', "are.yaml")
    problems = [found.message for found in parse_round(loaded.document, loaded.places).problems]
    assert problems == ([problem] if problem else [])


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast_with_white("#000000") == pytest.approx(21)
    assert contrast_with_white("#ffffff") == pytest.approx(1)
    assert contrast_with_white("#767676") == pytest.approx(4.54, abs=0.01)
