"""How the database is set up and whether it is sound, for whoever looks after it. Changes nothing."""

import sqlite3
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from storage.condition import set_last_run
from storage.database import DatabaseUnavailable, Session, Sessions
from storage.tables import Account, FeedbackEntry, OptOut, OutboxMessage, QuarantinedMessage, Round

_STEPS_BETWEEN_LOOKS = 10_000


class _TakeBack(Exception):
    """Ends a transaction without a trace."""


def try_to_write(sessions: Sessions, now: datetime) -> None:
    """Write a row and take it back. Raises DatabaseUnavailable that says why it cannot be done."""
    try:
        with sessions.begin() as session:
            set_last_run(session, "doctor", now)
            raise _TakeBack
    except _TakeBack:
        return
    except DBAPIError as error:  # a server that only reads says so in words of its own
        raise DatabaseUnavailable(type(error.orig).__name__) from error


def get_journal_mode(session: Session) -> str:
    """SQLite's: ``wal`` is ours."""
    return str(session.scalar(text("PRAGMA journal_mode")))


def check_file(path: Path, most_s: float) -> str | None:
    """SQLite's quick check: ``ok``, or its first complaint; None where it was not through after `most_s`."""
    deadline = time.monotonic() + most_s
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
    try:
        connection.set_progress_handler(lambda: time.monotonic() > deadline, _STEPS_BETWEEN_LOOKS)
        return str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
    except sqlite3.OperationalError as error:
        return None if str(error) == "interrupted" else str(error)
    except sqlite3.DatabaseError as error:
        return str(error)
    finally:
        connection.close()


def get_server_setting(session: Session, name: str) -> str:
    """PostgreSQL's, as it counts for our connections. `name` is ours, never handed in from outside."""
    return str(session.scalar(text(f"SHOW {name}")))


def get_server_time(session: Session) -> datetime:
    """PostgreSQL's clock."""
    at: datetime = session.scalar(text("SELECT clock_timestamp()"))
    return at.astimezone(UTC)


def list_key_names(session: Session) -> dict[str, set[str]]:
    """What the database cannot be read without: names of master keys, by what they closed."""
    return {
        "rounds": _names(session, Round.wrapped_key),
        "outbox": _names(session, OutboxMessage.number_ciphertext),
        "feedback list": _names(session, FeedbackEntry.number_ciphertext),
        "one-time codes": _names(session, Account.totp_secret),
        "quarantine": _names(session, QuarantinedMessage.sealed),
        "numbers that said STOP": _names(session, OptOut.standing_key),
    }


def _names(session: Session, column: Any) -> set[str]:
    """Every ciphertext and keyed hash begins with the name of its key and a dot."""
    values = session.scalars(select(column).where(column.is_not(None)))
    return {str(value).partition(".")[0] for value in values}
