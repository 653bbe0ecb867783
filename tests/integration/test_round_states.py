"""Pausing, resuming, extending and closing a round: what residents meet meanwhile, and what is refused when."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update
from town import MONDAY, ROUND, Town

from bot.services.rounds import StateRefused
from bot.services.upkeep import Upkeep
from storage.database import Database
from storage.rounds import get_round
from storage.tables import AuditEntry, InboxMessage, LedgerEntry, OptOut, Round

LAST_DAY = MONDAY.date() + timedelta(days=30)
LATER = LAST_DAY + timedelta(days=14)


@pytest.fixture
def town(database: Database) -> Town:
    return Town.build(database)


def actions(town: Town) -> list[tuple[str, str]]:
    with town.house.database.sessions.reading() as session:
        rows = session.execute(select(AuditEntry.action, AuditEntry.reason).order_by(AuditEntry.id))
        return [(row.action, row.reason) for row in rows]


def status(town: Town) -> str:
    with town.house.database.sessions.reading() as session:
        row = get_round(session, ROUND)
        assert row is not None
        return row.status


def run_upkeep(town: Town) -> None:
    Upkeep(sessions=town.house.database.sessions, now=town.clock).run()


# A paused round


def test_whoever_answers_a_paused_round_is_told_and_goes_on_where_they_stopped(town: Town) -> None:
    phone = town.phone()
    question = phone.answer_all("TRYGG", "ja", "1")
    town.rounds.pause(ROUND)
    told = phone.say("Duved")
    assert told.startswith("Frågorna är pausade, vi är snart tillbaka.")
    assert "112" in told
    town.rounds.resume(ROUND)
    assert phone.say("Duved") != question
    assert actions(town)[-2:] == [("round_paused", ""), ("round_resumed", "")]


def test_what_was_written_to_a_paused_round_is_kept_for_a_person(town: Town) -> None:
    town.rounds.pause(ROUND)
    town.phone().say("Det är mörkt vid Duveds skola")
    with town.house.database.sessions.reading() as session:
        assert session.scalars(select(InboxMessage.text)).all() == ["Det är mörkt vid Duveds skola"]


def test_danger_stop_and_erase_are_heard_in_a_paused_round(town: Town) -> None:
    phone = town.phone()
    phone.answer_all("TRYGG", "ja", "1")
    town.rounds.pause(ROUND)
    assert phone.say("hjälp han har kniv och slår mig nu").startswith("Är det fara nu? RING 112")
    assert phone.say("radera").startswith("Dina svar är raderade")
    assert phone.say("stopp").startswith("Du får inga fler sms")
    with town.house.database.sessions.reading() as session:
        assert len(session.scalars(select(OptOut.standing_key)).all()) == 1


def test_pages_say_that_the_round_is_paused(town: Town) -> None:
    town.rounds.pause(ROUND)
    page = town.client.get(f"/rounds/{ROUND}?lang=sv")
    assert "Enkäten är pausad, men vi är snart tillbaka." in page.text
    assert town.client.get(f"/chat/{ROUND}/residents").status_code == 404


def test_a_paused_round_closes_on_its_last_day_and_keeps_its_number(town: Town) -> None:
    town.rounds.pause(ROUND)
    town.clock.move(days=31)
    run_upkeep(town)
    assert status(town) == "closed"


# Extending


def test_an_extended_round_takes_answers_until_the_new_day(town: Town) -> None:
    town.rounds.extend(ROUND, LATER)
    town.clock.move(days=31)
    run_upkeep(town)
    assert status(town) == "open"
    assert "frågor" in town.phone().say("TRYGG")
    assert actions(town)[-1] == ("round_extended", f"{LAST_DAY} to {LATER}")


def test_a_closed_round_opens_again_while_erasing_works(town: Town) -> None:
    phone = town.phone()
    phone.answer_all("TRYGG", "ja", "1")
    town.clock.move(days=31)
    run_upkeep(town)
    assert "stängd" in phone.say("Duved")
    town.rounds.extend(ROUND, LATER)
    assert "stängd" not in phone.say("Duved")
    assert actions(town)[-1][0] == "round_reopened"


def test_a_restored_backup_is_not_closed_again_by_the_ledger(town: Town) -> None:
    town.rounds.close(ROUND)
    town.rounds.extend(ROUND, LATER)
    with town.house.database.sessions.reading() as session:
        kinds = session.execute(select(LedgerEntry.kind, LedgerEntry.key).order_by(LedgerEntry.id)).all()
    assert [tuple(kind) for kind in kinds] == [
        ("round_closed", ROUND),
        ("round_extended", f"{ROUND}/{LATER}"),
    ]


# What is refused


def _draft(town: Town) -> None:
    with town.house.database.sessions.begin() as session:
        session.execute(update(Round).values(status="draft"))


def _closed(town: Town) -> None:
    town.rounds.close(ROUND)


def _after_the_grace(town: Town) -> None:
    town.clock.move(days=31 + 15)
    run_upkeep(town)


def _decided(town: Town) -> None:
    town.rounds.close(ROUND)
    town.rounds.decide(ROUND, MONDAY.date())


Deed = Callable[[Town], None]
PAUSE: Deed = lambda town: town.rounds.pause(ROUND)  # noqa: E731
RESUME: Deed = lambda town: town.rounds.resume(ROUND)  # noqa: E731
CLOSE: Deed = lambda town: town.rounds.close(ROUND)  # noqa: E731


def _extend(day: date) -> Deed:
    return lambda town: town.rounds.extend(ROUND, day)


def _decide(day: date) -> Deed:
    return lambda town: town.rounds.decide(ROUND, day)


def _nothing(_town: Town) -> None:
    return


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("before", "deed", "key"),
    [
        (_draft, PAUSE, "pause_draft"),
        (PAUSE, PAUSE, "pause_paused"),
        (_closed, PAUSE, "pause_closed"),
        (_draft, RESUME, "resume_draft"),
        (_nothing, RESUME, "resume_open"),
        (_closed, RESUME, "resume_closed"),
        (_draft, CLOSE, "close_draft"),
        (_closed, CLOSE, "closed_already"),
        (_draft, _extend(LATER), "extend_draft"),
        (_nothing, _extend(LAST_DAY), "extend_day"),
        (_closed, _extend(LAST_DAY - timedelta(days=1)), "extend_told"),
        (_closed, _extend(MONDAY.date() - timedelta(days=1)), "extend_past"),
        (_after_the_grace, _extend(LATER + timedelta(days=60)), "extend_late"),
        (_decided, _extend(LATER), "extend_decided"),
        (_nothing, _decide(MONDAY.date()), "decide_open"),
        (_closed, _decide(MONDAY.date() + timedelta(days=1)), "decide_day"),
        (_closed, _decide(MONDAY.date() - timedelta(days=1)), "decide_day"),
    ],
)
def test_what_the_state_does_not_allow_is_refused_in_a_sentence(
    town: Town, before: Deed, deed: Deed, key: str
) -> None:
    before(town)
    logged = actions(town)
    with pytest.raises(StateRefused) as refusal:
        deed(town)
    assert refusal.value.key == key
    assert ROUND in str(refusal.value)
    assert refusal.value.in_language("sv").endswith(".")
    assert actions(town) == logged


def test_resuming_after_the_last_day_asks_for_an_extension(town: Town) -> None:
    town.rounds.pause(ROUND)
    town.clock.move(days=31)
    with pytest.raises(StateRefused, match="Extend it first"):
        town.rounds.resume(ROUND)
    town.rounds.extend(ROUND, LATER)
    town.rounds.resume(ROUND)
    assert status(town) == "open"


def test_the_day_of_the_decision_brings_forward_when_text_goes(town: Town) -> None:
    town.rounds.close(ROUND)
    town.clock.move(days=10)
    town.rounds.decide(ROUND, date(2026, 11, 12))
    assert actions(town)[-1] == ("picture_decided", "2026-11-12")
