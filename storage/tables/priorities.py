"""What people decide about the problem picture of a round: scores of its problems, and how it is made."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base


class PriorityScore(Base):
    """One score that somebody gave. The latest of a problem and criterion stands; one without a score takes it back."""

    __tablename__ = "priority_scores"
    __table_args__ = (Index("ix_priority_scores_round_id", "round_id", "problem", "criterion"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    problem: Mapped[str]
    """Code of a category or focus issue."""
    criterion: Mapped[str]
    """summary.priorities.Criterion"""
    score: Mapped[int | None]
    reason: Mapped[str]
    changed_at: Mapped[datetime]
    changed_by: Mapped[str]
    """Name of the account."""


class PictureChoices(Base):
    """What a coordinator has chosen for the problem picture of a round, replaced as a whole. Aggregates only."""

    __tablename__ = "picture_choices"

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), primary_key=True, autoincrement=False)
    previous_round_id: Mapped[int | None] = mapped_column(ForeignKey("rounds.id"))
    """The round that changes are told since."""
    with_weights: Mapped[bool]
    with_intervals: Mapped[bool]
    population: Mapped[dict[str, Any]]
    """Inhabitants aged 15 and over by choice: ``{"age": {"15_24": 1100}, "gender": {"woman": 4400}}``."""
    changed_at: Mapped[datetime]
    changed_by: Mapped[str]
