"""Records of deletion in words, for a person and for the archive."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from bot.papers.wording import sentence
from privacy.disclosure import EXACT
from storage.deletions import DeletionRow


@dataclass(frozen=True, kw_only=True, slots=True)
class DeletedKind:
    """All that a rule has deleted of one kind. `count` is None where it is too small to be told outside."""

    rule: str
    table_name: str
    kind: str
    first_on: date
    last_on: date
    count: int | None


def summed_up(rows: Iterable[DeletionRow]) -> tuple[DeletedKind, ...]:
    """By rule and kind, for what leaves the house: counts below the threshold of the final report are not told."""
    grouped: dict[tuple[str, str, str], list[DeletionRow]] = defaultdict(list)
    for row in rows:
        grouped[row.rule, row.table_name, row.kind].append(row)
    kinds = []
    for (rule, table_name, kind), same in grouped.items():
        days, count = [row.deleted_on for row in same], sum(row.count for row in same)
        is_fact = table_name == "rounds"  # the round's own key: one, of nobody
        kinds.append(
            DeletedKind(
                rule=rule,
                table_name=table_name,
                kind=kind,
                first_on=min(days),
                last_on=max(days),
                count=count if is_fact or count >= EXACT.threshold else None,
            )
        )
    return tuple(kinds)


def deletion_lines(rows: Iterable[DeletionRow], language: str) -> Iterator[str]:
    """A line for each record, the oldest first."""
    lines = [
        f"{row.deleted_on.isoformat()}  {row.count:>7}  {kind_words(row, language)}  "
        f"({sentence('deletions', f'rule_{row.rule}', language)})"
        for row in rows
    ]
    yield from lines or [sentence("deletions", "none", language)]


def kind_words(row: DeletionRow | DeletedKind, language: str) -> str:
    """What was deleted, as ``contact keys of conversations``."""
    return sentence("deletions", f"{row.table_name}_{row.kind}", language)
