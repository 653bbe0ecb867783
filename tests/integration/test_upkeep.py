"""Every date of the data map comes, and what it names goes: nothing else does."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from town import RESIDENT, ROUND, Town

from bot.services.reporting import Reports
from bot.services.upkeep import Upkeep
from storage.database import Database
from storage.tables import Answer, AuditEntry, Coding, Conversation, FeedbackEntry, Release


@pytest.fixture
def town(database: Database) -> Town:
    town = Town.build(database)
    for index in range(3):
        town.phone(f"+4670174061{index}").answer_all(*RESIDENT, "RESULTAT")
    return town


def _count(town: Town, table: type, *conditions: object) -> int:
    with town.house.database.sessions.reading() as session:
        return session.scalar(select(func.count()).select_from(table).where(*conditions)) or 0  # type: ignore[arg-type]


def test_text_goes_after_a_year_codes_after_four_and_releases_stay(town: Town) -> None:
    upkeep = Upkeep(sessions=town.house.database.sessions, now=town.clock)
    Reports(sessions=town.house.database.sessions, now=town.clock, actor="test").picture(ROUND)
    town.rounds.close(ROUND)
    assert upkeep.run().texts_forgotten == 0
    assert _count(town, FeedbackEntry) == 3

    town.clock.move(days=30 + 370)
    done = upkeep.run()
    assert (done.keys_destroyed, done.texts_forgotten) == (1, 6)
    assert _count(town, Answer, Answer.text.is_not(None)) == 0
    assert _count(town, FeedbackEntry) == 0
    assert (_count(town, Answer), _count(town, Conversation)) == (24, 3)
    assert _count(town, Coding) > 0

    town.clock.move(days=3 * 366)
    assert upkeep.run().conversations_deleted == 3
    assert (_count(town, Answer), _count(town, Coding), _count(town, Conversation)) == (0, 0, 0)
    assert _count(town, Release) == 1


def test_the_audit_log_is_kept_two_years(town: Town) -> None:
    upkeep = Upkeep(sessions=town.house.database.sessions, now=town.clock)
    before = _count(town, AuditEntry)
    town.clock.move(days=720)
    upkeep.run()
    assert _count(town, AuditEntry, AuditEntry.actor == "test") == before
    town.clock.move(days=30)
    upkeep.run()
    assert _count(town, AuditEntry, AuditEntry.actor == "test") == 0


def test_running_the_upkeep_again_does_nothing_more(town: Town) -> None:
    upkeep = Upkeep(sessions=town.house.database.sessions, now=town.clock)
    town.clock.time += timedelta(days=60)
    first, second = upkeep.run(), upkeep.run()
    assert first.rounds_closed == 1
    assert (second.rounds_closed, second.keys_destroyed, second.replies_forgotten) == (0, 0, 0)
