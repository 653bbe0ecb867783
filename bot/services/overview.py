"""The rounds there are, with their live counts: what a coordinator sees first."""

from dataclasses import dataclass
from datetime import date

from storage import conversations, rounds
from storage.database import Sessions


@dataclass(frozen=True, kw_only=True, slots=True)
class RoundLine:
    """A round in the list. Counts are of conversations, as they stand now."""

    code: str
    name: str
    municipality: str
    status: str
    """draft, open, paused, closed"""
    is_demonstration: bool
    opens_on: date
    closes_on: date
    started: int
    finished: int


def list_rounds(sessions: Sessions) -> list[RoundLine]:
    """Open rounds first, then paused ones, drafts, then closed ones, the latest first."""
    with sessions.reading() as session:
        counts = conversations.count_by_round(session)
        rows = rounds.list_rounds(session)
    lines = [
        RoundLine(
            code=row.code,
            name=row.name,
            municipality=row.municipality,
            status=row.status,
            is_demonstration=row.is_demonstration,
            opens_on=row.opens_on,
            closes_on=row.closes_on,
            started=counts[row.id].started if row.id in counts else 0,
            finished=counts[row.id].finished if row.id in counts else 0,
        )
        for row in reversed(rows)
    ]
    return sorted(lines, key=lambda line: ("open", "paused", "draft", "closed").index(line.status))


def find_municipality(sessions: Sessions) -> str:
    """Whose installation this is, as its latest round says; empty without one."""
    with sessions.reading() as session:
        rows = rounds.list_rounds(session)
    return rows[-1].municipality if rows else ""
