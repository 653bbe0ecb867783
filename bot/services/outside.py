"""A message outside any survey: stop, erase, safeguards and information; else a fixed text, and the inbox."""

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

from bot.services.applying import new_id
from bot.services.arrivals import Arrival, Parts, Response, Standing, dated, language_of, with_signal
from bot.services.carrying_out import carry_out, erase, note_safeguard
from bot.services.withholding import keep_for_guardian
from flows import engine
from flows.events import EraseRequested, SafeguardAnswered, Said
from flows.reading import ReadMessage
from privacy.retention import INBOX_DAYS
from storage import messages, respondents

_NEED_A_ROUND = frozenset(
    {"unknown_message", "closed", "help", "who_are_we", "results", "stopped", "language_not_offered"}
)
"""Texts with the round's values in them: on a number without a round they cannot be said."""


def respond_outside(parts: Parts, arrival: Arrival, standing: Standing | None) -> Response:
    """No survey is under way here: stop, erase, safeguards and information; else a fixed text and the inbox."""
    language = standing.state.language if standing else language_of(parts, arrival)
    offered = standing.flow.languages if standing else _offered(parts, arrival)
    message = with_signal(parts.reader.read(arrival.text, language=language), arrival.incoming.opt_signal)
    events = engine.answer_outside(message, language=language, offered=offered)
    said = tuple(event for event in events if isinstance(event, Said))
    if any(isinstance(event, EraseRequested) for event in events):
        return Response(said=erase(arrival, said))
    carry_out(parts, arrival, events)
    keep_for_guardian(parts, arrival, message, events)
    for event in events:
        if isinstance(event, SafeguardAnswered):
            note_safeguard(arrival, event)
    if [s.key for s in said] == ["unknown_message"]:
        keep_in_inbox(arrival, message)
        said = _fixed_text(arrival, standing, language)
    if arrival.round is None:
        said = tuple(replace(s, key="no_open_round") if s.key in _NEED_A_ROUND else s for s in said)
    return Response(said=dated(arrival, said))


def _offered(parts: Parts, arrival: Arrival) -> Collection[str]:
    """Languages of the round's surveys; without a round, those of the texts that can be said."""
    if arrival.survey is None:
        return parts.texts["no_open_round"].keys()
    return next(iter(arrival.survey.flows.values())).languages


def _fixed_text(arrival: Arrival, standing: Standing | None, language: str) -> tuple[Said, ...]:
    """Who said STOP is given none."""
    if respondents.has_opted_out(arrival.session, arrival.standing_keys):
        return ()
    if arrival.incoming.has_media and not arrival.text.strip():
        return (Said(key="only_text", language=language),)
    if arrival.is_open:
        return (Said(key="unknown_message", language=language),)
    if arrival.round is not None and arrival.round.is_paused(arrival.today):
        return (Said(key="paused", language=language),)
    has_answers = standing is not None and standing.state.answers
    return (Said(key="closed_erasable" if has_answers else "closed", language=language),)


def keep_in_inbox(arrival: Arrival, message: ReadMessage) -> None:
    """For a person to read, redacted, until a set date."""
    if not message.text.strip():
        return
    messages.add_inbox_message(
        arrival.session,
        {
            "id": new_id(),
            "round_id": arrival.round.id if arrival.round else None,
            "received_on": arrival.today,
            "delete_on": arrival.today + timedelta(days=INBOX_DAYS),
            "text": message.text,
        },
    )
