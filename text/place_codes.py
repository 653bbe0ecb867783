"""Place codes that we make: letters of the place's name and two digits that check them, as DUVEDS23.

A code is read aloud, copied by hand and typed with a thumb. It has letters first and digits last, so that O and 0, I
and 1 are told apart by where they stand (0 and 1 are never among the digits). One check digit cannot tell 26 letters
apart, two can: see docs/decisions/0017-posters-and-place-codes.md.
"""

import re
from collections.abc import Collection, Iterator

from text.folding import folded
from text.normalising import for_matching

_FEWEST_LETTERS = 3
_MOST_LETTERS = 8
_FORM = re.compile(rf"([A-Z]{{{_FEWEST_LETTERS},{_MOST_LETTERS}}})([2-9]{{2}})")
_LOOKALIKES = str.maketrans({"0": "O", "1": "I"})
_MODULUS = 61
"""A prime over 26 and not over 64, the pairs of the digits 2-9: each wrong letter and each swap changes the sum."""
_STAND_IN = "PLATS"
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
"""To tell places of like names apart; I and O are read as digits where there is no word around them."""


def with_check(letters: str) -> str:
    """`letters` (3-8 of A-Z) with the two digits that belong to them."""
    total = sum(weight * (ord(letter) - ord("A")) for weight, letter in enumerate(letters, start=1))
    tens, ones = divmod(total % _MODULUS, 8)
    return f"{letters}{tens + 2}{ones + 2}"


def read_code(text: str) -> str:
    """`text` as the code that it is, or "" where its form or its check is wrong: it is never taken for another."""
    plain = _plain(text)
    found = _FORM.fullmatch(plain[:-2].translate(_LOOKALIKES) + plain[-2:])
    return found[0] if found and with_check(found[1]) == found[0] else ""


def make_code(name: str, taken: Collection[str], keywords: Collection[str] = ()) -> str:
    """A code for a place of that name, which no single slip turns into one of `taken` (codes of any form).

    `keywords` are the round's: where HUS36 is taken, SAFEHUS36 would be read as SAFE HUS36. Raises ValueError where no
    code is left for a name, which takes hundreds of places of the same one.
    """
    others = {_plain(code) for code in taken}
    words = {_plain(word) for word in keywords}
    for letters in _stems(name):
        code = with_check(letters)
        if not any(is_slip(code, other) for other in others) and not _is_ambiguous(code, others, words):
            return code
    raise ValueError("no code is left for this name")


def is_slip(code: str, other: str) -> bool:
    """Whether one wrong character, or one swap of neighbours, at most, lies between the two."""
    if len(code) != len(other):
        return False
    wrong = [at for at, (ours, theirs) in enumerate(zip(code, other, strict=True)) if ours != theirs]
    if len(wrong) == 2 and wrong[1] == wrong[0] + 1:
        first, second = wrong
        return (code[first], code[second]) == (other[second], other[first])
    return len(wrong) < 2


def _is_ambiguous(code: str, others: Collection[str], words: Collection[str]) -> bool:
    return any(code.removeprefix(w) in others or w + code in others for w in words)


def _plain(text: str) -> str:
    return folded(for_matching(text)).upper().replace(" ", "").replace("-", "")


def _stems(name: str) -> Iterator[str]:
    """Letters to try for a name: its first word, then more and more of the others, then letters in turn."""
    words = re.findall("[A-Z]+", folded(for_matching(name)).upper()) or [_STAND_IN]
    first, rest = words[0], "".join(words[1:])
    if len(first) < _FEWEST_LETTERS:
        first, rest = "".join(words), ""
    if len(first) < _FEWEST_LETTERS:
        first = (first + _STAND_IN)[: len(_STAND_IN)]
    yield first[:_MOST_LETTERS]
    kept = first[: _MOST_LETTERS - 2]
    for length in range(1, min(len(rest), _MOST_LETTERS - len(kept)) + 1):
        yield kept + rest[:length]
    yield from (kept + letter for letter in _LETTERS)
    yield from (kept + letter + second for letter in _LETTERS for second in _LETTERS)
