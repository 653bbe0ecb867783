"""Which round a message means, where its number has several.

A keyword decides. Without one it is for the open conversation that asked its sender last, also where that round is
closed by now: an answer never lands in another round. Who has none is in the newest round that takes answers.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from bot.channels.base import InboundMessage
from bot.services.arrivals import Parts, key_in
from flows.conversation import OPEN
from storage import conversations
from storage.database import Session
from storage.rounds import RoundRow


@dataclass(frozen=True, kw_only=True, slots=True)
class Chosen:
    """`row` is None on a number without a round. `beside`: other rounds that may know the sender still."""

    row: RoundRow | None
    takes_answers: bool
    beside: tuple[RoundRow, ...] = ()


def choose_round(
    parts: Parts, session: Session, incoming: InboundMessage, candidates: Sequence[RoundRow], today: date
) -> Chosen:
    """`candidates` the newest first. With a page there is one, which its address names."""
    if not incoming.round_code:  # a draft is there for whoever tries it
        candidates = [row for row in candidates if row.status != "draft"]
    ordered = sorted(candidates, key=lambda row: _rank(row, today))
    known = [row for row in ordered if row.wrapped_key is not None]
    row = next(iter(ordered), None)
    if len(known) > 1:
        last = _that_asked_last(session, known, lambda r: key_in(parts, r, incoming.sender))
        row = _begun_by(parts, session, incoming, known, last) or last or row
    return Chosen(
        row=row,
        takes_answers=row is not None and row.takes_answers(today),
        beside=tuple(other for other in known if other is not row),
    )


def _rank(row: RoundRow, today: date) -> int:
    """Those that take answers first, then those that are paused."""
    if row.takes_answers(today):
        return 0
    return 1 if row.is_paused(today) else 2


def _begun_by(
    parts: Parts,
    session: Session,
    incoming: InboundMessage,
    known: Sequence[RoundRow],
    last: RoundRow | None,
) -> RoundRow | None:
    """A place code alone begins nothing while a survey is under way: it may be an answer there."""
    is_answering = last is not None and last.is_under_way
    for row in known:
        beginning = parts.surveys.of(session, row).beginning(incoming.text)
        if beginning is not None and (beginning.with_keyword or not is_answering):
            return row
    return None


def _that_asked_last(
    session: Session, known: Sequence[RoundRow], key_of: Callable[[RoundRow], str | None]
) -> RoundRow | None:
    by_key = {key: row for row in known if (key := key_of(row)) is not None}
    found = conversations.find_latest_key(session, list(by_key), [status.value for status in OPEN])
    return by_key.get(found) if found else None
