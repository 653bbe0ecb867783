"""``lyhord worker`` and ``lyhord upkeep``: what happens by itself on its dates."""

import click

from bot.cli.opening import built, opened, utc_now
from bot.services.upkeep import Upkeep
from bot.worker import tasks_of, work


@click.command()
def worker() -> None:
    """Run what must happen by itself until stopped: take in what was kept or missed, send, forget, delete, close."""
    with built() as house:
        work(tuple(tasks_of(house)))


@click.command()
def upkeep() -> None:
    """Run the upkeep once: close rounds, forget replies, empty the inbox, destroy keys that are due."""
    with opened() as (_, database):
        done = Upkeep(sessions=database.sessions, now=utc_now).run()
        click.echo(
            f"Rounds closed: {done.rounds_closed}. Unsent messages deleted: {done.unsent_deleted}. "
            f"Replies forgotten: {done.replies_forgotten}. Inbox messages deleted: {done.inbox_deleted}. "
            f"Keys destroyed: {done.keys_destroyed}. Texts forgotten: {done.texts_forgotten}. "
            f"Conversations deleted: {done.conversations_deleted}. Marked: {done.conversations_marked}."
        )
