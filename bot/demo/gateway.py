"""A telephone network of our own: the phones of the demonstration write through it to the real endpoint."""

import secrets
from dataclasses import dataclass

from bot.channels.twilio_sms import SMS_PATH
from bot.demo.provider.calling import Caller, message_fields


class NotDelivered(Exception):
    """The endpoint did not take the message. The sentence says what it answered."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SimulatedGateway:
    """Sends to `address`, the base URL of the running program, in the name of the caller's account."""

    caller: Caller
    address: str

    def send(self, *, sender: str, recipient: str, text: str) -> tuple[str, ...]:
        """Deliver a message over HTTP; the texts that come back. Raises NotDelivered."""
        fields = message_fields(
            sid=f"SM{secrets.token_hex(16)}",
            account_sid=self.caller.account_sid,
            sender=sender,
            recipient=recipient,
            text=text,
        )
        called = self.caller.call(self.address + SMS_PATH, fields)
        if called.is_taken:
            return called.texts
        if called.status:
            raise NotDelivered(f"the webhook answered {called.status}")
        raise NotDelivered("the webhook cannot be reached")
