"""Whether the words of a sentence, given as bits, stand as a pattern wants them: in order, or close together.

Bits only; no word and no spelling of a pattern is known here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flows.reading import Alarm

_NEAR = 9
"""How many words the parts of "A + B + C" may stand from A."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Slot:
    """One place of a pattern: a token with a bit of `mask` after at most `gap` others.

    `absent`: no such token next. `or_end`: the sentence may end here instead.
    """

    mask: int
    gap: int = 0
    absent: bool = False
    or_end: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Pattern:
    """One way of telling it. `unless` holds the bits of words that must not stand in the same sentence.

    `together`: no slots, but all of `needed` within _NEAR words of the first, in any order, and no `unless` there.
    """

    alarm: Alarm
    slots: tuple[Slot, ...]
    needed: tuple[int, ...]
    """The masks that some token must fill, the rarest words first."""
    unless: int
    from_start: bool = False
    to_end: bool = False
    together: bool = False

    def matches(self, masks: Sequence[int], sentence: int) -> bool:
        for needed in self.needed:
            if not needed & sentence:
                return False
        if self.together:
            return any(mask & self.needed[0] and self._surrounded(masks, at) for at, mask in enumerate(masks))
        if sentence & self.unless:
            return False
        starts = range(1) if self.from_start else range(len(masks))
        return any(self._matches_at(masks, 0, start) for start in starts)

    def _surrounded(self, masks: Sequence[int], at: int) -> bool:
        around = 0
        for mask in (*masks[max(0, at - _NEAR) : at], *masks[at + 1 : at + 1 + _NEAR]):
            around |= mask
        return not (around | masks[at]) & self.unless and all(needed & around for needed in self.needed[1:])

    def _matches_at(self, masks: Sequence[int], index: int, at: int) -> bool:
        if index == len(self.slots):
            return not self.to_end or at == len(masks)
        slot = self.slots[index]
        if slot.absent:
            return not (at < len(masks) and masks[at] & slot.mask) and self._matches_at(masks, index + 1, at)
        if slot.or_end and at == len(masks):
            return True
        return any(
            masks[found] & slot.mask and self._matches_at(masks, index + 1, found + 1)
            for found in range(at, min(at + slot.gap + 1, len(masks)))
        )
