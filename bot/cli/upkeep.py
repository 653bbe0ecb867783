"""``lyhord worker`` and ``lyhord upkeep``: what happens by itself on its dates."""

import click

from bot import logs
from bot.cli.opening import opened, utc_now
from bot.services.upkeep import Upkeep
from bot.worker import work


@click.command()
def worker() -> None:
    """Run the upkeep every five minutes until stopped."""
    with opened() as (settings, database):
        logs.set_up(settings.log_level)
        work(Upkeep(sessions=database.sessions, now=utc_now))


@click.command()
def upkeep() -> None:
    """Run the upkeep once: close rounds, forget replies, empty the inbox, destroy keys that are due."""
    with opened() as (_, database):
        done = Upkeep(sessions=database.sessions, now=utc_now).run()
        click.echo(
            f"Rounds closed: {done.rounds_closed}. Replies forgotten: {done.replies_forgotten}. "
            f"Inbox messages deleted: {done.inbox_deleted}. Keys destroyed: {done.keys_destroyed}. "
            f"Texts forgotten: {done.texts_forgotten}. Conversations deleted: {done.conversations_deleted}."
        )
