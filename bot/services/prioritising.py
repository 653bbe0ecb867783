"""The working group's own scores of the problems: who changed what, and what stands."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.services.rounds import RoundRefused, get_existing
from categories.catalogue import CURRENT, taxonomy
from storage import audit, priorities
from storage.database import Session, Sessions
from storage.priorities import ScoreRow
from summary.priorities import MOST, Criterion, GivenScore

LONGEST_REASON = 500
"""Characters. The reason goes into the report, where no person may be named."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Priorities:
    """Every change has a line in the audit log, with `actor` in it."""

    sessions: Sessions
    now: Callable[[], datetime]
    actor: str

    def score(self, round_code: str, problem: str, criterion: str, score: int | None, reason: str) -> None:
        """Give a score from 0 to 3, or take the group's back (None). Raises RoundRefused for what cannot be."""
        _check(problem, criterion, score, reason)
        row = ScoreRow(
            problem=problem,
            criterion=criterion,
            score=score,
            reason=reason.strip(),
            changed_at=self.now(),
            changed_by=self.actor,
        )
        with self.sessions.begin() as session:
            found = get_existing(session, round_code)
            priorities.add_score(session, found.id, row)
            audit.add_audit_entry(
                session,
                actor=self.actor,
                action="priority_scored",
                round_id=found.id,
                at=row.changed_at,
                subject=f"{problem} {criterion}",
                reason=row.reason,
            )

    def history(self, round_code: str) -> list[ScoreRow]:
        """Every score that was given, the oldest first."""
        with self.sessions.reading() as session:
            return priorities.list_scores(session, get_existing(session, round_code).id)


def standing_scores(session: Session, round_id: int) -> tuple[GivenScore, ...]:
    """The latest of each problem and criterion."""
    latest = {(row.problem, row.criterion): row for row in priorities.list_scores(session, round_id)}
    return tuple(
        GivenScore(
            problem=row.problem, criterion=Criterion(row.criterion), score=row.score, reason=row.reason
        )
        for row in latest.values()
    )


def _check(problem: str, criterion: str, score: int | None, reason: str) -> None:
    known = taxonomy(CURRENT)
    if problem not in {*known.foci, *(category.id for category in known)}:
        raise RoundRefused(f"{problem!r} is no problem of the taxonomy")
    if criterion not in tuple(Criterion):
        raise RoundRefused(f"{criterion!r} is no criterion; they are {', '.join(Criterion)}")
    if score is not None and not 0 <= score <= MOST:
        raise RoundRefused(f"a score is 0 to {MOST}, not {score}")
    if score is not None and not reason.strip():
        raise RoundRefused("a score needs a reason: the group answers for it in the report")
    if len(reason) > LONGEST_REASON:
        raise RoundRefused(f"the reason has {len(reason)} characters; at most {LONGEST_REASON}")
