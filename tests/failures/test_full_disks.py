"""A disk that is really full: refused so that the provider tries again, nothing half written, taken once there is room.

On a small file system in memory, which only root may mount. PostgreSQL keeps one database there (a tablespace): its
own log on a full disk stops the whole server, which is the case of test_outages.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from databases import NewDatabase
from kept import assert_file_is_whole, assert_states_and_answers_agree, message_ids
from postgresql_server import PostgresqlServer
from serving import Caller, Response, serving, town_of_today
from sizes import sizes
from town import message_fields, twiml_text

from storage.database import Database, open_database

SMALL, LARGE = "32m", "64m"
ROOM = 160 * 1024
"""Left over: for some dozens of messages."""
MOST = 600


@dataclass(frozen=True, kw_only=True)
class Disk:
    folder: Path

    def fill(self) -> None:
        """To the last byte but `ROOM`."""
        room = shutil.disk_usage(self.folder).free - ROOM
        with (self.folder / "ballast").open("ab") as ballast:
            ballast.write(b"\0" * room)

    def make_room(self, size: str) -> None:
        _mount("-o", f"remount,size={size}", str(self.folder))

    def empty(self) -> None:
        (self.folder / "ballast").unlink()


@pytest.fixture
def disk() -> Iterator[Disk]:
    folder = Path(tempfile.mkdtemp(prefix="lyhord-disk-"))
    try:
        _mount("-t", "tmpfs", "-o", f"size={SMALL},mode=755", "tmpfs", str(folder))
    except (OSError, subprocess.CalledProcessError) as error:
        folder.rmdir()
        if os.environ.get("CI") == "true" and os.geteuid() == 0:
            raise
        pytest.skip(f"a small disk cannot be mounted here: {error}")
    try:
        yield Disk(folder=folder)
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)
        folder.rmdir()


def _mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True, capture_output=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_on_disk(
    request: pytest.FixtureRequest, new_database: NewDatabase, disk: Disk
) -> Iterator[Database]:
    if request.param == "sqlite":
        with new_database("sqlite", disk.folder) as database:
            yield database
        return
    server: PostgresqlServer = request.getfixturevalue("postgresql")
    with (
        _tablespace(server, disk.folder) as tablespace,
        server.database(request.getfixturevalue("migrated_name"), tablespace) as url,
        closing(open_database(url)) as database,
    ):
        yield database


@contextmanager
def _tablespace(server: PostgresqlServer, folder: Path) -> Iterator[str]:
    inner = folder / "tablespace"
    inner.mkdir()
    if server.user:
        shutil.chown(inner, server.user)
    with server.connection() as connection:
        connection.execute(f"CREATE TABLESPACE small LOCATION '{inner}'")
    yield "small"
    with server.connection() as connection:
        connection.execute("DROP TABLESPACE small")


@sizes("times", short=(1,), full=(8,))
def test_a_full_disk_loses_nothing_that_was_answered_and_is_left_behind_without_a_restart(
    database_on_disk: Database, disk: Disk, tmp_path: Path, times: int
) -> None:
    town = town_of_today(database_on_disk)
    with (
        serving(town, tmp_path / "output", workers=1) as program,
        closing(program.caller()) as caller,
    ):
        workers, answered = program.workers(), set[str]()
        for time in range(times):
            disk.make_room(SMALL)
            disk.fill()
            refused = _fill_with_messages(caller, answered, first=time * MOST)
            assert caller.get("/health/ready").status_code == 200
            assert message_ids(town) == answered
            assert_file_is_whole(town)
            disk.make_room(LARGE)
            response = caller.deliver(refused)
            assert (response.status_code, bool(twiml_text(response))) == (200, True)
            answered.add(refused["MessageSid"])
            disk.empty()
        assert program.workers() == workers
    assert message_ids(town) == answered
    assert_states_and_answers_agree(town)


def _fill_with_messages(caller: Caller, answered: set[str], *, first: int) -> dict[str, str]:
    """Until one is refused: that one."""
    for number in range(first, first + MOST):
        fields = message_fields("TRYGG", sender=f"+46701{number:06}")
        response = caller.deliver(fields)
        if response.status_code != 200:
            _assert_may_try_again(response)
            assert number > first
            return fields
        answered.add(fields["MessageSid"])
    raise AssertionError("the disk was never full")


def _assert_may_try_again(response: Response) -> None:
    assert (response.status_code, response.headers["Retry-After"], twiml_text(response)) == (503, "2", "")
