"""What is known when a message comes: itself, if it came before, its sender's latest ones, the rounds it may mean."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, bindparam, exists, func, lambda_stmt, literal_column, or_, select
from sqlalchemy.orm import Session

from storage.rounds import NEWEST_FIRST, ROUND_COLUMNS, RoundRow, round_row
from storage.tables import Message, Round


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredMessage:
    """A message that has come before; `reply` is None once it has been forgotten."""

    reply: Mapping[str, Any] | None


@dataclass(frozen=True, kw_only=True, slots=True)
class LookBack:
    """`lately` counts the sender's messages since a time. `rounds` are those that it may mean, the likeliest first."""

    known: StoredMessage | None
    lately: int
    rounds: tuple[RoundRow, ...]


def _looking_back(*which_rounds: Any) -> Select[Any]:
    """One statement: on the path of every message, each costs more for being one than for what it asks."""
    by_id = select(Message.reply).where(
        Message.provider == bindparam("provider"), Message.provider_id == bindparam("provider_id")
    )
    lately = select(func.count()).where(
        Message.sender_key == bindparam("sender_key"), Message.received_at > bindparam("since")
    )
    message = select(literal_column("1").label("message")).subquery()
    return (
        select(
            exists(by_id).label("is_known"),
            by_id.scalar_subquery().label("reply"),
            lately.scalar_subquery().label("lately"),
            *ROUND_COLUMNS,
        )
        .select_from(message)
        .outerjoin(Round, and_(*which_rounds))
        .order_by(*NEWEST_FIRST)
    )


# As lambdas they are found again by who they are; else by a tuple of all their parts, hashed for each message.
_BY_NUMBER = lambda_stmt(
    lambda: _looking_back(
        Round.phone_number == bindparam("recipient"),
        or_(Round.status != "draft", Round.tested_until.is_not(None)),
    )
)
_BY_CODE = lambda_stmt(lambda: _looking_back(Round.code == bindparam("round_code")))


def look_back(
    session: Session,
    *,
    provider: str,
    provider_id: str,
    sender_key: str,
    since: datetime,
    recipient: str,
    round_code: str,
) -> LookBack:
    """The rounds are the one that `round_code` names, or those on the number `recipient`: drafts where tried."""
    values = {
        "provider": provider,
        "provider_id": provider_id,
        "sender_key": sender_key,
        "since": since,
        "recipient": recipient,
        "round_code": round_code,
    }
    rows = session.connection().execute(_BY_CODE if round_code else _BY_NUMBER, values).all()
    is_known, reply, lately = rows[0][:3]
    return LookBack(
        known=StoredMessage(reply=reply) if is_known else None,
        lately=lately,
        rounds=tuple(round_row(row) for row in rows if row.id is not None),
    )


def find_message(session: Session, provider: str, provider_id: str) -> StoredMessage | None:
    """The message of that id, if it has come before."""
    query = select(Message.reply).where(Message.provider == provider, Message.provider_id == provider_id)
    row = session.connection().execute(query).one_or_none()
    return StoredMessage(reply=row.reply) if row else None
