"""Place codes of a round: made for named places, read in messages, never guessed, counted."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from town import ROUND, Town

from bot.services.place_codes import NewPlace, PlaceCodeRefused, PlaceCodes
from bot.services.rounds import RoundRefused
from bot.services.surveys import UNKNOWN_PLACE_CODE
from storage.database import Database
from text.place_codes import read_code


@pytest.fixture
def town(database: Database) -> Town:
    return Town.build(database)


def keeper(town: Town) -> PlaceCodes:
    return PlaceCodes(sessions=town.house.database.sessions, now=town.clock, actor="test")


def add(town: Town, *labels: str, kind: str = "poster") -> list[str]:
    added = keeper(town).add(ROUND, [NewPlace(label=label, kind=kind, area_code="duved") for label in labels])
    return [code.code for code in added]


def started(town: Town) -> dict[str, int]:
    return {use.code: use.started for use in keeper(town).list(ROUND) if use.started}


def test_new_codes_work_at_once_in_a_process_that_knew_the_round_without_them(town: Town) -> None:
    town.phone("+46701740601").say("TRYGG DUVED3")
    (code,) = add(town, "Duveds bibliotek, entrén")
    assert read_code(code) == code
    town.phone("+46701740602").say(f"trygg {code.lower()[:-2]} {code[-2:]}")
    town.phone("+46701740603").say(code)
    assert started(town) == {"DUVED3": 1, code: 2}


def test_two_who_add_places_of_one_name_at_once_get_codes_that_differ(town: Town) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = [code for codes in pool.map(lambda _: add(town, "Duved"), range(16)) for code in codes]
    assert len(set(made)) == 16
    assert set(made) <= {use.code for use in keeper(town).list(ROUND)}


def test_a_new_meeting_can_be_named_at_once(town: Town) -> None:
    note_taker = town.phone("+46701740601")
    note_taker.say("MÖTE")
    (code,) = add(town, "Byamöte i Duved", kind="meeting")
    note_taker.say(code)
    assert started(town) == {code: 1}


def test_a_mistyped_code_is_recorded_as_unknown_and_never_as_another_place(town: Town) -> None:
    code, other = add(town, "Duved", "Duvet")
    wrong = code[:-3] + other[-3] + code[-2:]
    assert "frivilliga" in town.phone("+46701740601").say(f"TRYGG {wrong}")
    town.phone("+46701740602").say(f"TRYGG {code[:-1]}{'2' if code[-1] != '2' else '3'}")
    assert started(town) == {UNKNOWN_PLACE_CODE: 2}


def test_codes_written_by_hand_stay_valid_and_are_known_to_have_no_check(town: Town) -> None:
    (code,) = add(town, "Hallens bygdegård")
    checked = {use.code: use.has_check for use in keeper(town).list(ROUND)}
    assert checked["DUVED3"] is False
    assert checked[code] is True


def test_what_was_made_stands_in_the_audit_log(town: Town) -> None:
    from storage.tables import AuditEntry  # the log has no reader yet

    codes = add(town, "Duved", "Kall")
    with town.house.database.sessions.reading() as session:
        entry = session.query(AuditEntry).filter_by(action="place_codes_added").one()
        assert (entry.actor, entry.reason) == ("test", ", ".join(codes))


def test_a_closed_round_gets_no_codes(town: Town) -> None:
    town.rounds.close(ROUND)
    with pytest.raises(PlaceCodeRefused, match="closed"):
        add(town, "Duved")
    with pytest.raises(RoundRefused, match="no round"):
        keeper(town).add("another", [])


@pytest.mark.parametrize(
    ("place", "why"),
    [
        (NewPlace(label="  "), "name the place"),
        (NewPlace(label="x" * 81), "name the place"),
        (NewPlace(label="Duved", kind="tree"), "poster or meeting"),
        (NewPlace(label="Duved", area_code="paris"), "no area 'paris'"),
    ],
)
def test_a_place_that_cannot_be_is_refused_and_none_is_added(town: Town, place: NewPlace, why: str) -> None:
    before = keeper(town).list(ROUND)
    with pytest.raises(PlaceCodeRefused, match=why):
        keeper(town).add(ROUND, [NewPlace(label="Kall"), place])
    assert keeper(town).list(ROUND) == before


def test_recent_surveys_are_those_of_ten_days(town: Town) -> None:
    town.phone("+46701740601").say("TRYGG DUVED3")
    town.clock.move(days=11)
    town.phone("+46701740602").say("TRYGG DUVED3")
    use = next(use for use in keeper(town).list(ROUND) if use.code == "DUVED3")
    assert (use.started, use.finished, use.recent) == (2, 0, 1)
    assert replace(use, started=0).label == "Duveds bibliotek"
