"""What may be quoted beside the figures of a round: texts that a person approved, and the answers behind them."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base


class Quote(Base):
    """`text` is an answer's own words where `is_verbatim`, else somebody's wording of what one or several say."""

    __tablename__ = "quotes"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), index=True)
    stream: Mapped[str]
    category: Mapped[str]
    text: Mapped[str]
    is_verbatim: Mapped[bool]
    approved_by: Mapped[str]
    approved_at: Mapped[datetime]


class QuoteSource(Base):
    """An answer that a quote is made of. Goes with the answer."""

    __tablename__ = "quote_sources"

    quote_id: Mapped[int] = mapped_column(ForeignKey("quotes.id"), primary_key=True)
    answer_id: Mapped[int] = mapped_column(ForeignKey("answers.id"), primary_key=True, index=True)
