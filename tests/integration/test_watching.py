"""The page on which a coordinator watches a round: its figures beside an independent count of the conversations."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from console import Console
from sqlalchemy import select
from town import MONDAY, RESIDENT, ROUND, Town, mode_b

from bot.demo.crowd import Crowd
from bot.demo.people import employees, note_takers, residents
from bot.services.marking import mark_bursts
from bot.services.watching import Count, Line, WatchedRound, Watching
from storage.database import Database
from storage.tables import Conversation, Delivery, SafeguardReply

PATH = f"/rounds/{ROUND}/watch"
COUNTED = ("complete", "partial")


class TownGateway:
    """Delivers the crowd's messages to the town's webhook, half an hour after each other person's."""

    def __init__(self, town: Town) -> None:
        self.town = town

    def send(self, *, sender: str, recipient: str, text: str) -> tuple[str, ...]:
        return (self.town.phone(sender).say(text),)


@pytest.fixture
def town(database: Database) -> Town:
    """Forty residents over five days, some who left, a burst, employees and meetings."""
    town = Town.build(database)
    crowd = Crowd(TownGateway(town), "")  # type: ignore[arg-type]
    town.clock.move(days=-5)
    for person in residents(40, seed=3):
        town.clock.move(hours=2)
        crowd.run([person])
    crowd.run([*employees(4, seed=4), *note_takers(("MOTE1", "MOTE2"))])
    assert crowd.progress()["error"] == ""
    town.clock.time = MONDAY
    for last in range(3):
        town.phone(f"+4670174070{last}").answer_all(*RESIDENT[:5], "Det är alldeles för mörkt vid stationen")
    town.phone("+46701740704").answer_all("TRYGG", "ja", "1")
    town.clock.time = MONDAY + timedelta(days=1)
    town.phone("+46701740705").answer_all("TRYGG", "ja")
    town.phone("+46701740706").answer_all("TRYGG", "nej")
    town.phone("+46701740707").answer_all("TRYGG", "ja", "stopp")
    assert mark_bursts(town.house.database.sessions, town.clock()) >= 3
    return town


def watched(town: Town, language: str = "sv") -> WatchedRound:
    found = Watching(sessions=town.house.database.sessions, now=town.clock).look(ROUND, language)
    assert found is not None
    return found


def everybody(town: Town) -> list[Conversation]:
    with town.house.database.sessions.reading() as session:
        return list(session.scalars(select(Conversation)))


def by_hand(rows: list[Conversation], of: Callable[[Conversation], str]) -> dict[str, tuple[int, ...]]:
    """Begun, counted, and both without what is marked, by whatever `of` says."""
    begun, counted, plain, plain_counted = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for row in rows:
        code = of(row)
        begun[code] += 1
        counted[code] += row.outcome in COUNTED
        is_marked = bool(row.mark) or (row.ordinal > 1 and row.stream != "dialogue")
        plain[code] += not is_marked
        plain_counted[code] += not is_marked and row.outcome in COUNTED
    return {code: (begun[code], counted[code], plain[code], plain_counted[code]) for code in begun}


def told(lines: tuple[Line, ...]) -> dict[str, tuple[int, ...]]:
    """The same of lines; those in which nobody stands are left out."""
    return {
        line.code: (
            line.begun.everybody,
            line.counted.everybody,
            line.begun.unmarked,
            line.counted.unmarked,
        )
        for line in lines
        if line.begun.everybody
    }


# --- figures ---------------------------------------------------------------------------------------------------


def test_every_figure_is_what_counting_by_hand_gives(town: Town) -> None:
    found = watched(town)
    for stream in found.streams:
        rows = [row for row in everybody(town) if row.stream == stream.stream.value]
        assert told((stream.total,)) == by_hand(rows, lambda _: "")
        assert told(stream.outcomes) == by_hand(rows, lambda row: row.outcome)
        assert told(stream.channels) == by_hand(rows, lambda row: row.channel)
        assert told(stream.languages) == by_hand(rows, lambda row: row.language)
        assert told(stream.place_codes) == by_hand(rows, lambda row: row.place_code or "")
    rows = [row for row in everybody(town) if row.stream == "residents"]
    assert told(found.areas) == by_hand(rows, lambda row: row.area or "")
    assert told(found.ages) == by_hand(rows, lambda row: row.age or "")
    days = {day.on.isoformat(): told((day.line,)).get("") for day in found.days}
    zone = ZoneInfo("Europe/Stockholm")
    assert {on: line for on, line in days.items() if line} == by_hand(
        rows, lambda row: row.started_at.astimezone(zone).date().isoformat()
    )
    assert found.before_days.begun == Count()


def test_who_left_stands_at_the_question_and_who_is_under_way_does_not(town: Town) -> None:
    (stream,) = [s for s in watched(town).streams if s.stream.value == "residents"]
    since = town.clock() - timedelta(hours=24)
    left = [
        row
        for row in everybody(town)
        if row.stream == "residents" and row.outcome in ("break_off", "stopped")
    ]
    under_way = [row for row in left if row.status in ("asking", "waiting") and row.last_at >= since]
    assert under_way
    assert stream.under_way.everybody == len(under_way)
    by_question = Counter(row.at_question or "?" for row in left if row not in under_way)
    assert {line.code: line.begun.everybody for line in stream.left_at} == dict(by_question)
    town.clock.move(hours=25)
    (stream,) = [s for s in watched(town).streams if s.stream.value == "residents"]
    assert stream.under_way.everybody == 0
    assert sum(line.begun.everybody for line in stream.left_at) == len(left)
    assert [line.label for line in stream.left_at if line.code == "area"] == [
        "Vilken ort eller del av kommunen gäller dina svar?"
    ]


def test_a_closed_round_has_nobody_under_way(town: Town) -> None:
    town.rounds.close(ROUND)
    assert all(stream.under_way == Count() for stream in watched(town).streams)


def test_a_burst_is_told_with_and_without(town: Town) -> None:
    (stream,) = [s for s in watched(town).streams if s.stream.value == "residents"]
    (burst,) = [line for line in stream.marks if line.code == "burst"]
    assert burst.begun.everybody >= 3
    assert stream.total.begun.everybody - stream.total.begun.unmarked == sum(
        line.begun.everybody for line in stream.marks
    )


def test_areas_stand_beside_their_inhabitants(town: Town) -> None:
    found = watched(town)
    population = {"are_by": 2600, "duved": 1300, "jarpen": 2200, "undersaker": 1500}
    population |= {"morsil": 1700, "hallen": 1000, "kall": 600, "storlien": 250}
    assert set(found.coverage) == set(population)
    answers = {line.code: line.counted.everybody for line in found.areas if line.code in population}
    for code, beside in found.coverage.items():
        share = answers[code] / sum(answers.values())
        people = population[code] / sum(population.values())
        assert abs(beside.answers - 100 * share) <= 0.5
        assert abs(beside.population - 100 * people) <= 0.5
        wanted = "fewer" if share / people < 0.8 else "more" if share / people > 1.25 else "level"
        assert beside.verdict == wanted


def test_with_few_answers_no_area_is_compared(database: Database) -> None:
    town = Town.build(database)
    town.phone().answer_all(*RESIDENT)
    assert watched(town).coverage == {}


def test_days_are_swedens_and_long_ago_is_summed(database: Database) -> None:
    town = Town.build(database, opens_on=date(2026, 1, 1), closes_on=date(2026, 12, 31))
    town.clock.time = MONDAY - timedelta(days=60)
    town.phone("+46701740701").answer_all(*RESIDENT)
    town.clock.time = MONDAY.replace(day=1, hour=22, minute=30)
    town.phone("+46701740702").answer_all(*RESIDENT)
    town.clock.move(hours=1)  # past midnight in Sweden
    town.phone("+46701740703").say("TRYGG")
    found = watched(town)
    assert [(day.on.day, day.line.begun.everybody, day.line.counted.everybody) for day in found.days] == [
        (1, 1, 1),
        (2, 1, 0),
    ]
    assert found.before_days.counted == Count(everybody=1, unmarked=1)


def test_deliveries_are_counted_by_kind_of_fault_within_the_round(database: Database) -> None:
    town = Town.build(database)
    states = [("delivered", None), ("read", None), ("sent", None), ("failed", "30003"), ("failed", "30003")]
    states += [("failed", "30006"), ("failed", "77777"), ("failed", None)]
    with database.sessions.begin() as session:
        for number, (state, code) in enumerate(states):
            at = town.clock()
            session.add(
                Delivery(
                    provider="twilio", provider_id=str(number), state=state, error_code=code, updated_at=at
                )
            )
        long_ago = town.clock() - timedelta(days=400)
        session.add(
            Delivery(
                provider="twilio", provider_id="old", state="failed", error_code="30003", updated_at=long_ago
            )
        )
        session.flush()
    town.clock.move(seconds=1)
    found = watched(town).deliveries
    assert (found.arrived, found.on_their_way) == (2, 1)
    assert dict(found.faults) == {"unreachable": 2, "landline": 1, "other": 2}


def test_what_tells_of_danger_is_shown_from_five_on(database: Database) -> None:
    town = Town.build(database)
    for number in range(4):
        town.phone(f"+4670174070{number}").say("min man slår mig")
    town.phone("+46701740709").say("vill anmäla att min moppe är snodd")

    def counts() -> dict[str, int | None]:
        return dict(watched(town, "en").safeguards)

    assert counts()["Domestic violence: referred to support"] is None
    assert counts()["Suicidal thoughts: referred to support"] is None
    town.phone("+46701740710").say("min man slår mig")
    assert counts()["Domestic violence: referred to support"] == 5
    with database.sessions.begin() as session:
        session.add(SafeguardReply(id=1, round_id=1, kind="crime_report", channel="sms", hour=MONDAY))
        session.flush()
    assert counts()["Crime told: referred to 114 14"] == 1


# --- the page --------------------------------------------------------------------------------------------------


def test_the_page_shows_the_figures_and_its_fragment_the_same(town: Town) -> None:
    browser = Console.beside(town).browser("coordinator")
    page = browser.get(PATH).get_data(as_text=True)
    (stream,) = [s for s in watched(town).streams if s.stream.value == "residents"]
    assert f"<dt>Påbörjade</dt><dd>{stream.total.begun.everybody}</dd>" in page
    assert f"<dt>Räknas som svar</dt><dd>{stream.total.counted.everybody}</dd>" in page
    assert "Duveds bibliotek (DUVED3)" in page
    fragment = browser.get(f"{PATH}/figures").get_data(as_text=True)
    assert fragment.strip() in page
    assert "<html" not in fragment
    browser.post("/language", {"language": "en", "next": "/"})
    assert "<dt>Started</dt>" in browser.get(PATH).get_data(as_text=True)


def test_the_first_page_leads_a_coordinator_there_and_nobody_else(database: Database) -> None:
    console = Console.beside(Town.build(database))
    assert PATH in console.browser("coordinator").get("/").get_data(as_text=True)
    for role in ("coder", "note_taker", "viewer", "guardian"):
        browser = console.browser(role)
        assert PATH not in browser.get("/").get_data(as_text=True)
        assert browser.get(PATH).status_code == browser.get(f"{PATH}/figures").status_code == 403
    assert console.browser("coordinator").get("/rounds/nowhere/watch").status_code == 404


def test_an_empty_round_and_one_of_mode_b_have_their_page(database: Database) -> None:
    town = Town.build(database, **mode_b())
    browser = Console.beside(town).browser("coordinator")
    assert "I karantän hos väktaren: 0" in browser.get(PATH).get_data(as_text=True)
    town.phone().say("min man slår mig och jag heter kvitter")
    page = browser.get(PATH).get_data(as_text=True)
    assert "I karantän hos väktaren: 1" in page
    assert "kvitter" not in page
    assert re.search(r"Våld i nära relation[^<]*</th><td class=\"n\">färre än 5", page)


def test_hostile_names_do_not_break_the_page(database: Database) -> None:
    town = Town.build(database, name='<script>alert("x")</script>{{ 7*7 }}')
    page = Console.beside(town).browser("coordinator").get(PATH).get_data(as_text=True)
    assert "<script>alert" not in page
    assert "{{ 7*7 }}" in page
