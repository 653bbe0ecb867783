"""Tries at a password: five in a quarter of an hour for what is tried, counted before anything is looked at.

What is tried is kept as a keyed hash that changes every day.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from privacy.pseudonyms import KeyRing
from storage import sign_ins
from storage.database import Session, Sessions

MOST_TRIES = 5
TRIES_WITHIN = timedelta(minutes=15)


def may_try(sessions: Sessions, keys: KeyRing, tried: Iterable[str], now: datetime) -> bool:
    """Counts the try where it may be made: no number of tries at once gets past the limit."""
    counted = [_hashes(keys, what, now) for what in tried]
    with sessions.begin() as session:
        sign_ins.lock_tries(session, [today for today, _ in counted])
        if any(sign_ins.count_tries(session, both, now - TRIES_WITHIN) >= MOST_TRIES for both in counted):
            return False
        sign_ins.add_tries(session, [today for today, _ in counted], now)
    return True


def forget_all(session: Session, keys: KeyRing, tried: str, now: datetime) -> None:
    """It went well: earlier mistakes do not count any more."""
    sign_ins.delete_tries(session, _hashes(keys, tried, now))


def forget_one(session: Session, keys: KeyRing, tried: str, now: datetime) -> None:
    """It went well, and those of others still count."""
    sign_ins.delete_one_try(session, _hashes(keys, tried, now)[0], now)


def _hashes(keys: KeyRing, what: str, now: datetime) -> tuple[str, str]:
    """Of today, and of yesterday: the hash changes at midnight, and the limit must not."""
    today = now.date()
    return keys.passing_key(what, today), keys.passing_key(what, today - timedelta(days=1))
