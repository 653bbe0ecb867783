"""What people decide about the problem picture: each score of a problem that was given, and how the picture is made."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.tables import PictureChoices, PriorityScore


@dataclass(frozen=True, kw_only=True, slots=True)
class ScoreRow:
    """`score` is None where somebody took the group's score back."""

    problem: str
    criterion: str
    score: int | None
    reason: str
    changed_at: datetime
    changed_by: str


def add_score(session: Session, round_id: int, row: ScoreRow) -> None:
    session.add(
        PriorityScore(
            round_id=round_id,
            problem=row.problem,
            criterion=row.criterion,
            score=row.score,
            reason=row.reason,
            changed_at=row.changed_at,
            changed_by=row.changed_by,
        )
    )
    session.flush()


def list_scores(session: Session, round_id: int) -> list[ScoreRow]:
    """Every score that was given, the oldest first."""
    query = select(PriorityScore).where(PriorityScore.round_id == round_id).order_by(PriorityScore.id)
    return [
        ScoreRow(
            problem=found.problem,
            criterion=found.criterion,
            score=found.score,
            reason=found.reason,
            changed_at=found.changed_at,
            changed_by=found.changed_by,
        )
        for found in session.execute(query).scalars()
    ]


@dataclass(frozen=True, kw_only=True, slots=True)
class ChoicesRow:
    """What was chosen for the picture of a round; as it is where nobody has chosen."""

    previous_round_id: int | None = None
    with_weights: bool = False
    with_intervals: bool = False
    population: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


def get_choices(session: Session, round_id: int) -> ChoicesRow:
    found = session.get(PictureChoices, round_id)
    if found is None:
        return ChoicesRow()
    return ChoicesRow(
        previous_round_id=found.previous_round_id,
        with_weights=found.with_weights,
        with_intervals=found.with_intervals,
        population=found.population,
    )


def replace_choices(session: Session, round_id: int, row: ChoicesRow, *, at: datetime, by: str) -> None:
    session.merge(
        PictureChoices(
            round_id=round_id,
            previous_round_id=row.previous_round_id,
            with_weights=row.with_weights,
            with_intervals=row.with_intervals,
            population={name: dict(groups) for name, groups in row.population.items()},
            changed_at=at,
            changed_by=by,
        )
    )
    session.flush()
