"""A round's place codes: making new ones for named places, and what came in through each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.services.errors import Refused
from bot.services.number_words import list_codes_beside
from bot.services.rounds import get_existing
from bot.services.surveys import UNKNOWN_PLACE_CODE
from storage import audit, rounds
from storage.database import Session, Sessions
from storage.rounds import PlaceCodeRow, RoundRow
from text.place_codes import make_code, read_code

KINDS = ("poster", "meeting")
LONGEST_LABEL = 80
"""Characters of a place's name: what a poster can hold in its last line."""
RECENT_DAYS = 10


class PlaceCodeRefused(Refused):
    """No code was made. The message says which place, and what to mend."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NewPlace:
    """Where a poster will hang or a meeting be held. `area_code` is one of the round's areas, or None."""

    label: str
    kind: str = "poster"
    area_code: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class CodeUse:
    """A place code and the surveys that came in through it, the last `RECENT_DAYS` days' among them."""

    code: str
    """Empty for surveys without a code, `UNKNOWN_PLACE_CODE` for those with one that the round does not have."""
    label: str
    kind: str
    area_code: str | None
    has_check: bool
    """Whether a slip in it is found: not in one written by hand."""
    started: int
    finished: int
    recent: int


@dataclass(frozen=True, kw_only=True, slots=True)
class PlaceCodes:
    """What a coordinator does with place codes. Each call is one transaction."""

    sessions: Sessions
    now: Callable[[], datetime]
    actor: str

    def add(self, round_code: str, places: Sequence[NewPlace]) -> tuple[PlaceCodeRow, ...]:
        """Make a code for each place of a round that is open or a draft; they work at once.

        Raises RoundRefused without such a round and PlaceCodeRefused for a place that cannot have a code.
        """
        with self.sessions.begin() as session:
            row = get_existing(session, round_code)
            if row.status == "closed":
                raise PlaceCodeRefused(f"round {round_code} is closed: nothing comes in through new codes")
            rounds.lock_round(session, row.id)
            self._check(session, row.id, places)
            added = _with_codes(session, row, places)
            rounds.add_place_codes(session, row.id, added)
            rounds.update_round(session, row.id, {})
            codes = ", ".join(code.code for code in added)
            audit.add_audit_entry(
                session,
                actor=self.actor,
                action="place_codes_added",
                round_id=row.id,
                at=self.now(),
                reason=codes,
            )
        return added

    def list(self, round_code: str) -> tuple[CodeUse, ...]:
        """Each code with what came in through it, then the unknown codes, then no code at all."""
        with self.sessions.reading() as session:
            row = get_existing(session, round_code)
            codes = rounds.list_place_codes(session, row.id)
            since = self.now() - timedelta(days=RECENT_DAYS)
            counted = {use.code: use for use in rounds.list_code_uses(session, row.id, since)}
        nothing = PlaceCodeRow(code="", label="", kind="")
        others = [PlaceCodeRow(code=UNKNOWN_PLACE_CODE, label="", kind=""), nothing]
        return tuple(_use(code, counted.get(code.code or None)) for code in (*codes, *others))

    def _check(self, session: Session, round_id: int, places: Sequence[NewPlace]) -> None:
        areas = [area.code for area in rounds.list_round_areas(session, round_id)]
        for place in places:
            if not place.label.strip() or len(place.label) > LONGEST_LABEL:
                raise PlaceCodeRefused(f"{place.label!r}: name the place in 1-{LONGEST_LABEL} characters")
            if place.kind not in KINDS:
                raise PlaceCodeRefused(f"{place.label}: the kind {place.kind!r} is not {' or '.join(KINDS)}")
            if place.area_code is not None and place.area_code not in areas:
                raise PlaceCodeRefused(
                    f"{place.label}: the round has no area {place.area_code!r}; it has {', '.join(areas)}"
                )


def _with_codes(session: Session, row: RoundRow, places: Sequence[NewPlace]) -> tuple[PlaceCodeRow, ...]:
    taken = [code.code for code in rounds.list_place_codes(session, row.id)]
    taken += list_codes_beside(session, row)
    keywords = [str(k["word"]) for k in rounds.get_round_document(session, row.id)["keywords"]]
    added = []
    for place in places:
        code = make_code(place.label, taken, keywords)
        taken.append(code)
        label = " ".join(place.label.split())
        added.append(PlaceCodeRow(code=code, label=label, kind=place.kind, area_code=place.area_code))
    return tuple(added)


def _use(code: PlaceCodeRow, counted: rounds.CodeUseRow | None) -> CodeUse:
    return CodeUse(
        code=code.code,
        label=code.label,
        kind=code.kind,
        area_code=code.area_code,
        has_check=bool(read_code(code.code)),
        started=counted.started if counted else 0,
        finished=counted.finished if counted else 0,
        recent=counted.recent if counted else 0,
    )
