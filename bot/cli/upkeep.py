"""``lyhord worker`` and ``lyhord upkeep``: what happens by itself on its dates."""

import click

from bot.cli.opening import built, opened, utc_now
from bot.config import Settings
from bot.services.ledger_copy import LedgerCopy
from bot.services.upkeep import Upkeep
from bot.wiring import ledger_file_of
from bot.worker import tasks_of, work
from storage.database import Database
from storage.ledger_file import LedgerUnavailable


@click.command()
def worker() -> None:
    """Run what must happen by itself until stopped: take in what was kept or missed, send, forget, delete, close."""
    with built() as house:
        work(tuple(tasks_of(house)))


@click.command()
def upkeep() -> None:
    """Run both once: close rounds, forget replies, empty the inbox, destroy keys that are due; copy the ledger."""
    with opened() as (settings, database):
        done = Upkeep(sessions=database.sessions, now=utc_now).run()
        click.echo(
            f"Rounds closed: {done.rounds_closed}. Unsent messages deleted: {done.unsent_deleted}. "
            f"Replies forgotten: {done.replies_forgotten}. Inbox messages deleted: {done.inbox_deleted}. "
            f"Messages of the quarantine deleted: {done.quarantine_deleted}. "
            f"Keys destroyed: {done.keys_destroyed}. Texts forgotten: {done.texts_forgotten}. "
            f"Numbers deleted: {done.numbers_deleted}. Conversations deleted: {done.conversations_deleted}. "
            f"Marked: {done.conversations_marked}."
        )
        if done.not_deleted:
            raise click.ClickException(
                f"{done.not_deleted} deletions failed: the log says which. Nothing of them was changed"
            )
        ledger = _ledger_copy(settings, database)
        if ledger is None:
            return
        try:
            click.echo(f"Entries added to the ledger's file: {ledger.run().added}.")
        except LedgerUnavailable as error:
            raise click.ClickException(f"the ledger could not be written: {error}") from None


def _ledger_copy(settings: Settings, database: Database) -> LedgerCopy | None:
    file = ledger_file_of(settings)
    return LedgerCopy(sessions=database.sessions, file=file, now=utc_now) if file else None
