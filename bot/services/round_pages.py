"""What everybody may know of a round: who asks, how one answers, what becomes of the answers, and any results."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from bot.services.arrivals import Parts
from bot.services.dates import ended_on, local_date, retention_of
from bot.services.paper_questions import questions_on_paper
from flows.model import Flow, Question
from privacy.retention import RetentionPlan
from storage import audit, rounds
from storage.rounds import RoundRow
from summary.picture import ProblemPicture, from_json

STREAM = "residents"


class Phase(StrEnum):
    """Where a round stands for those who might answer."""

    TO_COME = "to_come"
    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"


@dataclass(frozen=True, kw_only=True, slots=True)
class RoundFacts:
    """A round as everybody may see it. `keywords` of the residents' survey by language; `dates` of forgetting."""

    row: RoundRow
    document: Mapping[str, Any]
    phase: Phase
    flow: Flow
    values: Mapping[str, str]
    keywords: Mapping[str, str]
    questions: tuple[Question, ...]
    dates: RetentionPlan
    has_results: bool

    @property
    def ended_on(self) -> date:
        return ended_on(self.row)


def find_round(parts: Parts, round_code: str) -> RoundFacts | None:
    """The round of that code; None for a draft, and where residents are not asked."""
    with parts.sessions.reading() as session:
        row = rounds.get_round(session, round_code)
        if row is None or row.status == "draft":
            return None
        survey = parts.surveys.of(session, row)
        document = rounds.get_round_document(session, row.id)
        has_results = audit.get_published_release(session, row.id) is not None
    if STREAM not in survey.versions:
        return None
    flow = survey.flows[survey.versions[STREAM]]
    return RoundFacts(
        row=row,
        document=document,
        phase=_phase(row, local_date(parts.now())),
        flow=flow,
        values=survey.values,
        keywords={language or flow.default_language: word for word, language in _keywords(document)},
        questions=tuple(p.question for p in questions_on_paper(flow, {**survey.given, "place_code": ""})),
        dates=retention_of(row),
        has_results=has_results,
    )


def find_results(parts: Parts, round_code: str, language: str) -> ProblemPicture | None:
    """The report that somebody has published for this round."""
    with parts.sessions.reading() as session:
        row = rounds.get_round(session, round_code)
        release = audit.get_published_release(session, row.id) if row else None
    return from_json(release.picture[language]) if release else None


def _phase(row: RoundRow, today: date) -> Phase:
    if row.takes_answers(today):
        return Phase.OPEN
    if row.is_paused(today):
        return Phase.PAUSED
    return Phase.TO_COME if row.is_under_way and today < row.opens_on else Phase.CLOSED


def _keywords(document: Mapping[str, Any]) -> list[tuple[str, str | None]]:
    return [(str(k["word"]), k.get("language")) for k in document["keywords"] if k["flow"] == STREAM]
