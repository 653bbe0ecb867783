"""Whether the program runs and can reach its database, for whoever watches it. No personal data."""

from flask import Blueprint, Response, jsonify

from storage.database import Sessions
from storage.reading import is_reachable


def make_blueprint(sessions: Sessions) -> Blueprint:
    """Routes /health/live and /health/ready, open to all."""
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/health/live")
    def live() -> Response:
        return jsonify(status="ok")

    @blueprint.get("/health/ready")
    def ready() -> tuple[Response, int]:
        if is_reachable(sessions):
            return jsonify(status="ok"), 200
        return jsonify(status="unavailable", reason="the database does not answer"), 503

    return blueprint
