"""The form of the round's workbook: its sheets, fields and columns, read from round_form.yaml."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from bot.services.workbooks.faults import LANGUAGES
from categories.catalogue import CURRENT, taxonomy
from flows.catalogue import load_document_text
from text.folding import folded
from text.normalising import for_matching

Wording = Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """A field of a form, or a column of a table. `kind` says how a cell becomes a text."""

    key: str
    """Name in the round's document; ``options.ask_gender`` for one inside a mapping."""
    kind: str
    label: Wording
    help: Wording
    example: Wording
    needed: bool = False
    width: int = 20
    longest: int = 0
    """Characters that fit; 0 for any number."""

    @property
    def path(self) -> tuple[str | int, ...]:
        return tuple(self.key.split("."))


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """One sheet: a form, where each field has a row, or a table, where each field has a column."""

    name: str
    title: Wording
    about: Wording
    is_table: bool
    fields: tuple[Field, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Form:
    sheets: tuple[Sheet, ...]
    words: Mapping[str, Wording]
    instructions: tuple[Wording, ...]
    choices: Mapping[str, Mapping[str, Wording]]
    """What may be chosen in a cell of that kind: code to words."""


@cache
def round_form() -> Form:
    """The form that ships."""
    raw = files("bot.services.workbooks").joinpath("round_form.yaml").read_bytes()
    document = load_document_text(raw, "round_form.yaml").document
    forms = [_sheet(entry, "fields") for entry in _rows(document["forms"])]
    tables = [_sheet(entry, "columns") for entry in _rows(document["tables"])]
    current = taxonomy(CURRENT)
    return Form(
        sheets=(*forms, *tables),
        words=_mapping(document["words"]),
        instructions=tuple(_rows(document["instructions"])),
        choices={
            **_mapping(document["choices"]),
            "category": {category.id: category.name for category in current},
            "focus": current.foci,
        },
    )


def said(wording: Wording, language: str) -> str:
    return wording.get(language) or wording[LANGUAGES[0]]


def alike(text: str) -> str:
    """A heading or choice as it is compared: no capitals, dots, stars or doubled spaces."""
    return " ".join(folded(for_matching(text.replace("*", " "))).split())


def _sheet(entry: Mapping[str, object], part: str) -> Sheet:
    return Sheet(
        name=str(entry["name"]),
        title=_wording(entry["title"]),
        about=_wording(entry["about"]),
        is_table=part == "columns",
        fields=tuple(_field(field) for field in _rows(entry[part])),
    )


def _field(entry: Mapping[str, object]) -> Field:
    return Field(
        key=str(entry["key"]),
        kind=str(entry["kind"]),
        label=_wording(entry["label"]),
        help=_wording(entry["help"]),
        example=_wording(entry["example"]),
        needed=entry.get("needed") == "yes",
        width=int(str(entry.get("width", 20))),
        longest=int(str(entry.get("longest", 0))),
    )


def _wording(value: object) -> Wording:
    return value if isinstance(value, Mapping) else dict.fromkeys(LANGUAGES, str(value))


def _rows(value: object) -> Iterator[Mapping[str, Any]]:
    yield from value if isinstance(value, list) else ()


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
