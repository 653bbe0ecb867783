"""What the stand-in knows: messages, numbers that said STOP, how our numbers are set up, faults still to come."""

import secrets
import threading
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum


class Fault(StrEnum):
    """What happens to the next message that is sent through the interface."""

    TOO_MANY = "429"
    BROKEN = "500"
    ACCEPTED_THEN_BROKEN = "accepted-503"
    ACCEPTED_THEN_CUT = "accepted-cut"


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptMessage:
    """A message as the provider keeps it. `direction`: inbound, outbound-api or outbound-reply."""

    sid: str
    sender: str
    recipient: str
    body: str
    direction: str
    status: str
    at: datetime
    error_code: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Webhooks:
    """Where a number's messages go, with the fragments that say how often to try."""

    sms_url: str = ""
    fallback_url: str = ""
    status_url: str = ""


@dataclass
class Store:
    """Safe for threads. Kept in memory: a rehearsal begins with nothing."""

    webhooks: Webhooks
    _messages: dict[str, KeptMessage] = field(default_factory=dict)
    _blocked: set[tuple[str, str]] = field(default_factory=set)
    _faults: deque[Fault] = field(default_factory=deque)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, *, sender: str, recipient: str, body: str, direction: str, status: str) -> KeptMessage:
        message = KeptMessage(
            sid=f"SM{secrets.token_hex(16)}",
            sender=sender,
            recipient=recipient,
            body=body,
            direction=direction,
            status=status,
            at=datetime.now(UTC).replace(microsecond=0),  # the provider tells whole seconds
        )
        with self._lock:
            self._messages[message.sid] = message
        return message

    def find(self, sid: str) -> KeptMessage | None:
        return self._messages.get(sid)

    def change(self, sid: str, *, body: str | None = None, status: str | None = None) -> None:
        with self._lock:
            kept = self._messages[sid]
            body = kept.body if body is None else body
            self._messages[sid] = replace(kept, body=body, status=status or kept.status)

    def remove(self, sid: str) -> None:
        with self._lock:
            self._messages.pop(sid, None)

    def listed(
        self, *, sender: str = "", recipient: str = "", since: datetime | None = None
    ) -> list[KeptMessage]:
        """The newest first, as the provider lists them."""
        with self._lock:
            kept = list(self._messages.values())
        return [
            message
            for message in reversed(kept)
            if (not sender or message.sender == sender)
            and (not recipient or message.recipient == recipient)
            and (since is None or message.at >= since)
        ]

    def fail_next(self, faults: Iterable[Fault]) -> None:
        with self._lock:
            self._faults.extend(faults)

    def next_fault(self) -> Fault | None:
        with self._lock:
            return self._faults.popleft() if self._faults else None

    def block(self, phone: str, number: str) -> None:
        self._blocked.add((phone, number))

    def unblock(self, phone: str, number: str) -> None:
        self._blocked.discard((phone, number))

    def is_blocked(self, phone: str, number: str) -> bool:
        """Whether `phone` said STOP to our `number`."""
        return (phone, number) in self._blocked
