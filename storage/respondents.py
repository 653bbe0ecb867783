"""What is known of a number outside its answers: opt-outs and the feedback list."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from storage import ledger
from storage.ledger import Kind
from storage.tables import FeedbackEntry, OptOut


def has_opted_out(session: Session, standing_keys: Sequence[str]) -> bool:
    """Whether a number said STOP, under any key of the ring."""
    return (
        session.scalar(select(OptOut.standing_key).where(OptOut.standing_key.in_(standing_keys))) is not None
    )


def opt_out(session: Session, standing_key: str, *, at: datetime) -> None:
    """Is not written to from now on."""
    if add_opt_out(session, standing_key, at):
        ledger.add_entry(session, Kind.OPTED_OUT, standing_key, at)


def opt_in(session: Session, standing_keys: Sequence[str], *, at: datetime) -> None:
    """May be written to again. The keys are a number's, under every key of the ring."""
    for key in delete_opt_outs(session, standing_keys):
        ledger.add_entry(session, Kind.OPTED_IN, key, at)


def unlist(session: Session, standing_keys: Sequence[str], *, at: datetime) -> None:
    """Leaves the feedback list of every round."""
    for key in delete_feedback_entries(session, standing_keys):
        ledger.add_entry(session, Kind.UNLISTED, key, at)


def add_opt_out(session: Session, standing_key: str, at: datetime) -> bool:
    """As `opt_out`, but nothing is written in the ledger. Returns whether it is new."""
    is_new = session.get(OptOut, standing_key) is None
    if is_new:
        session.add(OptOut(standing_key=standing_key, opted_out_at=at))
        session.flush()
    return is_new


def delete_opt_outs(session: Session, standing_keys: Sequence[str]) -> list[str]:
    """As `opt_in`, but nothing is written in the ledger. Returns the keys that had opted out."""
    mine = OptOut.standing_key.in_(standing_keys)
    gone = list(session.scalars(select(OptOut.standing_key).where(mine)))
    session.execute(delete(OptOut).where(mine))
    return gone


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


def delete_feedback_entries(session: Session, standing_keys: Sequence[str]) -> list[str]:
    """As `unlist`, but nothing is written in the ledger. Returns the keys that were on a list."""
    mine = FeedbackEntry.standing_key.in_(standing_keys)
    gone = list(session.scalars(select(FeedbackEntry.standing_key).where(mine).distinct()))
    session.execute(delete(FeedbackEntry).where(mine))
    return gone


def delete_feedback_of_round(session: Session, round_id: int) -> int:
    """Every number on a round's feedback list. Returns how many."""
    result = session.execute(delete(FeedbackEntry).where(FeedbackEntry.round_id == round_id))
    return int(result.rowcount)  # type: ignore[attr-defined]


def count_feedback_of_round(session: Session, round_id: int) -> int:
    of_round = FeedbackEntry.round_id == round_id
    return session.scalar(select(func.count()).select_from(FeedbackEntry).where(of_round)) or 0
