"""What may be done with a round in its state, what happens then and when: read by whoever is about to confirm it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from bot.services.closing import ClosingPlan, plan_notes, plan_of, step_day, step_sentence
from bot.services.round_facts import RoundAtAGlance
from storage.rounds import RoundRow


class Deed(StrEnum):
    """What a coordinator does with a round's state."""

    OPEN = "open"
    PAUSE = "pause"
    RESUME = "resume"
    EXTEND = "extend"
    CLOSE = "close"


def deeds_of(row: RoundRow, today: date) -> tuple[Deed, ...]:
    """What may be done now, as far as the state tells; the service decides."""
    match row.status:
        case "draft":
            return (Deed.OPEN,)
        case "open":
            return (Deed.PAUSE, Deed.EXTEND, Deed.CLOSE)
        case "paused":
            resume = (Deed.RESUME,) if row.closes_on >= today else ()
            return (*resume, Deed.EXTEND, Deed.CLOSE)
    may_reopen = row.wrapped_key is not None and row.decided_on is None
    return (Deed.EXTEND,) if may_reopen and today <= plan_of(row, today).dates.erase_until else ()


def plan_with(row: RoundRow, deed: Deed, today: date, until: date | None = None) -> ClosingPlan:
    """The round's dates as they will be once the deed is done."""
    if deed is Deed.EXTEND and until is not None:
        return plan_of(replace(row, closes_on=until, status="open", closed_at=None), today)
    return plan_of(row, today)


def what_prevents_opening(facts: RoundAtAGlance) -> tuple[str, ...]:
    """``legal`` and ``number``; empty where nothing does."""
    lacks = bool(facts.missing_legal) and not facts.row.is_demonstration
    return (*(("legal",) if lacks else ()), *(("number",) if facts.open_on_number else ()))


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanLine:
    """A line of the plan in words; `is_past` for what has happened."""

    day: str
    sentence: str
    is_past: bool


def lines_of(plan: ClosingPlan, language: str) -> Iterator[PlanLine]:
    for step in plan.steps:
        yield PlanLine(
            day=step_day(step, language), sentence=step_sentence(step, language), is_past=step.is_past
        )


def notes_of(plan: ClosingPlan, language: str) -> tuple[str, ...]:
    """Sentences on the state and what the dates stand on."""
    return tuple(plan_notes(plan, language))
