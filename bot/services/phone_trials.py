"""Trying a survey by SMS with one's own telephone, so that it is never counted.

A telephone is marked by a word that the console shows: from then on, for an hour, what it texts to the round's number
goes to its test conversation and nowhere else. That stands in a table which nothing that counts reads; answers,
codings, marks, inbox and opt-outs are not reached. Of each message its provider's id is kept, as of all messages, so
that it is not fetched later as one that was missed. STOP that the provider itself has obeyed takes its ordinary way.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.channels.base import InboundMessage, OptSignal
from bot.services.arrivals import Arrival, Parts, Response, dated
from bot.services.reading import CodedMessage
from bot.services.rounds import RoundRefused, get_existing
from flows import engine
from flows.conversation import Conversation, from_json, to_json
from flows.events import Turn
from flows.model import Flow
from storage import audit, phone_trials, rounds
from storage.database import Session, Sessions
from storage.phone_trials import TrialRow
from storage.rounds import RoundRow

LASTS = timedelta(hours=1)
_WORD, _DIGITS = "PROV", 6


@dataclass(frozen=True, kw_only=True, slots=True)
class PhoneTrials:
    """What a coordinator does with test conversations by SMS. Each deed has a line in the audit log."""

    sessions: Sessions
    now: Callable[[], datetime]
    actor: str

    def list(self, code: str) -> tuple[TrialRow, ...]:
        """Those that last still, the latest first. Raises RoundRefused."""
        with self.sessions.reading() as session:
            return tuple(phone_trials.list_trials(session, get_existing(session, code).id, self.now()))

    def begin(self, code: str, *, stream: str, language: str) -> str:
        """The word that a telephone texts to be marked. Raises RoundRefused for a round that is closed."""
        now = self.now()
        word = f"{_WORD}{secrets.randbelow(10**_DIGITS):0{_DIGITS}}"
        with self.sessions.begin() as session:
            row = get_existing(session, code)
            if row.status == "closed":
                raise RoundRefused(f"round {code} is closed: nothing is asked any more")
            phone_trials.delete_expired_trials(session, now)
            values = {"round_id": row.id, "word": word, "stream": stream, "language": language}
            phone_trials.add_trial(session, {**values, "expires_at": now + LASTS})
            rounds.update_round(session, row.id, {"tested_until": now + LASTS})
            self._log(session, "phone_trial_begun", row.id)
        return word

    def end(self, code: str) -> None:
        """Delete every test conversation of the round; its telephones are like any other again."""
        with self.sessions.begin() as session:
            row = get_existing(session, code)
            phone_trials.delete_trials_of_round(session, row.id)
            rounds.update_round(session, row.id, {"tested_until": None})
            self._log(session, "phone_trials_ended", row.id)

    def _log(self, session: Session, action: str, round_id: int) -> None:
        audit.add_audit_entry(session, actor=self.actor, action=action, round_id=round_id, at=self.now())


def find_tested(candidates: tuple[RoundRow, ...], incoming: InboundMessage, now: datetime) -> RoundRow | None:
    """The round on the number that a telephone may be trying now."""
    if incoming.channel != "sms" or incoming.opt_signal is not OptSignal.NONE:
        return None
    return next((row for row in candidates if row.tested_until and now < row.tested_until), None)


def respond_to_trial(parts: Parts, arrival: Arrival) -> Response | None:
    """What is said in the telephone's test conversation; None where it has none. `arrival` is in the tested round."""
    if arrival.round is None or arrival.survey is None:
        return None
    word = "".join(arrival.text.split()).upper()
    trial = phone_trials.get_trial(
        arrival.session, arrival.round.id, arrival.standing_keys, word, arrival.now
    )
    version = arrival.survey.versions.get(trial.stream) if trial else None
    if trial is None or version is None:
        return None
    flow = arrival.survey.flows[version]
    state = from_json(dict(trial.state)) if trial.state else None
    if state is None or trial.word == word:
        given = {**arrival.survey.given, "place_code": ""}
        turn = engine.start(flow, language=trial.language, channel="sms", given=given)
    elif state.is_open:
        turn = _resume(parts, arrival, flow, state)
    else:
        return Response()  # it is over; the telephone stays marked until its hour is
    phone_trials.update_trial(
        arrival.session, trial.id, sender_key=arrival.standing_keys[0], state=to_json(turn.conversation)
    )
    return Response(said=dated(arrival, turn.said), flow_version_id=version)


def _resume(parts: Parts, arrival: Arrival, flow: Flow, state: Conversation) -> Turn:
    question = flow.question(state.at.question) if state.at else None
    message = parts.reader.read(arrival.text, language=state.language, question=question)
    coded = CodedMessage(message=message)
    if question is not None and message.command is None and arrival.survey is not None:
        coded = parts.reader.code(message, question, arrival.survey.places)
    return engine.resume(flow, state, coded.message, reader=parts.replies, this_year=arrival.today.year)
