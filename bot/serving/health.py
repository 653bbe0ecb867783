"""Whether the program runs, and whether it can take messages: its database answers and has this version's tables."""

import threading

from flask import Blueprint, Response, jsonify

from storage.condition import has_current_tables
from storage.database import Sessions

_stopping = threading.Event()


def note_stopping() -> None:
    """This process was told to stop: whoever asks whether it is ready shall look elsewhere."""
    _stopping.set()


def live() -> Response:
    """It runs."""
    return jsonify(status="ok")


def ready(sessions: Sessions) -> tuple[Response, int]:
    """It can work, and nobody has told it to stop."""
    if has_current_tables(sessions) and not _stopping.is_set():
        return jsonify(status="ok"), 200
    return jsonify(status="unavailable"), 503


def make_blueprint(sessions: Sessions) -> Blueprint:
    """Routes /health/live and /health/ready, open to all."""
    blueprint = Blueprint("health", __name__)
    blueprint.add_url_rule("/health/live", "live", live)
    blueprint.add_url_rule("/health/ready", "ready", lambda: ready(sessions))
    return blueprint
