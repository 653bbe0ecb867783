"""The XLSForm expression language of `relevant` and `constraint`: compiled once, evaluated on every message.

elementpath parses (XPath 1: later versions exhaust processor or memory on hostile input); the tree becomes
closures over the values of a conversation. No clock: the date functions of ODK are left out on purpose.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from elementpath import XPath1Parser
from elementpath.exceptions import ElementPathError
from elementpath.tdop import Parser
from elementpath.xpath_tokens import XPathToken

from flows.values import COMPARISONS, EQUALITY, FUNCTIONS, Value, compare, text_of, truth

MAX_CHARACTERS = 1000
MAX_NESTING = 40
_LOGICAL = frozenset({"not", "true", "false"})
_OF_CURRENT = frozenset({"string-length", "number"})

_Term = Callable[[Mapping[str, str], str], Value]

_REFERENCE = re.compile(r"'[^']*'|\"[^\"]*\"|\$\{([^{}]*)\}")


class ExpressionError(ValueError):
    """What is wrong with an expression, where (`position` counts characters from 1) and how to mend it."""

    def __init__(self, fault: str, *, position: int = 1, advice: str = "") -> None:
        super().__init__(f"{fault} (character {position})")
        self.position = position
        self.advice = (
            advice or "Check quotes and brackets; docs/flow-format.md lists what an expression may use."
        )


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
    if len(text) > MAX_CHARACTERS:
        raise ExpressionError(
            f"the expression has {len(text)} characters, more than {MAX_CHARACTERS}",
            position=MAX_CHARACTERS,
            advice="Split it over a group and its questions.",
        )
    compiler = _Compiler()
    term = compiler.term(_parse(text), 0)
    return Expression(
        source=text,
        variables=frozenset(compiler.variables),
        compared=frozenset(compiler.compared),
        enumerable=compiler.enumerable,
        term=term,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A node of an expression, for whoever puts it into words. `symbol`: ``and or = != < <= > >=``, a function's name,
    ``variable`` (`name`; ``.`` is the current value) or ``literal``.
    """

    symbol: str
    name: str = ""
    literal: str | float = ""
    operands: tuple["Part", ...] = ()


def parts_of(text: str) -> Part:
    """The tree of an expression that compiles. Raises ExpressionError as `compile_expression`."""
    compile_expression(text)
    return _part(_parse(text))


def _part(token: XPathToken) -> Part:
    literal, name = _literal(token), _named(token)
    if literal is not None:
        return Part(symbol="literal", literal=literal)
    if name is not None:
        return Part(symbol="variable", name=name)
    operands = list(token)
    if token.symbol == "(" and operands:
        return _part(operands[0])
    if token.symbol in ("and", "or"):
        operands = _chain(token, token.symbol)
    return Part(symbol=str(token.symbol), operands=tuple(_part(operand) for operand in operands))


class _FormParser(XPath1Parser):
    """XPath 1 with ODK's functions. Only parses; its own symbol table spares that of the library."""

    symbol_table = dict(XPath1Parser.symbol_table)  # noqa: RUF012  # as elementpath declares it

    def parse(self, source: str) -> XPathToken:
        """The token tree, without the evaluation that elementpath tries at once."""
        return Parser.parse(self, source)


for _name, _arguments in {
    "selected": 2,
    "count-selected": 1,
    "if": 3,
    "coalesce": 2,
    "regex": 2,
    "int": 1,
}.items():
    _FormParser.function(_name, nargs=_arguments)
_FormParser.build()


def _parse(text: str) -> XPathToken:
    try:
        return _FormParser().parse(_REFERENCE.sub(_dollar_name, text))
    except RecursionError:
        raise ExpressionError("the expression is nested too deeply") from None
    except ElementPathError as error:
        fault = error.message.strip() if error.message else "it cannot be read"
        raise ExpressionError(fault, position=_position(error.token)) from None
    except Exception as error:  # whatever else elementpath raises is the fault of what was written
        raise ExpressionError(f"it cannot be read: {error}") from None


def _dollar_name(match: re.Match[str]) -> str:
    """``${name}`` as ``$name``, padded so that positions in messages stay those of the author's text."""
    if match[1] is None:
        return match[0]
    return f"${match[1].strip()}".ljust(len(match[0]))


def _position(token: object) -> int:
    span = getattr(token, "span", None)
    return int(span[0]) + 1 if span else 1


class _Compiler:
    """Turns a token tree into closures, and notes what the tree names on the way."""

    def __init__(self) -> None:
        self.variables: set[str] = set()
        self.compared: set[tuple[str, str | float]] = set()
        self.enumerable = True

    def term(self, token: XPathToken, depth: int) -> _Term:
        if depth > MAX_NESTING:
            raise ExpressionError("the expression is nested too deeply", position=_position(token))
        symbol, operands = token.symbol, list(token)
        if symbol == "(" and operands:
            return self.term(operands[0], depth + 1)
        if symbol in ("and", "or") and operands:
            return self._logic(symbol, token, depth)
        if len(operands) == 2 and symbol in COMPARISONS:
            return self._comparison(symbol, token, depth)
        if token.label == "function":
            return self._function(token, depth)
        return self._leaf(token)

    def _leaf(self, token: XPathToken) -> _Term:
        literal = _literal(token)
        if literal is not None:
            return lambda values, current: literal
        if token.symbol == ".":
            return lambda values, current: current
        name = _variable(token)
        if name is None:
            word = token.value if token.symbol == "(name)" else token.symbol
            raise ExpressionError(
                f"{word!r} is not part of an expression here",
                position=_position(token),
                advice="Name a question as ${name} and put texts between quotes.",
            )
        self.variables.add(name)
        return lambda values, current: values.get(name, "")

    def _logic(self, symbol: str, token: XPathToken, depth: int) -> _Term:
        terms = [self.term(operand, depth + 1) for operand in _chain(token, symbol)]
        if symbol == "and":
            return lambda values, current: all(truth(term(values, current)) for term in terms)
        return lambda values, current: any(truth(term(values, current)) for term in terms)

    def _comparison(self, symbol: str, token: XPathToken, depth: int) -> _Term:
        left, right = (self.term(operand, depth + 1) for operand in token)
        literals = [_literal(operand) for operand in token]
        self._note_comparison(token[0], token[1])
        for literal, other in ((literals[1], left), (literals[0], right)):
            if isinstance(literal, str) and symbol in EQUALITY:
                return _compare_with_text(symbol, other, literal)
        return lambda values, current: compare(symbol, left(values, current), right(values, current))

    def _note_comparison(self, left: XPathToken, right: XPathToken) -> None:
        for variable, literal in ((_named(left), _literal(right)), (_named(right), _literal(left))):
            if variable is not None and literal is not None:
                self.compared.add((variable, literal))
                return
        self.enumerable = False

    def _function(self, token: XPathToken, depth: int) -> _Term:
        name = str(token.symbol)
        if name == "regex":
            return self._regex(token, depth)
        terms = [self.term(operand, depth + 1) for operand in token]
        if name == "if":
            condition, then, otherwise = terms
            return lambda v, c: then(v, c) if truth(condition(v, c)) else otherwise(v, c)
        function = FUNCTIONS.get(name)
        if function is None:
            raise ExpressionError(
                f"unknown function {name!r}",
                position=_position(token),
                advice=f"Known are: {', '.join(sorted({*FUNCTIONS, 'if', 'regex'}))}.",
            )
        if name == "selected":
            self._note_comparison(token[0], token[1])
        elif name not in _LOGICAL:
            self.enumerable = False
        if not terms and name in _OF_CURRENT:
            return lambda values, current: function(current)
        return lambda values, current: function(*[term(values, current) for term in terms])

    def _regex(self, token: XPathToken, depth: int) -> _Term:
        self.enumerable = False
        text, pattern = self.term(token[0], depth + 1), _literal(token[1])
        if not isinstance(pattern, str):
            raise ExpressionError("the pattern of regex() must be a text", position=_position(token[1]))
        import re2  # not at import: it takes 2 MiB, and few surveys have a regex()

        options = re2.Options()
        options.log_errors = False
        try:
            matches = re2.compile(pattern, options).fullmatch
        except (re2.error, UnicodeError):
            raise ExpressionError("the pattern cannot be read", position=_position(token[1])) from None
        return lambda values, current: matches(text_of(text(values, current))) is not None


def _literal(token: XPathToken) -> str | float | None:
    if token.symbol == "-" and len(token) == 1 and token[0].label == "literal":
        return None if isinstance(token[0].value, str) else -float(str(token[0].value))
    if token.label != "literal":
        return None
    return token.value if isinstance(token.value, str) else float(str(token.value))


def _variable(token: XPathToken) -> str | None:
    return str(token[0].value) if token.symbol == "$" and len(token) == 1 else None


def _named(token: XPathToken) -> str | None:
    return "." if token.symbol == "." else _variable(token)


def _chain(token: XPathToken, symbol: str) -> list[XPathToken]:
    """The operands of ``a and b and c``, which the parser nests to the left, side by side."""
    operands = []
    while token.symbol == symbol and len(token) == 2:
        operands.append(token[1])
        token = token[0]
    return [token, *reversed(operands)]


def _compare_with_text(symbol: str, term: _Term, literal: str) -> _Term:
    """The commonest comparison, made short. Also true to ``= ''`` and ``!= ''``."""
    if symbol == "=":
        return lambda values, current: text_of(term(values, current)) == literal
    return lambda values, current: text_of(term(values, current)) not in ("", literal)
