"""Files that were asked for and are made aside: what, for whom, how far. Nothing of what stands in them."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base


class ExportJob(Base):
    """`id` is random and names the file in the folder of exports. Why it was asked for stands in the audit log."""

    __tablename__ = "export_jobs"

    id: Mapped[str] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), index=True)
    what: Mapped[str]
    """working_copy or report"""
    format: Mapped[str]
    language: Mapped[str]
    actor: Mapped[str]
    state: Mapped[str]
    """waiting, running, ready or failed"""
    tries: Mapped[int]
    """How often somebody has begun to make it."""
    done_rows: Mapped[int]
    all_rows: Mapped[int]
    file_name: Mapped[str]
    """Under which it is downloaded."""
    asked_at: Mapped[datetime]
    heartbeat_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
