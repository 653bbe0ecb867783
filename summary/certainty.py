"""How well the answers bear a problem: three words by one rule, which is printed where they are used.

It is about the answers at hand and not about chance: nobody was drawn, so that there is no margin of error.
"""

from enum import StrEnum

MANY_ANSWERED = 50
"""Residents that must have answered for high certainty: below, shares are marked as uncertain."""
MANY_NAMED = 20
SOME_NAMED = 10
FEW_NAMED = 5


class Certainty(StrEnum):
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


def certainty(*, named: int, answered: int, other_sources: int) -> Certainty:
    """`named` of `answered` residents name the problem; `other_sources`: how many of employees and meetings do."""
    if answered >= MANY_ANSWERED and named >= MANY_NAMED and other_sources:
        return Certainty.HIGH
    if named >= SOME_NAMED or (named >= FEW_NAMED and other_sources):
        return Certainty.MEDIUM
    return Certainty.LOW
