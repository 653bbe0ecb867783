"""The part of a reply that decides, where all of it together is unclear: "tvåa, hade blivit etta om det vore ljust"."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from flows.reading import Outcome, Reading
from flows.vocabulary import Utterance, Vocabulary, keys_of

_ENDS = frozenset(".,;:!?–(،؛؟")
_SURE = 0.9
_FEW = 2


def decided(said: Utterance, words: Vocabulary, read: Callable[[str], Reading]) -> Reading | None:
    """What the words behind "jag säger" say, or those before a comma or "för", if the rest says nothing else.

    `read` reads a part of the reply as if it were the whole. None where no part decides.
    """
    reading = read(_at_the_point(said, words))
    if _is_sure(reading):
        return _of_part(reading, said.shown)
    for end, goes_on in _openings(said, words):
        reading, rest = read(said.shown[:end]), said.shown[goes_on:]
        if _is_sure(reading) and not reading.remark and not _unsettles(rest, reading, words, read):
            return _of_part(reading, rest.strip(" .,:;!?-–()"))
    return _concluded(said, words, read)


def _of_part(reading: Reading, remark: str) -> Reading:
    """Less sure than a reading of the whole, as a label is beside words that were not understood."""
    return replace(reading, score=round(reading.score * 0.9, 2), remark=remark)


def _at_the_point(said: Utterance, words: Vocabulary) -> str:
    """The words behind the last "jag säger", or before one that ends the reply; empty where there is none."""
    found = [phrase for phrase in words.deciding.find(said.words) if phrase.meaning == "point"]
    if not found or not found[-1].start:
        return ""
    last = found[-1]
    if last.stop == len(said.words):
        return said.shown[: said.tokens[said.word_positions[last.start]].start]
    return said.shown[said.tokens[said.word_positions[last.stop]].start :]


def _concluded(said: Utterance, words: Vocabulary, read: Callable[[str], Reading]) -> Reading | None:
    """By the one or two words that end the reply behind "så", or by a yes or no behind the last comma: "bryr mig inte,
    nej".
    """
    found = [phrase for phrase in words.deciding.find(said.words) if phrase.meaning == "concludes"]
    by_word = said.word_positions[found[-1].stop - 1] + 1 if found else 0
    by_mark = max((at + 1 for at, token in enumerate(said.tokens[:-1]) if token.key in _ENDS), default=0)
    last = max(by_word, by_mark)
    if not last or not 0 < sum(position >= last for position in said.word_positions) <= _FEW:
        return None
    start = said.tokens[last].start
    reading = read(said.shown[start:])
    if not _is_sure(reading) or reading.remark:
        return None
    if by_mark > by_word and (reading.how != "word" or _says_something(read(said.shown[:start]))):
        return None
    return _of_part(reading, said.shown)


def _says_something(reading: Reading) -> bool:
    return reading.outcome is not Outcome.UNCLEAR or bool(reading.candidates)


def _openings(said: Utterance, words: Vocabulary) -> Iterator[tuple[int, int]]:
    """Where the first clause may end and where what explains it begins, the first two such places."""
    phrases = words.deciding.find(said.words)
    starts = {said.word_positions[p.start] for p in phrases if p.meaning in ("explains", "otherwise")}
    places = [
        at
        for at, token in enumerate(said.tokens)
        if at in starts or (token.key in _ENDS and not _is_within_a_number(said, at))
    ]
    for at in [at for at in places if at][:2]:
        token = said.tokens[at]
        rest = token.end if token.mark else token.start
        if rest < len(said.shown):
            yield token.start, rest


def _is_within_a_number(said: Utterance, at: int) -> bool:
    """ "2,5"."""
    beside = [said.tokens[near] for near in (at - 1, at + 1) if 0 <= near < len(said.tokens)]
    is_tight = len(beside) == 2 and beside[0].end + 1 == beside[1].start
    return is_tight and all(token.value is not None for token in beside)


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
        if reading.how == "out_of_range" and keys[0].isdecimal():  # "3, 7" of five
            return True
        others = () if reading.how == "in_passing" else reading.candidates
        return bool(others) and not set(others) & set(opening.values)
    is_remark = opening.how == "word" and reading.remark  # "nej, där är lugnt": no second yes or no
    return not (is_remark or reading.values == opening.values)
