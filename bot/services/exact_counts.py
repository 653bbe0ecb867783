"""The exact counts of a round, indexed by table and stream for the disclosure control. Not safe to show."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from summary.codebook import Codebook
from summary.released import MISSING, UNSORTED
from summary.rows import COUNTED, RoundCounts, Stream, Table

Counts = dict[str, int]
Cells = dict[tuple[str, str], int]


class ExactCounts:
    """The cells as counts by key, ordered as the codebook orders them."""

    def __init__(self, counts: RoundCounts, codebook: Codebook) -> None:
        self.codebook = codebook
        self.sensitive = counts.sensitive
        self._cells: dict[tuple[Table, Stream], Cells] = defaultdict(lambda: defaultdict(int))
        for cell in counts.cells:
            self._cells[cell.table, cell.stream][cell.row, cell.column] += cell.count

    def cells(self, table: Table, stream: Stream) -> Mapping[tuple[str, str], int]:
        return self._cells.get((table, stream), {})

    def rows(self, table: Table, stream: Stream) -> Counts:
        """Counts by row code, whatever the column."""
        return summed((row, count) for (row, _), count in self.cells(table, stream).items())

    def column(self, table: Table, stream: Stream, column: str) -> Counts:
        """Counts by row code of one column."""
        cells = self.cells(table, stream).items()
        return summed((row, count) for (row, at), count in cells if at == column)

    def row(self, table: Table, stream: Stream, row: str) -> Counts:
        """Counts by column code of one row."""
        cells = self.cells(table, stream).items()
        return summed((column, count) for (at, column), count in cells if at == row)

    def counted(self, stream: Stream) -> int:
        return sum(count for code, count in self.rows(Table.OUTCOME, stream).items() if code in COUNTED)

    def categories(self, table: Table, stream: Stream) -> Counts:
        """Counts by primary category; sensitive ones that no person has confirmed are not sorted yet."""
        return summed(
            (UNSORTED if category in self.sensitive and by != "person" else category, count)
            for (category, by), count in self.cells(table, stream).items()
        )

    def whole(self, counts: Counts, stream: Stream, list_name: str, missing: str = MISSING) -> Counts:
        """The counts in the order of the list, made up to all counted persons of the stream. Codes that nobody
        chose are there with zero: what is joined does not tell which of its codes were chosen.
        """
        without = self.counted(stream) - sum(counts.values())
        if without < 0:
            raise ValueError(f"{list_name} of {stream} counts {-without} persons more than have answered")
        if without:
            counts = summed([*counts.items(), (missing, without)])
        known = {*counts, *self.codebook.leaves(list_name)}
        return {code: counts.get(code, 0) for code in self.codebook.order(list_name, known)}


def summed(items: Iterable[tuple[str, int]]) -> Counts:
    counts: Counts = defaultdict(int)
    for code, count in items:
        counts[code] += count
    return dict(counts)
