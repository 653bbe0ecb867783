"""Checks of the database: there, writable, current, sound, on a disk with room; and whether the worker sees to it."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from bot.doctor.finding import Finding, fault, ok, warning
from bot.doctor.set_up import SetUp
from storage.condition import UPKEEP, get_last_run
from storage.database import DatabaseUnavailable
from storage.inspection import (
    check_file,
    get_journal_mode,
    get_server_setting,
    try_to_write,
)

QUICK_CHECK_S = 20
OLDEST_POSTGRESQL = 14
LEAST_ROOM, LITTLE_ROOM = 100_000_000, 1_000_000_000
"""Bytes: under the first nothing can soon be stored; a round of a large municipality takes less than the second."""
_NETWORK_FILESYSTEMS = frozenset(
    {
        "nfs",
        "nfs3",
        "nfs4",
        "cifs",
        "smb3",
        "smbfs",
        "9p",
        "afs",
        "ceph",
        "glusterfs",
        "lustre",
        "davfs",
        "ncpfs",
    }
)
_MOUNTS = Path("/proc/mounts")
_UPKEEP_LATE, _UPKEEP_DEAD = timedelta(minutes=15), timedelta(hours=24)


def check_database(set_up: SetUp) -> Iterator[Finding]:
    """Whether it answers and can be written."""
    if set_up.database is None:
        advice = (
            "Is LYHORD_DATABASE_URL right, and the database there? A new one is made by: lyhord db upgrade"
        )
        yield fault(f"The database cannot be used: {set_up.why_no_database}.", advice)
        return
    try:
        if set_up.has_current_tables:
            try_to_write(set_up.database.sessions, set_up.now())
        yield ok("The database answers and can be written.")
    except DatabaseUnavailable as error:
        advice = (
            "Who owns it, and is its disk or server read-only? The processes' user must be able to write."
        )
        yield fault(f"The database can be read and not written: {error}.", advice)


def check_migrations(set_up: SetUp) -> Iterator[Finding]:
    if set_up.database is None:
        return
    if set_up.has_current_tables:
        yield ok("The database has this version's tables.")
    else:
        advice = (
            "Run: lyhord db upgrade. If that does not help, the database is from a later version of Lyhörd."
        )
        yield fault("The database does not have this version's tables.", advice)


def check_disk(set_up: SetUp) -> Iterator[Finding]:
    """An SQLite file must lie on a disk of this machine: locks do not hold over a network."""
    file = set_up.database_file
    if file is None:
        return
    if not _MOUNTS.exists():
        yield warning(
            "What kind of disk the database is on cannot be told here.", "See to it that it is a local one."
        )
        return
    kind = filesystem_of(file, _MOUNTS.read_text(encoding="utf-8"))
    if kind in _NETWORK_FILESYSTEMS or kind.startswith("fuse"):
        advice = "Move the file to a local disk, or take PostgreSQL. Two writers would destroy it here."
        yield fault(f"The database is on a file system over a network or in user space ({kind}).", advice)
    else:
        yield ok(f"The database is on a local disk ({kind}).")


def filesystem_of(file: Path, mounts: str) -> str:
    """The kind of file system that `file` is on, by the lines of /proc/mounts; the last and longest mount counts."""
    found, kind = Path(), ""
    target = file.resolve()
    for line in mounts.splitlines():
        _, where, name, *_ = line.split(" ")
        mount = Path(where.encode().decode("unicode_escape"))
        if target.is_relative_to(mount) and len(mount.parts) >= len(found.parts):
            found, kind = mount, name
    return kind


def check_room(set_up: SetUp) -> Iterator[Finding]:
    file = set_up.database_file
    if file is None:
        return
    free = shutil.disk_usage(file.parent).free
    said = f"{free / 1e9:.1f} GB are free where the database is."
    if free < LEAST_ROOM:
        yield fault(
            said, "Make room: what cannot be stored is refused, and the provider gives up after a while."
        )
    elif free < LITTLE_ROOM:
        yield warning(said, "Make room.")
    else:
        yield ok(said)


def check_sqlite(set_up: SetUp) -> Iterator[Finding]:
    """Journal and soundness of an SQLite file."""
    file = set_up.database_file
    if file is None:
        return
    mode = _journal_mode(set_up)
    if mode not in ("wal", ""):
        advice = "Does its file system know shared memory?"
        yield fault(f"The database's journal is in mode {mode}, not wal.", advice)
    complaint = check_file(file, QUICK_CHECK_S)
    if complaint is None:
        yield warning(
            f"The database was not looked through in {QUICK_CHECK_S} seconds.",
            'Do it at night: sqlite3 FILE "PRAGMA quick_check".',
        )
    elif complaint == "ok":
        yield ok("The database is sound (quick_check).")
    else:
        advice = "Stop the processes, keep a copy of the files, and go back to the last backup."
        yield fault("The database is damaged (quick_check).", advice)


def _journal_mode(set_up: SetUp) -> str:
    if set_up.database is None:
        return ""
    with set_up.database.sessions.reading() as session:
        return get_journal_mode(session)


def check_postgresql(set_up: SetUp) -> Iterator[Finding]:
    """Version, and that what is acknowledged is on disk."""
    if set_up.database is None or set_up.database_file is not None:
        return
    with set_up.database.sessions.reading() as session:
        version = int(get_server_setting(session, "server_version_num")) // 10_000
        unsafe = [
            name
            for name in ("synchronous_commit", "fsync", "full_page_writes")
            if get_server_setting(session, name) == "off"
        ]
    if version < OLDEST_POSTGRESQL:
        yield fault(f"The server is PostgreSQL {version}.", f"Take {OLDEST_POSTGRESQL} or later.")
    else:
        yield ok(f"The server is PostgreSQL {version}.")
    if unsafe:
        advice = (
            "Switch it on: else answers that residents believe to be kept are lost when the machine fails."
        )
        yield fault(f"The server has {' and '.join(unsafe)} off.", advice)


def check_worker(set_up: SetUp) -> Iterator[Finding]:
    """Whether what must happen on its date happens."""
    if set_up.database is None or not set_up.has_current_tables:
        return
    with set_up.database.sessions.reading() as session:
        ran_at = get_last_run(session, UPKEEP)
    advice = "Keep it running: lyhord worker. Without it nothing is closed, forgotten or deleted on its date."
    if ran_at is None:
        is_needed = set_up.open_rounds and not set_up.settings.is_demonstration
        yield (fault if is_needed else warning)("The worker has never run.", advice)
        return
    age = set_up.now() - ran_at
    said = f"The worker ran {max(0, round(age.total_seconds() / 60))} minutes ago."
    if age > _UPKEEP_DEAD:
        yield fault(said, advice)
    elif age > _UPKEEP_LATE:
        yield warning(said, advice)
    else:
        yield ok(said)
