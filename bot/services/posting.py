"""Replies that no response can carry: into the outbox, in the transaction of the message that they answer."""

import secrets
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.services.applying import new_id
from bot.services.arrivals import Arrival, Parts, Response
from bot.services.replies import reply_document
from flows.reading import Safeguard
from storage import conversations, outbox

AT_ONCE = timedelta(hours=1)
"""A reply to something younger comes at any hour, as replies do; to something older, only in the daytime."""
_DAY_BEGINS, _DAY_ENDS = 8, 20
_STOCKHOLM = ZoneInfo("Europe/Stockholm")
_SAFEGUARDS = frozenset(Safeguard)
PURPOSE = "outbox"
"""What numbers in the outbox are encrypted for."""


def post(parts: Parts, arrival: Arrival, response: Response, sent_at: datetime) -> None:
    """Let the reply to a message of `sent_at` leave later, instead of what waited for the same contact.

    Help for somebody in danger does not come after an hour: who finds it on the telephone then may be another.
    """
    if arrival.round is None or not response.said:
        return
    outbox.delete_messages_to(arrival.session, arrival.standing_keys)
    is_old = arrival.now - sent_at > AT_ONCE
    if is_old and any(said.key in _SAFEGUARDS for said in response.said):
        return
    outbox_id = new_id()
    outbox.add_message(
        arrival.session,
        {
            "id": outbox_id,
            "round_id": arrival.round.id,
            "conversation_id": response.conversation_id,
            "standing_key": arrival.standing_keys[0],
            "number_ciphertext": parts.keys.encrypt(
                arrival.incoming.sender, purpose=PURPOSE, nonce=secrets.token_bytes(16)
            ),
            "our_number": arrival.incoming.recipient,
            "reply": reply_document(arrival.round.id, response.flow_version_id, response.said),
            "due_at": next_daytime(arrival.now) if is_old else arrival.now,
            "created_at": arrival.now,
        },
    )
    if response.conversation_id is not None:
        conversations.update_conversation(
            arrival.session, response.conversation_id, {"unasked_id": outbox_id}
        )


def next_daytime(now: datetime) -> datetime:
    """Now, or the next eight o'clock in the morning, in Sweden."""
    local = now.astimezone(_STOCKHOLM)
    if _DAY_BEGINS <= local.hour < _DAY_ENDS:
        return now
    morning = local.replace(hour=_DAY_BEGINS, minute=0, second=0, microsecond=0)
    return morning if local.hour < _DAY_BEGINS else morning + timedelta(days=1)
