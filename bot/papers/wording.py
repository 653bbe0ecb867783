"""The papers' words, from the YAML files beside this module, in Swedish and English."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files

from flows.catalogue import load_document_text
from summary.wording import Words

LANGUAGES = ("sv", "en")


@cache
def document(name: str) -> Mapping[str, object]:
    """A file as mappings, lists and texts. Raises ValueError where it cannot be read: it is the program's own."""
    loaded = load_document_text(files("bot.papers").joinpath(f"{name}.yaml").read_bytes(), name)
    if loaded.problems:
        raise ValueError(f"{name}.yaml: {loaded.problems[0].message}")
    return loaded.document


def sentence(name: str, key: str, language: str, **values: object) -> str:
    """A text of a file with its values filled in, days as people write them. Raises KeyError for an unknown key."""
    wording = document(name)[key]
    if not isinstance(wording, Mapping):
        raise KeyError(key)
    return filled(str(wording[language]), language, values)


def filled(text: str, language: str, values: Mapping[str, object]) -> str:
    words = Words(language)
    spoken = {key: words.day(v) if isinstance(v, date) else v for key, v in values.items()}
    return " ".join(text.format(**spoken).split())
