"""What a reply holds that may point at the choices of its question: numbers, words, negations. Decides nothing."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from flows.choices import ChoiceIndex, Choices, Hit
from flows.reading import Outcome, Reading
from flows.vocabulary import Token, Utterance, Vocabulary

_SCORES = {"number": 1.0, "number_word": 0.98, "position": 0.95}
LIST_MARKS = frozenset(",;/+&.|*:()،؛")
_LAST, _LAST_BUT_ONE = -1, -2
NEGATIONS = ("not", "without", "except")


class Pick(NamedTuple):
    """A number or ordinal at token `at`; `choice` is None where no choice has that number."""

    at: int
    choice: int | None
    how: str
    named: bool


def unclear(how: str = "", candidates: Iterable[str] = ()) -> Reading:
    return Reading(outcome=Outcome.UNCLEAR, how=how, score=0.0, candidates=tuple(candidates))


class Evidence:
    """One reply beside one question's choices. `ignored`: token positions that say something else ("vet ej")."""

    def __init__(
        self, said: Utterance, index: ChoiceIndex, vocabulary: Vocabulary, ignored: frozenset[int]
    ) -> None:
        self.said = said
        self.tokens = said.tokens
        self.index = index
        self.words = vocabulary
        self.ignored = ignored | said.bracketed
        self.roles = [vocabulary.joining.get(key, "") for key in said.keys]
        self._read_all_but()
        numbers = {at for at, token in enumerate(said.tokens) if token.value is not None}
        self.hits = [
            hit
            for hit in index.hits(said.keys, self.ignored | numbers)
            if hit.how == "label" or hit.start - 1 not in numbers or not self._following_unit(hit.start - 1)
        ]  # "tre gånger" is no gäng
        self.used = {at for hit in self.hits for at in range(hit.start, hit.stop)}
        self.picks = self._find_picks()

    @property
    def picked(self) -> Choices:
        return frozenset(pick.choice for pick in self.picks if pick.choice is not None)

    def choosing(self) -> str | None:
        """What the whole reply says about the choices without naming one: all, both, none, other, mean ..."""
        content = [token.key for at, token in enumerate(self.tokens) if not self.is_filler(at)]
        return self.words.choosing.whole(self.said.words) or self.words.choosing.whole(content)

    def is_filler(self, at: int) -> bool:
        token = self.tokens[at]
        return token.mark or at in self.ignored or token.key in self.words.fillers

    def unknown(self, known: Iterable[int] = ()) -> list[int]:
        """Positions of words that say something beyond what was found and what is `known`."""
        seen = {*known, *self.used}
        return [
            at
            for at in range(len(self.tokens))
            if at not in seen and not self.is_filler(at) and not self.roles[at]
        ]

    def is_denied(self, hit: Hit) -> bool:
        """ "Inte trafiken", "inga droger", "bor inte här"."""
        last = hit is self.hits[-1] and hit.stop < len(self.tokens)
        return self.is_negated(hit.start, NEGATIONS) or (last and self.roles[hit.stop] == "not")

    def opens_with_other(self) -> bool:
        """ "Annat: hundbajs": what comes behind says what, though it may be a word of another choice."""
        if not self.hits or self.hits[0].choices != {self.index.other}:
            return False
        return self.hits[0].how == "label" and all(map(self.is_filler, range(self.hits[0].start)))

    def is_negated(self, at: int, by: Sequence[str] = ("not", "except")) -> bool:
        """Whether "inte" stands before the word at `at`, in the same clause."""
        for before in range(at - 1, -1, -1):
            if before in self.used:
                continue
            if self.roles[before] in by:
                return True
            if self.tokens[before].key in LIST_MARKS or self.roles[before] == "but":
                return False
        return False

    def exact(self, hits: Sequence[Hit], candidates: Choices) -> Choices:
        """ "Stort" is not "ganska stort"; a compound may be two words and proves nothing."""
        if any(hit.how == "compound" for hit in hits):
            return candidates
        return self.index.named_exactly(hits, candidates)

    def is_listed(self, stray: Pick) -> bool:
        """Whether a number without a choice stands among the answers, not in the words after them."""
        for at in range(stray.at - 1, -1, -1):
            if self.tokens[at].value is not None:
                return True
            if not self.is_filler(at) and not self.roles[at] and at not in self.used:
                return False
        return True

    def number_value(self, chosen: Choices, picks: Sequence[Pick]) -> Reading:
        """With the words that do not merely repeat the number as a remark: "4 mörkt" where 4 is "Annat"."""
        repeated = [hit for hit in self.hits if hit.choices & chosen]
        known = self._words_of(self.picks).union(*(range(hit.start, hit.stop) for hit in repeated))
        added = [at for hit in self.hits if hit not in repeated for at in range(hit.start, hit.stop)]
        stop = max(pick.at for pick in picks) + 1
        return self.value(
            chosen, picks[0].how, _SCORES[picks[0].how], self._remark(stop, [*self.unknown(known), *added])
        )

    def value(self, chosen: Choices, how: str, score: float = 1.0, remark: str = "") -> Reading:
        names = self.index.names_of(chosen)
        return Reading(outcome=Outcome.VALUE, values=names, how=how, score=round(score, 2), remark=remark)

    def label_value(self, chosen: Choices, hits: Sequence[Hit]) -> Reading:
        """As sure as the least sure word; less so beside words that were not understood."""
        least = min(hits, key=lambda hit: hit.score)
        remark = self._remark(hits[-1].stop, self.unknown())
        return self.value(chosen, least.how, least.score * (0.9 if remark else 1.0), remark)

    def none_value(self) -> Reading:
        """The choice for none; no value and how "none" where there is no such choice."""
        if self.index.none is None:
            return Reading(outcome=Outcome.VALUE, how="none")
        return self.value(frozenset({self.index.none}), "none")

    def _remark(self, stop: int, unknown: Sequence[int]) -> str:
        """The words after token `stop` - 1; the whole reply where some of what was added stands before."""
        added = [*unknown, *self.said.bracketed]
        if not added:
            return ""
        return self.said.after(stop) if min(added) >= stop else self.said.shown

    def _read_all_but(self) -> None:
        for at, role in enumerate(self.roles):
            if role == "but" and at and self.words.choosing.whole(self.said.keys[at - 1 : at]) == "all":
                self.roles[at] = "except"

    def _find_picks(self) -> list[Pick]:
        picks: list[Pick] = []
        weak: list[Pick] = []
        spoken = self._within_choosing() if self.words.choosing.find(self.said.words) else frozenset()
        for at, token in enumerate(self.tokens):
            if at in self.ignored or at in self.used or token.mark or at in spoken or self._is_article(at):
                continue
            if token.value is not None and not self._counts_something(at):
                choice = None if self._is_no_number(at) else self.index.by_key.get(token.value)
                how = "number_word" if token.spelled else "number"
                doubtful = token.spelled and token.value == 1 and not token.named
                (weak if doubtful else picks).append(Pick(at, choice, how, token.named))
            elif token.key in self.words.ordinals:
                weak.extend(self._placed(at))
        return sorted(picks + self._strong_enough(weak, picks), key=lambda pick: pick.at)

    def _strong_enough(self, weak: Sequence[Pick], picks: Sequence[Pick]) -> list[Pick]:
        """ "Ett" and "andra" are answers only where nothing else is said: they are also an article and "other"."""
        known = self._words_of([*weak, *picks])
        if not weak or self.hits or self.unknown(known):
            return []
        placed = [pick for pick in weak if pick.how == "position"]
        if placed and picks:
            return []
        return placed or list(weak)

    def _within_choosing(self) -> frozenset[int]:
        """Positions of the words of "båda två", where the number is none of a choice."""
        positions = self.said.word_positions
        found = self.words.choosing.find(self.said.words)
        return frozenset(positions[at] for p in found if p.meaning == "both" for at in range(p.start, p.stop))

    def _placed(self, at: int) -> Iterator[Pick]:
        """ "Den första", "näst sista", "mellersta"; "de två sista" are two. Nothing for the first word of two."""
        place = self.words.ordinals[self.tokens[at].key]
        following = self._following(at)
        if place in (2, _LAST_BUT_ONE) and following and self.words.ordinals.get(following.key) == _LAST:
            return
        before = self.tokens[at - 1] if at else None
        if (
            before is not None
            and place == _LAST
            and self.words.ordinals.get(before.key) in (2, _LAST_BUT_ONE)
        ):
            place = _LAST_BUT_ONE
        counted = [token.value for token in (before, following) if token is not None and token.value]
        count = counted[0] if counted and place in (1, _LAST) else 1
        places = range(place, place + count) if place >= 0 else range(place - count + 1, place + 1)
        yield from (Pick(at, self._at_place(each), "position", False) for each in places)

    def _words_of(self, picks: Sequence[Pick]) -> set[int]:
        """Their positions, with the other word of "två första", "first two" and "näst sista"."""
        around = {at for pick in picks for at in range(pick.at - 1, pick.at + 2) if pick.how == "position"}
        places = {at for at in around if 0 <= at < len(self.tokens) and self._numbers_a_place(at)}
        return places.union(pick.at for pick in picks)

    def _numbers_a_place(self, at: int) -> bool:
        token = self.tokens[at]
        return token.value is not None or token.key in self.words.ordinals

    def _at_place(self, place: int) -> int | None:
        """0 is the middle. Of no choice where there are not so many; one for none is not counted from the end."""
        count = len(self.index.names)
        if place == 0:
            return count // 2 if count % 2 else None
        return (place - 1 if place > 0 else count + place) if abs(place) <= count else None

    def _following(self, at: int) -> Token | None:
        return self.tokens[at + 1] if at + 1 < len(self.tokens) else None

    def _counts_something(self, at: int) -> bool:
        """ "3 gånger", "20 %", "de två första"."""
        beside = [self.tokens[near].key for near in (at - 1, at + 1) if 0 <= near < len(self.tokens)]
        if any(self.words.ordinals.get(key) in (1, _LAST) for key in beside):
            return True
        if at and self.tokens[at - 1].key in self.words.before_hours:
            return True
        following = self._following(at)
        if following is not None and following.key in (",", ".") and self._is_decimal(at):
            return self._following_unit(at + 2)
        return self._following_unit(at)

    def _following_unit(self, at: int) -> bool:
        following = self._following(at)
        return following is not None and (following.key in self.words.units or following.key == "%")

    def _is_decimal(self, at: int) -> bool:
        """ "1,5" without spaces."""
        parts = self.tokens[at : at + 3]
        return (
            len(parts) == 3
            and parts[2].value is not None
            and parts[0].end == parts[1].start
            and parts[1].end == parts[2].start
        )

    def _is_no_number(self, at: int) -> bool:
        """ "-1" and "03": of no choice."""
        if len(self.tokens[at].key) > 1 and self.tokens[at].key[0] == "0":
            return True
        return at == 1 and self.tokens[0].key == "-" and self.tokens[0].end == self.tokens[1].start

    def _is_article(self, at: int) -> bool:
        """ "Inte ett dugg"."""
        return self.tokens[at].spelled and at + 1 < len(self.roles) and self.roles[at + 1] == "at_all"
