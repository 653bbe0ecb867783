"""Errors as pages: what went wrong and what to do, never what the program thought."""

from flask import Flask, Response
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from bot.coordinator.pages import plain_page
from bot.serving.faults import note_unavailable, note_unexpected
from storage.database import DatabaseUnavailable

_OWN = {400, 401, 403, 404, 405, 413, 429, 503}


def register(app: Flask) -> None:
    """Give `app` one page for each status."""
    app.register_error_handler(CSRFError, lambda _: _page(400))
    app.register_error_handler(HTTPException, lambda error: _page(error.code or 500))
    app.register_error_handler(DatabaseUnavailable, _unavailable)
    app.register_error_handler(Exception, _unexpected)


def _unavailable(error: DatabaseUnavailable) -> Response:
    note_unavailable(error)
    return _page(503)


def _unexpected(error: Exception) -> Response:
    note_unexpected(error)
    return _page(500)


def _page(status: int) -> Response:
    return plain_page("error.html", of="error", status=status, code=status if status in _OWN else 500)
