"""Gathers what the problem picture is made of from the database: flows, codebook, counts of one round."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date

from bot.services.codebooks import category_entries, flow_entries
from bot.services.dates import ended_on, local_date
from bot.services.surveys import load_published
from bot.services.version_changes import list_version_changes
from categories.catalogue import CURRENT, taxonomy
from categories.taxonomy import Taxonomy
from flows.model import IN_OWN_WORDS, Flow, Kind
from privacy.retention import erase_until
from storage import corrections, priorities, reading, rounds
from storage.database import Session
from storage.reading import Roles
from storage.rounds import RoundRow
from summary.codebook import Codebook, Entry
from summary.rows import Population, RoundCounts, RoundFacts, Stream, Table


def load_flows(session: Session, row: RoundRow) -> tuple[Flow, ...]:
    """Every version that the round has asked, as published, without its areas and meetings in their lists.

    Stream by stream, what is asked now first: where a code has other words in an earlier version, those of today count.
    """
    return tuple(
        load_published(asked.row.document) for asked in corrections.list_asked_flows(session, row.id)
    )


def gather_counts(
    session: Session, row: RoundRow, flows: tuple[Flow, ...], today: date, *, crossed: bool = True
) -> RoundCounts:
    """Exact counts. Not to be shown before privacy.disclosure has seen them. Without `crossed`, what a release that
    crosses nothing needs.
    """
    roles = roles_of(flows)
    choices = priorities.get_choices(session, row.id)
    return RoundCounts(
        facts=_facts(session, row, flows, today),
        cells=tuple(reading.list_cells(session, row.id, roles, crossed=crossed)),
        population=(*_inhabitants_of_areas(session, row), *_inhabitants(choices.population)),
        meetings=reading.count_meetings(session, row.id, roles),
        with_weights=choices.with_weights,
        sensitive=frozenset(category.id for category in taxonomy(CURRENT) if category.sensitive),
    )


def _inhabitants_of_areas(session: Session, row: RoundRow) -> Iterator[Population]:
    for area in rounds.list_round_areas(session, row.id):
        if area.population:
            yield Population(table=Table.AREA, code=area.code, persons=area.population)


def _inhabitants(population: Mapping[str, Mapping[str, int]]) -> Iterator[Population]:
    for name, groups in population.items():
        yield from (Population(table=Table(name), code=code, persons=n) for code, n in groups.items() if n)


def roles_of(flows: tuple[Flow, ...]) -> Roles:
    """Question names by role, over the flows of a round, with the choices of those that take several."""
    names: dict[str, dict[str, None]] = defaultdict(dict)
    choices: dict[str, set[str]] = defaultdict(set)
    questions = [question for flow in flows for question in flow.questions]
    for question in questions:
        if question.role:
            names[question.role][question.name] = None
        if question.kind is Kind.MULTI:
            choices[question.role] |= {choice.name for choice in question.choices}
    return Roles(
        names={role: tuple(of_role) for role, of_role in names.items()},
        choices={role: frozenset(of_role) for role, of_role in choices.items()},
        open_questions=tuple({q.name: None for q in questions if q.kind in IN_OWN_WORDS}),
    )


def gather_codebook(session: Session, row: RoundRow, flows: tuple[Flow, ...]) -> Codebook:
    """What every code of the round means: flows, categories, areas, places, place codes."""
    entries = [
        *flow_entries(flows),
        *category_entries(_taxonomy_of(session, row)),
        *_area_entries(session, flows),
        *(_named("place", place.code, place.name) for place in rounds.list_round_places(session, row.id)),
        *(
            _named("place_code", code.code, f"{code.label} ({code.code})")
            for code in rounds.list_place_codes(session, row.id)
        ),
    ]
    return Codebook(entries)


def _facts(session: Session, row: RoundRow, flows: tuple[Flow, ...], today: date) -> RoundFacts:
    return RoundFacts(
        name=row.name,
        municipality=row.municipality,
        starts_on=row.opens_on,
        ends_on=row.closes_on,
        counted_on=today,
        closed_on=local_date(row.closed_at) if row.closed_at else None,
        erase_until=erase_until(ended_on(row)),
        streams=tuple(dict.fromkeys(Stream(flow.stream) for flow in flows)),
        flow_versions=tuple(f"{flow.id} {flow.version}" for flow in flows),
        version_changes=list_version_changes(session, row),
        taxonomy=CURRENT,
        demonstration=row.is_demonstration,
        place_areas={place.code: place.area_code for place in rounds.list_round_places(session, row.id)},
    )


def _taxonomy_of(session: Session, row: RoundRow) -> Taxonomy:
    """The taxonomy with the round's own focus issues in it."""
    packaged = taxonomy(CURRENT)
    own: Mapping[str, str] = rounds.get_round_document(session, row.id).get("focus_map") or {}
    return packaged.with_focus_map({**packaged.focus_map, **own}, packaged.foci) if own else packaged


def _area_entries(session: Session, flows: tuple[Flow, ...]) -> Iterator[Entry]:
    for area in rounds.list_areas(session):
        yield _named("area", area.code, area.name, parent=area.parent_code or "")
    for flow in flows:
        for question in flow.questions:
            if question.role == "area":
                for choice in question.choices:  # the flow's own, as "all" for employees
                    yield Entry(list="area", code=choice.name, label=choice.label)


def _named(list_name: str, code: str, name: str, parent: str = "") -> Entry:
    return Entry(list=list_name, code=code, label={"sv": name, "en": name}, parent=parent)
