"""The Flask application: blueprints, limits, headers, error pages."""

import time
from collections.abc import Callable
from typing import Any

from flask import Flask, Request, Response, g, request

from bot.services.inbound import Reply
from bot.serving import health, network, security, slow_senders
from bot.serving.faults import note_unexpected
from bot.web import chat, chat_api, errors, fallback, round_page, sms
from bot.wiring import Fallback, House

MOST_BYTES = 64 * 1024
"""A webhook is a few hundred bytes; Flask itself has no limit for forms."""


class _App(Flask):
    """Flask, but what fails where errors are handled comes into our own log, by its class only; and what has its
    answer is counted, where somebody counts: as hooks of Flask the same took 14 µs a request instead of 10.
    """

    count: Callable[[Request, Response, Reply | None, float], None] | None = None

    def full_dispatch_request(self) -> Response:
        if self.count is None:
            return super().full_dispatch_request()
        began = time.perf_counter()
        response = super().full_dispatch_request()
        asked: Request = request._get_current_object()  # type: ignore[attr-defined]
        self.count(asked, response, g.get("reply"), time.perf_counter() - began)
        return response

    def log_exception(self, exc_info: Any) -> None:
        note_unexpected(exc_info[1])


def create_app(house: House) -> Flask:
    """The application for a house that is wired. The demonstration's pages exist only in demonstration."""
    app = _new_app()
    app.register_blueprint(sms.make_blueprint(house.twilio, house.inbound))
    app.register_blueprint(chat.make_blueprint(house.inbound, house.settings.public_url))
    app.register_blueprint(round_page.make_blueprint(house.inbound.parts))
    app.register_blueprint(chat_api.make_blueprint(house.inbound, house.settings.public_url))
    app.register_blueprint(health.make_blueprint(house.database.sessions))
    if house.settings.metrics_token:
        from bot.web import metrics

        app.count = metrics.count
        app.register_blueprint(
            metrics.make_blueprint(house.database.sessions, house.now, house.settings.metrics_token)
        )
    if house.settings.is_demonstration:
        from bot.demo.pages import make_blueprint

        app.register_blueprint(make_blueprint(house))
    security.add_headers(app)
    errors.register(app)
    network.trust_proxies(app, house.settings.trusted_proxies)
    return app


def create_fallback_app(parts: Fallback) -> Flask:
    """The application that keeps messages while the database is away. It has one route and its health."""
    app = _new_app()
    app.register_blueprint(fallback.make_blueprint(parts.twilio, parts.deferring, parts.now))
    security.add_headers(app)
    errors.register(app)
    return app


def _new_app() -> _App:
    app = _App(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MOST_BYTES
    app.before_request(slow_senders.read_body_in_time)
    return app
