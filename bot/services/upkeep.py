"""What must happen by itself on its dates: closing, forgetting, deleting, destroying keys (docs/privacy.md)."""

import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime

from bot.services import quarantine
from bot.services.dates import ended_on, local_date
from bot.services.limiting import KEPT
from bot.services.marking import mark_bursts
from bot.services.signing_in import forget_what_is_over
from privacy.retention import AUDIT_MONTHS, LEDGER_KEPT, REPLY_KEPT, RetentionPlan, months_after, plan
from storage import audit, condition, erasure, ledger, limits, messages, outbox, reading, respondents, rounds
from storage.database import Session, Sessions

log = logging.getLogger("lyhord.upkeep")

TASK = "upkeep"
"""Under which name its last run is noted."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Done:
    """What one run of the upkeep did."""

    rounds_closed: int
    unsent_deleted: int
    replies_forgotten: int
    inbox_deleted: int
    quarantine_deleted: int
    keys_destroyed: int
    texts_forgotten: int
    conversations_deleted: int
    conversations_marked: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Upkeep:
    """Run it as often as you like: each step looks at dates, not at when it ran last."""

    sessions: Sessions
    now: Callable[[], datetime]

    def run(self) -> Done:
        now = self.now()
        marked = mark_bursts(self.sessions, now)
        with self.sessions.begin() as session, reading.unhurried(session):
            done = Done(
                conversations_marked=marked,
                rounds_closed=self._close_rounds(session, now),
                unsent_deleted=outbox.delete_messages_before(session, now - REPLY_KEPT),
                replies_forgotten=messages.update_forgotten_replies(session, now - REPLY_KEPT),
                inbox_deleted=messages.delete_due_inbox(session, local_date(now)),
                quarantine_deleted=quarantine.delete_due(session, local_date(now), now),
                keys_destroyed=self._destroy_keys(session, now),
                texts_forgotten=self._in_ended_rounds(
                    session, now, lambda dates: dates.masked_text_until, erasure.forget_texts
                ),
                conversations_deleted=self._in_ended_rounds(
                    session, now, lambda dates: dates.coded_answers_until, erasure.delete_round_answers
                ),
            )
            self._forget_numbers_and_log(session, now)
            limits.delete_counts_before(session, now - KEPT)
            forget_what_is_over(session, now)
            condition.set_last_run(session, TASK, now)
        log.info("upkeep_done", extra=asdict(done))
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
            and plan(ended_on(row)).key_destroyed_on <= today
        ]
        for row in due:
            rounds.mark_key_destroyed(session, row.id, at=now)
            erasure.cut_links(session, row.id)
            audit.add_audit_entry(session, actor="upkeep", action="key_destroyed", round_id=row.id, at=now)
        return len(due)

    def _in_ended_rounds(
        self,
        session: Session,
        now: datetime,
        last_day: Callable[[RetentionPlan], date],
        step: Callable[[Session, int], int],
    ) -> int:
        """Take `step` in every round whose last day for it has passed."""
        ended = [row for row in rounds.list_rounds(session) if row.status == "closed"]
        due = [row for row in ended if last_day(plan(ended_on(row))) < local_date(now)]
        return sum(step(session, row.id) for row in due)

    def _forget_numbers_and_log(self, session: Session, now: datetime) -> None:
        self._in_ended_rounds(
            session, now, lambda dates: dates.feedback_numbers_until, respondents.delete_feedback_of_round
        )
        oldest = months_after(local_date(now), -AUDIT_MONTHS)
        audit.delete_entries_before(session, datetime(oldest.year, oldest.month, oldest.day, tzinfo=UTC))
        ledger.delete_entries_before(session, now - LEDGER_KEPT)
