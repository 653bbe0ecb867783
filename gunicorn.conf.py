"""The web server's settings, once: the Procfile, the demonstration, the tests and the benchmarks all serve with them.

Alone here the environment of the host is read (PORT, WEB_CONCURRENCY, WEB_THREADS); the program's is in bot/config.py.
The processes count together in a folder of files (PROMETHEUS_MULTIPROC_DIR), which is made, emptied and removed here.
"""

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from types import FrameType

from gunicorn.arbiter import Arbiter
from gunicorn.config import Config
from gunicorn.glogging import Logger
from gunicorn.sock import BaseSocket
from gunicorn.workers.gthread import ThreadWorker

from bot import logs


class Worker(ThreadWorker):
    """Stops as a host expects: what is connected is answered, and whoever comes later is refused at once.

    Left to itself the worker keeps listening while it waits for the requests under way: the system goes on taking
    connections on its behalf, and cuts them all when it ends.
    """

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if self.booted:
            from bot.serving import health  # the application's: imported above it would outlive a reload

            health.note_stopping()
        super().handle_exit(sig, frame)

    def set_accept_enabled(self, enabled: bool) -> None:
        super().set_accept_enabled(enabled)
        if not (enabled or self.alive):
            for listener in self.sockets:
                if listener.sock is not None:  # else it was closed before
                    self._take_all_that_wait(listener)
                    listener.close()

    def _take_all_that_wait(self, listener: BaseSocket) -> None:
        taken = -1
        while taken < self.nr_conns:
            taken = self.nr_conns
            self.accept(listener)


class ServerLog(Logger):
    """The server's own log, in the form of the program's. There is no access log: the metrics count requests."""

    def setup(self, cfg: Config) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(logs.ServerLines())


bind = f"0.0.0.0:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = int(os.environ.get("WEB_THREADS", "8"))
worker_class = Worker
logger_class = ServerLog
proc_name = "lyhord"

graceful_timeout = 8  # seconds: a writer waits 4.6 at most, and hosts kill 10 to 30 after they have asked
keepalive = 75  # seconds: longer than proxies in front keep theirs (60), or they would use one just closed
limit_request_line = 2048  # bytes: the chat's addresses are short; what else is long is not for us
limit_request_fields = 64
control_socket_disable = True  # signals are enough, and two servers of one user would share its file

if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:  # after a reload it stands there, and the counts go on
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="lyhord-metrics-")


def on_starting(server: Arbiter) -> None:
    """What an earlier run has counted is not counted again."""
    _forget_counts()


def child_exit(server: Arbiter, worker: Worker) -> None:
    """What a process counted stays; what only a living process can say of itself goes with it."""
    from prometheus_client import multiprocess  # 50 ms that the start need not wait for

    multiprocess.mark_process_dead(worker.pid)


def on_exit(server: Arbiter) -> None:
    _forget_counts()
    with suppress(OSError):  # somebody else's files are in it
        Path(os.environ["PROMETHEUS_MULTIPROC_DIR"]).rmdir()


def _forget_counts() -> None:
    """By their names: whoever names a folder with other files in it keeps those."""
    folder = Path(os.environ["PROMETHEUS_MULTIPROC_DIR"])
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for kind in ("counter", "gauge", "histogram", "summary"):
        for file in folder.glob(f"{kind}_*.db"):
            file.unlink()
