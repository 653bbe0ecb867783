"""What may be quoted beside the figures: approved by a person, and checked so that it leads to nobody.

No document that leaves the tool holds an answer's words that nobody approved (domain: disclosure rules, 6).
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.services.arrivals import Parts
from bot.services.decisions import category_names, sensitive_categories
from bot.services.errors import Refused
from bot.services.pointing_out import personal_in
from bot.services.rounds import get_existing
from storage import audit, quotes, rounds
from storage.database import Session, Sessions
from storage.quotes import QuoteRow, Source
from storage.rounds import RoundRow
from text.folding import folded, words

MOST_CHARACTERS = 280
MOST_SOURCES = 20


class QuoteFault(StrEnum):
    """Why a text cannot be quoted; also the key of its sentence on pages."""

    EMPTY = "empty"
    LONG = "long"
    NO_SOURCE = "no_source"
    MANY_SOURCES = "many_sources"
    GONE = "gone"
    OTHER_CATEGORY = "other_category"
    STREAMS = "streams"
    SENSITIVE = "sensitive"
    PERSONAL = "personal"
    PLACE = "place"
    AGE_AND_GENDER = "age_and_gender"


class QuoteRefused(Refused):
    """The text may not be quoted. `found` is what stands in it that may not."""

    def __init__(self, fault: QuoteFault, found: str = "") -> None:
        super().__init__(f"the quote is refused: {fault.value}{f' ({found})' if found else ''}")
        self.fault = fault
        self.found = found


@dataclass(frozen=True, kw_only=True, slots=True)
class Quotes:
    """Each deed is one transaction with a line in the audit log. `actor` is the account's address."""

    parts: Parts
    actor: str

    @property
    def sessions(self) -> Sessions:
        return self.parts.sessions

    def list_quotes(self, round_code: str, category: str = "") -> tuple[QuoteRow, ...]:
        """Raises RoundRefused for an unknown round."""
        return list_quotes(self.sessions, round_code, category)

    def approve(
        self, round_code: str, category: str, text: str, answer_ids: Collection[int], *, by: str
    ) -> int:
        """Take the text as what these answers to `category` say. `by`: who answers for it. Returns its id.

        Raises QuoteRefused for what leads to a person or is not what the answers are about, RoundRefused for an
        unknown round.
        """
        text = " ".join(text.split())
        _check_form(category, text, answer_ids)
        with self.sessions.begin() as session:
            row = get_existing(session, round_code)
            sources = quotes.get_sources(session, row.id, answer_ids)
            _check_sources(sources, category, answer_ids)
            self._check_text(session, row, text)
            quote = QuoteRow(
                id=0,
                stream=sources[0].stream,
                category=category,
                text=text,
                is_verbatim=_is_verbatim(text, sources),
                sources=len(sources),
                approved_by=by,
                approved_at=self.parts.now(),
            )
            made = quotes.add_quote(session, row.id, quote, [source.answer_id for source in sources])
            self._log(session, row, "quote_approved", made)
            return made

    def remove(self, round_code: str, quote_id: int) -> bool:
        """Whether there was one. Raises RoundRefused for an unknown round."""
        with self.sessions.begin() as session:
            row = get_existing(session, round_code)
            if not quotes.delete_quote(session, row.id, quote_id):
                return False
            self._log(session, row, "quote_removed", quote_id)
            return True

    def _check_text(self, session: Session, row: RoundRow, text: str) -> None:
        if masked := personal_in(self.parts.reader.redactor, text):
            raise QuoteRefused(QuoteFault.PERSONAL, ", ".join(masked))
        survey = self.parts.surveys.of(session, row)
        if named := survey.places.find(text):
            names = {place.code: place.name for place in rounds.list_round_places(session, row.id)}
            found = ", ".join(names.get(place.code, place.code) for place in named)
            raise QuoteRefused(QuoteFault.PLACE, found)
        if (age := _AGE.search(text)) and (gender := _GENDER.search(text)):
            raise QuoteRefused(QuoteFault.AGE_AND_GENDER, f"{age.group()}, {gender.group()}")

    def _log(self, session: Session, row: RoundRow, action: str, quote_id: int) -> None:
        audit.add_audit_entry(
            session,
            actor=self.actor,
            action=action,
            round_id=row.id,
            at=self.parts.now(),
            subject=str(quote_id),
        )


def list_quotes(sessions: Sessions, round_code: str, category: str = "") -> tuple[QuoteRow, ...]:
    """Approved ones, of one category or of all. Raises RoundRefused for an unknown round."""
    with sessions.reading() as session:
        row = get_existing(session, round_code)
        return tuple(quotes.list_quotes(session, row.id, category))


def list_quoted(sessions: Sessions, round_code: str, answer_ids: Sequence[int]) -> frozenset[int]:
    """Those of the answers that some quote is made of. Raises RoundRefused for an unknown round."""
    with sessions.reading() as session:
        row = get_existing(session, round_code)
        return quotes.list_quoted(session, row.id, answer_ids)


_AGE = re.compile(
    r"\b(\d{1,3}[ -]?(?:åri\w*|år(?:s|)\b|years?\b|yo\b)|(?:tonår|pensionär|teenage)\w*)", re.IGNORECASE
)
_GENDER = re.compile(
    r"\b(?:kvinn|tjej|flick|mamm|mormor|farmor|dotter|man\b|mannen|män\b|männen|kill|pojk|papp|morfar|farfar|"
    r"woman|women|girl|mother|men\b|boy|father|son\b|daughter)\w*",
    re.IGNORECASE,
)


def _check_form(category: str, text: str, answer_ids: Collection[int]) -> None:
    if not text:
        raise QuoteRefused(QuoteFault.EMPTY)
    if len(text) > MOST_CHARACTERS:
        raise QuoteRefused(QuoteFault.LONG, str(len(text)))
    if not answer_ids:
        raise QuoteRefused(QuoteFault.NO_SOURCE)
    if len(set(answer_ids)) > MOST_SOURCES:
        raise QuoteRefused(QuoteFault.MANY_SOURCES, str(len(set(answer_ids))))
    if category not in category_names("sv"):
        raise QuoteRefused(QuoteFault.OTHER_CATEGORY, category)
    if category in sensitive_categories():
        raise QuoteRefused(QuoteFault.SENSITIVE, category)


def _check_sources(sources: Sequence[Source], category: str, answer_ids: Collection[int]) -> None:
    if len(sources) < len(set(answer_ids)):
        raise QuoteRefused(QuoteFault.GONE)
    if any(category not in source.categories for source in sources):
        raise QuoteRefused(QuoteFault.OTHER_CATEGORY, category)
    if any(source.categories & sensitive_categories() for source in sources):
        raise QuoteRefused(QuoteFault.SENSITIVE)
    if len({source.stream for source in sources}) > 1:
        raise QuoteRefused(QuoteFault.STREAMS)


def _is_verbatim(text: str, sources: Sequence[Source]) -> bool:
    """Whether the words are an answer's own, whatever the signs between them."""
    return any(_words(text) in _words(source.text) for source in sources)


def _words(text: str) -> str:
    return f" {' '.join(words(folded(text.casefold())))} "
