"""The web chat as pages that need no script: one question a page, one form, one message. Knows Flask, not storage.

No cookie, and nothing else is kept in the browser: the token travels in the form.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, abort, make_response, render_template, request, url_for

from bot.channels import webchat
from bot.channels.webchat import Action, Form
from bot.services.inbound import Inbound
from bot.services.internal_links import STREAM as BY_CODE
from bot.services.internal_links import is_offered
from bot.services.limiting import TooMany
from bot.services.viewing import find_open_round, list_sites
from bot.serving import security
from bot.serving.faults import note_unavailable
from bot.serving.network import network_of
from bot.serving.security import is_from_another_site
from bot.web import chat_page, chat_turn, statics
from bot.web.chat_turn import NotAdmitted, Place, Shown, place_in
from bot.web.words import LANGUAGES
from flows.conversation import Status
from flows.model import Flow
from storage.database import DatabaseUnavailable

_FRAMABLE = frozenset({"chat.start", "chat.answer"})
_FIELDS = (
    "token",
    "message_id",
    "question",
    "language",
    "place_code",
    "internal_code",
    "action",
    "text",
    "choice",
)


def make_blueprint(inbound: Inbound, public_url: str) -> Blueprint:
    """Routes /chat/ROUND/STREAM, open to all: a page to begin on, and the forms that follow."""
    blueprint = Blueprint("chat", __name__, template_folder="templates")
    statics.serve(blueprint)

    @blueprint.before_request
    def refuse_other_sites() -> None:
        if request.method == "POST" and is_from_another_site(request, public_url):
            abort(403)

    @blueprint.get("/chat/<round_code>/<stream>")
    def start(round_code: str, stream: str) -> Response:
        return _start_page(inbound, place_in(round_code, stream))

    @blueprint.post("/chat/<round_code>/<stream>")
    def answer(round_code: str, stream: str) -> Response:
        place = place_in(round_code, stream)
        form = webchat.parse(dict(request.form.lists()), network=network_of(request))
        if form.action is not Action.START:
            return _conversation_page(inbound, place, chat_turn.answer(inbound, place, form))
        return _begun_page(inbound, place, form)

    @blueprint.after_request
    def let_the_rounds_sites_frame(response: Response) -> Response:
        if request.endpoint in _FRAMABLE:
            security.let_frame(response, _sites(inbound, **(request.view_args or {})))
        return response

    @blueprint.errorhandler(DatabaseUnavailable)
    def unavailable(error: DatabaseUnavailable) -> Response:
        note_unavailable(error)
        return _try_again_page(place_in(**(request.view_args or {})), None)

    @blueprint.errorhandler(TooMany)
    def too_many(error: TooMany) -> Response:
        place = place_in(**(request.view_args or {}))
        response = _try_again_page(place, _flow(inbound, place), status=429, reason="too_many")
        response.headers["Retry-After"] = str(error.retry_after_s)
        return response

    return blueprint


def _sites(inbound: Inbound, round_code: str, stream: str) -> Sequence[str]:
    try:
        return list_sites(inbound.parts, place_in(round_code, stream).round_code)
    except DatabaseUnavailable:
        return ()


# --- pages -----------------------------------------------------------------------------------------------------


def _start_page(inbound: Inbound, place: Place, *, is_wrong_code: bool = False) -> Response:
    found = find_open_round(inbound.parts, place.round_code)
    flow = found.flows.get(place.stream) if found else None
    if found is None or flow is None or not is_offered(inbound.parts, place.round_code, place.stream):
        return _gone_page(place, _wanted_language(LANGUAGES))
    language = _wanted_language(flow.languages)
    return _page(
        "chat_start.html",
        place,
        language,
        found.values,
        flow=flow,
        blocks=chat_page.start_blocks(flow, language, found.values),
        script_words=chat_page.script_words(flow),
        place_code=request.args.get("p", "") or request.form.get("place_code", ""),
        needs_code=place.stream == BY_CODE,
        is_wrong_code=is_wrong_code,
        internal_code="" if is_wrong_code else request.args.get("code", ""),
        status=403 if is_wrong_code else 200,
    )


def _begun_page(inbound: Inbound, place: Place, form: Form) -> Response:
    try:
        shown = chat_turn.begin(inbound, place, form)
    except NotAdmitted:
        return _start_page(inbound, place, is_wrong_code=True)
    return _conversation_page(inbound, place, shown) if shown else _gone_page(place, form.language)


def _conversation_page(inbound: Inbound, place: Place, shown: Shown) -> Response:
    """The question that waits, a safeguard's words while the survey waits, or the end."""
    standing: dict[str, Any] = {
        "flow": shown.view.flow if shown.view else _flow(inbound, place),
        "token": shown.token,
        "heard": shown.heard,
        "view": shown.view,
        "may_erase": shown.may_erase,
    }
    if (shown.view is None or not shown.is_open) and not shown.heard.has_words:
        return _gone_page(place, shown.language, is_expired=shown.is_open, **standing)
    lines = chat_page.transcript(shown.view) if shown.view else ()
    if shown.view is None or shown.asked is None:
        heading = chat_page.end_heading(shown.heard, shown.view)
        return _page(
            "chat_end.html", place, shown.language, shown.values, heading=heading, lines=lines, **standing
        )
    standing["asked"] = shown.asked
    if shown.phone:
        return _page("chat_phone.html", place, shown.language, shown.values, phone=shown.phone, **standing)
    if shown.heard.is_look:
        return _page("chat_answers.html", place, shown.language, shown.values, lines=lines, **standing)
    template = "chat_waiting.html" if shown.view.status is Status.WAITING else "chat_question.html"
    return _page(template, place, shown.language, shown.values, **standing)


def _gone_page(place: Place, language: str, *, is_expired: bool = False, **standing: Any) -> Response:
    """No such round, not open, or a token that nobody knows. Nothing tells these apart but what the address says."""
    return _page("chat_gone.html", place, language, {}, status=404, is_expired=is_expired, **standing)


def _flow(inbound: Inbound, place: Place) -> Flow | None:
    try:
        found = find_open_round(inbound.parts, place.round_code)
    except DatabaseUnavailable:
        return None
    return found.flows.get(place.stream) if found else None


def _try_again_page(
    place: Place, flow: Flow | None, *, status: int = 503, reason: str = "unavailable"
) -> Response:
    """Nothing was stored. The same form once more, so that it stays one message."""
    language = request.form.get("language", "") or _wanted_language(LANGUAGES)
    fields = [(name, value) for name in _FIELDS for value in request.form.getlist(name)]
    typed = request.form.get("text", "")
    return _page(
        "chat_unavailable.html",
        place,
        language,
        {},
        status=status,
        flow=flow,
        reason=reason,
        fields=fields,
        typed=typed,
    )


def _page(
    template: str,
    place: Place,
    language: str,
    values: Mapping[str, str],
    *,
    status: int = 200,
    flow: Flow | None = None,
    **context: Any,
) -> Response:
    """`flow` brings the page's words in the languages that it offers."""
    is_framed = "frame" in request.args
    body = render_template(
        template,
        address=url_for("chat.answer", **place._asdict(), frame=1 if is_framed else None),
        is_framed=is_framed,
        place=place,
        language=language,
        direction=chat_page.direction(language),
        words=chat_page.words(language, flow),
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
