"""What counting a round comes to: counts by table, stream, row and column, and how they are handed over."""

from collections import Counter
from collections.abc import Iterator

from summary.rows import Table


class Tally(Counter[tuple[Table, str, str, str]]):
    """Counts by table, stream, row and column."""

    def note(self, table: Table, stream: str | None, row: str | None, column: str | None, count: int) -> None:
        """Without a stream or a row it belongs nowhere."""
        if stream is not None and row is not None:
            self[table, stream, row, column or ""] += int(count)


Noted = Iterator[tuple[Table, str | None, str | None, str | None, int]]
"""Table, stream, row, column, count: what is to be added to the tally, or taken away where it is negative."""
