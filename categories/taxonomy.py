"""The categories that an answer may be about, and the foci that they roll up to. Data only; no rule stands here."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

Names = Mapping[str, str]
"""The same name by language code, ``sv`` and ``en`` always there."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Category:
    """One thing that an answer may be about. Its id is stable; names are for people."""

    id: str
    name: Names
    definition: str
    focus: str | None = None
    """Focus by default; None for answers that are in the base but in no problem count."""
    owner: str = ""
    """Who can do something about it."""
    sensitive: bool = False
    """A machine's coding must not reach an export before a person has looked."""
    technical: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Taxonomy:
    """A published version: never edited, only followed by the next."""

    id: str
    categories: tuple[Category, ...]
    foci: Mapping[str, Names]
    focus_map: Mapping[str, str] = field(default_factory=dict)
    """Category id to focus id. A round may replace it (see `with_focus_map`)."""

    def __iter__(self) -> Iterator[Category]:
        return iter(self.categories)

    def category(self, category_id: str) -> Category:
        """The category of that id. Raises KeyError."""
        for category in self.categories:
            if category.id == category_id:
                return category
        raise KeyError(category_id)

    def focus_of(self, category_id: str) -> str | None:
        """Focus that the category counts in, or None."""
        return self.focus_map.get(category_id)

    def with_focus_map(self, focus_map: Mapping[str, str], foci: Mapping[str, Names]) -> "Taxonomy":
        """This taxonomy rolled up to a round's own foci; categories left out of the map keep none.

        Raises ValueError for a category or focus that does not exist.
        """
        _check(self.categories, focus_map, foci)
        return replace(self, focus_map=dict(focus_map), foci=dict(foci))


def from_document(document: Mapping[str, Any]) -> Taxonomy:
    """The taxonomy that a document describes. Raises ValueError or KeyError where it contradicts itself."""
    categories = tuple(Category(**entry) for entry in document["categories"])
    ids = [category.id for category in categories]
    if len(set(ids)) != len(ids):
        raise ValueError(f"taxonomy {document['id']}: a category stands twice")
    focus_map = {category.id: category.focus for category in categories if category.focus}
    _check(categories, focus_map, document["foci"])
    return Taxonomy(id=document["id"], categories=categories, foci=document["foci"], focus_map=focus_map)


def _check(categories: tuple[Category, ...], focus_map: Mapping[str, str], foci: Mapping[str, Names]) -> None:
    unknown = focus_map.keys() - {category.id for category in categories}
    if unknown:
        raise ValueError(f"no such category: {', '.join(sorted(unknown))}")
    nowhere = set(focus_map.values()) - foci.keys()
    if nowhere:
        raise ValueError(f"no such focus: {', '.join(sorted(nowhere))}")
