"""What a message asks of us: by the rules, and by the learned layer where these are silent."""

from dataclasses import dataclass

from flows.command_layer import CommandLayer
from flows.commands import CommandReader
from flows.reading import Command, CommandName

_ASKED_BACK = frozenset({CommandName.STOP, CommandName.ERASE})
"""Where the layer is not sure of these."""
_AT_START = frozenset({CommandName.HELP, CommandName.INFO, CommandName.LANGUAGE})
"""Whether to begin is answered with yes or no: what sounds like a stop is a no."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CommandHearer:
    """A command of the rules counts; where there is none, that of the layer."""

    rules: CommandReader
    layer: CommandLayer

    def read(
        self, text: str, *, language: str, at_start: bool = False, open_question: bool = False
    ) -> Command | None:
        """The command that the whole of `text` is, or None. Arguments as of CommandReader.read."""
        found = self.rules.read(text, language=language, at_start=at_start, open_question=open_question)
        return found or self._heard(text, language, at_start, open_question)

    def is_start(self, text: str) -> bool:
        """Whether the whole of `text` asks to begin, in any language. Within a survey "start" is an answer."""
        return self.rules.is_start(text)

    def _heard(self, text: str, language: str, at_start: bool, open_question: bool) -> Command | None:
        heard = self.layer.hear(text)
        if heard is None:
            return None
        name, score = heard
        is_sure = score >= (self.layer.erase if name is CommandName.ERASE else self.layer.sure)
        if at_start and name not in _AT_START:
            return None
        if name in _ASKED_BACK:
            return Command(name=name, sure=is_sure, learned=True)
        if open_question and not is_sure:
            return None
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
