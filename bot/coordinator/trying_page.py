"""A test conversation in the page: typed replies go through the same engine as residents' and are kept nowhere."""

from collections.abc import Callable

from flask import Response, abort, flash, redirect, request, url_for

from bot.coordinator.access import COORDINATORS, Pages
from bot.coordinator.desk import desk
from bot.coordinator.pages import language_here, page, typed
from bot.coordinator.pages import say as tell
from bot.coordinator.people_here import actor
from bot.coordinator.refusals import sentence_of
from bot.services.errors import Refused
from bot.services.round_facts import find_facts
from bot.services.trying import MOST_REPLIES, play

Chosen = Callable[[str], str | None]
"""What was chosen, by the name of the field."""
_CHANNELS = ("sms", "chat")
_LONGEST = 1600


pages = Pages("trying", __name__)


@pages.page("/rounds/<code>/try", access=COORDINATORS)
def show(code: str) -> Response:
    return _page(code, said=[], chosen=request.args.get)


@pages.deed("/rounds/<code>/try", access=COORDINATORS)
def say(code: str) -> Response:
    """Changes nothing: what was said so far comes with the form."""
    said = [text[:_LONGEST] for text in request.form.getlist("said")][:MOST_REPLIES]
    if "back" in request.form:
        said = said[:-1]
    elif text := typed("text", _LONGEST):
        said.append(text)
    return _page(code, said=said, chosen=request.form.get)


@pages.deed("/rounds/<code>/try/phone", access=COORDINATORS)
def begin_by_phone(code: str) -> Response:
    facts = find_facts(desk().sessions, code) or abort(404)
    stream = typed("stream")
    if stream not in facts.streams or typed("language") not in facts.streams[stream]:
        abort(400)
    try:
        desk().phone_trials(actor()).begin(code, stream=stream, language=typed("language"))
    except Refused as refused:
        flash(sentence_of(refused, language_here()), "wrong")
    return _to_phone(code)


@pages.deed("/rounds/<code>/try/phone/end", access=COORDINATORS)
def end_by_phone(code: str) -> Response:
    try:
        desk().phone_trials(actor()).end(code)
    except Refused:
        abort(404)
    tell("phone_ended", of="trying")
    return _to_phone(code)


def _to_phone(code: str) -> Response:
    return redirect(url_for("trying.show", code=code, _anchor="phone"), 303)  # type: ignore[return-value]


def _page(code: str, *, said: list[str], chosen: Chosen) -> Response:
    facts = find_facts(desk().sessions, code) or abort(404)
    streams = facts.streams
    stream = chosen("stream") or ""
    stream = stream if stream in streams else "residents" if "residents" in streams else next(iter(streams))
    wanted = chosen("language") or language_here()
    language = wanted if wanted in streams[stream] else streams[stream][0]
    channel = chosen("channel") or "sms"
    channel = channel if channel in _CHANNELS else "sms"
    trial = play(
        desk().sessions, code, said, stream=stream, language=language, channel=channel, today=desk().today
    )
    return page(
        "try.html",
        of="trying",
        facts=facts,
        row=facts.row,
        trial=trial,
        phones=desk().phone_trials(actor()).list(code),
        said=said,
        chosen={"stream": stream, "language": language, "channel": channel},
        channels=_CHANNELS,
    )
