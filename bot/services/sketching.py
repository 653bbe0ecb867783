"""Filling in a round bit by bit: what is written so far is kept, and becomes a round only when all of it is right."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.services.publishing import load_packaged_flow
from bot.services.round_changes import RoundChanges, stored_document
from bot.services.round_documents import RoundDocument, mapping_of
from bot.services.rounds import RoundRefused, Rounds, get_existing
from privacy.pseudonyms import KeyRing
from storage import audit, sketches
from storage.database import Session, Sessions
from storage.sketches import SketchRow

_NEW: Mapping[str, object] = {
    "flows": {"residents": "residents", "dialogue": "dialogue"},
    "safeguard_mode": "A",
}
"""What a new sketch begins with."""

__all__ = ["SketchRow", "Sketches"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Sketches:
    """What a coordinator does with rounds that are not complete. Each call has a line in the audit log."""

    sessions: Sessions
    keys: KeyRing
    now: Callable[[], datetime]
    actor: str

    def list(self) -> tuple[SketchRow, ...]:
        """The latest first."""
        with self.sessions.reading() as session:
            return tuple(sketches.list_sketches(session))

    def find(self, number: int) -> SketchRow | None:
        with self.sessions.reading() as session:
            return sketches.get_sketch(session, number)

    def is_taken(self, sketch: SketchRow) -> bool:
        """Whether a new round would have the code of one that there is."""
        with self.sessions.reading() as session:
            code = str(sketch.document.get("round", ""))
            return sketch.round_code is None and sketches.find_round_id(session, code) is not None

    def begin(self) -> int:
        """An empty one; returns its number."""
        with self.sessions.begin() as session:
            return self._add(session, None, dict(_NEW))

    def begin_change(self, round_code: str) -> int:
        """One that changes a round: the one that somebody has begun, or a new one. Raises RoundRefused."""
        with self.sessions.begin() as session:
            row = get_existing(session, round_code)
            begun = sketches.get_sketch_of_round(session, row.id)
            if begun is not None:
                return begun.id
            return self._add(session, row.id, mapping_of(stored_document(session, row)))

    def take(self, document: RoundDocument) -> int:
        """One with what a workbook says: of the round with its code, where there is one. What was begun there goes."""
        fields = mapping_of(document)
        with self.sessions.begin() as session:
            row = sketches.find_round_id(session, document.code)
            begun = sketches.get_sketch_of_round(session, row) if row is not None else None
            if begun is None:
                return self._add(session, row, fields)
            self._save(session, begun, fields)
            return begun.id

    def save(self, number: int, document: Mapping[str, object]) -> None:
        """Keep what is written so far. Raises RoundRefused where the sketch is gone."""
        with self.sessions.begin() as session:
            self._save(session, _existing(session, number), document)

    def discard(self, number: int) -> None:
        """Throw it away; a round that it would have changed stays as it is."""
        with self.sessions.begin() as session:
            sketch = _existing(session, number)
            sketches.delete_sketch(session, number)
            self._log(session, "sketch_discarded", sketch)

    def carry_out(self, number: int, document: RoundDocument, *, is_demonstration: bool) -> None:
        """Create the round of the sketch as a draft, or change the one that it belongs to; the sketch goes.

        Raises RoundRefused: then nothing is changed.
        """
        with self.sessions.reading() as session:
            sketch = _existing(session, number)
        if sketch.round_code is None:
            keeper = Rounds(sessions=self.sessions, keys=self.keys, now=self.now, actor=self.actor)
            keeper.create(document, load_packaged_flow, is_demonstration=is_demonstration)
        else:
            if sketch.round_code != document.code:
                raise RoundRefused(f"the code of round {sketch.round_code} cannot change")
            changes = RoundChanges(sessions=self.sessions, now=self.now, actor=self.actor)
            changes.change(document, load_packaged_flow)
        with self.sessions.begin() as session:
            sketches.delete_sketch(session, number)

    def _add(self, session: Session, round_id: int | None, document: Mapping[str, object]) -> int:
        number = sketches.add_sketch(
            session, round_id=round_id, document=document, at=self.now(), by=self.actor
        )
        self._log(session, "sketch_begun", _existing(session, number))
        return number

    def _save(self, session: Session, sketch: SketchRow, document: Mapping[str, object]) -> None:
        if sketch.round_code is not None:
            document = {**document, "round": sketch.round_code}
        sketches.update_sketch(session, sketch.id, document=document, at=self.now(), by=self.actor)
        self._log(session, "sketch_saved", sketch)

    def _log(self, session: Session, action: str, sketch: SketchRow) -> None:
        audit.add_audit_entry(
            session,
            actor=self.actor,
            action=action,
            round_id=None,
            at=self.now(),
            subject=f"{sketch.round_code or 'new'}#{sketch.id}",
        )


def _existing(session: Session, number: int) -> SketchRow:
    sketch = sketches.get_sketch(session, number)
    if sketch is None:
        raise RoundRefused("what was being filled in is gone: somebody has kept it or thrown it away")
    return sketch
