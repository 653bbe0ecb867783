"""The web chat for programs: the same conversation as on its pages, as JSON (docs/chat-api.md).

The token stands in the Authorization header, never in an address or a cookie. Other sites are let in by nothing.
"""

from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import Forbidden, HTTPException, UnsupportedMediaType

from bot.channels import webchat_api
from bot.channels.base import Malformed
from bot.services.inbound import Inbound
from bot.services.limiting import TooMany
from bot.serving.faults import note_unavailable, note_unexpected
from bot.serving.network import network_of
from bot.serving.security import is_from_another_site
from bot.web import chat_page, chat_turn
from bot.web.chat_page import Asked, Heard
from bot.web.chat_turn import NotAdmitted, Shown, place_in
from bot.web.errors import CODES, json_fault
from bot.web.words import LANGUAGES
from storage.database import DatabaseUnavailable

RETRY_AFTER_S = 2
_GONE = "erased"


def make_blueprint(inbound: Inbound, public_url: str) -> Blueprint:
    """Routes /api/chat/ROUND/..., open to all; a token gives access to its own conversation only."""
    blueprint = Blueprint("chat_api", __name__, url_prefix="/api/chat")

    @blueprint.before_request
    def refuse_other_sites_and_forms() -> None:
        if request.method != "POST":
            return
        if is_from_another_site(request, public_url):
            raise Forbidden
        if request.mimetype != webchat_api.MEDIA_TYPE:
            raise UnsupportedMediaType

    @blueprint.post("/<round_code>/<stream>/conversations")
    def begin(round_code: str, stream: str) -> Response:
        form = webchat_api.parse_start(request.get_data(), network=network_of(request))
        try:
            shown = chat_turn.begin(inbound, place_in(round_code, stream), form)
        except NotAdmitted:
            return _error(403, code="wrong_code", sentence="code_wrong")
        if shown is None:
            return _error(404, code="not_open", sentence="closed_explained")
        return _json({"token": shown.token, "view": view_document(shown)}, 201)

    @blueprint.post("/<round_code>/messages")
    def answer(round_code: str) -> Response:
        form = webchat_api.parse_message(request.get_data(), _token(), network=network_of(request))
        return _view(chat_turn.answer(inbound, place_in(round_code), form))

    @blueprint.get("/<round_code>/conversation")
    def look(round_code: str) -> Response:
        return _view(chat_turn.look(inbound, place_in(round_code), _token()))

    _answer_faults_in_json(blueprint)
    return blueprint


def _token() -> str:
    return webchat_api.bearer(request.headers.get("Authorization", ""))


def _view(shown: Shown) -> Response:
    """Where the conversation stands. One answer for every token without one, but that help is given to anybody."""
    if shown.view is not None or _GONE in shown.heard.keys:
        return _json(view_document(shown), 200)
    if shown.heard.safeguard:
        return _error(404, heard=heard_document(shown.heard, None))
    return _error(404)


def _json(document: dict[str, Any], status: int) -> Response:
    response = jsonify(document)
    response.status_code = status
    return response


# --- documents ---------------------------------------------------------------------------------------------------


def view_document(shown: Shown) -> dict[str, Any]:
    """A View of docs/chat-api.md. The answers stand in it where they were asked for, and at the end."""
    language = shown.language or LANGUAGES[0]
    document: dict[str, Any] = {
        "status": shown.view.status.value if shown.view else _GONE,
        "is_open": shown.is_open,
        "language": language,
        "direction": chat_page.direction(language),
        "heard": heard_document(shown.heard, shown.asked),
        "asked": asked_document(shown.asked) if shown.asked else None,
        "may_erase": shown.may_erase,
        "is_on_phone": shown.view is not None and shown.view.is_on_phone,
        "by_phone": chat_page.words(language)["phone_offer"] if _may_go_on_by_phone(shown) else None,
        "phone": asdict(shown.phone) if shown.phone else None,
    }
    if shown.view is not None and not shown.view.is_on_phone and (shown.heard.is_look or shown.view.given):
        document["transcript"] = [asdict(line) for line in chat_page.transcript(shown.view)]
    return document


def _may_go_on_by_phone(shown: Shown) -> bool:
    return shown.view is not None and shown.view.may_go_on_by_phone


def heard_document(heard: Heard, asked: Asked | None) -> dict[str, Any]:
    """What was said to the message. An error is that of the question asked."""
    return {
        "texts": list(heard.texts),
        "error": asked.error if asked else heard.error,
        "safeguard": heard.safeguard,
        "may_leave_quickly": heard.may_leave_quickly,
        "is_left_behind": heard.is_left_behind,
        "is_silent": heard.is_silent,
    }


def asked_document(asked: Asked) -> dict[str, Any]:
    """The question that waits."""
    return {
        "shown": asked.shown,
        "widget": asked.widget.value,
        "label": asked.label,
        "hint": asked.hint,
        "options": [asdict(option) for option in asked.options],
        "text": asked.text,
        "is_number": asked.is_number,
        "is_refusable": asked.is_refusable,
        "number": asked.number,
        "of": asked.of,
        "most": asked.most,
        "at_most_choices": asked.at_most_choices,
    }


# --- what goes wrong ---------------------------------------------------------------------------------------------


def _answer_faults_in_json(blueprint: Blueprint) -> None:
    def unavailable(error: DatabaseUnavailable) -> Response:
        note_unavailable(error)
        return _error(503, retry_after_s=RETRY_AFTER_S)

    def too_many(error: TooMany) -> Response:
        return _error(429, retry_after_s=error.retry_after_s)

    def unexpected(error: Exception) -> Response:
        note_unexpected(error)
        return _error(500)

    blueprint.register_error_handler(HTTPException, lambda error: _error(error.code or 500))
    blueprint.register_error_handler(Malformed, lambda _: _error(400))
    blueprint.register_error_handler(DatabaseUnavailable, unavailable)
    blueprint.register_error_handler(TooMany, too_many)
    blueprint.register_error_handler(Exception, unexpected)


def _error(
    status: int, *, code: str = "", sentence: str = "", retry_after_s: int | None = None, **more: Any
) -> Response:
    """A fault with a sentence for the person, in the language of the browser."""
    language = request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]
    words = chat_page.words(language)
    code = code or CODES.get(status, "fault")
    response = json_fault(status, code, words[sentence or _sentence(status)], **more)
    if retry_after_s is not None:
        response.headers["Retry-After"] = str(retry_after_s)
    return response


def _sentence(status: int) -> str:
    if status == 404:
        return "expired_explained"
    if status in (413, 429):
        return "too_large" if status == 413 else "too_many_explained"
    return "unavailable_explained" if status >= 500 else "not_taken"
