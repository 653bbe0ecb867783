"""Which words a token is: by its whole form, its beginning, its ending, or with one letter wrong.

Forms only; what the words mean is their list's business.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import reduce
from itertools import chain
from operator import or_

_STEM_KEY = 4
"""Stems and endings are looked up by so many letters, and must have as many."""
SHORTEST_MISSPELT = 4
"""A shorter word with one letter wrong is too often another word, if the list does not say that it is not."""

_NUMBER_BITS = 16
_HASH_MASK = (1 << 48) - 1


class Slips:
    """Finds the words that a form may be a slip of: one letter wrong, too many, missing or moved.

    Word and slip share a form without one of their letters. These forms are kept as numbers, their hash before the
    number of their word: as texts they took three megabytes more.
    """

    def __init__(self) -> None:
        self._words: list[str] = []
        self._forms = array("Q")

    def add(self, words: Iterable[str]) -> None:
        """Enter words with their own form and each without a letter. All at once: every call sorts anew."""
        new = [word for word in dict.fromkeys(words) if word not in self._words]
        numbered = enumerate(new, start=len(self._words))
        self._words += new
        if len(self._words) >> _NUMBER_BITS:
            raise ValueError(f"more than {1 << _NUMBER_BITS} words to be found misspelt")
        entries = (_entry(form) | number for number, word in numbered for form in {word, *_shortened(word)})
        self._forms = array("Q", sorted(chain(self._forms, entries)))

    def of(self, form: str) -> list[str]:
        """The words that have `form`, in the order in which they were entered."""
        first = _entry(form)
        begin = bisect_left(self._forms, first)
        end = bisect_left(self._forms, first + (1 << _NUMBER_BITS), begin)
        return [self._words[entry - first] for entry in self._forms[begin:end]]


def _entry(form: str) -> int:
    return (hash(form) & _HASH_MASK) << _NUMBER_BITS


@dataclass(kw_only=True, slots=True)
class WordForms:
    """Which bits a token has, by its whole form, its beginning or its ending."""

    whole: dict[str, int] = field(default_factory=dict)
    stems: dict[str, dict[str, int]] = field(default_factory=dict)
    endings: dict[str, dict[str, int]] = field(default_factory=dict)
    slips: Slips = field(default_factory=Slips)
    shared_slips: Slips = field(default_factory=Slips)
    """Those that hold for other forms as well."""

    def add(self, form: str, bit: int) -> None:
        """Enters `form`: a word, a stem as "brinn*" or an ending as "*kniv". Raises ValueError for shorter ones."""
        if "*" in form and len(form) <= _STEM_KEY:
            raise ValueError(f"{form} has fewer than {_STEM_KEY} letters")
        if form.endswith("*"):
            self._enter(self.stems.setdefault(form[:_STEM_KEY], {}), form[:-1], bit)
        elif form.startswith("*"):
            self._enter(self.endings.setdefault(form[-_STEM_KEY:], {}), form[1:], bit)
        else:
            self._enter(self.whole, form, bit)

    def bits(self, token: str) -> int:
        """The bits of `token`; of the word that it is a slip of, if it is no known word itself."""
        bits = self.whole.get(token, 0)
        for stem, bit in self.stems.get(token[:_STEM_KEY], {}).items():
            if token.startswith(stem):
                bits |= bit
        for ending, bit in self.endings.get(token[-_STEM_KEY:], {}).items():
            if token.endswith(ending):
                bits |= bit
        if bits or len(token) < SHORTEST_MISSPELT - 1 or token in self.whole:
            return bits
        return self._slip(token)

    def _slip(self, token: str) -> int:
        swapped_at_end = token[:-2] + token[:-3:-1]
        if swapped_at_end in self.whole:
            return self.whole[swapped_at_end]
        for form in (token, *_shortened(token)):
            if words := self.slips.of(form) + self.shared_slips.of(form):
                return reduce(or_, [self.whole.get(word, 0) for word in words])
        return 0

    @staticmethod
    def _enter(table: dict[str, int], key: str, bit: int) -> None:
        known = table.get(key)  # `0 | bit` would be a copy for each of the thousands of forms
        table[key] = bit if known is None else known | bit


def _shortened(word: str) -> Iterator[str]:
    """`word` without one of its letters. The last one stays: another ending is another form, not a slip."""
    return (word[:at] + word[at + 1 :] for at in range(1, len(word) - 1))
