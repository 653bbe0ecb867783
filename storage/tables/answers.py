"""Answers and what was found in them. Answers are only ever added; `standing` alone changes."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, BigId


class Answer(Base):
    """One answer to one question. `text` is redacted. There is no time here: the conversation has its dates."""

    __tablename__ = "answers"
    # On PostgreSQL two of these include the id (see migration 0002). Said here it would load SQLAlchemy's part for
    # that database, three megabytes, into every process.
    __table_args__ = (
        Index(
            "ix_answers_round_values",
            "round_id",
            "standing",
            "stream",
            "question",
            "repeat",
            "value",
        ),
        Index(
            "ix_answers_conversation_values",
            "conversation_id",
            "question",
            "repeat",
            "standing",
            "value",
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    flow_version_id: Mapped[int] = mapped_column(ForeignKey("flow_versions.id"))
    stream: Mapped[str]
    question: Mapped[str]
    repeat: Mapped[int]
    value: Mapped[str]
    """The choice code (several separated by space), a number, ``answered`` or why there is none (flows.Missing)."""
    text: Mapped[str | None]
    read_how: Mapped[str]
    read_score: Mapped[float]
    standing: Mapped[str]
    """current, replaced, off_path"""


class Coding(Base):
    """A category given to an answer by a rule or a person. Recoding adds rows; the last decision is current."""

    __tablename__ = "codings"
    __table_args__ = (
        Index("ix_codings_answer", "answer_id", "is_current", "is_primary", "category", "author"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    answer_id: Mapped[int] = mapped_column(ForeignKey("answers.id"))
    category: Mapped[str]
    is_primary: Mapped[bool]
    is_current: Mapped[bool]
    score: Mapped[float]
    rule: Mapped[str]
    author: Mapped[str]
    """``rules`` or the name of the person who decided."""
    decided_at: Mapped[datetime | None]
    """When a person decided; None for rules, whose time would tell when the answer came."""
    decision: Mapped[int] = mapped_column(server_default="0")
    """0 for what the rules said when the answer came, then counted up. What is current is the highest."""
    restores: Mapped[int | None]
    """The decision that was brought back by undoing; `author` is then that of the decision brought back."""
    restored_by: Mapped[str | None]
    """Who undid."""


class AnswerPlace(Base):
    """A known place that an answer names."""

    __tablename__ = "answer_places"

    answer_id: Mapped[int] = mapped_column(ForeignKey("answers.id"), primary_key=True)
    place_code: Mapped[str] = mapped_column(primary_key=True)
    how: Mapped[str]
