"""Invented rounds of any size, counted as the database would count them."""

import random
from collections import Counter
from datetime import date
from functools import cache

from bot.services.codebooks import category_entries, flow_entries
from categories.catalogue import taxonomy
from flows.catalogue import flow_names, load_document
from flows.parsing import parse_flow
from summary.codebook import Codebook, Entry
from summary.rows import Cell, Meetings, Population, RoundCounts, RoundFacts, Stream, Table, joined

AREAS = {  # code: name, larger area, inhabitants 15+
    "are_by": ("Åre by", "are", 2900),
    "duved": ("Duved", "are", 900),
    "bjornen": ("Björnen", "are", 400),
    "jarpen": ("Järpen", "ostra", 1500),
    "morsil": ("Mörsil", "ostra", 800),
    "undersaker": ("Undersåker", "ostra", 700),
    "mattmar": ("Mattmar", "ostra", 300),
    "hallen": ("Hallen", "sodra", 700),
    "kall": ("Kall", "sodra", 400),
}
LARGER = {"are": "Åredalen", "ostra": "Östra kommundelen", "sodra": "Södra och norra kommundelen"}
PLACES = {
    "stationen": "Åre station",
    "torget": "Torget i Åre",
    "duved_skola": "Duveds skola",
    "e14": "E14 Järpen",
}
PLACE_CODES = {
    "BIBLIO3": "Biblioteket",
    "ICA7": "Ica Järpen",
    "LIFT2": "Liftkontoret",
    "DUVED3": "Duveds samlingslokal",
}
TIMES = ("weekday_day", "weekday_evening", "weekday_night", "weekend_day", "weekend_evening", "weekend_night")
PROBLEMS = {
    "traffic_offences": 19, "traffic_vehicles": 14, "traffic_environment": 9, "lighting_env": 8, "disorder": 11,
    "vandalism_litter": 6, "drug_trade": 5, "police_presence": 6, "youth_substance": 8, "youth_environment": 2,
    "theft_burglary": 4, "fraud": 1, "violence": 2, "no_problem": 6, "off_topic": 1, "domestic_violence": 2,
    "harassment": 2,
}  # fmt: skip


@cache
def codebook() -> Codebook:
    flows = [flow for name in flow_names() if (flow := parse_flow(load_document(name).document).flow)]
    entries = [*category_entries(taxonomy("tax-1")), *flow_entries(flows)]
    entries += [Entry(list="area", code=code, label={"sv": name}) for code, name in LARGER.items()]
    entries += [
        Entry(list="area", code=code, label={"sv": name}, parent=larger)
        for code, (name, larger, _) in AREAS.items()
    ]
    entries += [Entry(list="place", code=code, label={"sv": name}) for code, name in PLACES.items()]
    entries += [Entry(list="place_code", code=code, label={"sv": name}) for code, name in PLACE_CODES.items()]
    return Codebook(entries)


def facts(*, closed: bool = True, demonstration: bool = True) -> RoundFacts:
    return RoundFacts(
        name="Medborgarlöften 2026",
        municipality="Åre kommun",
        starts_on=date(2026, 9, 7),
        ends_on=date(2026, 10, 4),
        counted_on=date(2026, 11, 2) if closed else date(2026, 9, 28),
        closed_on=date(2026, 10, 4) if closed else None,
        erase_until=date(2026, 10, 18),
        streams=tuple(Stream),
        flow_versions=("residents 1", "employees 1", "dialogue 1"),
        taxonomy="tax-1",
        demonstration=demonstration,
    )


def round_counts(residents: int, employees: int = 8, *, seed: int = 1, closed: bool = True) -> RoundCounts:
    """Counts of a round in which so many persons are counted; about one in five more began and left."""
    chance = random.Random(seed)  # noqa: S311
    cells: Counter[tuple[Table, Stream, str, str]] = Counter()
    for _ in range(residents):
        _resident(chance, cells)
    for _ in range(employees):
        _employee(chance, cells)
    for _ in range(residents // 5):
        _leaver(chance, cells)
    if residents > 20:
        _dialogue(chance, cells)
    cells[Table.SAFEGUARD, Stream.RESIDENTS, "emergency", ""] = residents // 40
    cells[Table.SAFEGUARD, Stream.RESIDENTS, "domestic", ""] = residents // 60
    return RoundCounts(
        facts=facts(closed=closed),
        cells=tuple(
            Cell(table=table, stream=stream, row=row, column=column, count=count)
            for (table, stream, row, column), count in cells.items()
            if count
        ),
        population=_population(),
        meetings=Meetings(meetings=2, women=24, men=31, under_25=4, over_65=22, promised_answers=3)
        if residents > 20
        else Meetings(),
    )


def _resident(chance: random.Random, cells: Counter[tuple[Table, Stream, str, str]]) -> None:
    stream = Stream.RESIDENTS
    area = chance.choices(list(AREAS), [30, 10, 4, 20, 9, 8, 2, 5, 3])[0]
    problem = chance.choices(list(PROBLEMS), list(PROBLEMS.values()))[0]
    safety = chance.choices(
        ["very_safe", "fairly_safe", "neither", "fairly_unsafe", "very_unsafe", "dont_know"],
        [18, 30, 14, 20, 8, 4],
    )[0]
    channel = chance.choices(["sms", "webchat", "paper"], [6, 4, 1])[0]
    cells[Table.OUTCOME, stream, chance.choices(["complete", "partial"], [8, 2])[0], ""] += 1
    cells[Table.AREA, stream, area, ""] += 1
    cells[Table.PROBLEM, stream, problem, chance.choices(["person", "machine"], [7, 3])[0]] += 1
    cells[Table.PROBLEM_AREA, stream, problem, area] += 1
    cells[Table.CLOSED, stream, "safety", safety] += 1
    cells[Table.SAFETY_AREA, stream, safety, area] += 1
    cells[Table.CHANNEL, stream, channel, ""] += 1
    cells[Table.LANGUAGE, stream, chance.choices(["sv", "en", "ar"], [20, 2, 1])[0], ""] += 1
    cells[Table.PLACE_CODE, stream, chance.choices([*PLACE_CODES, ""], [6, 5, 2, 1, 4])[0], "finished"] += 1
    cells[Table.MARKED, stream, chance.choices(["marked", "unmarked"], [1, 30])[0], ""] += 1
    role = chance.choices(["lives", "works_or_studies", "holiday_home", "visiting"], [12, 3, 3, 1])[0]
    cells[Table.ROLE, stream, role, ""] += 1
    age = chance.choices(["15_24", "25_44", "45_64", "65_79", "80_up", "refused"], [2, 8, 12, 8, 1, 1])[0]
    cells[Table.AGE, stream, age, ""] += 1
    cells[Table.PROBLEM_AGE, stream, problem, age] += 1
    gender = None
    if channel == "webchat":
        gender = chance.choices(["woman", "man", "other", "refused"], [10, 9, 1, 1])[0]
        cells[Table.GENDER, stream, gender, ""] += 1
        cells[Table.PROBLEM_GENDER, stream, problem, gender] += 1
        cells[Table.CLOSED, stream, "avoided", chance.choices(["yes", "no"], [1, 2])[0]] += 1
        enough = ["yes_fully", "yes_partly", "neither", "no_hardly", "no_not_at_all", "dont_know"]
        cells[Table.CLOSED, stream, "police", chance.choices(enough, [2, 6, 5, 6, 3, 3])[0]] += 1
        cells[Table.CLOSED, stream, "municipality", chance.choices(enough, [2, 5, 5, 7, 3, 3])[0]] += 1
        for choice in chance.sample(["traffic", "dark_places", "rows_noise", "youth_substances", "theft"], 2):
            cells[Table.SEVERAL, stream, "list", choice] += 1
    if problem not in ("no_problem", "off_topic"):
        for time in set(chance.choices(TIMES, [4, 9, 3, 4, 12, 11], k=2)):
            cells[Table.TIME, stream, time, ""] += 1
            cells[Table.PROBLEM_TIME, stream, problem, time] += 1
        if chance.random() < 0.6:
            place = chance.choices(list(PLACES), [8, 6, 4, 3])[0]
            cells[Table.PLACE, stream, place, ""] += 1
            cells[Table.PROBLEM_PLACE, stream, problem, place] += 1
        wish = chance.choices(["police_presence", "lighting_env", problem, "safety_measures"], [5, 2, 6, 2])[
            0
        ]
        cells[Table.WISH, stream, wish, ""] += 1
        cells[Table.PROBLEM_WISH, stream, problem, wish] += 1
    if role == "lives":
        cells[Table.LIVES, stream, joined(area, age, gender), ""] += 1
        cells[Table.SAFETY_LIVES, stream, safety, joined(area, age, gender)] += 1


def _employee(chance: random.Random, cells: Counter[tuple[Table, Stream, str, str]]) -> None:
    stream = Stream.EMPLOYEES
    problem = chance.choices(
        ["youth_substance", "drug_trade", "traffic_vehicles", "social_vulnerability", "disorder"],
        [5, 4, 2, 3, 3],
    )[0]
    area = chance.choices(list(AREAS))[0]
    cells[Table.OUTCOME, stream, "complete", ""] += 1
    cells[Table.PROBLEM, stream, problem, "person"] += 1
    cells[Table.AREA, stream, area, ""] += 1
    cells[Table.PROBLEM_AREA, stream, problem, area] += 1
    cells[
        Table.ROLE,
        stream,
        chance.choices(["police", "school_leisure", "social_services", "streets_parks"], [4, 3, 2, 1])[0],
        "",
    ] += 1
    cells[Table.CLOSED, stream, "trend", chance.choices(["smaller", "same", "bigger"], [1, 3, 3])[0]] += 1
    cells[
        Table.CLOSED,
        stream,
        "work_safety",
        chance.choices(["very_safe", "fairly_safe", "fairly_unsafe"], [3, 4, 1])[0],
    ] += 1
    for time in set(chance.choices(TIMES, k=2)):
        cells[Table.TIME, stream, time, ""] += 1
        cells[Table.PROBLEM_TIME, stream, problem, time] += 1
    for needed in set(chance.choices(["police", "school", "social_services", "landlords"], k=2)):
        cells[Table.SEVERAL, stream, "needed", needed] += 1


def _leaver(chance: random.Random, cells: Counter[tuple[Table, Stream, str, str]]) -> None:
    stream = Stream.RESIDENTS
    outcome = chance.choices(["break_off", "refused", "stopped", "under_age"], [12, 4, 2, 1])[0]
    cells[Table.OUTCOME, stream, outcome, ""] += 1
    cells[Table.PLACE_CODE, stream, chance.choices([*PLACE_CODES, ""])[0], "unfinished"] += 1
    if outcome in ("break_off", "stopped"):
        cells[
            Table.LAST_QUESTION,
            stream,
            chance.choices(["role", "area", "safety", "problem"], [3, 2, 1, 4])[0],
            "",
        ] += 1


def _dialogue(chance: random.Random, cells: Counter[tuple[Table, Stream, str, str]]) -> None:
    stream = Stream.DIALOGUE
    for _ in range(14):
        point = chance.choices(
            [
                "traffic_vehicles",
                "traffic_environment",
                "lighting_env",
                "police_presence",
                "youth_environment",
            ]
        )[0]
        cells[Table.POINT, stream, point, "person"] += 1
        cells[Table.POINT_SUPPORT, stream, point, ""] += chance.randint(2, 18)
    cells[Table.MISSING_GROUP, stream, "youth", ""] = 2
    cells[Table.MISSING_GROUP, stream, "newcomers", ""] = 1


def _population() -> tuple[Population, ...]:
    ages = {"15_24": 1100, "25_44": 3200, "45_64": 2600, "65_79": 1600, "80_up": 500}
    return tuple(
        [Population(table=Table.AREA, code=code, persons=persons) for code, (_, _, persons) in AREAS.items()]
        + [Population(table=Table.AGE, code=code, persons=persons) for code, persons in ages.items()]
        + [
            Population(table=Table.GENDER, code="woman", persons=4400),
            Population(table=Table.GENDER, code="man", persons=4600),
        ]
    )
