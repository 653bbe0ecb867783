"""Test conversations by SMS with somebody's own telephone: in a table of their own, gone within the hour."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.orm import Session

from storage.tables import PhoneTrial, Round


@dataclass(frozen=True, kw_only=True, slots=True)
class TrialRow:
    """`sender_key` and `state` are None until the telephone has texted the word."""

    id: int
    round_id: int
    word: str
    stream: str
    language: str
    sender_key: str | None
    state: Mapping[str, Any] | None
    expires_at: datetime


_COLUMNS = tuple(PhoneTrial.__table__.columns)


def add_trial(session: Session, values: Mapping[str, Any]) -> None:
    session.execute(insert(PhoneTrial).values(**values))


def get_trial(
    session: Session, round_id: int, sender_keys: Sequence[str], word: str, now: datetime
) -> TrialRow | None:
    """The telephone's own, or the one that waits for that word."""
    row = session.execute(
        select(*_COLUMNS)
        .where(PhoneTrial.round_id == round_id, PhoneTrial.expires_at > now)
        .where(
            or_(
                PhoneTrial.sender_key.in_(sender_keys),
                PhoneTrial.sender_key.is_(None) & (PhoneTrial.word == word),
            )
        )
        .order_by((PhoneTrial.word == word).desc(), PhoneTrial.id.desc())
        .limit(1)
    ).one_or_none()
    return TrialRow(**row._mapping) if row else None


def list_trials(session: Session, round_id: int, now: datetime) -> list[TrialRow]:
    """Those that have not expired, the latest first."""
    rows = session.execute(
        select(*_COLUMNS)
        .where(PhoneTrial.round_id == round_id, PhoneTrial.expires_at > now)
        .order_by(PhoneTrial.id.desc())
    )
    return [TrialRow(**row._mapping) for row in rows]


def update_trial(session: Session, trial_id: int, *, sender_key: str, state: Mapping[str, Any]) -> None:
    session.execute(
        update(PhoneTrial).where(PhoneTrial.id == trial_id).values(sender_key=sender_key, state=dict(state))
    )


def delete_trials_of_round(session: Session, round_id: int) -> None:
    session.execute(delete(PhoneTrial).where(PhoneTrial.round_id == round_id))


def delete_expired_trials(session: Session, now: datetime) -> None:
    """Those whose hour is over; the rounds that they were of are not looked through for telephones any more."""
    session.execute(delete(PhoneTrial).where(PhoneTrial.expires_at <= now))
    session.execute(update(Round).where(Round.tested_until <= now).values(tested_until=None))
