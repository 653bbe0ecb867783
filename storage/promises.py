"""Promises of a round, and those of every round that somebody has still to do something about."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from storage.tables import Area, Promise, Round


@dataclass(frozen=True, kw_only=True, slots=True)
class PromiseRow:
    """`area` is the name of the area of `area_code`, and `round_code` that of the round: both are read, never written.

    `frequency` and `status` are codes of summary.promises. `id` and `version` are 0 before it is stored.
    """

    problem: str
    wording: str
    changed_at: datetime
    changed_by: str
    area_code: str | None = None
    owner: str = ""
    co_actors: str = ""
    indicator: str = ""
    target: float | None = None
    unit: str = ""
    frequency: str = ""
    deadline: date | None = None
    status: str = "planned"
    result: str = ""
    result_number: float | None = None
    followed_up_on: date | None = None
    feedback_on: date | None = None
    id: int = 0
    version: int = 0
    area: str = ""
    round_code: str = ""


_NOT_WRITTEN = ("id", "version", "area", "round_code")
_WRITTEN = tuple(field.name for field in fields(PromiseRow) if field.name not in _NOT_WRITTEN)


def add_promise(session: Session, round_id: int, row: PromiseRow) -> int:
    """Its id."""
    made = Promise(round_id=round_id, version=1, **_values(row))
    session.add(made)
    session.flush()
    return made.id


def update_promise(session: Session, round_id: int, row: PromiseRow) -> bool:
    """Put `row` in place of its version. False where somebody has changed that one meanwhile, or there is none."""
    changed = session.execute(
        update(Promise)
        .where(Promise.id == row.id, Promise.round_id == round_id, Promise.version == row.version)
        .values(version=row.version + 1, **_values(row))
    )
    return bool(changed.rowcount)  # type: ignore[attr-defined]


def get_promise(session: Session, round_id: int, promise_id: int) -> PromiseRow | None:
    query = _promises().where(Promise.round_id == round_id, Promise.id == promise_id)
    return next(iter(_rows(session, query.execution_options(populate_existing=True))), None)


def list_promises(session: Session, round_id: int) -> list[PromiseRow]:
    """By problem, in the order in which they were made."""
    query = _promises().where(Promise.round_id == round_id).order_by(Promise.problem, Promise.id)
    return _rows(session, query)


def list_all_promises(session: Session) -> list[PromiseRow]:
    """Of every round, those to be done first first; those without a date last."""
    query = _promises().order_by(Promise.deadline.is_(None), Promise.deadline, Promise.id)
    return _rows(session, query)


def _promises() -> Select[Promise, str, str]:
    return (
        select(Promise, Area.name, Round.code)
        .join(Round, Round.id == Promise.round_id)
        .outerjoin(Area, Area.code == Promise.area_code)
    )


def _values(row: PromiseRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _WRITTEN}


def _rows(session: Session, query: Select[Promise, str, str]) -> list[PromiseRow]:
    return [_row(found, area, code) for found, area, code in session.execute(query)]


def _row(found: Promise, area: str | None, round_code: str) -> PromiseRow:
    values = {name: getattr(found, name) for name in (*_WRITTEN, "id", "version")}
    return PromiseRow(**values, area=area or "", round_code=round_code)
