"""The problem picture of a round, from its exact counts to the document that is released. Reads no database."""

from bot.services.protecting import protect
from privacy.disclosure import EXACT, INTERIM, Rule, may_release
from summary.codebook import Codebook
from summary.picture import ProblemPicture
from summary.problem_picture import build
from summary.rows import RoundCounts

__all__ = ["EXACT", "INTERIM", "may_release_now", "picture_of", "protect"]


def picture_of(counts: RoundCounts, codebook: Codebook, rule: Rule, language: str = "sv") -> ProblemPicture:
    """What may be shown of the round under the rule. Ask `may_release_now` before it leaves the house."""
    return build(protect(counts, codebook, rule), codebook, language)


def may_release_now(counts: RoundCounts, rule: Rule, new_answers: int | None) -> bool:
    """Whether a release is due: `new_answers` counted persons have come since the last, None at the first."""
    facts = counts.facts
    return may_release(
        rule,
        new_answers=new_answers,
        counted_on=facts.counted_on,
        closed_on=facts.closed_on,
        erase_until=facts.erase_until,
    )
