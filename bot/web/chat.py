"""The web chat as pages that need no script: one question a page, one form, one message. Knows Flask, not storage.

No cookie, and nothing else is kept in the browser: the token travels in the form.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from flask import Blueprint, Response, abort, make_response, render_template, request, url_for

from bot.channels import webchat
from bot.channels.webchat import Action, Form
from bot.services.inbound import Inbound
from bot.services.viewing import find_open_round, look
from bot.web import chat_page
from bot.web.chat_page import Heard
from bot.web.errors import note_unavailable
from bot.web.security import is_from_another_site
from bot.web.statics import finish, static_url
from flows.conversation import Position, Status
from flows.model import Kind
from storage.database import DatabaseUnavailable

_FIELDS = ("token", "message_id", "question", "language", "place_code", "action", "text", "choice")
_WITHOUT_ANSWERS = frozenset({Status.ERASED, Status.UNDER_AGE})


class _Place(NamedTuple):
    """Where in the address a chat is."""

    round_code: str
    stream: str


def make_blueprint(inbound: Inbound, public_url: str) -> Blueprint:
    """Routes /chat/ROUND/STREAM, open to all: a page to begin on, and the forms that follow."""
    blueprint = Blueprint("chat", __name__, template_folder="templates", static_folder="static")
    blueprint.after_request(finish)

    @blueprint.before_request
    def refuse_other_sites() -> None:
        if request.method == "POST" and is_from_another_site(request, public_url):
            abort(403)

    @blueprint.get("/chat/<round_code>/<stream>")
    def start(round_code: str, stream: str) -> Response:
        return _start_page(inbound, _Place(round_code, stream))

    @blueprint.post("/chat/<round_code>/<stream>")
    def answer(round_code: str, stream: str) -> Response:
        form = webchat.parse(dict(request.form.lists()))
        take = _begin if form.action is Action.START else _answer
        return take(inbound, _Place(round_code, stream), form)

    @blueprint.errorhandler(DatabaseUnavailable)
    def unavailable(error: DatabaseUnavailable) -> Response:
        note_unavailable(error)
        return _try_again_page(_Place(**(request.view_args or {})))

    return blueprint


# --- forms -----------------------------------------------------------------------------------------------------


def _begin(inbound: Inbound, place: _Place, form: Form) -> Response:
    """Start is what a keyword is in a text, and at once the yes to whether to begin."""
    found = find_open_round(inbound.parts, place.round_code)
    flow = found.flows.get(place.stream) if found else None
    if flow is None:
        return _gone_page(place, form.language)
    reply = inbound.receive(webchat.start_message(form, round_code=place.round_code, stream=place.stream))
    first = flow.questions[0]
    if first.kind is Kind.CONSENT:
        shown = Position(first.name, 0)
        reply = inbound.receive(webchat.consent_message(form, round_code=place.round_code, shown=shown))
    return _conversation_page(inbound, place, form, webchat.begun_with(form), chat_page.heard(reply))


def _answer(inbound: Inbound, place: _Place, form: Form) -> Response:
    """Take the form as a message, and show where the conversation stands then."""
    if form.action is Action.ANSWER and not form.words:
        heard = Heard(is_empty=True)
    else:
        heard = chat_page.heard(inbound.receive(webchat.message(form, round_code=place.round_code)))
    return _conversation_page(inbound, place, form, form.token, heard)


# --- pages -----------------------------------------------------------------------------------------------------


def _start_page(inbound: Inbound, place: _Place) -> Response:
    found = find_open_round(inbound.parts, place.round_code)
    flow = found.flows.get(place.stream) if found else None
    if found is None or flow is None:
        return _gone_page(place, _wanted_language(chat_page.LANGUAGES))
    language = _wanted_language(flow.languages)
    return _page(
        "chat_start.html",
        place,
        language,
        found.values,
        blocks=chat_page.start_blocks(flow, language, found.values),
        script_words=chat_page.script_words(flow),
        place_code=request.args.get("p", ""),
    )


def _conversation_page(inbound: Inbound, place: _Place, form: Form, token: str, heard: Heard) -> Response:
    """The question that waits, a safeguard's words while the survey waits, or the end."""
    found = find_open_round(inbound.parts, place.round_code)
    view = look(inbound.parts, place.round_code, webchat.sender(token)) if token else None
    language = view.language if view else form.language
    values = found.values if found else {}
    standing: dict[str, Any] = {
        "token": token,
        "heard": heard,
        "view": view,
        "may_erase": view is not None and view.status not in _WITHOUT_ANSWERS,
    }
    if (found is None or view is None) and not heard.has_words:
        return _gone_page(place, language, is_expired=found is not None, **standing)
    if found is None or view is None or view.at is None or view.question is None:
        heading = chat_page.end_heading(heard, view)
        return _page("chat_end.html", place, language, values, heading=heading, **standing)
    asked = chat_page.asked(view, view.at, view.question, form, heard, values)
    template = "chat_waiting.html" if view.status is Status.WAITING else "chat_question.html"
    return _page(template, place, language, values, asked=asked, **standing)


def _gone_page(place: _Place, language: str, *, is_expired: bool = False, **standing: Any) -> Response:
    """No such round, not open, or a token that nobody knows. Nothing tells these apart but what the address says."""
    return _page("chat_gone.html", place, language, {}, status=404, is_expired=is_expired, **standing)


def _try_again_page(place: _Place) -> Response:
    """Nothing could be stored. The same form once more, so that it stays one message."""
    language = request.form.get("language", "") or _wanted_language(chat_page.LANGUAGES)
    fields = [(name, value) for name in _FIELDS for value in request.form.getlist(name)]
    typed = request.form.get("text", "")
    return _page("chat_unavailable.html", place, language, {}, status=503, fields=fields, typed=typed)


def _page(
    template: str,
    place: _Place,
    language: str,
    values: Mapping[str, str],
    *,
    status: int = 200,
    **context: Any,
) -> Response:
    is_framed = "frame" in request.args
    body = render_template(
        template,
        address=url_for("chat.answer", **place._asdict(), frame=1 if is_framed else None),
        is_framed=is_framed,
        place=place,
        static_url=static_url,
        language=language,
        direction=chat_page.direction(language),
        words=chat_page.words(language),
        values=values,
        message_id=webchat.new_message_id(),
        language_names=webchat.LANGUAGE_NAMES,
        **context,
    )
    return make_response(body, status)


def _wanted_language(offered: Sequence[str]) -> str:
    """As the address says, else as the browser says, else the first."""
    asked_for = request.args.get("lang", "")
    if asked_for in offered:
        return asked_for
    return request.accept_languages.best_match(offered) or offered[0]
