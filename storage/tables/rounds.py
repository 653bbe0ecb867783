"""The round and what it selects: flows, areas, places, place codes. The register of areas outlives rounds."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base


class Round(Base):
    """One collection of answers. `document` is the round's file as it was created, texts and legal fields with it.

    `wrapped_key` is the round's random key, encrypted under the master key; gone at close + 14 days, and with it
    every way from a phone number to an answer.
    """

    __tablename__ = "rounds"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    municipality: Mapped[str]
    phone_number: Mapped[str] = mapped_column(index=True)
    status: Mapped[str]
    """draft, open, paused, closed"""
    is_demonstration: Mapped[bool]
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    decided_on: Mapped[date | None]
    """When the problem picture was decided: free text goes three months later."""
    text_months: Mapped[int | None]
    """Months after the end for which free text is kept, where the round's decision on disposal says fewer than 12."""
    document: Mapped[dict[str, Any]]
    key_id: Mapped[str]
    wrapped_key: Mapped[str | None]
    key_destroyed_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(server_default="0")
    """How often it was changed: processes that keep it read it again when this moves."""
    tested_until: Mapped[datetime | None]
    """Until then a telephone may be trying it (PhoneTrial), a draft too; None where none does."""


class FlowVersion(Base):
    """A published flow. Immutable: a conversation ends on the version that it began with."""

    __tablename__ = "flow_versions"
    __table_args__ = (UniqueConstraint("flow", "sha256"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    flow: Mapped[str]
    version: Mapped[str]
    sha256: Mapped[str]
    document: Mapped[dict[str, Any]]
    published_at: Mapped[datetime]


class RoundFlow(Base):
    """A flow that a round uses, one for each stream."""

    __tablename__ = "round_flows"

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), primary_key=True)
    stream: Mapped[str] = mapped_column(primary_key=True)
    flow_version_id: Mapped[int] = mapped_column(ForeignKey("flow_versions.id"))


class FlowCorrection(Base):
    """A round went over to another version of a flow while it was open."""

    __tablename__ = "flow_corrections"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), index=True)
    stream: Mapped[str]
    before_id: Mapped[int] = mapped_column(ForeignKey("flow_versions.id"))
    after_id: Mapped[int] = mapped_column(ForeignKey("flow_versions.id"))
    asked_from: Mapped[datetime]
    carried: Mapped[int | None]
    """How many in the middle of it went over; None where they finish the version that they began."""


class Area(Base):
    """A part of the municipality, with the statistical areas (DeSO) that it is made of."""

    __tablename__ = "areas"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    aliases: Mapped[list[Any]]
    parent_code: Mapped[str | None]
    """The larger area that it rolls up to in reports."""
    statistical_areas: Mapped[list[Any]]
    population: Mapped[int | None]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]


class Place(Base):
    """A place that people name: a station, a school, a road."""

    __tablename__ = "places"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    aliases: Mapped[list[Any]]
    area_code: Mapped[str] = mapped_column(ForeignKey("areas.code"))
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]


class RoundArea(Base):
    """An area of the register that a round asks about."""

    __tablename__ = "round_areas"

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), primary_key=True)
    area_code: Mapped[str] = mapped_column(ForeignKey("areas.code"), primary_key=True)
    position: Mapped[int]


class PlaceCode(Base):
    """Which poster, QR code or meeting an answer came through."""

    __tablename__ = "place_codes"

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    label: Mapped[str]
    kind: Mapped[str]
    """poster or meeting"""
    area_code: Mapped[str | None]


class PhoneTrial(Base):
    """A test conversation by SMS with somebody's own telephone. It stands here alone: nothing that counts reads it."""

    __tablename__ = "phone_trials"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), index=True)
    word: Mapped[str] = mapped_column(unique=True)
    """What the telephone texts to begin."""
    stream: Mapped[str]
    language: Mapped[str]
    sender_key: Mapped[str | None] = mapped_column(index=True)
    """Standing key of the telephone, once it has begun."""
    state: Mapped[dict[str, Any] | None]
    """flows.conversation as JSON: codes, never words."""
    expires_at: Mapped[datetime]


class RoundSketch(Base):
    """What somebody is filling in: a round that is not complete yet, or changes to one that are not carried out.

    `document` is the mapping that an author of YAML would have written so far. Nobody's answers have to do with it.
    """

    __tablename__ = "round_sketches"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int | None] = mapped_column(ForeignKey("rounds.id"), unique=True)
    """The round that it changes; None for a new one."""
    document: Mapped[dict[str, Any]]
    changed_at: Mapped[datetime]
    changed_by: Mapped[str]


class StatisticsTable(Base):
    """Statistics that others publish, beside a round's answers: a table as it was imported, replaced as a whole.

    Aggregates only; who imported it is an account or a user of this machine, never a resident.
    """

    __tablename__ = "statistics_tables"
    __table_args__ = (UniqueConstraint("round_id", "source", "table_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    source: Mapped[str]
    """summary.published.Source"""
    table_id: Mapped[str]
    """What the source calls it, so that next year's file replaces this one's."""
    title: Mapped[str]
    caution: Mapped[str]
    figures: Mapped[list[Any]]
    """``[indicator, area, period, value, unit, mark]`` each"""
    mapping: Mapped[dict[str, Any]]
    """How the file was understood, as a person settled it."""
    file_sha256: Mapped[str]
    imported_at: Mapped[datetime]
    imported_by: Mapped[str]
