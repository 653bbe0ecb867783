"""A reply read as a selection: one choice, a step of a scale, or several choices. Pure decisions over flows.choices."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from flows.choices import ChoiceIndex, Choices, Hit
from flows.reading import Outcome, Reading
from flows.vocabulary import Token, Utterance, Vocabulary

_LIST_MARKS = frozenset(",;/+&.|*:()\n،؛")
_BREAKS = frozenset({"and", "or", "but"})


class Pick(NamedTuple):
    """A number or ordinal at token `at`; `choice` is None where no choice has that number."""

    at: int
    choice: int | None
    how: str
    named: bool


class Group(NamedTuple):
    """Words said together, and the choices that all of them may mean."""

    hits: tuple[Hit, ...]
    choices: Choices
    wanted: bool


def unclear(how: str = "", candidates: Iterable[str] = ()) -> Reading:
    return Reading(outcome=Outcome.UNCLEAR, how=how, score=0.0, candidates=tuple(candidates))


class Selection:
    """One reply against one question's choices. `ignored` are token positions that belong to something else."""

    def __init__(
        self, said: Utterance, index: ChoiceIndex, vocabulary: Vocabulary, ignored: frozenset[int]
    ) -> None:
        self._said = said
        self._tokens = said.tokens
        self._index = index
        self._words = vocabulary
        self._ignored = ignored | said.bracketed
        self._roles = [vocabulary.joining.get(token.key, "") for token in said.tokens]
        self._read_all_but()
        self._hits = index.hits(said.keys, self._ignored | self._number_positions())
        self._used = {at for hit in self._hits for at in range(hit.start, hit.stop)}
        self._picks = self._find_picks()

    # One choice

    def one(self, *, scale: bool = False) -> Reading:
        """The choice meant; UNCLEAR where two are, where number and word disagree, or where a label is negated."""
        picks = self._without_denominator() if scale else self._picks
        if picks:
            return self._one_by_number(picks)
        told = self._told_without_naming(scale)
        if told is not None:
            return told
        return self._one_by_label(self._hits, scale)

    def _one_by_number(self, picks: Sequence[Pick]) -> Reading:
        chosen = frozenset(pick.choice for pick in picks if pick.choice is not None)
        strays = [pick for pick in picks if pick.choice is None]
        if strays and (not chosen or self._is_listed(strays[0])):
            if self._hits and self._hits[0].start < picks[0].at:
                return self._one_by_label(self._hits, scale=False)
            return unclear("out_of_range", self._index.names_of(chosen))
        if len(chosen) > 1:
            return unclear("several", self._index.names_of(chosen))
        pick = next(pick for pick in picks if pick.choice is not None)
        positive = [hit for hit in self._hits if not self._is_denied(hit)]
        if self._is_negated(pick.at) or not self._stands_out(pick):
            return unclear("in_passing", self._index.names_of(chosen))
        if self._contradicts(chosen, positive):
            return unclear(
                "contradiction", self._index.names_of(chosen.union(*(h.choices for h in positive)))
            )
        return self._value(chosen, pick.how, 1.0, self._remark(pick.at + 1, {pick.at}))

    def _one_by_label(self, hits: Sequence[Hit], scale: bool) -> Reading:
        positive = [hit for hit in hits if not self._is_denied(hit)]
        negative = frozenset[int]().union(*(hit.choices for hit in hits if self._is_denied(hit)))
        if negative and (scale or not positive):
            return (
                self._opposite(positive, negative)
                if scale
                else unclear("negated", self._index.names_of(negative))
            )
        if not positive:
            return unclear()
        common = self._common(positive) - negative
        if (
            not common
            and scale
            and "neither" in self._words.concepts.get((self._tokens[positive[0].start].key,), ())
        ):
            common = positive[0].choices
        if not common:
            several = frozenset[int]().union(*(hit.choices for hit in positive)) - negative
            return unclear("several", self._index.names_of(several))
        if len(common) > 1:
            exact = self._exact(positive, common)
            if len(exact) != 1:
                return unclear("ambiguous", self._index.names_of(common))
            common = exact
        return self._label_value(common, positive)

    def _common(self, hits: Sequence[Hit]) -> Choices:
        """The choices that all words allow. "Really" and "lite" count only where they fit the others."""
        strong = [hit for hit in hits if self._tokens[hit.start].key not in self._words.fillers]
        common = (strong or hits)[0].choices.intersection(*(hit.choices for hit in strong or hits))
        for hit in hits:
            if hit not in strong:
                common = common & hit.choices or common
        return common

    def _opposite(self, positive: Sequence[Hit], negative: Choices) -> Reading:
        """ "Not safe at all" is the far end of the scale; any other negation may be a step or two."""
        last = len(self._index.names) - 1
        if not positive and "at_all" in self._roles and all(choice < last / 2 for choice in negative):
            return self._value(frozenset({last}), "opposite", 0.8, "")
        return unclear("negated", self._index.names_of(negative))

    def _contradicts(self, chosen: Choices, positive: Sequence[Hit]) -> bool:
        """Whether the words beside the number, all of them known, name other choices than the number does."""
        picked = {pick.at for pick in self._picks}
        if not positive or self._index.other in chosen or self._unknown(picked):
            return False
        return not any(chosen & hit.choices for hit in positive)

    def _without_denominator(self) -> Sequence[Pick]:
        """ "3/5" and "4 av 5" are the first number where the second is the end of the scale."""
        picks = self._picks
        if len(picks) != 2 or picks[1].choice != len(self._index.names) - 1:
            return picks
        between = range(picks[0].at + 1, picks[1].at)
        out_of = any(self._tokens[at].key == "/" or self._roles[at] == "of" for at in between)
        if out_of and all(
            self._tokens[at].mark or self._roles[at] == "of" or self._is_filler(at) for at in between
        ):
            return picks[:1]
        return picks

    def _stands_out(self, pick: Pick) -> bool:
        """Whether the number is the answer and not something counted in passing."""
        before, after = range(pick.at), range(pick.at + 1, len(self._tokens))
        if pick.named or all(self._is_filler(at) for at in before):
            return True
        return all(self._is_filler(at) for at in after)

    # Several choices

    def many(self, max_choices: int | None) -> Reading:
        """All choices meant, in the order of the list; empty with how "none" where there is no choice for none."""
        if self._said.words == ["0"] and 0 not in self._index.by_key:
            return self._none()
        ranged = self._ranges()
        if ranged is None or any(pick.choice is None and self._is_listed(pick) for pick in self._picks):
            return unclear("out_of_range", self._index.names_of(self._picked()))
        groups, clashing = self._groups(ranged)
        if clashing:
            return unclear("contradiction", self._index.names_of(clashing))
        wanted, unwanted, open_groups = self._settled(groups)
        if not wanted and not open_groups:
            return self._several_without_naming(unwanted)
        if open_groups:
            return unclear("ambiguous", self._index.names_of(wanted.union(*open_groups)))
        return self._several(wanted - unwanted, max_choices)

    def _several(self, chosen: Choices, max_choices: int | None, how: str = "") -> Reading:
        names = self._index.names_of(chosen)
        if not chosen:
            return unclear("contradiction")
        if len(chosen) > 1 and chosen & self._index.exclusive:
            return unclear("exclusive", names)
        if max_choices is not None and len(chosen) > max_choices:
            return unclear("too_many", names)
        if how:
            return self._value(chosen, how, 1.0, "")
        if self._picks:
            used = {pick.at for pick in self._picks}
            how = self._picks[0].how
            return self._value(chosen, how, 1.0, self._remark(max(used | self._used) + 1, used))
        return self._label_value(chosen, self._hits)

    def _several_without_naming(self, unwanted: Choices) -> Reading:
        """ "Alla", "alla utom 2", "inga av dessa"; otherwise nothing that we understood."""
        found = {found.meaning for found in self._words.choosing.find(self._said.words)}
        everything = frozenset(range(len(self._index.names))) - self._index.exclusive - {self._index.none}
        if "all" in found or ("both" in found and len(everything) == 2):
            return self._several(everything - unwanted, self._index.question.max_choices, "all")
        if not unwanted and found & {"none", "none_of_these"}:
            return self._none() if not self._unknown(self._phrase_positions()) else unclear("negated")
        if "other" in found and self._index.other is not None:
            return self._value(frozenset({self._index.other}), "label", 0.9, "")
        return unclear("negated" if unwanted else "", self._index.names_of(unwanted))

    def _none(self) -> Reading:
        if self._index.none is None:
            return Reading(outcome=Outcome.VALUE, how="none")
        return self._value(frozenset({self._index.none}), "none", 1.0, "")

    def _ranges(self) -> list[Pick] | None:
        """The picks with "1-3" filled in; None where a range runs backwards. "1-3-5" is a list."""
        picks = self._picks
        filled: list[Pick] = []
        spans = [self._spans(left, right) for left, right in pairwise(picks)]
        for n, pick in enumerate(picks):
            filled.append(pick)
            chained = (n > 0 and spans[n - 1]) or (n + 1 < len(spans) and spans[n + 1])
            if n < len(spans) and spans[n] and not chained:
                first, last = pick.choice, picks[n + 1].choice
                if first is None or last is None or first >= last:
                    return None
                filled.extend(
                    Pick(pick.at, choice, pick.how, pick.named) for choice in range(first + 1, last)
                )
        return filled

    def _spans(self, left: Pick, right: Pick) -> bool:
        between = left.at + 1
        return right.at == left.at + 2 and (self._tokens[between].key == "-" or self._roles[between] == "to")

    def _groups(self, picks: Sequence[Pick]) -> tuple[list[Group], Choices]:
        """What is said together, clause by clause; and choices whose number and word disagree."""
        by_place: dict[int, list[Pick]] = {}
        for pick in picks:
            by_place.setdefault(pick.at, []).append(pick)
        starts = {hit.start: hit for hit in self._hits}
        clauses = _Clauses(self._index.other)
        for at, token in enumerate(self._tokens):
            if at in by_place:
                clauses.add_numbers(by_place[at])
            elif at in starts:
                clauses.add_hit(starts[at])
            elif at not in self._used and at not in self._ignored:
                clauses.pass_by(token, self._roles[at])
        return clauses.groups, clauses.clashing

    def _settled(self, groups: Sequence[Group]) -> tuple[Choices, Choices, list[Choices]]:
        """The choices wanted, those excluded, and the groups that stay ambiguous."""
        wanted: set[int] = set()
        unwanted: set[int] = set()
        left: list[Choices] = []
        for group in groups:
            choices = self._narrowed(group, groups)
            if not group.wanted:
                unwanted |= choices
            elif len(choices) == 1:
                wanted |= choices
            else:
                left.append(choices)
        return frozenset(wanted), frozenset(unwanted), left

    def _narrowed(self, group: Group, groups: Sequence[Group]) -> Choices:
        """ "Vardagar dag och kväll": what is ambiguous by itself is read with the words of its neighbours."""
        if len(group.choices) == 1 or not group.wanted:
            return group.choices
        exact = self._exact(group.hits, group.choices)
        if len(exact) == 1:
            return exact
        for other in groups:
            for choices in self._word_by_word(other) if other is not group else ():
                if len(group.choices & choices) == 1:
                    return group.choices & choices
        return group.choices

    def _word_by_word(self, group: Group) -> Iterator[Choices]:
        for hit in group.hits:
            for key in self._said.keys[hit.start : hit.stop]:
                meaning = self._index.meaning(key)
                if meaning is not None:
                    yield meaning.choices

    def _exact(self, hits: Sequence[Hit], candidates: Choices) -> Choices:
        """ "Stort" is not "ganska stort"; a compound may be two words and proves nothing."""
        if any(hit.how == "compound" for hit in hits):
            return candidates
        return self._index.named_exactly(hits, candidates)

    # Both

    def _told_without_naming(self, scale: bool) -> Reading | None:
        """ "Alla", "båda", "inget", "något annat", "mittemellan": which choice, without a word of its wording."""
        meaning = self._words.choosing.whole(self._said.words) or self._words.choosing.whole(self._content())
        middle = len(self._index.names) // 2
        if meaning in ("all", "both") and not self._hits:
            return unclear("several", self._index.names)
        if meaning == "none_of_these":
            return self._none() if self._index.none in self._index.exclusive else unclear("none_of_these")
        if meaning == "none" and self._index.none is not None and not (scale and self._hits):
            return self._none()
        if meaning == "other" and self._index.other is not None:
            return self._value(frozenset({self._index.other}), "label", 0.9, "")
        if meaning == "mean" and scale and len(self._index.names) % 2:
            return self._value(frozenset({middle}), "synonym", 0.9, "")
        return None

    def _read_all_but(self) -> None:
        for at, role in enumerate(self._roles):
            if role == "but" and at and self._words.choosing.whole(self._said.keys[at - 1 : at]) == "all":
                self._roles[at] = "except"

    def _number_positions(self) -> frozenset[int]:
        return frozenset(at for at, token in enumerate(self._tokens) if token.value is not None)

    def _find_picks(self) -> list[Pick]:
        picks: list[Pick] = []
        weak: list[Pick] = []
        for at, token in enumerate(self._tokens):
            if at in self._ignored or at in self._used or token.mark:
                continue
            if token.value is not None and not self._counts_something(at):
                choice = None if self._is_no_number(at) else self._index.by_key.get(token.value)
                pick = Pick(at, choice, _how(token), token.named)
                (weak if token.spelled and token.value == 1 and not token.named else picks).append(pick)
            elif token.key in self._words.ordinals:
                weak.append(Pick(at, self._at_place(self._words.ordinals[token.key]), "position", False))
        return sorted(picks + self._strong_enough(weak, picks))

    def _strong_enough(self, weak: list[Pick], picks: list[Pick]) -> list[Pick]:
        """ "Ett" and "andra" are answers only where nothing else is said: they are an article and "other"."""
        known = {pick.at for pick in weak} | {pick.at for pick in picks}
        plain = not self._hits and not self._unknown(known)
        if not plain or (picks and not all(pick.how != "position" for pick in weak)):
            return []
        placed = [pick for pick in weak if pick.how == "position"]
        if placed and len(placed) < len(weak):
            return placed
        return weak

    def _at_place(self, place: int) -> int | None:
        count = len(self._index.names)
        return count - 1 if place < 0 else place - 1 if place <= count else None

    def _counts_something(self, at: int) -> bool:
        following = self._tokens[at + 1] if at + 1 < len(self._tokens) else None
        return following is not None and (following.key in self._words.units or following.key == "%")

    def _is_no_number(self, at: int) -> bool:
        """ "-1", "de två första": of no choice."""
        minus = at == 1 and self._tokens[0].key == "-" and self._tokens[0].end == self._tokens[1].start
        return minus or (at + 1 < len(self._tokens) and self._tokens[at + 1].key in self._words.ordinals)

    def _picked(self) -> Choices:
        return frozenset(pick.choice for pick in self._picks if pick.choice is not None)

    def _is_listed(self, stray: Pick) -> bool:
        """Whether a number without a choice stands among the answers, not in the words after them."""
        for at in range(stray.at - 1, -1, -1):
            if self._tokens[at].value is not None:
                return True
            if not self._is_filler(at) and not self._roles[at] and at not in self._used:
                return False
        return True

    def _is_denied(self, hit: Hit) -> bool:
        """ "Inte trafiken", "inga droger", "bor inte här"."""
        last = hit is self._hits[-1] and hit.stop < len(self._tokens)
        return self._is_negated(hit.start, ("not", "without", "except")) or (
            last and self._roles[hit.stop] == "not"
        )

    def _is_negated(self, at: int, by: tuple[str, ...] = ("not", "except")) -> bool:
        """Whether "inte" stands before the word at `at`, in the same clause."""
        for before in range(at - 1, -1, -1):
            if before in self._used:
                continue
            if self._roles[before] in by:
                return True
            if self._tokens[before].key in _LIST_MARKS or self._roles[before] == "but":
                return False
        return False

    def _is_filler(self, at: int) -> bool:
        token = self._tokens[at]
        return token.mark or at in self._ignored or token.key in self._words.fillers

    def _content(self) -> list[str]:
        return [token.key for at, token in enumerate(self._tokens) if not self._is_filler(at)]

    def _unknown(self, known: set[int]) -> list[int]:
        """Positions of words that say something we did not use."""
        return [
            at
            for at in range(len(self._tokens))
            if at not in known and at not in self._used and not self._is_filler(at) and not self._roles[at]
        ]

    def _phrase_positions(self) -> set[int]:
        positions = self._said.word_positions
        found = self._words.choosing.find(self._said.words)
        return {positions[n] for phrase in found for n in range(phrase.start, phrase.stop)}

    def _remark(self, stop: int, known: set[int]) -> str:
        """What was said besides the value: the words after it, or the whole reply where they stand before."""
        unknown = self._unknown(known) + sorted(self._said.bracketed)
        if not unknown:
            return ""
        return self._said.after(stop) if min(unknown) >= stop else self._said.shown

    def _label_value(self, chosen: Choices, hits: Sequence[Hit]) -> Reading:
        least = min(hits, key=lambda hit: hit.score)
        remark = self._remark(hits[-1].stop, set())
        return self._value(chosen, least.how, least.score * (0.9 if remark else 1.0), remark)

    def _value(self, chosen: Choices, how: str, score: float, remark: str) -> Reading:
        return Reading(
            outcome=Outcome.VALUE,
            values=self._index.names_of(chosen),
            how=how,
            score=round(score, 2),
            remark=remark,
        )


class _Clauses:
    """Numbers and words gathered into groups while a reply is read from left to right."""

    def __init__(self, other: int | None) -> None:
        self.groups: list[Group] = []
        self.clashing: Choices = frozenset()
        self._other = other
        self._wanted = True
        self._excepting = False
        self._number: int | None = None
        self._open = False

    def add_numbers(self, picks: Sequence[Pick]) -> None:
        for pick in picks:
            if pick.choice is not None:
                self.groups.append(Group((), frozenset({pick.choice}), self._wanted))
                self._number = pick.choice
        self._open = False

    def add_hit(self, hit: Hit) -> None:
        """A word after its number repeats it; a word that fits the words before it narrows them."""
        if self._number is not None:
            if self._number not in hit.choices and self._number != self._other:
                self.clashing = hit.choices | {self._number}
            return
        common = self.groups[-1].choices & hit.choices if self._open else frozenset[int]()
        if common:
            self.groups[-1] = Group((*self.groups[-1].hits, hit), common, self._wanted)
        else:
            self.groups.append(Group((hit,), hit.choices, self._wanted))
        self._open = True

    def pass_by(self, token: Token, role: str) -> None:
        """A mark or word between what is named: ends a group, begins or ends a negation."""
        if role in ("not", "without", "except"):
            self._wanted = False
            self._excepting = self._excepting or role == "except"
        elif (role == "but" or token.key in _LIST_MARKS) and not self._excepting:
            self._wanted = True
        if role in _BREAKS or role in ("not", "without", "except") or token.key in _LIST_MARKS:
            self._open = False
            self._number = None


def _how(token: Token) -> str:
    return "number_word" if token.spelled else "number"
