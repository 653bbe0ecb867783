"""The flows and texts that ship: complete, clean, in one segment each, and to the letter what was agreed."""

import csv
import json
import re
from itertools import product
from pathlib import Path

import pytest

from flows.catalogue import flow_names, load_document, load_document_text, service_texts, words
from flows.checks import check_flow
from flows.commands import CommandReader
from flows.conditions import compile_expression
from flows.model import Flow, Kind, Question
from flows.parsing import parse_flow, serialise
from flows.reading import Safeguard
from flows.wording import interpolate
from flows.wording_checks import LONGEST_VALUES
from text.sms import measure

AGREED = Path(__file__).parents[2] / "labelled" / "sms_texts.tsv"
REFERENCE = Path(__file__).parents[3] / "docs" / "flow-format.md"
COMMANDS = CommandReader(words("commands"))


def _is_command(word: str, language: str) -> bool:
    return COMMANDS.read(word, language=language) is not None


PLACES = {
    "residents": {
        "R0_intro": "start",
        "R1_role": "role",
        "R2_area": "area",
        "R3_safe": "safety",
        "R4_avoid": "avoided",
        "R5_problem": "problem",
        "R6_where": "place",
        "R7_when": "when",
        "R8_list": "list",
        "R9_victim": "victim",
        "R10a_trust_police": "police_enough",
        "R10b_trust_municipality": "municipality_enough",
        "R11_wish": "wish",
        "R12_age": "age",
        "R13_gender": "gender",
        "R14_feedback": "feedback",
        "R15_thanks": "",
    },
    "employees": {
        "M0_intro": "start",
        "M1_org": "workplace",
        "M2_area": "area",
        "M3_problem": "problem",
        "M4_where": "place",
        "M5_when": "when",
        "M6_affected": "affected",
        "M7_trend": "trend",
        "M8_cause": "cause",
        "M9_now": "present",
        "M10_need": "needed",
        "M11_safe": "work_safety",
        "M12_more": "problems",
        "M13_thanks": "",
    },
    "dialogue": {
        "D0_start": "meeting",
        "D1_count": "participants",
        "D2_topic": "point",
        "D3_where": "places",
        "D4_when": "when",
        "D5_support": "support",
        "D6_who": "raised_by",
        "D7_idea": "measure",
        "D8_answer": "promised_answer",
        "D9_more": "points",
        "D10_missing": "missing_groups",
        "D11_thanks": "",
    },
    "texts": {
        "R16_reminder": "reminder",
        "R17_retry1": "not_understood",
        "R18_retry2": "kept_as_text",
        "R19_already": "already_answered",
        "R20_closed": "closed",
        "R21_unknown": "unknown_message",
        "R22_results": "results",
        "S1_emergency": "emergency",
        "S2_crime": "crime_report",
        "S3_suicide": "suicide",
        "S4_domestic": "domestic",
        "S5_child": "child",
        "S5b_young": "under_age",
        "S6_pii": "masked",
        "S7_threat": "threat",
        "S8_help": "help",
        "S9_stop": "stopped",
        "S10_deleted": "erased",
        "S11_who": "who_are_we",
    },
}


def packaged(name: str) -> Flow:
    loaded = load_document(name)
    result = parse_flow(loaded.document, loaded.places)
    assert result.flow is not None, result.problems
    return result.flow


def agreed() -> list[dict[str, str]]:
    with AGREED.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def shipped_sms(text_id: str, language: str) -> str:
    document, name = next((d, names[text_id]) for d, names in PLACES.items() if text_id in names)
    if document == "texts":
        return service_texts()[name][language]
    flow = packaged(document)
    return (flow.question(name).sms if name else flow.thanks_sms)[language]


def asked(flow: Flow, values: dict[str, str]) -> list[str]:
    """Names of the questions that are relevant when `values` are known from the start."""

    def relevant(question: Question) -> bool:
        return not question.relevant or compile_expression(question.relevant).holds(values)

    return [question.name for question in flow.questions if relevant(question)]


@pytest.mark.parametrize("row", agreed(), ids=lambda row: f"{row['id']}-{row['lang']}")
def test_sms_text_is_to_the_letter_what_was_agreed(row: dict[str, str]) -> None:
    shipped = shipped_sms(row["id"], row["lang"])
    filled = interpolate(
        shipped, {"ORD": "TRYGG", "ANTAL": "8"}
    )  # the round's keyword and count came to stand open
    assert filled == row["text"]


def test_every_sms_text_of_the_flows_was_agreed() -> None:
    for name in flow_names():
        with_sms = {question.name for question in packaged(name).questions if question.sms}
        assert with_sms == {place for place in PLACES[name].values() if place}


@pytest.mark.parametrize("name", ["residents", "employees", "dialogue"])
def test_packaged_flow_is_clean(name: str) -> None:
    loaded = load_document(name)
    result = parse_flow(loaded.document, loaded.places)
    assert loaded.problems == result.problems == ()
    assert result.flow is not None
    assert check_flow(result.flow, service_texts(), is_command=_is_command) == ()


def test_three_flows_ship() -> None:
    assert flow_names() == ("dialogue", "employees", "residents")
    with pytest.raises(KeyError):
        load_document("texts")


@pytest.mark.parametrize(("key", "language"), [*product(sorted(service_texts()), ("sv", "en"))])
def test_service_text_is_one_gsm7_segment(key: str, language: str) -> None:
    size = measure(interpolate(service_texts()[key][language], LONGEST_VALUES))
    assert (size.encoding, size.segments) == ("GSM-7", 1)


def test_every_safeguard_has_its_text_with_a_number_to_call() -> None:
    for safeguard, language in product(Safeguard, ("sv", "en")):
        assert "112" in service_texts()[safeguard.value][language]  # threat and domestic too: 112 first


def test_sender_test_answers_with_swedish_letters() -> None:
    assert set(service_texts()["sender_test"].values()) == {"räksmörgås"}


@pytest.mark.parametrize("name", ["residents", "employees", "dialogue"])
def test_chat_wording_has_no_numbers_to_write(name: str) -> None:
    for question in packaged(name).questions:
        for text in question.label.values():
            assert "Svara med en siffra" not in text and "Reply with" not in text
            assert not any(f" {choice.key} {choice.label['sv']}" in text for choice in question.choices)


SMS = {"channel": "sms", "role": "lives", "problem": "answered", "problem_category": "lighting_env"}
CORE = ["start", "role", "area", "safety", "problem", "place", "when", "wish", "age"]


def test_residents_by_sms_are_asked_the_core() -> None:
    flow = packaged("residents")
    assert asked(flow, SMS) == CORE
    assert flow.core == tuple(CORE[1:]) and len(flow.core) == 8


@pytest.mark.parametrize(
    ("settings", "added"),
    [
        ({"ask_gender": "yes"}, {"gender"}),
        ({"ask_feedback": "yes"}, {"feedback"}),
        ({"ask_victim": "yes"}, set()),
        ({"ask_gender": "no", "ask_feedback": "no"}, set()),
    ],
)
def test_round_settings_add_questions_by_sms(settings: dict[str, str], added: set[str]) -> None:
    assert set(asked(packaged("residents"), {**SMS, **settings})) - set(CORE) == added


def test_chat_asks_all_but_what_is_switched_off() -> None:
    flow = packaged("residents")
    everything = [question.name for question in flow.questions]
    chat = asked(flow, {**SMS, "channel": "web"})
    assert [name for name in everything if name not in chat] == ["victim", "feedback"]
    assert "victim" in asked(flow, {**SMS, "channel": "web", "ask_victim": "yes"})


@pytest.mark.parametrize("channel", ["sms", "web"])
def test_visitors_take_the_short_path(channel: str) -> None:
    values = {**SMS, "channel": channel, "role": "visiting", "ask_gender": "yes", "ask_feedback": "yes"}
    assert asked(packaged("residents"), values) == ["start", "role", "problem", "place", "when", "wish"]


def test_role_not_told_is_not_taken_for_a_visitor() -> None:
    assert "age" in asked(packaged("residents"), {**SMS, "role": "dont_know"})


def test_place_is_not_asked_when_the_problem_names_it() -> None:
    path = asked(packaged("residents"), {**SMS, "problem_place": "station"})
    assert "place" not in path and "when" in path


@pytest.mark.parametrize(
    "values",
    [
        {"problem_category": "no_problem"},
        {"problem_category": "empty"},
        {"problem": "dont_know", "problem_category": ""},
        {"problem": "skipped", "problem_category": ""},
        {"problem": "withheld", "problem_category": "domestic_violence"},
    ],
)
def test_place_and_time_are_not_asked_without_a_problem(values: dict[str, str]) -> None:
    path = asked(packaged("residents"), {**SMS, **values})
    assert "place" not in path and "when" not in path and "wish" in path


def test_place_and_time_are_asked_for_a_problem_that_could_not_be_coded() -> None:
    assert {"place", "when"} <= set(asked(packaged("residents"), {**SMS, "problem_category": ""}))


def test_meeting_is_not_asked_for_where_the_place_code_tells_it() -> None:
    flow = packaged("dialogue")
    assert "meeting" in asked(flow, {}) and "meeting" not in asked(flow, {"place_code": "MOTE1234"})


@pytest.mark.parametrize(("name", "repeat"), [("employees", "problems"), ("dialogue", "points")])
def test_repeats_end_with_their_question(name: str, repeat: str) -> None:
    inside = [question for question in packaged(name).questions if question.repeat == repeat]
    assert inside[-1].name == repeat and inside[-1].closes_repeat
    assert [question.closes_repeat for question in inside[:-1]] == [False] * (len(inside) - 1)


def test_streams_share_the_codes_of_time() -> None:
    def codes(name: str) -> list[str]:
        return [choice.name for choice in packaged(name).question("when").choices]

    assert codes("residents") == codes("employees") == codes("dialogue")[:-1]
    assert codes("dialogue")[-1] == "not_said"


def test_open_answers_that_are_counted_name_the_taxonomy() -> None:
    coded = {q.name for name in flow_names() for q in packaged(name).questions if q.code_with == "tax-1"}
    assert coded == {"problem", "point", "wish", "measure"}


def test_kinds_of_the_residents_flow() -> None:
    kinds = {question.name: question.kind for question in packaged("residents").questions}
    assert kinds["start"] is Kind.CONSENT and kinds["area"] is Kind.AREA and kinds["safety"] is Kind.SCALE
    assert kinds["avoided"] is Kind.YESNO and kinds["age"] is Kind.AGE and kinds["place"] is Kind.PLACE
    assert kinds["list"] is Kind.MULTI and kinds["wish"] is Kind.OPEN


def test_published_flow_is_read_back_as_it_was() -> None:
    stored = json.dumps(serialise(load_document("residents").document))
    assert parse_flow(json.loads(stored)).flow == packaged("residents")


def test_example_in_the_reference_is_clean() -> None:
    example = REFERENCE.read_text(encoding="utf-8").split("```yaml\n")[1].split("```")[0]
    loaded = load_document_text(example, "example.yaml")
    result = parse_flow(loaded.document, loaded.places)
    assert loaded.problems == result.problems == ()
    assert result.flow is not None
    assert check_flow(result.flow, service_texts(), is_command=_is_command, places=loaded.places) == ()


def test_reference_names_every_problem_code() -> None:
    reference = REFERENCE.read_text(encoding="utf-8")
    sources = ("catalogue", "documents", "parsing", "survey", "checks", "wording_checks")
    texts = [(REFERENCE.parents[1] / "flows" / f"{name}.py").read_text(encoding="utf-8") for name in sources]
    codes = {code for text in texts for code in re.findall(r'report\(\s*"([a-z_]+)"', text)}
    codes |= {"choice_name_doubled", "choice_key_doubled"}  # put together from the column's name
    assert len(codes) > 30
    assert {code for code in codes if f"`{code}`" not in reference} == set()
