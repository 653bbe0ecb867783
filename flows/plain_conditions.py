"""Conditions of a survey in plain words, for people who have never seen an expression."""

from collections.abc import Mapping
from dataclasses import replace

from flows.expression_tree import Part, parse
from flows.model import Flow, Missing, Question

LANGUAGES = ("sv", "en")
_LONGEST = 60
_EXACT = frozenset({"=", "!="})
_ORDER = frozenset({"<", "<=", ">", ">="})
_OPPOSITE = {"and": "or", "or": "and"}
_ENDS = {"_category": "category", "_place": "place"}

_WORDS: Mapping[str, tuple[str, str]] = {
    "and": (" och ", " and "),
    "or": (" eller ", " or "),
    "question": ("fråga {number} (”{label}”)", "question {number} (“{label}”)"),
    "again": ("fråga {number}", "question {number}"),
    "quoted": ("”{text}”", "“{text}”"),
    "=": ("svaret på {of} är {value}", "the answer to {of} is {value}"),
    "!=": ("svaret på {of} är något annat än {value}", "the answer to {of} is something else than {value}"),
    "not =": ("svaret på {of} är inte {value}", "the answer to {of} is not {value}"),
    "selected": ("{value} valdes på {of}", "{value} was chosen at {of}"),
    "not selected": ("{value} valdes inte på {of}", "{value} was not chosen at {of}"),
    "answered": ("{of} besvarades", "{of} was answered"),
    "not answered": ("{of} besvarades inte", "{of} was not answered"),
    "<": ("svaret på {of} är mindre än {value}", "the answer to {of} is less than {value}"),
    "<=": ("svaret på {of} är högst {value}", "the answer to {of} is at most {value}"),
    ">": ("svaret på {of} är större än {value}", "the answer to {of} is more than {value}"),
    ">=": ("svaret på {of} är minst {value}", "the answer to {of} is at least {value}"),
    "category": ("svaret på {of} handlar om {value}", "the answer to {of} is about {value}"),
    "not category": ("svaret på {of} handlar inte om {value}", "the answer to {of} is not about {value}"),
    "place": ("svaret på {of} nämner en känd plats", "the answer to {of} names a known place"),
    "not place": ("svaret på {of} nämner ingen känd plats", "the answer to {of} names no known place"),
    "channel": ("svaren kommer med {value}", "answers come by {value}"),
    "not channel": ("svaren kommer på annat sätt än med {value}", "answers come otherwise than by {value}"),
    "sms": ("sms", "text message"),
    "chat": ("chatten", "the chat"),
    "place_code": ("en platskod är känd", "a place code is known"),
    "not place_code": ("ingen platskod är känd", "no place code is known"),
    "option": ("omgången har slagit på {name}", "the round has switched on {name}"),
    "not option": ("omgången har inte slagit på {name}", "the round has not switched on {name}"),
    "hidden": ("{name} är {value}", "{name} is {value}"),
    "not hidden": ("{name} är inte {value}", "{name} is not {value}"),
    "current <": ("svaret är mindre än {value}", "the answer is less than {value}"),
    "current <=": ("svaret är högst {value}", "the answer is at most {value}"),
    "current >": ("svaret är större än {value}", "the answer is more than {value}"),
    "current >=": ("svaret är minst {value}", "the answer is at least {value}"),
    "not": ("inte gäller att {part}", "it is not so that {part}"),
    "other": ("villkoret {source} stämmer", "the condition {source} holds"),
    Missing.DONT_KNOW: ("vet ej", "don’t know"),
    Missing.REFUSED: ("vill inte svara", "would rather not say"),
    Missing.SKIPPED: ("överhoppad", "skipped"),
    Missing.NOT_UNDERSTOOD: ("kunde inte tolkas", "could not be read"),
    Missing.WITHHELD: ("sparades inte", "was not kept"),
}


class PlainConditions:
    """Of one flow in one language. `categories` are words for categories by code."""

    def __init__(self, flow: Flow, language: str, categories: Mapping[str, str] | None = None) -> None:
        self._flow = flow
        self._language = language
        self._index = LANGUAGES.index(language) if language in LANGUAGES else 0
        self._questions = {question.name: question for question in flow.questions}
        self._numbers = {question.name: number for number, question in enumerate(flow.questions, 1)}
        self._categories = categories or {}
        self._mentioned: set[str] = set()

    def say(self, expression: str) -> tuple[str, ...]:
        """What must hold together, as ``svaret på fråga 2 (”Vem är du här?”) är något annat än ”På besök”``; nothing
        for no condition. A question's words stand with its first mention.
        """
        if not expression:
            return ()
        self._mentioned.clear()
        whole = _spread(parse(expression))
        return tuple(
            self._said(part, expression) for part in (whole.operands if whole.symbol == "and" else (whole,))
        )

    def _said(self, part: Part, source: str, *, negated: bool = False) -> str:
        if part.symbol == "not" and len(part.operands) == 1:
            return self._said(part.operands[0], source, negated=not negated)
        if part.symbol in ("and", "or"):
            return self._words(part.symbol).join(self._inner(each, source) for each in part.operands)
        found = self._compared(part, negated=negated)
        return found or self._other(part, source, negated=negated)

    def _inner(self, part: Part, source: str) -> str:
        said = self._said(part, source)
        return f"({said})" if part.symbol in ("and", "or") else said

    def _other(self, part: Part, source: str, *, negated: bool) -> str:
        """What has no words of its own, as its author wrote it."""
        words = self._words("other", source=source)
        return self._words("not", part=words) if negated else words

    def _compared(self, part: Part, *, negated: bool) -> str:
        """A comparison of one name with one value, in words; empty for anything else."""
        if len(part.operands) != 2:
            return ""
        left, right = part.operands
        if left.kind != "variable" or right.kind != "literal":
            return ""
        no = "not " if negated else ""
        if left.symbol == "." and part.symbol in _ORDER and not negated:
            return self._words(f"current {part.symbol}", value=_number(right.literal))
        if left.symbol in self._questions:
            return self._of_question(self._questions[left.symbol], part.symbol, right.literal, no)
        for end, key in _ENDS.items():
            name = left.symbol.removesuffix(end)
            if left.symbol.endswith(end) and name in self._questions:
                return self._of_text(key, self._questions[name], part.symbol, right.literal, negated=negated)
        return self._of_hidden(left.symbol, part.symbol, right.literal, negated=negated)

    def _of_question(self, question: Question, symbol: str, literal: str | float, no: str) -> str:
        of = self._question(question)
        if literal in ("", "answered") and symbol in _EXACT:
            is_there = (literal == "answered") == (symbol == "=")
            return self._words("answered" if is_there != bool(no) else "not answered", of=of)
        if symbol in ("=", "selected"):
            return self._words(f"{no}{symbol}", of=of, value=self._value(question, literal))
        if symbol == "!=" and not no:
            return self._words("!=", of=of, value=self._value(question, literal))
        if symbol in _ORDER and not no:
            return self._words(symbol, of=of, value=_number(literal))
        return ""

    def _of_text(
        self, key: str, question: Question, symbol: str, literal: str | float, *, negated: bool
    ) -> str:
        of = self._question(question)
        if key == "place" and literal == "" and symbol in _EXACT:
            return self._words(f"{'not ' if (symbol == '=') != negated else ''}place", of=of)
        if key == "category" and symbol in ("=", "!=", "selected") and literal != "":
            no = "not " if (symbol == "!=") != negated else ""
            value = self._quoted(self._categories.get(str(literal), str(literal)))
            return self._words(f"{no}category", of=of, value=value)
        return ""

    def _of_hidden(self, name: str, symbol: str, literal: str | float, *, negated: bool) -> str:
        if symbol not in _EXACT:
            return ""
        no = "not " if (symbol == "!=") != negated else ""
        if name == "place_code" and literal == "":
            return self._words("place_code" if no else "not place_code")
        if name == "channel":
            word = str(literal)
            return self._words(f"{no}channel", value=self._words(word) if word in _WORDS else word)
        if name.startswith("ask_") and literal in ("yes", "no"):
            is_on = (literal == "yes") != bool(no)
            return self._words("option" if is_on else "not option", name=name)
        return self._words(f"{no}hidden", name=name, value=self._quoted(str(literal)))

    def _question(self, question: Question) -> str:
        number = self._numbers[question.name]
        if question.name in self._mentioned:
            return self._words("again", number=number)
        self._mentioned.add(question.name)
        label = _short(question.label.get(self._language) or next(iter(question.label.values()), ""))
        return self._words("question", number=number, label=label)

    def _value(self, question: Question, literal: str | float) -> str:
        named = next((choice for choice in question.choices if choice.name == literal), None)
        if named is not None:
            return self._quoted(named.label.get(self._language) or named.name)
        if literal in set(Missing):
            return self._quoted(self._words(str(literal)))
        return self._quoted(_number(literal))

    def _quoted(self, text: str) -> str:
        return self._words("quoted", text=text)

    def _words(self, key: str, **values: object) -> str:
        return _WORDS[key][self._index].format(**values)


def _spread(part: Part, *, negated: bool = False) -> Part:
    """The same with ``not`` at single comparisons only, and with what is joined alike side by side."""
    if part.symbol == "not" and len(part.operands) == 1:
        return _spread(part.operands[0], negated=not negated)
    if part.symbol not in _OPPOSITE:
        return replace(part, kind="function", symbol="not", operands=(part,)) if negated else part
    symbol = _OPPOSITE[part.symbol] if negated else part.symbol
    operands: list[Part] = []
    for each in (_spread(operand, negated=negated) for operand in part.operands):
        operands += each.operands if each.symbol == symbol else (each,)
    return replace(part, symbol=symbol, operands=tuple(operands))


def _number(literal: str | float) -> str:
    return f"{literal:g}" if isinstance(literal, float) else literal


def _short(label: str) -> str:
    """The question itself, of a label that explains much around it."""
    line = " ".join(label.split())
    asks = next((sentence for sentence in line.split(". ") if sentence.endswith("?")), line)
    return asks if len(asks) <= _LONGEST else f"{asks[:_LONGEST].rsplit(' ', 1)[0]} …"
