"""The protected counts with the words for them: what tables and sentences are written from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from summary.codebook import NO_ANSWER, Codebook
from summary.released import MISSING, UNSORTED, WHOLE, Crossed, Group, Key, ProtectedCounts
from summary.rows import Stream, Table
from summary.wording import Words

PERCENT_BASE = 20
"""Fewer answers than this give no percent."""

CERTAIN_BASE = 50
"""Percent of fewer answers than this are marked as uncertain."""

NO_PROBLEM = "no_problem"

NO_ANSWER_CODES = frozenset({NO_ANSWER, MISSING})


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A count with the place that it has among the others: `key` is equal for what means the same in two streams."""

    key: tuple[str, str]
    label: str
    level: int
    count: int
    codes: tuple[str, ...]


def percent(count: int, base: int) -> int | None:
    """Whole percent, half up; None on too small a base."""
    return (200 * count + base) // (2 * base) if base >= PERCENT_BASE else None


class Material:
    def __init__(self, counts: ProtectedCounts, codebook: Codebook, words: Words) -> None:
        self.counts = counts
        self.codebook = codebook
        self.words = words

    def groups(self, table: Table, stream: Stream, question: str = "") -> tuple[Group, ...]:
        return self.counts.partitions.get(Key(table, stream, question), ())

    def several(self, table: Table, stream: Stream, question: str = "") -> Mapping[str, int]:
        return self.counts.alternatives.get(Key(table, stream, question), {})

    def crossed(self, table: Table, stream: Stream) -> Crossed | None:
        return self.counts.crossed.get(Key(table, stream))

    def answered(self, stream: Stream) -> int:
        """Counted persons, or 0 where they are too few to show."""
        return self.counts.answered.get(stream, 0)

    def questions(self, table: Table, stream: Stream) -> list[str]:
        """Roles of the closed questions that have anything to show."""
        keys = (*self.counts.partitions, *self.counts.alternatives)
        return sorted({key.question for key in keys if key.table is table and key.stream is stream})

    def label(self, list_name: str, code: str) -> str:
        return self.codebook.label(list_name, code, self.words.language)

    def number(self, count: int) -> str:
        """The count in a sentence; rounded ones say so."""
        return str(count) if self.counts.rule.exact else self.words("about", count=count)

    def group_label(self, list_name: str, group: Group, groups: Sequence[Group]) -> str:
        return self._line(list_name, group, groups).label

    def lines(self, list_name: str, groups: Sequence[Group]) -> list[Line]:
        """The groups under the parts that they belong to, each part with its total; largest first, rest last."""
        parents = self.codebook.parents(list_name)
        parts: dict[str, list[Group]] = {}
        for group in groups:
            parts.setdefault(_top(group.within, parents), []).append(group)
        blocks = [self._block(list_name, part, members, groups) for part, members in parts.items() if part]
        blocks += [[self._line(list_name, group, groups)] for group in parts.get(WHOLE, ())]
        blocks.sort(key=lambda block: (is_last(block[0]), -block[0].count))
        return [line for block in blocks for line in block]

    def _block(
        self, list_name: str, part: str, members: Sequence[Group], groups: Sequence[Group]
    ) -> list[Line]:
        total = sum(group.count for group in members)
        codes = tuple(code for group in members for code in group.codes)
        head = Line(key=("code", part), label=self.label(list_name, part), level=0, count=total, codes=codes)
        below = [self._line(list_name, group, groups, level=1) for group in members]
        if len(below) == 1 and (below[0].key == head.key or self._only_child(list_name, part)):
            return [head]
        return [head, *sorted(below, key=lambda line: (line.key[0] != "code", -line.count))]

    def _only_child(self, list_name: str, part: str) -> bool:
        return sum(parent == part for parent in self.codebook.parents(list_name).values()) == 1

    def _line(self, list_name: str, group: Group, groups: Sequence[Group], level: int = 0) -> Line:
        parents = self.codebook.parents(list_name)
        key, label = ("code", group.codes[0]), self.label(list_name, group.codes[0])
        if len(group.codes) == 1 and group.codes[0] == group.within:
            key, label = ("self", group.within), self.words("unspecified", part=label)
        elif len(group.codes) > 1 and not group.within:
            key, label = ("rest", ""), self._rest_label(list_name)
        elif len(group.codes) > 1:
            alone = not any(_is_under(group.within, other, parents) for other in groups if other is not group)
            part = self.label(list_name, group.within)
            key = ("code" if alone else "others", group.within)
            label = part if alone else self.words("others_within", part=part)
        return Line(key=key, label=label, level=level, count=group.count, codes=group.codes)

    def _rest_label(self, list_name: str) -> str:
        return self.words(f"others_{list_name}" if list_name in ("category", "area") else "others")


def is_problem(line: Line) -> bool:
    """Whether the line names a problem, and not the lack of one or of an answer."""
    return not is_last(line) and line.key[1] != NO_PROBLEM


def says_something(line: Line) -> bool:
    """Whether the line stands for an answer, and not for the lack of one."""
    return line.key[1] not in (NO_ANSWER, MISSING, UNSORTED)


def is_last(line: Line) -> bool:
    """Whether the line stands below all others: the rest, and those who gave no answer."""
    return line.key[0] == "rest" or not says_something(line)


def _top(part: str, parents: Mapping[str, str]) -> str:
    while parents.get(part):
        part = parents[part]
    return part


def _is_under(part: str, group: Group, parents: Mapping[str, str]) -> bool:
    at = group.within
    while at and at != part:
        at = parents.get(at, WHOLE)
    return at == part
