"""The note-taker's form: a page that stays on the device and works without a network, and what it sends and fetches.

Its page says nothing of who reads it, so that it can be kept; what it must know comes as JSON to who is signed in.
"""

import json
import re
from typing import Any

from flask import Response, jsonify, make_response, render_template, request
from flask_wtf.csrf import generate_csrf

from bot.coordinator.access import ANYONE, Access, Pages
from bot.coordinator.desk import desk
from bot.coordinator.pages import language_here
from bot.coordinator.people_here import actor, signed_in
from bot.coordinator.statics import static_url, version_of
from bot.coordinator.wording import wordings, words
from bot.services.entering import in_language
from bot.services.meeting_notes import Given, MeetingNotes, Note, NoteRefused, NotesRound
from bot.services.paper_questions import PaperQuestion
from bot.services.roles import Role
from bot.serving import security
from flows.model import Kind
from flows.wording import interpolate
from text.normalising import MAX_CHARACTERS, clean

NOTE_TAKERS = Access.of(Role.COORDINATOR, Role.NOTE_TAKER)
_FILES = ("console.css", "field.css", "notes.js", "notes.svg")
"""What the device keeps beside the page."""
_ID = re.compile(r"[0-9a-f]{32}")
_MOST_ANSWERS, _MOST_CODES = 40, 40
_MOST_BYTES = 200_000
_WIDGETS = {Kind.MULTI: "several", Kind.NUMBER: "number", Kind.NUMBERS: "numbers"}

pages = Pages("notes", __name__)


@pages.page("/notes/", access=NOTE_TAKERS)
def show() -> Response:
    language = language_here()
    said = words("notes", language)
    own = {key: said[key] for key in wordings("notes")}
    body = render_template("notes.html", language=language, words=said, script_words=own)
    response = make_response(body)
    security.let_install(response)
    return response


@pages.page("/notes/worker.js", access=ANYONE)
def worker() -> Response:
    """The service worker. Its text changes with what it keeps, which is how browsers notice a new version."""
    kept = ["/notes/", *(static_url(name) for name in _FILES)]
    script = render_template("notes_worker.js", kept=kept, version=version_of(*_FILES))
    return Response(script, content_type="text/javascript; charset=utf-8")


@pages.page("/notes/manifest.webmanifest", access=ANYONE)
def manifest() -> Response:
    """So that the page can be put on the home screen. Browsers ask for it without saying who asks."""
    said = words("notes", "sv")
    document = {
        "name": said["app_name"],
        "short_name": said["app_short"],
        "lang": "sv",
        "start_url": "/notes/",
        "scope": "/notes/",
        "display": "standalone",
        "background_color": "#f5f3ee",
        "theme_color": "#1f5a5a",
        "icons": [
            {"src": static_url("notes.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"}
        ],
    }
    return Response(json.dumps(document), content_type="application/manifest+json")


@pages.page("/notes/state", access=NOTE_TAKERS)
def state() -> Response:
    """Who is signed in, as a number, the token for sending, and what can be noted."""
    language = language_here()
    return jsonify(
        account=str(signed_in().account.id),
        token=generate_csrf(),
        language=language,
        rounds=[round_document(found, language) for found in _notes().list_rounds()],
    )


@pages.deed("/notes/note", access=NOTE_TAKERS, most_bytes=_MOST_BYTES)
def take() -> Response:
    """One note. 200: it is stored, and the device lets go of it. 409 and 422: it never will be as it stands."""
    document = request.get_json(silent=True)
    if not isinstance(document, dict):
        return _refused(422, "malformed")
    if document.get("account") != str(signed_in().account.id):
        return _refused(409, "other_account")
    try:
        taken = _notes().take(_note(document))
    except _Malformed:
        return _refused(422, "malformed")
    except NoteRefused as refused:
        return _refused(409, refused.code)
    return jsonify(
        id=document["id"], is_repeated=taken.is_repeated, told=[kind.value for kind in taken.alarmed]
    )


def round_document(found: NotesRound, language: str) -> dict[str, Any]:
    """A round as the device keeps it: questions of the meeting, of each point, and of the end."""
    spoken = language if language in found.flow.languages else found.flow.default_language
    asked = [paper for paper in found.questions if paper.question.role != "meeting"]
    return {
        "code": found.row.code,
        "name": found.row.name,
        "language": spoken,
        "meetings": [{"code": m.code, "label": m.label} for m in found.meetings],
        "before": [_question(p, spoken, found) for p in asked if _stands(p) == "before"],
        "point": [_question(p, spoken, found) for p in asked if _stands(p) == "point"],
        "end": [_question(p, spoken, found) for p in asked if _stands(p) == "end"],
    }


def _stands(paper: PaperQuestion) -> str:
    if paper.question.repeat:
        return "point"
    return "end" if paper.question.role == "missing_groups" else "before"


def _question(paper: PaperQuestion, language: str, found: NotesRound) -> dict[str, Any]:
    question, said = paper.question, words("notes", language if language in ("sv", "en") else "sv")
    return {
        "name": question.name,
        "role": question.role,
        "widget": _WIDGETS.get(question.kind, "one" if paper.boxes else "text"),
        "label": said.get(
            f"q_{question.role}", interpolate(in_language(question.label, language), found.values)
        ),
        "is_core": question.name in found.flow.core,
        "boxes": [{"code": b.code, "label": in_language(b.label, language)} for b in paper.boxes],
        "parts": [{"code": part, "label": said.get(f"part_{part}", part)} for part in question.parts],
    }


class _Malformed(ValueError):
    """No page of ours sends this."""


def _note(document: dict[str, Any]) -> Note:
    answers = document.get("answers")
    if not isinstance(answers, dict) or len(answers) > _MOST_ANSWERS:
        raise _Malformed
    return Note(
        id=_id(document, "id"),
        sitting=_id(document, "sitting"),
        round_code=_text(document, "round", 80),
        meeting=_text(document, "meeting", 40),
        language=_text(document, "language", 8),
        is_end=document.get("is_end") is True,
        answers={clean(str(name)): _given(value) for name, value in answers.items()},
    )


def _given(value: Any) -> Given:
    if not isinstance(value, dict):
        raise _Malformed
    codes = value.get("codes", [])
    if not isinstance(codes, list) or len(codes) > _MOST_CODES or not all(isinstance(c, str) for c in codes):
        raise _Malformed
    return Given(codes=tuple(codes), text=_text(value, "text", MAX_CHARACTERS))


def _id(document: dict[str, Any], name: str) -> str:
    value = document.get(name)
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise _Malformed
    return value


def _text(document: dict[str, Any], name: str, most: int) -> str:
    value = document.get(name, "")
    if not isinstance(value, str):
        raise _Malformed
    return clean(value)[:most]


def _refused(status: int, code: str) -> Response:
    response = jsonify(code=code)
    response.status_code = status
    return response


def _notes() -> MeetingNotes:
    return MeetingNotes(parts=desk().parts, actor=actor())
