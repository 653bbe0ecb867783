"""What was said, as it is stored (keys and values, never words), and the words of it again."""

from collections.abc import Mapping
from typing import Any

from bot.services.arrivals import Parts
from bot.services.surveys import Survey
from flows.events import Said
from flows.wording import render, with_more
from storage import rounds
from storage.database import Session
from text.sms import swap_lookalikes


def reply_document(
    round_id: int | None, flow_version_id: int | None, said: tuple[Said, ...]
) -> dict[str, Any]:
    """The form in which a reply is stored."""
    return {
        "round": round_id,
        "flow_version": flow_version_id,
        "said": [{"key": s.key, "language": s.language, "values": dict(s.values)} for s in said],
    }


def said_in(document: Mapping[str, Any]) -> tuple[Said, ...]:
    """What a stored reply said."""
    return tuple(Said(**said) for said in document["said"])


def stored_texts(
    parts: Parts, session: Session, document: Mapping[str, Any], channel: str
) -> tuple[str, ...]:
    """The words of a stored reply."""
    row = rounds.get_round_by_id(session, document["round"]) if document["round"] else None
    survey = parts.surveys.of(session, row) if row else None
    return texts(parts, session, survey, document["flow_version"], said_in(document), channel)


def texts(
    parts: Parts,
    session: Session,
    survey: Survey | None,
    flow_version_id: int | None,
    said: tuple[Said, ...],
    channel: str,
) -> tuple[str, ...]:
    """The words of what is said, in order, with the round's values in their places."""
    flow = None
    if survey is not None and flow_version_id is not None:
        flow = parts.surveys.flow(session, survey, flow_version_id)
    values = survey.values if survey else {}
    known = parts.texts if survey is None or flow is not None else with_more(parts.texts, survey.texts)
    words = (render(s, flow=flow, texts=known, values=values, channel=channel) for s in said)
    return tuple(swap_lookalikes(text) for text in words) if channel == "sms" else tuple(words)
