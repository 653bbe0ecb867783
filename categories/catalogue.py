"""Reads the packaged taxonomies and coding rules. The only module of this package that opens a file."""

from functools import cache
from importlib.resources import files
from typing import Any

from ruamel.yaml import YAML

from categories.coding import Coder, CodingRules
from categories.taxonomy import Taxonomy, from_document

CURRENT = "tax-1"
"""The taxonomy that answers are coded with now."""

LANGUAGES = ("sv", "en")
"""Languages that there are coding rules for, the likeliest first."""


@cache
def taxonomy(taxonomy_id: str) -> Taxonomy:
    """The packaged taxonomy, as ``tax-1``. Raises FileNotFoundError."""
    return from_document(_document(f"{taxonomy_id}.yaml"))


@cache
def coder(taxonomy_id: str) -> Coder:
    """A coder with the packaged rules of the taxonomy. Takes some tenths of a second the first time."""
    books = [_document(f"{taxonomy_id}-rules-{language}.yaml") for language in LANGUAGES]
    return Coder(taxonomy(taxonomy_id), CodingRules(books, _document(f"{taxonomy_id}-borders.yaml")))


def _document(name: str) -> Any:
    return YAML(typ="safe").load(files("categories").joinpath("library", name).read_text(encoding="utf-8"))
