"""No number and no raw text reaches a log, an error page or a table, whatever happens to a message."""

import logging
from collections.abc import Iterator
from io import StringIO

import pytest
from sqlalchemy import select
from town import RESIDENT, Town, message_fields

from bot import logs
from bot.services.inbound import Inbound
from storage.database import Database, DatabaseUnavailable
from storage.tables import Base

NUMBER = "+46701740605"
TEXT = "Kalle körde på mig, ring 070-174 06 06 eller skriv till kalle.vitsippa@example.com, 19811218-9876"
SECRETS = ("701740605", "70-174 06 05", "701740606", "174 06 06", "vitsippa", "811218-9876")
"""What identifies somebody, in every form in which it may be written."""


@pytest.fixture
def town(database: Database) -> Town:
    return Town.build(database)


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[StringIO]:
    """All that the program logs, at its most talkative."""
    stream, logger = StringIO(), logging.getLogger("lyhord")
    before = (logger.handlers[:], logger.level, logger.propagate)
    monkeypatch.setattr("sys.stderr", stream)
    logs.set_up("DEBUG")
    yield stream
    logger.handlers[:], logger.level, logger.propagate = before


def _told(output: str) -> list[str]:
    return [secret for secret in SECRETS if secret in output]


def _everything_stored(town: Town) -> str:
    with town.house.database.sessions.reading() as session:
        return "\n".join(
            str(row) for table in Base.metadata.sorted_tables for row in session.execute(select(table))
        )


def test_tables_hold_no_number_and_nothing_that_was_to_be_masked(town: Town) -> None:
    phone = town.phone(NUMBER)
    phone.answer_all(*RESIDENT[:5], TEXT, "2,5", "fartkamera", "47", "1", "RESULTAT")
    phone.say(TEXT)
    stored = _everything_stored(town)
    assert "körde på mig" in stored
    assert _told(stored) == []


def test_log_of_a_whole_survey_tells_nobody(town: Town, log: StringIO) -> None:
    town.phone(NUMBER).answer_all(*RESIDENT[:5], TEXT, "2,5", "stopp", "radera", "TRYGG")
    town.status("SM" + "a" * 32, "failed", To=NUMBER, ErrorCode="21610")
    town.webhook(message_fields(TEXT, sender=NUMBER), signature="forged")
    for _ in range(31):
        town.phone(NUMBER).say(TEXT)
    assert "loop_guard" in log.getvalue()
    assert _told(log.getvalue()) == []


@pytest.mark.faulty
@pytest.mark.parametrize("error", [ValueError, DatabaseUnavailable])
def test_faults_tell_nobody(
    town: Town,
    error: type[Exception],
    log: StringIO,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object) -> None:
        raise error(f"{NUMBER} wrote {TEXT}")

    monkeypatch.setattr(Inbound, "receive", fail)
    response = town.webhook(message_fields(TEXT, sender=NUMBER))
    assert response.status_code >= 500
    assert _told(response.get_data(as_text=True) + log.getvalue()) == []


def test_a_log_line_is_one_line(log: StringIO) -> None:
    logging.getLogger("lyhord.test").warning("two\nlines", extra={"provider_id": "SM\n1"})
    assert log.getvalue().count("\n") == 1
