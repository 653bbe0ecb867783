"""Statistics that others publish, kept beside a round: one table for each source and table id."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from storage.tables import StatisticsTable
from summary.published import PublishedFigure, Source


@dataclass(frozen=True, kw_only=True, slots=True)
class StatisticsRow:
    """A table as it was imported. `mapping` is how its file was understood."""

    source: Source
    table_id: str
    title: str
    caution: str
    figures: tuple[PublishedFigure, ...]
    mapping: Mapping[str, Any]
    file_sha256: str
    imported_at: datetime
    imported_by: str


def list_statistics(session: Session, round_id: int) -> list[StatisticsRow]:
    """All tables of a round, by source and table id."""
    query = select(StatisticsTable).where(StatisticsTable.round_id == round_id)
    ordered = query.order_by(StatisticsTable.source, StatisticsTable.table_id)
    return [_row(found) for found in session.execute(ordered).scalars()]


def get_statistics(session: Session, round_id: int, source: str, table_id: str) -> StatisticsRow | None:
    query = select(StatisticsTable).where(*_is(round_id, source, table_id))
    found = session.execute(query).scalar_one_or_none()
    return _row(found) if found else None


def replace_statistics(session: Session, round_id: int, row: StatisticsRow) -> None:
    """The table in place of what stood under its source and table id."""
    delete_statistics(session, round_id, row.source, row.table_id)
    session.add(
        StatisticsTable(
            round_id=round_id,
            source=row.source.value,
            table_id=row.table_id,
            title=row.title,
            caution=row.caution,
            figures=[[f.indicator, f.area, f.period, f.value, f.unit, f.mark] for f in row.figures],
            mapping=dict(row.mapping),
            file_sha256=row.file_sha256,
            imported_at=row.imported_at,
            imported_by=row.imported_by,
        )
    )
    session.flush()


def delete_statistics(session: Session, round_id: int, source: str, table_id: str) -> bool:
    """Whether there was one."""
    query = delete(StatisticsTable).where(*_is(round_id, source, table_id))
    return bool(session.execute(query).rowcount)  # type: ignore[attr-defined]


def _is(round_id: int, source: str, table_id: str) -> Sequence[Any]:
    return (
        StatisticsTable.round_id == round_id,
        StatisticsTable.source == source,
        StatisticsTable.table_id == table_id,
    )


def _row(found: StatisticsTable) -> StatisticsRow:
    return StatisticsRow(
        source=Source(found.source),
        table_id=found.table_id,
        title=found.title,
        caution=found.caution,
        figures=tuple(_figure(*figure) for figure in found.figures),
        mapping=found.mapping,
        file_sha256=found.file_sha256,
        imported_at=found.imported_at,
        imported_by=found.imported_by,
    )


def _figure(
    indicator: str, area: str, period: str, value: int | float | None, unit: str, mark: str
) -> PublishedFigure:
    return PublishedFigure(indicator=indicator, area=area, period=period, value=value, unit=unit, mark=mark)
