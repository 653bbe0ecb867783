"""Errors as pages: what went wrong and what to do, never what the program thought."""

from flask import Flask, Response
from flask_wtf.csrf import CSRFError

from bot.coordinator.pages import plain_page
from bot.serving.faults import register_pages

_OWN = {400, 401, 403, 404, 405, 413, 429, 503}


def register(app: Flask) -> None:
    """Give `app` one page for each status."""
    register_pages(app, _page)
    app.register_error_handler(CSRFError, lambda _: _page(400))


def _page(status: int) -> Response:
    return plain_page("error.html", of="error", status=status, code=status if status in _OWN else 500)
