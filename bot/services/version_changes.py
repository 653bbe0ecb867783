"""What became of a round's flows while it was open, for whoever reads its figures."""

from itertools import pairwise

from bot.services.dates import local_date
from bot.services.surveys import load_published
from flows.differences import QuestionTrend, Trend, compare_flows
from storage import corrections
from storage.corrections import AskedFlow
from storage.database import Session
from storage.rounds import RoundRow
from summary.rows import Stream, VersionChange

_WORDS = frozenset({"wording", "choice_wording"})


def list_version_changes(session: Session, row: RoundRow) -> tuple[VersionChange, ...]:
    """Each step from a version to the next, stream by stream, in the order of time."""
    asked = list(reversed(corrections.list_asked_flows(session, row.id)))
    return tuple(
        _change(before, after) for before, after in pairwise(asked) if before.row.stream == after.row.stream
    )


def _change(before: AskedFlow, after: AskedFlow) -> VersionChange:
    old, new = load_published(before.row.document), load_published(after.row.document)
    found = compare_flows(old, new)
    if after.asked_from is None:
        raise ValueError("only the first version has no day from which it was asked")
    return VersionChange(
        stream=Stream(new.stream),
        flow=new.id,
        before=old.version,
        after=new.version,
        asked_from=local_date(after.asked_from),
        carried=after.carried,
        added=tuple(one.of for one in found.differences if one.what == "question_added"),
        removed=tuple(one.of for one in found.differences if one.what == "question_removed"),
        broken=tuple(one.question for one in found.trends if one.trend is Trend.BROKEN),
        reworded=_reworded(found.trends),
        cautious=tuple(
            one.question for one in found.trends if one.trend is Trend.CAUTION and not _WORDS & {*one.because}
        ),
    )


def _reworded(trends: tuple[QuestionTrend, ...]) -> tuple[str, ...]:
    return tuple(one.question for one in trends if one.trend is Trend.CAUTION and _WORDS & {*one.because})
