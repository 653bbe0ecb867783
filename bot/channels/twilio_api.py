"""Twilio's own interface, as far as we call it: what came in, what went out, sending, how our number is set up.

Not for the web process: the client costs 5 MiB, and no message is answered this way. Its classes for each
resource are left alone: they cost the worker 8 MiB for three addresses. Sources: Twilio's "Messages resource",
"IncomingPhoneNumber resource", "Twilio's response" (paging, errors), "Error and warning dictionary".
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from twilio.base.deserialize import rfc2822_datetime
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from bot.channels.base import (
    InboundMessage,
    MaybeSent,
    NotSent,
    ProviderUnavailable,
    SentMessage,
)
from bot.channels.twilio_sms import PROVIDER
from text.normalising import clean

TIMEOUT_S = 10
"""The client itself waits for ever."""

_HOST = "https://api.twilio.com"
_AT_A_TIME = 1000
_WITHIN_THE_SECOND = timedelta(microseconds=999_999)
_PASSING = frozenset({20429, 21611, 30001})
"""Too fast, or our queue at the provider is full: nothing was sent, and it may be sent later."""
_OPTED_OUT = 21610
_OTHERWISE_THAN_DOCUMENTED = (LookupError, TypeError, AttributeError)
"""What reading an answer raises that lacks a field, or is no object."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NumberSetup:
    """How the provider is told to reach us for a number: addresses as they were typed, with their fragments."""

    sms_url: str
    sms_method: str
    fallback_url: str
    status_callback: str


class _Refused(Exception):
    """The provider's answer is none of 2xx; `code` is its own, None where it tells none."""

    def __init__(self, status: int, code: int | None) -> None:
        super().__init__(f"{status}, code {code}")
        self.status, self.code = status, code


class TwilioApi:
    """One account. `base_url` is the provider's own address, or that of a stand-in on this machine."""

    def __init__(self, *, account_sid: str, auth_token: str, base_url: str) -> None:
        self._http = _HttpClient(base_url)
        self._client = Client(account_sid, auth_token, http_client=self._http)
        self._account = f"/2010-04-01/Accounts/{account_sid}"

    def close(self) -> None:
        """Give the connections back."""
        self._http.session.close()

    def list_inbound(self, recipient: str, since: datetime) -> Iterator[InboundMessage]:
        """Messages to our number that the provider took at `since` or later, the newest first.

        The provider tells whole seconds; `sent_at` is the last moment of them. Raises ProviderUnavailable.
        """
        with _as_documented():
            for row in self._list(since, recipient):
                taken_at = _time(row["date_sent"] or row["date_created"])
                if row["direction"] == "inbound" and taken_at >= since:
                    yield _inbound(row, taken_at + _WITHIN_THE_SECOND)

    def list_sent(self, recipient: str, since: datetime) -> Iterator[SentMessage]:
        """Messages of ours to a number that the provider took at `since` or later. Raises ProviderUnavailable."""
        with _as_documented():
            for row in self._list(since, recipient):
                accepted_at = _time(row["date_created"])
                if row["direction"].startswith("outbound") and accepted_at >= since:
                    yield SentMessage(provider_id=row["sid"], text=row["body"] or "", accepted_at=accepted_at)

    def send(self, *, sender: str, recipient: str, text: str, status_url: str) -> str:
        """Send one message; the provider's id of it. Raises NotSent where it surely was not, MaybeSent
        where nobody knows, ProviderUnavailable where it refuses us altogether.
        """
        data = {"To": recipient, "From": sender, "Body": text, "StatusCallback": status_url}
        try:
            return str(self._ask("POST", f"{self._account}/Messages.json", data=data)["sid"])
        except _Refused as error:
            raise _refusal(error) from None
        except (OSError, ValueError, *_OTHERWISE_THAN_DOCUMENTED) as error:  # those of requests are OSErrors
            raise MaybeSent(type(error).__name__) from None

    def account_status(self) -> str:
        """``active``, ``suspended`` or ``closed``. Raises ProviderUnavailable."""
        with _as_documented():
            return str(self._fetch(f"{self._account}.json")["status"])

    def number_setup(self, number: str) -> NumberSetup | None:
        """How our number is set up, None where the account does not have it. Raises ProviderUnavailable."""
        with _as_documented():
            found = self._fetch(
                f"{self._account}/IncomingPhoneNumbers.json", {"PhoneNumber": number, "PageSize": 1}
            )["incoming_phone_numbers"]
            if not found:
                return None
            return NumberSetup(
                sms_url=found[0]["sms_url"] or "",
                sms_method=found[0]["sms_method"] or "",
                fallback_url=found[0]["sms_fallback_url"] or "",
                status_callback=found[0]["status_callback"] or "",
            )

    def _list(self, since: datetime, recipient: str) -> Iterator[Mapping[str, Any]]:
        """The provider's filter knows whole days only."""
        midnight = since.astimezone(UTC).strftime("%Y-%m-%dT00:00:00Z")
        page = self._fetch(
            f"{self._account}/Messages.json",
            {"To": recipient, "DateSent>": midnight, "PageSize": _AT_A_TIME},
        )
        yield from page["messages"]
        while page["next_page_uri"]:
            page = self._fetch(page["next_page_uri"])
            yield from page["messages"]

    def _fetch(self, path: str, asked: Mapping[str, object] | None = None) -> Mapping[str, Any]:
        try:
            return self._ask("GET", path, params=asked)
        except _Refused as error:
            raise ProviderUnavailable(f"the provider answers {error}") from None
        except OSError as error:  # those of requests are OSErrors
            raise ProviderUnavailable(f"the provider cannot be reached: {type(error).__name__}") from None
        except ValueError:
            raise ProviderUnavailable("the provider answers what is no JSON") from None

    def _ask(self, method: str, path: str, **what: object) -> Mapping[str, Any]:
        """The provider's answer. Raises _Refused, OSError, or ValueError for what is no JSON."""
        response = self._client.request(method, _HOST + path, **what)
        if not 200 <= response.status_code < 300:
            raise _Refused(response.status_code, _code(response.text))
        answered: Mapping[str, Any] = json.loads(response.text)
        return answered


@contextmanager
def _as_documented() -> Iterator[None]:
    """Raises ProviderUnavailable, which names the field and no content, where the answer lacks what is read of it."""
    try:
        yield
    except _OTHERWISE_THAN_DOCUMENTED as error:
        lacking = f" ({error.args[0]!r})" if isinstance(error, KeyError) else ""
        raise ProviderUnavailable(f"the provider answers otherwise than documented{lacking}") from None


def _code(text: str) -> int | None:
    """What kind of fault the provider tells, if it tells any."""
    try:
        told = json.loads(text)
    except ValueError:
        return None
    return told.get("code") if isinstance(told, dict) else None


def _time(written: str) -> datetime:
    return rfc2822_datetime(written)  # type: ignore[no-any-return]


class _HttpClient(TwilioHttpClient):  # type: ignore[misc]  # twilio has no types
    """Sends to `base_url` only, with a time-out. Redirects are not followed."""

    def __init__(self, base_url: str) -> None:
        super().__init__(timeout=TIMEOUT_S)
        self._base_url = base_url.rstrip("/")

    def request(self, method: str, url: str, *arguments: Any, **options: Any) -> Any:
        asked = urlsplit(url)
        path = f"{asked.path}?{asked.query}" if asked.query else asked.path
        options["allow_redirects"] = False
        return super().request(method, self._base_url + path, *arguments, **options)


def _inbound(row: Mapping[str, Any], taken_at: datetime) -> InboundMessage:
    return InboundMessage(
        provider=PROVIDER,
        provider_id=row["sid"],
        channel="sms",
        sender=clean(row["from"] or "")[:64],
        recipient=clean(row["to"] or "")[:64],
        text=clean(row["body"] or ""),
        has_media=str(row["num_media"] or "0") != "0",
        sent_at=taken_at,
    )


def _refusal(error: _Refused) -> Exception:
    """4xx is an answer: nothing was sent. After 5xx nobody knows."""
    if error.status in (401, 403):
        return ProviderUnavailable(f"the provider refuses us: {error}")
    if error.status >= 500:
        return MaybeSent(f"the provider answered {error.status}")
    is_passing = error.status == 429 or error.code in _PASSING
    return NotSent(code=str(error.code), may_retry=is_passing, has_opted_out=error.code == _OPTED_OUT)
