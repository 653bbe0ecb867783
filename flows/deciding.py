"""The part of a reply that decides, where all of it together was unclear: "tvåa, hade blivit etta om det vore ljust"."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from flows.reading import Outcome, Reading
from flows.vocabulary import Utterance, Vocabulary, keys_of

_ENDS = frozenset(".,;:!?–(،؛؟")
_SURE = 0.9


def decided(said: Utterance, words: Vocabulary, read: Callable[[str], Reading]) -> Reading | None:
    """What the words behind "jag säger" say, or those before a comma or "för", if the rest says nothing else.

    `read` reads a part of the reply as if it were the whole. None where no part decides.
    """
    reading = read(_at_the_point(said, words))
    if _is_sure(reading):
        return replace(reading, remark=said.shown)
    for end, goes_on in _openings(said, words):
        reading, rest = read(said.shown[:end]), said.shown[goes_on:]
        if _is_sure(reading) and not reading.remark and not _unsettles(rest, reading, words, read):
            return replace(reading, remark=rest.strip(" .,:;!?-–()"))
    return None


def _at_the_point(said: Utterance, words: Vocabulary) -> str:
    """The words behind the last "jag säger", or before one that ends the reply; empty where there is none."""
    found = [phrase for phrase in words.deciding.find(said.words) if phrase.meaning == "point"]
    if not found or not found[-1].start:
        return ""
    last = found[-1]
    if last.stop == len(said.words):
        return said.shown[: said.tokens[said.word_positions[last.start]].start]
    return said.shown[said.tokens[said.word_positions[last.stop]].start :]


def _openings(said: Utterance, words: Vocabulary) -> Iterator[tuple[int, int]]:
    """Where the first clause may end and where what explains it begins, the first two such places."""
    phrases = words.deciding.find(said.words)
    starts = {said.word_positions[p.start] for p in phrases if p.meaning in ("explains", "otherwise")}
    places = [at for at, token in enumerate(said.tokens) if at and (token.key in _ENDS or at in starts)]
    for at in places[:2]:
        token = said.tokens[at]
        rest = token.end if token.mark else token.start
        if rest < len(said.shown):
            yield token.start, rest


def _is_sure(reading: Reading) -> bool:
    return reading.outcome not in (Outcome.UNCLEAR, Outcome.UNDER_AGE) and reading.score >= _SURE


def _unsettles(rest: str, opening: Reading, words: Vocabulary, read: Callable[[str], Reading]) -> bool:
    """Whether the rest is another answer, and not one that would be or was once, or takes the first back in part."""
    keys = keys_of(rest)
    meanings = {phrase.meaning for phrase in words.deciding.find(keys)}
    if "otherwise" in meanings:
        return False
    by_wording = opening.how not in ("number", "number_word", "none", "word", "phrase")
    if meanings & {"depends", "else"} or (
        by_wording and any(words.joining.get(key) == "not" for key in keys)
    ):
        return True
    reading = read(rest)
    if reading.outcome is Outcome.UNCLEAR:
        others = () if reading.how == "in_passing" else reading.candidates
        return bool(others) and not set(others) & set(opening.values)
    is_remark = opening.how == "word" and reading.remark  # "nej, där är lugnt": no second yes or no
    return not (is_remark or reading.values == opening.values)
