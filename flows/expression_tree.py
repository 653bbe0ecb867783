"""The grammar of the XLSForm expression language of `relevant` and `constraint`, and the tree that a text becomes.

What of XPath 1 a conversation has a use for: logic, comparisons, functions, literals, questions. No arithmetic, no
paths, and no ``1 < ${n} < 5``, which XPath would read as ``(1 < ${n}) < 5``.
"""

from dataclasses import dataclass
from typing import Literal

from lark import Lark, Token, Transformer, UnexpectedCharacters, UnexpectedToken, v_args

MAX_CHARACTERS = 1000

_GRAMMAR = r"""
?start: either
?either: both (_OR both)*
?both: compared (_AND compared)*
?compared: operand (COMPARISON operand)?
?operand: "(" either ")" | function | TEXT -> text | number | VARIABLE -> variable | CURRENT -> variable | NAME -> word
function: NAME "(" (either ("," either)*)? ")"
number: [MINUS] NUMBER

_OR: /or(?![\w.-])/
_AND: /and(?![\w.-])/
COMPARISON: "=" | "!=" | "<=" | "<" | ">=" | ">"
TEXT: /"[^"]*"|'[^']*'/
MINUS: "-"
NUMBER: /[0-9]+(\.[0-9]*)?|\.[0-9]+/
CURRENT: "."
VARIABLE: /\$\{\s*[^\W\d][\w.-]*\s*\}/
NAME: /[^\W\d][\w.-]*/

%ignore /\s+/
"""


class ExpressionError(ValueError):
    """What is wrong with an expression, where (`position` counts characters from 1) and how to mend it."""

    def __init__(self, fault: str, *, position: int = 1, advice: str = "") -> None:
        super().__init__(f"{fault} (character {position})")
        self.position = position
        self.advice = (
            advice or "Check quotes and brackets; docs/flow-format.md lists what an expression may use."
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A node of an expression.

    `symbol`: ``and`` ``or``; an operator; a function's name; a variable's, ``.`` for the current value; a word that is
    none of these. `position` as in ExpressionError.
    """

    kind: Literal["logic", "comparison", "function", "variable", "literal", "word"]
    position: int
    symbol: str = ""
    literal: str | float = ""
    operands: tuple["Part", ...] = ()


def parse(text: str) -> Part:
    """The tree of `text`, which may still name what there is not. Raises ExpressionError."""
    if len(text) > MAX_CHARACTERS:
        raise ExpressionError(
            f"the expression has {len(text)} characters, more than {MAX_CHARACTERS}",
            position=MAX_CHARACTERS,
            advice="Split it over a group and its questions.",
        )
    try:
        tree: Part = _PARSER.parse(text)  # type: ignore[assignment]  # what its transformer makes
    except UnexpectedCharacters as error:
        at = error.pos_in_stream or 0
        fault = "a text without its last quote" if text[at] in "'\"" else f"unexpected {text[at]!r}"
        raise ExpressionError(fault, position=at + 1) from None
    except UnexpectedToken as error:
        if error.token.type != "$END":
            raise ExpressionError(
                f"unexpected {str(error.token)!r}", position=_position(error.token)
            ) from None
        fault = "the expression ends too early" if text.strip() else "the expression is empty"
        raise ExpressionError(fault, position=len(text) + 1) from None
    return tree


@v_args(inline=True)
class _Parts(Transformer[Token, Part]):
    """Makes parts while the parser reads."""

    def either(self, *operands: Part) -> Part:
        return Part(kind="logic", symbol="or", position=operands[0].position, operands=operands)

    def both(self, *operands: Part) -> Part:
        return Part(kind="logic", symbol="and", position=operands[0].position, operands=operands)

    def compared(self, left: Part, operator: Token, right: Part) -> Part:
        return Part(kind="comparison", symbol=str(operator), position=left.position, operands=(left, right))

    def function(self, name: Token, *operands: Part) -> Part:
        return Part(kind="function", symbol=str(name), position=_position(name), operands=operands)

    def text(self, quoted: Token) -> Part:
        return Part(kind="literal", literal=str(quoted[1:-1]), position=_position(quoted))

    def number(self, minus: Token | None, digits: Token) -> Part:
        value = -float(digits) if minus else float(digits)
        return Part(kind="literal", literal=value, position=_position(minus or digits))

    def variable(self, token: Token) -> Part:
        return Part(kind="variable", symbol=token.strip("${}").strip(), position=_position(token))

    def word(self, name: Token) -> Part:
        return Part(kind="word", symbol=str(name), position=_position(name))


def _position(token: Token) -> int:
    return (token.start_pos or 0) + 1


_PARSER = Lark(_GRAMMAR, parser="lalr", transformer=_Parts(), maybe_placeholders=True)
