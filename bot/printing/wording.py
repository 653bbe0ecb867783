"""The prints' own words by language, from words.yaml beside this module."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from flows.catalogue import load_document_text
from flows.wording import interpolate

LANGUAGES = ("sv", "en")
"""Languages that prints are made in."""


def words(language: str, values: Mapping[str, str]) -> dict[str, str]:
    """Every text in `language`, one of LANGUAGES, with `values` in its placeholders."""
    return {key: interpolate(wording[language], values) for key, wording in _document().items()}


@cache
def _document() -> Mapping[str, Mapping[str, str]]:
    text = files("bot.printing").joinpath("words.yaml").read_bytes()
    document = load_document_text(text, "words.yaml").document
    return {key: wording for key, wording in document.items() if isinstance(wording, Mapping)}
