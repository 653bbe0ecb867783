"""Conversations and the messages that moved them. No table here holds a word that anybody wrote."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, BigId


class Conversation(Base):
    """One respondent in one flow on one channel.

    `id` is random: in order of arrival it could be laid beside the provider's log. The columns from `area` to
    `role` repeat codes from `state`, so that the database can count persons without opening it.
    """

    __tablename__ = "conversations"
    # On PostgreSQL the second includes the id (see storage.tables.answers).
    __table_args__ = (
        Index("ix_conversations_contact_key_last_at", "contact_key", "last_at"),
        Index(
            "ix_conversations_round_persons",
            "round_id",
            "stream",
            "outcome",
            "area",
            "age",
            "gender",
            "role",
            "channel",
            "language",
            "ordinal",
            "mark",
            "place_code",
        ),
        Index(
            "ix_conversations_days",
            "started_at",
            "round_id",
            "stream",
            "outcome",
            "ordinal",
            "mark",
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    flow_version_id: Mapped[int] = mapped_column(ForeignKey("flow_versions.id"))
    stream: Mapped[str]
    channel: Mapped[str]
    language: Mapped[str]
    place_code: Mapped[str | None]
    contact_key: Mapped[str | None]
    """Keyed hash of number or chat token under the round's key. None once the key is destroyed."""
    ordinal: Mapped[int]
    """1 for the first person on a contact, 2 for the next: marked, not dropped."""
    mark: Mapped[str] = mapped_column(default="")
    """Why it may be no person's own (bot.services.marking.Mark): counted apart, never left out. Mostly empty."""
    status: Mapped[str]
    outcome: Mapped[str]
    """complete, partial or break_off (AAPOR-like, by the core questions answered), whatever the status."""
    at_question: Mapped[str | None]
    area: Mapped[str | None]
    age: Mapped[str | None]
    gender: Mapped[str | None]
    role: Mapped[str | None]
    state: Mapped[dict[str, Any]]
    asked: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    """The last few questions with the time of asking (flows.asked). None once the round's key is destroyed."""
    unasked_id: Mapped[int | None] = mapped_column(BigId)
    """The outbox message that asks the question at which the conversation stands, while that has not left."""
    started_at: Mapped[datetime]
    last_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class Transfer(Base):
    """A conversation of the chat for which a telephone is awaited, or that one has taken over.

    `chat_key` is the chat's contact key: by it the page finds its conversation once that has the telephone's. The row
    goes with the conversation, or with the round's key; where no telephone came, with its code.
    """

    __tablename__ = "transfers"

    chat_key: Mapped[str] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), index=True)
    conversation_id: Mapped[int] = mapped_column(BigId, index=True)
    chat_lock: Mapped[str]
    """For whom the chat's messages wait: its standing key."""
    code_hash: Mapped[str | None] = mapped_column(unique=True)
    """Keyed hash of the code; None once a telephone has sent it."""
    expires_at: Mapped[datetime | None]


class Message(Base):
    """A message that came in, so that its second delivery is known. Holds no text.

    `reply` (keys and values of what was answered) goes after 48 hours, as does `sender_key`; `conversation_id`
    and `received_at` go with the round's key. What is left is the provider's id, which must be known for ever.
    """

    __tablename__ = "messages"
    __table_args__ = (Index("ix_messages_sender_key_received_at", "sender_key", "received_at"),)

    provider: Mapped[str] = mapped_column(primary_key=True)
    provider_id: Mapped[str] = mapped_column(primary_key=True)
    round_id: Mapped[int | None] = mapped_column(ForeignKey("rounds.id"), index=True)
    conversation_id: Mapped[int | None] = mapped_column(BigId, index=True)
    sender_key: Mapped[str | None]
    received_at: Mapped[datetime | None]
    reply: Mapped[dict[str, Any] | None]


class Delivery(Base):
    """How far a message that we sent has come. `state` only ever moves forward."""

    __tablename__ = "deliveries"
    __table_args__ = (Index("ix_deliveries_state", "state", "error_code", "updated_at"),)

    provider: Mapped[str] = mapped_column(primary_key=True)
    provider_id: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str]
    error_code: Mapped[str | None]
    updated_at: Mapped[datetime]
