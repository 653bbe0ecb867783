"""Errors as pages, once for all: what went wrong, in Swedish, never what the program thought."""

from flask import Flask, Response, jsonify, request

from bot.channels.base import Malformed
from bot.serving.faults import register_pages

API_PATH = "/api/"
"""Whoever calls below it is a program and is answered in JSON."""
CODES = {
    400: "malformed",
    403: "other_site",
    404: "unknown_conversation",
    405: "wrong_method",
    413: "too_large",
    415: "not_json",
    429: "too_many",
    503: "unavailable",
}

_SENTENCES = {
    400: "Förfrågan gick inte att förstå.",
    403: "Det får du inte göra.",
    404: "Sidan finns inte.",
    405: "Så går det inte att göra här.",
    413: "Det var för mycket på en gång.",
    503: "Tjänsten kan inte spara just nu. Försök igen om en stund.",
}


def register(app: Flask) -> None:
    """Give `app` one page for each status."""
    register_pages(app, _page)
    app.register_error_handler(Malformed, lambda _: _page(400))


def _page(status: int) -> Response:
    sentence = _SENTENCES.get(status, "Något gick fel hos oss. Försök igen om en stund.")
    if request.path.startswith(API_PATH):
        return json_fault(status, CODES.get(status, "fault"), sentence)
    body = (
        '<!doctype html><html lang="sv"><meta charset="utf-8"><title>Lyhörd</title>'
        f"<h1>{sentence}</h1><p>Är det fara nu? Ring 112.</p></html>"
    )
    return Response(body, status=status, content_type="text/html; charset=utf-8")


def json_fault(status: int, code: str, sentence: str, **more: object) -> Response:
    """A fault as the API tells it: a code for the program, a sentence for the person."""
    response = jsonify(error={"code": code, "sentence": sentence}, **more)
    response.status_code = status
    return response
