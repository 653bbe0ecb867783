"""What closing a round does, and when: every date from the one set of rules in privacy.retention."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.papers.wording import sentence
from bot.services.dates import ended_on, local_date, retention_of
from bot.services.rounds import get_existing
from privacy.retention import REPLY_KEPT, RetentionPlan, Rule
from storage import deletions
from storage.database import Sessions
from storage.deletions import DeletionRow
from storage.rounds import RoundRow
from summary.wording import Words


class StepKind(StrEnum):
    """What happens in a step; bot/papers/closing.yaml has words for each."""

    ANSWERS = "answers"
    REPLIES = "replies"
    ERASE = "erase"
    KEY = "key"
    EXACT = "exact"
    TEXT = "text"
    NUMBERS = "numbers"
    CODES = "codes"
    INBOX = "inbox"
    KEPT = "kept"


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """`on` is the day on which it happens, or the last one for what ends; None for what has no day of its own."""

    kind: StepKind
    on: date | None
    is_past: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class ClosingPlan:
    """A round's dates. All of them run from `ended_on`, which is planned until the round has closed."""

    code: str
    name: str
    status: str
    opens_on: date
    closes_on: date
    """Last day on which answers are taken, as residents were told."""
    closed_on: date | None
    ended_on: date
    decided_on: date | None
    answers_until: date
    """Last day on which answers were taken, or will be."""
    replies_until: date
    exact_from: date
    """First day on which the final report may be made."""
    dates: RetentionPlan
    steps: tuple[Step, ...]

    @property
    def is_closed_early(self) -> bool:
        return self.closed_on is not None and self.closed_on < self.ended_on


def plan_of(row: RoundRow, today: date) -> ClosingPlan:
    """The plan of a round as it stands; of a draft or an open one as it will be if it closes on its last day."""
    dates, end = retention_of(row), ended_on(row)
    closed_on = local_date(row.closed_at) if row.closed_at else None
    answers_until = min(closed_on or row.closes_on, row.closes_on)
    replies_until = answers_until + REPLY_KEPT
    return ClosingPlan(
        code=row.code,
        name=row.name,
        status=row.status,
        opens_on=row.opens_on,
        closes_on=row.closes_on,
        closed_on=closed_on,
        ended_on=end,
        decided_on=row.decided_on,
        answers_until=answers_until,
        replies_until=replies_until,
        exact_from=_gone_on(dates, Rule.KEY),
        dates=dates,
        steps=tuple(
            _steps(row, dates, {StepKind.ANSWERS: answers_until, StepKind.REPLIES: replies_until}, today)
        ),
    )


def _steps(
    row: RoundRow, dates: RetentionPlan, first: Mapping[StepKind, date], today: date
) -> Iterator[Step]:
    days = {
        **first,
        StepKind.ERASE: dates.erase_until,
        StepKind.KEY: dates.key_destroyed_on,
        StepKind.EXACT: _gone_on(dates, Rule.KEY),
        StepKind.TEXT: _gone_on(dates, Rule.TEXT),
        StepKind.NUMBERS: _gone_on(dates, Rule.NUMBERS),
        StepKind.CODES: _gone_on(dates, Rule.CODES),
    }
    ends = {StepKind.ANSWERS, StepKind.ERASE}
    for kind, day in sorted(days.items(), key=lambda item: item[1]):
        is_past = row.status == "closed" and (day < today if kind in ends else day <= today)
        yield Step(kind=kind, on=day, is_past=is_past)
    yield Step(kind=StepKind.INBOX, on=None)
    yield Step(kind=StepKind.KEPT, on=None)


def _gone_on(dates: RetentionPlan, rule: Rule) -> date:
    return dates.last_day(rule) + timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Closing:
    """What a coordinator may read of a round's end. Changes nothing."""

    sessions: Sessions
    now: Callable[[], datetime]

    def plan(self, code: str) -> ClosingPlan:
        """Raises RoundRefused for an unknown round."""
        with self.sessions.reading() as session:
            return plan_of(get_existing(session, code), local_date(self.now()))

    def list_deletions(self, code: str) -> tuple[DeletionRow, ...]:
        """What has been deleted of a round on its dates, the oldest first. Raises RoundRefused."""
        with self.sessions.reading() as session:
            return tuple(deletions.list_deletions(session, get_existing(session, code).id))


def plan_lines(plan: ClosingPlan, language: str) -> Iterator[str]:
    """The plan in words, a line for each day."""
    yield f"{plan.code}: {plan.name}"
    yield from plan_notes(plan, language)
    yield ""
    for step in plan.steps:
        yield f"{step_day(step, language):<20} {sentence('closing', step.kind.value, language)}"


def plan_notes(plan: ClosingPlan, language: str) -> Iterator[str]:
    """Sentences on the state of the round and what its dates stand on."""
    yield sentence("closing", f"status_{plan.status}", language)
    if plan.closed_on is None:
        yield sentence("closing", "planned", language, closes=plan.closes_on)
    elif plan.is_closed_early:
        yield sentence("closing", "closed_early", language, ended=plan.ended_on)
    if plan.decided_on is not None:
        yield sentence("closing", "decided", language, day=plan.decided_on)
    elif plan.status == "closed":
        yield sentence("closing", "undecided", language)


def step_sentence(step: Step, language: str) -> str:
    """What happens in it."""
    return sentence("closing", step.kind.value, language)


def step_day(step: Step, language: str) -> str:
    if step.on is None:
        return sentence("closing", "always" if step.kind is StepKind.KEPT else "each", language)
    return Words(language).day(step.on)
