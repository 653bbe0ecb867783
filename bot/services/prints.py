"""What a round is printed as: posters, cards, forms, note-takers' sheets. Importing it loads the typesetter.

Facts come from the round as it is stored, draft or open; texts stand in bot/printing/words.yaml and in the flows.
"""

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.channels.numbers import to_readable
from bot.printing import forms, invitations
from bot.printing.invitations import Invitation
from bot.printing.wording import LANGUAGES
from bot.services.colours import colour_in
from bot.services.errors import Refused
from bot.services.paper_questions import questions_on_paper
from bot.services.printable import form_questions, to_print, unprintable
from bot.services.rounds import get_existing
from bot.services.surveys import Survey, build_survey
from flows.documents import Problem
from storage import rounds
from storage.database import Sessions
from storage.rounds import PlaceCodeRow, RoundRow
from summary.wording import Words
from typesetting.compiling import CannotBeSet

SIZES = ("A4", "A3")
"""Of posters. All else is A4."""


class Paper(StrEnum):
    """What can be printed."""

    POSTER = "poster"
    CARDS = "cards"
    FORM = "form"
    SHEET = "sheet"


_STREAM = {Paper.SHEET: "dialogue"}
_KIND = {Paper.SHEET: "meeting"}
_INVITES = (Paper.POSTER, Paper.CARDS)
"""Of no use without a place code, and an address for the chat."""


class CannotBePrinted(Refused):
    """Nothing was printed. `problems` say where in the round what has to be mended; the message says it in words."""

    def __init__(self, message: str, problems: Sequence[Problem] = ()) -> None:
        super().__init__(message)
        self.problems = tuple(problems)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Facts:
    row: RoundRow
    document: Mapping[str, Any]
    survey: Survey
    codes: tuple[PlaceCodeRow, ...]
    """Those to print for; one with empty code and label for a form that belongs to no place."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Prints:
    """Prints of rounds. `public_url` is where residents find the chat. Nothing is changed and nothing logged."""

    sessions: Sessions
    public_url: str

    def make(
        self, paper: Paper, round_code: str, *, place_code: str = "", size: str = "A4", language: str = "sv"
    ) -> bytes:
        """One PDF for a place, or for all places of the round, page by page.

        Raises RoundRefused without such a round, CannotBePrinted where it cannot be.
        """
        facts = self._read(paper, round_code, place_code)
        _check_language(facts, paper, language)
        invited = [self._invitation(facts, code, language) for code in facts.codes]
        return _print(paper, facts, invited, size)

    def make_each(self, paper: Paper, round_code: str, *, size: str = "A4", language: str = "sv") -> bytes:
        """A ZIP archive with one PDF for each place, named by its code. Raises as `make`."""
        facts = self._read(paper, round_code, "")
        _check_language(facts, paper, language)
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            for code in facts.codes:
                pdf = _print(paper, facts, [self._invitation(facts, code, language)], size)
                name = "-".join(part for part in (round_code, paper.value, code.code, language) if part)
                archive.writestr(zipfile.ZipInfo(f"{name}.pdf", _ZIP_EPOCH), pdf)
        return stream.getvalue()

    def _read(self, paper: Paper, round_code: str, place_code: str) -> _Facts:
        if paper in _INVITES and not self.public_url:
            raise CannotBePrinted("set LYHORD_PUBLIC_URL: the QR code leads to the chat there")
        with self.sessions.reading() as session:
            row = get_existing(session, round_code)
            document = rounds.get_round_document(session, row.id)
            survey = build_survey(session, row)
        if _STREAM.get(paper, "residents") not in survey.versions:
            raise CannotBePrinted(f"round {round_code} has no {_STREAM.get(paper, 'residents')} to ask")
        codes = _choose_codes(paper, round_code, survey, place_code)
        return _Facts(row=row, document=document, survey=survey, codes=codes)

    def _invitation(self, facts: _Facts, code: PlaceCodeRow, language: str) -> Invitation:
        values, row = facts.survey.values, facts.row
        keyword, other = _keywords(facts.document, language)
        return Invitation(
            language=language,
            municipality=to_print(row.municipality),
            keyword=to_print(keyword),
            other_keyword=to_print(other),
            number=row.phone_number,
            readable_number=to_readable(row.phone_number),
            place_code=code.code,
            place=to_print(code.label),
            round_code=row.code,
            public_url=self.public_url,
            information_page=to_print(values["U"]),
            telephone=to_print(values["T"]),
            last_day=Words(language).day(row.closes_on),
            colour=colour_in(facts.document) or invitations.DEFAULT_COLOUR,
            is_demonstration=row.is_demonstration,
        )


_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The same prints are the same file."""


def _choose_codes(paper: Paper, round_code: str, survey: Survey, place_code: str) -> tuple[PlaceCodeRow, ...]:
    if place_code:
        found = survey.find_place_code(place_code)
        if found is None:
            known = ", ".join(code.code for code in survey.place_codes.values()) or "none yet"
            raise CannotBePrinted(f"round {round_code} has no place code {place_code}; it has: {known}")
        return (found,)
    kind = _KIND.get(paper, "poster")
    codes = tuple(code for code in survey.place_codes.values() if code.kind == kind)
    if not codes and paper in _INVITES:
        raise CannotBePrinted(
            f'round {round_code} has no place codes: make them with lyhord round codes {round_code} --add "..."'
        )
    return codes or (PlaceCodeRow(code="", label="", kind=kind),)


def _check_language(facts: _Facts, paper: Paper, language: str) -> None:
    flow = facts.survey.flows[facts.survey.versions[_STREAM.get(paper, "residents")]]
    offered = [code for code in LANGUAGES if code in flow.languages]
    if language not in offered:
        raise CannotBePrinted(f"prints are made in {', '.join(offered)}, not in {language}")


def _keywords(document: Mapping[str, Any], language: str) -> tuple[str, str]:
    """The residents' keyword in the language, or else their first, and that of another language, if there is one."""
    asked = [(str(k["word"]), k.get("language")) for k in document["keywords"] if k["flow"] == "residents"]
    in_language = [word for word, spoken in asked if spoken in (language, None)]
    others = [word for word, spoken in asked if spoken in LANGUAGES and spoken != language]
    keyword = next(iter(in_language or [word for word, _ in asked]), "")
    return keyword, next((word for word in others if word != keyword), "")


def _print(paper: Paper, facts: _Facts, invited: Sequence[Invitation], size: str) -> bytes:
    language = invited[0].language
    asked: tuple[forms.Question, ...] = ()
    if paper not in _INVITES:
        survey = facts.survey
        flow = survey.flows[survey.versions[_STREAM.get(paper, "residents")]]
        given = {**survey.given, "place_code": invited[0].place_code if paper is Paper.SHEET else ""}
        asked = form_questions(questions_on_paper(flow, given), language, survey.values)
    problems = unprintable(invited, asked)
    if problems:
        sentences = "; ".join(f"{p.where}: {p.message}" for p in problems)
        raise CannotBePrinted(f"{sentences}. {problems[0].advice}", problems)
    try:
        match paper:
            case Paper.POSTER:
                return invitations.print_posters(invited, size)
            case Paper.CARDS:
                return invitations.print_cards(invited)
            case Paper.FORM:
                return forms.print_forms(invited, asked)
            case Paper.SHEET:
                return forms.print_notes(invited, asked)
    except CannotBeSet as error:
        raise CannotBePrinted(f"the {paper.value} cannot be set: {error}") from None
