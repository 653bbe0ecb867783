"""Counts by the hour, added up by the database itself, so that they are right with any number of processes."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from importlib import import_module
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from storage.tables import RateCount


@cache
def _insert_of(dialect: str) -> Any:
    """The insert of that database alone: SQLAlchemy's part for the other takes three megabytes."""
    return import_module(f"sqlalchemy.dialects.{dialect}").insert


def count_up(session: Session, keys: Iterable[str], hour: datetime) -> dict[str, int]:
    """Add one to each of these counts, and return them. Always in the same order, so that nobody waits in a ring."""
    rows = [{"key": key, "hour": hour, "count": 1} for key in sorted(keys)]
    if not rows:
        return {}
    insert = _insert_of(session.get_bind().dialect.name)(RateCount).values(rows)
    statement = insert.on_conflict_do_update(
        index_elements=[RateCount.key, RateCount.hour], set_={"count": RateCount.count + 1}
    ).returning(RateCount.key, RateCount.count)
    return dict(session.connection().execute(statement).all())


def get_count(session: Session, key: str, hour: datetime) -> int:
    query = select(RateCount.count).where(RateCount.key == key, RateCount.hour == hour)
    return session.scalar(query) or 0


def count_counts_before(session: Session, hour: datetime) -> int:
    return session.scalar(select(func.count()).select_from(RateCount).where(RateCount.hour < hour)) or 0


def delete_counts_before(session: Session, hour: datetime) -> int:
    """Forget what was counted before `hour`. Returns how many counts."""
    return int(session.execute(delete(RateCount).where(RateCount.hour < hour)).rowcount)  # type: ignore[attr-defined]
