"""What is known of a number outside its answers: its lock, opt-outs and the feedback list."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, text
from sqlalchemy.orm import Session

from storage.tables import FeedbackEntry, OptOut

_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:contact, 0))")


def lock_contact(session: Session, contact: str) -> None:
    """Let one message of a contact at a time through, until the transaction ends.

    On SQLite the writing transaction itself is the lock.
    """
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(_LOCK, {"contact": contact})


def has_opted_out(session: Session, standing_keys: Sequence[str]) -> bool:
    """Whether a number said STOP, under any key of the ring."""
    return (
        session.scalar(select(OptOut.standing_key).where(OptOut.standing_key.in_(standing_keys))) is not None
    )


def add_opt_out(session: Session, standing_key: str, at: datetime) -> None:
    if session.get(OptOut, standing_key) is None:
        session.add(OptOut(standing_key=standing_key, opted_out_at=at))
        session.flush()


def delete_opt_out(session: Session, standing_keys: Sequence[str]) -> None:
    session.execute(delete(OptOut).where(OptOut.standing_key.in_(standing_keys)))


def is_on_feedback_list(session: Session, round_id: int, standing_keys: Sequence[str]) -> bool:
    return (
        session.scalar(
            select(FeedbackEntry.id).where(
                FeedbackEntry.round_id == round_id, FeedbackEntry.standing_key.in_(standing_keys)
            )
        )
        is not None
    )


def add_feedback_entry(session: Session, values: Mapping[str, Any]) -> None:
    session.execute(insert(FeedbackEntry).values(**values))


def delete_feedback_entries(session: Session, standing_keys: Sequence[str]) -> None:
    session.execute(delete(FeedbackEntry).where(FeedbackEntry.standing_key.in_(standing_keys)))


def delete_feedback_of_round(session: Session, round_id: int) -> int:
    """Every number on a round's feedback list. Returns how many."""
    result = session.execute(delete(FeedbackEntry).where(FeedbackEntry.round_id == round_id))
    return int(result.rowcount)  # type: ignore[attr-defined]
