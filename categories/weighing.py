"""How the rules that fired in a message become codings: traps, negation, evidence, ranks and borders."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from categories.patterns import Span
from categories.rulebook import POSITIVE, TRAP, Find, RuleBook, Strength
from categories.tokens import Tokens

Field = Literal["problem", "measure"]
"""Whether the question asked what is wrong or what should be done."""

_FIRST_NAMED = 0.8
"""Evidence that being named first is worth: others must be more elaborated by so much."""
_DENIED = 0.3
"""What evidence is worth under a negation ("inte så mycket bråk, men skräp")."""
_PER_WORD = 0.2
"""What each word of a pattern after its first adds to the evidence."""
_WEAK_RANK = 0.5
_BEHIND_WHAT_HAPPENS = 0.5
"""How far a place that is spoken of stands behind what happens there ("skolvägen är mörk")."""
_FEAR, _NO_PROBLEM, _OFF_TOPIC = "fear_general", "no_problem", "off_topic"


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
class Match:
    """A rule that fired. `note` says why it does not count, or counts otherwise."""

    category: str
    rule: str
    span: Span
    """Positions of the words matched."""
    words: tuple[str, ...]
    weight: float
    note: str = ""


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
    rule: str = ""
    named: float = 0.0
    denied: float = 0.0
    best: float = 0.0
    strong: bool = False
    only_place: bool = True
    misspelt: bool = True
    covered: set[int] = field(default_factory=set)

    @property
    def evidence(self) -> float:
        return self.named + _DENIED * self.denied


def weighed(
    finds: Iterable[Find], book: RuleBook, message: Tokens, weights: Weights, asked: Field, factor: float
) -> Explanation | None:
    """The codings that `finds` speak for, each score times `factor`; None where nothing counts."""
    fired = list(dict.fromkeys(finds))
    praised = any(find.rule.category == POSITIVE for find in fired)
    counted, matches = _counted(fired, book, message)
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


def _counted(
    fired: Sequence[Find], book: RuleBook, message: Tokens
) -> tuple[list[tuple[Find, bool]], list[Match]]:
    """The finds that count, each with whether it is denied; and every find for the explanation."""
    placed = [_as_place(find, book, message) for find in fired if find.rule.category != POSITIVE]
    spans = [(find, frozenset(find.span)) for find in placed]
    counted: list[tuple[Find, bool]] = []
    matches: list[Match] = []
    for found, span in spans:
        if found.rule.category == TRAP:
            continue
        note = _covered(found, span, spans)
        denied = not note and _is_denied(found, book, message)
        find = _recategorised(found, _NO_PROBLEM) if denied and found.rule.category == _FEAR else found
        if not note and not (denied and find.rule.category in (_NO_PROBLEM, _OFF_TOPIC)):
            counted.append((find, denied and find is found))
        matches.append(_match(find, message, note or ("denied" if denied else "")))
    return counted, matches


def _match(find: Find, message: Tokens, note: str) -> Match:
    return Match(
        category=find.rule.category,
        rule=find.rule.name,
        span=find.span,
        words=tuple(message.words[position] for position in find.span),
        weight=_weight(find),
        note=note,
    )


def _recategorised(find: Find, category: str) -> Find:
    return replace(find, rule=replace(find.rule, category=category))


def _as_place(find: Find, book: RuleBook, message: Tokens) -> Find:
    """`find` as a mere hint where a preposition makes it the place of something else."""
    position = find.span[0] - 1
    if find.rule.strength is not Strength.PLACE or position < 0:
        return find
    if message.words[position] in book.determiners:
        position -= 1
    if position < 0 or message.words[position] not in book.prepositions:
        return find
    return replace(find, rule=replace(find.rule, strength=Strength.WEAK))


def _covered(find: Find, span: frozenset[int], spans: Sequence[tuple[Find, frozenset[int]]]) -> str:
    """Why `find` does not count: a trap or a longer pattern has its words, or a stronger one the same."""
    weak = find.rule.strength is Strength.WEAK
    for other, words in spans:
        if other.rule.category == TRAP and span <= words:
            return f"trap: {other.rule.pattern}"
        if other.rule.strength is Strength.WEAK:
            continue
        rival = span == words and other.rule.category != find.rule.category
        if span < words or (rival and (weak or _is_longer(other, find))):
            return f"inside {other.rule.name}"
    return ""


def _is_longer(other: Find, find: Find) -> bool:
    """Whether two patterns matched the same word and `other` says more of it: "mordbr*" over "mord*"."""
    longer, shorter = other.rule.pattern.strip("*"), find.rule.pattern.strip("*")
    return len(longer) > len(shorter) and shorter in longer


def _is_denied(find: Find, book: RuleBook, message: Tokens) -> bool:
    """Whether a negation stands before the words found, with nothing but modifiers between."""
    if find.rule.strength in (Strength.RESOURCE, Strength.PLACE):
        return False
    first = find.span[0]
    for position in range(first - 1, max(first - 5, -1), -1):
        word = book.spelled(message.words[position])
        if message.clauses[position] != message.clauses[first]:
            return False
        if word in book.negators:
            return True
        if word not in book.modifiers:
            return False
    return False


def _weight(find: Find) -> float:
    weight = find.rule.strength.value + _PER_WORD * (min(len(find.span), 4) - 1)
    return weight * (0.8 if find.misspelt else 1.0)


def _topics(counted: Iterable[tuple[Find, bool]]) -> list[_Topic]:
    """Evidence by category; words that several patterns of a category match count once."""
    topics: dict[str, _Topic] = {}
    for find, denied in sorted(counted, key=lambda pair: -_weight(pair[0])):
        topic = topics.setdefault(find.rule.category, _Topic(find.rule.category, find.span[0]))
        if topic.covered.issuperset(find.span):
            continue
        topic.covered.update(find.span)
        weight = _weight(find)
        topic.first = min(topic.first, find.span[0])
        topic.strong |= find.rule.strength is not Strength.WEAK
        topic.only_place &= find.rule.strength in (Strength.PLACE, Strength.WEAK)
        topic.misspelt &= find.misspelt
        topic.denied += weight if denied else 0.0
        topic.named += 0.0 if denied else weight
        if weight > topic.best:
            topic.best, topic.rule = weight, find.rule.name
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
    return topic.strong and topic.named > 0 and topic.category not in (_NO_PROBLEM, _OFF_TOPIC)


def _coding(topic: _Topic, share: float, factor: float, *, praised: bool, primary: bool = False) -> Coding:
    certainty = 0.9 if topic.strong else 0.45
    if topic.misspelt:
        certainty *= 0.8
    positive = (praised or topic.named == 0) and topic.category not in (_NO_PROBLEM, _OFF_TOPIC)
    return Coding(
        category=topic.category,
        score=round(certainty * factor * (0.55 + 0.45 * share), 2),
        rule=topic.rule,
        primary=primary,
        positive=positive,
    )
