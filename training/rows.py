"""The labelled messages to learn from: those of training/messages and training/commands, and the spent ones of
tests/labelled.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from flows.reading import CommandName, Safeguard
from text.normalising import clean

HERE = Path(__file__).parent
LABELLED = HERE.parent / "tests" / "labelled"
_TOLD = frozenset([*map(str, Safeguard), *map(str, CommandName)])
_NOT_LEARNED = frozenset({"ask", CommandName.START, CommandName.TEST})
"""What the rules alone decide, by the state of the survey or the whole word."""
_NOT_ORDINARY = frozenset({"domestic_violence"})
"""A category of answers many of which tell of distress: neither that nor ordinary without a closer look."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """`told` is a safeguard or a command, None for an ordinary answer. `writer` is the file: nobody's sentences stand
    in two.
    """

    text: str
    language: str
    told: str | None
    writer: str


def all_rows() -> list[Row]:
    """Every row but those of left_out.tsv, always in the same order."""
    rows = [*_messages(), *_answers(), *_replies()]
    unique = {row.text: row for row in rows}
    return list(unique.values())


def _messages() -> Iterator[Row]:
    found = (
        LABELLED.glob("messages_*.tsv"),
        LABELLED.glob("commands_*.tsv"),
        (HERE / "commands").glob("*.tsv"),
    )
    for path in chain.from_iterable(map(sorted, found)):
        for row in read(path):
            if row["intended"] not in _NOT_LEARNED:
                yield _row(row, row["intended"], path)
    for path in sorted((HERE / "messages").glob("*.tsv")):
        for row in read(path):
            yield _row(row, row["label"], path)


def _answers() -> Iterator[Row]:
    for path in sorted(LABELLED.glob("codings_*.tsv")):
        for row in read(path):
            if row["primary_category"] not in _NOT_ORDINARY:
                yield _row(row, "answer", path)


def _replies() -> Iterator[Row]:
    for path in sorted(LABELLED.glob("replies_*.tsv")):
        for row in read(path):
            if row["intended"] not in ("emergency", "under_15") and not row["intended"].startswith("cmd:"):
                yield _row({**row, "text": row["reply"]}, "answer", path)


def _row(row: dict[str, str], label: str, path: Path) -> Row:
    name = label.partition(":")[0]  # of "language:en"
    return Row(
        text=clean(row["text"]),
        language=row["language"],
        told=name if name in _TOLD else None,
        writer=path.stem,
    )


def read(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a file but those that left_out.tsv names."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            if (path.stem, row["id"]) not in _LEFT_OUT:
                yield row


def _left_out() -> frozenset[tuple[str, str]]:
    with (HERE / "left_out.tsv").open(encoding="utf-8", newline="") as file:
        return frozenset((row["file"], row["id"]) for row in csv.DictReader(file, delimiter="\t"))


_LEFT_OUT = _left_out()
