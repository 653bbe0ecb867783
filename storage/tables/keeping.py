"""What is kept beside the answers: opt-outs, feedback list, inbox, safeguard counts, releases, log, deletions."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, BigId


class OptOut(Base):
    """A number that said STOP, as a keyed hash that outlives rounds. Not written to until START."""

    __tablename__ = "opt_outs"

    standing_key: Mapped[str] = mapped_column(primary_key=True)
    opted_out_at: Mapped[datetime]


class FeedbackEntry(Base):
    """A number that wants to hear about the results, encrypted. Random id, no time, no link to answers."""

    __tablename__ = "feedback_list"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), index=True)
    standing_key: Mapped[str] = mapped_column(index=True)
    number_ciphertext: Mapped[str]


class InboxMessage(Base):
    """A message outside any survey, redacted, for a person to read until `delete_on`."""

    __tablename__ = "inbox"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    round_id: Mapped[int | None] = mapped_column(ForeignKey("rounds.id"), index=True)
    received_on: Mapped[date]
    delete_on: Mapped[date] = mapped_column(index=True)
    text: Mapped[str]
    handled_on: Mapped[date | None]
    """When somebody marked it as dealt with; it still goes on `delete_on`."""


class QuarantinedMessage(Base):
    """A message that told of danger, in a round of mode B: for its guardian alone, sealed, for three working days.

    Neither number nor conversation; `contact_key` is there for RADERA and goes with the round's key.
    """

    __tablename__ = "quarantine"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), index=True)
    kind: Mapped[str]
    """The safeguard that it fired."""
    hour: Mapped[datetime]
    delete_on: Mapped[date] = mapped_column(index=True)
    contact_key: Mapped[str | None] = mapped_column(index=True)
    sealed: Mapped[str]
    """The text under the quarantine's own key (privacy.pseudonyms.KeyRing.seal_for_guardian)."""
    read_at: Mapped[datetime | None]
    """When it was read first."""


class SafeguardReply(Base):
    """That a safeguard text was given: hour, kind and channel. Never text, number or conversation."""

    __tablename__ = "safeguard_replies"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    round_id: Mapped[int | None] = mapped_column(ForeignKey("rounds.id"), index=True)
    kind: Mapped[str]
    channel: Mapped[str]
    hour: Mapped[datetime]


class Release(Base):
    """A report that may leave the house, kept as it was released: later exports without new answers repeat it."""

    __tablename__ = "releases"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), index=True)
    rule: Mapped[str]
    """interim or exact"""
    released_at: Mapped[datetime]
    counted: Mapped[int]
    """Conversations in the picture when it was released: at least ten more are needed for the next one."""
    picture: Mapped[dict[str, Any]]
    published_at: Mapped[datetime | None]
    """When a person put it on the round's public page; None where nobody has."""


class AuditEntry(Base):
    """What a person did that must be accounted for. Never changed; each entry holds the hash of the one before.

    Who, what and on what; never a resident's words, number or name.
    """

    __tablename__ = "audit_log"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str]
    action: Mapped[str]
    round_id: Mapped[int | None] = mapped_column(ForeignKey("rounds.id"), index=True)
    reason: Mapped[str]
    subject: Mapped[str]
    """What it was done to, where the round does not say it: an account's address, an answer's id."""
    change: Mapped[dict[str, Any]] = mapped_column(JSON)
    """What became different: ``{"role": ["viewer", "coder"]}``, old first."""
    previous: Mapped[str]
    hash: Mapped[str]


class AuditChain(Base):
    """Where the chain of the audit log begins and ends: one row. What is cut off at either end is noticed by it."""

    __tablename__ = "audit_chain"

    id: Mapped[int] = mapped_column(primary_key=True)
    head_id: Mapped[int]
    head_hash: Mapped[str]
    kept_after_id: Mapped[int]
    """The last entry that was deleted on its date, and its hash."""
    kept_after_hash: Mapped[str]


class Deletion(Base):
    """That data were deleted on their date: what, how many, and which rule demanded it. Kept for good.

    One row for each day, round, rule and kind; later runs of the same day add to it. Of no round: `round_id` is None.
    """

    __tablename__ = "deletions"
    __table_args__ = (Index("ix_deletions_round_id_deleted_on", "round_id", "deleted_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int | None] = mapped_column(ForeignKey("rounds.id"))
    deleted_on: Mapped[date]
    rule: Mapped[str]
    """privacy.retention.Rule"""
    table_name: Mapped[str]
    kind: Mapped[str]
    """What of the table: ``contact_key``, ``text``, or ``row`` for all of it."""
    count: Mapped[int]


class LastRun(Base):
    """When a task that runs by itself ran last: whoever watches the program sees whether its worker lives."""

    __tablename__ = "last_runs"

    task: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
