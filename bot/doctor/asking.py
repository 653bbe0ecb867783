"""One question over HTTP: a few seconds at most, no redirect followed, a bounded answer."""

import http.client
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlencode, urlsplit

TIMEOUT_S = 4.0
"""For connecting, and for each part of an answer."""
_WHOLE_S = 8.0
_MOST_BYTES = 64 * 1024


class NoAnswer(Exception):
    """Nobody answered. The message says how it went, in words that may be shown."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """`location` where it points somewhere else; `date` as the other side's clock has it."""

    status: int
    body: bytes
    location: str
    date: str

    @property
    def is_redirect(self) -> bool:
        return 300 <= self.status < 400


def ask(
    url: str,
    *,
    method: str = "GET",
    form: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Raises NoAnswer. Certificates are checked."""
    parts = urlsplit(url)
    sent = {"User-Agent": "lyhord-doctor", "Connection": "close", **(headers or {})}
    if form is not None:
        sent["Content-Type"] = "application/x-www-form-urlencoded"
    try:
        connection = _connection(parts)
        try:
            body = urlencode(form) if form is not None else None
            connection.request(method, _target(parts), body, sent)
            return _answer(connection.getresponse())
        finally:
            connection.close()
    except ssl.SSLCertVerificationError as error:
        raise NoAnswer(f"its certificate is not good: {error.verify_message}") from None
    except TimeoutError:
        raise NoAnswer("no answer in time") from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NoAnswer(f"no answer: {type(error).__name__}") from None


def _connection(parts: SplitResult) -> http.client.HTTPConnection:
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise NoAnswer("not a web address")
    if parts.scheme == "https":
        return http.client.HTTPSConnection(parts.hostname, parts.port, timeout=TIMEOUT_S)
    return http.client.HTTPConnection(parts.hostname, parts.port, timeout=TIMEOUT_S)


def _target(parts: SplitResult) -> str:
    return f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"


def _answer(response: http.client.HTTPResponse) -> Answer:
    deadline, body = time.monotonic() + _WHOLE_S, b""
    while len(body) < _MOST_BYTES and (part := response.read1(_MOST_BYTES)):
        body += part
        if time.monotonic() > deadline:
            raise TimeoutError
    return Answer(
        status=response.status,
        body=body,
        location=response.headers.get("Location", ""),
        date=response.headers.get("Date", ""),
    )
