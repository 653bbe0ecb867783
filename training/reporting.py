"""Prints what each threshold of the layer finds and what it costs, by messages that it had not learned from."""

from collections.abc import Callable, Sequence

from flows.distress import KINDS
from training.measuring import Scored, by_chance, scored, share
from training.rows import Row

_THRESHOLDS = (9.0, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2)
"""The first is never reached: the rules alone."""
_SPENT = ("messages_",)
"""Files whose messages the rules have been mended for: they say nothing about the rules."""
_EVERYDAY = ("codings_", "replies_")

Picked = Callable[[Scored], bool]


def report(rows: Sequence[Row]) -> None:
    """New sentences of known writers, then sentences of writers left out whole."""
    for name, parts in (("new sentences", by_chance(rows)),):
        print(f"\n{name}")
        _table(scored(rows, parts))


def _table(rows: Sequence[Scored]) -> None:
    columns: dict[str, Picked] = {kind.value: _of(kind.value, "sv") for kind in KINDS}
    columns |= {code: _in(code) for code in ("sv", "en", "fi", "ar", "so", "no")}
    columns |= {"answers": _everyday, "lures": lambda row: row.row.told is None and not _everyday(row)}
    print("threshold " + " ".join(f"{name:>14}" for name in columns))
    for threshold in _THRESHOLDS:
        found = (share([row for row in rows if picked(row)], threshold) for picked in columns.values())
        print(
            f"{threshold:9} "
            + " ".join(
                f"{n:5}/{of:<5}{n / of:4.0%}" if n * 20 > of else f"{n:5}/{of:<4}{n / of:5.1%}"
                for n, of in found
            )
        )


def _of(kind: str, language: str) -> Picked:
    return lambda row: _in(language)(row) and row.row.told is not None and row.row.told.value == kind


def _in(language: str) -> Picked:
    return lambda row: (
        row.row.told in KINDS and row.row.language == language and not row.row.writer.startswith(_SPENT)
    )


def _everyday(row: Scored) -> bool:
    return row.row.told is None and row.row.writer.startswith(_EVERYDAY)
