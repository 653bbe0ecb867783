"""What stands beside a release when it is written, as it is on that day: statistics of others, the working group's
scores, promises, what has changed and been kept since an earlier round, intervals where somebody wants them, approved
quotes. A release itself never changes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.services.decisions import sensitive_categories
from bot.services.gathering import load_flows
from bot.services.prioritising import standing_scores
from bot.services.promises import promised
from bot.services.statistics.importing import published_tables
from categories.catalogue import CURRENT
from flows.model import Flow
from privacy.disclosure import EXACT
from storage import audit, priorities, promises, quotes, rounds
from storage.database import Session
from storage.rounds import RoundRow
from summary.beside import with_statistics
from summary.intervals import with_intervals
from summary.picture import ProblemPicture, from_json
from summary.priorities import GivenScore, with_scores
from summary.promises import EarlierPromises, Promised, with_earlier_promises, with_promises
from summary.published import PublishedTable
from summary.quoted import Quoted, with_quotes
from summary.rows import Stream
from summary.since import PROBLEM, Asked, Earlier, with_earlier


@dataclass(frozen=True, kw_only=True, slots=True)
class BesideRelease:
    """`earlier` by language; empty where no round is named, or where it has no final report."""

    statistics: tuple[PublishedTable, ...]
    scores: tuple[GivenScore, ...]
    earlier: Mapping[str, Earlier]
    with_intervals: bool
    promises: tuple[Promised, ...]
    earlier_promises: EarlierPromises | None
    quotes: tuple[Quoted, ...]

    def put_into(self, picture: ProblemPicture) -> ProblemPicture:
        """The released picture with everything beside it. No figure of the answers changes."""
        picture = with_statistics(picture, self.statistics)
        picture = with_scores(picture, self.scores)
        picture = with_earlier(picture, self.earlier.get(picture.language))
        picture = with_promises(picture, self.promises)
        picture = with_earlier_promises(picture, self.earlier_promises)
        picture = with_intervals(picture) if self.with_intervals else picture
        return with_quotes(picture, self.quotes)


def gather_beside(session: Session, row: RoundRow, today: date) -> BesideRelease:
    """As it stands on `today`."""
    choices = priorities.get_choices(session, row.id)
    return BesideRelease(
        statistics=published_tables(session, row.id),
        scores=standing_scores(session, row.id),
        earlier=_earlier(session, row, choices.previous_round_id),
        with_intervals=choices.with_intervals,
        promises=tuple(promised(each) for each in promises.list_promises(session, row.id)),
        earlier_promises=_earlier_promises(session, choices.previous_round_id, today),
        quotes=_quoted(session, row.id),
    )


def _quoted(session: Session, round_id: int) -> tuple[Quoted, ...]:
    """Approved quotes, without any whose subject has become sensitive since."""
    return tuple(
        Quoted(
            category=quote.category,
            stream=quote.stream,
            text=quote.text,
            is_verbatim=quote.is_verbatim,
            sources=quote.sources,
        )
        for quote in quotes.list_quotes(session, round_id)
        if quote.category not in sensitive_categories()
    )


def _earlier_promises(session: Session, previous_id: int | None, today: date) -> EarlierPromises | None:
    """Those of the round that changes are told since, whether it has a final report or not."""
    previous = next((each for each in rounds.list_rounds(session) if each.id == previous_id), None)
    if previous is None:
        return None
    found = tuple(promised(each) for each in promises.list_promises(session, previous.id))
    return EarlierPromises(round=previous.name, promises=found, today=today)


def _earlier(session: Session, row: RoundRow, previous_id: int | None) -> dict[str, Earlier]:
    previous = next((each for each in rounds.list_rounds(session) if each.id == previous_id), None)
    last = audit.get_latest_release(session, previous.id) if previous else None
    if previous is None or last is None or last.rule != EXACT.name:
        return {}
    then, now = _asked(load_flows(session, previous)), _asked(load_flows(session, row))
    return {
        language: Earlier(name=previous.name, picture=from_json(document), asked_then=then, asked_now=now)
        for language, document in last.picture.items()
    }


def _asked(flows: tuple[Flow, ...]) -> dict[str, Asked]:
    """How residents were asked, by role: every text of the question, by language and by where it is used."""
    found: dict[str, Asked] = {}
    for flow in flows:
        for question in flow.questions if flow.stream == Stream.RESIDENTS else ():
            if question.role:
                wording = {f"label {language}": text for language, text in question.label.items()}
                wording |= {f"sms {language}": text for language, text in question.sms.items()}
                choices = tuple((choice.name, choice.label.get("sv", "")) for choice in question.choices)
                taxonomy = (("taxonomy", CURRENT),) if question.role == PROBLEM else ()
                found[question.role] = Asked(wording=wording, choices=taxonomy or choices)
    return found
