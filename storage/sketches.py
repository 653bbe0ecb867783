"""Rounds that are being filled in, and changes that are not carried out yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from storage.tables import Round, RoundSketch


@dataclass(frozen=True, kw_only=True, slots=True)
class SketchRow:
    """`document` is the mapping that an author of YAML would have written so far."""

    id: int
    round_code: str | None
    """Of the round that it changes; None for a new one."""
    document: Mapping[str, Any]
    changed_at: datetime
    changed_by: str


_COLUMNS = (
    RoundSketch.id,
    Round.code.label("round_code"),
    RoundSketch.document,
    RoundSketch.changed_at,
    RoundSketch.changed_by,
)
_ALL = select(*_COLUMNS).select_from(RoundSketch).outerjoin(Round, Round.id == RoundSketch.round_id)


def add_sketch(
    session: Session, *, round_id: int | None, document: Mapping[str, Any], at: datetime, by: str
) -> int:
    """Returns its id. Raises sqlalchemy's IntegrityError where the round has one."""
    values = {"round_id": round_id, "document": dict(document), "changed_at": at, "changed_by": by}
    return int(session.execute(insert(RoundSketch).returning(RoundSketch.id), values).scalar_one())


def get_sketch(session: Session, sketch_id: int) -> SketchRow | None:
    row = session.execute(_ALL.where(RoundSketch.id == sketch_id)).one_or_none()
    return SketchRow(**row._mapping) if row else None


def get_sketch_of_round(session: Session, round_id: int) -> SketchRow | None:
    row = session.execute(_ALL.where(RoundSketch.round_id == round_id)).one_or_none()
    return SketchRow(**row._mapping) if row else None


def list_sketches(session: Session) -> list[SketchRow]:
    """The latest first."""
    return [
        SketchRow(**row._mapping) for row in session.execute(_ALL.order_by(RoundSketch.changed_at.desc()))
    ]


def update_sketch(
    session: Session, sketch_id: int, *, document: Mapping[str, Any], at: datetime, by: str
) -> None:
    values = {"document": dict(document), "changed_at": at, "changed_by": by}
    session.execute(update(RoundSketch).where(RoundSketch.id == sketch_id).values(**values))


def delete_sketch(session: Session, sketch_id: int) -> None:
    session.execute(delete(RoundSketch).where(RoundSketch.id == sketch_id))


def find_round_id(session: Session, code: str) -> int | None:
    """Of the round with that code, to bind a sketch to it."""
    return session.scalar(select(Round.id).where(Round.code == code))
