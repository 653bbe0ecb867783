"""Residents at the provider: signed webhooks posted over kept connections by several callers at once."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from http.client import HTTPConnection
from itertools import count
from urllib.parse import urlencode

from benchmarks.setting import ACCOUNT, PUBLIC_URL, TOKEN, message_fields
from bot.channels.twilio_sms import SMS_PATH, TwilioSms

AT_ONCE = 16
_PROVIDER = TwilioSms(account_sid=ACCOUNT, auth_tokens=(TOKEN,), public_url=PUBLIC_URL)
_numbers = count(1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Post:
    """A signed webhook, ready to be sent."""

    body: bytes
    headers: dict[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Load:
    """What one run of callers measured."""

    seconds: float
    latencies_s: Sequence[float]
    replies: Sequence[bytes]
    """In the order of each caller; the callers one after the other."""

    @property
    def messages_per_second(self) -> float:
        return len(self.latencies_s) / self.seconds

    def percentile_ms(self, share: float) -> float:
        ordered = sorted(self.latencies_s)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000


def surveys(texts: Sequence[str], recipient: str, how_many: int) -> list[Post]:
    """Whole surveys, one after the other, each from a number that never wrote before."""
    return [post for _ in range(how_many) for post in _survey(texts, recipient)]


def call(port: int, path: str, posts: Callable[[], list[Post]], *, at_once: int = AT_ONCE) -> Load:
    """Let callers post what `posts` makes for each of them. Raises RuntimeError unless all is answered."""
    work = [posts() for _ in range(at_once)]  # made and signed beforehand: the server alone is measured
    callers = [_Caller(port, path, own) for own in work]
    started = time.perf_counter()
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    seconds = time.perf_counter() - started
    if failed := [caller.error for caller in callers if caller.error]:
        raise RuntimeError(f"{len(failed)} of {at_once} callers were not answered: {failed[0]}")
    return Load(
        seconds=seconds,
        latencies_s=[latency for caller in callers for latency in caller.latencies_s],
        replies=[reply for caller in callers for reply in caller.replies],
    )


class _Caller(threading.Thread):
    def __init__(self, port: int, path: str, posts: Sequence[Post]) -> None:
        super().__init__()
        self._connection = HTTPConnection("127.0.0.1", port, timeout=30)
        self._path, self._posts = path, posts
        self.latencies_s: list[float] = []
        self.replies: list[bytes] = []
        self.error: Exception | None = None

    def run(self) -> None:
        try:
            for post in self._posts:
                self._post(post)
        except (OSError, RuntimeError) as error:
            self.error = error
        finally:
            self._connection.close()

    def _post(self, post: Post) -> None:
        started = time.perf_counter()
        self._connection.request("POST", self._path, post.body, post.headers)
        response = self._connection.getresponse()
        self.replies.append(response.read())
        self.latencies_s.append(time.perf_counter() - started)
        if response.status != 200:
            raise RuntimeError(f"status {response.status}")


def _survey(texts: Sequence[str], recipient: str) -> Iterator[Post]:
    sender = f"+46701{next(_numbers):06d}"
    for text in texts:
        fields = message_fields(text, sender, recipient)
        yield Post(
            body=urlencode(fields).encode(),
            headers={
                "Content-Type": "application/x-www-form-urlencoded",
                "X-Twilio-Signature": _PROVIDER.sign(SMS_PATH, fields),
            },
        )
