"""What counting a round comes to: counts by table, stream, row and column, and how they are handed over."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Select, func
from sqlalchemy.orm import Session

from summary.rows import Table

FETCHED_AT_ONCE = 500
"""Rows in memory at a time."""


class Tally(Counter[tuple[Table, str, str, str]]):
    """Counts by table, stream, row and column."""

    def note(self, table: Table, stream: str | None, row: str | None, column: str | None, count: int) -> None:
        """Without a stream or a row it belongs nowhere."""
        if stream is not None and row is not None:
            self[table, stream, row, column or ""] += int(count)


Noted = Iterator[tuple[Table, str | None, str | None, str | None, int]]
"""Table, stream, row, column, count: what is to be added to the tally, or taken away where it is negative."""


def count_alike(session: Session, query: Select[*tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """Each row that the query finds, once, with how many are like it. For rows in no order that an index has: SQLite
    would sort them all in memory to put them together, so they are counted here, as the driver hands them over.
    """
    if session.get_bind().dialect.name != "sqlite":
        columns = query.selected_columns
        yield from session.execute(query.add_columns(func.count()).group_by(*columns))
        return
    counts: Counter[Sequence[Any]] = Counter()
    cursor = session.connection().execute(query).cursor
    while some := cursor.fetchmany(FETCHED_AT_ONCE):
        counts.update(some)
    yield from ((*row, count) for row, count in counts.items())
