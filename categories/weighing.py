"""How what was found in a message becomes codings: evidence by category, ranks and borders."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from categories.evidence import NO_PROBLEM, OFF_TOPIC, Evidence, Match, counted_evidence
from categories.rulebook import POSITIVE, Find, RuleBook, Strength
from categories.tokens import Tokens

Field = Literal["problem", "measure"]
"""Whether the question asked what is wrong or what should be done."""

_FIRST_NAMED = 0.8
"""Evidence that being named first is worth: others must be more elaborated by so much."""
_DENIED = 0.3
"""What evidence is worth under a negation ("inte så mycket bråk, men skräp")."""
_WEAK_RANK = 0.5
_CERTAIN, _HINTED, _GUESSED = 0.9, 0.45, 0.65
"""Scores of what is named, of what is only hinted at, and the factor for misspelt words."""
_BEHIND_WHAT_HAPPENS = 0.5
"""How far a place that is spoken of stands behind what happens there ("skolvägen är mörk")."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Coding:
    """A category given to an answer. `rule` names what fired, never the answer's text; `score` is 0 to 1."""

    category: str
    score: float
    rule: str
    primary: bool = False
    positive: bool = False
    """The answer tells of an improvement or gives praise: a topic, not a problem."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Explanation:
    """How an answer was coded, for people who work on the rules."""

    codings: tuple[Coding, ...]
    language: str = ""
    """Language of the rules that were used."""
    matches: tuple[Match, ...] = ()
    moved: tuple[str, ...] = ()
    """The border rules that changed which category goes first."""
    is_strong: bool = True
    """Something was named, not only hinted at."""

    @classmethod
    def of(cls, coding: Coding) -> "Explanation":
        return cls(codings=(coding,))


@dataclass(frozen=True, kw_only=True, slots=True)
class Border:
    """Where both are found, `first` goes before each category of `over`."""

    first: str
    over: tuple[str, ...]
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Weights:
    """Which category goes first. A higher rank goes before a lower one whatever stands first in the text."""

    rank: Mapping[str, float]
    default_rank: float
    measures: frozenset[str]
    """Categories of what people want done: behind the problems, unless the question asked for them."""
    borders: tuple[Border, ...]


@dataclass(slots=True)
class _Topic:
    """What speaks for one category in one message."""

    category: str
    first: int
    rule: str
    """Name of the rule that weighs most."""
    named: float = 0.0
    denied: float = 0.0
    strong: bool = False
    only_place: bool = True
    misspelt: bool = True
    covered: set[int] = field(default_factory=set)

    @property
    def evidence(self) -> float:
        return self.named + _DENIED * self.denied

    def add(self, evidence: Evidence) -> None:
        find, weight = evidence.find, evidence.weight
        self.covered.update(find.span)
        self.first = min(self.first, find.span[0])
        self.strong |= find.rule.strength is not Strength.WEAK
        self.only_place &= find.rule.strength in (Strength.PLACE, Strength.WEAK)
        self.misspelt &= find.misspelt
        self.denied += weight if evidence.denied else 0.0
        self.named += 0.0 if evidence.denied else weight


def weighed(
    finds: Iterable[Find], book: RuleBook, message: Tokens, weights: Weights, asked: Field, factor: float
) -> Explanation | None:
    """The codings that `finds` speak for, each score times `factor`; None where nothing counts."""
    fired = list(dict.fromkeys(finds))
    praised = any(find.rule.category == POSITIVE for find in fired)
    counted, matches = counted_evidence(fired, book, message)
    topics = _topics(counted)
    if not topics:
        return None
    ranks = {topic.category: _rank(topic, weights, asked, is_list=message.is_list) for topic in topics}
    primary, moved = _primary(topics, ranks, weights, is_list=message.is_list)
    rest = [topic for topic in topics if topic is not primary and _is_other(topic)]
    rivals = sum(topic.evidence for topic in topics if ranks[topic.category] >= ranks[primary.category])
    codings = [_coding(primary, primary.evidence / rivals, factor, praised=praised, primary=True)]
    codings += [
        _coding(topic, 0.5, factor, praised=praised) for topic in sorted(rest, key=lambda t: -t.evidence)
    ]
    return Explanation(
        codings=tuple(codings),
        language=book.language,
        matches=tuple(matches),
        moved=moved,
        is_strong=primary.strong,
    )


def _topics(counted: Iterable[Evidence]) -> list[_Topic]:
    """Evidence by category; words that several patterns of a category match count once."""
    topics: dict[str, _Topic] = {}
    for evidence in sorted(counted, key=lambda evidence: -evidence.weight):
        find = evidence.find
        topic = topics.setdefault(
            find.rule.category, _Topic(find.rule.category, find.span[0], find.rule.name)
        )
        if not topic.covered.issuperset(find.span):
            topic.add(evidence)
    return list(topics.values())


def _rank(topic: _Topic, weights: Weights, asked: Field, *, is_list: bool) -> float:
    if not topic.strong:
        return _WEAK_RANK
    if asked == "measure" and topic.category in weights.measures:
        return weights.default_rank
    rank = weights.rank.get(topic.category, weights.default_rank)
    return rank - _BEHIND_WHAT_HAPPENS if topic.only_place and not is_list else rank


def _primary(
    topics: Sequence[_Topic], ranks: Mapping[str, float], weights: Weights, *, is_list: bool
) -> tuple[_Topic, tuple[str, ...]]:
    """The topic that goes first, and the border rules that put it there."""
    highest = max(ranks.values())
    candidates = [topic for topic in topics if ranks[topic.category] == highest]
    first = min(topic.first for topic in candidates)
    if is_list:
        return min(candidates, key=lambda topic: (topic.first, -topic.evidence)), ()
    bonus = {
        topic.category: _FIRST_NAMED * (topic.first == first and topic.named > 0) for topic in candidates
    }
    primary = max(candidates, key=lambda topic: topic.evidence + bonus[topic.category])
    moved: list[str] = []
    named = {topic.category: topic for topic in candidates if topic.strong and topic.named}
    for border in weights.borders:
        if primary.category in border.over and border.first in named:
            moved.append(f"{border.first} before {primary.category}: {border.why}")
            primary = named[border.first]
    return primary, tuple(moved)


def _is_other(topic: _Topic) -> bool:
    return topic.strong and topic.named > 0 and topic.category not in (NO_PROBLEM, OFF_TOPIC)


def _coding(topic: _Topic, share: float, factor: float, *, praised: bool, primary: bool = False) -> Coding:
    certainty = _CERTAIN if topic.strong else _HINTED
    if topic.misspelt:
        certainty *= _GUESSED
    positive = (praised or topic.named == 0) and topic.category not in (NO_PROBLEM, OFF_TOPIC)
    return Coding(
        category=topic.category,
        score=round(certainty * factor * (0.55 + 0.45 * share), 2),
        rule=topic.rule,
        primary=primary,
        positive=positive,
    )
