"""The coding of a round through Excel: a working copy out, with a reason, and corrections in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import BinaryIO

from bot.services.dates import local_date
from bot.services.deciding import Codings, decide, histories_of, history_of
from bot.services.decisions import Decision, category_names, is_same, person
from bot.services.rounds import RoundRefused, get_existing
from bot.services.workbooks.coding_reading import CodingRow, ReadCodings, read_codings
from bot.services.workbooks.faults import Fault, fault
from flows.documents import Severity
from storage import audit, codings
from storage.database import Session, Sessions


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """What a workbook did, or would do. Counts are rows; `notes` name those that are unknown or changed meanwhile."""

    changed: int = 0
    confirmed: int = 0
    unchanged: int = 0
    already: int = 0
    """Decided so already: the same workbook was taken before."""
    unknown: int = 0
    meanwhile: int = 0
    faults: tuple[Fault, ...] = ()
    notes: tuple[Fault, ...] = ()
    is_stored: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Checked:
    """What a workbook would do, and the rows that would do it."""

    would: Taken
    rows: tuple[CodingRow, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class CodingBooks:
    """`actor` is who is signed in, for the audit log."""

    sessions: Sessions
    now: Callable[[], datetime]
    actor: str

    def write(self, round_code: str, stream: BinaryIO, *, reason: str, language: str = "sv") -> int:
        """Write the round's answers to code; returns how many. Raises RoundRefused without a reason. Logged."""
        # Not at import: XlsxWriter is heavy, and seldom needed.
        from bot.services.workbooks.coding_writing import CodingBook, write_codings

        if not reason.strip():
            raise RoundRefused("a working copy needs a reason: who needs the answers, and for what")
        listed = Codings(sessions=self.sessions, now=self.now, actor=self.actor).list_answers(round_code)
        with self.sessions.begin() as session:
            row = get_existing(session, round_code)
            audit.add_audit_entry(
                session,
                actor=self.actor,
                action="coding_exported",
                round_id=row.id,
                at=self.now(),
                reason=reason,
            )
        copy = CodingBook(
            municipality=row.municipality, round=row.name, made_on=local_date(self.now()), answers=listed
        )
        write_codings(copy, stream, language=language)
        return len(listed.answers)

    def read(
        self,
        data: bytes,
        *,
        author: str,
        language: str = "sv",
        dry_run: bool = False,
        despite_faults: bool = False,
    ) -> Taken:
        """Take what a person changed or confirmed in a workbook, in one transaction. Taking it again changes nothing.

        A row that somebody else has decided meanwhile is left as it is. Where rows have faults nothing is taken, unless
        `despite_faults`. Raises NotAWorkbookError for a file that cannot be opened.
        """
        author = person(author)
        read = read_codings(data, language)
        with self.sessions.reading() as session:
            planned = _Taking(read, language).plan(session)
        if dry_run or (planned.faults and not despite_faults):
            return planned
        with self.sessions.begin() as session:
            return self._take(session, _Taking(read, language), author)

    def check(self, data: bytes, round_code: str, *, language: str = "sv") -> Checked:
        """What a workbook of this round would do; rows of another round are faults. Changes nothing.

        Raises NotAWorkbookError for a file that cannot be opened, RoundRefused for an unknown round.
        """
        read = read_codings(data, language)
        with self.sessions.reading() as session:
            taking = _Taking(read, language, only_round=get_existing(session, round_code).id)
            planned = taking.plan(session)
        return Checked(would=planned, rows=tuple(taking.to_take))

    def take(
        self, rows: tuple[CodingRow, ...], round_code: str, *, author: str, language: str = "sv"
    ) -> Taken:
        """Take rows that were checked before. What was decided since is left as it is, and named."""
        author, read = person(author), ReadCodings(rows=rows, faults=())
        with self.sessions.begin() as session:
            only_round = get_existing(session, round_code).id
            return self._take(session, _Taking(read, language, only_round=only_round), author)

    def _take(self, session: Session, taking: "_Taking", author: str) -> Taken:
        taken = taking.plan(session, take=lambda row: self._decide(session, row, author))
        for round_id in sorted(taking.rounds):
            audit.add_audit_entry(
                session,
                actor=self.actor,
                action="coding_taken",
                round_id=round_id,
                at=self.now(),
                reason=f"workbook: {taken.changed} changed, {taken.confirmed} confirmed",
            )
        return replace(taken, is_stored=True)

    def _decide(self, session: Session, row: CodingRow, author: str) -> bool:
        """Whether it was taken: somebody may have decided since the plan was made."""
        history = history_of(session, row.answer_id)
        if history.decisions[-1].number != row.version:
            return False
        decide(session, history, row.categories, author, self.now())
        return True


class _Taking:
    """Sorts the rows of a workbook by what each would do, and does it where it is told how."""

    def __init__(self, read: ReadCodings, language: str, *, only_round: int | None = None) -> None:
        self._read = read
        self._language = language
        self._only_round = only_round
        self._counts = dict.fromkeys(
            ("changed", "confirmed", "unchanged", "already", "unknown", "meanwhile"), 0
        )
        self._faults = [*read.faults]
        self._notes: list[Fault] = []
        self.rounds: set[int] = set()
        self.to_take: list[CodingRow] = []

    def plan(self, session: Session, take: Callable[[CodingRow], bool] | None = None) -> Taken:
        rows = sorted(
            self._read.rows, key=lambda row: row.answer_id
        )  # one order, so that none waits for another
        ids = [row.answer_id for row in rows]
        rounds = codings.list_rounds_of(session, ids)
        histories = histories_of(session, ids)
        for row in rows:
            decisions = histories.get(row.answer_id, ())
            what = self._sorted(row, rounds.get(row.answer_id), decisions)
            if what in ("changed", "confirmed"):
                self.to_take.append(row)
            if what in ("changed", "confirmed") and take is not None:
                if take(row):
                    self.rounds.add(rounds[row.answer_id])
                else:
                    what = "meanwhile"
            if what == "fault":
                continue
            self._counts[what] += 1
            self._note(what, row, decisions)
        counts = self._counts
        return Taken(
            changed=counts["changed"],
            confirmed=counts["confirmed"],
            unchanged=counts["unchanged"],
            already=counts["already"],
            unknown=counts["unknown"],
            meanwhile=counts["meanwhile"],
            faults=tuple(sorted(self._faults, key=lambda one: one.cell.row if one.cell else 0)),
            notes=tuple(self._notes),
        )

    def _sorted(self, row: CodingRow, round_id: int | None, decisions: Sequence[Decision]) -> str:
        if round_id is None or not decisions:
            return "unknown"
        if self._only_round not in (None, round_id):
            return self._fault("other_round", row)
        seen = next((d for d in decisions if d.number == row.version), None)
        current = decisions[-1]
        if seen is None:
            return self._fault("version_damaged", row)
        if not row.categories:
            return self._fault("category_gone", row)
        is_changed = not is_same(row.categories, seen.categories)
        if not is_changed and not row.is_right:
            return "unchanged"
        if current.number != row.version:
            return (
                "already"
                if current.by_person and is_same(row.categories, current.categories)
                else "meanwhile"
            )
        return "changed" if is_changed else "confirmed"

    def _fault(self, code: str, row: CodingRow) -> str:
        self._faults.append(fault(code, row.cell, self._language))
        return "fault"

    def _note(self, what: str, row: CodingRow, decisions: Sequence[Decision]) -> None:
        if what == "unknown":
            self._notes.append(fault("answer_unknown", row.cell, self._language, severity=Severity.WARNING))
        elif what == "meanwhile":
            self._notes.append(
                fault(
                    "changed_meanwhile",
                    row.cell,
                    self._language,
                    severity=Severity.WARNING,
                    author=decisions[-1].made_by,
                    categories=_named(decisions[-1].categories, category_names(self._language)),
                )
            )


def _named(categories: Sequence[str], names: Mapping[str, str]) -> str:
    return ", ".join(names.get(category, category) for category in categories)
