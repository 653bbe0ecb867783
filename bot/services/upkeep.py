"""What must happen by itself on its dates: closing, forgetting, deleting, destroying keys (docs/privacy.md)."""

import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime

from bot.services.dates import local_date
from bot.services.deleting import sweep
from bot.services.marking import mark_bursts
from bot.services.signing_in import forget_what_is_over
from privacy.retention import Rule
from storage import audit, condition, phone_trials, rounds, transfers
from storage.database import Sessions

log = logging.getLogger("lyhord.upkeep")


@dataclass(frozen=True, kw_only=True, slots=True)
class Done:
    """What one run of the upkeep did: how many of each."""

    rounds_closed: int
    unsent_deleted: int
    replies_forgotten: int
    inbox_deleted: int
    quarantine_deleted: int
    keys_destroyed: int
    numbers_deleted: int
    texts_forgotten: int
    conversations_deleted: int
    conversations_marked: int
    not_deleted: int
    """Duties that failed: they are tried again by the next run."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Upkeep:
    """Run it as often as you like: each step looks at dates, not at when it ran last."""

    sessions: Sessions
    now: Callable[[], datetime]

    def run(self) -> Done:
        """Raises DatabaseUnavailable; what else could not be done is in `not_deleted`, and in the log."""
        now = self.now()
        marked = mark_bursts(self.sessions, now)
        closed = self._close_rounds(now)
        swept = sweep(self.sessions, now)
        with self.sessions.begin() as session:
            forget_what_is_over(session, now)
            phone_trials.delete_expired_trials(session, now)
            transfers.delete_expired(session, now)
            condition.set_last_run(session, condition.UPKEEP, now)
        done = Done(
            conversations_marked=marked,
            rounds_closed=closed,
            unsent_deleted=swept.count(Rule.UNSENT, "outbox"),
            replies_forgotten=swept.count(Rule.REPLY, "messages", "reply"),
            inbox_deleted=swept.count(Rule.INBOX, "inbox"),
            quarantine_deleted=swept.count(Rule.QUARANTINE, "quarantine"),
            keys_destroyed=swept.count(Rule.KEY, "rounds", "key"),
            numbers_deleted=swept.count(Rule.NUMBERS, "feedback_list"),
            texts_forgotten=swept.count(Rule.TEXT, "answers", "text"),
            conversations_deleted=swept.count(Rule.CODES, "conversations"),
            not_deleted=swept.failed,
        )
        log.info("upkeep_done", extra=asdict(done))
        return done

    def _close_rounds(self, now: datetime) -> int:
        with self.sessions.begin() as session:
            due = [r for r in rounds.list_rounds(session) if r.is_under_way and r.closes_on < local_date(now)]
            for row in due:
                rounds.mark_closed(session, row.id, at=now)
                audit.add_audit_entry(session, actor="upkeep", action="round_closed", round_id=row.id, at=now)
        return len(due)
