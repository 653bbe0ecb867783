"""A telephone network of our own: signs webhooks as the provider does and posts them to the real endpoint."""

import secrets
import urllib.request
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode

from bot.channels.twilio_sms import SMS_PATH, TwilioSms

TIMEOUT_S = 15


class NotDelivered(Exception):
    """The endpoint did not take the message. The sentence says what it answered."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SimulatedGateway:
    """Sends to `address`, the base URL of the running program, in the name of `account_sid`."""

    twilio: TwilioSms
    account_sid: str
    address: str

    def send(self, *, sender: str, recipient: str, text: str) -> tuple[str, ...]:
        """Deliver a message over HTTP; the texts that come back. Raises NotDelivered."""
        fields = {
            "MessageSid": f"SM{secrets.token_hex(16)}",
            "AccountSid": self.account_sid,
            "From": sender,
            "To": recipient,
            "Body": text,
            "NumMedia": "0",
            "NumSegments": "1",
        }
        request = urllib.request.Request(  # noqa: S310  our own address, from the settings
            self.address + SMS_PATH,
            data=urlencode(fields).encode(),
            headers={
                "Content-Type": "application/x-www-form-urlencoded",
                "X-Twilio-Signature": self.twilio.sign(SMS_PATH, fields),
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_S) as response:  # noqa: S310
                return _texts(response.read())
        except HTTPError as error:
            raise NotDelivered(f"the webhook answered {error.code}") from None
        except URLError as error:
            raise NotDelivered(f"the webhook cannot be reached: {error.reason}") from None


def _texts(twiml: bytes) -> tuple[str, ...]:
    root = ElementTree.fromstring(twiml)  # noqa: S314  our own answer
    return tuple("".join(message.itertext()) for message in root.iter("Message"))
