"""A reply read as an age: years, birth years, ranges, decades and school years become a span of years."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from flows.choices import ChoiceIndex
from flows.model import Choice, Question
from flows.reading import Outcome, Reading
from flows.vocabulary import Token, Utterance, Vocabulary

YOUNGEST = 15
"""Age from which a person may take part."""
_OLDEST = 110
_OLDEST_BIRTH_YEAR = 1900
_SCHOOL_START = 6
"""A pupil in year n is at least n + 6 when the year ends, and mostly n + 6 or n + 7."""
_UPPER_SECONDARY = (15, 20)

_CENTURY = re.compile(r"\b(19|20) 100 (\d\d?)\b")
_LABEL_RANGE = re.compile(r"(\d+)\s*[-–—]\s*(\d+)")
_LABEL_NUMBER = re.compile(r"\d+")


class Span(NamedTuple):
    """Ages from `low` to `high`, both included, and the way in which they were told."""

    low: int
    high: int
    how: str


def choice_spans(question: Question) -> tuple[tuple[int, int], ...]:
    """The ages of each choice, read from its label: "25-44", "80 eller äldre". (0, 0) where it names none."""
    return tuple(_choice_span(choice) for choice in question.choices)


def _choice_span(choice: Choice) -> tuple[int, int]:
    for text in (*choice.label.values(), choice.name.replace("_", "-")):
        ranged = _LABEL_RANGE.search(text)
        if ranged:
            return int(ranged[1]), int(ranged[2])
        number = _LABEL_NUMBER.search(text)
        if number:
            return int(number[0]), _OLDEST
    return 0, 0


class AgePatterns:
    """The ways in which an age is written in one conversation language. Built once from the word list's `age`."""

    def __init__(self, words: Mapping[str, Iterable[Sequence[str]]]) -> None:
        w = {
            group: "|".join(sorted(map(_spaced, phrases), key=len, reverse=True))
            for group, phrases in words.items()
        }
        years = rf"(?:\s*-?\s*(?:{w['years']})\b)?"
        self._patterns = (
            (
                "born",
                re.compile(
                    rf"\b(?:{w['born']})\b[\W_]*(?:\b(?:ar|in|i|pa|vuonna)\b\W*)?"
                    r"(\d{4}|\d\d)(?!\d|\s*-?tal)"
                ),
            ),
            ("born", re.compile(r"^[-'´`](\d\d)$")),
            ("decade_of_birth", re.compile(rf"\b(?:19|20)?(\d)0\s*-?\s*(?:{w['decade_of_birth']})\b")),
            ("decade_of_life", re.compile(rf"\b(\d)0\s*-?\s*(?:{w['decade_of_life']})\b")),
            (
                "ages",
                re.compile(rf"(?<![\d-])(\d{{1,3}}){years}\s*(?:-|till|to|until)\s*(\d{{1,3}})(?![\d-])"),
            ),
            (
                "years",  # "57 och ett halvt"
                re.compile(
                    rf"\b(\d{{1,3}}){years} (?:och|o|a|and|og|ja) (?:1 |en? |et+ |a )?(?:hal[vf]|puol)"
                ),
            ),
            ("or_more", re.compile(rf"\b(\d{{1,3}}){years}\s*(?:\+|(?:{w['or_more']})\b)")),
            ("over", re.compile(rf"\b(?:{w['over']})\s+(\d{{1,3}})\b")),
            ("under", re.compile(rf"\b(?:{w['under']})\s+(\d{{1,3}})\b")),
            ("soon", re.compile(rf"\b(?:{w['soon']})\s+(?:{w['years']}|fyllda|fyller)?\s*(\d{{1,3}})\b")),
            ("grade", re.compile(rf"\b(?:{w['grade']})\s*(\d{{1,2}})\b(?!\s*-?\s*(?:{w['years']})\b)")),
            ("grade", re.compile(rf"\b(\d{{1,2}})\s+(?:{w['grade_after']})\b")),
            ("years", re.compile(rf"\b(\d{{1,3}})\s*-?\s*(?:{w['years']})\b")),
        )
        self._school = re.compile(rf"\b(?:({w['under_15']})|{w['upper_secondary']})\b")

    def spans(self, text: str, *, this_year: int) -> list[Span]:
        """The ages told in `text`, number words as digits, in words that surround a number. Not bare numbers."""
        school = self._school.search(text)
        if school:
            return [Span(0, YOUNGEST - 1, "school")] if school[1] else [Span(*_UPPER_SECONDARY, "school")]
        for how, pattern in self._patterns:
            told = [_span(how, match, this_year) for match in pattern.finditer(text)]
            if told:
                return told
        return []


def bare_span(number: int, *, this_year: int) -> Span | None:
    """A number by itself: an age or a birth year. None where it is neither."""
    if number <= _OLDEST:
        return Span(number, number, "years")
    if _OLDEST_BIRTH_YEAR <= number <= this_year:
        return _born(number, this_year)
    return None


def _is_two_figures_of_a_year(token: Token) -> bool:
    """ "85:a", "07": a year of birth and not an age."""
    if token.spelled or token.value is None:
        return False
    return (token.named and YOUNGEST <= token.value < 100) or (
        len(token.key) == 2 and token.key[0] == "0" != token.key[1]
    )


class AgeReader:
    """Reads ages in conversations of one language."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._patterns = AgePatterns(vocabulary.age)
        self._being = frozenset(keys[0] for keys in vocabulary.age["being"])

    def read(
        self, said: Utterance, index: ChoiceIndex, ages: Sequence[tuple[int, int]], this_year: int
    ) -> Reading:
        """The choice that holds the age told; UNDER_AGE below YOUNGEST; a lone "0" is a refusal."""
        numbers = [
            at for at, token in enumerate(said.tokens) if token.value is not None and at not in said.bracketed
        ]
        told = self._patterns.spans(_with_digits(said, self._vocabulary), this_year=this_year)
        option = self._option(said, index, numbers)
        if option is not None and (not told or _choices_of(told, ages) == {option}):
            how = "number_word" if said.tokens[numbers[0]].spelled else "number"
            return Reading(outcome=Outcome.VALUE, values=index.names_of({option}), how=how)
        if not told and len(numbers) == 1 and said.tokens[numbers[0]].value == 0:
            return Reading(outcome=Outcome.REFUSED, how="number")
        if not told and not self._may_be_joking(said, numbers):
            told = self._bare(said, numbers, this_year)
        return _as_choice(told, index, ages)

    def _bare(self, said: Utterance, numbers: Sequence[int], this_year: int) -> list[Span]:
        """Ages and birth years told by numbers alone. Something small beside unknown words is no age."""
        told = []
        plain = all(t.mark or t.value is not None or t.key in self._vocabulary.fillers for t in said.tokens)
        for token in (said.tokens[at] for at in numbers):
            is_year = _is_two_figures_of_a_year(token)
            span = (
                _born(token.value or 0, this_year)
                if is_year
                else bare_span(token.value or 0, this_year=this_year)
            )
            if span is None or (span.high < YOUNGEST and not plain):
                return []
            told.append(span)
        return told

    def _option(self, said: Utterance, index: ChoiceIndex, numbers: Sequence[int]) -> int | None:
        """The choice whose number opens the reply, or is all of it: "3", "alternativ 3", "3 47 år"."""
        if (
            not numbers
            or said.tokens[numbers[0]].value not in index.by_key
            or self._may_be_joking(said, numbers)
        ):
            return None
        before = said.tokens[: numbers[0]]
        rest = [t for at, t in enumerate(said.tokens) if at > numbers[0] and at not in said.bracketed]
        fillers = self._vocabulary.fillers
        if any(not token.mark and token.key not in fillers for token in before):
            return None
        if len(numbers) == 1 and any(not token.mark and token.key not in fillers for token in rest):
            return None
        if len(numbers) > 1 and (not rest or (rest[0].mark and rest[0].key not in "(,.")):
            return None
        value = said.tokens[numbers[0]].value
        return None if value is None else index.by_key[value]

    def _may_be_joking(self, said: Utterance, numbers: Sequence[int]) -> bool:
        """ "Jag är 3": an age that nobody who writes has, and not surely the number of a choice."""
        if len(numbers) != 1 or numbers[0] == 0 or (said.tokens[numbers[0]].value or 0) >= _SCHOOL_START:
            return False
        return not said.tokens[numbers[0]].named and said.keys[numbers[0] - 1] in self._being


def _as_choice(told: Sequence[Span], index: ChoiceIndex, ages: Sequence[tuple[int, int]]) -> Reading:
    if told and all(span.high < YOUNGEST for span in told):
        return Reading(outcome=Outcome.UNDER_AGE, how=told[0].how)
    found = _choices_of(told, ages)
    if len(found) == 1 and all(span.low >= YOUNGEST for span in told):
        return Reading(outcome=Outcome.VALUE, values=index.names_of(found), how=told[0].how)
    return Reading(outcome=Outcome.UNCLEAR, score=0.0, candidates=index.names_of(found))


def _choices_of(told: Sequence[Span], ages: Sequence[tuple[int, int]]) -> set[int]:
    """The choices that share an age with any span told."""
    return {i for span in told for i, (low, high) in enumerate(ages) if span.low <= high and low <= span.high}


def _with_digits(said: Utterance, vocabulary: Vocabulary) -> str:
    """The reply with its words for numbers as digits, "sjätte" and "nitton hundra trettio nio" too."""
    parts = []
    end = 0
    for token in said.tokens:
        parts.append(" " if token.start > end else "")
        place = vocabulary.ordinals.get(token.key, 0)
        parts.append(str(token.value) if token.spelled else str(place) if place > 0 else token.key)
        end = token.end
    return _CENTURY.sub(_year, "".join(parts).strip())


def _year(spelled: re.Match[str]) -> str:
    return f"{spelled[1]}{int(spelled[2]):02}"


def _span(how: str, match: re.Match[str], this_year: int) -> Span:
    number = int(match[1])
    if how == "born":
        return _born(number, this_year)
    if how == "decade_of_birth":
        return _decade_of_birth(number, this_year)
    if how == "decade_of_life":
        return Span(number * 10, number * 10 + 9, how)
    if how == "ages":
        return Span(number, int(match[2]), how)
    if how == "grade":
        return _grade(number)
    low, high = {
        "or_more": (number, _OLDEST),
        "over": (number + 1, _OLDEST),
        "under": (0, number - 1),
        "soon": (number - 1, number - 1),
        "years": (number, number),
    }[how]
    return Span(low, high, how)


def _born(year: int, this_year: int) -> Span:
    if year < 100:
        year += this_year // 100 * 100
        if this_year - year < _SCHOOL_START:
            year -= 100
    age = this_year - year
    return Span(age, age, "birth_year")


def _decade_of_birth(decade: int, this_year: int) -> Span:
    first = _born(decade * 10, this_year)
    return Span(first.low - 9, first.high, "decade_of_birth")


def _grade(year: int) -> Span:
    """Year 8 turns 14 or 15 with the calendar year; year 9 may be either side of YOUNGEST."""
    age = year + _SCHOOL_START
    return Span(age, age, "school") if age < YOUNGEST else Span(age - 1, age + 1, "school")


def _spaced(phrase: Sequence[str]) -> str:
    return r"\s+".join(map(re.escape, phrase))
