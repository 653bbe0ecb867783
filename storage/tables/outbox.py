"""Messages that must leave by the provider's interface, each once: replies that no response could carry."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, BigId


class OutboxMessage(Base):
    """A reply to a message that reached us late. Deleted once it has left, after 48 hours in any case.

    The number is encrypted. What is said stands as keys and values, as in `messages.reply`.
    """

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_state_due_at", "state", "due_at"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), index=True)
    conversation_id: Mapped[int | None] = mapped_column(BigId)
    """The conversation whose question it asks (`conversations.unasked_id` points back)."""
    standing_key: Mapped[str] = mapped_column(index=True)
    number_ciphertext: Mapped[str]
    our_number: Mapped[str]
    reply: Mapped[dict[str, Any]]
    state: Mapped[str]
    """waiting, sending (claimed: nobody else sends it), uncertain (may have left), refused (never will)"""
    attempts: Mapped[int]
    due_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
