"""Expressions of `relevant` and `constraint`: compiled once, evaluated on every message.

The tree of an expression becomes closures over the values of a conversation. No clock: the date functions of ODK are
left out on purpose.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from inspect import signature

from flows.expression_tree import ExpressionError, Part, parse
from flows.values import EQUALITY, FUNCTIONS, Value, compare, text_of, truth

MAX_NESTING = 40
_LOGICAL = frozenset({"not", "true", "false"})
_OF_CURRENT = frozenset({"string-length", "number"})
_OPERANDS = {"if": 3, "regex": 2} | {
    name: len(signature(each).parameters) for name, each in FUNCTIONS.items()
}

_Term = Callable[[Mapping[str, str], str], Value]


@dataclass(frozen=True, kw_only=True, slots=True)
class Expression:
    """A compiled expression. Values are text: choice codes (several separated by space), decimal numbers,
    a Missing code, ``answered``; the empty text stands for a question that has no answer.

    A comparison with an unanswered value is false, whatever the operator; only the literal empty text asks
    whether there is an answer: ``${x} = ''`` and ``${x} != ''``.
    """

    source: str
    variables: frozenset[str]
    compared: frozenset[tuple[str, str | float]]
    """Variables (``.`` for the current value) and the literals that they are compared with."""
    enumerable: bool
    """Made of nothing but logic and comparisons of one variable with one literal."""
    term: _Term

    def holds(self, values: Mapping[str, str], current: str = "") -> bool:
        """Whether it is true of these values. Never raises: a fault of evaluation counts as false."""
        try:
            return truth(self.term(values, current))
        except (ValueError, ArithmeticError):
            return False

    def value(self, values: Mapping[str, str], current: str = "") -> Value:
        """Its value; the empty text after a fault of evaluation."""
        try:
            return self.term(values, current)
        except (ValueError, ArithmeticError):
            return ""


@lru_cache(maxsize=4096)
def compile_expression(text: str) -> Expression:
    """`text` compiled; the same object for the same text. Raises ExpressionError."""
    compiler = _Compiler()
    term = compiler.term(parse(text), 0)
    return Expression(
        source=text,
        variables=frozenset(compiler.variables),
        compared=frozenset(compiler.compared),
        enumerable=compiler.enumerable,
        term=term,
    )


class _Compiler:
    """Turns a tree into closures, and notes what the tree names on the way."""

    def __init__(self) -> None:
        self.variables: set[str] = set()
        self.compared: set[tuple[str, str | float]] = set()
        self.enumerable = True

    def term(self, part: Part, depth: int) -> _Term:
        if depth > MAX_NESTING:
            raise ExpressionError("the expression is nested too deeply", position=part.position)
        if part.kind == "logic":
            return self._logic(part, depth)
        if part.kind == "comparison":
            return self._comparison(part, depth)
        if part.kind == "function":
            return self._function(part, depth)
        return self._leaf(part)

    def _leaf(self, part: Part) -> _Term:
        literal, name = part.literal, part.symbol
        if part.kind == "word":
            raise ExpressionError(
                f"{name!r} is not part of an expression here",
                position=part.position,
                advice="Name a question as ${name} and put texts between quotes.",
            )
        if part.kind == "literal":
            return lambda values, current: literal
        if name == ".":
            return lambda values, current: current
        self.variables.add(name)
        return lambda values, current: values.get(name, "")

    def _terms(self, part: Part, depth: int) -> list[_Term]:
        return [self.term(operand, depth + 1) for operand in part.operands]

    def _logic(self, part: Part, depth: int) -> _Term:
        terms = self._terms(part, depth)
        if part.symbol == "and":
            return lambda values, current: all(truth(term(values, current)) for term in terms)
        return lambda values, current: any(truth(term(values, current)) for term in terms)

    def _comparison(self, part: Part, depth: int) -> _Term:
        symbol = part.symbol
        left, right = self._terms(part, depth)
        self._note_comparison(part)
        for term, other in zip((left, right), reversed(part.operands), strict=True):
            if other.kind == "literal" and isinstance(other.literal, str) and symbol in EQUALITY:
                return _compare_with_text(symbol, term, other.literal)
        return lambda values, current: compare(symbol, left(values, current), right(values, current))

    def _note_comparison(self, part: Part) -> None:
        one, other = part.operands
        for variable, literal in ((one, other), (other, one)):
            if variable.kind == "variable" and literal.kind == "literal":
                self.compared.add((variable.symbol, literal.literal))
                return
        self.enumerable = False

    def _function(self, part: Part, depth: int) -> _Term:
        name, terms = part.symbol, self._terms(part, depth)
        self._check_operands(part)
        if name == "regex":
            return self._regex(terms[0], part.operands[1])
        if name == "if":
            condition, then, otherwise = terms
            return lambda v, c: then(v, c) if truth(condition(v, c)) else otherwise(v, c)
        function = FUNCTIONS[name]
        if name == "selected":
            self._note_comparison(part)
        elif name not in _LOGICAL:
            self.enumerable = False
        if not terms and name in _OF_CURRENT:
            return lambda values, current: function(current)
        return lambda values, current: function(*[term(values, current) for term in terms])

    def _check_operands(self, part: Part) -> None:
        name, given = part.symbol, len(part.operands)
        if name not in _OPERANDS:
            known = ", ".join(sorted(_OPERANDS))
            raise ExpressionError(
                f"unknown function {name!r}", position=part.position, advice=f"Known are: {known}."
            )
        if given != _OPERANDS[name] and not (given == 0 and name in _OF_CURRENT):
            fault = f"{name}() takes {_OPERANDS[name]} between its brackets, not {given}"
            raise ExpressionError(fault, position=part.position)

    def _regex(self, text: _Term, pattern: Part) -> _Term:
        self.enumerable = False
        if pattern.kind != "literal" or not isinstance(pattern.literal, str):
            raise ExpressionError("the pattern of regex() must be a text", position=pattern.position)
        import re2  # not at import: it takes 2 MiB, and few surveys have a regex()

        options = re2.Options()
        options.log_errors = False
        try:
            matches = re2.compile(pattern.literal, options).fullmatch
        except (re2.error, UnicodeError):
            raise ExpressionError("the pattern cannot be read", position=pattern.position) from None
        return lambda values, current: matches(text_of(text(values, current))) is not None


def _compare_with_text(symbol: str, term: _Term, literal: str) -> _Term:
    """The commonest comparison, made short. Also true to ``= ''`` and ``!= ''``."""
    if symbol == "=":
        return lambda values, current: text_of(term(values, current)) == literal
    return lambda values, current: text_of(term(values, current)) not in ("", literal)
