"""What every channel has in common: one form of a message in, one form of a reply out."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from flows.conversation import Position


class OptSignal(StrEnum):
    """What the provider itself made of the message (Twilio's OptOutType)."""

    NONE = ""
    STOP = "STOP"
    START = "START"
    HELP = "HELP"


@dataclass(frozen=True, kw_only=True, slots=True)
class PressedStart:
    """A survey begun by a button on a page instead of by a keyword."""

    stream: str
    language: str
    place_code: str = ""
    is_machine: bool = False
    """It did what no person before the page does. That is marked, and refuses nobody."""


@dataclass(frozen=True, kw_only=True, slots=True)
class InboundMessage:
    """A message from a resident, verified and parsed, its text cleaned (text.normalising.clean).

    On SMS `sender` and `recipient` are E.164 numbers, and the round is found by the number that was texted. On a page
    `sender` is ``chat:TOKEN`` and `round_code` names the round. `provider_id` is unique for the provider: the same
    message delivered twice has the same one.
    """

    provider: str
    provider_id: str
    channel: str
    sender: str
    recipient: str
    text: str
    has_media: bool = False
    opt_signal: OptSignal = OptSignal.NONE
    round_code: str = ""
    start: PressedStart | None = None
    sent_at: datetime | None = None
    """When it was taken by the provider or by our spool, where it reaches us late; None for what is delivered now."""
    answers: Position | None = None
    """The question that the page shows. Once another one is asked, the form was left behind and answers nothing."""
    network: str = ""
    """The network that a page was asked from, as ``81.2.69.0/24``; empty where that is not known."""
    changes: Position | None = None
    """An answer that is to be given anew: the message is this wish and nothing else."""


class DeliveryState(StrEnum):
    """How far a message that we sent has come."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    DELIVERED = "delivered"
    READ = "read"


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliveryReport:
    """A status callback. `recipient_opted_out` where the provider says that the number is blocked (21610).

    `outbox_id` is our own mark in the address that was called: it tells that the message left, whatever else was lost.
    """

    provider: str
    provider_id: str
    state: DeliveryState
    recipient: str = ""
    error_code: str | None = None
    recipient_opted_out: bool = False
    outbox_id: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class SentMessage:
    """A message of ours as the provider lists it."""

    provider_id: str
    text: str
    accepted_at: datetime


class ProviderUnavailable(Exception):
    """The provider does not answer, or refuses us. Nothing is known; the caller may ask again later."""


class NotSent(Exception):
    """The provider refused a message: it was surely not sent. `may_retry` where the same may be sent later."""

    def __init__(self, *, code: str, may_retry: bool, has_opted_out: bool = False) -> None:
        super().__init__(f"refused by the provider, code {code}")
        self.code, self.may_retry, self.has_opted_out = code, may_retry, has_opted_out


class MaybeSent(Exception):
    """The provider's answer is missing or a fault of its own: the message may have been sent. Never send it blindly."""


class Forged(Exception):
    """The request does not come from the provider, or not as the provider sends it. Answered with 403."""


class Malformed(Exception):
    """Signed by the provider, yet not a message that can be understood. Answered with 400."""
