"""Twilio's own interface, as far as we call it: what came in, what went out, sending, how our number is set up.

Not for the web process: the client costs 200 ms and 20 MiB, and no message is answered this way. Sources: Twilio's
"Messages resource", "IncomingPhoneNumber resource", "Error and warning dictionary".
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from twilio.base.exceptions import TwilioException, TwilioRestException
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

_AT_A_TIME = 1000
_WITHIN_THE_SECOND = timedelta(microseconds=999_999)
_PASSING = frozenset({20429, 21611, 30001})
"""Too fast, or our queue at the provider is full: nothing was sent, and it may be sent later."""
_OPTED_OUT = 21610


@dataclass(frozen=True, kw_only=True, slots=True)
class NumberSetup:
    """How the provider is told to reach us for a number: addresses as they were typed, with their fragments."""

    sms_url: str
    sms_method: str
    fallback_url: str
    status_callback: str


class TwilioApi:
    """One account. `base_url` is the provider's own address, or that of a stand-in on this machine."""

    def __init__(self, *, account_sid: str, auth_token: str, base_url: str) -> None:
        self._http = _HttpClient(base_url)
        self._client = Client(account_sid, auth_token, http_client=self._http)

    def close(self) -> None:
        """Give the connections back."""
        self._http.session.close()

    def list_inbound(self, recipient: str, since: datetime) -> Iterator[InboundMessage]:
        """Messages to our number that the provider took at `since` or later, the newest first.

        The provider tells whole seconds; `sent_at` is the last moment of them. Raises ProviderUnavailable.
        """
        for row in self._list(since, to=recipient):
            taken_at = row.date_sent or row.date_created
            if row.direction == "inbound" and taken_at >= since:
                yield _inbound(row, taken_at + _WITHIN_THE_SECOND)

    def list_sent(self, recipient: str, since: datetime) -> Iterator[SentMessage]:
        """Messages of ours to a number that the provider took at `since` or later. Raises ProviderUnavailable."""
        for row in self._list(since, to=recipient):
            if row.direction.startswith("outbound") and row.date_created >= since:
                yield SentMessage(provider_id=row.sid, text=row.body or "", accepted_at=row.date_created)

    def send(self, *, sender: str, recipient: str, text: str, status_url: str) -> str:
        """Send one message; the provider's id of it. Raises NotSent where it surely was not, MaybeSent
        where nobody knows, ProviderUnavailable where it refuses us altogether.
        """
        try:
            row = self._client.messages.create(
                to=recipient, from_=sender, body=text, status_callback=status_url
            )
        except TwilioRestException as error:
            raise _refusal(error) from None
        except (OSError, TwilioException) as error:  # those of requests are OSErrors
            raise MaybeSent(type(error).__name__) from None
        return str(row.sid)

    def account_status(self) -> str:
        """``active``, ``suspended`` or ``closed``. Raises ProviderUnavailable."""
        account = self._fetching(lambda: self._client.api.accounts(self._client.account_sid).fetch())
        return str(account.status)

    def number_setup(self, number: str) -> NumberSetup | None:
        """How our number is set up, None where the account does not have it. Raises ProviderUnavailable."""
        found = self._fetching(lambda: self._client.incoming_phone_numbers.list(phone_number=number, limit=1))
        if not found:
            return None
        return NumberSetup(
            sms_url=found[0].sms_url or "",
            sms_method=found[0].sms_method or "",
            fallback_url=found[0].sms_fallback_url or "",
            status_callback=found[0].status_callback or "",
        )

    def _list(self, since: datetime, **filters: str) -> Iterator[Any]:
        """The provider's filter knows whole days only."""
        midnight = since.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        rows = self._fetching(
            lambda: self._client.messages.stream(date_sent_after=midnight, page_size=_AT_A_TIME, **filters)
        )
        while True:
            row = self._fetching(lambda: next(rows, None))
            if row is None:
                return
            yield row

    @staticmethod
    def _fetching(fetch: Any) -> Any:
        try:
            return fetch()
        except TwilioRestException as error:
            raise ProviderUnavailable(f"the provider answers {error.status}, code {error.code}") from None
        except TwilioException as error:  # a page of a list: the answer is its second argument
            status = getattr(error.args[-1], "status_code", "what the client does not understand")
            raise ProviderUnavailable(f"the provider answers {status}") from None
        except OSError as error:  # those of requests are OSErrors
            raise ProviderUnavailable(f"the provider cannot be reached: {type(error).__name__}") from None


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


def _inbound(row: Any, taken_at: datetime) -> InboundMessage:
    return InboundMessage(
        provider=PROVIDER,
        provider_id=row.sid,
        channel="sms",
        sender=clean(row.from_ or "")[:64],
        recipient=clean(row.to or "")[:64],
        text=clean(row.body or ""),
        has_media=str(row.num_media or "0") != "0",
        sent_at=taken_at,
    )


def _refusal(error: TwilioRestException) -> Exception:
    """4xx is an answer: nothing was sent. After 5xx nobody knows."""
    if error.status in (401, 403):
        return ProviderUnavailable(f"the provider refuses us: {error.status}, code {error.code}")
    if error.status >= 500:
        return MaybeSent(f"the provider answered {error.status}")
    is_passing = error.status == 429 or error.code in _PASSING
    return NotSent(code=str(error.code), may_retry=is_passing, has_opted_out=error.code == _OPTED_OUT)
