"""What a message tells of that goes before the survey: danger, a child, suicide, violence, a threat, a crime.

Patterns over word classes, as written in library/words/safeguards.yaml; no word of any language stands here.
What is answered then is the engine's business.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from flows.reading import Alarm, Safeguard
from flows.word_forms import SHORTEST_MISSPELT, Slips, WordForms
from flows.word_patterns import Pattern, Slot
from text.folding import folded, lacks_swedish_letters, squeezed
from text.normalising import for_matching

_TOKEN = re.compile(r"\d+|[^\W\d_][^\W_]*(?:['´`-][^\W_]+)*")
_SENTENCE_END = re.compile(r"[.?;…]+(?:\s|$)")
_GAP = re.compile(r"\.\.(\d+)")
_EITHER_ORDER = re.compile(r" <(\d+)> ")
_SHORTEST_JOINED = 6
_JOINTS = range(2, 6)
"""How many letters the words have that are looked for at the start and the end of a word without its space."""
_TOGETHER = " + "


class _Kind(NamedTuple):
    """The words that may fill a slot. Sorted, the rarest stand first: they are looked for first."""

    commonness: tuple[int, int]
    mask: int


class _Vocabulary:
    """Bits for the words and word classes of one language, entered in the forms shared by all languages.

    What always stands together in alternatives has one bit: numbers of as many bits as there are words took two
    megabytes more. So the patterns are read twice, to learn what stands together and then to be made.
    """

    def __init__(self, language: Mapping[str, Any], common: frozenset[str], *, first_bit: int) -> None:
        self._variants = {word: others.split() for word, others in language.get("spellings", {}).items()}
        self._classes = {name: str(words).split() for name, words in language.get("classes", {}).items()}
        self._common = common
        self._first_bit = first_bit
        self._bits: dict[str, int] = {}
        self._kinds: dict[str, _Kind] = {}
        self._stands_in: dict[str, list[int]] = {}
        self._shared: dict[tuple[int, ...], int] = {}
        self._is_settled = False
        self._misspelt: list[str] = language.get("misspelt", "").split()

    def kind(self, written: str) -> _Kind:
        """What is written as words, stems and CLASSES with "|" between: one object for all its uses."""
        kind = self._kinds.get(written)
        if kind is None:
            symbols = written.split("|")
            if not self._is_settled:
                return self._kinds.setdefault(written, self._note(symbols))
            words = [word for symbol in symbols for word in self._classes.get(symbol, [symbol])]
            commonness = sum(word in self._common for word in words), len(words)
            kind = self._kinds[written] = _Kind(commonness, reduce(or_, map(self._bit, symbols)))
        return kind

    def settle(self) -> None:
        """All patterns have been read once: `kind` gives bits from now on."""
        self._kinds.clear()
        self._is_settled = True

    def _note(self, symbols: list[str]) -> _Kind:
        for symbol in symbols:
            self._stands_in.setdefault(symbol, []).append(len(self._kinds))
        return _Kind((0, 0), 0)

    def _bit(self, symbol: str) -> int:
        if symbol.isupper() and symbol.isascii() and symbol not in self._classes:
            raise ValueError(f"no word class {symbol}")
        if symbol not in self._bits:
            together = tuple(self._stands_in[symbol])
            self._bits[symbol] = self._shared.setdefault(together, 1 << self.next_bit)
        return self._bits[symbol]

    def forms(self) -> Iterator[tuple[str, int]]:
        """Every form of every word with its bit, to be entered once the patterns are known."""
        for symbol, bit in self._bits.items():
            for word in self._classes.get(symbol, [symbol]):
                yield word, bit
                for variant in self._variants.get(word, []):
                    yield variant, bit

    def often_misspelt(self) -> set[str]:
        """The words to be found with one letter wrong: the long ones, and those that the list names."""
        long = {word for word, _ in self.forms() if len(word) >= SHORTEST_MISSPELT and "*" not in word}
        return long.union(self._misspelt)

    @property
    def next_bit(self) -> int:
        return self._first_bit + len(self._shared)


class SafeguardRules:
    """The rules of all languages, which are all tried on every message: people change language in distress."""

    def __init__(self, words: Mapping[str, Any]) -> None:
        """`words` is library/words/safeguards.yaml. Raises ValueError for a pattern that names no class."""
        self._apart: dict[str, list[str]] = {
            joined: split.split() for joined, split in words.get("apart", {}).items()
        }
        self._fillers = frozenset(words.get("fillers", "").split())
        self._joined = frozenset(words.get("joined", "").split())
        self._pairs: dict[str, dict[str, str]] = {}
        for firsts, seconds, meant in words.get("pairs", ()):
            for second in seconds.split():
                self._pairs.setdefault(second, {}).update(dict.fromkeys(firsts.split(), meant))
        self._dotted = frozenset(words.get("dotted", "").split())
        self._patterns: list[Pattern] = []
        self._slips = Slips()
        self._as_written = WordForms(shared_slips=self._slips)
        self._without_dots = WordForms(shared_slips=self._slips)
        for word in words.get("real_words", "").split():
            self._as_written.add(word, 0)
            self._without_dots.add(folded(word), 0)
        common = frozenset(words["common"].split())
        first_bit = 0
        for code, language in words["languages"].items():
            vocabulary = _Vocabulary(language, common, first_bit=first_bit)
            for _ in self._compiled(code, language["rules"], vocabulary):
                pass
            vocabulary.settle()
            self._patterns += self._compiled(code, language["rules"], vocabulary)
            self._enter(vocabulary)
            first_bit = vocabulary.next_bit
        self._candidates: dict[int, tuple[Pattern, ...]] = {0: ()}

    def notice(self, text: str) -> tuple[Alarm, ...]:
        """All that `text` (cleaned, not yet redacted) tells of, one alarm each, in the order of Safeguard."""
        found: dict[Safeguard, Alarm] = {}
        for masks in self._sentences(text):
            whole = 0
            for mask in masks:
                whole |= mask
            for mask in dict.fromkeys(masks):
                for pattern in self._starting_from(mask) if mask else ():
                    if pattern.alarm.safeguard not in found and pattern.matches(masks, whole):
                        found[pattern.alarm.safeguard] = pattern.alarm
        return tuple(found[safeguard] for safeguard in Safeguard if safeguard in found) if found else ()

    def _sentences(self, text: str) -> Iterator[list[int]]:
        plain = squeezed(for_matching(text), keep=1)
        forms = self._without_dots if lacks_swedish_letters(plain) else self._as_written
        for sentence in _SENTENCE_END.split(plain):
            tokens: list[str] = _TOKEN.findall(sentence)
            if not self._apart.keys().isdisjoint(tokens):
                tokens = [part for token in tokens for part in self._apart.get(token, [token])]
            yield self._masks([token for token in tokens if token not in self._fillers], forms)

    def _masks(self, tokens: Sequence[str], forms: WordForms) -> list[int]:
        masks: list[int] = []
        before = ""
        for token in tokens:
            masks.extend(self._bits(token, forms))
            if (pairs := self._pairs.get(token)) and before in pairs:
                masks[-1] |= forms.whole.get(pairs[before], 0)
            before = token
        return masks

    def _bits(self, token: str, forms: WordForms) -> tuple[int, ...]:
        """The bits of `token`, or of the two words that it is if somebody forgot the space between."""
        bits = forms.bits(token)
        if bits or len(token) < _SHORTEST_JOINED or token in forms.whole:
            return (bits,)
        for at in _JOINTS:
            head, tail = token[:at], token[at:]
            if head in self._joined and (tail_bits := forms.whole.get(tail, 0)):
                return forms.whole.get(head, 0), tail_bits
            head, tail = token[:-at], token[-at:]
            if tail in self._joined and (head_bits := forms.whole.get(head, 0)):
                return head_bits, forms.whole.get(tail, 0)
        return (bits,)

    def _starting_from(self, mask: int) -> tuple[Pattern, ...]:
        """The patterns whose rarest slot a token with these bits fills. Kept: there are few different masks."""
        candidates = self._candidates.get(mask)
        if candidates is None:
            candidates = tuple(pattern for pattern in self._patterns if pattern.needed[0] & mask)
            self._candidates[mask] = candidates
        return candidates

    def _compiled(self, code: str, rules: Mapping[str, Any], vocabulary: _Vocabulary) -> Iterator[Pattern]:
        for safeguard, named in rules.items():
            for name, rule in named.items():
                alarm = Alarm(safeguard=Safeguard(safeguard), rule=f"{code}.{name}")
                unless = "|".join(rule.get("unless", "").split())
                for written in rule["when"]:
                    if _TOGETHER in written:
                        yield self._together(alarm, written, unless, vocabulary)
                        continue
                    for ordered in _spelled_out(written):
                        yield self._in_order(alarm, ordered, unless, vocabulary)

    @staticmethod
    def _together(alarm: Alarm, written: str, unless: str, vocabulary: _Vocabulary) -> Pattern:
        """A pattern of parts in any order, "A + B + C". It is looked for where A, its rarest, stands."""
        needed = tuple(vocabulary.kind(part).mask for part in written.split(_TOGETHER))
        excluded = vocabulary.kind(unless).mask if unless else 0
        return Pattern(alarm=alarm, slots=(), needed=needed, unless=excluded, together=True)

    @staticmethod
    def _in_order(alarm: Alarm, written: str, unless: str, vocabulary: _Vocabulary) -> Pattern:
        """A pattern of slots, "..2" gaps, "!absent", "^" start and "$" end."""
        slots: list[Slot] = []
        needed: list[_Kind] = []
        gap = 0
        for part in written.split():
            if part in ("^", "$"):
                continue
            if distance := _GAP.fullmatch(part):
                gap = int(distance.group(1))
                continue
            absent, or_end = part.startswith("!"), part.endswith("|$")
            kind = vocabulary.kind(part.removeprefix("!").removesuffix("|$"))
            slots.append(Slot(mask=kind.mask, gap=gap, absent=absent, or_end=or_end))
            if not absent and not or_end:
                needed.append(kind)
            gap = 0
        return Pattern(
            alarm=alarm,
            slots=tuple(slots),
            needed=tuple(kind.mask for kind in sorted(needed)),
            unless=vocabulary.kind(unless).mask if unless else 0,
            from_start=written.startswith("^"),
            to_end=written.endswith(" $"),
        )

    def _enter(self, vocabulary: _Vocabulary) -> None:
        masks: dict[str, int] = {}
        for form, bit in vocabulary.forms():
            masks[form] = masks[form] | bit if form in masks else bit
        for form, mask in masks.items():
            self._as_written.add(form, mask)
            self._without_dots.add(form, mask)
            if form not in self._dotted and (plain := folded(form)) != form:
                self._without_dots.add(plain, mask)
        self._add_slips(vocabulary.often_misspelt())

    def _add_slips(self, words: set[str]) -> None:
        dotless = {word for word in words if folded(word) == word}
        self._slips.add(sorted(dotless))
        self._as_written.slips.add(sorted(words - dotless))
        self._without_dots.slips.add(folded(word) for word in sorted(words - dotless))


def _spelled_out(written: str) -> Iterator[str]:
    """The ordered patterns that `written` stands for.

    "A <6> B" is A and B with at most six words between, whichever comes first; "A|^ B" is A before B, or B
    at the start.
    """
    left, distance, right = _EITHER_ORDER.split(written) if "<" in written else (written, "", "")
    for ordered in (f"{left} ..{distance} {right}", f"{right} ..{distance} {left}") if right else (left,):
        first, _, rest = ordered.partition(" ")
        yield ordered.replace("|^", "", 1)
        if first.endswith("|^"):
            yield f"^ {rest}"
