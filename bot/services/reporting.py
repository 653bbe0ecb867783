"""What leaves the database: reports, by way of the ledger of releases, and working copies, with a reason.

While fewer than ten new answers have come since the last report, that one is written again, so that nobody can subtract
one report from the next.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import BinaryIO, TypeVar

from bot.services.beside_release import gather_beside
from bot.services.dates import ended_on, local_date, retention_of
from bot.services.gathering import gather_codebook, gather_counts, load_flows
from bot.services.rounds import RoundRefused, get_existing
from bot.services.staff_units import merged_rows
from bot.services.summaries import picture_of
from flows.model import Flow, Kind, Question
from privacy.disclosure import EXACT, INTERIM, Rule, may_release
from privacy.retention import erase_until
from storage import audit, reading, rows
from storage.audit import ReleaseRow
from storage.database import Session, Sessions
from storage.rounds import RoundRow
from summary.exporters import working_copy, working_copy_sav
from summary.exporters.formats import EXPORTERS
from summary.exporters.working_copy import Asked, WorkingCopy
from summary.picture import ProblemPicture, from_json, to_json

LANGUAGES = ("sv", "en")
_Row = TypeVar("_Row")
_Write = Callable[[WorkingCopy, BinaryIO], None]
_WRITERS: dict[str, tuple[_Write, _Write | None]] = {
    "xlsx": (working_copy.write_xlsx, None),
    "json": (working_copy.write_json, None),
    "csv": (working_copy.write_persons_csv, working_copy.write_answers_csv),
    "sav": (working_copy_sav.write_persons_sav, working_copy_sav.write_answers_sav),
}
"""Of the working copy: what writes it, or its persons and its long answers. By format, one of working_copy.FORMATS."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reports:
    """Every export has a line in the audit log, with `actor` in it."""

    sessions: Sessions
    now: Callable[[], datetime]
    actor: str

    def picture(self, round_code: str, *, language: str = "sv", as_what: str = "") -> ProblemPicture:
        """What may be shown now: a new release where one is due, else the last; what stands beside it with it.

        `as_what`: the kind of file that it leaves as, for the log.
        """
        # Not in a writing transaction: counting must not keep residents' answers waiting.
        with self.sessions.reading() as session, reading.unhurried(session):
            row = get_existing(session, round_code)
            last = audit.get_latest_release(session, row.id)
            made = self._make(session, row, last)
        with self.sessions.begin() as session:
            release = _keep(session, row.id, last, made)
            audit.add_audit_entry(
                session,
                actor=self.actor,
                action="report_exported",
                round_id=row.id,
                at=self.now(),
                subject=as_what,
            )
        with self.sessions.reading() as session:
            return gather_beside(session, row, local_date(self.now())).put_into(
                from_json(release.picture[language])
            )

    def write_report(self, round_code: str, format_: str, stream: BinaryIO, *, language: str = "sv") -> None:
        """Write the report in one of EXPORTERS. Raises RoundRefused for an unknown round."""
        picture = self.picture(round_code, language=language, as_what=f"{format_}, {language}")
        EXPORTERS[format_].write(picture, stream)

    def write_working_copy(
        self,
        round_code: str,
        format_: str,
        stream: BinaryIO,
        *,
        reason: str,
        answers_stream: BinaryIO | None = None,
    ) -> None:
        """Write the rows, streamed. As csv and sav the long answers are a file of their own, `answers_stream`."""
        self.log_rows(round_code, format_, reason)
        self.write_rows(round_code, format_, stream, answers_stream=answers_stream)

    def log_rows(self, round_code: str, format_: str, reason: str) -> None:
        """Note who takes the rows out and why. Raises RoundRefused without a reason."""
        with self.sessions.begin() as session:
            self.log_working_copy(session, get_existing(session, round_code), format_, reason)

    def write_rows(
        self,
        round_code: str,
        format_: str,
        stream: BinaryIO,
        *,
        answers_stream: BinaryIO | None = None,
        each: Callable[[], None] = lambda: None,
    ) -> None:
        """The rows of a working copy that stands in the log already. `each` is called for each row."""
        with self.sessions.reading() as session, reading.unhurried(session):
            row = get_existing(session, round_code)
            copy = _working_copy(session, row, local_date(self.now()))
            copy = replace(copy, persons=_told(copy.persons, each), answers=_told(copy.answers, each))
            write, write_answers = _WRITERS[format_]
            write(copy, stream)
            if write_answers is not None and answers_stream is not None:
                write_answers(copy, answers_stream)

    def log_working_copy(self, session: Session, row: RoundRow, format_: str, reason: str) -> None:
        """The log first: what cannot be logged is not written. Raises RoundRefused without a reason."""
        if not reason.strip():
            raise RoundRefused("a working copy needs a reason: who needs the rows, and for what")
        audit.add_audit_entry(
            session,
            actor=self.actor,
            action="working_copy_exported",
            round_id=row.id,
            at=self.now(),
            reason=reason,
            subject=format_,
        )

    def _make(self, session: Session, row: RoundRow, last: ReleaseRow | None) -> ReleaseRow | None:
        """A new release, or None where the last one still stands."""
        now = self.now()
        today = local_date(now)
        if row.status == "closed" and today > retention_of(row).coded_answers_until:
            _refuse_without(row, last)
            return None
        counted = reading.count_conversations(session, row.id)
        rule = rule_that_is_due(row, today, last, counted)
        if rule is None:
            return None
        pictures = _pictures(session, row, rule, today)
        return ReleaseRow(rule=rule.name, released_at=now, counted=counted, picture=pictures)


def _told(rows: Iterable[_Row], each: Callable[[], None]) -> Iterator[_Row]:
    for row in rows:
        each()
        yield row


def _refuse_without(row: RoundRow, last: ReleaseRow | None) -> None:
    """The answers are gone: what is counted now would be zeros."""
    if last is None:
        day = retention_of(row).coded_answers_until
        raise RoundRefused(
            f"the answers of round {row.code} were kept until {day}: no report can be made any more"
        )


def rule_that_is_due(row: RoundRow, today: date, last: ReleaseRow | None, counted: int) -> Rule | None:
    """Exact once the round has closed and the days for RADERA have passed, and only one; interim until then."""
    if last is not None and last.rule == EXACT.name:
        return None
    closed_on = ended_on(row) if row.status == "closed" else None
    for rule in (EXACT, INTERIM):
        if may_release(
            rule,
            new_answers=counted - last.counted if last else None,
            counted_on=today,
            closed_on=closed_on,
            erase_until=erase_until(ended_on(row)),
        ):
            return rule
    return None


def _keep(session: Session, round_id: int, last: ReleaseRow | None, made: ReleaseRow | None) -> ReleaseRow:
    """The release that stands: what was made, unless another came into the ledger meanwhile."""
    standing = audit.get_latest_release(session, round_id)
    if standing is not None and (made is None or last is None or standing.released_at != last.released_at):
        return standing
    if made is None:
        raise RoundRefused("the last release is gone; export again")
    audit.add_release(session, round_id, made)
    return made


def _pictures(session: Session, row: RoundRow, rule: Rule, today: date) -> dict[str, object]:
    flows = load_flows(session, row)
    codebook = gather_codebook(session, row, flows)
    counts = gather_counts(session, row, flows, today, crossed=rule.crossed)
    return {language: to_json(picture_of(counts, codebook, rule, language)) for language in LANGUAGES}


def _working_copy(session: Session, row: RoundRow, today: date) -> WorkingCopy:
    flows = load_flows(session, row)
    columns = question_columns(flows, reading.count_turns(session, row.id))
    return WorkingCopy(
        municipality=row.municipality,
        round=row.name,
        made_on=today,
        questions=tuple(columns),
        asked=columns,
        codebook=gather_codebook(session, row, flows),
        persons=merged_rows(session, row.id, flows, rows.list_person_rows(session, row.id)),
        answers=rows.list_answer_rows(session, row.id),
    )


def question_columns(flows: tuple[Flow, ...], turns: int) -> dict[str, Asked]:
    """A column for each question, and in repeats one for each turn that somebody has taken; what was asked in each.

    Where flows have questions of the same name, the column has the answers to all of them.
    """
    columns: dict[str, Asked] = {}
    for flow in flows:
        for question in flow.questions:
            if question.kind is not Kind.CONSENT:
                for turn in range(turns if question.repeat else 1):
                    name = rows.column(question.name, turn)
                    columns[name] = _asked(question, columns.get(name))
    return columns


def _asked(question: Question, before: Asked | None) -> Asked:
    lists = (question.role or question.name,) if question.choices or question.kind is Kind.AREA else ()
    return Asked(
        label=before.label if before else question.label.get("sv") or question.name,
        lists=tuple(dict.fromkeys([*(before.lists if before else ()), *lists])),
        is_several=question.kind is Kind.MULTI or (before is not None and before.is_several),
        is_open=question.kind is Kind.OPEN and (before is None or before.is_open),
    )
