"""A reply read as a number, or as the several numbers that a question asks for at once."""

from collections.abc import Sequence

from flows.evidence import unclear
from flows.reading import Outcome, Reading
from flows.vocabulary import Token, Utterance, Vocabulary, keys_of


def read_count(said: Utterance, vocabulary: Vocabulary) -> Reading:
    """One whole number, in digits or words; "ingen" is 0. UNCLEAR for ranges, decimals and "över 20"."""
    numbers = _thousands_joined(_numbers(said, vocabulary, ()), said)
    if len(numbers) == 2 and _is_share(said, numbers):
        numbers = numbers[:1]
    values = {value for _, value in numbers}
    if not numbers and vocabulary.choosing.whole(said.words) in ("none", "none_of_these"):
        return Reading(outcome=Outcome.VALUE, values=("0",), how="none")
    if len(values) != 1 or _is_bounded(said, numbers[0][0], vocabulary):
        return unclear("ambiguous" if values else "")
    at, value = numbers[0]
    how = "number_word" if said.tokens[at].spelled else "number"
    rest = [t for t in said.tokens if not t.mark and t.value is None and t.key not in vocabulary.fillers]
    remark = said.after(at + 1) if rest else ""
    return Reading(outcome=Outcome.VALUE, values=(str(value),), how=how, remark=remark)


def read_counts(said: Utterance, parts: Sequence[str], vocabulary: Vocabulary) -> Reading:
    """One number for each part, in the order of `parts` or named: "9 män 12 kvinnor 3 unga 8 äldre"."""
    wanted = [_part_words(part, vocabulary) for part in parts]
    numbers = _numbers(said, vocabulary, wanted)
    if len(numbers) != len(parts):
        return unclear("count")
    named = [_part_beside(said, numbers, n, wanted) for n in range(len(numbers))]
    order = list(range(len(parts)))
    if None not in named:
        if sorted(part for part in named if part is not None) != order:
            return unclear("count")
        numbers = [numbers[named.index(part)] for part in order]
    elif any(part is not None and part != n for n, part in enumerate(named)):
        return unclear("count")
    return Reading(outcome=Outcome.VALUE, values=tuple(str(value) for _, value in numbers), how="number")


def _numbers(
    said: Utterance, vocabulary: Vocabulary, parts: Sequence[frozenset[str]]
) -> list[tuple[int, int]]:
    """Position and value of each number. "Under 25" is the name of a part, "inga unga" its zero."""
    found: list[tuple[int, int]] = []
    weak: list[tuple[int, int]] = []
    for at, token in enumerate(said.tokens):
        if at in said.bracketed:
            continue
        if token.value is not None:
            if parts and at and _is_in(said.tokens[at - 1], parts):
                continue
            (weak if token.spelled and token.value == 1 else found).append((at, token.value))
        elif parts and vocabulary.joining.get(token.key) == "without":
            found.append((at, 0))
    return sorted(found + weak) if parts or not found else found


def _is_in(token: Token, parts: Sequence[frozenset[str]]) -> bool:
    """Whether a number after `token` belongs to a part's name: "under", "over"."""
    return token.key in ("under", "over") and any(token.key in words for words in parts)


def _thousands_joined(numbers: list[tuple[int, int]], said: Utterance) -> list[tuple[int, int]]:
    """ "1 200" is one number."""
    if len(numbers) != 2:
        return numbers
    (left, thousands), (right, rest) = numbers
    key = said.tokens[right].key
    if right - left == 1 and len(key) == 3 and key.isdecimal() and 0 < thousands < 1000:
        return [(right, thousands * 1000 + rest)]
    return numbers


def _is_share(said: Utterance, numbers: Sequence[tuple[int, int]]) -> bool:
    """ "12 av 30": the first number is what was asked for."""
    between = [token.key for token in said.tokens[numbers[0][0] + 1 : numbers[1][0]]]
    return between in (["av"], ["of"], ["out", "of"], ["utav"])


def _is_bounded(said: Utterance, at: int, vocabulary: Vocabulary) -> bool:
    """ "Över 20", "-5", "20 %", "20+": not the number itself."""
    before = said.keys[at - 1] if at else ""
    after = said.keys[at + 1] if at + 1 < len(said.keys) else ""
    bounds = (*vocabulary.age["over"], *vocabulary.age["under"])
    return before == "-" or after in ("%", "+", "-") or any(keys[-1] == before for keys in bounds)


def _part_words(part: str, vocabulary: Vocabulary) -> frozenset[str]:
    """What a part is called: by the word list where it knows a word of the name, else by the name's own words."""
    keys = keys_of(part.replace("_", " "))
    known = [vocabulary.parts[key] for key in keys if key in vocabulary.parts]
    return frozenset(keys).union(*known)


def _part_beside(
    said: Utterance, numbers: Sequence[tuple[int, int]], n: int, wanted: Sequence[frozenset[str]]
) -> int | None:
    """The part named between this number and the next."""
    start = numbers[n][0] + 1
    stop = numbers[n + 1][0] if n + 1 < len(numbers) else len(said.keys)
    for key in said.keys[start:stop]:
        for part, words in enumerate(wanted):
            if key in words:
                return part
    return None
