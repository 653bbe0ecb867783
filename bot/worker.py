"""The worker process: what must happen without anybody asking, each thing in its own time, until it is told to stop."""

import logging
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bot.channels.base import ProviderUnavailable
from bot.channels.twilio_sms import STATUS_PATH
from bot.services.export_jobs import ExportJobs, folder_of
from bot.services.late import Drain, Reconciliation
from bot.services.ledger_copy import LedgerCopy
from bot.services.sending import Sending
from bot.services.upkeep import Upkeep
from bot.wiring import House, ledger_file_of, load_provider, load_spool
from storage.database import DatabaseUnavailable
from storage.ledger_file import LedgerUnavailable

log = logging.getLogger("lyhord.worker")


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """Something to run again `every_s` seconds after it has ended."""

    name: str
    every_s: float
    run: Callable[[], object]
    is_long: bool = False
    """It may take minutes: it has a thread of its own, so that nothing else waits."""


def tasks_of(house: House) -> Iterator[Task]:
    """What there is to do with these settings. A demonstration has no provider unless one stands in."""
    settings = house.settings
    if settings.spool_folder:
        drain = Drain(inbound=house.inbound, spool=load_spool(settings))
        yield Task(name="drain", every_s=10, run=drain.run)
    if settings.is_rehearsal or not settings.is_demonstration:
        provider = load_provider(settings)
        sending = Sending(
            parts=house.inbound.parts,
            provider=provider,
            status_url=settings.public_url + STATUS_PATH,
            now=house.now,
        )
        reconciliation = Reconciliation(
            inbound=house.inbound, provider=provider, sessions=house.database.sessions, now=house.now
        )
        yield Task(name="send", every_s=5, run=sending.run)
        yield Task(name="reconcile", every_s=300, run=reconciliation.run)
    ledger_file = ledger_file_of(settings)
    if ledger_file:
        ledger = LedgerCopy(sessions=house.database.sessions, file=ledger_file, now=house.now)
        yield Task(name="ledger", every_s=60, run=ledger.run)
    exports = ExportJobs(
        sessions=house.database.sessions,
        keys=house.keys,
        folder=folder_of(settings.export_folder, settings.database_url),
        now=house.now,
    )
    yield Task(name="exports", every_s=3, run=exports.run, is_long=True)
    upkeep = Upkeep(sessions=house.database.sessions, now=house.now)
    yield Task(name="upkeep", every_s=300, run=upkeep.run)


def work(tasks: Sequence[Task], stop: threading.Event | None = None) -> None:
    """Run until SIGTERM or SIGINT (or until `stop` is set). What fails is tried again in its time."""
    stopping = stop or threading.Event()
    if stop is None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopping.set())
    long = tuple(task for task in tasks if task.is_long)
    if long:
        # A daemon: the process ends without waiting for it, and the next one does again what it was doing.
        threading.Thread(target=_repeat, args=(long, stopping), name="long", daemon=True).start()
    _repeat(tuple(task for task in tasks if not task.is_long), stopping)


def _repeat(tasks: Sequence[Task], stopping: threading.Event) -> None:
    due = dict.fromkeys(tasks, 0.0)
    while not stopping.is_set():
        for task in tasks:
            if due[task] <= time.monotonic() and not stopping.is_set():
                _run(task)
                due[task] = time.monotonic() + task.every_s
        stopping.wait(max(0.0, min(due.values()) - time.monotonic()))


def _run(task: Task) -> None:
    """One task's fault is no reason to leave the others undone."""
    try:
        task.run()
    except DatabaseUnavailable:
        log.warning("database_unavailable", extra={"task": task.name})
    except LedgerUnavailable as error:
        log.error("ledger_unavailable", extra={"reason": str(error)})
    except ProviderUnavailable as error:
        log.error("provider_unavailable", extra={"task": task.name, "reason": str(error)})
    except Exception as error:
        log.error("task_failed", extra={"task": task.name, "error": type(error).__name__})
