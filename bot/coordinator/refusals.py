"""What a service refuses, as a sentence in the reader's language."""

from bot.coordinator.wording import words
from bot.services.errors import Refused


def sentence_of(refused: Refused, language: str) -> str:
    """In the refusal's own words where it has them in that language; else that it is refused, with what it says."""
    in_language = getattr(refused, "in_language", None)
    if callable(in_language):
        return str(in_language(language))
    if language == "en":
        return f"{refused}."
    return words("refusals", language)["refused"].format(reason=refused)
