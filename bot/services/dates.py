"""Dates as people in Sweden count them, and those that follow from a round's end."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from privacy.retention import RetentionPlan, plan
from storage.rounds import RoundRow

_STOCKHOLM = ZoneInfo("Europe/Stockholm")


def local_date(at: datetime) -> date:
    """The date in Sweden."""
    return at.astimezone(_STOCKHOLM).date()


def ended_on(row: RoundRow) -> date:
    """The day from which all periods run: the last day as residents were told it.

    Also where the round was closed before it, for they were told; and where the worker closed it late, for no answer
    was taken after it.
    """
    return row.closes_on


def retention_of(row: RoundRow) -> RetentionPlan:
    """How long what of the round is kept, by its end, the day of the decision and its own decision on disposal."""
    return plan(ended_on(row), decided_on=row.decided_on, text_months=row.text_months)


def begins(day: date) -> datetime:
    """The first moment of a day in Sweden."""
    return datetime.combine(day, time(), _STOCKHOLM).astimezone(UTC)
