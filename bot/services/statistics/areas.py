"""Which area of the register a text in a file of statistics means: by code, name or alias, never by likeness."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.services.statistics.mapping import LEFT_OUT, WHOLE
from storage.rounds import AreaRow
from text.normalising import for_matching

_MUNICIPALITY = re.compile(r"\d{4}")
_CODE_AND_NAME = re.compile(r"(\d{4}(?:[a-z]\d{3,4}\d?)?)[ ,:-]+(.+)")
_WHOLE_WORDS = frozenset({"hela kommunen", "kommunen", "whole municipality", "the municipality"})
_SUM_WORDS = frozenset({"summa", "totalt", "total", "samtliga", "alla", "sum", "hela området"})


@dataclass(frozen=True, kw_only=True, slots=True)
class MatchedArea:
    """`code` is one of the register, WHOLE or LEFT_OUT; empty where nothing or more than one thing fits. `how`: code,
    name, alias, statistical_area, municipality, sum or mapping.
    """

    text: str
    code: str
    how: str


class AreaMatcher:
    """`settled` are the texts that a person has given an area."""

    def __init__(self, areas: Iterable[AreaRow], municipality: str, settled: Mapping[str, str]) -> None:
        self._settled = {for_matching(text): code for text, code in settled.items()}
        self._found: dict[str, dict[str, str]] = defaultdict(dict)
        deso = set()
        for area in areas:
            names = [(area.code, "code"), (area.name, "name"), *((alias, "alias") for alias in area.aliases)]
            names += [(code, "statistical_area") for code in area.statistical_areas]
            for name, how in names:
                self._found[for_matching(name)].setdefault(area.code, how)
            deso |= {code[:4] for code in area.statistical_areas if _MUNICIPALITY.match(code)}
        plain = for_matching(municipality)
        for name in (plain, plain.removesuffix(" kommun"), plain.removesuffix("s kommun"), *deso):
            self._found[name].setdefault(WHOLE, "municipality")

    def knows(self, text: str) -> bool:
        """Whether the text is one area of ours, or the municipality."""
        return bool(self._match(text).code)

    def match_all(self, texts: Iterable[str]) -> dict[str, MatchedArea]:
        """Each text with its area. A sum is of the municipality only where every other row is of it too."""
        matched = {text: self._match(text) for text in dict.fromkeys(texts)}
        sums = {text for text in matched if for_matching(text) in _SUM_WORDS and not matched[text].code}
        others = [found for text, found in matched.items() if text not in sums]
        if others and all(found.code and found.code != LEFT_OUT for found in others):
            matched |= {text: MatchedArea(text=text, code=WHOLE, how="sum") for text in sums}
        return matched

    def _match(self, text: str) -> MatchedArea:
        plain = for_matching(text)
        if plain in self._settled:
            return MatchedArea(text=text, code=self._settled[plain], how="mapping")
        if plain in _WHOLE_WORDS:
            return MatchedArea(text=text, code=WHOLE, how="municipality")
        both = _CODE_AND_NAME.fullmatch(plain)
        code = both[1] if both else ""
        name = both[2] if both and both[1] not in self._found else ""
        without_zero = (
            plain.zfill(4) if plain.isdecimal() and len(plain) == 3 else ""
        )  # 0180 as Excel keeps it
        for tried in (plain, code, name, without_zero):
            found = self._found.get(tried, {})
            if len(found) == 1:
                meant, how = next(iter(found.items()))
                return MatchedArea(text=text, code=meant, how=how)
        return MatchedArea(text=text, code="", how="")
