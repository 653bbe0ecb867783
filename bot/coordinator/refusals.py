"""What a service refuses, as a sentence in the reader's language."""

from bot.coordinator.wording import EVERYWHERE, words
from bot.services.errors import Refused


def sentence_of(refused: Refused, language: str) -> str:
    """In the refusal's own words where it has them in that language; else that it is refused, with what it says."""
    in_language = getattr(refused, "in_language", None)
    if callable(in_language):
        return str(in_language(language))
    if language == "en":
        return f"{refused}."
    return words("refusals", language)["refused"].format(reason=refused)


def kinds_in_words(kinds: str, language: str) -> str:
    """Kinds of personal data, with comma between, as a reader calls them; marks of what was masked as they are."""
    said = words(EVERYWHERE, language)
    return ", ".join(said.get(f"masked_{kind}", kind) for kind in kinds.split(", "))
