"""A test conversation: the survey of a round, played with the engine and the reading of real messages, kept nowhere.

What was said so far stands in the page of whoever tries it, and is played again with each reply. Nothing of it is
written to the database, so that it can neither be counted nor needs to be deleted.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bot.services.round_changes import stored_document
from bot.services.shipped import load_player
from storage import rounds
from storage.database import Sessions
from text.sms import SmsSize, measure, swap_lookalikes

MOST_REPLIES = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A message: one's own or one of the survey's. `size` for what would be sent by SMS."""

    text: str
    is_own: bool
    size: SmsSize | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Trial:
    """How far it has come. `notes` say how the last reply was read."""

    lines: tuple[Line, ...]
    notes: tuple[str, ...]
    is_open: bool


def play(
    sessions: Sessions,
    code: str,
    said: Sequence[str],
    *,
    stream: str,
    language: str,
    channel: str,
    place_code: str = "",
    today: date,
) -> Trial | None:
    """Play it from the start with what was `said`; None where there is no such round or stream."""
    with sessions.reading() as session:
        row = rounds.get_round(session, code)
        flows = rounds.list_round_flows(session, row.id) if row else []
        flow = next((flow.document for flow in flows if flow.stream == stream), None)
        if row is None or flow is None:
            return None
        document = stored_document(session, row)
    player = load_player(flow, document, today=today)
    lines = [*_spoken(player.begin(language=language, channel=channel, place_code=place_code), channel)]
    for text in said[:MOST_REPLIES]:
        if not player.is_open:
            break
        lines.append(Line(text=text, is_own=True))
        lines += _spoken(player.say(text), channel)
    return Trial(lines=tuple(lines), notes=player.notes, is_open=player.is_open)


def _spoken(texts: Sequence[str], channel: str) -> Iterator[Line]:
    for text in texts:
        sent = swap_lookalikes(text) if channel == "sms" else text
        yield Line(text=sent, is_own=False, size=measure(sent) if channel == "sms" else None)
