"""How a typed reply is read against the question asked. Commands and safeguards are noticed before; nothing here
knows what the answer leads to."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, TypeVar

from flows.ages import AgeReader, choice_spans
from flows.areas import AreaIndex
from flows.choices import ChoiceIndex
from flows.counts import read_count, read_counts
from flows.deciding import decided
from flows.evidence import Evidence, unclear
from flows.model import Kind, Question
from flows.one_choice import read_one
from flows.polarity import YesNo
from flows.reading import Outcome, Reading
from flows.several_choices import read_several
from flows.vocabulary import Found, Utterance, Vocabulary, matching_form
from text.folding import squeezed

_MOST_QUESTIONS = 256
_ELONGATED = re.compile(r"([^\W\d_])\1\1")
_ZERO = re.compile(r"(?<![\d.,-])0(?![\d.,-])")
_ROAD = re.compile(r"[^\W\d_]\d")
"""A letter and a figure without a space: "E14"."""
_CLOSED = frozenset({Kind.CONSENT, Kind.YESNO, Kind.SINGLE, Kind.SCALE, Kind.MULTI, Kind.AGE, Kind.AREA})
_MISSING = {"dont_know": Outcome.DONT_KNOW, "refused": Outcome.REFUSED}
_ZERO_REFUSES = frozenset({"age", "gender"})
"""Roles of questions that offer 0 to those who would rather not say."""

Missings = Sequence[Found[str]]
T = TypeVar("T")


class _OncePerQuestion(Generic[T]):
    """What is worked out once for a question, by its identity: questions are data and cannot be hashed."""

    def __init__(self, make: Callable[[Question], T]) -> None:
        self._make = make
        self._made: dict[int, tuple[Question, T]] = {}

    def of(self, question: Question) -> T:
        known = self._made.get(id(question))
        if known is None:
            if len(self._made) >= _MOST_QUESTIONS:
                self._made.clear()
            # The question is held, so that no other can get its id.
            known = self._made[id(question)] = (question, self._make(question))
        return known[1]


class ReplyReader:
    """Reads replies against questions with the word lists of flows/library/words/replies.yaml.

    `words` gives them, and is asked once for each language.
    """

    def __init__(self, words: Callable[[], Mapping[str, Any]]) -> None:
        self._words = words
        self._readers: dict[str, _LanguageReader] = {}

    def prepare(self, language: str) -> None:
        """Reads the lists for `language` now, so that no thread is waiting for it and no two do it at once."""
        self._readers[language] = _LanguageReader(self._words(), language)

    def read(self, question: Question, reply: str, language: str, *, this_year: int) -> Reading:
        """`reply`, cleaned and redacted, as an answer to `question`. Never raises for what a person typed."""
        if language not in self._readers:
            self.prepare(language)
        reader = self._readers[language]
        form = matching_form(reply)
        if _ELONGATED.search(form) is None:
            return reader.read(question, reply, form, this_year)
        reading = reader.read(question, squeezed(reply), squeezed(form), this_year)
        if reading.outcome is not Outcome.UNCLEAR:
            return reading
        return reader.read(question, squeezed(reply, 1), squeezed(form, 1), this_year)


class _LanguageReader:
    """Reads replies in conversations of one language."""

    def __init__(self, words: Mapping[str, Any], language: str) -> None:
        self._words = Vocabulary(words, language)
        self._ages = AgeReader(self._words)
        self._choices = _OncePerQuestion(lambda question: ChoiceIndex(question, self._words, language))
        self._areas = _OncePerQuestion(lambda question: AreaIndex(question, self._words))
        self._spans = _OncePerQuestion(choice_spans)
        self._offers_zero = _OncePerQuestion(_offers_zero)
        self._kinds: dict[Kind, Callable[[Question, Utterance, Missings, int], Reading]] = {
            Kind.CONSENT: self._yes_or_no,
            Kind.YESNO: self._yes_or_no,
            Kind.SINGLE: self._selection,
            Kind.SCALE: self._selection,
            Kind.MULTI: self._selection,
            Kind.AGE: self._age,
            Kind.AREA: self._area,
            Kind.NUMBER: self._number,
            Kind.NUMBERS: self._number,
            Kind.PLACE: self._text,
            Kind.OPEN: self._text,
        }

    def read(self, question: Question, reply: str, form: str, this_year: int) -> Reading:
        said = Utterance(reply, form, self._words)
        if not said.words:
            return unclear("empty")
        reading = self._as_a_whole(question, said, this_year)
        if reading.outcome is not Outcome.UNCLEAR or question.kind not in _CLOSED or len(said.words) < 2:
            return reading

        def read(part: str) -> Reading:
            part_said = Utterance(part, matching_form(part), self._words)
            return self._as_a_whole(question, part_said, this_year) if part_said.words else unclear("empty")

        return decided(said, self._words, read) or reading

    def _as_a_whole(self, question: Question, said: Utterance, this_year: int) -> Reading:
        return self._kinds[question.kind](question, said, self._missing(said), this_year)

    def _missing(self, said: Utterance) -> Missings:
        """ "Vet ej", "hemligt": where it is said. A single letter ("V") only as the whole reply."""
        found = self._words.missing.find(said.words)
        return [
            phrase
            for phrase in found
            if len(said.words) == 1 or len("".join(said.words[phrase.start : phrase.stop])) > 1
        ]

    def _yes_or_no(self, question: Question, said: Utterance, missing: Missings, this_year: int) -> Reading:
        offered = question.kind is Kind.CONSENT or question.closes_repeat or question.role == "feedback"
        reading = YesNo(said, self._choices.of(question), self._words, offered=offered).read(missing)
        if not missing:
            return reading
        said_yes = reading.outcome is Outcome.VALUE and (reading.values == ("yes",) or reading.how != "word")
        goes_on = missing[-1].stop < len(said.words) or missing[-1].meaning == "refused"
        return reading if said_yes and (goes_on or reading.how != "word") else _as_missing(missing)

    def _selection(self, question: Question, said: Utterance, missing: Missings, this_year: int) -> Reading:
        choices = self._choices.of(question)
        exact = choices.labelled(said.words)
        if exact is not None:
            return Reading(outcome=Outcome.VALUE, values=choices.names_of({exact}), how="label")
        if missing and len("".join(said.words)) == 1:  # "Not sure? Write V", though "v unsafe" is very unsafe
            return _as_missing(missing)
        missing = _not_labels(missing, choices, said)
        positions = frozenset(
            said.word_positions[at] for phrase in missing for at in range(phrase.start, phrase.stop)
        )
        found = Evidence(said, choices, self._words, positions)
        if question.kind is Kind.MULTI:
            reading = read_several(found, question.max_choices)
        else:
            reading = read_one(found, scale=question.kind is Kind.SCALE)
        if missing and reading.outcome is Outcome.UNCLEAR and not reading.candidates:
            if missing[0].meaning == "dont_know" and choices.dont_know is not None:
                return found.value(frozenset({choices.dont_know}), "synonym", 0.95)
            return _as_missing(missing)
        if said.words == ["0"] and self._offers_zero.of(question) and reading.outcome is Outcome.UNCLEAR:
            return Reading(outcome=Outcome.REFUSED, how="number")
        return reading

    def _age(self, question: Question, said: Utterance, missing: Missings, this_year: int) -> Reading:
        reading = self._ages.read(said, self._choices.of(question), self._spans.of(question), this_year)
        if missing and reading.outcome is Outcome.UNCLEAR:
            return _as_missing(missing)
        return reading

    def _area(self, question: Question, said: Utterance, missing: Missings, this_year: int) -> Reading:
        reading = self._areas.of(question).read(said)
        if missing and reading.outcome is Outcome.UNCLEAR and not reading.candidates:
            return _as_missing(missing)
        return reading

    def _number(self, question: Question, said: Utterance, missing: Missings, this_year: int) -> Reading:
        parts = question.parts
        reading = read_counts(said, parts, self._words) if parts else read_count(said, self._words)
        if missing and reading.outcome is Outcome.UNCLEAR:
            return _as_missing(missing)
        return reading

    def _text(self, question: Question, said: Utterance, missing: Missings, this_year: int) -> Reading:
        """Anything but noise is an answer; "vet ej" and "inget" only where nothing else is said."""
        fillers = self._words.fillers
        found = missing or [
            p for p in self._words.choosing.find(said.words) if p.meaning in ("none", "none_of_these")
        ]
        spoken = {at for phrase in found for at in range(phrase.start, phrase.stop)}
        denied = self._words.polarity.whole(said.words[:1]) == "denies"
        rest = [
            w
            for at, w in enumerate(said.words)
            if at not in spoken and w not in fillers and (at or not denied)
        ]
        if missing and not rest:
            return _as_missing(missing)
        if (not rest and (found or (denied and self._offers_zero.of(question)))) or said.words == ["0"]:
            return Reading(outcome=Outcome.VALUE, how="none")
        if (denied and not rest) or not _is_text(said):
            return unclear("empty")
        if self._is_mere_number(said):
            return unclear("number")
        return Reading(outcome=Outcome.VALUE, how="text")

    def _is_mere_number(self, said: Utterance) -> bool:
        """ "47", "45 år": mostly the answer to a question that was not asked. Kept if it comes again."""
        if _ROAD.search(said.shown):
            return False
        units = self._words.units.union(keys[0] for keys in self._words.age["years"])
        other = [
            t for t in said.tokens if not t.mark and t.key not in units and t.key not in self._words.fillers
        ]
        return bool(other) and all(token.value is not None and not token.spelled for token in other)


def _not_labels(missing: Missings, choices: ChoiceIndex, said: Utterance) -> Missings:
    """Without the phrases that are the wording of a choice: "osäker" on a scale of safety, "vill inte svara"."""
    if not missing:
        return missing
    hits = choices.hits(said.words, frozenset())
    return [p for p in missing if not any(hit.start <= p.start and p.stop <= hit.stop for hit in hits)]


def _as_missing(missing: Missings) -> Reading:
    return Reading(outcome=_MISSING[missing[0].meaning], how="phrase")


def _offers_zero(question: Question) -> bool:
    texts = (*question.sms.values(), *question.label.values())
    return question.role in _ZERO_REFUSES or any(_ZERO.search(text) for text in texts)


def _is_text(said: Utterance) -> bool:
    """Whether a reply to an open question says anything: not emoji, one letter or one figure."""
    return any(key[0].isalnum() for key in said.words) and (len(said.words) > 1 or len(said.words[0]) > 1)
