"""The register of promises as pages show it: of a round with those of the round before, and what waits in all rounds.

Reads alone; bot.services.promises writes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from bot.services.dates import local_date
from bot.services.promise_checks import Lack, lacks_of
from bot.services.promise_forms import PromiseFault, PromiseRefused
from bot.services.promises import promised
from bot.services.rounds import get_existing
from storage import priorities, promises, rounds
from storage.database import Session, Sessions
from storage.promises import PromiseRow
from storage.rounds import RoundRow
from summary.promises import Promised

_WAITS = (Lack.LATE, Lack.OWNER, Lack.NUMBER, Lack.DATE, Lack.NO_FEEDBACK)


@dataclass(frozen=True, kw_only=True, slots=True)
class Registered:
    """A promise of the register with what it lacks."""

    row: PromiseRow
    promised: Promised
    lacks: tuple[Lack, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Register:
    """Of a round. `areas`: names by code. `before`: the round that it is compared with; `others`: what may be that."""

    row: RoundRow
    areas: Mapping[str, str]
    page: str
    """Where residents read more."""
    promises: tuple[Registered, ...]
    before: RoundRow | None
    before_promises: tuple[Registered, ...]
    others: tuple[RoundRow, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Registers:
    sessions: Sessions
    now: Callable[[], datetime]

    @property
    def today(self) -> date:
        return local_date(self.now())

    def look(self, round_code: str) -> Register:
        """Raises RoundRefused for an unknown round."""
        with self.sessions.reading() as session:
            row = get_existing(session, round_code)
            others = [each for each in rounds.list_rounds(session) if each.opens_on < row.opens_on]
            chosen = priorities.get_choices(session, row.id).previous_round_id
            before = next((each for each in others if each.id == chosen), None)
            return Register(
                row=row,
                areas={area.code: area.name for area in rounds.list_round_areas(session, row.id)},
                page=str(rounds.get_round_document(session, row.id)["information_page"]),
                promises=self._list(session, row),
                before=before,
                before_promises=self._list(session, before) if before else (),
                others=tuple(sorted(others, key=lambda each: each.opens_on, reverse=True)),
            )

    def find(self, round_code: str, promise_id: int) -> Registered:
        """Raises PromiseRefused where the round has no such promise, RoundRefused for an unknown round."""
        with self.sessions.reading() as session:
            row = get_existing(session, round_code)
            found = promises.get_promise(session, row.id, promise_id)
        if found is None:
            raise PromiseRefused(PromiseFault.GONE)
        return registered(found, self.today)

    def _list(self, session: Session, row: RoundRow) -> tuple[Registered, ...]:
        return tuple(registered(each, self.today) for each in promises.list_promises(session, row.id))


def registered(row: PromiseRow, today: date) -> Registered:
    found = promised(row)
    return Registered(row=row, promised=found, lacks=lacks_of(found, row.feedback_on, today))


def list_waiting(session: Session, today: date) -> tuple[Registered, ...]:
    """Promises of all rounds that somebody must do something about, the late ones first."""
    found = [registered(row, today) for row in promises.list_all_promises(session)]
    waiting = [each for each in found if set(_WAITS) & set(each.lacks)]
    return tuple(sorted(waiting, key=lambda each: min(map(_order, each.lacks))))


def _order(lack: Lack) -> int:
    return _WAITS.index(lack) if lack in _WAITS else len(_WAITS)
