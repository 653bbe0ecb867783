"""The register of promises of a round: who is responsible, how much, until when, and what became of it.

A promise goes into the report, so nobody is named in one: the owner is a function.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from bot.services.arrivals import Parts
from bot.services.dates import local_date
from bot.services.promise_forms import (
    WORDS,
    Outcome,
    PromiseChanged,
    PromiseFault,
    PromiseRefused,
    Written,
    check_outcome,
    check_text,
    check_written,
    line,
)
from bot.services.rounds import get_existing
from storage import accounts, audit, promises, rounds
from storage.database import Session, Sessions
from storage.promises import PromiseRow
from storage.rounds import RoundRow
from summary.promises import Frequency, Promised, Status


@dataclass(frozen=True, kw_only=True, slots=True)
class Promises:
    """Each deed is one transaction with a line in the audit log. `actor` is the account's address."""

    parts: Parts
    actor: str

    @property
    def sessions(self) -> Sessions:
        return self.parts.sessions

    @property
    def today(self) -> date:
        return local_date(self.parts.now())

    def add(self, round_code: str, written: Written) -> int:
        """Its id. Raises PromiseRefused for what cannot be promised so, RoundRefused for an unknown round."""
        with self.sessions.begin() as session:
            row = get_existing(session, round_code)
            new = PromiseRow(
                **self._checked(session, row, written), changed_at=self.parts.now(), changed_by=self.actor
            )
            made = promises.add_promise(session, row.id, new)
            self._log(session, row, "promise_added", made)
            return made

    def change(self, round_code: str, promise_id: int, version: int, written: Written) -> None:
        """Say it in another way. Raises as `add`, and PromiseChanged for a version that no longer stands."""
        with self.sessions.begin() as session:
            row = get_existing(session, round_code)
            before = _existing(session, row, promise_id)
            self._put(session, row, replace(before, **self._checked(session, row, written)), version)
            self._log(session, row, "promise_changed", promise_id)

    def follow_up(self, round_code: str, promise_id: int, version: int, outcome: Outcome) -> None:
        """Say what became of it; what is settled without a day is so today. Raises as `change`."""
        on = outcome.on or (None if outcome.status.is_open else self.today)
        self._settle(round_code, promise_id, version, replace(outcome, on=on), "promise_followed_up")

    def withdraw(self, round_code: str, promise_id: int, version: int, reason: str) -> None:
        """Take it back, for a reason that stands as its result. Raises as `change`."""
        if not reason.strip():
            raise PromiseRefused(PromiseFault.NO_REASON, "result")
        outcome = Outcome(status=Status.WITHDRAWN, result=reason, on=self.today)
        self._settle(round_code, promise_id, version, outcome, "promise_withdrawn")

    def _settle(self, round_code: str, promise_id: int, version: int, outcome: Outcome, action: str) -> None:
        check_outcome(outcome, self.today)
        with self.sessions.begin() as session:
            row = get_existing(session, round_code)
            before = _existing(session, row, promise_id)
            self._check_texts(session, {"result": line(outcome.result)})
            changed = replace(
                before,
                status=outcome.status.value,
                result=line(outcome.result),
                result_number=outcome.result_number,
                followed_up_on=outcome.on,
                feedback_on=outcome.feedback_on,
            )
            self._put(session, row, changed, version)
            self._log(session, row, action, promise_id)

    def _put(self, session: Session, row: RoundRow, changed: PromiseRow, version: int) -> None:
        signed = replace(changed, version=version, changed_at=self.parts.now(), changed_by=self.actor)
        if not promises.update_promise(session, row.id, signed):
            raise PromiseChanged(_existing(session, row, changed.id))

    def _checked(self, session: Session, row: RoundRow, written: Written) -> dict[str, Any]:
        """Columns of a promise, all lines tidied. Raises PromiseRefused."""
        check_written(written, {area.code for area in rounds.list_round_areas(session, row.id)})
        texts = {name: line(getattr(written, name)) for name in WORDS}
        self._check_texts(session, texts)
        return {
            **texts,
            "problem": written.problem,
            "area_code": written.area or None,
            "target": written.target,
            "frequency": written.frequency.value,
            "deadline": written.deadline,
        }

    def _check_texts(self, session: Session, texts: Mapping[str, str]) -> None:
        people = [account.name for account in accounts.list_accounts(session)]
        for field, text in texts.items():
            check_text(field, text, self.parts.reader.redactor, people)

    def _log(self, session: Session, row: RoundRow, action: str, promise_id: int) -> None:
        audit.add_audit_entry(
            session,
            actor=self.actor,
            action=action,
            round_id=row.id,
            at=self.parts.now(),
            subject=str(promise_id),
        )


def _existing(session: Session, row: RoundRow, promise_id: int) -> PromiseRow:
    found = promises.get_promise(session, row.id, promise_id)
    if found is None:
        raise PromiseRefused(PromiseFault.GONE)
    return found


def promised(row: PromiseRow) -> Promised:
    """As it stands in a report: without who wrote it."""
    return Promised(
        problem=row.problem,
        wording=row.wording,
        area=row.area,
        owner=row.owner,
        co_actors=row.co_actors,
        indicator=row.indicator,
        target=row.target,
        unit=row.unit,
        frequency=Frequency(row.frequency),
        deadline=row.deadline,
        status=Status(row.status),
        result=row.result,
        result_number=row.result_number,
        followed_up_on=row.followed_up_on,
    )
