"""Messages outside any survey, redacted, for a coordinator to read: what they say, nothing of whom they are from."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.services.dates import local_date
from storage import audit, messages
from storage.database import Session, Sessions
from storage.messages import InboxLine

AT_A_TIME = 50


@dataclass(frozen=True, kw_only=True, slots=True)
class InboxPage:
    """The newest first. `page` counts from 1."""

    lines: tuple[InboxLine, ...]
    page: int
    has_more: bool
    new: int
    handled: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Inbox:
    """Each deed is one transaction with a line in the audit log. `actor` is the account's address."""

    sessions: Sessions
    now: Callable[[], datetime]
    actor: str

    def read(self, *, is_handled: bool = False, page: int = 1) -> InboxPage:
        """That it was read is written to the log, where there was something to read."""
        with self.sessions.begin() as session:
            found = messages.list_inbox_lines(
                session, is_handled=is_handled, limit=AT_A_TIME + 1, offset=(page - 1) * AT_A_TIME
            )
            for round_id in sorted({line.round_id for line in found[:AT_A_TIME]}, key=lambda i: i or 0):
                self._log(session, "inbox_read", round_id)
            return InboxPage(
                lines=tuple(found[:AT_A_TIME]),
                page=page,
                has_more=len(found) > AT_A_TIME,
                new=messages.count_inbox(session),
                handled=messages.count_inbox(session, is_handled=True),
            )

    def mark(self, message_id: int, *, is_handled: bool) -> bool:
        """Dealt with, or to be dealt with again. Whether the message was there."""
        with self.sessions.begin() as session:
            of_round = messages.get_inbox_round(session, message_id)
            if of_round is None:
                return False
            messages.mark_handled(session, message_id, local_date(self.now()) if is_handled else None)
            action = "inbox_handled" if is_handled else "inbox_reopened"
            self._log(session, action, of_round[0], str(message_id))
        return True

    def delete(self, message_id: int) -> bool:
        """Now, before its date. Whether the message was there."""
        with self.sessions.begin() as session:
            of_round = messages.get_inbox_round(session, message_id)
            if of_round is None:
                return False
            messages.discard_inbox_message(session, message_id, self.now())
            self._log(session, "inbox_deleted", of_round[0], str(message_id))
        return True

    def _log(self, session: Session, action: str, round_id: int | None, subject: str = "") -> None:
        audit.add_audit_entry(
            session, actor=self.actor, action=action, round_id=round_id, at=self.now(), subject=subject
        )


def count_new(sessions: Sessions) -> int:
    """For the head of pages."""
    with sessions.reading() as session:
        return messages.count_inbox(session)
