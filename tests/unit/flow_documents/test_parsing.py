"""Flow documents: what becomes of each row, and that every fault is a problem with place and advice."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.catalogue import load_document_text
from flows.documents import Problem
from flows.model import Choice, Flow, Hidden, Kind
from flows.parsing import parse_flow, serialise, with_round_lists

SMALL = """
settings:
  form_id: small
  version: 1
  title: {sv: Liten, en: Small}
  stream: residents
  languages: [sv, en]
  core: [role]
choices:
  yes_no:
    - {name: yes, key: 1, label: {sv: Ja, en: Yes}}
    - {name: no, key: 2, label: {sv: Nej, en: No}}
  role:
    - {name: lives, label: {sv: Bor här, en: Live here}, synonyms: {sv: [bor, boende], en: "live, resident"}}
    - {name: 15_24, label: {sv: Besöker, en: Visiting}}
survey:
  - {type: hidden, name: channel}
  - {type: acknowledge, name: start, label: {sv: Börja?, en: Begin?}}
  - {type: select_one role, name: role, role: role, label: {sv: Vem?, en: Who?}, sms: {sv: "Vem? 1 Bor här"}}
  - type: note
    role: thanks
    label: {sv: Tack!, en: Thank you!}
    sms: {sv: Tack då!}
"""


def parsed(survey: str = "", *, document: str = SMALL) -> Flow:
    """The flow of SMALL with rows put in front of its thanks."""
    result = parse_flow(load_document_text(_with_rows(document, survey), "small.yaml").document)
    assert result.flow is not None, result.problems
    return result.flow


def problems_of(text: str) -> tuple[Problem, ...]:
    loaded = load_document_text(text, "small.yaml")
    return loaded.problems or parse_flow(loaded.document, loaded.places).problems


def _with_rows(document: str, rows: str) -> str:
    return document.replace("  - type: note\n", f"{rows}  - type: note\n")


def test_document_becomes_a_flow() -> None:
    flow = parsed()
    assert (flow.id, flow.version, flow.stream) == ("small", "1", "residents")
    assert flow.languages == ("sv", "en") and flow.default_language == "sv"
    assert flow.hidden == (Hidden(name="channel"),)
    assert flow.thanks == {"sv": "Tack!", "en": "Thank you!"} and flow.thanks_sms == {"sv": "Tack då!"}
    assert [question.name for question in flow.questions] == ["start", "role"]


def test_choices_keep_codes_as_written_and_are_numbered_where_keys_are_left_out() -> None:
    lives, young = parsed().question("role").choices
    assert (lives.name, lives.key, young.name, young.key) == ("lives", "1", "15_24", "2")
    assert lives.synonyms == {"sv": ("bor", "boende"), "en": ("live", "resident")}


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        ("type: acknowledge", Kind.CONSENT),
        ("type: select_one role", Kind.SINGLE),
        ("type: select_one yes_no", Kind.YESNO),
        ("type: select_one role, appearance: likert", Kind.SCALE),
        ("type: select_one role, role: age", Kind.AGE),
        ("type: select_one_from_file areas", Kind.AREA),
        ("type: select_one_from_file meetings.csv", Kind.SINGLE),
        ("type: select_multiple role, max_choices: 3", Kind.MULTI),
        ("type: integer", Kind.NUMBER),
        ("type: integer, parts: [women, men]", Kind.NUMBERS),
        ("type: text, role: place", Kind.PLACE),
        ("type: text, code_with: tax-1", Kind.OPEN),
    ],
)
def test_type_role_and_appearance_give_the_kind(row: str, kind: Kind) -> None:
    assert parsed(f"  - {{{row}, name: q, label: {{sv: Q}}}}\n").question("q").kind is kind


def test_relevance_of_groups_is_inherited() -> None:
    flow = parsed("""
  - {type: begin_group, relevant: "${role} = 'lives' or ${role} = '15_24'"}
  - {type: text, name: a, label: {sv: A}}
  - {type: begin_group, relevant: "${a} != ''"}
  - {type: text, name: b, label: {sv: B}, relevant: "${channel} = 'sms'"}
  - {type: end_group}
  - {type: end_group}
  - {type: text, name: c, label: {sv: C}}
""")
    assert flow.question("a").relevant == "${role} = 'lives' or ${role} = '15_24'"
    assert flow.question("b").relevant == (
        "((${role} = 'lives' or ${role} = '15_24') and (${a} != '')) and (${channel} = 'sms')"
    )
    assert flow.question("c").relevant == ""


def test_repeat_ends_with_its_own_yes_no_question() -> None:
    flow = parsed("""
  - {type: begin_repeat, name: more, label: {sv: En till?}, repeat_max: 5, relevant: "${role} = 'lives'"}
  - {type: text, name: problem, label: {sv: Vad?}}
  - {type: end_repeat}
""")
    problem, more = flow.questions[-2:]
    assert problem.repeat == "more" and not problem.closes_repeat
    assert more.kind is Kind.YESNO and more.closes_repeat and more.repeat == "more"
    assert [(choice.name, choice.key) for choice in more.choices] == [("yes", "1"), ("no", "2")]
    assert more.relevant == problem.relevant == "${role} = 'lives'"
    assert flow.repeat_max == {"more": 5}


def test_repeat_without_a_limit_gets_one() -> None:
    rows = "  - {type: begin_repeat, name: r}\n  - {type: text, name: p}\n  - {type: end_repeat}\n"
    assert parsed(rows).repeat_max["r"] > 1


ROW = "  - {type: text, name: ok, label: {sv: A}}\n"


@pytest.mark.parametrize(
    ("rows", "code", "where"),
    [
        ("  - {type: rank role, name: q}\n", "unknown_type", "q"),
        ("  - {type: text}\n", "question_name", "row 4"),
        ("  - {type: text, name: 1a}\n", "question_name", "1a"),
        ("  - {type: text, name: a b}\n", "question_name", "a b"),
        ("  - {type: text, name: role}\n", "name_doubled", "row 4"),
        ("  - {type: text, name: a}\n  - {type: text, name: a_place}\n", "name_doubled", "row 5"),
        ("  - {type: text, name: q, relevent: x}\n", "unknown_column", "relevent"),
        ("  - {type: text, name: q, max_choices: 3}\n", "column_misplaced", "max_choices"),
        ("  - {type: select_multiple role, name: q, max_choices: many}\n", "wrong_type", "max_choices"),
        ("  - {type: text, name: q, required: perhaps}\n", "wrong_type", "required"),
        ("  - {type: text, name: q, label: Vad?}\n", "wrong_type", "label"),
        ("  - {type: text, name: q, label: {svenska: Vad?}}\n", "language_code", "label"),
        ("  - {type: text, name: q, label: {sv: [a]}}\n", "wrong_type", "label > sv"),
        ("  - {type: select_one nolist, name: q}\n", "unknown_list", "q"),
        ("  - {type: select_one_from_file towns, name: q}\n", "unknown_list", "q"),
        ("  - {type: note, name: n, label: {sv: Hej}}\n", "note_misplaced", "n"),
        ("  - {type: note, role: thanks, label: {sv: Hej}}\n", "after_thanks", "row 5"),
        ("  - {type: begin_group, name: g}\n", "not_ended", "g"),
        ("  - {type: end_group}\n", "end_without_begin", "row 4"),
        ("  - {type: begin_repeat, name: r}\n  - {type: end_group}\n", "end_without_begin", "row 5"),
        ("  - {type: begin_repeat, name: r}\n  - {type: end_repeat}\n", "empty_repeat", "r"),
        (
            f"  - {{type: begin_repeat, name: r}}\n{ROW}  - {{type: begin_repeat, name: s}}\n"
            "  - {type: end_repeat}\n  - {type: end_repeat}\n",
            "nested_repeat",
            "s",
        ),
        ('  - {type: text, name: q, relevant: "${role} =="}\n', "expression", "q > relevant"),
        ("  - {type: integer, name: q, constraint: today()}\n", "expression", "q > constraint"),
        ("  - just a text\n", "wrong_type", "row 4"),
    ],
)
def test_faulty_row_is_a_problem_with_its_place(rows: str, code: str, where: str) -> None:
    found = [problem for problem in problems_of(_with_rows(SMALL, rows)) if problem.code == code]
    assert found and where in found[0].where
    assert "small.yaml, line " in found[0].where
    assert found[0].message and found[0].advice


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("form_id: small", "", "setting_missing"),
        ("stream: residents", "stream: everybody", "unknown_stream"),
        ("languages: [sv, en]", "languages: [sv, en]\n  draft_languages: [en]", "draft_offered"),
        ("core: [role]", "core: [roll]", "core_unknown"),
        ("version: 1", "version: {a: 1}", "wrong_type"),
        ("name: lives,", "name: bor här,", "choice_name"),
        ("name: lives,", "name: dont_know,", "choice_name"),
        ("name: lives,", "name: 15_24,", "choice_name_doubled"),
        ("name: no, key: 2", "name: no, key: 1", "choice_key_doubled"),
        ("name: no, key: 2", "name: no, key: två", "choice_key"),
        ("name: no, key: 2", "name: no, exclusive: maybe", "wrong_type"),
        ("  role:\n", "  roll:\n", "unknown_list"),
        ("choices:", "choises:", "unknown_column"),
        ("  version: 1", "  version: 1\n  version: 2", "key_doubled"),
        ("choices:", "choices: [", "not_yaml"),
        ("  yes_no:\n", "  yes_no: &a\n", "alias"),
    ],
)
def test_faulty_document_is_a_problem(old: str, new: str, code: str) -> None:
    assert old in SMALL
    text = SMALL.replace(old, new, 1) + ("\nmore: *a\n" if code == "alias" else "")
    assert code in [problem.code for problem in problems_of(text)]


def test_misspelt_column_is_advised() -> None:
    (problem,) = problems_of(_with_rows(SMALL, "  - {type: text, name: q, relevent: x}\n"))
    assert problem.advice == "Did you mean 'relevant'?"


def test_repeat_needs_a_list_of_yes_and_no() -> None:
    rows = "  - {type: begin_repeat, name: r}\n  - {type: text, name: p}\n  - {type: end_repeat}\n"
    text = _with_rows(SMALL, rows).replace("  yes_no:", "  other_list:")
    assert "yes_no_missing" in [problem.code for problem in problems_of(text)]


def test_warnings_do_not_keep_a_flow_from_being_read() -> None:
    result = parse_flow(load_document_text(SMALL.replace("  core: [role]\n", ""), "x").document)
    assert result.flow is not None
    assert [problem.code for problem in result.problems] == ["core_missing"]


def test_stored_json_gives_the_same_flow() -> None:
    document = load_document_text(SMALL, "small.yaml").document
    stored = json.dumps(serialise(document), ensure_ascii=False, sort_keys=True)
    assert parse_flow(json.loads(stored)).flow == parse_flow(document).flow


def test_round_lists_fill_their_questions_and_keep_the_documents_own_choice() -> None:
    document = SMALL.replace("  role:\n", "  areas:\n    - {name: all, key: 0, label: {sv: Alla}}\n  role:\n")
    flow = parsed(
        "  - {type: select_one_from_file areas, name: area, label: {sv: Var?}}\n", document=document
    )
    duved = Choice(name="duved", key="1", label={"sv": "Duved"})
    filled = with_round_lists(flow, {"areas": (duved,), "meetings": ()})
    assert [choice.name for choice in filled.question("area").choices] == ["duved", "all"]
    assert filled.question("role") == flow.question("role")


_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.binary(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6) | st.integers(), inner, max_size=3)
    ),
    max_leaves=8,
)
_COLUMNS = st.sampled_from(
    ["type", "name", "label", "relevant", "parts", "sms", "role", "required", "max_choices", "constraint"]
)
_CELL = _ANYTHING | st.sampled_from(
    ["text", "note", "begin_repeat", "end_repeat", "select_one role", "hidden", "q"]
)


@given(rows=st.lists(st.dictionaries(_COLUMNS, _CELL), max_size=4), choices=_ANYTHING, title=_ANYTHING)
@settings(max_examples=150, deadline=None)
def test_no_document_makes_the_parser_raise(rows: Any, choices: Any, title: Any) -> None:
    document = {"settings": {"title": title}, "choices": {"role": choices}, "survey": rows}
    for problem in parse_flow(document).problems:
        assert problem.code and problem.message and problem.advice


@given(_ANYTHING)
@settings(max_examples=100, deadline=None)
def test_no_value_makes_the_parser_raise(document: Any) -> None:
    assert parse_flow(document).flow is None


def test_a_text_cut_at_a_comma_is_named() -> None:
    loaded = load_document_text("settings:\n  title: {sv: Kvinna, man eller annat?}\n", "flow.yaml")
    problems = parse_flow(loaded.document, loaded.places).problems
    assert any(p.code == "language_code" and "between quotes" in p.advice for p in problems)
