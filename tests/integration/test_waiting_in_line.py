"""Writers of an SQLite file come first come first served, threads and processes alike."""

import subprocess
import sys
import threading
import time
from contextlib import closing

import pytest

from storage.database import Database, open_database
from storage.sqlite import Line

pytestmark = [pytest.mark.keeps_time, pytest.mark.parametrize("database", ["sqlite"], indirect=True)]

_HOLDER = """
import sys, time
from contextlib import closing
from storage.database import open_database
with closing(open_database(sys.argv[1])) as database:
    print("ready", flush=True)
    until = time.monotonic() + 1.5
    while time.monotonic() < until:
        with database.sessions.begin():
            time.sleep(0.01)
"""
"""A process that writes again and again, with hardly a pause."""


def test_a_process_that_writes_without_a_pause_does_not_keep_others_out(database: Database) -> None:
    url = str(database.engine.url)
    command = [sys.executable, "-c", _HOLDER, url]
    waits_s = []
    with subprocess.Popen(command, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        for _ in range(30):
            started = time.monotonic()
            with database.sessions.begin():
                waits_s.append(time.monotonic() - started)
        assert holder.poll() is None
        holder.kill()
    assert sorted(waits_s)[len(waits_s) // 2] < 0.05


def test_threads_are_served_in_the_order_in_which_they_came(database: Database) -> None:
    served: list[int] = []

    def write(number: int) -> None:
        with database.sessions.begin():
            served.append(number)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(12)]
    with database.sessions.begin():
        for thread in threads:
            thread.start()
            time.sleep(0.01)
    for thread in threads:
        thread.join()
    assert served == list(range(12))


def test_who_gave_up_holds_nobody_up(database: Database) -> None:
    line = Line()
    assert line.enter(time.monotonic() + 1)
    assert not line.enter(time.monotonic() + 0.01)
    line.leave()
    assert line.enter(time.monotonic())
    with closing(open_database(str(database.engine.url))) as other, other.sessions.begin():
        pass
