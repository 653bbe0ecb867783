"""Sends what stands in the outbox, each message once: claim (commit), send with no database held, mark.

Where the provider's answer is missing, nobody knows whether it was sent: after a while the provider is asked, and only
what it does not list is sent again (it has no key that would make sending twice harmless).
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.channels.base import MaybeSent, NotSent, ProviderUnavailable, SentMessage
from bot.services.arrivals import Parts
from bot.services.posting import PURPOSE
from bot.services.replies import stored_texts
from privacy.pseudonyms import UndecipherableError
from storage import outbox, respondents
from storage.database import Session
from storage.outbox import OutboxRow

log = logging.getLogger("lyhord.sending")

QUIET = timedelta(seconds=90)
"""When the provider lists for sure what it took: its time-out for us, and a minute."""
_CLOCKS_DIFFER = timedelta(seconds=30)
_LONGEST_PAUSE_S = 300
_MOST_ATTEMPTS = 8
_AT_ONCE = 500
"""Messages in one run, so that others of the worker's tasks have their turn."""


class Gateway(Protocol):
    """The provider, as far as it sends."""

    def send(self, *, sender: str, recipient: str, text: str, status_url: str) -> str: ...
    def list_sent(self, recipient: str, since: datetime) -> Iterator[SentMessage]: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class _Letter:
    """A message that is claimed, with the number and the words that it needs."""

    row: OutboxRow
    recipient: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Sending:
    """`status_url`: where the provider tells how far a message has come."""

    parts: Parts
    provider: Gateway
    status_url: str
    now: Callable[[], datetime]

    def run(self) -> int:
        """Send what is due; how many left. Raises DatabaseUnavailable; a provider that is away ends the run."""
        sent = 0
        try:
            self.settle()
            for _ in range(_AT_ONCE):
                letter = self._claim()
                if letter is None:
                    break
                sent += self._send(letter)
        except ProviderUnavailable as error:
            log.error("provider_unavailable", extra={"reason": str(error)})
        return sent

    def settle(self) -> None:
        """Find out what became of messages whose sending nobody saw the end of."""
        with self.parts.sessions.reading() as session:
            rows = outbox.list_uncertain(session, self.now() - QUIET)
            letters = [letter for row in rows if (letter := self._letter(session, row))]
        for letter in letters:
            was_sent = self._is_listed(letter)
            with self.parts.sessions.begin() as session:
                if was_sent:
                    outbox.mark_sent(session, letter.row.id, self.now())
                else:
                    outbox.mark_waiting(session, letter.row.id, self.now())
            log.warning("sending_settled", extra={"outbox_id": letter.row.id, "was_sent": was_sent})

    def _claim(self) -> _Letter | None:
        """The next message, ours alone once this is committed. One that cannot be sent at all is put away."""
        while True:
            with self.parts.sessions.begin() as session:
                row = outbox.claim_next(session, self.now())
                if row is None:
                    return None
                letter = self._letter(session, row)
                if letter is not None:
                    return letter
                outbox.mark_refused(session, row.id)

    def _letter(self, session: Session, row: OutboxRow) -> _Letter | None:
        try:
            recipient = self.parts.keys.decrypt(row.number_ciphertext, purpose=PURPOSE)
        except UndecipherableError:
            log.error("outbox_undecipherable", extra={"outbox_id": row.id})
            return None
        words = stored_texts(self.parts, session, row.reply, "sms")
        return _Letter(row=row, recipient=recipient, text="\n".join(words))

    def _send(self, letter: _Letter) -> bool:
        row = letter.row
        try:
            self.provider.send(
                sender=row.our_number,
                recipient=letter.recipient,
                text=letter.text,
                status_url=f"{self.status_url}?o={row.id}",
            )
        except NotSent as error:
            self._put_back(letter, error)
            return False
        except MaybeSent as error:
            log.warning("sending_uncertain", extra={"outbox_id": row.id, "reason": str(error)})
            with self.parts.sessions.begin() as session:
                outbox.mark_uncertain(session, row.id)
            raise ProviderUnavailable("a message may have been sent, or not") from None
        with self.parts.sessions.begin() as session:
            outbox.mark_sent(session, row.id, self.now())
        return True

    def _put_back(self, letter: _Letter, error: NotSent) -> None:
        """Surely not sent: later again, or never."""
        row, may_retry = letter.row, error.may_retry and letter.row.attempts < _MOST_ATTEMPTS
        log.warning("sending_refused", extra={"outbox_id": row.id, "code": error.code, "retry": may_retry})
        with self.parts.sessions.begin() as session:
            if error.has_opted_out:
                key = self.parts.keys.standing_key(letter.recipient)
                respondents.opt_out(session, key, at=self.now())
            if may_retry:
                pause = timedelta(seconds=min(_LONGEST_PAUSE_S, 2**row.attempts))
                outbox.mark_waiting(session, row.id, self.now() + pause)
            else:
                outbox.mark_refused(session, row.id)

    def _is_listed(self, letter: _Letter) -> bool:
        """Whether the provider has a message of these words to this number from the time of the claim or later."""
        claimed_at = letter.row.claimed_at or self.now()
        listed = self.provider.list_sent(letter.recipient, claimed_at - _CLOCKS_DIFFER)
        return any(message.text == letter.text for message in listed)
