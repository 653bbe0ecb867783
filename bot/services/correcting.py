"""A corrected version of a flow in a round that is under way, and what becomes of those in the middle of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.services.rounds import RoundRefused, canonical, get_existing, publish_flow
from bot.services.surveys import load_published
from flows.carrying import obstacles
from flows.differences import Difference
from flows.model import Flow
from storage import audit, corrections, rounds
from storage.database import Session, Sessions
from storage.rounds import FlowVersionRow, RoundRow


@dataclass(frozen=True, kw_only=True, slots=True)
class Correction:
    """What publishing does or has done. `obstacles` keep the `in_the_middle` people on their own version."""

    before: Flow
    after: Flow
    obstacles: tuple[Difference, ...]
    in_the_middle: int

    @property
    def carries_over(self) -> bool:
        return not self.obstacles


@dataclass(frozen=True, kw_only=True, slots=True)
class Corrections:
    """Published versions stay as they are: a correction is one more. It has a line in the audit log."""

    sessions: Sessions
    now: Callable[[], datetime]
    actor: str

    def plan(self, code: str, document: Mapping[str, Any]) -> Correction:
        """What `publish` would do. Changes nothing. Raises RoundRefused as it does."""
        with self.sessions.reading() as session:
            row = get_existing(session, code)
            return _plan(session, row, _asked_now(session, row, document), document)

    def publish(self, code: str, document: Mapping[str, Any]) -> Correction:
        """Whoever begins from now on gets this version, and those in the middle too where that is proved harmless.

        `document` is publishable (bot.services.publishing). Raises RoundRefused for a round that is not under way, a
        flow that it does not ask, and a version that it has asked before.
        """
        with self.sessions.begin() as session:
            row = get_existing(session, code)
            rounds.update_round(
                session, row.id, {}
            )  # first: one correction at a time, and no surveys kept from before
            asked = _asked_now(session, row, document)
            plan = _plan(session, row, asked, document)
            after_id = publish_flow(session, document, self.now())
            rounds.set_round_flow(session, row.id, asked.stream, after_id)
            carried = (
                corrections.carry_over(session, row.id, asked.id, after_id) if plan.carries_over else None
            )
            corrections.add_correction(
                session,
                {
                    "round_id": row.id,
                    "stream": asked.stream,
                    "before_id": asked.id,
                    "after_id": after_id,
                    "asked_from": self.now(),
                    "carried": carried,
                },
            )
            audit.add_audit_entry(
                session,
                actor=self.actor,
                action="flow_corrected",
                round_id=row.id,
                at=self.now(),
                reason=f"{plan.after.id} {plan.before.version} to {plan.after.version}",
                subject="carried over" if plan.carries_over else "new ones only",
            )
            return plan


def _asked_now(session: Session, row: RoundRow, document: Mapping[str, Any]) -> FlowVersionRow:
    """The version that `document` would take the place of."""
    if not row.is_under_way:
        raise RoundRefused(
            f"round {row.code} is {row.status}: only what is asked in an open or paused round is corrected"
        )
    form_id = document["settings"]["form_id"]
    asked = rounds.list_round_flows(session, row.id)
    found = next((one for one in asked if one.flow == form_id), None)
    if found is None:
        known = ", ".join(one.flow for one in asked)
        raise RoundRefused(f"round {row.code} does not ask the flow {form_id}; it asks {known}")
    return found


def _plan(session: Session, row: RoundRow, asked: FlowVersionRow, document: Mapping[str, Any]) -> Correction:
    before, after = load_published(asked.document), load_published(document)
    if canonical(asked.document) == canonical(document):
        raise RoundRefused(f"round {row.code} asks exactly this already: version {before.version}")
    if any(
        one.row.version == after.version
        for one in corrections.list_asked_flows(session, row.id)
        if one.row.stream == asked.stream
    ):
        raise RoundRefused(
            f"round {row.code} has asked {after.id} {after.version} already, and a published version never changes: "
            "give the corrected one a new version under settings"
        )
    return Correction(
        before=before,
        after=after,
        obstacles=obstacles(before, after),
        in_the_middle=corrections.count_in_the_middle(session, row.id, asked.id),
    )
