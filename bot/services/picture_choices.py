"""What a coordinator chooses for the problem picture of a round: since which round, with weights, with intervals, and
the inhabitants by age and gender that answers are compared with.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.services.gathering import load_flows
from bot.services.rounds import RoundRefused, get_existing
from storage import audit, priorities
from storage.database import Session, Sessions
from storage.priorities import ChoicesRow
from storage.rounds import RoundRow
from summary.rows import Stream

GROUPED_BY = ("age", "gender")
"""Properties whose inhabitants are told here; those of the areas stand in the register."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Choices:
    """`previous_round` is a code, or empty. `population`: inhabitants aged 15 and over by choice of age and gender."""

    previous_round: str = ""
    with_weights: bool = False
    with_intervals: bool = False
    population: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class PictureChoices:
    """Every change has a line in the audit log, with `actor` in it."""

    sessions: Sessions
    now: Callable[[], datetime]
    actor: str

    def choose(self, round_code: str, choices: Choices) -> None:
        """Replace what was chosen. Raises RoundRefused, naming what cannot be."""
        with self.sessions.begin() as session:
            row = get_existing(session, round_code)
            _check_population(session, row, choices.population)
            kept = ChoicesRow(
                previous_round_id=_previous(session, row, choices.previous_round),
                with_weights=choices.with_weights,
                with_intervals=choices.with_intervals,
                population=choices.population,
            )
            self._replace(session, row, kept, choices.previous_round)

    def compare_with(self, round_code: str, previous_round: str) -> None:
        """Choose the earlier round, or none, and leave the rest as it was chosen. Raises as `choose`."""
        with self.sessions.begin() as session:
            row = get_existing(session, round_code)
            before = priorities.get_choices(session, row.id)
            kept = replace(before, previous_round_id=_previous(session, row, previous_round))
            self._replace(session, row, kept, previous_round)

    def _replace(self, session: Session, row: RoundRow, kept: ChoicesRow, subject: str) -> None:
        priorities.replace_choices(session, row.id, kept, at=self.now(), by=self.actor)
        audit.add_audit_entry(
            session,
            actor=self.actor,
            action="picture_choices_changed",
            round_id=row.id,
            at=self.now(),
            subject=subject,
        )


def _previous(session: Session, row: RoundRow, code: str) -> int | None:
    if not code:
        return None
    previous = get_existing(session, code)
    if previous.id == row.id or previous.opens_on >= row.opens_on:
        raise RoundRefused(f"{code} is no earlier round than {row.code}")
    return previous.id


def _check_population(session: Session, row: RoundRow, population: Mapping[str, Mapping[str, int]]) -> None:
    questions = [
        q for flow in load_flows(session, row) if flow.stream == Stream.RESIDENTS for q in flow.questions
    ]
    known = {q.role: {choice.name for choice in q.choices} for q in questions if q.role in GROUPED_BY}
    for name, groups in population.items():
        if name not in GROUPED_BY:
            raise RoundRefused(f"{name!r} is not one of {', '.join(GROUPED_BY)}")
        for code, persons in groups.items():
            if code not in known.get(name, set()):
                raise RoundRefused(
                    f"{code!r} is no choice of {name}; they are {', '.join(sorted(known.get(name, ())))}"
                )
            if persons < 0:
                raise RoundRefused(f"{persons} inhabitants of {code} cannot be")
