"""What must happen by itself on its dates: closing, forgetting, deleting, destroying keys (docs/privacy.md)."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.services.conversing import ended_on, local_date
from privacy.retention import REPLY_KEPT, erase_until
from storage import audit, erasure, messages, rounds
from storage.database import Session, Sessions

log = logging.getLogger("lyhord.upkeep")


@dataclass(frozen=True, kw_only=True, slots=True)
class Done:
    """What one run of the upkeep did."""

    rounds_closed: int
    replies_forgotten: int
    inbox_deleted: int
    keys_destroyed: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Upkeep:
    """Run it as often as you like: each step looks at dates, not at when it ran last."""

    sessions: Sessions
    now: Callable[[], datetime]

    def run(self) -> Done:
        now = self.now()
        with self.sessions.begin() as session:
            done = Done(
                rounds_closed=self._close_rounds(session, now),
                replies_forgotten=messages.update_forgotten_replies(session, now - REPLY_KEPT),
                inbox_deleted=messages.delete_due_inbox(session, local_date(now)),
                keys_destroyed=self._destroy_keys(session, now),
            )
        log.info(
            "upkeep_done",
            extra={
                "rounds_closed": done.rounds_closed,
                "replies_forgotten": done.replies_forgotten,
                "inbox_deleted": done.inbox_deleted,
                "keys_destroyed": done.keys_destroyed,
            },
        )
        return done

    def _close_rounds(self, session: Session, now: datetime) -> int:
        due = [r for r in rounds.list_rounds(session) if r.status == "open" and r.closes_on < local_date(now)]
        for row in due:
            rounds.mark_closed(session, row.id, at=now)
            audit.add_audit_entry(session, actor="upkeep", action="round_closed", round_id=row.id, at=now)
        return len(due)

    def _destroy_keys(self, session: Session, now: datetime) -> int:
        """The last day for RADERA has passed: nobody shall be able to tell whose an answer is."""
        today = local_date(now)
        due = [
            row
            for row in rounds.list_rounds(session)
            if row.closed_at is not None
            and row.wrapped_key is not None
            and erase_until(ended_on(row)) < today
        ]
        for row in due:
            rounds.mark_key_destroyed(session, row.id, at=now)
            erasure.cut_links(session, row.id)
            audit.add_audit_entry(session, actor="upkeep", action="key_destroyed", round_id=row.id, at=now)
        return len(due)
