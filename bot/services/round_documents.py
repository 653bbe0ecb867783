"""A round as its owner writes it: a YAML document, checked field by field (docs/round-format.md)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.channels.numbers import to_e164
from bot.services.colours import read_colour
from bot.services.sites import read_sites
from bot.services.surveys import fold_code
from bot.services.text_lengths import check_lengths
from categories.catalogue import CURRENT, taxonomy
from flows.documents import DocumentReader, Problem, Severity, has_errors
from flows.parsing import STREAMS
from privacy.retention import MASKED_TEXT_MAX_MONTHS
from storage.rounds import AreaRow, PlaceCodeRow, PlaceRow

COLUMNS = (
    "round",
    "name",
    "municipality",
    "phone_number",
    "opens",
    "closes",
    "keywords",
    "flows",
    "information_page",
    "telephone",
    "example_village",
    "example_road",
    "options",
    "areas",
    "larger_areas",
    "places",
    "place_codes",
    "focus_map",
    "sites",
    "colour",
    "controller",
    "diary_number",
    "dpia_date",
    "deletion_decision",
    "safeguard_mode",
    "text_months",
)
LEGAL = ("controller", "diary_number", "dpia_date", "deletion_decision", "safeguard_mode")
"""Without these a round opens in demonstration only."""
SAFEGUARD_MODES = ("A", "B")
"""What becomes of a message that tells of danger (docs/safeguards.md)."""
OPTIONS = ("ask_gender", "ask_victim", "ask_feedback")
_VALUES = ("municipality", "information_page", "telephone", "example_village", "example_road")
"""Texts that are put into questions and replies; always needed."""
_CODE = re.compile(r"[a-z0-9][a-z0-9_-]{1,39}")
_PLACE_CODE = re.compile(r"[A-ZÅÄÖ0-9]{3,12}")


@dataclass(frozen=True, kw_only=True, slots=True)
class RoundDocument:
    """A round that can be stored. `values` is what the program reads back from the round's row, as JSON."""

    code: str
    name: str
    municipality: str
    phone_number: str
    opens_on: date
    closes_on: date
    flows: Mapping[str, str]
    """Flow by stream: the name of a packaged flow, or the path of an own one."""
    areas: tuple[AreaRow, ...]
    asked_areas: tuple[str, ...]
    """Codes of the areas that residents choose from; the larger areas that they roll up to are not asked for."""
    places: tuple[PlaceRow, ...]
    place_codes: tuple[PlaceCodeRow, ...]
    values: Mapping[str, object]
    text_months: int | None = None
    """For how many months after the end free text is kept, where the decision on disposal says fewer than twelve."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ParsedRound:
    """The document, or None where something is wrong with it; warnings may stand beside a document."""

    document: RoundDocument | None
    problems: tuple[Problem, ...] = field(default=())


def parse_round(document: Mapping[str, object], places: Mapping[tuple[str | int, ...], str]) -> ParsedRound:
    """Read a round's document; `places` tells where fields stand in the file. Never raises for what was written."""
    reader = DocumentReader(places)
    fields = reader.mapping(document, (), COLUMNS)
    check_lengths(reader, fields)
    parsed = _parse(reader, fields)
    problems = tuple(reader.problems)
    return ParsedRound(document=None if has_errors(problems) else parsed, problems=problems)


def mapping_of(document: RoundDocument) -> dict[str, object]:
    """The document as its author would write it: `parse_round` makes the same of it again."""
    values = document.values
    asked = set(document.asked_areas)
    options = values["options"]
    fields = {
        name: values.get(name)
        for name in (*_VALUES, *LEGAL, "keywords", "sites", "colour", "focus_map")
        if values.get(name)
    }
    return {
        **fields,
        "round": document.code,
        "name": document.name,
        "municipality": document.municipality,
        "phone_number": document.phone_number,
        "opens": document.opens_on.isoformat(),
        "closes": document.closes_on.isoformat(),
        **({"text_months": str(document.text_months)} if document.text_months else {}),
        "flows": dict(document.flows),
        "options": {f"ask_{name}": on for name, on in options.items()}
        if isinstance(options, Mapping)
        else {},
        "larger_areas": [_area_fields(area) for area in document.areas if area.code not in asked],
        "areas": [_area_fields(area) for area in document.areas if area.code in asked],
        "places": [
            {"code": p.code, "name": p.name, "aliases": list(p.aliases), "area": p.area_code}
            for p in document.places
        ],
        "place_codes": [
            {"code": p.code, "label": p.label, "kind": p.kind, "area": p.area_code}
            for p in document.place_codes
        ],
    }


def _area_fields(area: AreaRow) -> dict[str, object]:
    return {
        "code": area.code,
        "name": area.name,
        "aliases": list(area.aliases),
        "larger": area.parent_code,
        "statistical_areas": list(area.statistical_areas),
        "population": area.population,
    }


def missing_legal_fields(values: Mapping[str, object]) -> tuple[str, ...]:
    """Names of legal fields that a round lacks (GDPR art. 13, 35; arkivlagen: see docs/round-format.md)."""
    return tuple(name for name in LEGAL if not values.get(name))


def _parse(reader: DocumentReader, fields: dict[str, object]) -> RoundDocument:
    opens_on, closes_on = _date(reader, fields, "opens"), _date(reader, fields, "closes")
    if opens_on > closes_on:
        reader.report("period", ("closes",), "the round closes before it opens", "Write a later date.")
    areas = _areas(reader, fields, "areas")
    larger = _areas(reader, fields, "larger_areas")
    area_codes = {area.code for area in areas}
    if not areas:
        reader.report(
            "no_areas", ("areas",), "no areas", "List the parts of the municipality that answers are about."
        )
    _check_larger(reader, areas, {area.code for area in larger})
    return RoundDocument(
        code=_required(reader, fields, "round", _CODE, "lower-case letters, digits and dashes, as are-2026"),
        name=_required(reader, fields, "name"),
        municipality=_required(reader, fields, "municipality"),
        phone_number=_phone_number(reader, fields),
        opens_on=opens_on,
        closes_on=closes_on,
        flows=_flows(reader, fields),
        areas=(*larger, *areas),
        asked_areas=tuple(area.code for area in areas),
        places=_places(reader, fields, area_codes),
        place_codes=_place_codes(reader, fields, area_codes),
        values=_values(reader, fields),
        text_months=_text_months(reader, fields),
    )


def _required(
    reader: DocumentReader,
    fields: dict[str, object],
    column: str,
    pattern: re.Pattern[str] | None = None,
    wanted: str = "",
) -> str:
    text = reader.text(fields, column, ())
    if not text:
        reader.report("missing", (column,), f"{column} is missing", f"Add the line {column}: ...")
    elif pattern is not None and not pattern.fullmatch(text):
        reader.report("wrong_form", (column,), f"{text!r} is not {wanted}", f"Write {wanted}.")
    return text


def _date(reader: DocumentReader, fields: dict[str, object], column: str) -> date:
    value = fields.get(column)
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value or ""))
    except ValueError:
        reader.report("date", (column,), f"{column} is not a date", "Write it as 2026-10-01.")
        return date.max if column == "closes" else date.min


def _phone_number(reader: DocumentReader, fields: dict[str, object]) -> str:
    text = _required(reader, fields, "phone_number")
    try:
        return to_e164(text)
    except ValueError:
        if text:
            reader.report(
                "phone_number", ("phone_number",), "not a telephone number", "Write it as +46701234567."
            )
    return text


def _text_months(reader: DocumentReader, fields: dict[str, object]) -> int | None:
    text = reader.text(fields, "text_months", ())
    if not text:
        return None
    if text.isdecimal() and 1 <= int(text) <= MASKED_TEXT_MAX_MONTHS:
        return int(text)
    advice = f"Write whole months, from 1 to {MASKED_TEXT_MAX_MONTHS}, or leave the line out."
    reader.report("text_months", ("text_months",), f"{text!r} is no number of months", advice)
    return None


def _flows(reader: DocumentReader, fields: dict[str, object]) -> dict[str, str]:
    given = reader.mapping(fields.get("flows"), ("flows",), STREAMS)
    flows = {stream: str(name) for stream, name in given.items()}
    return flows or {stream: stream for stream in STREAMS}


def _areas(reader: DocumentReader, fields: dict[str, object], column: str) -> tuple[AreaRow, ...]:
    known = ("code", "name", "aliases", "larger", "statistical_areas", "population")
    areas = []
    for index, row in reader.rows(fields.get(column), (column,)):
        path = (column, index)
        cells = reader.mapping(row, path, known)
        population = reader.text(cells, "population", path)
        if population and not population.isdecimal():
            reader.report(
                "population", (*path, "population"), "not a whole number", "Write the number of inhabitants."
            )
        areas.append(
            AreaRow(
                code=_cell(reader, cells, "code", path),
                name=_cell(reader, cells, "name", path),
                aliases=reader.words(cells.get("aliases", ""), (*path, "aliases")),
                parent_code=reader.text(cells, "larger", path) or None,
                statistical_areas=reader.words(
                    cells.get("statistical_areas", ""), (*path, "statistical_areas")
                ),
                population=int(population) if population.isdecimal() else None,
            )
        )
    _check_unique(reader, column, [area.code for area in areas])
    return tuple(areas)


def _check_larger(reader: DocumentReader, areas: tuple[AreaRow, ...], larger: set[str]) -> None:
    for index, area in enumerate(areas):
        if area.parent_code is not None and area.parent_code not in larger:
            reader.report(
                "unknown_area",
                ("areas", index, "larger"),
                f"{area.parent_code!r} is not among larger_areas",
                "Add it there, or leave the field out.",
            )


def _places(reader: DocumentReader, fields: dict[str, object], area_codes: set[str]) -> tuple[PlaceRow, ...]:
    places = []
    for index, row in reader.rows(fields.get("places"), ("places",)):
        path = ("places", index)
        cells = reader.mapping(row, path, ("code", "name", "aliases", "area"))
        places.append(
            PlaceRow(
                code=_cell(reader, cells, "code", path),
                name=_cell(reader, cells, "name", path),
                aliases=reader.words(cells.get("aliases", ""), (*path, "aliases")),
                area_code=_area_code(reader, cells, path, area_codes) or "",
            )
        )
    _check_unique(reader, "places", [place.code for place in places])
    return tuple(places)


def _place_codes(
    reader: DocumentReader, fields: dict[str, object], area_codes: set[str]
) -> tuple[PlaceCodeRow, ...]:
    codes = []
    for index, row in reader.rows(fields.get("place_codes"), ("place_codes",)):
        path = ("place_codes", index)
        cells = reader.mapping(row, path, ("code", "label", "kind", "area"))
        code = _cell(reader, cells, "code", path)
        if code and not _PLACE_CODE.fullmatch(code):
            reader.report(
                "place_code",
                (*path, "code"),
                f"{code!r} is not a place code",
                "3-12 capital letters and digits.",
            )
        kind = reader.text(cells, "kind", path) or "poster"
        if kind not in ("poster", "meeting"):
            reader.report("kind", (*path, "kind"), f"unknown kind {kind!r}", "Write poster or meeting.")
        area = _area_code(reader, cells, path, area_codes) if cells.get("area") else None
        codes.append(
            PlaceCodeRow(code=code, label=_cell(reader, cells, "label", path), kind=kind, area_code=area)
        )
    _check_unique(reader, "place_codes", [fold_code(code.code) for code in codes])
    return tuple(codes)


def _area_code(
    reader: DocumentReader, cells: dict[str, object], path: tuple[str | int, ...], area_codes: set[str]
) -> str | None:
    code = _cell(reader, cells, "area", path)
    if code and code not in area_codes:
        reader.report(
            "unknown_area", (*path, "area"), f"no area has the code {code!r}", "Add it under areas."
        )
    return code or None


def _cell(reader: DocumentReader, cells: dict[str, object], column: str, path: tuple[str | int, ...]) -> str:
    text = reader.text(cells, column, path)
    if not text:
        reader.report("missing", (*path, column), f"{column} is missing", f"Give the row a {column}.")
    return text


def _check_unique(reader: DocumentReader, column: str, codes: list[str]) -> None:
    for index, code in enumerate(codes):
        if code and code in codes[:index]:
            reader.report(
                "doubled", (column, index, "code"), f"{code!r} stands twice", "Give each row its own code."
            )


def _values(reader: DocumentReader, fields: dict[str, object]) -> dict[str, object]:
    """What is read back later: texts, keywords, options, legal fields."""
    values: dict[str, object] = {name: _required(reader, fields, name) for name in _VALUES}
    for name in LEGAL:
        values[name] = str(fields.get(name, ""))
    mode = str(values["safeguard_mode"])
    if mode not in ("", *SAFEGUARD_MODES):
        advice = "Write A: automatic reply, nobody reads; or B: a guardian reads within three working days."
        reader.report("safeguard_mode", ("safeguard_mode",), f"unknown mode {mode!r}", advice)
    options = reader.mapping(fields.get("options"), ("options",), OPTIONS)
    values["options"] = {
        name.removeprefix("ask_"): reader.flag(options, name, ("options",), default=False) for name in OPTIONS
    }
    values["keywords"] = _keywords(reader, fields)
    values["sites"] = read_sites(reader, fields)
    values["colour"] = read_colour(reader, fields)
    values["focus_map"] = _focus_map(reader, fields)
    return values


def _focus_map(reader: DocumentReader, fields: dict[str, object]) -> dict[str, object]:
    """Focus by category; what the taxonomy lacks would otherwise be found when the report is made."""
    current = taxonomy(CURRENT)
    categories = {category.id for category in current}
    given = reader.mapping(fields.get("focus_map"), ("focus_map",))
    for category, focus in given.items():
        path = ("focus_map", category)
        if category not in categories:
            reader.report(
                "unknown_category", path, f"there is no category {category!r}", "See docs/categories.md."
            )
        elif focus not in current.foci:
            advice = f"Write one of {', '.join(current.foci)}."
            reader.report("unknown_focus", path, f"there is no focus {focus!r}", advice)
    return given


def _keywords(reader: DocumentReader, fields: dict[str, object]) -> list[dict[str, object]]:
    keywords: list[dict[str, object]] = []
    for index, row in reader.rows(fields.get("keywords"), ("keywords",)):
        path = ("keywords", index)
        cells = reader.mapping(row, path, ("word", "flow", "language"))
        flow = _cell(reader, cells, "flow", path)
        if flow and flow not in STREAMS:
            reader.report(
                "unknown_flow", (*path, "flow"), f"unknown stream {flow!r}", f"Write {', '.join(STREAMS)}."
            )
        language = reader.text(cells, "language", path)
        keywords.append(
            {"word": _cell(reader, cells, "word", path), "flow": flow, "language": language or None}
        )
    if not keywords:
        reader.report(
            "no_keyword",
            ("keywords",),
            "no keyword",
            "Give at least the residents' flow one, as TRYGG.",
            Severity.ERROR,
        )
    return keywords
