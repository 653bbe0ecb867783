"""A person decides what an answer is about. What the rules said and every decision stay on record.

Sensitive categories count in reports only where the current decision is a person's.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from bot.services.applying import new_id
from bot.services.errors import Refused
from bot.services.gathering import load_flows
from bot.services.rounds import RoundRefused, get_existing
from categories.agreement import Agreement, agreement
from categories.catalogue import CURRENT, taxonomy
from storage import answers, audit, codings, rounds
from storage.codings import CodedAnswerRow, CodingRow
from storage.database import Session, Sessions
from storage.rounds import RoundRow

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
        return not self.current.by_person and bool(_SENSITIVE & set(self.current.categories))


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


_SENSITIVE = frozenset(category.id for category in taxonomy(CURRENT) if category.sensitive)
_KNOWN = frozenset(category.id for category in taxonomy(CURRENT))


@dataclass(frozen=True, kw_only=True, slots=True)
class Codings:
    """What a coder does. Each decision is one transaction with a line in the audit log."""

    sessions: Sessions
    now: Callable[[], datetime]
    actor: str
    """Who is signed in, for the audit log; the author of a decision is named with it."""

    def list_answers(self, round_code: str, *, limit: int | None = None, offset: int = 0) -> CodingList:
        """Answers to code: sensitive ones that wait first, then what the rules are least sure of, decided ones last."""
        with self.sessions.reading() as session:
            row = get_existing(session, round_code)
            found = codings.list_coded_answers(session, row.id, _SENSITIVE, limit=limit, offset=offset)
            coded, decided, waiting = codings.count_coded_answers(session, row.id, _SENSITIVE)
            listed = tuple(_answers(session, row, found))
            return CodingList(answers=listed, coded=coded, decided=decided, waiting=waiting)

    def decide(
        self, answer_id: int, categories: Sequence[str], *, author: str, version: int | None = None
    ) -> Decision:
        """The answer is about `categories`, the primary one first, or NOTHING_FITS alone.

        `version` is the number of the decision that the author saw: raises ChangedMeanwhile where another stands now.
        Raises RoundRefused for what cannot be decided.
        """
        with self.sessions.begin() as session:
            current = self._current(session, answer_id, version)
            return self._log(session, answer_id, decide(session, current, categories, author, self.now()))

    def confirm(self, answer_id: int, *, author: str, version: int | None = None) -> Decision:
        """What stands is right, says a person."""
        with self.sessions.begin() as session:
            current = self._current(session, answer_id, version)
            made = decide(session, current, current.decisions[-1].categories, author, self.now())
            return self._log(session, answer_id, made)

    def undo(self, answer_id: int, *, author: str, version: int | None = None) -> Decision:
        """Back to the decision before, as a new one. Undone again, it goes back further, down to the rules'."""
        with self.sessions.begin() as session:
            current = self._current(session, answer_id, version)
            made = _restored(session, current, author, self.now())
            return self._log(session, answer_id, made, action="coding_undone")

    def agreement(self, round_code: str) -> dict[tuple[str, str], Agreement]:
        """Agreement on the primary category: of the rules with all persons, and of persons with each other."""
        with self.sessions.reading() as session:
            row = get_existing(session, round_code)
            ids = [answer.id for answer in codings.list_coded_answers(session, row.id, _SENSITIVE)]
            histories = histories_of(session, ids)
        return agreements(histories.values())

    def _current(self, session: Session, answer_id: int, version: int | None) -> "History":
        history = history_of(session, answer_id)
        current = history.decisions[-1]
        if version is not None and version != current.number:
            raise ChangedMeanwhile(answer_id, current)
        return history

    def _log(
        self, session: Session, answer_id: int, made: "History", action: str = "coding_decided"
    ) -> Decision:
        audit.add_audit_entry(
            session,
            actor=self.actor,
            action=action,
            round_id=made.round_id,
            at=self.now(),
            reason=f"answer {answer_id}",
        )
        return made.decisions[-1]


@dataclass(frozen=True, kw_only=True, slots=True)
class History:
    """An answer's decisions in order, locked for the transaction."""

    answer_id: int
    round_id: int
    decisions: tuple[Decision, ...]


def history_of(session: Session, answer_id: int) -> History:
    """The decisions on an answer, which nobody else can add to before the transaction ends. Raises RoundRefused."""
    round_id = codings.lock_answer(session, answer_id)
    found = codings.list_codings(session, [answer_id]).get(answer_id)
    if round_id is None or not found:
        raise RoundRefused(f"no answer {answer_id}; list them with: lyhord coding list ROUND")
    return History(answer_id=answer_id, round_id=round_id, decisions=_decisions(found))


def histories_of(session: Session, answer_ids: Sequence[int]) -> dict[int, tuple[Decision, ...]]:
    """The decisions on each of these answers, in order; nothing is locked."""
    found = codings.list_codings(session, answer_ids)
    return {answer_id: _decisions(rows) for answer_id, rows in found.items()}


def decide(
    session: Session, history: History, categories: Sequence[str], author: str, now: datetime
) -> History:
    """Add a decision. The same categories as stand are a confirmation. Raises RoundRefused for what is no decision."""
    check_categories(categories)
    if not author.strip() or author == RULES:
        raise RoundRefused("a decision needs the name of the person who makes it")
    current = history.decisions[-1]
    nothing = tuple(categories) == (NOTHING_FITS,)
    same = is_same(categories, current.categories)
    rule = _NOTHING_FITS_RULE if nothing else _CONFIRMED if same else _DECIDED
    suggestions = tuple(
        Suggestion(category=_COUNTED_AS if nothing else category, score=1.0, rule=rule)
        for category in categories
    )
    made = Decision(number=current.number + 1, suggestions=suggestions, author=author, decided_at=now)
    return _added(session, history, made)


def is_same(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two codings say the same: the primary category, and whatever others in any order."""
    return one[:1] == other[:1] and set(one) == set(other)


def check_categories(categories: Sequence[str]) -> None:
    """Raises RoundRefused where these cannot be a decision."""
    unknown = [c for c in categories if c not in _KNOWN and c != NOTHING_FITS]
    if unknown:
        raise RoundRefused(f"no category {unknown[0]}; categories: {', '.join(sorted(_KNOWN))}")
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


def _restored(session: Session, history: History, author: str, now: datetime) -> History:
    by_number = {decision.number: decision for decision in history.decisions}
    current = history.decisions[-1]
    if current.origin == 0:
        raise RoundRefused(f"answer {history.answer_id} is as the rules coded it: there is nothing to undo")
    target = by_number[by_number[current.origin - 1].origin]
    made = Decision(
        number=current.number + 1,
        suggestions=target.suggestions,
        author=target.author,
        decided_at=now,
        restores=target.number,
        restored_by=author,
    )
    return _added(session, history, made)


def _added(session: Session, history: History, made: Decision) -> History:
    rows = [
        {
            **answers.coding_values(
                coding_id=new_id(),
                answer_id=history.answer_id,
                category=suggestion.category,
                is_primary=at == 0,
                score=suggestion.score,
                rule=suggestion.rule,
                author=made.author,
                decided_at=made.decided_at,
            ),
            "decision": made.number,
            "restores": made.restores,
            "restored_by": made.restored_by,
        }
        for at, suggestion in enumerate(made.suggestions)
    ]
    codings.replace_codings(session, history.answer_id, rows)
    return History(
        answer_id=history.answer_id, round_id=history.round_id, decisions=(*history.decisions, made)
    )


def _answers(session: Session, row: RoundRow, found: list[CodedAnswerRow]) -> Iterable[AnswerToCode]:
    flows = load_flows(session, row)
    questions = {(flow.stream, q.name): q.label.get("sv", q.name) for flow in flows for q in flow.questions}
    areas = {area.code: area.name for area in rounds.list_areas(session)}
    history = codings.list_codings(session, [answer.id for answer in found])
    for answer in found:
        yield AnswerToCode(
            answer_id=answer.id,
            stream=answer.stream,
            question=questions.get((answer.stream, answer.question), answer.question),
            area=areas.get(answer.area or "", answer.area or ""),
            text=answer.text or "",
            decisions=_decisions(history[answer.id]),
        )


def _decisions(rows: Sequence[CodingRow]) -> tuple[Decision, ...]:
    return tuple(
        _decision(number, list(of_one)) for number, of_one in groupby(rows, lambda row: row.decision)
    )


def _decision(number: int, rows: Sequence[CodingRow]) -> Decision:
    return Decision(
        number=number,
        suggestions=tuple(Suggestion(category=r.category, score=r.score, rule=r.rule) for r in rows),
        author=rows[0].author,
        decided_at=rows[0].decided_at,
        restores=rows[0].restores,
        restored_by=rows[0].restored_by,
    )


def category_names(language: str) -> Mapping[str, str]:
    """Names of the categories by code, NOTHING_FITS last."""
    named = {category.id: category.name.get(language, category.id) for category in taxonomy(CURRENT)}
    return {**named, NOTHING_FITS: {"sv": "Inget passar", "en": "Nothing fits"}.get(language, NOTHING_FITS)}
