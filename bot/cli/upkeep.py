"""``lyhord worker`` and ``lyhord upkeep``: what happens by itself on its dates."""

import click

from bot import logs
from bot.cli.opening import opened, utc_now
from bot.config import Settings
from bot.services.ledger_copy import LedgerCopy
from bot.services.upkeep import Upkeep
from bot.wiring import ledger_file_of
from bot.worker import work
from storage.database import Database
from storage.ledger_file import LedgerUnavailable


@click.command()
def worker() -> None:
    """Run the upkeep every five minutes, and copy the ledger every minute, until stopped."""
    with opened() as (settings, database):
        logs.set_up(settings.log_level)
        work(Upkeep(sessions=database.sessions, now=utc_now), _ledger_copy(settings, database))


@click.command()
def upkeep() -> None:
    """Run both once: close rounds, forget replies, empty the inbox, destroy keys that are due; copy the ledger."""
    with opened() as (settings, database):
        done = Upkeep(sessions=database.sessions, now=utc_now).run()
        click.echo(
            f"Rounds closed: {done.rounds_closed}. Replies forgotten: {done.replies_forgotten}. "
            f"Inbox messages deleted: {done.inbox_deleted}. Keys destroyed: {done.keys_destroyed}. "
            f"Texts forgotten: {done.texts_forgotten}. Conversations deleted: {done.conversations_deleted}."
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
