"""What a coordinator sees of a round at a glance."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.channels.numbers import to_readable
from bot.services.number_words import list_shared_words
from bot.services.round_documents import missing_legal_fields
from bot.services.surveys import load_published
from storage import conversations, rounds
from storage.database import Sessions
from storage.rounds import AreaRow, RoundRow


@dataclass(frozen=True, kw_only=True, slots=True)
class RoundAtAGlance:
    """`streams` and their languages as offered; `started` and `finished` count conversations now."""

    row: RoundRow
    document: Mapping[str, Any]
    number: str
    """As people read it."""
    streams: Mapping[str, tuple[str, ...]]
    areas: int
    places: int
    codes: int
    started: int
    finished: int
    missing_legal: tuple[str, ...]
    """Legal fields without which it opens in demonstration only."""
    open_on_number: str
    """Code of another round that takes answers on the same number and begins with the same words; else empty."""


def find_row(sessions: Sessions, code: str) -> RoundRow | None:
    """The round alone."""
    with sessions.reading() as session:
        return rounds.get_round(session, code)


def list_round_areas(sessions: Sessions, code: str) -> tuple[RoundRow, list[AreaRow]] | None:
    """The round and the areas that it asks about; None where there is no such round."""
    with sessions.reading() as session:
        row = rounds.get_round(session, code)
        return (row, rounds.list_round_areas(session, row.id)) if row else None


def find_facts(sessions: Sessions, code: str) -> RoundAtAGlance | None:
    """None where there is no such round."""
    with sessions.reading() as session:
        row = rounds.get_round(session, code)
        if row is None:
            return None
        document = rounds.get_round_document(session, row.id)
        counts = conversations.count_by_round(session).get(row.id)
        flows = rounds.list_round_flows(session, row.id)
        return RoundAtAGlance(
            row=row,
            document=document,
            number=to_readable(row.phone_number),
            streams={flow.stream: _languages(flow.document) for flow in flows},
            areas=len(rounds.list_round_areas(session, row.id)),
            places=len(rounds.list_round_places(session, row.id)),
            codes=len(rounds.list_place_codes(session, row.id)),
            started=counts.started if counts else 0,
            finished=counts.finished if counts else 0,
            missing_legal=missing_legal_fields(document),
            open_on_number=next(iter(list_shared_words(session, row)), ""),
        )


def _languages(document: Mapping[str, Any]) -> tuple[str, ...]:
    return load_published(document).languages
