"""Whether an expression can ever hold: tried out over the few values that matter to it."""

from collections.abc import Mapping
from itertools import combinations, product
from math import prod

from flows.conditions import Expression
from flows.model import Flow, Kind, Missing, Question

MOST_TRIALS = 5000
"""Expressions with more combinations are taken to be satisfiable."""

_ELSE = "other_value"
"""Stands for every value that the expression does not name."""
_MOST_COMBINED = 4


def can_hold(
    expression: Expression,
    flow: Flow,
    *,
    current: Question | None = None,
    given: Mapping[str, str] | None = None,
) -> bool:
    """Whether some answers make `expression` true. `current` is the question whose constraint it is; `given`
    are values that stand fast.

    Sure when False; True also where the expression is beyond trying (functions over texts, many variables).
    """
    if not expression.enumerable:
        return True
    questions = {question.name: question for question in flow.questions}
    if current is not None:
        questions["."] = current
    names = sorted({*expression.variables, *(name for name, _ in expression.compared)})
    given = given or {}
    values = [
        [given[name]] if name in given else _values(expression, name, questions.get(name)) for name in names
    ]
    if prod(len(each) for each in values) > MOST_TRIALS:
        return True
    return any(_holds(expression, dict(zip(names, trial, strict=True))) for trial in product(*values))


def unknown_codes(expression: Expression, flow: Flow) -> list[tuple[str, str]]:
    """Pairs of a question and a code that is none of its choices, though the expression compares them."""
    found = []
    for name, literal in sorted(expression.compared, key=str):
        known = _codes(next((q for q in flow.questions if q.name == name), None))
        if known is not None and isinstance(literal, str) and literal not in known:
            found.append((name, literal))
    return found


def _holds(expression: Expression, values: Mapping[str, str]) -> bool:
    return expression.holds(values, values.get(".", ""))


def _codes(question: Question | None) -> frozenset[str] | None:
    """Every value that a closed question can have (one at a time), or None where it is not known here."""
    if question is None or question.from_round:
        return None
    if question.kind in (Kind.NUMBER, Kind.NUMBERS):
        return None
    named = {choice.name for choice in question.choices} or {"answered"}
    if question.kind is Kind.CONSENT:
        named = {"yes", "no", "answered"}
    return frozenset({"", *named, *Missing})


def _values(expression: Expression, name: str, question: Question | None) -> list[str]:
    known = _codes(question)
    values = {"", _ELSE}
    texts = []
    for variable, literal in expression.compared:
        if variable != name:
            continue
        if isinstance(literal, float):
            values |= {str(int(literal) + step) for step in (-1, 0, 1, 2) if abs(literal) < 1e9}
        elif known is None or literal in known:
            texts.append(literal)
    values |= set(texts)
    if question is None or question.kind in (Kind.MULTI, Kind.OPEN, Kind.PLACE):
        for size in range(2, min(len(texts), _MOST_COMBINED) + 1):
            values |= {" ".join(some) for some in combinations(sorted(texts), size)}
    return sorted(values)
