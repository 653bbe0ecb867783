"""How much came lately from where, so that no network can fill a round. Nothing here leads to a person or an answer."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base


class RateCount(Base):
    """What came in an hour from one network, or for one round. Deleted after a day.

    `key` is a keyed hash that changes every day: a network's address cannot be read from it.
    """

    __tablename__ = "rate_counts"

    key: Mapped[str] = mapped_column(primary_key=True)
    hour: Mapped[datetime] = mapped_column(primary_key=True)
    count: Mapped[int]
