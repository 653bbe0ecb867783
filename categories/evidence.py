"""Which of the rules that fired in a message count: places, traps, longer patterns, and negation."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from categories.patterns import Span
from categories.rulebook import POSITIVE, TRAP, Find, RuleBook, Strength
from categories.tokens import Tokens

FEAR, NO_PROBLEM, OFF_TOPIC = "fear_general", "no_problem", "off_topic"
_PER_WORD = 0.2
"""What each word of a pattern after its first adds to the evidence."""
_MOST_WORDS = 4
_MISSPELT = 0.8
_NEGATION_REACH = 4
"""Words before a find among which a negation is looked for."""


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
class Evidence:
    """A find that counts; `denied` where a negation stands before it."""

    find: Find
    denied: bool

    @property
    def weight(self) -> float:
        return weight_of(self.find)


def weight_of(find: Find) -> float:
    """Evidence in a find: more for what is strong, for longer patterns, for what is spelled right."""
    weight = find.rule.strength.value + _PER_WORD * (min(len(find.span), _MOST_WORDS) - 1)
    return weight * (_MISSPELT if find.misspelt else 1.0)


def counted_evidence(
    fired: Sequence[Find], book: RuleBook, message: Tokens
) -> tuple[list[Evidence], list[Match]]:
    """The finds that count, and every find for the explanation."""
    placed = [_as_place(find, book, message) for find in fired if find.rule.category != POSITIVE]
    spans = [(find, frozenset(find.span)) for find in placed]
    at: dict[int, list[tuple[Find, frozenset[int]]]] = {}
    for find, span in spans:
        for position in span:
            at.setdefault(position, []).append((find, span))
    counted: list[Evidence] = []
    matches: list[Match] = []
    for found, span in spans:
        if found.rule.category == TRAP:
            continue
        note = _covered(found, span, at[found.span[0]])
        denied = not note and _is_denied(found, book, message)
        find = _recategorised(found, NO_PROBLEM) if denied and found.rule.category == FEAR else found
        if not note and not (denied and find.rule.category in (NO_PROBLEM, OFF_TOPIC)):
            counted.append(Evidence(find=find, denied=denied and find is found))
        matches.append(_match(find, message, note or ("denied" if denied else "")))
    return counted, matches


def _match(find: Find, message: Tokens, note: str) -> Match:
    return Match(
        category=find.rule.category,
        rule=find.rule.name,
        span=find.span,
        words=tuple(message.words[position] for position in find.span),
        weight=weight_of(find),
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
    """Why `find` does not count: a trap or a longer pattern has its words, or a stronger one the same.

    `spans`: what was found at one of its words, itself too.
    """
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
    for position in range(first - 1, max(first - _NEGATION_REACH - 1, -1), -1):
        word = book.spelled(message.words[position])
        if message.clauses[position] != message.clauses[first]:
            return False
        if word in book.negators:
            return True
        if word not in book.modifiers:
            return False
    return False
