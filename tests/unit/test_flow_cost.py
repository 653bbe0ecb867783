"""What a survey costs by SMS: texts as they are sent, and no conversation cheaper or dearer than is said."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cli import main
from bot.services.costing import cost_of
from flows.catalogue import flow_names, load_document, load_document_text
from flows.conversation import Conversation, Position
from flows.cost import Pricing
from flows.model import Flow, Kind
from flows.parsing import parse_flow
from flows.path import next_position
from flows.routes import find_routes

SMALL = """
settings: {form_id: small, version: 1, title: {sv: A}, stream: residents, languages: [sv, en], draft_languages: [ar]}
choices:
  yes_no:
    - {name: yes, label: {sv: Ja, en: Yes}}
    - {name: no, label: {sv: Nej, en: No}}
survey:
  - {type: hidden, name: channel}
  - {type: hidden, name: ask_more}
  - {type: acknowledge, name: start, label: {sv: "Hej [K] – börja?", en: Begin?, ar: ابدأ}}
  - {type: select_one yes_no, name: bus, label: {sv: Åker du buss?, en: Bus?}}
  - {type: text, name: only_chat, relevant: "${channel} != 'sms'", label: {sv: Chatt?, en: Chat?}}
  - {type: text, name: more, relevant: "${bus} = 'yes' and ${ask_more} = 'yes'", label: {sv: LONG, en: More?}}
  - {type: begin_repeat, name: again, repeat_max: 3, relevant: "${bus} = 'yes'", label: {sv: Fler?, en: More?}}
  - {type: text, name: problem, code_with: tax-1, label: {sv: Vad?, en: What?}}
  - {type: text, name: why, relevant: "selected(${problem_category}, 'traffic')", label: {sv: Varför?, en: Why?}}
  - {type: end_repeat}
  - {type: note, role: thanks, label: {sv: Tack!, en: Thanks!}}
""".replace("LONG", "å" * 161)


def flow_of(text: str) -> Flow:
    flow = parse_flow(load_document_text(text, "small.yaml").document).flow
    assert flow is not None
    return flow


def packaged(name: str) -> Flow:
    flow = parse_flow(load_document(name).document).flow
    assert flow is not None
    return flow


def test_texts_are_measured_as_sent() -> None:
    pricing = Pricing(flow_of(SMALL), {}, {"K": "Åre kommun"})
    start = pricing.size("question:start", "sv")
    assert (start.encoding, start.units, start.segments) == ("GSM-7", len("Hej Åre kommun - börja?"), 1)
    assert pricing.size("question:start", "ar").encoding == "UCS-2"
    assert pricing.size("question:more", "sv").segments == 2


def test_what_sms_never_asks_costs_nothing_and_pages_have_no_segments() -> None:
    texts = {"help": {"sv": "Hjälp"}, "help_page": {"sv": "Hjälp här"}}
    keys = {text.key for text in Pricing(flow_of(SMALL), texts, {}).list_texts()}
    assert "question:only_chat" not in keys
    assert {"question:more", "thanks", "help"} <= keys
    assert "help_page" not in keys


def test_shortest_and_longest_are_those_of_the_answers_that_decide() -> None:
    routes = find_routes(flow_of(SMALL), "sms", lambda name: 2 if name == "more" else 1)
    assert routes is not None
    assert routes.shortest == ("start", "bus")
    turn = ("problem", "why")
    assert routes.longest == ("start", "bus", "more", *turn, "again", *turn, "again", *turn)


def test_a_typical_conversation_lies_between() -> None:
    costs = {(c.language, c.route): c for c in cost_of(flow_of(SMALL)).conversations}
    assert costs["sv", "typical"].questions == ("start", "bus", "problem", "again")
    assert costs["sv", "typical"].messages == 5
    assert costs["ar", "typical"].ucs2_messages == 1
    assert costs["sv", "longest"].segments == costs["sv", "longest"].messages + 1


@pytest.mark.parametrize("name", flow_names())
def test_no_conversation_is_outside_what_is_said(name: str) -> None:
    flow = packaged(name)
    routes = find_routes(flow, "sms", lambda _: 1)
    assert routes is not None

    @settings(max_examples=150, deadline=None, derandomize=True)
    @given(data=st.data())
    def outside(data: st.DataObject) -> None:
        assert len(routes.shortest) <= len(_answered(flow, data)) <= len(routes.longest)

    outside()


def _answered(flow: Flow, data: st.DataObject) -> list[str]:
    """The questions of a conversation with any answers."""
    hidden = {h.name: data.draw(st.sampled_from(["", "yes", "no", "X"])) for h in flow.hidden}
    state = Conversation(
        flow=flow.id, version="1", language="sv", channel="sms", given={**hidden, "channel": "sms"}
    )
    asked = []
    position = next_position(flow, state, None)
    while position is not None:
        asked.append(position.question)
        question = flow.question(position.question)
        values = (
            ["yes"] if question.kind is Kind.CONSENT else [c.name for c in question.choices] or ["answered"]
        )
        unknown = [] if question.kind is Kind.CONSENT else ["dont_know"]
        answers = {**state.answers, position: data.draw(st.sampled_from([*values, *unknown]))}
        for derived, about in (("category", ["no_problem", "traffic", "empty"]), ("place", ["", "station"])):
            if question.code_with:
                answers[Position(f"{position.question}_{derived}", position.repeat)] = data.draw(
                    st.sampled_from(about)
                )
        state = replace(state, answers=answers)
        position = next_position(flow, state, position)
    return asked


def test_a_flow_that_hangs_together_in_too_many_ways_has_no_known_ends() -> None:
    names = [f"q{number}" for number in range(18)]
    questions = "".join(f"  - {{type: select_one yes_no, name: {n}, label: {{sv: Q}}}}\n" for n in names)
    condition = " and ".join(f"${{{name}}} = 'yes'" for name in names)
    last = f'  - {{type: text, name: last, label: {{sv: Q}}, relevant: "{condition}"}}\n'
    head, _, _ = SMALL.partition("  - {type: hidden, name: channel}")
    assert find_routes(flow_of(head + questions + last), "sms", lambda _: 1) is None


def test_the_command_tells_sums_in_kronor_and_figures_as_json() -> None:
    table = CliRunner().invoke(main, ["flow", "cost", "residents", "--price", "50"]).output
    assert f"  {'sv longest':<28}  12 messages (0 UCS-2)   12 segments  SEK 6.00\n" in table
    told = json.loads(CliRunner().invoke(main, ["flow", "cost", "--json", "--price", "50"]).output)
    assert [flow["flow"] for flow in told["flows"]] == list(flow_names())
    longest = told["flows"][2]["conversations"][2]
    assert (longest["route"], longest["segments"], longest["ore"]) == ("longest", 12, 600.0)
    assert told["assumptions"]


def test_a_flow_with_errors_has_no_cost(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text("settings: {form_id: x}")
    result = CliRunner().invoke(main, ["flow", "cost", str(tmp_path / "x.yaml")])
    assert result.exit_code == 1
    assert "setting_missing" in result.output
