"""The problem picture of a round, from its exact counts to the document that is released. Reads no database."""

from bot.services.protecting import protect
from privacy.disclosure import Rule
from summary.codebook import Codebook
from summary.picture import ProblemPicture
from summary.problem_picture import build
from summary.rows import RoundCounts


def picture_of(counts: RoundCounts, codebook: Codebook, rule: Rule, language: str = "sv") -> ProblemPicture:
    """What may be shown of the round under the rule. Whether it may be now, bot.services.reporting knows."""
    return build(protect(counts, codebook, rule), codebook, language)
