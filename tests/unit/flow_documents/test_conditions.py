"""Expressions of relevance and constraint: what they mean, what they refuse, and that they never raise."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.conditions import compile_expression
from flows.expression_tree import MAX_CHARACTERS, ExpressionError


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("${area} = 'duved'", {"area": "duved"}, True),
        ("${area} = 'duved'", {"area": "jarpen"}, False),
        ('${area} != "duved"', {"area": "jarpen"}, True),
        ("'duved' = ${ area }", {"area": "duved"}, True),
        ("selected(${when}, 'weekend_night')", {"when": "winter weekend_night"}, True),
        ("selected(${when}, 'night')", {"when": "winter weekend_night"}, False),
        ("count-selected(${when}) >= 2", {"when": "winter weekend_night"}, True),
        ("${a} = 'x' or ${b} = 'y' and ${c} = 'z'", {"a": "x"}, True),
        ("(${a} = 'x' or ${b} = 'y') and ${c} = 'z'", {"a": "x"}, False),
        ("not(${a} = 'x')", {"a": "y"}, True),
        ("if(${a} = 'x', ${b} = '1', ${c} = '1')", {"a": "x", "b": "1"}, True),
        ("coalesce(${a}, 'other') = 'other'", {}, True),
        ("coalesce(${a}, 'other') = 'other'", {"a": "x"}, False),
        ("string-length(${a}) = 3", {"a": "åäö"}, True),
        ("contains(${a}, 'nat') and starts-with(${a}, 'hel')", {"a": "helgnatt"}, True),
        ("number(${n}) = 12", {"n": "12"}, True),
        ("int(${n}) = 12", {"n": "12.9"}, True),
        ("${n} > -3.5", {"n": "-3"}, True),
        ("${n} < 100", {"n": "20"}, True),
        ("${n} = 5", {"n": "05"}, True),
        ("${plats-läge} = 'å'", {"plats-läge": "å"}, True),
        ("true() and not(false())", {}, True),
        ("${a} = ${b}", {"a": "x", "b": "x"}, True),
        ("${n} > - .5 and ${n} < 5.", {"n": "0"}, True),
        ("${a}='x'and not (${b}='or')or ${c}='y'", {"a": "x", "b": "y"}, True),
    ],
)
def test_expression_holds_for_values(text: str, values: dict[str, str], expected: bool) -> None:
    assert compile_expression(text).holds(values) is expected


@pytest.mark.parametrize("operator", ["=", "!=", "<", "<=", ">", ">="])
@pytest.mark.parametrize("other", ["'x'", "5", "${y}", "true()"])
def test_comparison_with_an_unanswered_value_is_false(operator: str, other: str) -> None:
    assert not compile_expression(f"${{x}} {operator} {other}").holds({"y": "7"})
    assert not compile_expression(f"{other} {operator} ${{x}}").holds({"y": "7", "x": ""})


def test_empty_text_asks_whether_there_is_an_answer() -> None:
    unanswered, answered = compile_expression("${x} = ''"), compile_expression("${x} != ''")
    assert unanswered.holds({}) and not unanswered.holds({"x": "dont_know"})
    assert answered.holds({"x": "dont_know"}) and not answered.holds({"x": ""})


@pytest.mark.parametrize("operator", ["=", "!=", "<", "<=", ">", ">="])
@pytest.mark.parametrize("value", ["dont_know", "1,5", "1e3", "inf", "nan", "1_000", "٣", "5 "])
def test_number_compared_with_what_is_none_is_false(operator: str, value: str) -> None:
    assert not compile_expression(f"${{n}} {operator} 5").holds({"n": value})


@pytest.mark.parametrize(("current", "expected"), [("15", True), ("110", True), ("14", False), ("", False)])
def test_dot_is_the_current_value(current: str, expected: bool) -> None:
    assert compile_expression(". >= 15 and . <= 110").holds({}, current) is expected


def test_if_evaluates_only_the_branch_taken_and_gives_its_value() -> None:
    assert compile_expression("if(${a} = 'x', 'yes', 3)").value({"a": "x"}) == "yes"
    assert compile_expression("if(${a} = 'x', 'yes', 3)").value({}) == 3.0


@pytest.mark.parametrize(("value", "expected"), [("83005", True), ("83005x", False), ("8300", False)])
def test_regex_must_match_the_whole_value(value: str, expected: bool) -> None:
    assert compile_expression("regex(., '[0-9]{5}')").holds({}, value) is expected


def test_regex_stays_linear_whatever_the_author_wrote() -> None:
    assert not compile_expression("regex(., '(a+)+b')").holds({}, "a" * 1600)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "empty"),
        ("  ", "empty"),
        ("${a} =", "ends too early"),
        ("${a} == 'x'", "unexpected '='"),
        ("${a} = 'x", "without its last quote"),
        ("role = 'lives'", "'role' is not part"),
        ("today() > 5", "unknown function 'today'"),
        ("position() = 1", "unknown function 'position'"),
        ("selected(${a})", "takes 2 between its brackets, not 1"),
        ("//x", "unexpected '/'"),
        ("${a}[1] = 2", "unexpected '['"),
        ("${a} + 1 = 2", "unexpected '+'"),
        ("5-3", "unexpected '-'"),
        ("${a} = 1 and2", "unexpected 'and2'"),
        ("1 < ${n} < 5", "unexpected '<'"),
        ("true(1)", "takes 0"),
        ("if(1, 2)", "takes 3"),
        ("$a = 1", "unexpected '$'"),
        ("${a b} = 1", "unexpected '$'"),
        ("regex(., '(')", "pattern cannot be read"),
        ("regex(., ${a})", "must be a text"),
        ("a:b", "unexpected ':'"),
        ("not(" * 100 + "1" + ")" * 100, "too deeply"),
        ("1 or " * MAX_CHARACTERS + "1", "more than 1000"),
    ],
)
def test_faulty_expression_is_refused_with_message_and_advice(text: str, message: str) -> None:
    with pytest.raises(ExpressionError, match=re.escape(message)) as refused:
        compile_expression(text)
    assert refused.value.advice
    assert isinstance(refused.value, ValueError)


def test_position_counts_in_the_text_as_the_author_wrote_it() -> None:
    with pytest.raises(ExpressionError) as refused:
        compile_expression("${area} = 'x' and ${role} ==")
    assert refused.value.position == 28


def test_expression_names_its_variables_and_what_they_are_compared_with() -> None:
    expression = compile_expression("${a} = 'x' and selected(${b}, 'y') and . >= 15 and ${c} != '${d}'")
    assert expression.variables == {"a", "b", "c"}
    assert expression.compared == {("a", "x"), ("b", "y"), (".", 15.0), ("c", "${d}")}
    assert expression.enumerable


@pytest.mark.parametrize("text", ["contains(${a}, 'x')", "${a} = ${b}", "count-selected(${a}) = 1"])
def test_expression_beyond_comparisons_with_literals_is_not_enumerable(text: str) -> None:
    assert not compile_expression(text).enumerable


def test_neither_a_long_chain_nor_needless_brackets_are_nesting() -> None:
    assert compile_expression(" or ".join(["${a} = '1'"] * 60)).holds({"a": "1"})
    assert compile_expression("(" * 450 + "1" + ")" * 450).holds({})


def test_same_text_compiles_once_and_from_many_threads() -> None:
    texts = [f"${{a}} = 'x{n}' and selected(${{b}}, 'y')" for n in range(40)] * 4
    with ThreadPoolExecutor(8) as pool:
        compiled = list(pool.map(compile_expression, texts))
    assert all(e.holds({"a": f"x{n % 40}", "b": "y"}) for n, e in enumerate(compiled))
    assert compile_expression(texts[0]) is compile_expression(texts[0])


_ANY_VALUE = st.text() | st.sampled_from(["9" * 400, "-0", "1.5", "\ud800", "\x00"])


@given(value=_ANY_VALUE, current=_ANY_VALUE)
@settings(max_examples=60, deadline=None)
def test_evaluation_never_raises(value: str, current: str) -> None:
    for text in (
        "int(${a}) = 1",
        "regex(., 'x+')",
        "${a} < .",
        "string-length() = number()",
        "${a} = true()",
    ):
        assert compile_expression(text).holds({"a": value}, current) in (True, False)
        compile_expression(text).value({"a": value}, current)


@given(st.text(alphabet="${}ab'\"()=<>!.,-* /:[]@|1é", max_size=30))
@settings(max_examples=150, deadline=None)
def test_any_text_compiles_or_is_refused(text: str) -> None:
    try:
        compile_expression(text).holds({"a": "1"})
    except ExpressionError as refused:
        assert refused.advice
