"""Known places of the municipality's register named in free text."""

from collections.abc import Iterable
from dataclasses import dataclass

from text.normalising import for_matching


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """A place of the register."""

    code: str
    name: str
    aliases: tuple[str, ...]
    area: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PlaceFound:
    """A place that a text names."""

    code: str
    matched_how: str
    score: float


class PlaceFinder:
    """Finds places."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._names = {for_matching(n): p.code for p in places for n in (p.name, *p.aliases)}

    def find(self, text: str) -> tuple[PlaceFound, ...]:
        low = for_matching(text)
        found = {code for name, code in self._names.items() if name in low}
        return tuple(PlaceFound(code=c, matched_how="name", score=1.0) for c in sorted(found))
