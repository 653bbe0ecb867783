"""What messages tell of that goes before the survey, and all the ordinary answers that do not."""

import csv
from pathlib import Path

import pytest

from flows.catalogue import words
from flows.reading import Safeguard
from flows.safeguards import SafeguardRules

LABELLED = Path(__file__).parent.parent / "labelled"
TOLD = {
    "emergency": {Safeguard.EMERGENCY},
    "child": {Safeguard.CHILD, Safeguard.UNDER_AGE},
    "suicide": {Safeguard.SUICIDE},
    "domestic": {Safeguard.DOMESTIC},
    "threat": {Safeguard.THREAT},
    "crime_report": {Safeguard.CRIME_REPORT},
}
LEAST_RECALL = {
    "emergency": 0.97,
    "child": 0.97,
    "suicide": 0.97,
    "domestic": 0.97,
    "threat": 0.9,
    "crime_report": 0.9,
}


@pytest.fixture(scope="module")
def rules() -> SafeguardRules:
    return SafeguardRules(words("safeguards"))


def told(rules: SafeguardRules, text: str) -> set[Safeguard]:
    return {alarm.safeguard for alarm in rules.notice(text)}


def labelled(name: str = "messages_author") -> list[dict[str, str]]:
    with (LABELLED / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.parametrize(
    ("text", "safeguard"),
    [
        ("dom slåss utanför konsum nu o en ligger ner", Safeguard.EMERGENCY),
        ("kom hit fort nån e i källarn", Safeguard.EMERGENCY),
        ("hela huset luktar gas", Safeguard.EMERGENCY),
        ("HJÄLP mig han är här", Safeguard.EMERGENCY),
        ("hjalp mig nagon ar i lagenheten", Safeguard.EMERGENCY),
        ("hlep me hes got a gun", Safeguard.EMERGENCY),
        ("ja går i femman o pappa slog mej igår", Safeguard.CHILD),
        ("ja går i femman", Safeguard.UNDER_AGE),
        ("ja vill inte va me längre", Safeguard.SUICIDE),
        ("min son vill inte leva", Safeguard.SUICIDE),
        ("sjelvmord är det enda ja tänker på", Safeguard.SUICIDE),
        ("min kille släpper inte ut mej", Safeguard.DOMESTIC),
        ("grannen slår sin fru", Safeguard.DOMESTIC),
        ("ni på kommunen ska få en kula", Safeguard.THREAT),
        ("vill anmäla att min moppe är snodd", Safeguard.CRIME_REPORT),
        ("haluan kuolla", Safeguard.SUICIDE),
        ("زوجي يضربني", Safeguard.DOMESTIC),
        ("mindi buu haystaa", Safeguard.EMERGENCY),
    ],
)
def test_distress_is_noticed_however_it_is_spelt(
    rules: SafeguardRules, text: str, safeguard: Safeguard
) -> None:
    assert safeguard in told(rules, text)


@pytest.mark.parametrize(
    "text",
    [
        "ungdomar slåss vid stationen på helgerna",
        "jag är rädd att gå hem",
        "våld i nära relationer är ett problem här",
        "det brann en bil i våras",
        "jag blev rånad förra året",
        "självmordspreventionen borde få mer pengar",
        "tar livet av cykelturismen",
        "min man och jag går ofta elljusspåret",
        "min dotter är 12 år och vågar inte gå till bussen",
        "döda vinkeln i korsningen",
        "det är 12 år sen det hände något",
        "I could kill for a coffee",
        "",
        "👍",
        "...",
    ],
)
def test_ordinary_answers_past_events_and_idioms_raise_no_alarm(rules: SafeguardRules, text: str) -> None:
    assert rules.notice(text) == ()


def test_alarms_come_in_the_order_of_urgency(rules: SafeguardRules) -> None:
    text = "jag är 12 år och min pappa slår mig. hjälp han har en kniv. jag vill dö"
    order = list(Safeguard)
    found = [alarm.safeguard for alarm in rules.notice(text)]
    assert found == sorted(found, key=order.index)
    assert {Safeguard.EMERGENCY, Safeguard.CHILD, Safeguard.UNDER_AGE, Safeguard.SUICIDE} <= set(found)


def test_an_alarm_names_its_rule_and_never_the_text(rules: SafeguardRules) -> None:
    (alarm,) = rules.notice("jag vill dö")
    assert alarm.rule == "sv.want_to_die"


def test_a_habit_in_one_sentence_does_not_hide_the_danger_in_the_next(rules: SafeguardRules) -> None:
    text = "Det är bråk här varje helg. Nu har han dragit kniv, skicka polis"
    assert Safeguard.EMERGENCY in told(rules, text)


@pytest.mark.parametrize("safeguard", LEAST_RECALL)
@pytest.mark.parametrize("part", ["development", "unseen"])
def test_recall_on_labelled_messages(rules: SafeguardRules, part: str, safeguard: str) -> None:
    rows = [row for row in labelled() if row["part"] == part and row["intended"] == safeguard]
    found = sum(bool(told(rules, row["text"]) & TOLD[safeguard]) for row in rows)
    assert found / len(rows) >= LEAST_RECALL[safeguard]


@pytest.mark.parametrize("part", ["development", "unseen"])
def test_false_alarms_on_labelled_answers(rules: SafeguardRules, part: str) -> None:
    ordinary = [row for row in labelled() if row["part"] == part and row["intended"] not in TOLD]
    alarmed = [row["text"] for row in ordinary if rules.notice(row["text"])]
    assert len(alarmed) / len(ordinary) <= 0.01, alarmed


@pytest.mark.parametrize("safeguard", ["emergency", "child", "suicide", "domestic"])
@pytest.mark.parametrize("name", ["messages_author_second", "messages_author_third"])
def test_recall_on_messages_far_from_the_first_rules(
    rules: SafeguardRules, name: str, safeguard: str
) -> None:
    rows = [row for row in labelled(name) if row["intended"] == safeguard]
    missed = [row["text"] for row in rows if not told(rules, row["text"]) & TOLD[safeguard]]
    assert len(missed) / len(rows) <= 0.03, missed


@pytest.mark.parametrize("name", ["messages_author_second", "messages_author_third"])
def test_false_alarms_on_answers_with_the_same_words(rules: SafeguardRules, name: str) -> None:
    ordinary = [row for row in labelled(name) if row["intended"] not in TOLD]
    alarmed = [row["text"] for row in ordinary if rules.notice(row["text"])]
    assert len(alarmed) / len(ordinary) <= 0.01, alarmed


@pytest.mark.parametrize(
    "text", ["min manslår mig", "jagvill dö", "han slårmig hemma varje kväll", "jag orkarinte leva längre"]
)
def test_words_written_together_are_read(rules: SafeguardRules, text: str) -> None:
    assert rules.notice(text)


def test_an_adult_hurt_at_home_gets_no_reply_for_children(rules: SafeguardRules) -> None:
    assert told(rules, "mannen jag är gift med kastar saker på mig") == {Safeguard.DOMESTIC}


@pytest.mark.parametrize("text", ["a" * 1600, "nu " * 500, "jag är " * 200, "slår mig han " * 120])
def test_long_and_monotonous_messages_stay_cheap(rules: SafeguardRules, text: str) -> None:
    assert len(rules.notice(text)) <= len(Safeguard)


def small(pattern: str) -> SafeguardRules:
    rule = {"when": [pattern], "unless": "PAST"}
    language = {
        "classes": {"PAST": "förra igår", "FIRE": "brinn* *brand"},
        "rules": {"emergency": {"fire": rule}},
    }
    return SafeguardRules({"common": "det är", "languages": {"sv": language}})


@pytest.mark.parametrize(
    ("pattern", "text", "fires"),
    [
        ("det FIRE", "det brinner", True),
        ("det FIRE", "det där brinner", False),
        ("det ..1 FIRE", "det där brinner", True),
        ("FIRE <2> hus", "hus i brinnande fara", True),
        ("FIRE <2> hus", "skogsbrand nära hus", True),
        ("FIRE !för", "brinner för idrott", False),
        ("FIRE !för", "brinner", True),
        ("^ FIRE", "nu brinner", False),
        ("FIRE $", "brinner nu", False),
        ("FIRE nu|$", "det brinner", True),
        ("FIRE nu|$", "det brinner nu igen", True),
        ("FIRE nu|$", "det brinner inte", False),
        ("det|^ FIRE", "brinner", True),
        ("FIRE + hus + nu", "nu är det ett hus som brinner", True),
        ("FIRE + hus + nu", "ett hus som brinner", False),
        ("FIRE + hus + nu", "nu brinner det " + "där borta " * 5 + "i ett hus", False),
        ("FIRE + hus", "hus brinner men det som hände där borta vid vägen var redan igår", True),
        ("FIRE + hus", "hus brann igår och brinner", False),
        ("det|^ FIRE", "vad brinner", False),
        ("det FIRE", "det brinner igår", False),
        ("det FIRE", "det brinner. Igår regn", True),
        ("det FIRE", "det. brinner", False),
        ("då FIRE", "da brinner", True),
        ("då FIRE", "da brinner här då", False),
    ],
)
def test_the_language_of_patterns(pattern: str, text: str, fires: bool) -> None:
    assert bool(small(pattern).notice(text)) is fires


def test_a_stem_too_short_to_be_looked_up_is_refused() -> None:
    with pytest.raises(ValueError, match=r"eld\* has fewer than 4 letters"):
        small("det eld*")


def test_a_pattern_that_names_no_word_class_is_refused() -> None:
    with pytest.raises(ValueError, match="no word class FLOOD"):
        small("det FLOOD")
