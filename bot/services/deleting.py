"""Deletion on its date, each duty in a transaction of its own with its record; and what should have gone and has not.

A duty that fails leaves the others undisturbed: it is logged, tried again by the next run, and the doctor tells of it.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from bot.services.dates import local_date, retention_of
from bot.services.limiting import KEPT
from bot.services.quarantine import delete_due
from privacy.retention import (
    AUDIT_MONTHS,
    DELIVERY_DAYS,
    INBOX_DAYS,
    LEDGER_KEPT,
    OF_A_ROUND,
    REPLY_KEPT,
    Rule,
    months_after,
)
from storage import (
    accounts,
    audit,
    deletions,
    erasure,
    ledger,
    limits,
    messages,
    outbox,
    quarantine,
    reading,
    respondents,
    rounds,
)
from storage.database import DatabaseUnavailable, Session, Sessions
from storage.deletions import ROW, Gone
from storage.rounds import RoundRow

log = logging.getLogger("lyhord.deleting")

ByRound = Mapping[int | None, Gone]


@dataclass(frozen=True, kw_only=True, slots=True)
class Duty:
    """Something that has fallen due. `row` is None for what belongs to no round, or to several."""

    rule: Rule
    row: RoundRow | None
    count: int
    """How much of it there is: the doctor tells it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Swept:
    """What a run deleted, and how many duties it could not do."""

    gone: Mapping[Rule, Counter[tuple[str, str]]] = field(default_factory=dict)
    failed: int = 0

    def count(self, rule: Rule, table_name: str, kind: str = ROW) -> int:
        return self.gone[rule][table_name, kind] if rule in self.gone else 0


def sweep(sessions: Sessions, now: datetime) -> Swept:
    """Do every duty that has fallen due. Raises DatabaseUnavailable; any other fault stays with its duty."""
    gone: dict[Rule, Counter[tuple[str, str]]] = {}
    failed = 0
    for duty in list_duties(sessions, now):
        try:
            with sessions.begin() as session, reading.unhurried(session):
                went = _do(session, duty, now)
        except DatabaseUnavailable:
            raise
        except Exception as error:
            failed += 1
            code = duty.row.code if duty.row else ""
            kinds = {"rule": duty.rule.value, "round": code, "error": type(error).__name__}
            log.error("deletion_failed", extra=kinds)
        else:
            gone.setdefault(duty.rule, Counter()).update(went)
    return Swept(gone=gone, failed=failed)


def list_duties(sessions: Sessions, now: datetime) -> list[Duty]:
    """What should have gone by now and is there. Changes nothing and keeps no writer waiting."""
    with sessions.reading() as session, reading.unhurried(session):
        return [duty for duty in _duties(session, now) if duty.count]


def _duties(session: Session, now: datetime) -> Iterator[Duty]:
    for rule, standing in _STANDING.items():
        yield Duty(rule=rule, row=None, count=standing.count(session, now))
    for row in rounds.list_rounds(session):
        for rule in _due_rules(row, local_date(now)):
            yield Duty(rule=rule, row=row, count=_OF_ROUND[rule].count(session, row, now))


def _due_rules(row: RoundRow, today: date) -> list[Rule]:
    """The rules whose last day for this round has passed."""
    dates = retention_of(row)
    return [rule for rule in OF_A_ROUND if row.status == "closed" and dates.last_day(rule) < today]


def _do(session: Session, duty: Duty, now: datetime) -> Gone:
    """Delete and record it."""
    by_round: ByRound
    if duty.row is None:
        by_round = _STANDING[duty.rule].delete(session, now)
    else:
        by_round = {duty.row.id: _OF_ROUND[duty.rule].delete(session, duty.row, now)}
    went: Counter[tuple[str, str]] = Counter()
    for round_id, gone in by_round.items():
        deletions.add_deletions(session, round_id, duty.rule.value, gone, local_date(now))
        went.update(gone)
    return went


# Rules that run from when each thing came


@dataclass(frozen=True, slots=True)
class _Standing:
    count: Callable[[Session, datetime], int]
    delete: Callable[[Session, datetime], ByRound]


def _each(table_name: str, kind: str, counts: Mapping[int, int] | Mapping[int | None, int]) -> ByRound:
    return {round_id: {(table_name, kind): count} for round_id, count in counts.items()}


def _oldest_entry(now: datetime) -> datetime:
    oldest = months_after(local_date(now), -AUDIT_MONTHS)
    return datetime(oldest.year, oldest.month, oldest.day, tzinfo=UTC)


def _count_inbox(session: Session, now: datetime) -> int:
    safeguards = messages.count_roundless_safeguards_before(session, now - timedelta(days=INBOX_DAYS))
    return messages.count_due_inbox(session, local_date(now)) + safeguards


def _delete_inbox(session: Session, now: datetime) -> ByRound:
    """And that somebody was given a safeguard text on a number without a round."""
    by_round = {**_each("inbox", ROW, messages.delete_due_inbox(session, local_date(now)))}
    gone = messages.delete_roundless_safeguards_before(session, now - timedelta(days=INBOX_DAYS))
    by_round[None] = {**by_round.get(None, {}), ("safeguard_replies", ROW): gone}
    return by_round


def _delete_entries(session: Session, before: datetime) -> Gone:
    """And the disabled accounts that no entry names any more."""
    return {
        ("audit_log", ROW): audit.delete_entries_before(session, before),
        ("accounts", ROW): accounts.delete_disabled_before(session, before),
    }


_STANDING = {
    Rule.UNSENT: _Standing(
        lambda session, now: outbox.count_messages_before(session, now - REPLY_KEPT),
        lambda session, now: _each("outbox", ROW, outbox.delete_messages_before(session, now - REPLY_KEPT)),
    ),
    Rule.REPLY: _Standing(
        lambda session, now: messages.count_forgettable(session, now - REPLY_KEPT),
        lambda session, now: _each(
            "messages", "reply", messages.update_forgotten_replies(session, now - REPLY_KEPT)
        ),
    ),
    Rule.INBOX: _Standing(_count_inbox, _delete_inbox),
    Rule.QUARANTINE: _Standing(
        lambda session, now: quarantine.count_due(session, local_date(now)),
        lambda session, now: _each("quarantine", ROW, delete_due(session, local_date(now), now)),
    ),
    Rule.DELIVERY: _Standing(
        lambda session, now: messages.count_deliveries_before(session, now - timedelta(days=DELIVERY_DAYS)),
        lambda session, now: {
            None: {
                ("deliveries", ROW): messages.delete_deliveries_before(
                    session, now - timedelta(days=DELIVERY_DAYS)
                )
            }
        },
    ),
    Rule.AUDIT: _Standing(
        lambda session, now: audit.count_entries_before(session, _oldest_entry(now)),
        lambda session, now: {None: _delete_entries(session, _oldest_entry(now))},
    ),
    Rule.LEDGER: _Standing(
        lambda session, now: ledger.count_entries_before(session, now - LEDGER_KEPT),
        lambda session, now: {
            None: {("ledger", ROW): ledger.delete_entries_before(session, now - LEDGER_KEPT)}
        },
    ),
    Rule.COUNTS: _Standing(
        lambda session, now: limits.count_counts_before(session, now - KEPT),
        lambda session, now: {None: {("rate_counts", ROW): limits.delete_counts_before(session, now - KEPT)}},
    ),
}


# Rules that run from the end of a round


@dataclass(frozen=True, slots=True)
class _OfRound:
    count: Callable[[Session, RoundRow, datetime], int]
    delete: Callable[[Session, RoundRow, datetime], Gone]


def _today(now: datetime) -> datetime:
    return now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def _count_links(session: Session, row: RoundRow, now: datetime) -> int:
    links = erasure.count_links(session, row.id) + erasure.count_hours(session, row.id, _today(now))
    return links + (row.wrapped_key is not None)


def _destroy_key(session: Session, row: RoundRow, now: datetime) -> Gone:
    """The last day for RADERA has passed: nobody shall be able to tell whose an answer is."""
    gone: dict[tuple[str, str], int] = {}
    if row.wrapped_key is not None:
        rounds.mark_key_destroyed(session, row.id, at=now)
        audit.add_audit_entry(session, actor="upkeep", action="key_destroyed", round_id=row.id, at=now)
        gone["rounds", "key"] = 1
    return {
        **gone,
        **erasure.cut_links(session, row.id),
        **erasure.cut_hours(session, row.id, _today(now)),
    }


_OF_ROUND = {
    Rule.KEY: _OfRound(_count_links, _destroy_key),
    Rule.NUMBERS: _OfRound(
        lambda session, row, now: respondents.count_feedback_of_round(session, row.id),
        lambda session, row, now: {
            ("feedback_list", ROW): respondents.delete_feedback_of_round(session, row.id)
        },
    ),
    Rule.TEXT: _OfRound(
        lambda session, row, now: erasure.count_texts(session, row.id),
        lambda session, row, now: erasure.forget_texts(session, row.id),
    ),
    Rule.CODES: _OfRound(
        lambda session, row, now: erasure.count_round_answers(session, row.id),
        lambda session, row, now: erasure.delete_round_answers(session, row.id),
    ),
}
