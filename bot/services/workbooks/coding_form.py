"""Words of the workbook in which the coding is corrected, read from coding_form.yaml."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from bot.services.decisions import NOTHING_FITS
from categories.catalogue import CURRENT, taxonomy
from flows.catalogue import load_document_text

COLUMNS = (
    "text",
    "category_1",
    "category_2",
    "category_3",
    "category_4",
    "right",
    "sensitive",
    "question",
    "area",
    "suggested",
    "score",
    "rule",
    "author",
    "decided",
    "answer",
    "version",
)
CATEGORY_COLUMNS = COLUMNS[1:5]
LAST_ROW = 50_000
"""A round of a municipality has some thousands of answers to code."""


@cache
def coding_words(part: str, language: str) -> Mapping[str, str]:
    """``columns`` or ``words``, by key."""
    entries = _document()[part]
    return {key: text[language] for key, text in entries.items()} if isinstance(entries, Mapping) else {}


@cache
def category_definitions(language: str) -> Mapping[str, str]:
    """What belongs in each category, by its code, NOTHING_FITS last."""
    own = {category.id: category.definition for category in taxonomy(CURRENT)}
    told = coding_words("definitions", language) if language == "sv" else {}
    return {**own, **told, NOTHING_FITS: coding_words("words", language)["nothing"]}


@cache
def instructions(language: str) -> tuple[str, ...]:
    entries = _document()["instructions"]
    return tuple(entry[language] for entry in entries) if isinstance(entries, list) else ()


@cache
def _document() -> Mapping[str, object]:
    raw = files("bot.services.workbooks").joinpath("coding_form.yaml").read_bytes()
    return load_document_text(raw, "coding_form.yaml").document
