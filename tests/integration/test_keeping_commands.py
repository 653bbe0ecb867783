"""`lyhord backup` and `lyhord restore` as somebody runs them in the night: told in sentences, and safe to interrupt."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click import DateTime
from click.testing import CliRunner, Result
from keeping import Keeping, count, url_of
from town import ACCOUNT, RESIDENT, settings

from bot.cli import main
from storage.database import Database
from storage.tables import AuditEntry, Conversation

LYHORD = Path(sys.executable).parent / "lyhord"


@pytest.fixture
def keeping(database: Database, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Keeping]:
    """One whose clock goes as the commands' does."""
    now, week = datetime.now(UTC), timedelta(days=7)
    with ExitStack() as stack:
        built = Keeping.build(
            database, request, tmp_path, stack, opens_on=now.date() - week, closes_on=now.date() + week
        )
        built.town.clock.time = now
        yield built


def _environment(keeping: Keeping, url: str = "", ledger: bool = True) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "LYHORD_DATABASE_URL": url or url_of(keeping.town),
        "LYHORD_MASTER_KEYS": settings().master_keys,
        "LYHORD_TWILIO_ACCOUNT_SID": ACCOUNT,
        **({"LYHORD_LEDGER_FILE": str(keeping.ledger.path)} if ledger else {}),
    }


def _run(environment: dict[str, str], *arguments: str) -> Result:
    return CliRunner(env=environment).invoke(main, list(arguments))


def _run_on_full_disk(environment: dict[str, str], *arguments: str) -> str:
    """What is told, where no file may grow beyond 32 KB: a limit stands for the disk."""
    command = ["/bin/sh", "-c", 'ulimit -f 64; exec "$0" "$@"', str(LYHORD), *arguments]
    private = {**environment, "PYTHONDONTWRITEBYTECODE": "1"}  # Python would leave its own files cut off too
    ended = subprocess.run(command, env=private, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 1, ended.stderr
    assert "Error: " in ended.stderr
    assert "Traceback" not in ended.stderr
    return ended.stderr


def test_a_night(keeping: Keeping) -> None:
    """Backed up, erased, lost, restored: what the person reads, and what there is afterwards."""
    backup = str(keeping.folder / "town.backup")
    keeping.town.phone().answer_all(*RESIDENT)
    keeping.town.phone("+46701740611").answer_all(*RESIDENT)
    made = _run(_environment(keeping), "backup", "-o", backup)
    assert made.exit_code == 0, made.stderr
    assert "sealed under the master key k1, and read again. Delete it by" in made.stdout
    assert "0 entries added to the ledger" in made.stdout
    keeping.town.clock.time = datetime.now(UTC)
    keeping.town.phone().say("radera")
    keeping.town.phone("+46701740611").say("stopp")
    assert "Entries added to the ledger's file: 2." in _run(_environment(keeping), "upkeep").stdout
    url = keeping.new_url()
    restored = _run(_environment(keeping, url), "restore", backup)
    assert restored.exit_code == 0, restored.stderr
    assert (
        "Ledger: 2 entries since the backup.\n  contacts erased again: 1\n  opt-outs: 1\n" in restored.stdout
    )
    since = restored.stdout.split("lyhord reconcile --since ")[1].split()[0]
    assert DateTime()(since).replace(tzinfo=UTC) < datetime.now(UTC)  # as the command reads it
    assert "701740" not in restored.stdout + restored.stderr + made.stdout + made.stderr
    town = keeping.open(url)
    assert count(town, Conversation) == 1
    assert count(town, AuditEntry, AuditEntry.action.in_(["restored", "backup_made"])) == 1
    again = _run(_environment(keeping, url), "restore", backup)
    assert again.exit_code == 1
    assert "Error: " in again.stderr
    assert "Traceback" not in again.stderr


def test_without_a_ledger_file_the_backup_warns_and_the_restore_refuses(keeping: Keeping) -> None:
    backup = str(keeping.folder / "town.backup")
    made = _run(_environment(keeping, ledger=False), "backup", "-o", backup)
    assert made.exit_code == 0, made.stderr
    assert "Warning: LYHORD_LEDGER_FILE is not set: a restore of this backup would bring back" in made.stderr
    refused = _run(_environment(keeping, keeping.new_url(), ledger=False), "restore", backup)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "With --without-ledger" in refused.stderr


def test_a_ledger_that_cannot_be_written_is_an_error_and_the_backup_stands(keeping: Keeping) -> None:
    keeping.ledger.path.mkdir()
    backup = keeping.folder / "town.backup"
    made = _run(_environment(keeping), "backup", "-o", str(backup))
    assert made.exit_code == 1
    assert "the backup is complete, but the ledger could not be written" in made.stderr
    assert backup.exists()


def test_a_disk_that_fills_up_leaves_nothing_behind_and_says_so(keeping: Keeping) -> None:
    """On SQLite the plain copy is too large, on PostgreSQL the sealed one."""
    keeping.town.phone().answer_all(*RESIDENT)
    before = _names(keeping.folder)
    said = _run_on_full_disk(_environment(keeping), "backup", "-o", str(keeping.folder / "town.backup"))
    assert "disk I/O error" in said or "File too large" in said
    assert _names(keeping.folder) == before
    assert keeping.town.phone("+46701740611").answer_all(*RESIDENT).startswith("Tack!")
    assert keeping.backup().exists()


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_restore_onto_a_full_disk_leaves_the_old_database(keeping: Keeping) -> None:
    keeping.town.phone().answer_all(*RESIDENT)
    backup = keeping.backup()
    keeping.copy_ledger()
    keeping.town.house.database.close()
    before = _names(keeping.folder)
    _run_on_full_disk(_environment(keeping), "restore", str(backup), "--replace")
    assert _names(keeping.folder) == before
    assert count(keeping.town, Conversation) == 1


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_backup_that_is_told_to_stop_leaves_nothing_behind(keeping: Keeping) -> None:
    programs = keeping.folder / "programs"
    programs.mkdir()
    (programs / "pg_dump").write_text(
        "#!/bin/sh\n[ $1 = --version ] && echo 99 && exit\necho begun; sleep 60\n"
    )
    (programs / "pg_dump").chmod(0o755)
    environment = {**_environment(keeping), "PATH": f"{programs}:{os.environ['PATH']}"}
    unfinished = keeping.folder / ".town.backup.unfinished"
    with subprocess.Popen(
        [LYHORD, "backup", "-o", keeping.folder / "town.backup"], env=environment
    ) as process:
        deadline = time.monotonic() + 30
        while not unfinished.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        assert unfinished.exists()
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 128 + signal.SIGTERM
    assert _names(keeping.folder) == {"programs"}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_is_no_database_or_out_of_reach_is_told_in_a_sentence(keeping: Keeping) -> None:
    backup = keeping.backup()
    garbage, missing = keeping.folder / "garbage.db", keeping.folder / "missing.db"
    garbage.write_bytes(b"no database at all" * 1000)
    away = "postgresql+psycopg://lyhord:hemligt@127.0.0.1:1/lyhord"
    for url, arguments, said in (
        (f"sqlite:///{garbage}", ("backup", "-o", "x.backup"), "is not an SQLite database, or it is damaged"),
        (f"sqlite:///{missing}", ("backup", "-o", "x.backup"), "there is no database at"),
        (away, ("backup", "-o", "x.backup"), "pg_dump is not installed|cannot be reached"),
        (away, ("restore", str(backup)), "is a backup of sqlite"),
        (f"sqlite:///{missing}", ("restore", str(garbage)), "it is not a backup that Lyhörd made"),
    ):
        refused = _run(_environment(keeping, url), *arguments)
        assert refused.exit_code == 1
        assert re.search(said, refused.stderr), refused.stderr
        assert "Traceback" not in refused.stderr
        assert "hemligt" not in refused.stderr
    assert not missing.exists()
