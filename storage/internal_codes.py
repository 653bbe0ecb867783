"""The codes that let employees in to their survey, one for a round and a stream."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from storage.tables import InternalCode


@dataclass(frozen=True, kw_only=True, slots=True)
class InternalCodeRow:
    """Encrypted as it is stored."""

    code_ciphertext: str
    made_at: datetime


def get_internal_code(session: Session, round_id: int, stream: str) -> InternalCodeRow | None:
    query = select(InternalCode.code_ciphertext, InternalCode.made_at).where(
        InternalCode.round_id == round_id, InternalCode.stream == stream
    )
    row = session.execute(query).one_or_none()
    return InternalCodeRow(**row._mapping) if row else None


def set_internal_code(
    session: Session, round_id: int, stream: str, *, code_ciphertext: str, made_at: datetime
) -> None:
    """In the place of the one before, which lets nobody in from now on."""
    session.merge(
        InternalCode(round_id=round_id, stream=stream, code_ciphertext=code_ciphertext, made_at=made_at)
    )
    session.flush()


def delete_internal_code(session: Session, round_id: int, stream: str) -> bool:
    """Nobody is let in any more. Whether there was one."""
    gone = session.execute(
        delete(InternalCode).where(InternalCode.round_id == round_id, InternalCode.stream == stream)
    )
    return bool(gone.rowcount)  # type: ignore[attr-defined]
