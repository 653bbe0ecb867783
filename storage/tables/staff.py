"""What employees of the municipality and the police are let in by. Nothing here is about a person."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base


class InternalCode(Base):
    """The code that opens a round's survey for employees, encrypted: it is shown again to the coordinator.

    One code for everybody. Without a row, the survey is closed on pages.
    """

    __tablename__ = "internal_codes"

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), primary_key=True)
    stream: Mapped[str] = mapped_column(primary_key=True)
    code_ciphertext: Mapped[str]
    made_at: Mapped[datetime]
