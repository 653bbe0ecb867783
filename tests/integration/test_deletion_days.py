"""Day by day from the opening to a year after the end, on a clock of the machine's own: each kind of data goes on its
date and not a day before, and the record tells it.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from kept import count
from sqlalchemy import update
from town import MONDAY, RESIDENT, ROUND, Clock, Town

from bot.services.closing import Closing
from bot.services.deleting import list_duties
from bot.services.reporting import Reports
from bot.services.upkeep import Upkeep
from storage.database import Database, Session
from storage.deletions import DeletionRow
from storage.tables import (
    Answer,
    Conversation,
    Deletion,
    Delivery,
    FeedbackEntry,
    InboxMessage,
    Message,
    Release,
    Round,
    SafeguardReply,
)

OPENED = MONDAY.date()
LAST_DAY = OPENED + timedelta(days=30)  # 2 December 2026
A_YEAR_LATER = date(2027, 12, 10)
STOCKHOLM = ZoneInfo("Europe/Stockholm")


class MachineClock(Clock):
    """The machine's own clock, which the test turns."""

    def __call__(self) -> datetime:
        return datetime.now(UTC)


def there(town: Town) -> dict[str, int]:
    """How much there is of each kind of data."""
    return {
        "replies": count(town, Message, Message.sender_key.is_not(None)),
        "inbox": count(town, InboxMessage),
        "deliveries": count(town, Delivery),
        "keys": count(town, Round, Round.wrapped_key.is_not(None)),
        "contacts": count(town, Conversation, Conversation.contact_key.is_not(None)),
        "links": count(town, Message, Message.conversation_id.is_not(None)),
        "texts": count(town, Answer, Answer.text.is_not(None)),
        "numbers": count(town, FeedbackEntry),
        "codes": count(town, Answer),
    }


LAST_DAYS = {
    "replies": OPENED
    + timedelta(days=1),  # 48 hours after they came in the morning: gone on the third morning
    "inbox": OPENED + timedelta(days=29),
    "deliveries": OPENED + timedelta(days=29),
    "keys": LAST_DAY + timedelta(days=14),
    "contacts": LAST_DAY + timedelta(days=14),
    "links": LAST_DAY + timedelta(days=14),
    "texts": date(2027, 12, 2),
    "numbers": date(2027, 12, 2),
}
"""The last day on whose evening each is still there."""


@pytest.fixture
def machine() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def town(database: Database, machine: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch) -> Town:
    monkeypatch.setattr("town.Clock", MachineClock)
    town = Town.build(database, closes_on=LAST_DAY)
    town.phone("+46701740610").answer_all(*RESIDENT, "RESULTAT")
    town.phone("+46701740611").answer_all("TRYGG", "ja", "1", "Duved", "4", "Mörkt i tunneln")
    town.phone("+46701740612").say("Det är mörkt vid skolan")
    town.status("SM" + "a" * 32, "delivered", To="+46701740610")
    return town


def evening(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 23, 30, tzinfo=STOCKHOLM)


def test_each_kind_of_data_goes_on_its_date_and_not_a_day_before(
    town: Town, machine: time_machine.Traveller
) -> None:
    sessions = town.house.database.sessions
    upkeep = Upkeep(sessions=sessions, now=town.house.now)
    before = there(town)
    assert all(before.values()), before
    last_seen: dict[str, date] = {}
    day = OPENED
    while day <= A_YEAR_LATER:
        machine.move_to(evening(day))
        assert upkeep.run().not_deleted == 0
        assert list_duties(sessions, town.house.now()) == []
        last_seen |= {kind: day for kind, left in there(town).items() if left}
        day += timedelta(days=1)
    assert last_seen == {**LAST_DAYS, "codes": A_YEAR_LATER}
    records = Closing(sessions=sessions, now=town.house.now).list_deletions(ROUND)
    assert told(records) == {
        (LAST_DAYS["replies"] + timedelta(days=1), "reply", "messages", "reply", before["replies"]),
        (LAST_DAYS["inbox"] + timedelta(days=1), "inbox", "inbox", "row", 1),
        (LAST_DAYS["keys"] + timedelta(days=1), "key", "rounds", "key", 1),
        (LAST_DAYS["keys"] + timedelta(days=1), "key", "conversations", "contact_key", 2),
        (LAST_DAYS["keys"] + timedelta(days=1), "key", "conversations", "time_of_day", 2),
        (LAST_DAYS["keys"] + timedelta(days=1), "key", "messages", "link", count(town, Message)),
        (LAST_DAYS["texts"] + timedelta(days=1), "text", "answers", "text", before["texts"]),
        (LAST_DAYS["numbers"] + timedelta(days=1), "numbers", "feedback_list", "row", 1),
    }
    _codes_go_after_four_years(town, machine, upkeep)


def _codes_go_after_four_years(town: Town, machine: time_machine.Traveller, upkeep: Upkeep) -> None:
    machine.move_to(evening(date(2030, 12, 2)))
    upkeep.run()
    answers, conversations = count(town, Answer), count(town, Conversation)
    assert answers
    machine.move_to(evening(date(2030, 12, 3)))
    upkeep.run()
    assert count(town, Answer) == count(town, Conversation) == 0
    last = Closing(sessions=upkeep.sessions, now=upkeep.now).list_deletions(ROUND)[-4:]
    assert {(row.deleted_on, row.rule) for row in last} == {(date(2030, 12, 3), "codes")}
    assert {row.table_name: row.count for row in last}["answers"] == answers
    assert {row.table_name: row.count for row in last}["conversations"] == conversations


def told(records: tuple[DeletionRow, ...]) -> set[tuple[date, str, str, str, int]]:
    return {(r.deleted_on, r.rule, r.table_name, r.kind, r.count) for r in records}


def test_text_goes_three_months_after_the_decision(town: Town, machine: time_machine.Traveller) -> None:
    upkeep = Upkeep(sessions=town.house.database.sessions, now=town.house.now)
    town.rounds.close(ROUND)
    machine.move_to(evening(date(2026, 12, 31)))
    town.rounds.decide(ROUND, date(2026, 11, 30))
    machine.move_to(evening(date(2027, 2, 28)))
    assert upkeep.run().texts_forgotten == 0
    machine.move_to(evening(date(2027, 3, 1)))
    assert upkeep.run().texts_forgotten > 0


def test_a_round_whose_own_decision_says_so_keeps_text_for_fewer_months(
    town: Town, machine: time_machine.Traveller
) -> None:
    with town.house.database.sessions.begin() as session:
        session.execute(update(Round).values(text_months=6))
    upkeep = Upkeep(sessions=town.house.database.sessions, now=town.house.now)
    machine.move_to(evening(date(2027, 6, 2)))
    assert upkeep.run().texts_forgotten == 0
    machine.move_to(evening(date(2027, 6, 3)))
    assert upkeep.run().texts_forgotten > 0


def test_hours_of_safeguard_replies_become_days_and_then_go_with_the_answers(
    town: Town, machine: time_machine.Traveller
) -> None:
    town.phone("+46701740613").say("hjälp han har kniv och slår mig nu")
    upkeep = Upkeep(sessions=town.house.database.sessions, now=town.house.now)
    machine.move_to(evening(LAST_DAY + timedelta(days=15)))
    upkeep.run()
    with town.house.database.sessions.reading() as session:
        assert [reply.hour.hour for reply in session.query(SafeguardReply)] == [0]
    machine.move_to(evening(date(2030, 12, 3)))
    upkeep.run()
    assert count(town, SafeguardReply) == 0


def test_a_message_after_the_key_is_gone_keeps_no_time(town: Town, machine: time_machine.Traveller) -> None:
    upkeep = Upkeep(sessions=town.house.database.sessions, now=town.house.now)
    machine.move_to(evening(LAST_DAY + timedelta(days=20)))
    upkeep.run()
    town.phone("+46701740613").say("Är ni kvar?")
    machine.shift(timedelta(days=2, minutes=1))
    upkeep.run()
    assert count(town, Message, Message.received_at.is_not(None)) == 0


def test_what_cannot_be_deleted_holds_up_nothing_else_and_is_told(
    town: Town,
    machine: time_machine.Traveller,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(_session: Session, _round_id: int) -> None:
        raise RuntimeError("no words of anybody")

    upkeep = Upkeep(sessions=town.house.database.sessions, now=town.house.now)
    machine.move_to(evening(date(2027, 12, 3)))
    with monkeypatch.context() as broken:
        broken.setattr("storage.erasure.forget_texts", fail)
        done = upkeep.run()
    assert (done.keys_destroyed, done.numbers_deleted, done.not_deleted) == (1, 1, 1)
    assert count(town, Answer, Answer.text.is_not(None)) > 0
    assert count(town, Deletion, Deletion.rule == "text") == 0
    failed = [record for record in caplog.records if record.getMessage() == "deletion_failed"]
    assert [(vars(r)["rule"], vars(r)["round"], vars(r)["error"]) for r in failed] == [
        ("text", ROUND, "RuntimeError")
    ]
    due = list_duties(town.house.database.sessions, town.house.now())
    assert [(duty.rule.value, duty.row.code if duty.row else "") for duty in due] == [("text", ROUND)]
    assert upkeep.run().texts_forgotten > 0


def test_what_is_kept_for_good_is_there_after_five_years(town: Town, machine: time_machine.Traveller) -> None:
    upkeep: Callable[[], object] = Upkeep(sessions=town.house.database.sessions, now=town.house.now).run
    machine.move_to(evening(LAST_DAY + timedelta(days=20)))
    upkeep()
    Reports(sessions=town.house.database.sessions, now=town.house.now, actor="test").picture(ROUND)
    machine.move_to(evening(date(2031, 12, 1)))
    upkeep()
    assert count(town, Release) == 1
    assert count(town, Deletion) > 8
