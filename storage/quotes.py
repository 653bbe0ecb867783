"""Quotes that a person approved, and the answers behind them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, insert, select
from sqlalchemy.orm import Session

from storage.tables import Answer, Coding, Quote, QuoteSource

ENOUGH_SOURCES = 3
"""So many answers must be left of a reworded quote when one is erased, or it goes too (domain: paraphrase three)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class QuoteRow:
    """`sources` is how many answers it is made of."""

    id: int
    stream: str
    category: str
    text: str
    is_verbatim: bool
    sources: int
    approved_by: str
    approved_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """An answer to be quoted: its redacted words and what it is about."""

    answer_id: int
    stream: str
    text: str
    categories: frozenset[str]


def add_quote(session: Session, round_id: int, quote: QuoteRow, answer_ids: Collection[int]) -> int:
    """Its id; that of `quote` is passed over."""
    made = Quote(
        round_id=round_id,
        stream=quote.stream,
        category=quote.category,
        text=quote.text,
        is_verbatim=quote.is_verbatim,
        approved_by=quote.approved_by,
        approved_at=quote.approved_at,
    )
    session.add(made)
    session.flush()
    session.execute(
        insert(QuoteSource), [{"quote_id": made.id, "answer_id": answer_id} for answer_id in answer_ids]
    )
    return made.id


def list_quotes(session: Session, round_id: int, category: str = "") -> list[QuoteRow]:
    """The oldest first; of one category, or of all. Without those whose every answer was taken back since."""
    query = (
        select(Quote, func.count())
        .join(QuoteSource, QuoteSource.quote_id == Quote.id)
        .join(Answer, (Answer.id == QuoteSource.answer_id) & (Answer.standing == "current"))
        .where(Quote.round_id == round_id, *([Quote.category == category] if category else []))
        .group_by(Quote.id)
        .order_by(Quote.category, Quote.id)
    )
    return [
        QuoteRow(
            id=quote.id,
            stream=quote.stream,
            category=quote.category,
            text=quote.text,
            is_verbatim=quote.is_verbatim,
            sources=count,
            approved_by=quote.approved_by,
            approved_at=quote.approved_at,
        )
        for quote, count in session.execute(query)
    ]


def get_sources(session: Session, round_id: int, answer_ids: Collection[int]) -> list[Source]:
    """Those of the answers that are current, of the round, and have words left."""
    query = (
        select(Answer.id, Answer.stream, Answer.text, Coding.category)
        .join(Coding, (Coding.answer_id == Answer.id) & Coding.is_current)
        .where(
            Answer.id.in_(answer_ids),
            Answer.round_id == round_id,
            Answer.standing == "current",
            Answer.text.is_not(None),
        )
        .order_by(Answer.id)
        .with_for_update(of=Answer)
    )
    found: dict[int, Source] = {}
    for answer_id, stream, text, category in session.execute(query):
        before = found[answer_id].categories if answer_id in found else frozenset()
        categories = before | {category}
        found[answer_id] = Source(answer_id=answer_id, stream=stream, text=text or "", categories=categories)
    return list(found.values())


def list_quoted(session: Session, round_id: int, answer_ids: Sequence[int]) -> frozenset[int]:
    """Those of the answers that some quote is made of."""
    query = (
        select(QuoteSource.answer_id)
        .join(Quote, Quote.id == QuoteSource.quote_id)
        .where(Quote.round_id == round_id, QuoteSource.answer_id.in_(answer_ids))
    )
    return frozenset(session.scalars(query))


def delete_quote(session: Session, round_id: int, quote_id: int) -> bool:
    """Whether there was one."""
    mine = session.scalar(select(Quote.id).where(Quote.id == quote_id, Quote.round_id == round_id))
    return bool(_delete(session, [mine] if mine is not None else []))


def forget_sources(session: Session, of_answers: ColumnElement[bool]) -> int:
    """These answers go: so does what quotes them word for word, and what is reworded from too few others.

    `of_answers` chooses rows of `answers`. Returns how many quotes went.
    """
    gone = select(Answer.id).where(of_answers).scalar_subquery()
    touched = set(session.scalars(select(QuoteSource.quote_id).where(QuoteSource.answer_id.in_(gone))))
    if not touched:
        return 0
    session.execute(delete(QuoteSource).where(QuoteSource.answer_id.in_(gone)))
    remaining = (
        select(QuoteSource.quote_id, func.count())
        .where(QuoteSource.quote_id.in_(touched))
        .group_by(QuoteSource.quote_id)
    )
    left = {row[0]: row[1] for row in session.execute(remaining)}
    return _delete(session, [quote_id for quote_id in touched if left.get(quote_id, 0) < ENOUGH_SOURCES])


def delete_verbatim(session: Session, round_id: int) -> int:
    """What quotes answers of the round word for word. Returns how many went."""
    query = select(Quote.id).where(Quote.round_id == round_id, Quote.is_verbatim)
    return _delete(session, list(session.scalars(query)))


def _delete(session: Session, quote_ids: Sequence[int]) -> int:
    if not quote_ids:
        return 0
    session.execute(delete(QuoteSource).where(QuoteSource.quote_id.in_(quote_ids)))
    return int(session.execute(delete(Quote).where(Quote.id.in_(quote_ids))).rowcount)  # type: ignore[attr-defined]
