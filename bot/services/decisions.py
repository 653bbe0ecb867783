"""What people decide about answers, as values: decisions in their order, what may be decided, how far they agree.

No database here: bot.services.deciding keeps decisions.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from bot.services.errors import Refused
from bot.services.rounds import RoundRefused
from categories.agreement import Agreement, agreement
from categories.catalogue import CURRENT, taxonomy

NOTHING_FITS = "nothing_fits"
"""In place of a category: counted as ``other_safety``, and found again by its rule when the taxonomy is revised."""
MOST_CATEGORIES = 4
RULES = "rules"
_NOTHING_FITS_RULE, _DECIDED, _CONFIRMED = "nothing fits", "decided", "confirmed"
_COUNTED_AS = "other_safety"


@dataclass(frozen=True, kw_only=True, slots=True)
class Suggestion:
    """A category with how sure its giver is, from 0 to 1, and the rule that fired."""

    category: str
    score: float
    rule: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """What an answer is about, the primary category first. Number 0 is what the rules said."""

    number: int
    suggestions: tuple[Suggestion, ...]
    author: str
    """``rules`` or a person's name; where it was brought back, whose decision that was."""
    decided_at: datetime | None
    restores: int | None = None
    restored_by: str | None = None

    @property
    def categories(self) -> tuple[str, ...]:
        """As a person would choose them: NOTHING_FITS where that was chosen."""
        if self.suggestions and self.suggestions[0].rule == _NOTHING_FITS_RULE:
            return (NOTHING_FITS,)
        return tuple(suggestion.category for suggestion in self.suggestions)

    @property
    def by_person(self) -> bool:
        return self.author != RULES

    @property
    def made_by(self) -> str:
        """Who brought it about: who undid, or who decided."""
        return self.restored_by or self.author

    @property
    def origin(self) -> int:
        """The decision whose content this is: its own number, or that of the one brought back."""
        return self.number if self.restores is None else self.restores


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerToCode:
    """An answer with its decisions, the rules' first, the current one last. `text` is redacted, empty if not kept."""

    answer_id: int
    stream: str
    question: str
    """As it was asked, in Swedish."""
    area: str
    """Name of the area that the person spoke of."""
    text: str
    decisions: tuple[Decision, ...]

    @property
    def suggested(self) -> Decision:
        return self.decisions[0]

    @property
    def current(self) -> Decision:
        return self.decisions[-1]

    @property
    def waits(self) -> bool:
        """Whether a report may not name it before a person has decided."""
        return not self.current.by_person and bool(sensitive_categories() & set(self.current.categories))


@dataclass(frozen=True, kw_only=True, slots=True)
class CodingList:
    """Some of a round's answers to code. Counts are of the whole round."""

    answers: tuple[AnswerToCode, ...]
    coded: int
    decided: int
    waiting: int
    """Sensitive, and not decided by a person."""


class ChangedMeanwhile(Refused):
    """Somebody has decided since the version that was seen. `current` is what stands now."""

    def __init__(self, answer_id: int, current: Decision) -> None:
        self.answer_id = answer_id
        self.current = current
        super().__init__(
            f"answer {answer_id} was changed meanwhile: {', '.join(current.categories)}, by {current.made_by}"
        )


def decided(current: Decision, categories: Sequence[str], author: str, now: datetime) -> Decision:
    """The decision after `current`; the same categories are a confirmation. Raises RoundRefused for what is none."""
    check_categories(categories)
    author = person(author)
    nothing = tuple(categories) == (NOTHING_FITS,)
    same = is_same(categories, current.categories)
    rule = _NOTHING_FITS_RULE if nothing else _CONFIRMED if same else _DECIDED
    suggestions = tuple(
        Suggestion(category=_COUNTED_AS if nothing else category, score=1.0, rule=rule)
        for category in categories
    )
    return Decision(number=current.number + 1, suggestions=suggestions, author=author, decided_at=now)


def person(name: str) -> str:
    """A person's name as it is kept: one person is one author. Raises RoundRefused where it is none."""
    tidied = " ".join(name.split())
    if not tidied or tidied.casefold() == RULES:
        raise RoundRefused("a decision needs the name of the person who makes it")
    return tidied


def restored(decisions: Sequence[Decision], author: str, now: datetime) -> Decision:
    """The decision that brings back the one before the current one. Raises RoundRefused where there is none."""
    current = decisions[-1]
    if current.origin == 0:
        raise RoundRefused("the answer is as the rules coded it: there is nothing to undo")
    by_number = {decision.number: decision for decision in decisions}
    target = by_number[by_number[current.origin - 1].origin]
    return Decision(
        number=current.number + 1,
        suggestions=target.suggestions,
        author=target.author,
        decided_at=now,
        restores=target.number,
        restored_by=person(author),
    )


def is_same(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two codings say the same: the primary category, and whatever others in any order."""
    return one[:1] == other[:1] and set(one) == set(other)


def check_categories(categories: Sequence[str]) -> None:
    """Raises RoundRefused where these cannot be a decision."""
    known = {category.id for category in taxonomy(CURRENT)}
    unknown = [c for c in categories if c not in known and c != NOTHING_FITS]
    if unknown:
        raise RoundRefused(f"no category {unknown[0]}; categories: {', '.join(sorted(known))}")
    if not categories or len(categories) > MOST_CATEGORIES:
        raise RoundRefused(f"give an answer one to {MOST_CATEGORIES} categories, or say that nothing fits")
    if len(set(categories)) != len(categories):
        raise RoundRefused("a category stands twice")
    if NOTHING_FITS in categories and len(categories) > 1:
        raise RoundRefused("nothing fits stands alone")


def agreements(histories: Iterable[tuple[Decision, ...]]) -> dict[tuple[str, str], Agreement]:
    """Agreement by pair of authors, ``("rules", "persons")`` first: a person's last decision on an answer that was not
    undone.
    """
    pairs: dict[tuple[str, str], list[tuple[str, str]]] = {(RULES, "persons"): []}
    for decisions in histories:
        standing = _standing(decisions)
        persons = {d.author: d.suggestions[0].category for d in standing if d.by_person}
        if standing[-1].by_person:
            rules, last = (d.suggestions[0].category for d in (standing[0], standing[-1]))
            pairs[RULES, "persons"].append((rules, last))
        for first in sorted(persons):
            for second in sorted(persons):
                if first < second:
                    pairs.setdefault((first, second), []).append((persons[first], persons[second]))
    return {names: agreement(both) for names, both in pairs.items()}


def _standing(decisions: Iterable[Decision]) -> list[Decision]:
    """The decisions that were not undone, in order."""
    stack: list[Decision] = []
    for decision in decisions:
        if decision.restores is None:
            stack.append(decision)
        else:
            stack = [d for d in stack if d.number <= decision.restores]
    return stack


@cache
def sensitive_categories() -> frozenset[str]:
    """Categories that only a person may let into a report."""
    return frozenset(category.id for category in taxonomy(CURRENT) if category.sensitive)


def category_names(language: str) -> Mapping[str, str]:
    """Names of the categories by code, NOTHING_FITS last."""
    named = {category.id: category.name.get(language, category.id) for category in taxonomy(CURRENT)}
    return {**named, NOTHING_FITS: {"sv": "Inget passar", "en": "Nothing fits"}.get(language, NOTHING_FITS)}
