"""Calls a webhook as Twilio does: signed, within the time-outs and as often as the address's fragment says, then the
fallback address. Source: Twilio's "Webhooks connection overrides".
"""

import time
import urllib.request
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlencode, urlsplit

from bot.channels.twilio_sms import TwilioSms

_DEFAULTS = {"rc": "1", "rp": "ct", "ct": "5000", "rt": "15000", "tt": "15000"}
_FAILED = 11200
"""The provider's code for a webhook that could not be fetched; 11217 for an answer of 4xx or 5xx."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Called:
    """What became of a webhook. `status` is 0 where nothing answered; `texts` are what TwiML says to send."""

    status: int
    texts: tuple[str, ...] = ()
    calls: int = 1
    by_fallback: bool = False

    @property
    def is_taken(self) -> bool:
        return 200 <= self.status < 300


def message_fields(*, sid: str, account_sid: str, sender: str, recipient: str, text: str) -> dict[str, str]:
    """What the provider posts for a message."""
    return {
        "MessageSid": sid,
        "AccountSid": account_sid,
        "From": sender,
        "To": recipient,
        "Body": text,
        "NumMedia": "0",
        "NumSegments": "1",
        "SmsStatus": "received",
    }


class Caller:
    """Signs in the name of one account."""

    def __init__(self, *, account_sid: str, auth_token: str) -> None:
        self.account_sid, self._auth_token = account_sid, auth_token

    def call_with_fallback(self, url: str, fallback_url: str, fields: Mapping[str, str]) -> Called:
        called = self.call(url, fields)
        if called.is_taken or not fallback_url:
            return called
        code = 11217 if called.status else _FAILED
        more = {**fields, "ErrorCode": str(code), "ErrorUrl": url.partition("#")[0]}
        fallback = self.call(fallback_url, more)
        return Called(
            status=fallback.status,
            texts=fallback.texts,
            calls=called.calls + fallback.calls,
            by_fallback=True,
        )

    def call(self, url: str, fields: Mapping[str, str]) -> Called:
        address, _, fragment = url.partition("#")
        overrides = _DEFAULTS | {name: values[0] for name, values in parse_qs(fragment).items()}
        until = time.monotonic() + int(overrides["tt"]) / 1000
        most_calls = 1 + int(overrides["rc"])
        called = Called(status=0, calls=0)
        for number in range(1, most_calls + 1):
            left_s = until - time.monotonic()
            if left_s <= 0:
                break
            status, texts = self._post(address, fields, min(left_s, int(overrides["rt"]) / 1000))
            called = Called(status=status, texts=texts, calls=number)
            if called.is_taken or not _is_tried_again(status, overrides["rp"]):
                break
        return called

    def _post(self, address: str, fields: Mapping[str, str], timeout_s: float) -> tuple[int, tuple[str, ...]]:
        parts = urlsplit(address)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        origin = f"{parts.scheme}://{parts.netloc}"
        signing = TwilioSms(account_sid=self.account_sid, auth_tokens=(self._auth_token,), public_url=origin)
        request = urllib.request.Request(  # noqa: S310  the address that the rehearsal was started with
            address,
            data=urlencode(fields).encode(),
            headers={
                "Content-Type": "application/x-www-form-urlencoded",
                "X-Twilio-Signature": signing.sign(path, fields),
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=timeout_s) as response:  # noqa: S310
                return response.status, _texts(response.read())
        except HTTPError as error:
            return error.code, ()
        except (OSError, HTTPException, ElementTree.ParseError):
            return 0, ()


def _is_tried_again(status: int, policy: str) -> bool:
    """`policy` as in ``ct,rt,5xx``: what cannot be reached or read has status 0 here."""
    policies = policy.split(",")
    if "all" in policies:
        return True
    return bool({"ct", "rt"} & set(policies)) if status == 0 else f"{status // 100}xx" in policies


def _texts(twiml: bytes) -> tuple[str, ...]:
    root = ElementTree.fromstring(twiml)  # noqa: S314  from the program that is rehearsed
    return tuple("".join(message.itertext()) for message in root.iter("Message"))
