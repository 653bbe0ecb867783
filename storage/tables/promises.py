"""What is promised to citizens because of a round: who is responsible, how much, until when, and what became of it."""

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base


class Promise(Base):
    """One promise as it stands. Each change counts `version` up, so that two who change at once are told."""

    __tablename__ = "promises"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), index=True)
    version: Mapped[int]
    problem: Mapped[str]
    """Code of a category or focus issue."""
    area_code: Mapped[str | None] = mapped_column(ForeignKey("areas.code"))
    """None where it is of the whole municipality."""
    wording: Mapped[str]
    owner: Mapped[str]
    """A function, never a person; empty where it is not decided."""
    co_actors: Mapped[str]
    indicator: Mapped[str]
    """What is counted, and from which source."""
    target: Mapped[float | None]
    unit: Mapped[str]
    """What the target and the result are a number of."""
    frequency: Mapped[str]
    """summary.promises.Frequency"""
    deadline: Mapped[date | None]
    status: Mapped[str]
    """summary.promises.Status"""
    result: Mapped[str]
    result_number: Mapped[float | None]
    followed_up_on: Mapped[date | None]
    feedback_on: Mapped[date | None]
    """When those who asked for it were told."""
    changed_at: Mapped[datetime]
    changed_by: Mapped[str]
    """Name of the account."""
