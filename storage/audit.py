"""The audit log (who did what, when, to what and why), append-only and chained; and the ledger of released reports."""

import hashlib
import json
from collections.abc import Collection, Mapping
from contextlib import closing
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select, text, update
from sqlalchemy.orm import Session

from storage.tables import AuditChain, AuditEntry, Release

BEGINNING = "0" * 64
"""What stands for the hash before the first entry."""
_ONLY = 1
_AT_ONCE = 1000
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('audit log', 0))")


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """An entry of the log. `hash` vouches for all the rest and for `previous`, the hash of the one before."""

    id: int
    at: datetime
    actor: str
    action: str
    round_id: int | None
    reason: str
    subject: str
    change: Mapping[str, Any]
    previous: str
    hash: str


_COLUMNS = tuple(getattr(AuditEntry, field.name) for field in fields(Entry))


@dataclass(frozen=True, kw_only=True, slots=True)
class Head:
    """The last entry of the log."""

    id: int
    hash: str


class Fault(StrEnum):
    """How a chain is broken. A link breaks where entries were taken away, put in or changed places."""

    CHANGED = "changed"
    BROKEN_LINK = "broken_link"
    CUT_OFF = "cut_off"
    WRITTEN_ANEW = "written_anew"


@dataclass(frozen=True, kw_only=True, slots=True)
class ChainState:
    """What looking at every entry has shown. `broken_at`: the first entry that does not fit; `count`: those before."""

    count: int
    head: Head
    broken_at: int | None = None
    fault: Fault | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ReleaseRow:
    """A report as it was released."""

    rule: str
    released_at: datetime
    counted: int
    picture: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class ReleaseLine:
    """A report in the ledger. `counted`: conversations that it was made of."""

    rule: str
    released_at: datetime
    counted: int
    published_at: datetime | None


def add_audit_entry(
    session: Session,
    *,
    actor: str,
    action: str,
    round_id: int | None,
    at: datetime,
    reason: str = "",
    subject: str = "",
    change: Mapping[str, Any] | None = None,
) -> None:
    """Append to the log. `change` is ``{field: [old, new]}``; nothing here may come from a resident.

    Whoever writes waits for whoever writes too, until that transaction ends: there is one chain.
    """
    chain = _locked_chain(session)
    entry = Entry(
        id=chain.head_id + 1,
        at=at.astimezone(UTC),
        actor=actor,
        action=action,
        round_id=round_id,
        reason=reason,
        subject=subject,
        change=dict(change or {}),
        previous=chain.head_hash,
        hash="",
    )
    linked = hash_of(entry)
    session.add(AuditEntry(**{**_fields(entry), "hash": linked}))
    chain.head_id, chain.head_hash = entry.id, linked
    session.flush()


def hash_of(entry: Entry) -> str:
    """SHA-256 over everything that the entry says and the hash of the one before it."""
    said = [entry.id, entry.at.isoformat(), entry.actor, entry.action, entry.round_id, entry.reason]
    canonical = json.dumps(
        [entry.previous, *said, entry.subject, dict(entry.change)],
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def list_entries(
    session: Session,
    *,
    limit: int,
    before_id: int | None = None,
    actor: str = "",
    action: str = "",
    actions: Collection[str] = (),
    round_id: int | None = None,
) -> list[Entry]:
    """The newest first; `before_id` goes on where a page ended."""
    wanted = [
        AuditEntry.id < before_id if before_id is not None else None,
        AuditEntry.actor == actor if actor else None,
        AuditEntry.action == action if action else None,
        AuditEntry.action.in_(actions) if actions else None,
        AuditEntry.round_id == round_id if round_id is not None else None,
    ]
    query = select(*_COLUMNS).where(*(w for w in wanted if w is not None)).order_by(AuditEntry.id.desc())
    return [Entry(**row._mapping) for row in session.execute(query.limit(limit))]


def list_actors(session: Session) -> list[str]:
    return list(session.scalars(select(AuditEntry.actor).distinct().order_by(AuditEntry.actor)))


def list_actions(session: Session) -> list[str]:
    return list(session.scalars(select(AuditEntry.action).distinct().order_by(AuditEntry.action)))


def get_head(session: Session) -> Head:
    """The end of the chain. Kept elsewhere, it shows later that nothing before it was written anew."""
    chain = session.get(AuditChain, _ONLY)
    return Head(id=chain.head_id, hash=chain.head_hash) if chain else Head(id=0, hash=BEGINNING)


def check_chain(session: Session, *, known: Head | None = None) -> ChainState:
    """Look at every entry. With `known`, a head that was kept elsewhere, also that it is still in the log."""
    chain = session.get(AuditChain, _ONLY)
    begins = Head(id=chain.kept_after_id, hash=chain.kept_after_hash) if chain else Head(id=0, hash=BEGINNING)
    head = Head(id=chain.head_id, hash=chain.head_hash) if chain else begins
    last, count, met = begins, 0, known is None or known == begins
    query = select(*_COLUMNS).order_by(AuditEntry.id).execution_options(yield_per=_AT_ONCE)
    with closing(session.execute(query)) as rows:
        for row in rows:
            entry = Entry(**row._mapping)
            fault = _fault(entry, last)
            if fault:
                return ChainState(count=count, head=head, broken_at=entry.id, fault=fault)
            last, count = Head(id=entry.id, hash=entry.hash), count + 1
            met = met or last == known
    if last != head:
        return ChainState(count=count, head=head, broken_at=last.id + 1, fault=Fault.CUT_OFF)
    if not met and known is not None and known.id > begins.id:
        return ChainState(count=count, head=head, broken_at=known.id, fault=Fault.WRITTEN_ANEW)
    return ChainState(count=count, head=head)


def _fault(entry: Entry, last: Head) -> Fault | None:
    if entry.previous != last.hash:
        return Fault.BROKEN_LINK
    return Fault.CHANGED if entry.hash != hash_of(entry) else None


def count_entries_before(session: Session, at: datetime) -> int:
    """How many `delete_entries_before` would forget."""
    return session.scalar(select(func.count()).select_from(AuditEntry).where(_is_before(session, at))) or 0


def delete_entries_before(session: Session, at: datetime) -> int:
    """Forget the oldest entries, up to the first from `at` on. The chain notes where it begins from now on.

    Returns how many.
    """
    chain = _locked_chain(session)
    is_gone = _is_before(session, at)
    last_gone = session.execute(
        select(AuditEntry.id, AuditEntry.hash).where(is_gone).order_by(AuditEntry.id.desc()).limit(1)
    ).one_or_none()
    if last_gone is None:
        return 0
    result = session.execute(delete(AuditEntry).where(is_gone))
    chain.kept_after_id, chain.kept_after_hash = last_gone.id, last_gone.hash
    session.flush()
    return int(result.rowcount)  # type: ignore[attr-defined]


def _is_before(session: Session, at: datetime) -> ColumnElement[bool]:
    """Before the first entry from `at` on: a clock that was set back leaves no hole in the chain."""
    first_kept = session.scalar(select(func.min(AuditEntry.id)).where(AuditEntry.at >= at))
    return AuditEntry.id < first_kept if first_kept is not None else AuditEntry.at < at


def _locked_chain(session: Session) -> AuditChain:
    """The chain's row, to change. On SQLite the writing transaction itself is the lock."""
    if session.connection().dialect.name == "postgresql":
        session.connection().execute(_LOCK)
    chain = session.get(AuditChain, _ONLY, populate_existing=True)
    if chain is None:
        chain = AuditChain(
            id=_ONLY, head_id=0, head_hash=BEGINNING, kept_after_id=0, kept_after_hash=BEGINNING
        )
        session.add(chain)
    return chain


def _fields(entry: Entry) -> dict[str, Any]:
    return {field.name: getattr(entry, field.name) for field in fields(entry)}


def get_latest_release(session: Session, round_id: int) -> ReleaseRow | None:
    row = session.execute(
        select(Release.rule, Release.released_at, Release.counted, Release.picture)
        .where(Release.round_id == round_id)
        .order_by(Release.id.desc())
        .limit(1)
    ).one_or_none()
    return ReleaseRow(**row._mapping) if row else None


def list_releases(session: Session, round_id: int) -> list[ReleaseLine]:
    """The ledger of a round, the latest first, without the pictures."""
    rows = session.execute(
        select(Release.rule, Release.released_at, Release.counted, Release.published_at)
        .where(Release.round_id == round_id)
        .order_by(Release.id.desc())
    )
    return [ReleaseLine(**row._mapping) for row in rows]


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
