"""The Flask application: blueprints, limits, headers, error pages."""

from typing import Any

from flask import Flask

from bot.web import chat, chat_api, errors, fallback, health, network, security, sms
from bot.wiring import Fallback, House

MOST_BYTES = 64 * 1024
"""A webhook is a few hundred bytes; Flask itself has no limit for forms."""


class _App(Flask):
    """Flask, but what fails where errors are handled comes into our own log, by its class only."""

    def log_exception(self, exc_info: Any) -> None:
        errors.note_unexpected(exc_info[1])


def create_app(house: House) -> Flask:
    """The application for a house that is wired. The demonstration's pages exist only in demonstration."""
    app = _new_app()
    app.register_blueprint(sms.make_blueprint(house.twilio, house.inbound))
    app.register_blueprint(chat.make_blueprint(house.inbound, house.settings.public_url))
    app.register_blueprint(chat_api.make_blueprint(house.inbound, house.settings.public_url))
    app.register_blueprint(health.make_blueprint(house.database.sessions))
    if house.settings.is_demonstration:
        from bot.demo.pages import make_blueprint

        app.register_blueprint(make_blueprint(house))
    app.after_request(security.add_headers)
    errors.register(app)
    network.trust_proxies(app, house.settings.trusted_proxies)
    return app


def create_fallback_app(parts: Fallback) -> Flask:
    """The application that keeps messages while the database is away. It has one route and its health."""
    app = _new_app()
    app.register_blueprint(fallback.make_blueprint(parts.twilio, parts.deferring, parts.now))
    app.after_request(security.add_headers)
    errors.register(app)
    return app


def _new_app() -> _App:
    app = _App(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MOST_BYTES
    return app
