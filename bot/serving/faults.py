"""Faults: as pages, and as whoever watches the log learns of them, by their class and never by their words."""

import logging
from collections.abc import Callable

from flask import Flask, Response
from werkzeug.exceptions import HTTPException

from storage.database import DatabaseUnavailable

log = logging.getLogger("lyhord.web")


def register_pages(app: Flask, page: Callable[[int], Response]) -> None:
    """Answer every fault with the `page` of its status."""

    def unavailable(error: DatabaseUnavailable) -> Response:
        note_unavailable(error)
        return page(503)

    def unexpected(error: Exception) -> Response:
        note_unexpected(error)
        return page(500)

    app.register_error_handler(HTTPException, lambda error: page(error.code or 500))
    app.register_error_handler(DatabaseUnavailable, unavailable)
    app.register_error_handler(Exception, unexpected)


def note_unavailable(error: DatabaseUnavailable) -> None:
    """The class of what the driver raised; its words may hold what was written."""
    log.error("database_unavailable", extra={"error": type(error.__cause__ or error).__name__})


def note_unexpected(error: BaseException) -> None:
    """The class names the fault; message and traceback may hold what a resident wrote."""
    log.error("unexpected_error", extra={"error": type(error).__name__, "where": _where(error)})


def _where(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename.rsplit('/', 2)[-1]}:{trace.tb_lineno}" if trace else ""
