"""How a typed reply is read against the question asked. Commands and safeguards are noticed before; nothing here
knows what the answer leads to."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from flows.ages import AgeReader, choice_spans
from flows.areas import AreaIndex
from flows.choices import ChoiceIndex
from flows.counts import read_count, read_counts
from flows.model import Kind, Question
from flows.polarity import YesNo
from flows.reading import Outcome, Reading
from flows.selections import Selection, unclear
from flows.vocabulary import Found, Utterance, Vocabulary, matching_form
from text.folding import squeezed

_MOST_INDEXES = 512
_ELONGATED = re.compile(r"([^\W\d_])\1\1")
_ZERO = re.compile(r"(?<![\d.,-])0(?![\d.,-])")
_MISSING = {"dont_know": Outcome.DONT_KNOW, "refused": Outcome.REFUSED}
_TEXT = (Kind.OPEN, Kind.PLACE)
_ZERO_REFUSES = frozenset({"age", "gender"})
"""Roles of questions that offer 0 to those who would rather not say."""

Missings = Sequence[Found[str]]


class _Indexed(NamedTuple):
    """What is worked out once for a question. Holds the question, so that nothing else gets its id."""

    question: Question
    choices: ChoiceIndex
    areas: AreaIndex | None
    ages: tuple[tuple[int, int], ...]
    offers_zero: bool


class ReplyReader:
    """Reads replies against questions with the word lists of flows/library/words/replies.yaml."""

    def __init__(self, words: Mapping[str, Any]) -> None:
        self._words = words
        self._readers: dict[str, _LanguageReader] = {}

    def read(self, question: Question, reply: str, language: str, *, this_year: int) -> Reading:
        """`reply`, cleaned and redacted, as an answer to `question`. Never raises for what a person typed."""
        reader = self._readers.get(language)
        if reader is None:
            reader = self._readers[language] = _LanguageReader(self._words, language)
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
        self._language = language
        self._words = Vocabulary(words, language)
        self._ages = AgeReader(self._words)
        self._indexes: dict[int, _Indexed] = {}
        self._kinds: dict[Kind, Callable[[_Indexed, Utterance, Missings, int], Reading]] = {
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
        return self._kinds[question.kind](self._indexed(question), said, self._missing(said), this_year)

    def _indexed(self, question: Question) -> _Indexed:
        known = self._indexes.get(id(question))
        if known is None:
            if len(self._indexes) >= _MOST_INDEXES:
                self._indexes.clear()
            known = self._indexes[id(question)] = _Indexed(
                question=question,
                choices=ChoiceIndex(question, self._words, self._language),
                areas=AreaIndex(question, self._words) if question.kind is Kind.AREA else None,
                ages=choice_spans(question) if question.kind is Kind.AGE else (),
                offers_zero=_offers_zero(question),
            )
        return known

    def _missing(self, said: Utterance) -> Missings:
        """ "Vet ej", "hemligt": where it is said. A single letter ("V") only as the whole reply."""
        found = self._words.missing.find(said.words)
        return [
            phrase
            for phrase in found
            if len(said.words) == 1 or len("".join(said.words[phrase.start : phrase.stop])) > 1
        ]

    def _yes_or_no(self, indexed: _Indexed, said: Utterance, missing: Missings, this_year: int) -> Reading:
        question = indexed.question
        offered = question.kind is Kind.CONSENT or question.closes_repeat or question.role == "feedback"
        reading = YesNo(said, indexed.choices, self._words, offered=offered).read(missing)
        if not missing:
            return reading
        said_yes = reading.outcome is Outcome.VALUE and (reading.values == ("yes",) or reading.how != "word")
        goes_on = missing[-1].stop < len(said.words) or missing[-1].meaning == "refused"
        return reading if said_yes and (goes_on or reading.how != "word") else _as_missing(missing)

    def _selection(self, indexed: _Indexed, said: Utterance, missing: Missings, this_year: int) -> Reading:
        missing = _not_labels(missing, indexed.choices, said)
        positions = frozenset(
            said.word_positions[at] for phrase in missing for at in range(phrase.start, phrase.stop)
        )
        question = indexed.question
        selection = Selection(said, indexed.choices, self._words, positions)
        if question.kind is Kind.MULTI:
            reading = selection.many(question.max_choices)
        else:
            reading = selection.one(scale=question.kind is Kind.SCALE)
        if missing and reading.outcome is Outcome.UNCLEAR and not reading.candidates:
            return _as_missing(missing)
        if said.words == ["0"] and indexed.offers_zero and reading.outcome is Outcome.UNCLEAR:
            return Reading(outcome=Outcome.REFUSED, how="number")
        return reading

    def _age(self, indexed: _Indexed, said: Utterance, missing: Missings, this_year: int) -> Reading:
        reading = self._ages.read(said, indexed.choices, indexed.ages, this_year)
        if missing and reading.outcome is Outcome.UNCLEAR:
            return _as_missing(missing)
        return reading

    def _area(self, indexed: _Indexed, said: Utterance, missing: Missings, this_year: int) -> Reading:
        reading = indexed.areas.read(said) if indexed.areas else unclear()
        if missing and reading.outcome is Outcome.UNCLEAR and not reading.candidates:
            return _as_missing(missing)
        return reading

    def _number(self, indexed: _Indexed, said: Utterance, missing: Missings, this_year: int) -> Reading:
        parts = indexed.question.parts
        reading = read_counts(said, parts, self._words) if parts else read_count(said, self._words)
        if missing and reading.outcome is Outcome.UNCLEAR:
            return _as_missing(missing)
        return reading

    def _text(self, indexed: _Indexed, said: Utterance, missing: Missings, this_year: int) -> Reading:
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
        if (not rest and (found or (denied and indexed.offers_zero))) or said.words == ["0"]:
            return Reading(outcome=Outcome.VALUE, how="none")
        if (denied and not rest) or not _is_text(said):
            return unclear("empty")
        return Reading(outcome=Outcome.VALUE, how="text")


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
