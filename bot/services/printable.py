"""A round's texts made ready for paper: questions in one language, and what cannot be printed, with its place."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence

from bot.printing.forms import Choice, Question
from bot.printing.invitations import Invitation
from bot.printing.wording import words
from bot.services.paper_questions import PaperQuestion
from flows.documents import Problem
from flows.model import Kind, Wording
from flows.wording import interpolate
from typesetting.glyphs import missing_glyphs, name_character

_LINES = {Kind.OPEN: 3, Kind.PLACE: 1}
_LINES_IN_REPEAT = {"problem": 2}
"""By role: a point at a meeting needs room, what is said about it does not."""
_ONE_OF_SEVERAL = (Kind.SINGLE, Kind.SCALE, Kind.AGE, Kind.AREA)
_MOST_CHARACTERS, _LONGEST_WORD = 120, 36
_LATIN = "Write it with Latin letters, digits and ordinary punctuation"
_SHORTER = f"Keep it within {_MOST_CHARACTERS} characters, and each word within {_LONGEST_WORD}"


def form_questions(
    asked: Iterable[PaperQuestion], language: str, values: Mapping[str, str]
) -> tuple[Question, ...]:
    """The questions as they stand on paper in `language`; `values` are the round's."""
    own = words(language, values)
    return tuple(_form_question(paper, language, values, own) for paper in asked)


def to_print(text: str) -> str:
    """`text` on one line, letters with their dots and rings in one character: so fonts have them."""
    return unicodedata.normalize("NFC", " ".join(text.split()))


def unprintable(invited: Sequence[Invitation], asked: Sequence[Question]) -> tuple[Problem, ...]:
    """A problem for each text with characters that the fonts of prints do not have, or too long for its paper."""
    of_round, of_questions = list(_texts_of_round(invited)), list(_texts_of_questions(asked))
    problems = []
    for where, text in dict.fromkeys([*of_round, *of_questions]):
        missing = ", ".join(name_character(character) for character in missing_glyphs(text))
        if missing:
            message = f"cannot be printed: {missing}"
            problems.append(Problem(code="unprintable", where=where, message=message, advice=_LATIN))
    for where, text in dict.fromkeys(of_round):
        longest = max(re.split(r"[\s/-]", text), key=len)
        if len(text) > _MOST_CHARACTERS or len(longest) > _LONGEST_WORD:
            message = f"is too long for paper: {len(text)} characters, its longest word {len(longest)}"
            problems.append(Problem(code="too_long", where=where, message=message, advice=_SHORTER))
    return tuple(problems)


def _form_question(
    paper: PaperQuestion, language: str, values: Mapping[str, str], own: Mapping[str, str]
) -> Question:
    question = paper.question
    hints = [_in(question.hint, language, values)]
    if question.kind in _ONE_OF_SEVERAL:
        hints.append(own["choose_one"])
    choices = [Choice(key=box.key, label=_in(box.label, language, values)) for box in paper.boxes]
    if paper.may_be_unknown:
        choices.append(Choice(key=own["dont_know_key"], label=own["dont_know"]))
    lines = _LINES.get(question.kind, 1)
    return Question(
        number=paper.number,
        text=_in(question.label, language, values),
        hint=" ".join(filter(None, hints)),
        choices=tuple(choices),
        parts=tuple(own.get(f"part_{part}", part) for part in question.parts),
        lines=_LINES_IN_REPEAT.get(question.role, 1) if question.repeat else lines,
        is_repeated=bool(question.repeat),
    )


def _in(wording: Wording, language: str, values: Mapping[str, str]) -> str:
    return to_print(interpolate(wording.get(language, ""), values))


def _texts_of_round(invited: Sequence[Invitation]) -> Iterator[tuple[str, str]]:
    for one in invited:
        yield "municipality", one.municipality
        yield "keywords", f"{one.keyword} {one.other_keyword}"
        yield "information_page", one.information_page
        yield "telephone", one.telephone
        yield f"place_codes > {one.place_code} > label", one.place
        yield "place_codes > code", one.place_code


def _texts_of_questions(asked: Sequence[Question]) -> Iterator[tuple[str, str]]:
    for question in asked:
        yield f"question {question.number}", f"{question.text} {question.hint}"
        for choice in question.choices:
            yield f"question {question.number} > choice {choice.key}", choice.label
