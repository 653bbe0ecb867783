"""Keeps a message for later, and says so once: for the time when the database is away."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.channels.base import InboundMessage, OptSignal
from bot.services.inbound import can_answer
from bot.services.spool import Spool
from flows.commands import CommandReader
from flows.model import Wording
from flows.reading import CommandName
from text.sms import swap_lookalikes

_TEXT = "kept_for_later"
_LANGUAGES = ("sv", "en")
"""Nobody knows here which language the sender reads: both fit into one SMS."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Deferring:
    """`texts` are the service texts (flows.catalogue)."""

    spool: Spool
    commands: CommandReader
    texts: Mapping[str, Wording]

    def keep(self, message: InboundMessage, now: datetime) -> tuple[str, ...]:
        """What is said: nothing but to the first message that waits from a telephone. Raises OSError.

        STOP is met with silence, as are machines; it is obeyed when the message is taken in.
        """
        if not can_answer(message):
            return ()
        is_first = self.spool.put(message, now)
        if not is_first or self._is_stop(message):
            return ()
        return (swap_lookalikes("\n".join(self.texts[_TEXT][language] for language in _LANGUAGES)),)

    def _is_stop(self, message: InboundMessage) -> bool:
        if message.opt_signal is not OptSignal.NONE:
            return True
        command = self.commands.read(message.text, language=_LANGUAGES[0])
        return command is not None and command.name is CommandName.STOP
