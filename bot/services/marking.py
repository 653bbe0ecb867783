"""Which conversations may be no person's own. They are marked and counted apart, never refused and never deleted."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby

from storage import marks
from storage.database import Sessions
from storage.marks import RepeatedText

QUICKEST = timedelta(seconds=40)
"""No person reads and answers a survey on a page faster than this."""
WITHIN = timedelta(hours=1)
SAME_TEXTS = 3
SHORTEST_TEXT = 15
"""Shorter answers are the same by themselves: "mörkt i backen"."""
_LOOKING_BACK = timedelta(days=2)
_AT_A_TIME = 500


class Mark(StrEnum):
    """Why a conversation is marked."""

    NONE = ""
    MACHINE = "machine"  # too quick for a person, or it filled in what no person sees
    BURST = "burst"  # the same words in several conversations within an hour


def is_too_quick(begun_at: datetime, finished_at: datetime) -> bool:
    return finished_at - begun_at < QUICKEST


def mark_bursts(sessions: Sessions, now: datetime) -> int:
    """Mark conversations whose words came in several within an hour. Returns how many were new.

    Reads for itself, so that no message waits for it.
    """
    with sessions.reading() as session:
        rows = marks.list_repeated_texts(
            session, since=now - _LOOKING_BACK, characters=SHORTEST_TEXT, times=SAME_TEXTS
        )
        found = sorted(set(in_bursts(rows)))
    marked = 0
    for start in range(0, len(found), _AT_A_TIME):
        with sessions.begin() as session:
            marked += marks.mark_conversations(session, found[start : start + _AT_A_TIME], Mark.BURST.value)
    return marked


def in_bursts(rows: Iterable[RepeatedText]) -> Iterator[int]:
    """Ids of the conversations that stand in a burst. `rows` by round and text, in the order in which they began."""
    for _, group in groupby(rows, key=lambda row: (row.round_id, row.text)):
        same = list(group)
        for start, last in enumerate(same[SAME_TEXTS - 1 :]):
            if last.started_at - same[start].started_at <= WITHIN:
                yield from (row.conversation_id for row in same[start : start + SAME_TEXTS])
