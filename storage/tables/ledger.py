"""The ledger: what was taken away and must not come back with a backup. Only ever added to, and emptied by age."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base


class LedgerEntry(Base):
    """One erasure, opt-out or opt-in, written in the transaction that does it. Holds no number and no text."""

    __tablename__ = "ledger"

    id: Mapped[int] = mapped_column(primary_key=True)
    """The order in which it happened. Not the same after a restore, unlike `uid`."""
    uid: Mapped[str] = mapped_column(unique=True)
    at: Mapped[datetime]
    kind: Mapped[str]
    """What happened (storage.ledger.Kind)."""
    key: Mapped[str]
    """Whom or what it happened to: a keyed hash (with the random id of a child's conversation), or a round's code."""
