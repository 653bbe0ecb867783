"""Changing a round that is stored: a draft as a whole, an open round in what residents have not been promised.

A plan says beforehand what would change and what is refused; carrying it out is one transaction.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from bot.services.dates import local_date
from bot.services.round_documents import RoundDocument
from bot.services.rounds import LoadFlow, RoundRefused, get_existing, publish_flow, round_columns
from storage import audit, rounds
from storage.database import Session, Sessions
from storage.rounds import UNDER_WAY, AreaRow, PlaceCodeRow, PlaceRow, RoundRow

OPEN_MAY_CHANGE = frozenset(
    {
        "name",
        "closes",
        "information_page",
        "telephone",
        "example_village",
        "example_road",
        "colour",
        "sites",
    }
)
"""Fields of an open round that change nothing about what was asked, promised or decided."""
_AREA_MAY_CHANGE = frozenset({"aliases", "larger", "population", "statistical_areas"})
_PLACE_CODE_MAY_CHANGE = frozenset({"label", "area"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """One thing that differs. `path` names it: ``("closes",)``, ``("areas", "duved", "population")``; a row that is
    new or gone has no field. Texts are as in the round's document, empty where there was or will be nothing.
    """

    path: tuple[str, ...]
    before: str
    after: str
    refused: str = ""
    """Why it cannot be: ``closed``, ``fixed``, ``past``, ``told`` or ``hangs``; empty where it can."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RoundPlan:
    """What a document would do to what is stored. `status`: ``new``, ``draft``, ``open`` (paused too) or ``closed``."""

    code: str
    status: str
    changes: tuple[Change, ...]
    kept_places: tuple[str, ...] = ()
    """Places of the municipality's register that the document does not name: they stay, other rounds use them."""

    @property
    def refused(self) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if change.refused)


@dataclass(frozen=True, kw_only=True, slots=True)
class RoundChanges:
    """Reads stored rounds as documents and changes them. Each change has a line in the audit log."""

    sessions: Sessions
    now: Callable[[], datetime]
    actor: str

    def document(self, code: str) -> RoundDocument:
        """The round as its document. Raises RoundRefused for an unknown code."""
        with self.sessions.reading() as session:
            return stored_document(session, get_existing(session, code))

    def plan(self, document: RoundDocument) -> RoundPlan:
        """What would change, and what would be refused. Changes nothing."""
        with self.sessions.reading() as session:
            row = rounds.get_round(session, document.code)
            return self._plan(session, row, document)

    def change(self, document: RoundDocument, load_flow: LoadFlow) -> RoundPlan:
        """Make the stored round what the document says; returns what changed.

        Raises RoundRefused where there is no such round, or where anything of it is refused: then nothing changes.
        """
        with self.sessions.begin() as session:
            row = get_existing(session, document.code)
            plan = self._plan(session, row, document)
            if plan.refused:
                named = ", ".join(" ".join(change.path) for change in plan.refused)
                raise RoundRefused(f"round {row.code} is {row.status}: these cannot change: {named}")
            if plan.changes:
                self._store(session, row, document, load_flow)
            return plan

    def _plan(self, session: Session, row: RoundRow | None, document: RoundDocument) -> RoundPlan:
        if row is None:
            return RoundPlan(code=document.code, status="new", changes=())
        before = stored_document(session, row)
        status = "open" if row.is_under_way else row.status
        changes = tuple(changes_between(before, document, status, local_date(self.now())))
        named = {place.code for place in document.places}
        kept = tuple(place.code for place in before.places if place.code not in named)
        return RoundPlan(code=row.code, status=status, changes=changes, kept_places=kept)

    def _store(self, session: Session, row: RoundRow, document: RoundDocument, load_flow: LoadFlow) -> None:
        rounds.update_round(session, row.id, round_columns(document))
        if row.is_under_way and document.closes_on != row.closes_on:
            rounds.mark_extended(session, row.id, closes_on=document.closes_on, at=self.now())
        rounds.update_register(session, document.areas, document.places)
        rounds.update_selection(session, row.id, document.asked_areas, document.place_codes)
        stored = _flow_names(session, row.id)
        for stream in stored.keys() - document.flows.keys():
            rounds.delete_round_flow(session, row.id, stream)
        for stream, name in document.flows.items():
            if stored.get(stream) != name:
                version = publish_flow(session, load_flow(name), self.now())
                rounds.set_round_flow(session, row.id, stream, version)
        audit.add_audit_entry(
            session, actor=self.actor, action="round_changed", round_id=row.id, at=self.now()
        )


def stored_document(session: Session, row: RoundRow) -> RoundDocument:
    """A stored round as the document that would make it."""
    asked = rounds.list_round_areas(session, row.id)
    larger = {area.parent_code for area in asked}
    asked_codes = {area.code for area in asked}
    above = [a for a in rounds.list_areas(session) if a.code in larger and a.code not in asked_codes]
    return RoundDocument(
        code=row.code,
        name=row.name,
        municipality=row.municipality,
        phone_number=row.phone_number,
        opens_on=row.opens_on,
        closes_on=row.closes_on,
        flows=_flow_names(session, row.id),
        areas=(*above, *asked),
        asked_areas=tuple(area.code for area in asked),
        places=tuple(rounds.list_round_places(session, row.id)),
        place_codes=tuple(rounds.list_place_codes(session, row.id)),
        text_months=row.text_months,
        values=rounds.get_round_document(session, row.id),
    )


def changes_between(
    before: RoundDocument, after: RoundDocument, status: str, today: date
) -> Iterator[Change]:
    """Every difference, with why it is refused in a round of that status. The order of rows is no difference, but for
    areas, which residents choose from in their order.
    """
    old, new = _facts(before), _facts(after)
    for key in dict.fromkeys((*old, *new)):
        if old.get(key, "") != new.get(key, ""):
            refused = _refused(status, key in OPEN_MAY_CHANGE)
            if key == "closes" and status in UNDER_WAY:
                refused = "past" if after.closes_on < today else refused
                refused = refused or ("told" if after.closes_on < before.closes_on else "")
            yield Change(path=(key,), before=old.get(key, ""), after=new.get(key, ""), refused=refused)
    for part, read in _PARTS.items():
        yield from _row_changes(part, read(before), read(after), status)
    kept = [code for code in before.asked_areas if code in after.asked_areas]
    if kept != [code for code in after.asked_areas if code in before.asked_areas]:
        yield Change(
            path=("areas",),
            before=", ".join(before.asked_areas),
            after=", ".join(after.asked_areas),
            refused=_refused(status, False),
        )


def _row_changes(
    part: str, before: Mapping[str, Mapping[str, str]], after: Mapping[str, Mapping[str, str]], status: str
) -> Iterator[Change]:
    for code, row in after.items():
        old = before.get(code)
        if old is None:
            allowed = part in ("places", "place_codes")
            yield Change(path=(part, code), before="", after=row["name"], refused=_refused(status, allowed))
            continue
        for key in row:
            if row[key] != old[key]:
                refused = _refused(status, _row_may_change(part, key), "fixed")
                yield Change(path=(part, code, key), before=old[key], after=row[key], refused=refused)
    for code, row in before.items():
        if code not in after and part != "places":
            why = "hangs" if part == "place_codes" else "fixed"
            yield Change(
                path=(part, code), before=row["name"], after="", refused=_refused(status, False, why)
            )


def _row_may_change(part: str, key: str) -> bool:
    if part == "places":
        return True
    return key in (_PLACE_CODE_MAY_CHANGE if part == "place_codes" else _AREA_MAY_CHANGE)


def _refused(status: str, may_change: bool, why: str = "fixed") -> str:
    if status == "draft":
        return ""
    if status in UNDER_WAY:
        return "" if may_change else why
    return "closed"


def _flow_names(session: Session, round_id: int) -> dict[str, str]:
    flows = rounds.list_round_flows(session, round_id)
    return {row.stream: str(row.document["settings"]["form_id"]) for row in flows}


def _facts(document: RoundDocument) -> dict[str, str]:
    """Everything but the rows, as texts."""
    values = document.values
    plain = {key: str(value) for key, value in values.items() if isinstance(value, str)}
    options, focus = values.get("options"), values.get("focus_map")
    keywords, sites = values.get("keywords"), values.get("sites")
    return {
        **plain,
        "name": document.name,
        "municipality": document.municipality,
        "phone_number": document.phone_number,
        "opens": document.opens_on.isoformat(),
        "closes": document.closes_on.isoformat(),
        "text_months": str(document.text_months or ""),
        **{f"flows.{stream}": name for stream, name in document.flows.items()},
        **{f"options.ask_{name}": _flag(on) for name, on in _pairs(options)},
        **{f"focus_map.{category}": str(code) for category, code in _pairs(focus)},
        "sites": ", ".join(map(str, sites)) if isinstance(sites, list) else "",
        "keywords": ", ".join(map(_keyword, keywords)) if isinstance(keywords, list) else "",
    }


def _flag(on: object) -> str:
    return "yes" if on else "no"


def _pairs(value: object) -> Iterator[tuple[str, object]]:
    yield from value.items() if isinstance(value, Mapping) else ()


def _keyword(entry: Mapping[str, str | None]) -> str:
    return "/".join(filter(None, (entry["word"], entry["flow"], entry.get("language"))))


def _areas(document: RoundDocument, *, asked: bool) -> dict[str, dict[str, str]]:
    codes = set(document.asked_areas)
    return {area.code: _area(area) for area in document.areas if (area.code in codes) is asked}


def _area(area: AreaRow) -> dict[str, str]:
    return {
        "name": area.name,
        "aliases": ", ".join(area.aliases),
        "larger": area.parent_code or "",
        "statistical_areas": ", ".join(area.statistical_areas),
        "population": "" if area.population is None else str(area.population),
    }


def _place(place: PlaceRow) -> dict[str, str]:
    return {"name": place.name, "aliases": ", ".join(place.aliases), "area": place.area_code}


def _place_code(code: PlaceCodeRow) -> dict[str, str]:
    return {"name": code.code, "label": code.label, "kind": code.kind, "area": code.area_code or ""}


_PARTS: Mapping[str, Callable[[RoundDocument], Mapping[str, Mapping[str, str]]]] = {
    "larger_areas": lambda document: _areas(document, asked=False),
    "areas": lambda document: _areas(document, asked=True),
    "places": lambda document: {place.code: _place(place) for place in document.places},
    "place_codes": lambda document: {code.code: _place_code(code) for code in document.place_codes},
}
