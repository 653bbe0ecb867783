"""The shipped word lists, and langdetect's profiles."""

from functools import cache
from importlib.resources import files

from text.language import LanguageNoticer, LanguageWords
from text.packaged import packaged_yaml


@cache
def load_language_noticer() -> LanguageNoticer:
    """The noticer with the shipped word lists, shared: it keeps the profiles that it has loaded."""
    lists = packaged_yaml("text", "language.yaml")
    return LanguageNoticer(
        {
            code: LanguageWords(
                clear=frozenset(list_["clear"].split()),
                usual=frozenset(list_["usual"].split()),
                letters=frozenset(list_.get("letters", "")),
            )
            for code, list_ in lists.items()
        },
        language_profile,
    )


def language_profile(code: str) -> str | None:
    """langdetect's profile of a language as JSON text; None for a language that it does not know."""
    profile = files("langdetect") / "profiles" / code
    return profile.read_text(encoding="utf-8") if profile.is_file() else None
