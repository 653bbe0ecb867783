"""The ledger of a round's released reports, with who took which files of each out. Reads alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.services.rounds import get_existing
from storage import audit
from storage.audit import Entry, ReleaseLine
from storage.database import Sessions
from storage.rounds import RoundRow

_TAKEN = ("report_exported", "released_report_taken", "report_published", "report_withdrawn")
_MOST = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class Entered:
    """A report as it stands in the ledger. `taken`: files of it and what was done with it, the latest first."""

    rule: str
    released_at: datetime
    counted: int
    is_published: bool
    taken: tuple[Entry, ...]


def list_releases(sessions: Sessions, round_code: str) -> tuple[RoundRow, tuple[Entered, ...]]:
    """The latest first. Raises RoundRefused for an unknown round."""
    with sessions.reading() as session:
        row = get_existing(session, round_code)
        lines = audit.list_releases(session, row.id)
        entries = audit.list_entries(session, limit=_MOST, actions=_TAKEN, round_id=row.id)
    return row, tuple(_entered(line, lines[at - 1] if at else None, entries) for at, line in enumerate(lines))


def _entered(line: ReleaseLine, following: ReleaseLine | None, entries: Iterable[Entry]) -> Entered:
    """Whoever takes out a report gets the latest: what was taken before the next one was of this."""
    return Entered(
        rule=line.rule,
        released_at=line.released_at,
        counted=line.counted,
        is_published=line.published_at is not None,
        taken=tuple(
            entry
            for entry in entries
            if line.released_at <= entry.at and (following is None or entry.at < following.released_at)
        ),
    )
