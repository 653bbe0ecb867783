"""Prints what each threshold of the layer finds and what it costs, by messages that it had not learned from."""

from collections.abc import Callable, Collection, Sequence

from flows.catalogue import words
from flows.distress import KINDS
from training.measuring import Scored, scored, scored_apart, share
from training.rows import Row

_NEVER = 9.0
_THRESHOLDS = (0.8, 0.6, 0.5, 0.45, 0.4, 0.3)
_SPENT = ("messages_",)
"""Files whose messages the rules have been mended for: they say nothing about the rules."""
_EVERYDAY = ("codings_", "replies_")

Picked = Callable[[Scored], bool]


def report(rows: Sequence[Row], writers: Collection[str]) -> None:
    """Of all rows by what was learned from other sentences; with `writers`, of theirs by what others wrote."""
    found = list(scored_apart(rows, writers) if writers else scored(rows))
    columns: dict[str, Picked] = {kind.value: _of(kind.value, "sv") for kind in KINDS}
    columns |= {code: _in(code) for code in ("sv", "en", "fi", "ar", "so", "no")}
    columns |= {"answers": _everyday, "lures": lambda row: row.row.told is None and not _everyday(row)}
    print("threshold ordinary " + " ".join(f"{name:>14}" for name in columns))
    _line(found, columns, threshold=_NEVER, ordinary=-_NEVER)  # the rules alone
    for threshold in _THRESHOLDS:
        _line(found, columns, threshold=threshold, ordinary=words("distress")["ordinary"])


def _line(rows: Sequence[Scored], columns: dict[str, Picked], *, threshold: float, ordinary: float) -> None:
    shares = [
        share([row for row in rows if picked(row)], threshold=threshold, ordinary=ordinary)
        for picked in columns.values()
    ]
    print(
        f"{threshold:9} {ordinary:8} " + " ".join(f"{n:4}/{of:<4}{n / max(of, 1):5.1%}" for n, of in shares)
    )


def _of(kind: str, language: str) -> Picked:
    return lambda row: _in(language)(row) and row.row.told is not None and row.row.told.value == kind


def _in(language: str) -> Picked:
    return lambda row: (
        row.row.told in KINDS and row.row.language == language and not row.row.writer.startswith(_SPENT)
    )


def _everyday(row: Scored) -> bool:
    return row.row.told is None and row.row.writer.startswith(_EVERYDAY)
