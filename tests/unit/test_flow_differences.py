"""What a new version of a survey changes, and which of its answers may stand beside those of the version before."""

from dataclasses import replace

import pytest

from bot.services.comparing import difference_lines
from flows.catalogue import load_document_text
from flows.differences import QuestionTrend, Trend, compare_flows
from flows.model import Flow
from flows.parsing import parse_flow

FIRST = """
settings: {form_id: small, version: 1, title: {sv: A, en: A}, stream: residents, languages: [sv, en], core: [bus]}
choices:
  yes_no:
    - {name: yes, label: {sv: Ja, en: Yes}}
    - {name: no, label: {sv: Nej, en: No}}
  when:
    - {name: day, key: 1, label: {sv: Dag, en: Day}, synonyms: {sv: [dagtid]}}
    - {name: night, key: 2, label: {sv: Natt, en: Night}}
survey:
  - {type: acknowledge, name: start, label: {sv: Börja?, en: Begin?}}
  - {type: select_one yes_no, name: bus, label: {sv: Åker du buss?, en: Bus?}, sms: {sv: Buss? 1 Ja, en: Bus? 1 Yes}}
  - {type: select_one when, name: when, relevant: "${bus} = 'yes'", label: {sv: När?, en: When?}}
  - {type: integer, name: wait, label: {sv: Hur länge?, en: How long?}}
  - {type: text, name: why, role: problem, label: {sv: Varför?, en: Why?}}
  - {type: note, role: thanks, label: {sv: Tack!, en: Thanks!}}
"""


def flow_of(text: str) -> Flow:
    flow = parse_flow(load_document_text(text, "small.yaml").document).flow
    assert flow is not None
    return flow


def changed(*replacements: tuple[str, str]) -> Flow:
    text = FIRST
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new)
    return flow_of(text)


def trends(after: Flow) -> dict[str, QuestionTrend]:
    found = compare_flows(flow_of(FIRST), after).trends
    return {trend.question: trend for trend in found if trend.trend is not Trend.IDENTICAL}


@pytest.mark.parametrize(
    ("old", "new", "question", "trend", "because"),
    [
        ("sv: Varför?", "sv: Varför då?", "why", Trend.CAUTION, "wording"),
        ("Buss? 1 Ja", "Buss? 1. Ja", "bus", Trend.CAUTION, "wording"),
        ("= 'yes'", "!= 'no'", "when", Trend.CAUTION, "relevant"),
        ("sv: Natt", "sv: Nattetid", "when", Trend.CAUTION, "choice_wording"),
        ("key: 2", "key: 0", "when", Trend.CAUTION, "choice_key"),
        ("name: night", "name: late", "when", Trend.BROKEN, "choice_added"),
        ("select_one when", "select_multiple when", "when", Trend.BROKEN, "kind"),
        ("role: problem", "role: wish", "why", Trend.BROKEN, "role"),
        ("name: wait,", "name: wait, parts: [a, b],", "wait", Trend.BROKEN, "kind"),
    ],
)
def test_a_change_is_told_of_the_question_that_it_touches(
    old: str, new: str, question: str, trend: Trend, because: str
) -> None:
    found = trends(changed((old, new)))
    assert [*found] == [question]
    assert found[question].trend is trend
    assert because in found[question].because


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[dagtid]", "[dagtid, dagar]"),
        ("name: wait,", "name: wait, required: no,"),
        ("version: 1", "version: 2"),
    ],
)
def test_what_changes_no_question_leaves_the_comparison_identical(old: str, new: str) -> None:
    after = changed((old, new))
    assert trends(after) == {}
    assert compare_flows(flow_of(FIRST), after).differences


def test_a_new_language_changes_nothing_for_those_who_had_theirs() -> None:
    draft = changed(
        ("languages: [sv, en]", "languages: [sv, en], draft_languages: [fi]"),
        ("sv: Varför?", "sv: Varför?, fi: Miksi?"),
    )
    after = replace(draft, languages=("sv", "en", "fi"))  # as when somebody has signed it off
    assert trends(after) == {}
    assert [d.what for d in compare_flows(flow_of(FIRST), after).differences] == ["language_added"]


def test_only_the_question_that_was_moved_is_said_to_have_moved() -> None:
    lines = FIRST.splitlines(keepends=True)
    at = next(i for i, line in enumerate(lines) if "name: why" in line)
    why = lines.pop(at)
    lines.insert(next(i for i, line in enumerate(lines) if "name: bus" in line), why)
    after = flow_of("".join(lines))
    assert trends(after) == {"why": QuestionTrend(question="why", trend=Trend.CAUTION, because=("moved",))}
    (difference,) = compare_flows(flow_of(FIRST), after).differences
    assert (difference.what, difference.of, difference.after) == ("moved", "why", "start")


def test_the_same_words_under_another_name_are_recognised() -> None:
    found = compare_flows(flow_of(FIRST), changed(("name: wait", "name: minutes")))
    assert found.renamed == {"wait": "minutes"}
    assert [d.what for d in found.differences] == ["question_renamed"]


def test_another_stream_is_never_compared() -> None:
    found = compare_flows(flow_of(FIRST), changed(("stream: residents", "stream: employees")))
    assert {trend.trend for trend in found.trends} == {Trend.BROKEN}


def test_the_lines_say_what_follows_in_plain_words() -> None:
    after = changed(
        ("  - {type: integer, name: wait, label: {sv: Hur länge?, en: How long?}}\n", ""),
        ("name: why, role", "name: cause, role"),
        ("sv: När?", "sv: När då?"),
        ("core: [bus]", "core: [bus, when]"),
    )
    told = "\n".join(difference_lines(flow_of(FIRST), after))
    for line in (
        "wait is no longer asked: Hur länge?",
        "why is now called cause, with the same words",
        'when, label in sv: was "När?", is "När då?"',
        "Both say version 1. Give the changed one a new version",
        "who has begun finishes the version that they began",
        "identical in words, choices and who is asked: start, bus",
        "Compare with caution, and say so in the report: when (other words)",
        "The line ends here: wait",
        "Same words under another name: why and cause",
        "other questions decide it (core)",
    ):
        assert line in told


def test_no_difference_is_one_sentence() -> None:
    (line,) = difference_lines(flow_of(FIRST), flow_of(FIRST))
    assert line.startswith("No difference")
