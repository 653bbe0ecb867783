"""What can be handed over of a round now: which report the rules of release allow, and who has taken out what.

And the released reports alone, for those who see nothing else. bot.services.reporting makes a release.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import BinaryIO

from bot.services.beside_release import gather_beside
from bot.services.closing import plan_of
from bot.services.dates import local_date
from bot.services.decisions import sensitive_categories
from bot.services.reporting import rule_that_is_due
from bot.services.rounds import RoundRefused, get_existing
from privacy.disclosure import EXACT, INTERIM
from storage import audit, codings, reading, rounds
from storage.audit import Entry, ReleaseRow
from storage.database import Session, Sessions
from storage.rounds import RoundRow
from summary.exporters.formats import EXPORTERS
from summary.picture import ProblemPicture, from_json

TAKEN_OUT = (
    "report_exported",
    "released_report_taken",
    "working_copy_exported",
    "coding_exported",
    "archive_exported",
    "report_published",
    "report_withdrawn",
)
"""Deeds by which something of a round left the house."""
_MOST_LISTED = 50


class Due(StrEnum):
    """What taking out the report would give."""

    NOTHING = "nothing"
    """The round is a draft."""
    FIRST = "first"
    INTERIM = "interim"
    EXACT = "exact"
    SAME = "same"
    """Too few new answers since the last one: that again."""
    FINAL = "final"
    """The exact one has been made, and there is only one."""
    GONE = "gone"
    """The answers have been deleted on their date, and no report was made."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Released:
    """The latest report of a round. `rule` is interim or exact."""

    code: str
    name: str
    municipality: str
    rule: str
    released_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class HandingOver:
    """Of a round. `new_answers` since the last report, of `needed`; `waiting` sensitive answers wait for a person."""

    code: str
    name: str
    status: str
    due: Due
    last: Released | None
    published_at: datetime | None
    """When the report on the public page was released; None where there is none."""
    new_answers: int
    needed: int
    exact_from: date
    waiting: int
    taken_out: tuple[Entry, ...]
    """The latest first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Handing:
    """Reads alone."""

    sessions: Sessions
    now: Callable[[], datetime]

    def of(self, code: str) -> HandingOver:
        """Raises RoundRefused for an unknown round."""
        today = local_date(self.now())
        with self.sessions.reading() as session:
            row = get_existing(session, code)
            last = audit.get_latest_release(session, row.id)
            published = audit.get_published_release(session, row.id)
            counted = reading.count_conversations(session, row.id)
            _, _, waiting = codings.count_coded_answers(session, row.id, sensitive_categories())
            log = audit.list_entries(session, limit=_MOST_LISTED, actions=TAKEN_OUT, round_id=row.id)
        return HandingOver(
            code=row.code,
            name=row.name,
            status=row.status,
            due=_due(row, today, last, counted),
            last=_released(row, last) if last else None,
            published_at=published.released_at if published else None,
            new_answers=counted - last.counted if last else counted,
            needed=INTERIM.new_answers,
            exact_from=plan_of(row, today).exact_from,
            waiting=waiting,
            taken_out=tuple(log),
        )


def _due(row: RoundRow, today: date, last: ReleaseRow | None, counted: int) -> Due:
    if row.status == "draft":
        return Due.NOTHING
    if last is not None and last.rule == EXACT.name:
        return Due.FINAL
    if row.status == "closed" and today > plan_of(row, today).dates.coded_answers_until:
        return Due.SAME if last else Due.GONE
    rule = rule_that_is_due(row, today, last, counted)
    if rule is None:
        return Due.SAME
    return Due.EXACT if rule is EXACT else Due.INTERIM if last else Due.FIRST


@dataclass(frozen=True, kw_only=True, slots=True)
class ReleasedReports:
    """Reports as they were released, with what stands beside them, and nothing else. Taking one out is logged."""

    sessions: Sessions
    now: Callable[[], datetime]
    actor: str

    def list(self) -> tuple[Released, ...]:
        """The latest report of each round that has one, the latest first."""
        with self.sessions.reading() as session:
            found = [
                _released(row, last)
                for row in rounds.list_rounds(session)
                if (last := audit.get_latest_release(session, row.id)) is not None
            ]
        return tuple(sorted(found, key=lambda report: report.released_at, reverse=True))

    def read(self, code: str, language: str) -> tuple[Released, ProblemPicture]:
        """Raises RoundRefused where no report of the round was released."""
        with self.sessions.reading() as session:
            row, last = _latest(session, code)
            return _released(row, last), _written(session, row, last, language, local_date(self.now()))

    def write(self, code: str, format_: str, stream: BinaryIO, *, language: str) -> None:
        """The released report as a file. Raises RoundRefused where there is none."""
        with self.sessions.begin() as session:
            row, last = _latest(session, code)
            audit.add_audit_entry(
                session,
                actor=self.actor,
                action="released_report_taken",
                round_id=row.id,
                at=self.now(),
                subject=f"{format_}, {language}",
            )
            picture = _written(session, row, last, language, local_date(self.now()))
        EXPORTERS[format_].write(picture, stream)


def _written(session: Session, row: RoundRow, last: ReleaseRow, language: str, today: date) -> ProblemPicture:
    return gather_beside(session, row, today).put_into(from_json(last.picture[language]))


def _latest(session: Session, code: str) -> tuple[RoundRow, ReleaseRow]:
    row = get_existing(session, code)
    last = audit.get_latest_release(session, row.id)
    if last is None:
        raise RoundRefused(f"no report of round {code} has been released")
    return row, last


def _released(row: RoundRow, last: ReleaseRow) -> Released:
    return Released(
        code=row.code,
        name=row.name,
        municipality=row.municipality,
        rule=last.rule,
        released_at=last.released_at,
    )
