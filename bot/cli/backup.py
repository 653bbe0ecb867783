"""``lyhord backup`` and ``lyhord restore``."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, timedelta
from pathlib import Path

import click

from bot.cli.opening import actor, opened, sentences, utc_now
from bot.config import read_settings, require
from bot.services.backups import Backups
from bot.services.ledger_copy import LedgerCopy
from bot.services.restoring import Restored, Restoring
from bot.wiring import copying_of, ledger_file_of, read_keys
from storage.database import Database, DatabaseUnavailable
from storage.ledger import Kind
from storage.ledger_file import LedgerFile, LedgerUnavailable

_NO_LEDGER = (
    "LYHORD_LEDGER_FILE is not set: a restore of this backup would bring back what is erased from now on, and write to "
    "who says STOP from now on. Name a file on another disk."
)
_CLOCKS_DIFFER = timedelta(minutes=5)
"""What is fetched twice is known by the provider's id."""
TOLD = {
    Kind.ERASED: "contacts erased again",
    Kind.UNDER_AGE: "conversations with children deleted again",
    Kind.UNLISTED: "numbers taken off the feedback list again",
    Kind.OPTED_OUT: "opt-outs",
    Kind.OPTED_IN: "opt-ins",
    Kind.DISCARDED: "messages of the inbox and the quarantine deleted again",
    Kind.ROUND_CLOSED: "rounds closed again",
    Kind.ROUND_EXTENDED: "rounds extended again",
    Kind.DECIDED: "days of decisions noted again",
    Kind.KEY_DESTROYED: "rounds' keys destroyed again",
}


@click.command()
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path))
def backup(output: Path) -> None:
    """Write a backup of the database, sealed under the master key, and bring the ledger's file up to date.

    The program may be in use meanwhile. An existing file is never written over.
    """
    with _orderly(), opened() as (settings, database):
        require(settings, "master_keys")
        copying, keys = copying_of(settings), read_keys(settings)
        made = Backups(database=database, copying=copying, keys=keys, now=utc_now, actor=actor()).make(output)
        click.echo(
            f"{output}: {made.size_bytes / 1e6:.1f} MB, sealed under the master key {made.key_id}, and read again. "
            f"Delete it by {made.delete_by}."
        )
        _copy_ledger(database, ledger_file_of(settings))


def _copy_ledger(database: Database, file: LedgerFile | None) -> None:
    if file is None:
        click.echo(f"Warning: {_NO_LEDGER}", err=True)
        return
    try:
        done = LedgerCopy(sessions=database.sessions, file=file, now=utc_now).run()
    except (LedgerUnavailable, DatabaseUnavailable) as error:
        raise click.ClickException(
            f"the backup is complete, but the ledger could not be written: {error}"
        ) from None
    mended = f", {done.mended} lines that could not be read taken out" if done.mended else ""
    click.echo(f"{file.path}: {done.added} entries added to the ledger{mended}.")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", "may_replace", is_flag=True, help="SQLite: move the database that is there aside.")
@click.option("--without-ledger", is_flag=True, help="Although what was erased since the backup comes back.")
def restore(file: Path, may_replace: bool, without_ledger: bool) -> None:
    """Restore the backup FILE into the database of LYHORD_DATABASE_URL, which must be empty or not exist.

    What was erased, opted out or destroyed after the backup is so again. Stop the web server and the worker first.
    """
    with _orderly(), sentences():
        settings = read_settings()
        require(settings, "database_url", "master_keys")
        restoring = Restoring(
            copying=copying_of(settings),
            keys=read_keys(settings),
            ledger_file=ledger_file_of(settings),
            now=utc_now,
            actor=actor(),
        )
        _tell(restoring.restore(file, may_replace=may_replace, without_ledger=without_ledger))


def _tell(restored: Restored) -> None:
    made_at = restored.header.made_at
    click.echo(
        f"Restored: the database as it was at {made_at:%Y-%m-%d %H:%M} UTC. Its integrity was checked."
    )
    if restored.moved_to:
        click.echo(
            f"The earlier database stands in {restored.moved_to}. Delete it when it is no longer needed."
        )
    click.echo(f"Ledger: {restored.replayed.total()} entries since the backup.")
    for kind, count in restored.replayed.items():
        click.echo(f"  {TOLD[kind]}: {count}")
    done = restored.upkeep
    click.echo(
        f"Upkeep: {done.rounds_closed} rounds closed, {done.keys_destroyed} keys destroyed, "
        f"{done.inbox_deleted} inbox messages and {done.quarantine_deleted} of the quarantine deleted, "
        f"{done.replies_forgotten} replies forgotten."
    )
    for note in restored.notes:
        click.echo(f"Note: {note}")
    since = made_at.astimezone(UTC) - _CLOCKS_DIFFER
    click.echo(
        "Next: fetch what came in since the backup from the provider, then start the web server and the worker:\n"
        f"  lyhord reconcile --since {since:%Y-%m-%dT%H:%M:%S} --answered"
    )


@contextmanager
def _orderly() -> Iterator[None]:
    """Being told to stop is an exception like others: what is unfinished is removed on the way out."""

    def leave(number: int, _frame: object) -> None:
        raise SystemExit(128 + number)

    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
