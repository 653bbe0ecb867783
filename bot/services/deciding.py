"""A person decides what an answer is about. What the rules said and every decision stay on record.

Sensitive categories count in reports only where the current decision is a person's.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from bot.services.applying import new_id_beside
from bot.services.decisions import (
    AnswerToCode,
    ChangedMeanwhile,
    CodingList,
    Decision,
    Suggestion,
    agreements,
    decided,
    restored,
    sensitive_categories,
)
from bot.services.gathering import load_flows
from bot.services.rounds import RoundRefused, get_existing
from categories.agreement import Agreement
from storage import answers, audit, codings, rounds
from storage.codings import CodedAnswerRow, CodingRow
from storage.database import Session, Sessions
from storage.rounds import RoundRow


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
            found = codings.list_coded_answers(
                session, row.id, sensitive_categories(), limit=limit, offset=offset
            )
            coded, decided, waiting = codings.count_coded_answers(session, row.id, sensitive_categories())
            listed = tuple(answers_to_code(session, row, found))
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
            made = _added(session, current, restored(current.decisions, author, self.now()))
            return self._log(session, answer_id, made, action="coding_undone")

    def agreement(self, round_code: str) -> dict[tuple[str, str], Agreement]:
        """Agreement on the primary category: of the rules with all persons, and of persons with each other."""
        with self.sessions.reading() as session:
            row = get_existing(session, round_code)
            ids = [
                answer.id for answer in codings.list_coded_answers(session, row.id, sensitive_categories())
            ]
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
    """Add a decision. Raises RoundRefused for what is none (bot.services.decisions.decided)."""
    return _added(session, history, decided(history.decisions[-1], categories, author, now))


def _added(session: Session, history: History, made: Decision) -> History:
    rows = [
        {
            **answers.coding_values(
                coding_id=new_id_beside(history.answer_id),
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


def answers_to_code(
    session: Session, row: RoundRow, found: Sequence[CodedAnswerRow], language: str = "sv"
) -> Iterable[AnswerToCode]:
    """With their questions in that language, their areas and every decision."""
    flows = load_flows(session, row)
    questions = {
        (flow.stream, q.name): q.label.get(language, q.name)
        for flow in reversed(flows)
        for q in flow.questions
    }
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
