"""The log: one JSON object a line with the event's name and ids. Never a number, a text or a name."""

import json
import logging
import re
import sys
from datetime import UTC, datetime

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_NO_WORD = re.compile(r"[^A-Za-z ']")


class JsonLines(logging.Formatter):
    """Writes the event and what was handed in as `extra`. Exceptions by class only: their words may be personal."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
        }
        line.update({k: v for k, v in vars(record).items() if k not in _STANDARD})
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
        return json.dumps(line, ensure_ascii=False, default=str)


SERVER_EVENTS = {
    "Starting gunicorn": "server_starting",
    "Listening at": "server_listening",
    "Booting worker": "process_started",
    "Worker exiting": "process_stopped",
    "Handling signal": "server_signalled",
    "Hang up": "server_reloading",
    "Shutting down": "server_stopped",
    "Invalid request from": "request_invalid",
    "Error handling request": "request_failed",
    "Socket error processing request": "request_failed",
    "WORKER TIMEOUT": "process_silent",
    "Worker (pid:%s) was sent": "process_killed",
    "Worker (pid:%s) exited": "process_failed",
    "Exception in worker process": "process_failed",
    "Connection in use": "address_in_use",
}
"""What the web server says, by how it begins."""


class ServerLines(JsonLines):
    """The web server's own log. It writes sentences that may hold an address, a query or what a forger sent: only
    what kind of sentence it is comes through, or, of a kind that is not known, its words up to the first value.
    """

    def format(self, record: logging.LogRecord) -> str:
        said = str(record.msg)
        event = next((event for start, event in SERVER_EVENTS.items() if said.startswith(start)), None)
        plain = logging.makeLogRecord(
            {"name": record.name, "levelname": record.levelname, "created": record.created}
        )
        plain.msg, plain.exc_info = event or "server_message", record.exc_info
        plain.__dict__["process_id"] = record.process
        if event is None:
            plain.__dict__["message_begins"] = _NO_WORD.split(said, maxsplit=1)[0]
        return super().format(plain)


def set_up(level: str) -> None:
    """Send the program's own log to standard error."""
    logging.raiseExceptions = False  # a broken stream would print the message's arguments, and more
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logger = logging.getLogger("lyhord")
    logger.handlers[:] = [handler]
    logger.setLevel(level)
    logger.propagate = False
