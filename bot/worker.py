"""The worker process: runs the upkeep every few minutes until it is told to stop."""

import logging
import signal
import threading

from bot.services.upkeep import Upkeep
from storage.database import DatabaseUnavailable

log = logging.getLogger("lyhord.worker")

PAUSE_S = 300


def work(upkeep: Upkeep, stop: threading.Event | None = None) -> None:
    """Run until SIGTERM or SIGINT (or until `stop` is set). A database that is away is tried again later."""
    stopping = stop or threading.Event()
    if stop is None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopping.set())
    while not stopping.is_set():
        try:
            upkeep.run()
        except DatabaseUnavailable:
            log.warning("database_unavailable")
        stopping.wait(PAUSE_S)
