"""Records of deletion: what went on its date, how many, and which rule demanded it. Nothing about anybody."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from storage.tables import Deletion

ROW = "row"
"""Kind of what was deleted with all its columns."""

Gone = Mapping[tuple[str, str], int]
"""How many went, by table and kind."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DeletionRow:
    """`kind` is the part of the table's rows that went, or ROW."""

    deleted_on: date
    rule: str
    table_name: str
    kind: str
    count: int


def add_deletions(session: Session, round_id: int | None, rule: str, gone: Gone, on: date) -> None:
    """Record what this transaction deletes, added to what the same rule has deleted that day. Nothing for none."""
    for (table_name, kind), count in gone.items():
        values = {
            "round_id": round_id,
            "deleted_on": on,
            "rule": rule,
            "table_name": table_name,
            "kind": kind,
        }
        if count and not _add_to(session, values, count):
            session.execute(insert(Deletion).values(**values, count=count))


def list_deletions(session: Session, round_id: int) -> list[DeletionRow]:
    """A round's, the oldest first."""
    rows = session.execute(
        select(Deletion.deleted_on, Deletion.rule, Deletion.table_name, Deletion.kind, Deletion.count)
        .where(Deletion.round_id == round_id)
        .order_by(Deletion.deleted_on, Deletion.rule, Deletion.table_name, Deletion.kind, Deletion.id)
    )
    return [DeletionRow(**row._mapping) for row in rows]


def _add_to(session: Session, values: Mapping[str, object], count: int) -> bool:
    """Whether there was a row to add to."""
    same = [getattr(Deletion, column).is_not_distinct_from(value) for column, value in values.items()]
    changed = session.execute(update(Deletion).where(*same).values(count=Deletion.count + count))
    return bool(changed.rowcount)  # type: ignore[attr-defined]
