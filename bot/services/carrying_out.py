"""What events ask for beyond the conversation: opt-outs, the feedback list, erasure."""

import secrets
from collections.abc import Sequence
from dataclasses import replace

from bot.services import applying
from bot.services.applying import new_id
from bot.services.arrivals import Arrival, Parts
from flows.events import Event, ResultsRequested, SafeguardAnswered, Said, Stopped
from storage import erasure, outbox, respondents


def carry_out(parts: Parts, arrival: Arrival, events: Sequence[Event]) -> None:
    for event in events:
        if isinstance(event, Stopped) and arrival.incoming.channel == "sms":  # nothing is ever sent to a page
            respondents.opt_out(arrival.session, arrival.standing_keys[0], at=arrival.now)
            respondents.unlist(arrival.session, arrival.standing_keys, at=arrival.now)
            outbox.delete_messages_to(arrival.session, arrival.standing_keys)
        elif isinstance(event, ResultsRequested):
            _put_on_feedback_list(parts, arrival)


def _put_on_feedback_list(parts: Parts, arrival: Arrival) -> None:
    """The number itself is kept here, encrypted, since a text will go to it; nothing leads to the answers."""
    if arrival.round is None or arrival.incoming.channel != "sms":
        return
    # Asking for a text is an opt-in to it.
    respondents.opt_in(arrival.session, arrival.standing_keys, at=arrival.now)
    if respondents.is_on_feedback_list(arrival.session, arrival.round.id, arrival.standing_keys):
        return
    respondents.add_feedback_entry(
        arrival.session,
        {
            "id": new_id(),
            "round_id": arrival.round.id,
            "standing_key": arrival.standing_keys[0],
            "number_ciphertext": parts.keys.encrypt(
                arrival.incoming.sender, purpose="feedback", nonce=secrets.token_bytes(16)
            ),
        },
    )


def erase(arrival: Arrival, said: tuple[Said, ...]) -> tuple[Said, ...]:
    """RADERA: every table, as long as the round's key can still tell whose the answers are."""
    respondents.unlist(arrival.session, arrival.standing_keys, at=arrival.now)
    outbox.delete_messages_to(arrival.session, arrival.standing_keys)
    key = arrival.contact_key
    if key and erasure.erase_contact(arrival.session, key, at=arrival.now):
        return said
    return tuple(replace(s, key="erase_confirm_none") if s.key == "erased" else s for s in said)


def note_safeguard(arrival: Arrival, event: SafeguardAnswered) -> None:
    applying.note_safeguard(
        arrival.session,
        event,
        round_id=arrival.round.id if arrival.round else None,
        channel=arrival.incoming.channel,
        now=arrival.now,
    )
