"""The audit log (who did what, when and why) and the ledger of released reports."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from storage.tables import AuditEntry, Release


@dataclass(frozen=True, kw_only=True, slots=True)
class ReleaseRow:
    """A report as it was released."""

    rule: str
    released_at: datetime
    counted: int
    picture: Mapping[str, Any]


def add_audit_entry(
    session: Session, *, actor: str, action: str, round_id: int | None, at: datetime, reason: str = ""
) -> None:
    session.add(AuditEntry(at=at, actor=actor, action=action, round_id=round_id, reason=reason))
    session.flush()


def count_entries_before(session: Session, at: datetime) -> int:
    return session.scalar(select(func.count()).select_from(AuditEntry).where(AuditEntry.at < at)) or 0


def delete_entries_before(session: Session, at: datetime) -> int:
    """Returns how many."""
    return int(session.execute(delete(AuditEntry).where(AuditEntry.at < at)).rowcount)  # type: ignore[attr-defined]


def get_latest_release(session: Session, round_id: int) -> ReleaseRow | None:
    row = session.execute(
        select(Release.rule, Release.released_at, Release.counted, Release.picture)
        .where(Release.round_id == round_id)
        .order_by(Release.id.desc())
        .limit(1)
    ).one_or_none()
    return ReleaseRow(**row._mapping) if row else None


def get_published_release(session: Session, round_id: int) -> ReleaseRow | None:
    """The report that everybody may read on the round's page, if one was published."""
    row = session.execute(
        select(Release.rule, Release.released_at, Release.counted, Release.picture)
        .where(Release.round_id == round_id, Release.published_at.is_not(None))
        .order_by(Release.id.desc())
        .limit(1)
    ).one_or_none()
    return ReleaseRow(**row._mapping) if row else None


def mark_published(session: Session, round_id: int, at: datetime | None) -> bool:
    """Publish the latest report of a round, and no other; with None as time, none at all. Whether there is one."""
    session.execute(update(Release).where(Release.round_id == round_id).values(published_at=None))
    if at is None:
        return True
    latest = session.scalar(select(func.max(Release.id)).where(Release.round_id == round_id))
    session.execute(update(Release).where(Release.id == latest).values(published_at=at))
    return latest is not None


def add_release(session: Session, round_id: int, release: ReleaseRow) -> None:
    session.add(
        Release(
            round_id=round_id,
            rule=release.rule,
            released_at=release.released_at,
            counted=release.counted,
            picture=dict(release.picture),
        )
    )
    session.flush()
