"""A reply read as several choices of a list: lists, ranges, exceptions, clauses. Decides over flows.evidence."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from flows.choices import ChoiceIndex, Choices, Hit
from flows.evidence import LIST_MARKS, NEGATIONS, Evidence, Pick, unclear
from flows.reading import Reading

_BREAKS = frozenset({"and", "or", "but", *NEGATIONS})


def read_several(found: Evidence, max_choices: int | None) -> Reading:
    """All choices meant, in the order of the list; empty with how "none" where there is no choice for none."""
    if found.said.words == ["0"] and 0 not in found.index.by_key:
        return found.none_value()
    if found.opens_with_other() and found.said.keys[found.hits[0].stop : found.hits[0].stop + 1] == [":"]:
        return found.value(found.hits[0].choices, "label", 1.0, found.said.after(found.hits[0].stop))
    picks = _ranges_filled(found)
    if picks is None or any(pick.choice is None and found.is_listed(pick) for pick in picks):
        return unclear("out_of_range", found.index.names_of(found.picked))
    clauses = _Clauses(found.index)
    clauses.gather(found, picks)
    if clauses.clashing:
        return unclear("contradiction", found.index.names_of(clauses.clashing))
    wanted, unwanted, ambiguous = _settled(found, clauses.groups)
    if ambiguous:
        return unclear("ambiguous", found.index.names_of(wanted.union(*ambiguous)))
    if not wanted:
        return _several_without_naming(found, unwanted, max_choices)
    return _several(found, wanted - unwanted, max_choices)


class _Group(NamedTuple):
    """Words said together, and the choices that all of them may mean."""

    hits: tuple[Hit, ...]
    choices: Choices
    wanted: bool


class _Clauses:
    """Numbers and words gathered into groups while a reply is read from left to right."""

    def __init__(self, index: ChoiceIndex) -> None:
        self.groups: list[_Group] = []
        self.clashing: Choices = frozenset()
        """Choices named by a number and by a word that disagree."""
        self._other = index.other
        self._wanted = True
        self._excepting = False
        self._number: int | None = None
        self._open = False

    def gather(self, found: Evidence, picks: Sequence[Pick]) -> None:
        numbers: dict[int, list[Pick]] = {}
        for pick in picks:
            numbers.setdefault(pick.at, []).append(pick)
        hits = {hit.start: hit for hit in found.hits}
        for at, token in enumerate(found.tokens):
            if at in numbers:
                self._add_numbers(numbers[at])
            elif at in hits:
                self._add_hit(hits[at])
            elif at not in found.used and at not in found.ignored:
                self._pass_by(token.key, found.roles[at])

    def _add_numbers(self, picks: Sequence[Pick]) -> None:
        for pick in picks:
            if pick.choice is not None:
                self.groups.append(_Group((), frozenset({pick.choice}), self._wanted))
                self._number = pick.choice
        self._open = False

    def _add_hit(self, hit: Hit) -> None:
        """A word after its number repeats it; a word that fits the words before it narrows them."""
        if self._number is not None:
            if self._number not in hit.choices and self._number != self._other:
                self.clashing = hit.choices | {self._number}
            return
        common = self.groups[-1].choices & hit.choices if self._open else frozenset[int]()
        if common:
            self.groups[-1] = _Group((*self.groups[-1].hits, hit), common, self._wanted)
        else:
            self.groups.append(_Group((hit,), hit.choices, self._wanted))
        self._open = True

    def _pass_by(self, key: str, role: str) -> None:
        """A mark or word between what is named: ends a group, begins or ends a negation."""
        if role in NEGATIONS:
            self._wanted = False
            self._excepting = self._excepting or role == "except"
        elif (role == "but" or key in LIST_MARKS) and not self._excepting:
            self._wanted = True
        if role in _BREAKS or key in LIST_MARKS:
            self._open = False
            self._number = None


def _ranges_filled(found: Evidence) -> list[Pick] | None:
    """The picks with "1-3" filled in; None where a range runs backwards. "1-3-5" is a list."""
    picks = found.picks
    spans = [_spans(found, left, right) for left, right in pairwise(picks)]
    filled: list[Pick] = []
    for n, pick in enumerate(picks):
        filled.append(pick)
        chained = any(spans[max(0, n - 1) : n]) or any(spans[n + 1 : n + 2])
        if n < len(spans) and spans[n] and not chained:
            first, last = pick.choice, picks[n + 1].choice
            if first is None or last is None or first >= last:
                return None
            filled.extend(pick._replace(choice=choice) for choice in range(first + 1, last))
    return filled


def _spans(found: Evidence, left: Pick, right: Pick) -> bool:
    between = left.at + 1
    return right.at == left.at + 2 and (found.tokens[between].key == "-" or found.roles[between] == "to")


def _settled(found: Evidence, groups: Sequence[_Group]) -> tuple[Choices, Choices, list[Choices]]:
    """The choices wanted, those excluded, and the groups that stay ambiguous."""
    wanted: set[int] = set()
    unwanted: set[int] = set()
    ambiguous: list[Choices] = []
    for group in groups:
        choices = _narrowed(found, group, groups)
        if not group.wanted:
            unwanted |= choices
        elif len(choices) == 1:
            wanted |= choices
        else:
            ambiguous.append(choices)
    return frozenset(wanted), frozenset(unwanted), ambiguous


def _narrowed(found: Evidence, group: _Group, groups: Sequence[_Group]) -> Choices:
    """What is ambiguous by itself is read with its neighbours: "vardagar dag och kväll", "helgkväll och natt"."""
    if len(group.choices) == 1 or not group.wanted:
        return group.choices
    exact = found.exact(group.hits, group.choices)
    if len(exact) == 1:
        return exact
    for other in groups:
        for choices in _word_by_word(found, other) if other is not group else ():
            if len(group.choices & choices) == 1:
                return group.choices & choices
    return group.choices


def _word_by_word(found: Evidence, group: _Group) -> Iterator[Choices]:
    for hit in group.hits:
        for key in found.said.keys[hit.start : hit.stop]:
            meaning = found.index.meaning(key)
            if meaning is not None:
                yield meaning.choices
            if meaning is not None and meaning.how == "compound":
                yield found.index.first_part(key)


def _several(found: Evidence, chosen: Choices, max_choices: int | None, how: str = "") -> Reading:
    names = found.index.names_of(chosen)
    if not chosen:
        return unclear("contradiction")
    if len(chosen) > 1 and chosen & found.index.exclusive:
        return unclear("exclusive", names)
    if max_choices is not None and len(chosen) > max_choices:
        return unclear("too_many", names)
    if how:
        return found.value(chosen, how)
    return found.number_value(chosen, found.picks) if found.picks else found.label_value(chosen, found.hits)


def _several_without_naming(found: Evidence, unwanted: Choices, max_choices: int | None) -> Reading:
    """ "Alla", "alla utom 2", "inga av dessa"; otherwise nothing that we understood."""
    index = found.index
    positions = found.said.word_positions
    phrases = [
        p for p in found.words.choosing.find(found.said.words) if positions[p.start] not in found.ignored
    ]
    meanings = {phrase.meaning for phrase in phrases}
    everything = frozenset(range(len(index.names))) - index.exclusive - {index.none}
    if "all" in meanings or ("both" in meanings and len(everything) == 2):
        return _several(found, everything - unwanted, max_choices, "all")
    if not unwanted and meanings & {"none", "none_of_these"}:
        known = {positions[n] for phrase in phrases for n in range(phrase.start, phrase.stop)}
        if not found.unknown(known):
            return found.none_value()
        spoken_out = [
            phrase.stop for phrase in phrases if phrase.stop - phrase.start > 1
        ]  # "inga problem i byn"
        if not spoken_out:
            return unclear("negated")
        return replace(found.none_value(), remark=found.said.after(positions[spoken_out[0] - 1] + 1))
    if "other" in meanings and index.other is not None:
        return found.value(frozenset({index.other}), "label", 0.9)
    return unclear("negated" if unwanted else "", index.names_of(unwanted))
