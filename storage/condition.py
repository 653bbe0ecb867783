"""Whether the database can be used: it answers, has this program's tables, and when what runs by itself ran last."""

from datetime import datetime

from sqlalchemy import delete, func, insert, literal, select, text
from sqlalchemy.exc import ProgrammingError

from storage.database import DatabaseUnavailable, Session, Sessions
from storage.tables import REVISION, LastRun, Round

UPKEEP = "upkeep"
"""What runs by itself, as its last run is noted."""

_REVISION = text("SELECT version_num FROM alembic_version")


def is_reachable(sessions: Sessions) -> bool:
    """Whether the database answers."""
    try:
        with sessions.reading() as session:
            return session.scalar(select(literal(1))) == 1
    except DatabaseUnavailable:
        return False


def has_current_tables(sessions: Sessions) -> bool:
    """Whether no migration is missing, and none is from a later version. One small query, without the migrations."""
    try:
        with sessions.reading() as session:
            return bool(session.scalar(_REVISION) == REVISION)
    except (DatabaseUnavailable, ProgrammingError):  # no table on SQLite, no table on PostgreSQL
        return False


def set_last_run(session: Session, task: str, at: datetime) -> None:
    """Note that `task` has run."""
    session.execute(delete(LastRun).where(LastRun.task == task))
    session.execute(insert(LastRun).values(task=task, at=at))


def get_last_run(session: Session, task: str) -> datetime | None:
    return session.scalar(select(LastRun.at).where(LastRun.task == task))


def count_open_rounds(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Round).where(Round.status == "open")) or 0
