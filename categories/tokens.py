"""An answer cut into words, clauses and sentences, and whether it says anything at all."""

import re
from dataclasses import dataclass

from text.folding import lacks_swedish_letters, squeezed
from text.normalising import for_matching

_TOKEN = re.compile(r"[^\W_]+(?:['´`-][^\W_]+)*|[.!?;]+|[,/+&:]")
_MASK = re.compile(r"\[[A-ZÅÄÖ]+\]")
"""What redaction puts in the place of personal data, as [NAMN]: says nothing of what the answer is about."""
_VARIANTS = str.maketrans("øæôéèáü", "öäoeeau")
_ROWS = ("qwertyuiopå", "asdfghjklöä", "zxcvbnm")
_ROW_LETTERS = 4
_VOWEL = re.compile("[aeiouyåäö]")
_LATIN = re.compile("[a-zåäö]+")
_ITEM_WORDS = 2
"""Words per item, at most, in what counts as a bare list."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Tokens:
    """The words of a message; `sentences` and `clauses` number where each stands."""

    words: tuple[str, ...]
    sentences: tuple[int, ...]
    clauses: tuple[int, ...]
    fold: bool
    """Nothing in the message has the dots of å, ä, ö: its writer may have left them out."""

    @property
    def is_list(self) -> bool:
        """Whether this is a bare list of items, as "skräp, fylla, knark"."""
        items = len(set(self.clauses))
        return items > 1 and len(self.words) <= _ITEM_WORDS * items

    @property
    def is_mash(self) -> bool:
        """Whether there are no words at all, or only what a hand on the keyboard gives."""
        return all(map(_is_mash, self.words))


def tokens(text: str) -> Tokens:
    """`text` (as written) in words, lower case, repeated letters cut."""
    plain = squeezed(for_matching(_MASK.sub(" ", text)).translate(_VARIANTS))
    words: list[str] = []
    sentences: list[int] = []
    clauses: list[int] = []
    sentence = clause = 0
    for match in _TOKEN.finditer(plain):
        found = match.group()
        if found[0] in ".!?;":
            sentence += 1
            clause += 1
        elif found in ",/+&:":
            clause += 1
        else:
            words.append(found)
            sentences.append(sentence)
            clauses.append(clause)
    return Tokens(
        words=tuple(words),
        sentences=tuple(sentences),
        clauses=tuple(clauses),
        fold=lacks_swedish_letters(plain),
    )


def _is_mash(word: str) -> bool:
    if word.isdigit():
        return True
    if not _LATIN.fullmatch(word):
        return False
    on_one_row = len(word) >= _ROW_LETTERS and any(word in row or word in row[::-1] for row in _ROWS)
    one_letter = len(set(word)) == 1
    return on_one_row or one_letter or not _VOWEL.search(word)
