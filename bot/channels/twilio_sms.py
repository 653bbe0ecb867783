"""SMS by Twilio: signature, webhook fields, TwiML. The only file that knows Twilio.

Sources: Twilio's "Webhooks security", "Request to your incoming message webhook", "TwiML for programmable SMS",
and the behaviour of twilio-python 9 (its validator raises on much that a forger may send).
"""

import re
from collections.abc import Mapping, Sequence
from hmac import compare_digest

from twilio.request_validator import RequestValidator

from bot.channels.base import DeliveryReport, DeliveryState, Forged, InboundMessage, Malformed, OptSignal
from text.normalising import clean

PROVIDER = "twilio"
SMS_PATH = "/twilio/sms"
STATUS_PATH = "/twilio/status"
FALLBACK_PATH = "/twilio/fallback"
MEDIA_TYPE = "text/xml; charset=utf-8"
"""Never text/plain: Twilio would send the body to the resident as a message."""

Fields = Mapping[str, Sequence[str]]
"""Form fields as they came: every value of every name."""

_MESSAGE_SID = re.compile(r"(?:SM|MM)[0-9a-fA-F]{32}")
_MARK = re.compile(r"[0-9]{1,19}")
_ERROR_CODE = re.compile(r"[0-9]{1,6}")
_REQUIRED = ("MessageSid", "To", "AccountSid")
_STATES = {
    "accepted": DeliveryState.QUEUED,
    "scheduled": DeliveryState.QUEUED,
    "queued": DeliveryState.QUEUED,
    "sending": DeliveryState.QUEUED,
    "sent": DeliveryState.SENT,
    "delivered": DeliveryState.DELIVERED,
    "read": DeliveryState.READ,
    "undelivered": DeliveryState.FAILED,
    "failed": DeliveryState.FAILED,
    "canceled": DeliveryState.FAILED,
}
_TWIML = '<?xml version="1.0" encoding="UTF-8"?>{}'
"""As twilio-python writes it, in a twentieth of the time (tests/contracts holds the two together)."""
_BLOCKED_BY_RECIPIENT = "21610"


class TwilioSms:
    """The account's webhooks. `auth_tokens`: several during a rotation; the public URL is ours, never the Host."""

    def __init__(self, *, account_sid: str, auth_tokens: Sequence[str], public_url: str) -> None:
        self._account_sid = account_sid
        self._public_url = public_url
        self._validators = [RequestValidator(token) for token in auth_tokens]

    def verify(self, path: str, query: str, fields: Fields, signature: str) -> None:
        """Raises Forged unless one of the tokens signed exactly this request for our public address."""
        if not signature or not any(
            self._is_signed(v, path, query, fields, signature) for v in self._validators
        ):
            raise Forged("no valid signature")
        if any(len(values) != 1 for values in fields.values()):
            raise Forged("a field came more than once")
        if not all(name in fields and fields[name][0] for name in _REQUIRED):
            raise Forged("a required field is missing or empty")
        if fields["AccountSid"][0] != self._account_sid:
            raise Forged("another account")

    def sign(self, path: str, fields: Mapping[str, str]) -> str:
        """The signature that Twilio would put on this request: for the phone simulator and for tests."""
        return str(self._validators[0].compute_signature(self._public_url + path, dict(fields)))

    def parse_inbound(self, fields: Fields) -> InboundMessage:
        """Raises Forged without a sender, Malformed where the id is not a message's. Pictures are never fetched."""
        value = {name: values[0] for name, values in fields.items()}
        if not value.get("From"):  # status callbacks of a messaging service may lack it
            raise Forged("a message has a sender")
        if not _MESSAGE_SID.fullmatch(value["MessageSid"]):
            raise Malformed("MessageSid is not a message id")
        media = value.get("NumMedia", "0")
        signal = value.get("OptOutType", "")
        return InboundMessage(
            provider=PROVIDER,
            provider_id=value["MessageSid"],
            channel="sms",
            sender=clean(value["From"])[:64],
            recipient=clean(value["To"])[:64],
            text=clean(value.get("Body", "")),
            has_media=media.isdecimal() and int(media[:4]) > 0,
            opt_signal=OptSignal(signal) if signal in set(OptSignal) else OptSignal.NONE,
        )

    def parse_status(self, fields: Fields, mark: str = "") -> DeliveryReport | None:
        """A status callback, or None for a state that this program does not know (Twilio may add some).

        `mark` is our own id of the message, from the address that was called (``?o=``).
        """
        value = {name: values[0] for name, values in fields.items()}
        state = _STATES.get(value.get("MessageStatus", value.get("SmsStatus", "")))
        if state is None:
            return None
        if not _MESSAGE_SID.fullmatch(value["MessageSid"]):
            raise Malformed("MessageSid is not a message id")
        error_code = value.get("ErrorCode", "")
        return DeliveryReport(
            provider=PROVIDER,
            provider_id=value["MessageSid"],
            state=state,
            recipient=value["To"],
            error_code=error_code if _ERROR_CODE.fullmatch(error_code) else None,
            recipient_opted_out=error_code == _BLOCKED_BY_RECIPIENT,
            outbox_id=int(mark) if _MARK.fullmatch(mark) else None,
        )

    def acknowledge(self, texts: Sequence[str]) -> str:
        """TwiML that sends the texts as one message (two would arrive in any order), or sends nothing."""
        if not texts:
            return _TWIML.format("<Response />")
        return _TWIML.format(f"<Response><Message>{_escaped(texts)}</Message></Response>")

    def _is_signed(
        self, validator: RequestValidator, path: str, query: str, fields: Fields, signature: str
    ) -> bool:
        """As it is written in the address that we gave, which nearly every request is; else with or without the port,
        as the library tries both.
        """
        url = f"{self._public_url}{path}?{query}" if query else self._public_url + path
        form = _Multi(fields)
        try:
            return bool(
                compare_digest(str(validator.compute_signature(url, form)), signature)
                or validator.validate(url, form, signature)
            )
        except (TypeError, ValueError, AttributeError):  # UnicodeError is a ValueError
            return False


def _escaped(texts: Sequence[str]) -> str:
    return "\n".join(texts).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


class _Multi(dict[str, Sequence[str]]):
    """Form fields in the shape that the validator knows for repeated names."""

    getall = dict.__getitem__  # asked for first
