"""Messages that come after their time: what the spool kept, and what the provider has and we have not."""

import logging
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Protocol

from bot.channels.base import InboundMessage
from bot.services.dates import local_date
from bot.services.inbound import Inbound, can_answer
from bot.services.spool import Spool, Unreadable, in_order
from privacy.retention import UNDO_DAYS
from storage import messages, rounds
from storage.database import DatabaseUnavailable, Sessions

log = logging.getLogger("lyhord.late")

QUIET = timedelta(seconds=60)
"""A message younger than that may still be on its way to us: the provider tries for 15 seconds."""
LOOK_BACK = timedelta(hours=24)
_AT_A_TIME = 500


class _Outcome(StrEnum):
    TAKEN = "taken"
    KNOWN = "known"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True, slots=True)
class Drained:
    """`known` were in the database already; `failed` could not be read or taken, and stay in the spool."""

    taken: int = 0
    known: int = 0
    failed: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Drain:
    """Takes in what the spool kept. Run it as often as you like; one at a time is enough."""

    inbound: Inbound
    spool: Spool

    def run(self) -> Drained:
        """Raises DatabaseUnavailable: what was not taken in yet stays in the spool."""
        outcomes = Counter(self._take_in(path, message) for path, message in in_order(self.spool))
        self.spool.remove_begun()
        done = Drained(
            taken=outcomes[_Outcome.TAKEN], known=outcomes[_Outcome.KNOWN], failed=outcomes[_Outcome.FAILED]
        )
        if outcomes:
            log.info("spool_drained", extra=asdict(done))
        return done

    def _take_in(self, path: Path, message: InboundMessage | Unreadable) -> _Outcome:
        if isinstance(message, Unreadable):
            log.error("spool_unreadable", extra={"file": f"{path.parent.name}/{path.name}"})
            return _Outcome.FAILED
        outcome = _take(self.inbound, message)
        if outcome is not _Outcome.FAILED:
            self.spool.remove(path)
        return outcome


class Listing(Protocol):
    """The provider, as far as it says what came in."""

    def list_inbound(self, recipient: str, since: datetime) -> Iterator[InboundMessage]: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Reconciled:
    """`listed` by the provider; of these `taken` were unknown here, and `failed` are unknown still."""

    listed: int = 0
    taken: int = 0
    failed: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Reconciliation:
    """Asks the provider what came in, and takes what never reached us, in the order in which it was written."""

    inbound: Inbound
    provider: Listing
    sessions: Sessions
    now: Callable[[], datetime]

    def run(self, since: datetime | None = None, *, was_answered: bool = False) -> Reconciled:
        """From `since`, or for the last day. `was_answered` after a restore (Inbound.receive_late).

        Raises ProviderUnavailable and DatabaseUnavailable: run it again, what was taken is known then.
        """
        since = since or self.now() - LOOK_BACK
        listed, unknown = 0, list[InboundMessage]()
        for number in self._numbers():
            for some in _batches(self.provider.list_inbound(number, since)):
                listed += len(some)
                unknown += self._unknown(some)
        unknown.reverse()  # listed the newest first; those of one second keep their order
        unknown.sort(key=_sent_at)
        outcomes = Counter(_take(self.inbound, message, was_answered=was_answered) for message in unknown)
        done = Reconciled(listed=listed, taken=outcomes[_Outcome.TAKEN], failed=outcomes[_Outcome.FAILED])
        if unknown:
            log.warning("messages_missed", extra=asdict(done))
        return done

    def _numbers(self) -> set[str]:
        """Of rounds that take answers, or did until so lately that RADERA still works."""
        oldest = local_date(self.now()) - timedelta(days=UNDO_DAYS)
        with self.sessions.reading() as session:
            rows = rounds.list_rounds(session)
        return {row.phone_number for row in rows if row.status != "draft" and row.closes_on >= oldest}

    def _unknown(self, some: list[InboundMessage]) -> list[InboundMessage]:
        last = self.now() - QUIET
        old_enough = [m for m in some if _sent_at(m) <= last and can_answer(m)]
        if not old_enough:
            return []
        with self.sessions.reading() as session:
            known = messages.list_known(session, old_enough[0].provider, [m.provider_id for m in old_enough])
        return [message for message in old_enough if message.provider_id not in known]


def _take(inbound: Inbound, message: InboundMessage, *, was_answered: bool = False) -> _Outcome:
    """One message that we fail at must not keep back those behind it."""
    try:
        is_new = inbound.receive_late(message, was_answered=was_answered)
    except DatabaseUnavailable:
        raise
    except Exception as error:
        log.error(
            "late_message_failed",
            extra={"provider_id": message.provider_id, "error": type(error).__name__},
        )
        return _Outcome.FAILED
    return _Outcome.TAKEN if is_new else _Outcome.KNOWN


def _sent_at(message: InboundMessage) -> datetime:
    if message.sent_at is None:
        raise ValueError("a listed message has a time")
    return message.sent_at


def _batches(listed: Iterator[InboundMessage]) -> Iterator[list[InboundMessage]]:
    while some := list(islice(listed, _AT_A_TIME)):
        yield some
