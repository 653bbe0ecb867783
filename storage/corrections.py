"""The versions of a round's flows: which were asked from when, and who goes over to a corrected one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from storage.rounds import FlowVersionRow, list_round_flows
from storage.tables import Conversation, FlowCorrection, FlowVersion


@dataclass(frozen=True, kw_only=True, slots=True)
class AskedFlow:
    """A version that a round has asked. `asked_from` is None for the one that it began with."""

    row: FlowVersionRow
    asked_from: datetime | None
    carried: bool
    """Whoever was in the middle of the version before went over to this one."""


def add_correction(session: Session, values: Mapping[str, Any]) -> None:
    session.add(FlowCorrection(**values))
    session.flush()


def list_asked_flows(session: Session, round_id: int) -> list[AskedFlow]:
    """Every version that the round has asked: stream by stream, what is asked now first, then back in time."""
    corrections = session.scalars(
        select(FlowCorrection).where(FlowCorrection.round_id == round_id).order_by(FlowCorrection.id.desc())
    ).all()
    earlier = {
        row.id: row
        for row in session.scalars(
            select(FlowVersion).where(FlowVersion.id.in_({one.before_id for one in corrections}))
        )
    }
    found = []
    for current in list_round_flows(session, round_id):
        of_stream = [one for one in corrections if one.stream == current.stream]
        rows = [current, *(_row(earlier[one.before_id], one.stream) for one in of_stream)]
        for row, began in zip(rows, [*of_stream, None], strict=True):
            found.append(
                AskedFlow(
                    row=row,
                    asked_from=began.asked_from if began else None,
                    carried=began is not None and began.carried is not None,
                )
            )
    return found


def count_in_the_middle(session: Session, round_id: int, version_id: int) -> int:
    """People who have begun this version and stand at one of its questions."""
    return session.scalar(select(func.count()).where(*_in_the_middle(round_id, version_id))) or 0


def carry_over(session: Session, round_id: int, before_id: int, after_id: int) -> int:
    """Whoever is in the middle goes on with `after_id`. Returns how many.

    Only the version is written: a turn that is under way writes all but that, and so neither undoes the other.
    """
    found = session.execute(
        update(Conversation)
        .where(*_in_the_middle(round_id, before_id))
        .values(flow_version_id=after_id)
        .execution_options(synchronize_session=False)
    )
    return int(found.rowcount)  # type: ignore[attr-defined]


def _in_the_middle(round_id: int, version_id: int) -> tuple[ColumnElement[bool], ...]:
    return (
        Conversation.round_id == round_id,
        Conversation.flow_version_id == version_id,
        Conversation.at_question.is_not(None),
    )


def _row(version: FlowVersion, stream: str) -> FlowVersionRow:
    return FlowVersionRow(
        id=version.id,
        stream=stream,
        flow=version.flow,
        version=version.version,
        sha256=version.sha256,
        document=version.document,
    )
