"""How much may come to the web chat from one network and for one round. Never asked for what the provider brings.

Generous: a school class behind one address can answer at once. Whoever is in danger, stops or erases is heard beyond.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.services.arrivals import Arrival, Parts
from storage import limits

STARTS_OF_A_NETWORK = 120
STARTS_OF_A_ROUND = 3_000
MESSAGES_OF_A_NETWORK = 4_000
"""All of them in an hour by the clock."""
_HOUR = timedelta(hours=1)
KEPT = timedelta(days=1)


class TooMany(Exception):
    """More than anybody needs came from there. `retry_after_s` seconds on, it will be taken. Nothing was stored."""

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(f"too many; again in {retry_after_s} s")
        self.retry_after_s = retry_after_s


@dataclass(frozen=True, kw_only=True, slots=True)
class _Limit:
    of: str
    most: int


def is_too_much(parts: Parts, arrival: Arrival) -> bool:
    """Count the arrival, and say whether it is one too many. Of networks that we do not know nothing is counted."""
    day = arrival.now.date()
    by_key = {parts.keys.passing_key(limit.of, day): limit.most for limit in _limits(arrival)}
    counts = limits.count_up(arrival.session, by_key, this_hour(arrival.now))
    return any(count > by_key[key] for key, count in counts.items())


def wait_s(now: datetime) -> int:
    """Seconds until counting begins anew."""
    return int((this_hour(now) + _HOUR - now).total_seconds()) + 1


def _limits(arrival: Arrival) -> list[_Limit]:
    network, is_start = arrival.incoming.network, arrival.incoming.start is not None
    found = []
    if network and is_start:
        found.append(_Limit(of=f"starts from {network}", most=STARTS_OF_A_NETWORK))
    elif network:
        found.append(_Limit(of=f"messages from {network}", most=MESSAGES_OF_A_NETWORK))
    if is_start and arrival.round is not None:
        found.append(_Limit(of=f"starts in round {arrival.round.id}", most=STARTS_OF_A_ROUND))
    return found


def this_hour(now: datetime) -> datetime:
    """The hour by the clock that counts belong to."""
    return now.replace(minute=0, second=0, microsecond=0)
