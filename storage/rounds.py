"""Rounds, their flows, areas, places and place codes. Functions take a Session and never commit."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, case, delete, func, insert, select, update
from sqlalchemy.orm import Session

from storage import ledger
from storage.ledger import Kind
from storage.selecting import IN_PICTURE
from storage.tables import Area, Conversation, FlowVersion, Place, PlaceCode, Round, RoundArea, RoundFlow

UNDER_WAY = ("open", "paused")
"""Statuses of a round that has been opened and not closed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RoundRow:
    """A round as it stands in the database."""

    id: int
    code: str
    name: str
    municipality: str
    phone_number: str
    status: str
    is_demonstration: bool
    opens_on: date
    closes_on: date
    closed_at: datetime | None
    decided_on: date | None
    text_months: int | None
    key_id: str
    wrapped_key: str | None
    revision: int
    tested_until: datetime | None = None
    """Until then a telephone may be trying it, a draft too."""

    @property
    def is_under_way(self) -> bool:
        """Opened and not closed: it ends by itself on its last day, paused or not."""
        return self.status in UNDER_WAY

    def takes_answers(self, today: date) -> bool:
        """Whether the round is open on that day (local date)."""
        return self.status == "open" and self._lasts(today)

    def is_paused(self, today: date) -> bool:
        """Whether it would take answers on that day, and is paused."""
        return self.status == "paused" and self._lasts(today)

    def _lasts(self, today: date) -> bool:
        return self.opens_on <= today <= self.closes_on


@dataclass(frozen=True, kw_only=True, slots=True)
class AreaRow:
    code: str
    name: str
    aliases: tuple[str, ...]
    parent_code: str | None = None
    statistical_areas: tuple[str, ...] = ()
    population: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PlaceRow:
    code: str
    name: str
    aliases: tuple[str, ...]
    area_code: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PlaceCodeRow:
    code: str
    label: str
    kind: str
    area_code: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class CodeUseRow:
    """Surveys that came in through a place code; None for those without one."""

    code: str | None
    started: int
    finished: int
    """Complete or partial: those that are in the picture."""
    recent: int
    """Started since the time that was asked for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FlowVersionRow:
    id: int
    stream: str
    flow: str
    version: str
    sha256: str
    document: Mapping[str, Any]


ROUND_COLUMNS = (
    Round.id,
    Round.code,
    Round.name,
    Round.municipality,
    Round.phone_number,
    Round.status,
    Round.is_demonstration,
    Round.opens_on,
    Round.closes_on,
    Round.closed_at,
    Round.decided_on,
    Round.text_months,
    Round.key_id,
    Round.wrapped_key,
    Round.revision,
    Round.tested_until,
)
_ROUND_NAMES = tuple(column.key for column in ROUND_COLUMNS)
NEWEST_FIRST = (Round.opens_on.desc(), Round.id.desc())

# On the path of every message, statements are built once and run on the connection (see storage.messages).
_BY_CODE = select(*ROUND_COLUMNS).where(Round.code == bindparam("code"))
_BY_ID = select(*ROUND_COLUMNS).where(Round.id == bindparam("id"))
_ON_NUMBER = (
    select(*ROUND_COLUMNS)
    .where(Round.phone_number == bindparam("phone_number"), Round.status != "draft")
    .order_by(*NEWEST_FIRST)
)


def add_round(session: Session, values: Mapping[str, Any]) -> int:
    """Insert a draft round; returns its id. Raises sqlalchemy's IntegrityError where the code is taken."""
    row = Round(**values)
    session.add(row)
    session.flush()
    return row.id


def get_round(session: Session, code: str) -> RoundRow | None:
    """None also for a code that cannot be one: PostgreSQL takes no NUL."""
    return None if "\0" in code else _one(session, _BY_CODE, {"code": code})


def get_round_by_id(session: Session, round_id: int) -> RoundRow | None:
    return _one(session, _BY_ID, {"id": round_id})


def get_round_document(session: Session, round_id: int) -> Mapping[str, Any]:
    """The round's file as it was created; too large to be read with each message. Raises NoResultFound."""
    return dict(session.scalars(select(Round.document).where(Round.id == round_id)).one())


def update_round(session: Session, round_id: int, values: Mapping[str, Any]) -> None:
    """Change columns of a round; whoever keeps the round notices by its revision."""
    session.execute(update(Round).where(Round.id == round_id).values(**values, revision=Round.revision + 1))


def list_rounds(session: Session) -> list[RoundRow]:
    rows = session.execute(select(*ROUND_COLUMNS).order_by(Round.opens_on, Round.id))
    return [round_row(row) for row in rows]


def list_rounds_on_number(session: Session, phone_number: str) -> list[RoundRow]:
    """Rounds that are or were open on our number, the newest first. Drafts are left out."""
    return [
        round_row(row) for row in session.connection().execute(_ON_NUMBER, {"phone_number": phone_number})
    ]


def mark_opened(session: Session, round_id: int, *, key_id: str, wrapped_key: str, at: datetime) -> None:
    session.execute(
        update(Round)
        .where(Round.id == round_id)
        .values(status="open", opened_at=at, key_id=key_id, wrapped_key=wrapped_key)
    )


def mark_closed(session: Session, round_id: int, *, at: datetime) -> None:
    """Takes no answers any more, for good."""
    update_closed(session, round_id, at)
    ledger.add_entry(session, Kind.ROUND_CLOSED, _code(session, round_id), at)


def mark_extended(session: Session, round_id: int, *, closes_on: date, at: datetime) -> None:
    """Takes answers until `closes_on`, also if it was closed already."""
    update_extended(session, round_id, closes_on)
    ledger.add_entry(session, Kind.ROUND_EXTENDED, f"{_code(session, round_id)}/{closes_on.isoformat()}", at)


def mark_decided(session: Session, round_id: int, *, decided_on: date, at: datetime) -> None:
    """The problem picture was decided on that day."""
    update_decided(session, round_id, decided_on)
    ledger.add_entry(session, Kind.DECIDED, f"{_code(session, round_id)}/{decided_on.isoformat()}", at)


def mark_key_destroyed(session: Session, round_id: int, *, at: datetime) -> None:
    """Nobody can tell any more whose an answer was (call storage.erasure.cut_links too)."""
    update_key_destroyed(session, round_id, at)
    ledger.add_entry(session, Kind.KEY_DESTROYED, _code(session, round_id), at)


def update_closed(session: Session, round_id: int, at: datetime) -> None:
    """As `mark_closed`, but nothing is written in the ledger."""
    session.execute(update(Round).where(Round.id == round_id).values(status="closed", closed_at=at))


def update_extended(session: Session, round_id: int, closes_on: date) -> None:
    """As `mark_extended`, but nothing is written in the ledger."""
    values = {"closes_on": closes_on, "closed_at": None}
    session.execute(update(Round).where(Round.id == round_id).values(**values))
    session.execute(update(Round).where(Round.id == round_id, Round.status == "closed").values(status="open"))


def update_status(session: Session, round_id: int, status: str) -> None:
    """Open again, or paused: nothing else of the round changes."""
    session.execute(update(Round).where(Round.id == round_id).values(status=status))


def update_decided(session: Session, round_id: int, decided_on: date) -> None:
    """As `mark_decided`, but nothing is written in the ledger."""
    session.execute(update(Round).where(Round.id == round_id).values(decided_on=decided_on))


def update_key_destroyed(session: Session, round_id: int, at: datetime) -> None:
    """As `mark_key_destroyed`, but nothing is written in the ledger."""
    session.execute(update(Round).where(Round.id == round_id).values(wrapped_key=None, key_destroyed_at=at))


def update_register(session: Session, areas: Iterable[AreaRow], places: Iterable[PlaceRow]) -> None:
    """Add or change areas and places of the municipality's register. None is taken away: old rounds use them."""
    for area in areas:
        session.merge(
            Area(
                code=area.code,
                name=area.name,
                aliases=list(area.aliases),
                parent_code=area.parent_code,
                statistical_areas=list(area.statistical_areas),
                population=area.population,
            )
        )
    session.flush()
    for place in places:
        session.merge(
            Place(code=place.code, name=place.name, aliases=list(place.aliases), area_code=place.area_code)
        )
    session.flush()


def update_selection(
    session: Session, round_id: int, area_codes: Iterable[str], place_codes: Iterable[PlaceCodeRow]
) -> None:
    """The areas that a round asks about, in order, and its place codes; replaces an earlier selection."""
    session.execute(delete(RoundArea).where(RoundArea.round_id == round_id))
    session.execute(delete(PlaceCode).where(PlaceCode.round_id == round_id))
    areas = [{"round_id": round_id, "area_code": c, "position": i} for i, c in enumerate(area_codes)]
    if areas:
        session.execute(insert(RoundArea), areas)
    add_place_codes(session, round_id, place_codes)


def add_place_codes(session: Session, round_id: int, place_codes: Iterable[PlaceCodeRow]) -> None:
    """Beside those that the round has. Raises sqlalchemy's IntegrityError where it has one of them."""
    codes = [
        {"round_id": round_id, "code": p.code, "label": p.label, "kind": p.kind, "area_code": p.area_code}
        for p in place_codes
    ]
    if codes:
        session.execute(insert(PlaceCode), codes)


def lock_round(session: Session, round_id: int) -> None:
    """Nobody else changes the round until this transaction ends (SQLite has one writer anyway)."""
    session.execute(select(Round.id).where(Round.id == round_id).with_for_update())


def add_flow_version(
    session: Session, *, flow: str, version: str, sha256: str, document: Mapping[str, Any], at: datetime
) -> int:
    """The id of this published flow; published only once whatever number of rounds use it."""
    known = session.scalar(
        select(FlowVersion.id).where(FlowVersion.flow == flow, FlowVersion.sha256 == sha256)
    )
    if known is not None:
        return known
    row = FlowVersion(flow=flow, version=version, sha256=sha256, document=dict(document), published_at=at)
    session.add(row)
    session.flush()
    return row.id


def set_round_flow(session: Session, round_id: int, stream: str, flow_version_id: int) -> None:
    session.merge(RoundFlow(round_id=round_id, stream=stream, flow_version_id=flow_version_id))
    session.flush()


def delete_round_flow(session: Session, round_id: int, stream: str) -> None:
    session.execute(delete(RoundFlow).where(RoundFlow.round_id == round_id, RoundFlow.stream == stream))


def list_round_flows(session: Session, round_id: int) -> list[FlowVersionRow]:
    rows = session.execute(
        select(
            FlowVersion.id,
            RoundFlow.stream,
            FlowVersion.flow,
            FlowVersion.version,
            FlowVersion.sha256,
            FlowVersion.document,
        )
        .join(RoundFlow, RoundFlow.flow_version_id == FlowVersion.id)
        .where(RoundFlow.round_id == round_id)
        .order_by(RoundFlow.stream)
    )
    return [FlowVersionRow(**row._mapping) for row in rows]


def get_flow_document(session: Session, flow_version_id: int) -> Mapping[str, Any]:
    """A published flow. Raises LookupError for an unknown id."""
    document = session.scalar(select(FlowVersion.document).where(FlowVersion.id == flow_version_id))
    if document is None:
        raise LookupError(f"no flow version {flow_version_id}")
    return dict(document)


def list_round_areas(session: Session, round_id: int) -> list[AreaRow]:
    rows = session.execute(
        select(Area)
        .join(RoundArea, RoundArea.area_code == Area.code)
        .where(RoundArea.round_id == round_id)
        .order_by(RoundArea.position)
    ).scalars()
    return [_area(row) for row in rows]


def list_areas(session: Session) -> list[AreaRow]:
    return [_area(row) for row in session.execute(select(Area).order_by(Area.code)).scalars()]


def list_round_places(session: Session, round_id: int) -> list[PlaceRow]:
    """The known places that lie in the areas of the round."""
    rows = session.execute(
        select(Place)
        .join(RoundArea, RoundArea.area_code == Place.area_code)
        .where(RoundArea.round_id == round_id)
        .order_by(Place.code)
    ).scalars()
    return [PlaceRow(code=p.code, name=p.name, aliases=tuple(p.aliases), area_code=p.area_code) for p in rows]


def list_place_codes(session: Session, round_id: int) -> list[PlaceCodeRow]:
    rows = session.execute(
        select(PlaceCode.code, PlaceCode.label, PlaceCode.kind, PlaceCode.area_code)
        .where(PlaceCode.round_id == round_id)
        .order_by(PlaceCode.code)
    )
    return [PlaceCodeRow(**row._mapping) for row in rows]


def list_code_uses(session: Session, round_id: int, since: datetime) -> list[CodeUseRow]:
    """How many surveys came in through each place code, those with an unknown one and those with none."""
    is_finished = case((Conversation.outcome.in_(IN_PICTURE), 1), else_=0)
    is_recent = case((Conversation.started_at >= since, 1), else_=0)
    rows = session.execute(
        select(
            Conversation.place_code.label("code"),
            func.count().label("started"),
            func.sum(is_finished).label("finished"),
            func.sum(is_recent).label("recent"),
        )
        .where(Conversation.round_id == round_id)
        .group_by(Conversation.place_code)
    )
    return [CodeUseRow(**row._mapping) for row in rows]


def _code(session: Session, round_id: int) -> str:
    return session.execute(select(Round.code).where(Round.id == round_id)).scalar_one()


def _one(session: Session, query: Any, values: Mapping[str, Any]) -> RoundRow | None:
    row = session.connection().execute(query, values).one_or_none()
    return round_row(row) if row else None


def round_row(row: Any) -> RoundRow:
    """From a row that ends with ROUND_COLUMNS."""
    return RoundRow(**dict(zip(_ROUND_NAMES, row[-len(_ROUND_NAMES) :], strict=True)))


def _area(row: Area) -> AreaRow:
    return AreaRow(
        code=row.code,
        name=row.name,
        aliases=tuple(row.aliases),
        parent_code=row.parent_code,
        statistical_areas=tuple(row.statistical_areas),
        population=row.population,
    )
