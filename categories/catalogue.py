"""Reads the packaged taxonomies and coding rules."""

from functools import cache

from categories.coding import Coder, CodingRules
from categories.taxonomy import Taxonomy, from_document
from text.packaged import packaged_yaml

CURRENT = "tax-1"
"""The taxonomy that answers are coded with now."""

LANGUAGES = ("sv", "en")
"""Languages that there are coding rules for, the likeliest first."""


@cache
def taxonomy(taxonomy_id: str) -> Taxonomy:
    """The packaged taxonomy, as ``tax-1``. Raises FileNotFoundError."""
    return from_document(packaged_yaml("categories", f"{taxonomy_id}.yaml"))


@cache
def coder(taxonomy_id: str) -> Coder:
    """A coder with the packaged rules of the taxonomy. Takes some tenths of a second the first time."""
    books = [packaged_yaml("categories", f"{taxonomy_id}-rules-{language}.yaml") for language in LANGUAGES]
    return Coder(
        taxonomy(taxonomy_id), CodingRules(books, packaged_yaml("categories", f"{taxonomy_id}-borders.yaml"))
    )
