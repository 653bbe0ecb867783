"""The pages' own words by language, from the YAML files beside this module."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from flows.catalogue import load_document_text

LANGUAGES = ("sv", "en")
"""Languages that the pages' own words are in, the one that stands in for others first."""


@cache
def words(name: str, language: str) -> Mapping[str, str]:
    """Every text of a file, in `language` or else in the first of LANGUAGES."""
    document = load_document_text(files("bot.web").joinpath(f"{name}.yaml").read_bytes(), name).document
    return {key: in_language(text, language) for key, text in document.items() if isinstance(text, Mapping)}


def in_language(wording: Mapping[str, str], language: str) -> str:
    """A text in a language, or else in the one that stands in for it."""
    return wording.get(language) or wording.get(LANGUAGES[0]) or next(iter(wording.values()), "")
