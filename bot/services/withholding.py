"""What becomes of a message that tells of danger, where the round keeps them (mode B): sealed, for its guardian alone.

In mode A nothing of this happens: the text is gone when the reply has been given.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.services.applying import new_id
from bot.services.arrivals import Arrival, Parts
from bot.services.dates import local_date
from bot.services.surveys import Survey
from flows.events import Event, SafeguardAnswered
from flows.reading import ReadMessage, Safeguard
from privacy.retention import quarantine_until
from storage import quarantine
from storage.database import Session

KEPT = frozenset(
    {Safeguard.EMERGENCY, Safeguard.CHILD, Safeguard.SUICIDE, Safeguard.DOMESTIC, Safeguard.THREAT}
)
"""Kinds whose text the guardian may read. Not a crime told (it stays among the answers, masked), not an age alone."""
_NONCE_BYTES = 16


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """Words as they were written or typed in, when, in which round and under whose key."""

    survey: Survey
    contact_key: str
    text: str
    at: datetime


def keep_for_guardian(parts: Parts, arrival: Arrival, message: ReadMessage, events: Iterable[Event]) -> None:
    """What `keep_words` does, for a message that has come in."""
    if arrival.survey is not None and arrival.contact_key is not None:
        told = Told(survey=arrival.survey, contact_key=arrival.contact_key, text=arrival.text, at=arrival.now)
        keep_words(parts, arrival.session, told, message, events)


def keep_words(
    parts: Parts, session: Session, told: Told, message: ReadMessage, events: Iterable[Event]
) -> None:
    """Keep the words as they were written, without the number, where a safeguard text was given for them.

    Only as long as the round's key lives: RADERA could not find it afterwards.
    """
    if not told.survey.keeps_alarms:
        return
    kind = next((alarm.safeguard for alarm in message.alarms if alarm.safeguard in KEPT), None)
    if kind is None or not any(isinstance(event, SafeguardAnswered) for event in events):
        return
    delete_on = quarantine_until(local_date(told.at)) + timedelta(days=1)
    if delete_on <= local_date(parts.now()):  # fetched from the provider after its time
        return
    message_id = new_id()
    quarantine.add_message(
        session,
        {
            "id": message_id,
            "round_id": told.survey.round_id,
            "kind": kind.value,
            "hour": told.at.replace(minute=0, second=0, microsecond=0),
            "delete_on": delete_on,
            "contact_key": told.contact_key,
            "sealed": parts.keys.seal_for_guardian(
                told.text, message_id=message_id, nonce=secrets.token_bytes(_NONCE_BYTES)
            ),
        },
    )
