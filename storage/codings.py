"""Categories given to answers: what the rules said, and every decision since. Added, never edited but for the flag.

A decision is the rows of an answer with one number; 0 is what the rules said. The highest is current.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, bindparam, case, exists, func, select, tuple_, update
from sqlalchemy.orm import Session, aliased

from storage.answers import add_codings
from storage.tables import Answer, Coding, Conversation

_AT_A_TIME = 500
RULES = "rules"


class Position(NamedTuple):
    """Where an answer stands among those to code: the lower, the earlier. Changes when somebody decides."""

    waiting: int
    decided: int
    score: float
    answer_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """Which answers to code. As it stands, all of them. `category` is any that an answer has now."""

    answer_id: int | None = None
    only_waiting: bool = False
    """Sensitive, and not decided by a person."""
    only_undecided: bool = False
    decided_by: str = ""
    """The person who brought about what stands."""
    category: str = ""
    area: str = ""


EVERY = Wanted()
_ANSWER_FIELDS = ("id", "stream", "question", "repeat", "area", "text")


@dataclass(frozen=True, kw_only=True, slots=True)
class CodingRow:
    """A category as it was given to an answer (storage.tables.answers)."""

    answer_id: int
    category: str
    is_primary: bool
    score: float
    rule: str
    author: str
    decided_at: datetime | None
    decision: int
    restores: int | None
    restored_by: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class CodedAnswerRow:
    """An answer that has a category. The text is redacted, and None where none was kept."""

    id: int
    stream: str
    question: str
    repeat: int
    area: str | None
    text: str | None
    at: Position


def list_coded_answers(
    session: Session,
    round_id: int,
    sensitive: Iterable[str],
    *,
    wanted: Wanted = EVERY,
    after: Position | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> list[CodedAnswerRow]:
    """Current answers that have a category: what the rules found sensitive first, then what they are least sure of,
    last what a person has decided. `after`: only those behind this position.
    """
    primary = aliased(Coding)
    decided = case((primary.author != RULES, 1), else_=0)
    waiting = case((_has_waiting(sensitive), 0), else_=1)
    order = (waiting, decided, primary.score, Answer.id)
    query = (
        select(
            *(Answer.id, Answer.stream, Answer.question, Answer.repeat, Conversation.area, Answer.text),
            *order[:3],
        )
        .join(Conversation, Conversation.id == Answer.conversation_id)
        .join(primary, (primary.answer_id == Answer.id) & primary.is_current & primary.is_primary)
        .where(Answer.round_id == round_id, Answer.standing == "current", *_conditions(wanted, primary))
        .order_by(*order)
        .limit(limit)
        .offset(offset)
    )
    if wanted.only_waiting:
        query = query.where(waiting == 0)
    if after is not None:
        query = query.where(tuple_(*order) > tuple_(*(bindparam(None, value) for value in after)))
    return [
        CodedAnswerRow(
            **dict(zip(_ANSWER_FIELDS, row[:6], strict=True)), at=Position(row[6], row[7], row[8], row[0])
        )
        for row in session.execute(query)
    ]


def _conditions(wanted: Wanted, primary: type[Coding]) -> Iterator[ColumnElement[bool]]:
    if wanted.answer_id is not None:
        yield Answer.id == wanted.answer_id
    if wanted.only_undecided:
        yield primary.author == RULES
    if wanted.decided_by:
        yield primary.author != RULES
        yield func.coalesce(primary.restored_by, primary.author) == wanted.decided_by
    if wanted.category:
        yield exists().where(
            Coding.answer_id == Answer.id, Coding.is_current, Coding.category == wanted.category
        )
    if wanted.area:
        yield Conversation.area == wanted.area


def list_most_given(session: Session, round_id: int, author: str, limit: int) -> list[str]:
    """Categories that stand now as primary ones, those that `author` gave most often first, then what everybody did."""
    own = func.sum(case((Coding.author == author, 1), else_=0))
    query = (
        select(Coding.category)
        .join(Answer, Answer.id == Coding.answer_id)
        .where(
            Answer.round_id == round_id, Answer.standing == "current", Coding.is_current, Coding.is_primary
        )
        .group_by(Coding.category)
        .order_by(own.desc(), func.count().desc(), Coding.category)
        .limit(limit)
    )
    return list(session.scalars(query))


def count_coded_answers(session: Session, round_id: int, sensitive: Iterable[str]) -> tuple[int, int, int]:
    """Answers that have a category; those that a person has decided; sensitive ones that wait for one."""
    primary = aliased(Coding)
    query = (
        select(
            func.count(),
            func.coalesce(func.sum(case((primary.author != RULES, 1), else_=0)), 0),
            func.coalesce(func.sum(case((_has_waiting(sensitive), 1), else_=0)), 0),
        )
        .select_from(Answer)
        .join(primary, (primary.answer_id == Answer.id) & primary.is_current & primary.is_primary)
        .where(Answer.round_id == round_id, Answer.standing == "current")
    )
    coded, decided, waiting = session.execute(query).one()
    return int(coded), int(decided), int(waiting)


def _has_waiting(sensitive: Iterable[str]) -> ColumnElement[bool]:
    """Whether a rule gave the answer a category that only a person may let into a report."""
    waiting = aliased(Coding)
    return exists().where(
        waiting.answer_id == Answer.id,
        waiting.is_current,
        waiting.author == RULES,
        waiting.category.in_(list(sensitive)),
    )


def list_codings(session: Session, answer_ids: Sequence[int]) -> dict[int, list[CodingRow]]:
    """Every coding that these answers were ever given, by answer, in order of decisions, primary ones first."""
    found: dict[int, list[CodingRow]] = defaultdict(list)
    for start in range(0, len(answer_ids), _AT_A_TIME):
        query = (
            select(
                Coding.answer_id,
                Coding.category,
                Coding.is_primary,
                Coding.score,
                Coding.rule,
                Coding.author,
                Coding.decided_at,
                Coding.decision,
                Coding.restores,
                Coding.restored_by,
            )
            .where(Coding.answer_id.in_(answer_ids[start : start + _AT_A_TIME]))
            .order_by(
                Coding.answer_id,
                Coding.decision,
                Coding.is_primary.desc(),
                Coding.score.desc(),
                Coding.category,
            )
        )
        for row in session.execute(query):
            found[row.answer_id].append(CodingRow(**row._mapping))
    return dict(found)


def lock_answer(session: Session, answer_id: int) -> int | None:
    """The round of a current answer, kept from other decisions until the transaction ends; None where there is none."""
    query = select(Answer.round_id).where(Answer.id == answer_id, Answer.standing == "current")
    return session.scalar(query.with_for_update())


def list_rounds_of(session: Session, answer_ids: Sequence[int]) -> dict[int, int]:
    """The round of each of these answers that is current."""
    found: dict[int, int] = {}
    for start in range(0, len(answer_ids), _AT_A_TIME):
        query = select(Answer.id, Answer.round_id).where(
            Answer.id.in_(answer_ids[start : start + _AT_A_TIME]), Answer.standing == "current"
        )
        found.update((row.id, row.round_id) for row in session.execute(query))
    return found


def replace_codings(session: Session, answer_id: int, rows: list[dict[str, Any]]) -> None:
    """A new decision: earlier codings of the answer stop being current and stay on record."""
    session.execute(
        update(Coding).where(Coding.answer_id == answer_id, Coding.is_current).values(is_current=False)
    )
    add_codings(session, rows)
