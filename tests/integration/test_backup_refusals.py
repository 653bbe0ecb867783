"""What cannot be backed up or restored is refused with a sentence, and everything is left as it was."""

import errno
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from keeping import Keeping, count, keeping, url_of
from sqlalchemy import inspect, text
from town import RESIDENT, Town

from bot.services.backups import BackupRefused
from privacy.pseudonyms import KeyRing
from storage import sqlite_file
from storage.database import open_database
from storage.ledger_file import LedgerFile
from storage.tables import AuditEntry, Conversation

__all__ = ["keeping"]

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
ON_POSTGRESQL = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


@pytest.fixture
def backup(keeping: Keeping) -> Path:
    """One of a town where one resident has answered."""
    keeping.town.phone().answer_all(*RESIDENT)
    keeping.copy_ledger()
    return keeping.backup()


@pytest.fixture
def empty_url(keeping: Keeping) -> Iterator[str]:
    """Where nothing is, neither before nor after."""
    url = keeping.new_url()
    yield url
    _assert_empty(url)


def _assert_empty(url: str) -> None:
    if url.startswith("sqlite:///"):
        folder = Path(url.removeprefix("sqlite:///")).parent
        assert not folder.exists() or list(folder.iterdir()) == []
        return
    with closing(open_database(url)) as database:
        assert inspect(database.engine).get_table_names() == []


def _changed(backup: Path, at: int) -> Path:
    octets = bytearray(backup.read_bytes())
    octets[at] ^= 1
    changed = backup.with_name("changed.backup")
    changed.write_bytes(octets)
    return changed


def test_a_changed_or_cut_backup_is_refused(keeping: Keeping, backup: Path, empty_url: str) -> None:
    restoring = keeping.restoring(empty_url)
    for at in (-1, -20_000, 1000):
        with pytest.raises(BackupRefused, match="changed or cut off after about"):
            restoring.restore(_changed(backup, at))
    for length in (backup.stat().st_size - 1, backup.stat().st_size // 2, 600, 100, 10, 0):
        cut = keeping.folder / "cut.backup"
        cut.write_bytes(backup.read_bytes()[:length])
        with pytest.raises(BackupRefused, match=r"cut\.backup cannot be restored: it"):
            restoring.restore(cut)


def test_another_master_key_is_told_from_a_missing_one(
    keeping: Keeping, backup: Path, empty_url: str
) -> None:
    with pytest.raises(BackupRefused, match="sealed with another key that was called k1 too"):
        keeping.restoring(empty_url, keys=KeyRing([("k1", bytes(32))])).restore(backup)
    with pytest.raises(BackupRefused, match="under the master key k1, which LYHORD_MASTER_KEYS lacks"):
        keeping.restoring(empty_url, keys=KeyRing([("k2", bytes(range(32)))])).restore(backup)


def test_a_backup_opens_under_an_older_key_of_the_ring(keeping: Keeping, backup: Path) -> None:
    keys = KeyRing([("k2", bytes(32)), ("k1", bytes(range(32)))])
    keeping.restoring(keeping.new_url(), keys=keys).restore(backup)


def test_a_backup_of_the_other_engine_is_refused(keeping: Keeping, backup: Path) -> None:
    is_sqlite = keeping.url.startswith("sqlite")
    other = "postgresql+psycopg://nobody@/nowhere" if is_sqlite else f"sqlite:///{keeping.folder}/other.db"
    with pytest.raises(BackupRefused, match=r"is a backup of \w+ and LYHORD_DATABASE_URL names"):
        keeping.restoring(other).restore(backup)
    assert not (keeping.folder / "other.db").exists()


def test_a_backup_of_a_newer_program_is_refused(keeping: Keeping, empty_url: str) -> None:
    with keeping.town.house.database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    keeping.copy_ledger()
    with pytest.raises(BackupRefused, match="made by a newer version of Lyhörd"):
        keeping.restoring(empty_url).restore(keeping.backup())


def test_an_existing_file_is_not_written_over_and_a_missing_folder_not_made(keeping: Keeping) -> None:
    target = keeping.folder / "town.backup"
    target.write_text("precious")
    with pytest.raises(BackupRefused, match="exists: a backup is never written over"):
        keeping.backup()
    assert target.read_text() == "precious"
    with pytest.raises(BackupRefused, match="is its disk mounted"):
        keeping.backup("mounted/town.backup")
    assert not (keeping.folder / "mounted").exists()


def test_a_database_without_tables_is_not_backed_up(keeping: Keeping) -> None:
    url = keeping.new_url()
    with pytest.raises(BackupRefused, match=r"no database at|no tables yet"):
        keeping.backup("empty.backup", of=keeping.open(url))
    assert not (keeping.folder / "empty.backup").exists()


def test_a_backup_is_readable_for_its_owner_alone_and_leaves_nothing_else(
    keeping: Keeping, backup: Path
) -> None:
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    lasting = {"lyhord.db", "lyhord.db-wal", "lyhord.db-shm", "lyhord.db.lock"}
    ours = {"town.backup", "ledger.jsonl", "ledger.jsonl.lock"}
    assert {path.name for path in keeping.folder.iterdir()} - lasting == ours
    octets = backup.read_bytes()
    for plain in (b"Folk k", b"SQLite format", b"PGDMP", b"are-demo"):
        assert plain not in octets


def test_without_a_ledger_nothing_is_restored_unless_it_is_asked_for(
    keeping: Keeping, backup: Path, empty_url: str
) -> None:
    keeping.town.phone().say("radera")
    missing = LedgerFile(path=keeping.folder / "no.jsonl")
    with pytest.raises(BackupRefused, match=r"the ledger cannot be read: .*no\.jsonl.*--without-ledger"):
        keeping.restoring(empty_url, ledger=missing).restore(backup)
    url = keeping.new_url()
    told = keeping.restoring(url, ledger=missing).restore(backup, without_ledger=True)
    assert "The ledger cannot be read" in told.notes[0]
    town = keeping.open(url)
    assert count(town, Conversation) == 1
    assert count(town, AuditEntry, AuditEntry.action == "restored_without_ledger") == 1


def test_a_backup_that_the_ledger_no_longer_reaches_is_refused(
    keeping: Keeping, backup: Path, empty_url: str
) -> None:
    keeping.town.clock.move(days=31)
    with pytest.raises(BackupRefused, match="was to be deleted by 2026-12-02: the ledger no longer knows"):
        keeping.restoring(empty_url).restore(backup)
    keeping.town.clock.move(days=-1)
    keeping.restoring(keeping.new_url()).restore(backup)


def test_the_ledger_of_another_database_is_refused(keeping: Keeping, empty_url: str) -> None:
    keeping.town.phone().say("stopp")
    backup = keeping.backup()
    other = LedgerFile(path=keeping.folder / "other.jsonl")
    other.update([], oldest=keeping.town.clock())
    with pytest.raises(BackupRefused, match="it is another database's"):
        keeping.restoring(empty_url, ledger=other).restore(backup)


def test_damage_in_the_ledger_is_told_of_and_the_rest_replayed(keeping: Keeping) -> None:
    backup = keeping.backup()
    for number in range(3):
        keeping.town.phone(f"+4670174061{number}").say("stopp")
    keeping.copy_ledger()
    first, _, third, _ = keeping.ledger.path.read_bytes().split(b"\n")
    keeping.ledger.path.write_bytes(b"\n".join((first, b"\x00\x00", third, b'{"uid":')))
    told, _ = keeping.restored(backup)
    assert told.replayed.total() == 2
    assert "line 2 cannot be read" in told.notes[0]
    assert "not whole" in told.notes[1]


@ON_SQLITE
def test_an_existing_database_is_replaced_only_when_asked_and_while_nobody_has_it_open(
    keeping: Keeping, backup: Path
) -> None:
    url, path = url_of(keeping.town), keeping.folder / "lyhord.db"
    with pytest.raises(BackupRefused, match="with --replace it is moved aside"):
        keeping.restoring(url).restore(backup)
    with pytest.raises(BackupRefused, match="is in use: stop the web server and the worker"):
        keeping.restoring(url).restore(backup, may_replace=True)
    keeping.town.house.database.close()
    with _open_elsewhere(path), pytest.raises(BackupRefused, match="is in use"):
        keeping.restoring(url).restore(backup, may_replace=True)
    assert count(keeping.open(url), Conversation) == 1
    assert [p.name for p in keeping.folder.glob("*replaced*")] == []


def _open_elsewhere(path: Path) -> "subprocess.Popen[bytes]":
    """As the worker has it between two turns."""
    code = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('select 1 from rounds').fetchall(); "
        "print(1, flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", code, str(path)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    return process


@ON_SQLITE
def test_a_database_too_damaged_to_be_read_is_moved_aside_as_it_is(keeping: Keeping, backup: Path) -> None:
    keeping.town.house.database.close()
    path = keeping.folder / "lyhord.db"
    damaged = b"no database at all" * 1000
    path.write_bytes(damaged)
    Path(f"{path}-wal").write_bytes(b"what it wrote last")
    told = keeping.restoring(f"sqlite:///{path}").restore(backup, may_replace=True)
    assert told.moved_to is not None
    assert told.moved_to.read_bytes() == damaged
    assert Path(f"{told.moved_to}-wal").read_bytes() == b"what it wrote last"
    assert "cannot be read" in told.notes[0]
    assert count(keeping.open(f"sqlite:///{path}"), Conversation) == 1


@ON_SQLITE
def test_a_database_that_was_moved_aside_comes_back_where_the_new_one_cannot_take_its_place(
    keeping: Keeping, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_paths: Path) -> None:
        raise OSError(errno.EIO, "Input/output error")

    keeping.town.house.database.close()
    monkeypatch.setattr(sqlite_file, "finish", fail)
    with pytest.raises(BackupRefused, match=r"Input/output error.*Nothing was changed"):
        keeping.restoring(keeping.url).restore(backup, may_replace=True)
    assert [*keeping.folder.glob("*replaced*"), *keeping.folder.glob("*restoring*")] == []
    assert count(keeping.town, Conversation) == 1


@ON_SQLITE
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_restored_by_root_the_database_belongs_to_whom_the_old_one_did(
    keeping: Keeping, backup: Path
) -> None:
    keeping.town.house.database.close()
    path = keeping.folder / "lyhord.db"
    os.chown(path, 4321, 1234)
    keeping.restoring(keeping.url).restore(backup, may_replace=True)
    assert (path.stat().st_uid, path.stat().st_gid) == (4321, 1234)


@ON_SQLITE
def test_replacing_again_in_the_same_second_keeps_both(keeping: Keeping, backup: Path) -> None:
    keeping.town.house.database.close()
    restoring = keeping.restoring(keeping.url)
    moved = {restoring.restore(backup, may_replace=True).moved_to for _ in range(3)}
    assert len(moved) == 3
    assert all(path is not None and path.exists() for path in moved)


@ON_POSTGRESQL
def test_a_postgresql_database_with_tables_is_not_restored_into(keeping: Keeping, backup: Path) -> None:
    for may_replace, said in ((False, "is not empty: make an empty one"), (True, "--replace is for SQLite")):
        with pytest.raises(BackupRefused, match=said):
            keeping.restoring(keeping.url).restore(backup, may_replace=may_replace)
    assert count(keeping.town, Conversation) == 1


@ON_POSTGRESQL
def test_client_programs_that_are_missing_or_too_old_are_named(
    keeping: Keeping, backup: Path, empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = keeping.folder / "programs"
    programs.mkdir()
    monkeypatch.setenv("PATH", str(programs))
    with pytest.raises(BackupRefused, match="pg_dump is not installed"):
        keeping.backup("second.backup")
    with pytest.raises(BackupRefused, match="pg_restore is not installed"):
        keeping.restoring(empty_url).restore(backup)
    for program in ("pg_dump", "pg_restore"):
        _program(programs / program, f"echo '{program} (PostgreSQL) 9.6.24 (Debian 9.6.24-1)'")
    with pytest.raises(
        BackupRefused, match=r"pg_dump is of version 9\.6\.24 and the server of version \d+: install"
    ):
        keeping.backup("second.backup")
    with pytest.raises(
        BackupRefused, match=r"made with pg_dump \d+\S* and pg_restore is of version 9\.6\.24"
    ):
        keeping.restoring(empty_url).restore(backup)
    assert not (keeping.folder / "second.backup").exists()


@ON_POSTGRESQL
def test_a_program_that_fails_midway_leaves_nothing_and_its_first_error_is_told(
    keeping: Keeping, backup: Path, empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = keeping.folder / "programs"
    programs.mkdir()
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    said = "pg_dump: error: connection to server was lost\npg_dump: detail: COPY answers: a secret"
    failing = f"[ $1 = --version ] && echo 99 && exit 0\nhead -c 300000 /dev/zero\necho '{said}' >&2\nexit 1"
    _program(programs / "pg_dump", failing)
    _program(programs / "pg_restore", failing.replace("head -c", "cat | head -c"))
    with pytest.raises(BackupRefused, match=r"^pg_dump failed: error: connection to server was lost$"):
        keeping.backup("second.backup")
    with pytest.raises(BackupRefused, match="pg_restore failed"):
        keeping.restoring(empty_url).restore(backup)
    assert list(keeping.folder.glob("*second*")) == []


def _program(path: Path, script: str) -> None:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def test_what_fails_after_the_rows_are_in_leaves_the_database_as_empty_as_it_was(
    keeping: Keeping, backup: Path, empty_url: str
) -> None:
    """Wherever it fails: the clock gives out at the first time of asking, the second, and so on."""
    asked = list(_restore_until(keeping, backup, keeping.new_url(), 1000))
    assert len(asked) >= 5
    for times in range(len(asked)):
        with pytest.raises(IndexError):
            list(_restore_until(keeping, backup, empty_url, times))
        _assert_empty(empty_url)


def _restore_until(keeping: Keeping, backup: Path, url: str, times: int) -> list[datetime]:
    """The times that were asked for."""
    asked: list[datetime] = []

    def now() -> datetime:
        if len(asked) == times:
            raise IndexError
        asked.append(keeping.town.clock())
        return asked[-1]

    replace(keeping.restoring(url), now=now).restore(backup)
    return asked


def test_what_a_killed_process_left_is_cleaned_by_the_next(keeping: Keeping) -> None:
    keeping.town.phone().answer_all(*RESIDENT)
    left = [".town.backup.unfinished", ".lyhord.db.copying"]
    for name in left:
        (keeping.folder / name).write_bytes(b"what was left" * 1_000_000)
    keeping.copy_ledger()
    _, town = keeping.restored(keeping.backup())
    assert isinstance(town, Town)
    assert count(town, Conversation) == 1
    if keeping.url.startswith("sqlite"):
        assert [name for name in left if (keeping.folder / name).exists()] == []
