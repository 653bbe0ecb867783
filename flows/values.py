"""What the values of expressions are worth: truth, number, text, comparison, and the functions over them.

XPath 1 with one rule of our own: an unanswered value (the empty text) compares as false with everything.
"""

import math
import operator
import re
from collections.abc import Callable, Mapping

Value = str | float | bool

_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_OPERATORS: Mapping[str, Callable[[Value, Value], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
EQUALITY = frozenset({"=", "!="})
COMPARISONS = frozenset(_OPERATORS)


def truth(value: Value) -> bool:
    """False for the empty text, zero and what is not a number."""
    if isinstance(value, bool):
        return value
    return value != "" and value != 0 and value == value


def number(value: Value) -> float:
    """The decimal number that `value` is, or NaN."""
    if isinstance(value, str):
        return float(value) if _NUMBER.fullmatch(value) else math.nan
    return float(value)


def text_of(value: Value) -> str:
    """`value` as XPath writes it: whole numbers without decimals."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(int(value)) if math.isfinite(value) and value.is_integer() else str(value)


def compare(symbol: str, one: Value, other: Value) -> bool:
    """= and != compare two texts as texts and truth values as such; all else compares as numbers.

    False whenever one side is unanswered or is needed as a number and is none.
    """
    if one == "" or other == "":
        return False
    operate = _OPERATORS[symbol]
    if symbol in EQUALITY:
        if isinstance(one, str) and isinstance(other, str):
            return operate(one, other)
        if isinstance(one, bool) or isinstance(other, bool):
            return operate(truth(one), truth(other))
    left, right = number(one), number(other)
    return not math.isnan(left) and not math.isnan(right) and operate(left, right)


def _whole(value: Value) -> Value:
    decimal = number(value)
    return float(math.trunc(decimal)) if math.isfinite(decimal) else math.nan


FUNCTIONS: Mapping[str, Callable[..., Value]] = {
    "selected": lambda value, code: text_of(code) in text_of(value).split(),
    "count-selected": lambda value: float(len(text_of(value).split())),
    "coalesce": lambda value, otherwise: value if value != "" else otherwise,
    "string-length": lambda value: float(len(text_of(value))),
    "contains": lambda value, part: text_of(part) in text_of(value),
    "starts-with": lambda value, start: text_of(value).startswith(text_of(start)),
    "not": lambda value: not truth(value),
    "true": lambda: True,
    "false": lambda: False,
    "number": number,
    "int": _whole,
}
"""The functions of XPath and ODK that flows have, besides ``if`` (lazy) and ``regex`` (compiled ahead)."""
