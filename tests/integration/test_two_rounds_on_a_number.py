"""Two rounds on one number: a keyword decides, else the survey that asked last; orders hold for both."""

from dataclasses import replace
from datetime import timedelta

import pytest
from kept import assert_states_and_answers_agree, count
from sqlalchemy import select
from town import MONDAY, RESIDENT, ROUND, Town

from bot.cli.demo import demonstration_round
from bot.services.place_codes import NewPlace, PlaceCodes
from bot.services.publishing import load_flow
from bot.services.rounds import RoundRefused
from bot.services.upkeep import Upkeep
from storage.database import Database
from storage.tables import Answer, Conversation, FeedbackEntry, InboxMessage, OptOut, Round

OTHER = "are-skola"


@pytest.fixture
def town(database: Database) -> Town:
    town = Town.build(database)
    _add_round(town)
    return town


def _add_round(
    town: Town, *, code: str = OTHER, word: str = "SKOLA", opens: int = 10, **changes: object
) -> None:
    """Another round on the same number, opened later."""
    document = demonstration_round()
    document = replace(
        document,
        code=code,
        opens_on=MONDAY.date() - timedelta(days=opens),
        closes_on=MONDAY.date() + timedelta(days=90),
        values={**document.values, "keywords": [{"word": word, "flow": "residents", "language": "sv"}]},
        place_codes=(),
        **changes,
    )
    town.rounds.create(document, lambda name: load_flow(name, None), is_demonstration=True)  # type: ignore[arg-type]
    town.rounds.open(code)


def _answers(town: Town, code: str) -> dict[str, str]:
    with town.house.database.sessions.reading() as session:
        rows = session.execute(
            select(Answer.question, Answer.value)
            .join(Round, Round.id == Answer.round_id)
            .where(Round.code == code, Answer.standing == "current")
        )
        return {row.question: row.value for row in rows}


def _statuses(town: Town) -> dict[str, str]:
    with town.house.database.sessions.reading() as session:
        rows = session.execute(
            select(Round.code, Conversation.status).join(Round, Round.id == Conversation.round_id)
        )
        return {row.code: row.status for row in rows}


def test_a_keyword_decides_and_answers_stay_in_its_round(town: Town) -> None:
    town.phone().answer_all("TRYGG", "ja", "1")
    town.phone("+46701740606").answer_all("SKOLA", "ja", "2")
    assert (_answers(town, ROUND), _answers(town, OTHER)) == (
        {"role": "lives"},
        {"role": "works_or_studies"},
    )


def test_without_a_keyword_an_answer_goes_to_the_survey_that_asked_last(town: Town) -> None:
    phone = town.phone()
    phone.answer_all("TRYGG", "ja", "1")
    town.clock.move(hours=1)
    phone.answer_all("SKOLA", "ja", "2")
    town.clock.move(hours=1)
    phone.say("Kall")
    assert _answers(town, OTHER) == {"role": "works_or_studies", "area": "kall"}
    town.clock.move(hours=1)
    assert phone.say("TRYGG").startswith("Vilken ort")
    town.clock.move(hours=1)
    phone.say("Duved")
    assert _answers(town, ROUND) == {"role": "lives", "area": "duved"}
    assert _answers(town, OTHER) == {"role": "works_or_studies", "area": "kall"}
    assert_states_and_answers_agree(town)


def test_the_older_rounds_survey_goes_on_though_a_newer_one_takes_answers(town: Town) -> None:
    phone = town.phone()
    phone.answer_all("TRYGG", "ja", "1", "Duved")
    assert _answers(town, ROUND)["area"] == "duved"
    assert _answers(town, OTHER) == {}


def test_who_has_finished_one_goes_on_in_the_other(town: Town) -> None:
    phone = town.phone()
    phone.answer_all("SKOLA", "ja", "2")
    town.clock.move(hours=1)
    phone.answer_all(*RESIDENT)
    town.clock.move(hours=1)
    phone.say("Kall")
    assert _answers(town, OTHER) == {"role": "works_or_studies", "area": "kall"}
    assert _answers(town, ROUND)["area"] == "duved"


def test_an_answer_to_a_closed_round_lands_in_no_other(town: Town) -> None:
    phone = town.phone()
    phone.answer_all("SKOLA", "ja", "2")
    town.clock.move(hours=1)
    phone.answer_all("TRYGG", "ja", "1")
    town.rounds.close(ROUND)
    town.clock.move(hours=1)
    assert "enkäten är stängd" in phone.say("Duved")
    assert _answers(town, OTHER) == {"role": "works_or_studies"}
    assert phone.say("SKOLA").startswith("Vilken ort")
    assert "area" in (phone.say("Kall") and _answers(town, OTHER))


def test_a_place_code_is_an_answer_while_a_survey_is_under_way_and_begins_one_otherwise(town: Town) -> None:
    codes = PlaceCodes(sessions=town.house.database.sessions, now=town.clock, actor="test")
    (code,) = codes.add(OTHER, [NewPlace(label="Skolan")])
    phone = town.phone()
    phone.answer_all("TRYGG", "ja", "1")
    assert not phone.say(code.code).startswith("Åre kommun ställer")
    assert town.phone("+46701740606").say(code.code).startswith("Åre kommun ställer")
    assert set(_statuses(town)) == {ROUND, OTHER}


def test_stop_stops_both(town: Town) -> None:
    phone = town.phone()
    phone.answer_all("TRYGG", "ja", "RESULTAT")
    phone.answer_all("SKOLA", "ja", "2")
    assert phone.say("stopp").startswith("Du får inga fler sms")
    assert _statuses(town) == {ROUND: "stopped", OTHER: "stopped"}
    assert (count(town, OptOut), count(town, FeedbackEntry)) == (1, 0)
    assert phone.say("Kall") == ""
    assert "area" not in _answers(town, OTHER) | _answers(town, ROUND)


@pytest.mark.parametrize("is_closed", [False, True])
def test_erase_erases_in_both_as_long_as_their_keys_live(town: Town, is_closed: bool) -> None:
    phone = town.phone()
    phone.answer_all("TRYGG", "ja", "1")
    if is_closed:
        town.rounds.close(ROUND)
    phone.answer_all("SKOLA", "ja", "2")
    town.phone("+46701740606").answer_all("SKOLA", "ja", "2")
    assert phone.say("radera").startswith("Dina svar är raderade")
    assert (count(town, Conversation), _answers(town, ROUND)) == (1, {})


def test_erase_tells_that_something_went_also_where_it_stood_in_the_other_round(town: Town) -> None:
    phone = town.phone()
    phone.answer_all("TRYGG", "ja", "1")
    town.rounds.close(ROUND)
    phone.answer_all("SKOLA", "nej")
    assert phone.say("radera").startswith("Dina svar är raderade")
    assert count(town, Conversation) == 0


def test_rounds_that_begin_with_the_same_word_are_not_open_on_one_number(town: Town) -> None:
    with pytest.raises(RoundRefused, match=r"begins with trygg|begins with TRYGG"):
        _add_round(town, code="are-tre", word="trygg")


def test_a_new_place_code_is_none_of_the_other_rounds(town: Town) -> None:
    codes = PlaceCodes(sessions=town.house.database.sessions, now=town.clock, actor="test")
    made = {codes.add(code, [NewPlace(label="Biblioteket")])[0].code for code in (ROUND, OTHER)}
    assert len(made) == 2


# --- opt-out is for good until START -----------------------------------------------------------------------------


def test_stop_holds_in_the_next_round_until_start(database: Database) -> None:
    town = Town.build(database)
    phone = town.phone()
    phone.answer_all("TRYGG", "ja", "stopp")
    upkeep = Upkeep(sessions=database.sessions, now=town.clock)
    for days in (32, 20):  # the round closes and its key goes
        town.clock.move(days=days)
        upkeep.run()
    _add_round(town)
    assert count(town, OptOut) == 1
    assert phone.say("mörkt i backen vid skolan") == ""
    assert phone.say("SKOLA").startswith("Åre kommun ställer")
    phone.answer_all("ja", "1")
    assert count(town, OptOut) == 1
    assert phone.say("START").startswith("Välkommen tillbaka")
    assert count(town, OptOut) == 0
    assert phone.say("Duved").startswith("Hur trygg")


@pytest.mark.parametrize("word", ["ja", "yes", "1", "fortsätt", "börja om", "hjälp", "tillbaka", "svenska"])
def test_no_other_word_opts_in(database: Database, word: str) -> None:
    town = Town.build(database)
    phone = town.phone()
    phone.answer_all("TRYGG", "ja", "1", "stopp", word, "TRYGG", word)
    assert count(town, OptOut) == 1
    assert count(town, InboxMessage) <= 1
