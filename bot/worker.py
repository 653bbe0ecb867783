"""The worker process: copies the ledger every minute and runs the upkeep every five, until it is told to stop."""

import itertools
import logging
import signal
import threading

from bot.services.ledger_copy import LedgerCopy
from bot.services.upkeep import Upkeep
from storage.database import DatabaseUnavailable
from storage.ledger_file import LedgerUnavailable

log = logging.getLogger("lyhord.worker")

PAUSE_S = 60
"""What is erased is in the ledger's file within this time."""
UPKEEP_EVERY = 5
"""Pauses from one upkeep to the next."""


def work(upkeep: Upkeep, ledger: LedgerCopy | None, stop: threading.Event | None = None) -> None:
    """Run until SIGTERM or SIGINT (or until `stop` is set). A database that is away is tried again later."""
    stopping = stop or threading.Event()
    if stop is None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopping.set())
    for turn in itertools.count():
        if stopping.is_set():
            return
        try:
            if turn % UPKEEP_EVERY == 0:
                upkeep.run()
            if ledger is not None:
                ledger.run()
        except DatabaseUnavailable:
            log.warning("database_unavailable")
        except LedgerUnavailable as error:
            log.error("ledger_unavailable", extra={"reason": str(error)})
        stopping.wait(PAUSE_S)
