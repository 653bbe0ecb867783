"""The console's words by page and language, from the YAML files in words/. Swedish is the default."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from flows.catalogue import load_document_text

LANGUAGES = {"sv": "Svenska", "en": "English"}
"""The default first."""
EVERYWHERE = "layout"
"""The file whose words every page has."""


@cache
def words(page: str, language: str) -> Mapping[str, str]:
    """Every word of a page, and those that all pages share."""
    own = _file(page, language) if page != EVERYWHERE else {}
    return {**_file(EVERYWHERE, language), **own}


def word_files() -> tuple[str, ...]:
    """Names of the files, without their ending."""
    folder = files("bot.coordinator").joinpath("words")
    return tuple(sorted(item.name.removesuffix(".yaml") for item in folder.iterdir()))


def wordings(page: str) -> Mapping[str, Mapping[str, str]]:
    """A file as it is written: texts by key and language."""
    source = files("bot.coordinator").joinpath("words", f"{page}.yaml").read_bytes()
    document: Mapping[str, Any] = load_document_text(source, page).document
    return document


def _file(page: str, language: str) -> dict[str, str]:
    return {key: texts[language] for key, texts in wordings(page).items()}
