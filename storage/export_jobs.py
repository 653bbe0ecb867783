"""Files that are made aside: asked for, claimed by one worker at a time, ready or failed, and forgotten."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, aliased

from storage.tables import ExportJob, Round

MOST_TRIES = 2
"""What was begun so often without coming to an end is not begun again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class JobRow:
    """`done_rows` of `all_rows` are written; both are 0 of what is not counted in rows. `tries` names the attempt."""

    id: str
    round_code: str
    what: str
    format: str
    language: str
    actor: str
    state: str
    tries: int
    done_rows: int
    all_rows: int
    file_name: str
    asked_at: datetime
    heartbeat_at: datetime | None
    finished_at: datetime | None


_COLUMNS = (
    ExportJob.id,
    Round.code.label("round_code"),
    ExportJob.what,
    ExportJob.format,
    ExportJob.language,
    ExportJob.actor,
    ExportJob.state,
    ExportJob.tries,
    ExportJob.done_rows,
    ExportJob.all_rows,
    ExportJob.file_name,
    ExportJob.asked_at,
    ExportJob.heartbeat_at,
    ExportJob.finished_at,
)
_QUERY = select(*_COLUMNS).join(Round, Round.id == ExportJob.round_id)


def add_job(session: Session, round_id: int, job: JobRow) -> None:
    session.add(
        ExportJob(
            id=job.id,
            round_id=round_id,
            what=job.what,
            format=job.format,
            language=job.language,
            actor=job.actor,
            state=job.state,
            tries=job.tries,
            done_rows=job.done_rows,
            all_rows=job.all_rows,
            file_name=job.file_name,
            asked_at=job.asked_at,
        )
    )
    session.flush()


def get_job(session: Session, job_id: str) -> JobRow | None:
    row = session.execute(_QUERY.where(ExportJob.id == job_id)).one_or_none()
    return JobRow(**row._mapping) if row else None


def list_jobs(session: Session, round_code: str) -> list[JobRow]:
    """The newest first."""
    query = _QUERY.where(Round.code == round_code).order_by(ExportJob.asked_at.desc(), ExportJob.id)
    return [JobRow(**row._mapping) for row in session.execute(query)]


def list_ids(session: Session) -> frozenset[str]:
    return frozenset(session.scalars(select(ExportJob.id)))


def has_waiting(session: Session) -> bool:
    """Whether something waits, or is said to be running: whoever ran it may be gone."""
    query = select(ExportJob.id).where(ExportJob.state.in_(("waiting", "running"))).limit(1)
    return session.scalar(query) is not None


def claim_next(session: Session, at: datetime, stale_before: datetime) -> JobRow | None:
    """The oldest that waits and whose round has none running, now running. Who was last heard of before
    `stale_before` is taken for dead: what it made waits again, or has failed.
    """
    # Workers line up for these rows: what the next statement sees, nobody else is about to change.
    session.execute(
        select(ExportJob.id)
        .where(ExportJob.state.in_(("waiting", "running")))
        .order_by(ExportJob.id)
        .with_for_update()
    ).all()
    is_stale = (ExportJob.state == "running") & (ExportJob.heartbeat_at < stale_before)
    session.execute(
        update(ExportJob)
        .where(is_stale, ExportJob.tries >= MOST_TRIES)
        .values(state="failed", finished_at=at)
    )
    session.execute(update(ExportJob).where(is_stale).values(state="waiting", done_rows=0))
    running = aliased(ExportJob)
    is_busy = (
        select(running.id).where(running.round_id == ExportJob.round_id, running.state == "running").exists()
    )
    query = select(ExportJob.id).where(ExportJob.state == "waiting", ~is_busy)
    job_id = session.scalar(query.order_by(ExportJob.asked_at, ExportJob.id).limit(1))
    if job_id is None:
        return None
    session.execute(
        update(ExportJob)
        .where(ExportJob.id == job_id)
        .values(state="running", tries=ExportJob.tries + 1, heartbeat_at=at, done_rows=0)
    )
    return get_job(session, job_id)


def mark_progress(session: Session, job: JobRow, done_rows: int, at: datetime) -> bool:
    """Whether this attempt is still the one that counts."""
    return _mark(session, job, done_rows=done_rows, heartbeat_at=at)


def mark_ended(session: Session, job: JobRow, state: str, at: datetime) -> bool:
    """ready or failed. Whether this attempt is still the one that counts."""
    return _mark(session, job, state=state, finished_at=at)


def delete_ended(session: Session, before: datetime) -> None:
    """Those that were ready, or failed, before that time."""
    session.execute(delete(ExportJob).where(ExportJob.finished_at < before))


def _mark(session: Session, job: JobRow, **values: object) -> bool:
    mine = (ExportJob.id == job.id, ExportJob.state == "running", ExportJob.tries == job.tries)
    return bool(session.execute(update(ExportJob).where(*mine).values(**values)).rowcount)  # type: ignore[attr-defined]
