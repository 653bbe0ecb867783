"""What an XLSForm workbook calls what a flow document has: sheets, headings, languages and types.

The source is the reference of xlsform.org, read beside pyxform 4.5. Own columns with a language are written
``sms_sv``, because the standard's readers stumble over ``sms::Svenska (sv)``; both are understood.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

SHEETS = ("survey", "choices", "settings")
ADDED = "_added"
"""``areas_added``: choices that the document adds to a list of the round, which as a file has the list's own name."""
UNNAMED = "unnamed_"
"""Begins the name of a group that has none of its own: XLSForm wants one."""

TRANSLATED: Mapping[str, tuple[str, ...]] = {
    "survey": ("label", "hint", "constraint_message"),
    "choices": ("label",),
    "settings": (),
}
"""The standard's columns with a text for each language, as ``label::Svenska (sv)``."""
OWN_TRANSLATED: Mapping[str, tuple[str, ...]] = {
    "survey": ("sms",),
    "choices": ("synonyms",),
    "settings": ("title",),
}
PLAIN: Mapping[str, tuple[str, ...]] = {
    "survey": (
        *("type", "name", "relevant", "constraint", "required", "appearance"),
        *("role", "code_with", "parts", "max_choices", "repeat_max"),
    ),
    "choices": ("list_name", "name", "key", "exclusive"),
    "settings": (
        *("form_id", "version", "form_title", "default_language"),
        *("stream", "languages", "draft_languages", "core"),
    ),
}

LANGUAGE_NAMES: Mapping[str, tuple[str, ...]] = {
    "sv": ("Svenska", "Swedish"),
    "en": ("English", "Engelska"),
    "fi": ("Suomi", "Finnish", "Finska"),
    "ar": ("العربية", "Arabic", "Arabiska"),
    "so": ("Soomaali", "Somali", "Somaliska"),
    "fa": ("فارسی", "Persian", "Farsi", "Persiska"),
    "ti": ("ትግርኛ", "Tigrinya"),
    "uk": ("Українська", "Ukrainian", "Ukrainska"),
    "ru": ("Русский", "Russian", "Ryska"),
    "pl": ("Polski", "Polish", "Polska"),
    "tr": ("Türkçe", "Turkish", "Turkiska"),
    "es": ("Español", "Spanish", "Spanska"),
    "fr": ("Français", "French", "Franska"),
    "de": ("Deutsch", "German", "Tyska"),
    "da": ("Dansk", "Danish", "Danska"),
    "no": ("Norsk", "Norwegian", "Norska", "Bokmål"),
    "se": ("Davvisámegiella", "Northern Sami", "Nordsamiska"),
    "sma": ("Åarjelsaemien", "Southern Sami", "Sydsamiska"),
}
"""Names of languages in headings, each language's own first."""

HEADING_ALIASES: Mapping[str, str] = {
    "relevance": "relevant",
    "caption": "label",
    "bind:relevant": "relevant",
    "bind:constraint": "constraint",
    "bind:required": "required",
    "control:appearance": "appearance",
    "id_string": "form_id",
    "title": "form_title",
    "list": "list_name",
}
CHANGES_MEANING: Mapping[str, str] = {
    "choice_filter": "Make a list and a question for each case, and choose between them with relevant.",
    "calculation": "Leave it out: a survey by SMS computes nothing.",
    "calculate": "Leave it out: a survey by SMS computes nothing.",
    "default": "Leave it out: nothing is answered beforehand.",
    "repeat_count": "Write the most turns into repeat_max; after each turn we ask whether there is one more.",
    "trigger": "Leave it out, and use relevant.",
    "read_only": "Leave it out: every question waits for an answer.",
    "readonly": "Leave it out: every question waits for an answer.",
}
"""Columns of the standard that nothing here stands for: to leave them out unsaid would change the survey."""

TYPE_ALIASES: Mapping[str, str] = {
    "select one": "select_one",
    "select1": "select_one",
    "select one from": "select_one",
    "select multiple": "select_multiple",
    "select all that apply from": "select_multiple",
    "select all that apply": "select_multiple",
    "select one from file": "select_one_from_file",
    "begin group": "begin_group",
    "end group": "end_group",
    "begin repeat": "begin_repeat",
    "end repeat": "end_repeat",
    "begin_loop": "begin_repeat",
    "string": "text",
    "int": "integer",
    "trigger": "acknowledge",
}
ABOUT_THE_DEVICE = frozenset(
    {"start", "end", "today", "deviceid", "phonenumber", "username", "email", "simserial", "subscriberid"}
    | {"audit", "start-geopoint", "background-audio", "background-geopoint"}
)
"""Rows that ask nobody anything. Left out: of the device and its owner nothing is kept."""
UNSUPPORTED: Mapping[str, str] = {
    "calculate": "Leave it out: a survey by SMS computes nothing.",
    "decimal": "Use integer, or a select_one with ranges.",
    "range": "Use integer with a constraint, or a select_one.",
    "date": "Use a select_one with periods, or text.",
    "time": "Use a select_one with times of the day, or text.",
    "datetime": "Use a select_one with periods, or text.",
    "geopoint": "Use text with the role place: known places are recognised by name.",
    "geotrace": "Use text with the role place: known places are recognised by name.",
    "geoshape": "Use select_one_from_file areas.csv: the areas of the round.",
    "rank": "Use select_multiple with max_choices.",
    "image": "Leave it out: pictures cannot be received.",
    "audio": "Use text: sound cannot be received.",
    "video": "Use text: films cannot be received.",
    "file": "Leave it out: files cannot be received.",
    "barcode": "Use a place code: it stands in the link or after the keyword.",
    "select_multiple_from_file": "Use select_multiple with a list on the sheet choices.",
    "select_one_external": "Use select_one with a list on the sheet choices.",
    "xml-external": "Put the list on the sheet choices.",
    "csv-external": "Put the list on the sheet choices.",
}

_CODE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_IN_BRACKETS = re.compile(r".*\(\s*([A-Za-z-]{2,20})\s*\)")
_BY_NAME = {name.casefold(): code for code, names in LANGUAGE_NAMES.items() for name in names}


class Heading(NamedTuple):
    """A column of the document; `language` is "" for one without, None where the heading's cannot be told."""

    column: str
    language: str | None = ""


def heading_for(column: str, language: str) -> str:
    """``label::Svenska (sv)``; ``sms_sv`` for our own columns."""
    if any(column in own for own in OWN_TRANSLATED.values()):
        return f"{column}_{language}"
    return f"{column}::{language_name(language)}"


def language_name(code: str) -> str:
    """``Svenska (sv)``, as the standard recommends."""
    return f"{LANGUAGE_NAMES.get(code, (code,))[0]} ({code})"


def language_code(text: str) -> str | None:
    """The code of ``Svenska (sv)``, ``sv`` or ``Swedish``; None for what is no language that we know."""
    plain = text.strip()
    if match := _IN_BRACKETS.fullmatch(plain):
        plain = match[1]
    if plain.casefold() in _BY_NAME:
        return _BY_NAME[plain.casefold()]
    primary, _, rest = plain.partition("-")
    code = f"{primary.lower()}-{rest}" if rest else primary.lower()
    return code if _CODE.fullmatch(code) else None


def read_heading(text: str, sheet: str) -> Heading:
    """What a heading says, however it is spelt: ``Constraint Message :: English`` too."""
    first, colon, second = text.strip().partition("::")
    if not colon and ":" in text and text.strip().lower() not in HEADING_ALIASES:
        first, colon, second = text.strip().partition(":")
    column = re.sub(r"\s+", "_", first.strip().lower())
    column = HEADING_ALIASES.get(column, column)
    translated = (*TRANSLATED[sheet], *OWN_TRANSLATED[sheet])
    if column == "form_title" and colon:
        column = "title"
    if colon and column in translated:
        return Heading(column, language_code(second))
    for own in OWN_TRANSLATED[sheet]:
        code = text.strip().removeprefix(f"{own}_")
        if code != text.strip() and (language := language_code(code)) is not None:
            return Heading(own, language)
    return Heading(column if not colon else f"{column}::{second.strip()}")


def columns_of(sheet: str) -> tuple[str, ...]:
    """Everything that may stand over a column of the sheet."""
    return (*PLAIN[sheet], *TRANSLATED[sheet], *OWN_TRANSLATED[sheet])
