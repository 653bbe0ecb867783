"""What a message asks of us: by the rules, and by the learned layer where these are silent."""

from dataclasses import dataclass

from flows.command_layer import CommandLayer
from flows.commands import CommandReader
from flows.model import IN_OWN_WORDS, Kind
from flows.reading import Command, CommandName

_ASKED_BACK = frozenset({CommandName.STOP, CommandName.ERASE})
"""Where the layer only guesses at these."""
_AT_START = frozenset({CommandName.HELP, CommandName.INFO, CommandName.LANGUAGE})
"""Whether to begin is answered with yes or no: what sounds like a stop is a no."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CommandHearer:
    """A command of the rules counts; where there is none, that of the layer."""

    rules: CommandReader
    layer: CommandLayer

    def read(self, text: str, *, language: str, asked: Kind | None = None) -> Command | None:
        """The command that the whole of `text` is, or None.

        `language` is that of the conversation, `asked` the kind of the question that waits, None where none does.
        """
        found = self.rules.read(
            text,
            language=language,
            at_start=asked is Kind.CONSENT,
            open_question=asked in IN_OWN_WORDS,
        )
        return found or self._heard(text, language, asked)

    def is_start(self, text: str) -> bool:
        """Whether the whole of `text` asks to begin, in any language. Within a survey "start" is an answer."""
        return self.rules.is_start(text)

    def _heard(self, text: str, language: str, asked: Kind | None) -> Command | None:
        heard = self.layer.hear(text)
        if heard is None:
            return None
        name, score = heard
        if score < self.layer.sure and asked in IN_OWN_WORDS:
            return None
        if asked is Kind.CONSENT and name not in _AT_START:
            return None
        if name in _ASKED_BACK:
            return Command(name=name, sure=score >= self.layer.unasked, learned=True)
        if name is CommandName.LANGUAGE:
            return self._other_language(text, language)
        return Command(name=name, learned=True)

    def _other_language(self, text: str, language: str) -> Command | None:
        """The one language named besides that of the conversation."""
        named = self.rules.languages_named(text) - {language}
        return (
            Command(name=CommandName.LANGUAGE, language=named.pop(), learned=True)
            if len(named) == 1
            else None
        )
