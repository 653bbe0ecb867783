"""What a round's guardian does with the messages that told of danger (mode B, docs/safeguards.md).

Every reading is written to the audit log, with the account and why, in the transaction that hands the text out. The log
never says what kind of message it was: coordinators read the log.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from privacy.pseudonyms import KeyRing
from storage import audit, quarantine
from storage.database import Session, Sessions
from storage.quarantine import QuarantinedRow

_LATELY = 5


class Reason(StrEnum):
    """Why a message is read. Chosen, not typed: nothing of a message may get into the log."""

    REVIEW = "review"
    """The guardian's round of what has come in."""
    CHILD = "child"
    """Deciding on a report of concern (orosanmälan)."""
    POLICE = "police"
    """Deciding on a report to the police."""
    AGAIN = "again"
    """Following up what was read before."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Opened:
    """A message that is being read."""

    row: QuarantinedRow
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Deleted:
    """What the upkeep has deleted on its day."""

    at: datetime
    messages: int
    unread: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Quarantine:
    """For the guardian. `actor` is the account's address."""

    sessions: Sessions
    keys: KeyRing
    now: Callable[[], datetime]
    actor: str

    def list(self) -> tuple[QuarantinedRow, ...]:
        with self.sessions.reading() as session:
            return tuple(quarantine.list_messages(session))

    def list_deleted(self) -> tuple[Deleted, ...]:
        """The latest deletions by the upkeep."""
        with self.sessions.reading() as session:
            entries = audit.list_entries(session, limit=_LATELY, action="quarantine_deleted")
        return tuple(
            Deleted(at=e.at, messages=e.change["messages"][0], unread=e.change["unread"][0]) for e in entries
        )

    def open(self, message_id: int, reason: Reason) -> Opened | None:
        """The words, once. None where the message is gone. Raises UndecipherableError without its master key."""
        with self.sessions.begin() as session:
            row = quarantine.get_message(session, message_id)
            if row is None:
                return None
            sealed = quarantine.get_sealed(session, message_id)
            text = self.keys.open_for_guardian(sealed, message_id=message_id)
            quarantine.mark_read(session, message_id, self.now())
            self._log(session, "quarantine_read", row, reason.value)
        return Opened(row=row, text=text)

    def handle(self, message_id: int) -> bool:
        """The guardian has dealt with it: it is deleted at once. Whether it was there."""
        with self.sessions.begin() as session:
            row = quarantine.get_message(session, message_id)
            if row is None:
                return False
            quarantine.discard_message(session, message_id, self.now())
            self._log(session, "quarantine_handled", row)
        return True

    def _log(self, session: Session, action: str, row: QuarantinedRow, reason: str = "") -> None:
        audit.add_audit_entry(
            session,
            actor=self.actor,
            action=action,
            round_id=row.round_id,
            at=self.now(),
            reason=reason,
            subject=str(row.id),
        )


def count_unread(sessions: Sessions) -> int:
    """For the guardian's head of pages."""
    with sessions.reading() as session:
        return quarantine.count_unread(session)


def delete_due(session: Session, today: date, at: datetime) -> dict[int, int]:
    """Delete what has had its three working days, and say so in the log, with how many nobody had read. Returns how
    many went by round.
    """
    gone = quarantine.delete_due(session, today)
    for of_round in gone:
        audit.add_audit_entry(
            session,
            actor="upkeep",
            action="quarantine_deleted",
            round_id=of_round.round_id,
            at=at,
            change={"messages": [of_round.messages, 0], "unread": [of_round.unread, 0]},
        )
    return {of_round.round_id: of_round.messages for of_round in gone}
