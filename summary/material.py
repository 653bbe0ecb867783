"""The protected counts with the words for them: what tables and sentences are written from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from summary.codebook import MISSING_ANSWERS, NO_ANSWER, Codebook
from summary.released import MISSING, UNSORTED, WHOLE, Crossed, Group, Key, ProtectedCounts, ancestors, broken
from summary.rows import Stream, Table
from summary.wording import Words

PERCENT_BASE = 20
"""Fewer answers than this give no percent."""

CERTAIN_BASE = 50
"""Percent of fewer answers than this are marked as uncertain."""

NO_PROBLEM = "no_problem"
_NO_TOPIC = frozenset({NO_PROBLEM, "off_topic", "empty", UNSORTED, MISSING})

_SAYS_NOTHING = frozenset({NO_ANSWER, MISSING, UNSORTED, *MISSING_ANSWERS})


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A count with the place that it has among the others: `key` is equal for what means the same in two streams."""

    key: tuple[str, str]
    label: str
    level: int
    count: int
    codes: tuple[str, ...]


def percent(count: int, base: int | None) -> int | None:
    """Whole percent, half up; None on too small or unknown a base."""
    return (200 * count + base) // (2 * base) if base is not None and base >= PERCENT_BASE else None


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
        return self.words.number(count) if self.counts.rule.exact else self.words("about", count=count)

    def lines(self, list_name: str, groups: Sequence[Group], *, ranked: bool = True) -> list[Line]:
        """The groups under the parts that they belong to, each part with its total; what tells least comes last.

        `ranked`: largest first, else in the order of the list.
        """
        parents = self.codebook.parents(list_name)
        apart = broken(groups, parents)
        parts: dict[str, list[Group]] = {}
        for group in groups:
            top = next(iter(reversed(ancestors(group.within, parents))), group.within)
            parts.setdefault(WHOLE if top in apart else top, []).append(group)
        blocks = [self._block(list_name, part, members, groups) for part, members in parts.items() if part]
        blocks += [[self.line(list_name, group, groups)] for group in parts.get(WHOLE, ())]
        heads = {block[0]: block[1:] for block in blocks}
        return [
            line
            for head in self.in_order(list_name, heads, ranked=ranked)
            for line in (head, *self.in_order(list_name, heads[head], ranked=ranked))
        ]

    def in_order(self, list_name: str, lines: Iterable[Line], *, ranked: bool) -> list[Line]:
        """The lines largest first, or in the order of their list; what tells least comes last."""
        order = {code: index for index, code in enumerate(self.codebook.leaves(list_name))}

        def place(line: Line) -> tuple[bool, bool, int]:
            of_list = min(order.get(code, len(order)) for code in line.codes)
            is_other = line.key[0] == "others" or line.key == ("code", "other")
            return is_last(line), is_other, -line.count if ranked else of_list

        return sorted(lines, key=place)

    def _block(
        self, list_name: str, part: str, members: Sequence[Group], groups: Sequence[Group]
    ) -> list[Line]:
        total = sum(group.count for group in members)
        codes = tuple(code for group in members for code in group.codes)
        head = Line(key=("code", part), label=self.label(list_name, part), level=0, count=total, codes=codes)
        below = [self.line(list_name, group, groups, level=1) for group in members]
        if len(below) == 1 and part == NO_ANSWER:
            return [replace(below[0], level=0)]
        if len(below) == 1 and (below[0].key == head.key or self._only_child(list_name, part)):
            return [head]
        return [head, *below]

    def _only_child(self, list_name: str, part: str) -> bool:
        return sum(parent == part for parent in self.codebook.parents(list_name).values()) == 1

    def line(self, list_name: str, group: Group, groups: Sequence[Group], level: int = 0) -> Line:
        """The group by itself, among the groups that it stands with."""
        parents = self.codebook.parents(list_name)
        key, label = ("code", group.codes[0]), self.label(list_name, group.codes[0])
        if len(group.codes) == 1 and group.codes[0] == group.within != WHOLE:
            key, label = ("self", group.within), self.words("unspecified", part=label)
        elif len(group.codes) > 1 and not group.within:
            key, label = ("rest", ""), self._rest_label(list_name, group)
        elif len(group.codes) > 1:
            others = [other for other in groups if other is not group]
            alone = group.within not in broken(groups, parents) and not any(
                _is_under(group.within, other, parents) for other in others
            )
            part = self.label(list_name, group.within)
            key = ("code" if alone else "others", group.within)
            label = part if alone else self.words("others_within", part=in_sentence(list_name, part))
        return Line(key=key, label=label, level=level, count=group.count, codes=group.codes)

    def _rest_label(self, list_name: str, group: Group) -> str:
        if list_name == "category":
            return self.words("others_category_too" if _NO_TOPIC & set(group.codes) else "others_category")
        if list_name == "area":
            return self.words("others_area_too" if MISSING in group.codes else "others_area")
        return self.words("others_too" if MISSING in group.codes else "others")


def is_problem(line: Line) -> bool:
    """Whether the line names a problem, and not the lack of one or of an answer."""
    return not is_last(line) and line.key[1] != NO_PROBLEM


def says_something(line: Line) -> bool:
    """Whether the line stands for an answer, and not for the lack of one."""
    return line.key[1] not in _SAYS_NOTHING


def is_last(line: Line) -> bool:
    """Whether the line stands below all others: the rest, and those who gave no answer."""
    return line.key[0] == "rest" or not says_something(line)


def given(answered: int, lines: Sequence[Line]) -> int | None:
    """Of so many counted persons, those who gave one of the answers; None when that is not known.

    Where counts are rounded, those of the answers may come to more than what is left of the whole: then they are the
    base, or shares would come to more than all.
    """
    whole = [line for line in lines if line.level == 0]
    silent = [line for line in whole if not says_something(line)]
    if any(MISSING in line.codes for line in whole if line not in silent):
        return None
    told = sum(line.count for line in whole if line not in silent)
    return max(told, answered - sum(line.count for line in silent))


def code_of(key: tuple[str, str]) -> str:
    """The code of a row or a column that stands for such lines."""
    kind, code = key
    return (code or "unknown") if kind == "code" else ":".join(filter(None, (kind, code)))


def in_sentence(list_name: str, label: str) -> str:
    """The label inside a sentence: names of places keep their capital."""
    return label if list_name in ("area", "place") else label[:1].lower() + label[1:]


def _is_under(part: str, group: Group, parents: Mapping[str, str]) -> bool:
    return part in (group.within, *ancestors(group.within, parents))
