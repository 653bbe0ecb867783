"""One message in, its reply out: the transaction that all channels share.

A second delivery gets the stored reply and changes nothing. Messages of one contact are taken one at a time.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.channels.base import DeliveryReport, InboundMessage, OptSignal
from bot.channels.numbers import is_phone_number
from bot.services.arrivals import Arrival, Parts, Response, is_staff_answering, key_in
from bot.services.choosing import choose_round
from bot.services.conversing import obey_beside, respond, respond_if_urgent
from bot.services.dates import local_date
from bot.services.limiting import TooMany, is_too_much, wait_s
from bot.services.phone_trials import find_tested, respond_to_trial
from bot.services.posting import post
from bot.services.replies import reply_document, said_in, stored_texts, texts
from flows.events import Said
from storage import ledger, looking_back, messages, outbox, respondents
from storage.database import Session
from storage.looking_back import LookBack
from storage.rounds import RoundRow

log = logging.getLogger("lyhord.inbound")

MOST_MESSAGES_AN_HOUR = 30
"""From one number. A machine that answers a machine would otherwise never end."""
MOST_FROM_STAFF_AN_HOUR = 400
"""From a number that is noting a meeting or answering as an employee: eight messages a point, and many points.
From a page too, where each button is a message: more is refused there (bot.services.limiting)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """What the respondent is given, in order; empty where silence is right."""

    texts: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    """What each text is (flows.events.Said.key): a page puts questions, errors and safeguards in their places."""
    is_left_behind: bool = False
    """The page showed a question that is asked no more: nothing was stored."""
    is_repeated: bool = False
    """The message had come before: this is its first answer again."""
    is_held_back: bool = False
    """Its sender has written too much for a person: only stop, erase and danger were answered, if anything."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Inbound:
    """Takes messages. Built once by bot.wiring; holds no state but caches."""

    parts: Parts

    def receive(self, incoming: InboundMessage) -> Reply:
        """Store the message and what follows from it in one transaction, and return the reply.

        Raises storage.database.DatabaseUnavailable where nothing could be stored: the provider may try again.
        """
        if incoming.channel == "sms" and not can_answer(incoming):
            log.info("sender_ignored", extra={"provider_id": incoming.provider_id})
            return Reply()
        keys = self.parts.keys.standing_keys(incoming.sender)
        return self.parts.sessions.run(lambda session: self._take(session, incoming, keys), contact=keys[0])

    def _take(self, session: Session, incoming: InboundMessage, keys: tuple[str, ...]) -> Reply:
        now = self.parts.now()
        before = _look_back(session, incoming, keys, now)
        if before.known is not None:
            return self._stored_reply(session, incoming, before.known.reply)
        is_bearable = before.lately < MOST_FROM_STAFF_AN_HOUR
        tried = self._tried(session, incoming, keys, before.rounds, now=now) if is_bearable else None
        if tried is not None:
            return tried
        arrival, beside = self._arrivals(session, incoming, keys, before.rounds, now=now)
        response = obey_beside(self.parts, beside, self._respond(arrival, before.lately))
        if response.is_left_behind:
            return Reply(is_left_behind=True)
        return self._keep(arrival, response)

    def receive_late(self, incoming: InboundMessage, *, was_answered: bool = False) -> bool:
        """Take a message that comes to us after its time, from the spool or the provider's list. False if it is known.

        What is said to it goes into the outbox, for there is no response to carry it. `was_answered`: it is taken a
        second time, after a restore: in its own time, and nothing is said. Raises DatabaseUnavailable as `receive`.
        """
        sent_at = incoming.sent_at
        if sent_at is None:
            raise ValueError("a late message has a time")
        if not can_answer(incoming):
            return False
        keys = self.parts.keys.standing_keys(incoming.sender)
        with self.parts.sessions.begin(contact=keys[0]) as session:
            now = sent_at if was_answered else self.parts.now()
            before = _look_back(session, incoming, keys, now)
            if before.known is not None:
                return False
            if self._tried(session, incoming, keys, before.rounds, now=now) is not None:
                return True  # whoever tries it sees that no reply came
            if was_answered:  # what it answered had been asked
                incoming = replace(incoming, sent_at=None)
            arrival, beside = self._arrivals(session, incoming, keys, before.rounds, now=now)
            is_erased = was_answered and _was_erased_since(arrival, sent_at)
            response = Response() if is_erased else self._respond(arrival, before.lately)
            response = obey_beside(self.parts, beside, response)
            self._add_message(arrival, response, said=())  # a late webhook of it is answered with silence
            if not was_answered:
                post(self.parts, arrival, response, sent_at)
        return True

    def note_delivery(self, report: DeliveryReport) -> None:
        """Move a delivery forward; a number that its owner has blocked counts as opted out."""
        now = self.parts.now()
        with self.parts.sessions.begin() as session:
            messages.update_delivery(
                session,
                provider=report.provider,
                provider_id=report.provider_id,
                state=report.state.value,
                error_code=report.error_code,
                at=now,
            )
            if report.outbox_id is not None:
                outbox.mark_sent(session, report.outbox_id, now)
            if report.recipient_opted_out:
                respondents.opt_out(session, self.parts.keys.standing_keys(report.recipient)[0], at=now)

    def _tried(
        self,
        session: Session,
        incoming: InboundMessage,
        keys: tuple[str, ...],
        candidates: tuple[RoundRow, ...],
        *,
        now: datetime,
    ) -> Reply | None:
        """The reply of a test conversation; None where the sender is in none, as nearly everybody."""
        row = find_tested(candidates, incoming, now)
        if row is None:
            return None
        arrival = self._arrival_in(session, incoming, keys, row, now=now, is_open=False)
        response = respond_to_trial(self.parts, arrival)
        return None if response is None else self._keep(arrival, response)

    def _arrivals(
        self,
        session: Session,
        incoming: InboundMessage,
        keys: tuple[str, ...],
        candidates: tuple[RoundRow, ...],
        *,
        now: datetime,
    ) -> tuple[Arrival, tuple[Arrival, ...]]:
        """In the round that it means, and in others on the number, where orders are obeyed too."""
        today = local_date(now)
        chosen = choose_round(self.parts, session, incoming, candidates, today)

        def arrival_in(row: RoundRow | None, is_open: bool) -> Arrival:
            return self._arrival_in(session, incoming, keys, row, now=now, is_open=is_open)

        beside = tuple(arrival_in(row, row.takes_answers(today)) for row in chosen.beside)
        return arrival_in(chosen.row, chosen.takes_answers), beside

    def _arrival_in(
        self,
        session: Session,
        incoming: InboundMessage,
        keys: tuple[str, ...],
        row: RoundRow | None,
        *,
        now: datetime,
        is_open: bool,
    ) -> Arrival:
        return Arrival(
            session=session,
            incoming=incoming,
            now=now,
            moved_at=now,
            standing_keys=keys,
            round=row,
            survey=self.parts.surveys.of(session, row) if row else None,
            is_open=is_open,
            contact_key=key_in(self.parts, row, incoming.sender),
        )

    def _respond(self, arrival: Arrival, count: int) -> Response:
        """What the message means, unless its sender has written too much for a person: `count` in the last hour.

        Raises TooMany to a page.
        """
        if arrival.incoming.channel != "sms":
            return self._respond_to_page(arrival, count)
        if count < MOST_MESSAGES_AN_HOUR:
            return respond(self.parts, arrival)
        if count < MOST_FROM_STAFF_AN_HOUR:
            if is_staff_answering(arrival):
                return respond(self.parts, arrival)
            log.warning("loop_guard", extra={"provider_id": arrival.incoming.provider_id})
            return replace(respond_if_urgent(self.parts, arrival), is_held_back=True)
        log.warning("loop_guard", extra={"provider_id": arrival.incoming.provider_id})
        return Response(is_held_back=True)  # an echo of a safeguard text would fire it again, for ever

    def _respond_to_page(self, arrival: Arrival, count: int) -> Response:
        """No machine answers a machine here, so danger, stop and erase are heard however much has come."""
        if count < MOST_FROM_STAFF_AN_HOUR and not is_too_much(self.parts, arrival):
            return respond(self.parts, arrival)
        response = respond_if_urgent(self.parts, arrival)
        if not response.said:
            log.warning("too_many", extra={"round": arrival.incoming.round_code})
            raise TooMany(wait_s(arrival.now))
        return replace(response, is_held_back=True)

    def _keep(self, arrival: Arrival, response: Response) -> Reply:
        """Remember the message with its reply, and say that."""
        incoming = arrival.incoming
        silent = incoming.opt_signal is not OptSignal.NONE  # the provider has answered already
        said = () if silent else response.said
        self._add_message(arrival, response, said)
        words = texts(
            self.parts, arrival.session, arrival.survey, response.flow_version_id, said, incoming.channel
        )
        return Reply(texts=words, keys=tuple(s.key for s in said), is_held_back=response.is_held_back)

    def _add_message(self, arrival: Arrival, response: Response, said: tuple[Said, ...]) -> None:
        """Its provider's id, with the keys of what was answered, never its words."""
        incoming, round_id = arrival.incoming, arrival.round.id if arrival.round else None
        messages.add_message(
            arrival.session,
            {
                "provider": incoming.provider,
                "provider_id": incoming.provider_id,
                "round_id": round_id,
                "conversation_id": response.conversation_id,
                "sender_key": arrival.standing_keys[0],
                "received_at": arrival.now,
                "reply": reply_document(round_id, response.flow_version_id, said) if said else None,
            },
        )

    def _stored_reply(
        self, session: Session, incoming: InboundMessage, document: Mapping[str, Any] | None
    ) -> Reply:
        """The same reply again, or silence once it has been forgotten."""
        if document is None:
            return Reply(is_repeated=True)
        words = stored_texts(self.parts, session, document, incoming.channel)
        return Reply(texts=words, keys=tuple(s.key for s in said_in(document)), is_repeated=True)


def _look_back(session: Session, incoming: InboundMessage, keys: tuple[str, ...], now: datetime) -> LookBack:
    return looking_back.look_back(
        session,
        provider=incoming.provider,
        provider_id=incoming.provider_id,
        sender_key=keys[0],
        since=now - timedelta(hours=1),
        recipient=incoming.recipient,
        round_code=incoming.round_code,
    )


def can_answer(incoming: InboundMessage) -> bool:
    """Not for a sender name, a short code or our own number: machines, and a reply would begin a loop."""
    return is_phone_number(incoming.sender) and incoming.sender != incoming.recipient


def _was_erased_since(arrival: Arrival, sent_at: datetime) -> bool:
    """What led to answers that are erased now would stand in the inbox, for want of its conversation."""
    key = arrival.contact_key
    return key is not None and ledger.was_erased_since(arrival.session, key, sent_at)
