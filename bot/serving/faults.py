"""Faults as whoever watches the log learns of them: by their class, never by their words."""

import logging

from storage.database import DatabaseUnavailable

log = logging.getLogger("lyhord.web")


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
