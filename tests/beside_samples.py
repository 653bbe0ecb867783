"""An invented report with everything beside it: statistics, scores, an earlier round with falls and rises, quotes,
weights and intervals.
"""

from dataclasses import replace
from datetime import date
from functools import cache

from problem_samples import codebook, round_counts

from bot.services.summaries import picture_of
from privacy.disclosure import EXACT
from summary.beside import with_statistics
from summary.intervals import with_intervals
from summary.picture import ProblemPicture
from summary.priorities import Criterion, GivenScore, with_scores
from summary.published import PublishedFigure, PublishedTable, Source
from summary.quoted import Quoted, with_quotes
from summary.since import Asked, Earlier, with_earlier

_SAME = {role: Asked(wording={"label sv": role}) for role in ("problem", "safety", "police")}
STATISTICS = PublishedTable(
    source=Source.BRA,
    table_id="10L",
    title="Anmälda brott",
    caution="",
    imported_on=date(2026, 11, 3),
    figures=tuple(
        PublishedFigure(indicator="Skadegörelse", area="", period=str(year), value=value, unit="antal")
        for year, value in ((2023, 8.25), (2024, 1062), (2025, 9.5))
    ),
    about={"Skadegörelse": "vandalism_litter"},
)
_QUOTES = (
    Quoted(category="disorder", stream="residents", text="Stökigt.", is_verbatim=True, sources=1),
    Quoted(category="disorder", stream="residents", text="Bråk på natten.", is_verbatim=False, sources=3),
)
_SCORES = (
    GivenScore(problem="F_TRAFFIC", criterion=Criterion.INFLUENCE, score=3, reason="Kommunens gator."),
)


@cache
def everything_beside(residents: int = 900, language: str = "sv") -> ProblemPicture:
    """From 250 residents on, with weights; from 20 on, changes in percentage points both up and down."""
    counts = replace(round_counts(residents, residents // 10), with_weights=True)
    then = picture_of(round_counts(residents, residents // 10, seed=2), codebook(), EXACT, language)
    picture = with_statistics(picture_of(counts, codebook(), EXACT, language), (STATISTICS,))
    picture = with_scores(picture, _SCORES)
    earlier = Earlier(name="Då", picture=then, asked_then=_SAME, asked_now=_SAME)
    return with_quotes(with_intervals(with_earlier(picture, earlier)), _QUOTES)
