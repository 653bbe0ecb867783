"""Dates as people in Sweden count them."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from storage.rounds import RoundRow

_STOCKHOLM = ZoneInfo("Europe/Stockholm")


def local_date(at: datetime) -> date:
    """The date in Sweden."""
    return at.astimezone(_STOCKHOLM).date()


def ended_on(row: RoundRow) -> date:
    """The day from which the 14 days for RADERA run: never earlier than residents were told."""
    return max(row.closes_on, local_date(row.closed_at)) if row.closed_at else row.closes_on
