"""The forms of a promise: what was typed, read, and what stands, as it is typed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from flask import abort

from bot.coordinator.pages import typed_line
from bot.services.promise_forms import Outcome, Written
from bot.services.promise_register import Registered
from bot.services.workbooks.cells import read_date
from summary.promises import Frequency, Status

FIELDS = (
    "problem", "area", "wording", "owner", "co_actors", "indicator", "target", "unit", "frequency", "deadline",
)  # fmt: skip
OUTCOME = ("status", "result", "result_number", "followed_up_on", "feedback_on")
MOST_TYPED = 2_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """What was typed, by field; nothing where the promise is shown as it stands. `fault` is a sentence about `at`."""

    values: Mapping[str, str] = field(default_factory=dict)
    fault: str = ""
    at: str = ""
    form: str = ""
    """Which of the page's forms was sent: change, follow_up or withdraw."""
    version: int = 0
    """That was seen when it was typed: a refusal does not make a newer one seen. 0 for the one that stands."""
    meanwhile: bool = False
    """Somebody else has changed the promise since it was seen."""


class Unreadable(Exception):
    """Something typed is no number or no day."""

    def __init__(self, field: str, fault: str) -> None:
        super().__init__(field)
        self.field = field
        self.fault = fault


def typed_in(names: tuple[str, ...]) -> dict[str, str]:
    return {name: typed_line(name, MOST_TYPED) for name in names}


def read_promise(values: Mapping[str, str]) -> Written:
    texts = ("problem", "area", "wording", "owner", "co_actors", "indicator", "unit")
    if values["frequency"] not in tuple(Frequency):
        abort(400)
    return Written(
        **{name: values[name] for name in texts},
        frequency=Frequency(values["frequency"]),
        target=_number(values, "target"),
        deadline=_day(values, "deadline"),
    )


def read_outcome(values: Mapping[str, str]) -> Outcome:
    if values["status"] not in tuple(Status):
        abort(400)
    return Outcome(
        status=Status(values["status"]),
        result=values["result"],
        result_number=_number(values, "result_number"),
        on=_day(values, "followed_up_on"),
        feedback_on=_day(values, "feedback_on"),
    )


def _number(values: Mapping[str, str], name: str) -> float | None:
    """``1 062``, ``8,25``; None for nothing. Raises Unreadable."""
    plain = "".join(values[name].split()).replace(",", ".")
    if not plain:
        return None
    if not plain.isascii() or not plain.replace(".", "", 1).isdecimal() or len(plain) > 20:
        raise Unreadable(name, "no_number")
    return float(plain)


def _day(values: Mapping[str, str], name: str) -> date | None:
    if not values[name]:
        return None
    found = read_date(values[name])
    if found is None:
        raise Unreadable(name, "no_day")
    return found


def typed_as(found: Registered) -> dict[str, str]:
    """What stands, as it is typed."""
    row = found.row
    days = {name: getattr(row, name) for name in ("deadline", "followed_up_on", "feedback_on")}
    numbers = {name: getattr(row, name) for name in ("target", "result_number")}
    texts = ("problem", "wording", "owner", "co_actors", "indicator", "unit", "frequency", "status", "result")
    return {
        **{name: getattr(row, name) for name in texts},
        **{name: day.isoformat() if day else "" for name, day in days.items()},
        **{name: "" if n is None else f"{n:.10g}".replace(".", ",") for name, n in numbers.items()},
        "area": row.area_code or "",
    }
