"""A body must arrive within a few seconds. Who sends slowly, or vanished midway, would hold a thread for ever.

Gunicorn's threads wait for a body without an end; a proxy that takes requests in whole before it hands them on does
this better, but not every host has one.
"""

import logging
import socket
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask import request

log = logging.getLogger("lyhord.web")

BODY_S = 4
"""From the headers to the end; a body is a few hundred bytes and comes in one piece."""
HURRIED_S = 1
"""The same where so many are waited for at once that others may find no thread."""
MANY = 4
_LOOK_EVERY_S = 0.25


def read_body_in_time() -> None:
    """Before each view: the whole body, or what has come of it once its time is up."""
    connection = request.environ.get("gunicorn.socket")  # not there under Flask's own server and test client
    if connection is not None and request.method == "POST":
        with _watch.over(connection):
            request.get_data(parse_form_data=True)  # kept: form, or bytes where it is none


@dataclass(slots=True)
class _Reading:
    """A connection that is read from; None once all is there."""

    connection: socket.socket | None
    since: float


class _Watch:
    """One thread for all connections of a process, begun with the first: a timer for each would cost more than it."""

    def __init__(self) -> None:
        self._readings: deque[_Reading] = deque()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    @contextmanager
    def over(self, connection: socket.socket) -> Iterator[None]:
        """Once its time is up the connection has nothing more to read, and whoever waits for it is told so."""
        reading = _Reading(connection, time.monotonic())
        self._begin()
        self._readings.append(reading)
        try:
            yield
        finally:
            reading.connection = None

    def _begin(self) -> None:
        if self._thread is None:
            with self._lock:
                if self._thread is None:
                    self._thread = threading.Thread(target=self._look, name="slow-senders", daemon=True)
                    self._thread.start()

    def _look(self) -> None:
        while True:
            time.sleep(_LOOK_EVERY_S)
            began_before = time.monotonic() - self._time_for_one()
            while self._readings and self._readings[0].since < began_before:
                _give_up(self._readings.popleft().connection)

    def _time_for_one(self) -> float:
        waited_for = sum(reading.connection is not None for reading in tuple(self._readings))
        return HURRIED_S if waited_for >= MANY else BODY_S


def _give_up(connection: socket.socket | None) -> None:
    if connection is not None:
        try:
            connection.shutdown(socket.SHUT_RD)
        except OSError:
            return  # it went by itself
        log.warning("body_too_slow")


_watch = _Watch()
