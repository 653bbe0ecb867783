"""A promise as somebody writes it, what became of it as somebody says, and why either is refused. No database here."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.services.errors import Refused
from bot.services.pointing_out import personal_in
from bot.services.promise_checks import name_in
from categories.catalogue import CURRENT, taxonomy
from privacy.redaction import Redactor
from storage.promises import PromiseRow
from summary.promises import Frequency, Status

LONGEST = {"wording": 400, "owner": 120, "co_actors": 200, "indicator": 200, "unit": 40, "result": 400}
"""Characters, by field."""
WORDS = tuple(field for field in LONGEST if field != "result")
"""Fields that are written in words."""
HIGHEST = 1_000_000_000


class PromiseFault(StrEnum):
    """Why a promise cannot be kept in the register as it is written; also the key of its sentence on pages."""

    EMPTY = "empty"
    LONG = "long"
    PROBLEM = "problem"
    AREA = "area"
    NUMBER = "number"
    PERSONAL = "personal"
    NAME = "name"
    TO_COME = "to_come"
    NO_REASON = "no_reason"
    GONE = "gone"


class PromiseRefused(Refused):
    """`field` is where it stands, and `found` what stands there that may not."""

    def __init__(self, fault: PromiseFault, field: str = "", found: str = "") -> None:
        told = ", ".join(filter(None, [field, found]))
        super().__init__(f"the promise is refused: {fault.value}{f' ({told})' if told else ''}")
        self.fault = fault
        self.field = field
        self.found = found


class PromiseChanged(Refused):
    """Somebody has changed the promise since the version that was seen. `current` is what stands now."""

    def __init__(self, current: PromiseRow) -> None:
        super().__init__(f"the promise was changed meanwhile by {current.changed_by}: look at it again")
        self.current = current


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """A promise as somebody writes it. `problem` and `area` are codes; `area` is empty for the whole municipality."""

    problem: str
    wording: str
    area: str = ""
    owner: str = ""
    co_actors: str = ""
    indicator: str = ""
    target: float | None = None
    unit: str = ""
    frequency: Frequency = Frequency.ONCE
    deadline: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What became of a promise, as somebody says on `on`. `feedback_on`: when those who asked for it were told."""

    status: Status
    result: str = ""
    result_number: float | None = None
    on: date | None = None
    feedback_on: date | None = None


def problem_codes() -> tuple[str, ...]:
    """What a promise may be about: focus issues and categories, the sensitive ones too. Measures tell of nobody."""
    known = taxonomy(CURRENT)
    return (*known.foci, *(category.id for category in known if category.focus and not category.technical))


def problem_names(language: str) -> dict[str, str]:
    """By code, in the order of `problem_codes`."""
    known = taxonomy(CURRENT)
    names = {**known.foci, **{category.id: category.name for category in known}}
    return {code: names[code][language] for code in problem_codes()}


def check_written(written: Written, areas: Collection[str]) -> None:
    """Everything but the words. `areas`: codes of those that the round asks about. Raises PromiseRefused."""
    if not line(written.wording):
        raise PromiseRefused(PromiseFault.EMPTY, "wording")
    if written.problem not in problem_codes():
        raise PromiseRefused(PromiseFault.PROBLEM, "problem", written.problem)
    if written.area and written.area not in areas:
        raise PromiseRefused(PromiseFault.AREA, "area", written.area)
    _check_number(written.target, "target")


def check_outcome(outcome: Outcome, today: date) -> None:
    """Everything but the words. Raises PromiseRefused."""
    _check_number(outcome.result_number, "result_number")
    for field, day in (("followed_up_on", outcome.on), ("feedback_on", outcome.feedback_on)):
        if day is not None and day > today:
            raise PromiseRefused(PromiseFault.TO_COME, field, day.isoformat())


def check_text(field: str, text: str, redactor: Redactor, people: Collection[str]) -> None:
    """No text leads to somebody. `people`: names that are known. Raises PromiseRefused."""
    if len(text) > LONGEST[field]:
        raise PromiseRefused(PromiseFault.LONG, field, str(len(text)))
    if masked := personal_in(redactor, text):
        raise PromiseRefused(PromiseFault.PERSONAL, field, ", ".join(masked))
    if somebody := name_in(text, people):
        raise PromiseRefused(PromiseFault.NAME, field, somebody)


def line(text: str) -> str:
    """As one line: a promise stands in a cell of a table."""
    return " ".join(text.split())


def _check_number(value: float | None, field: str) -> None:
    if value is not None and not 0 <= value <= HIGHEST:
        raise PromiseRefused(PromiseFault.NUMBER, field, str(value))
