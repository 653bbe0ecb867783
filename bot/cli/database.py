"""``lyhord db``: the database's tables."""

import click

from bot.cli.opening import opened
from storage.upgrading import is_current, upgrade


@click.group()
def db() -> None:
    """The database."""


@db.command("upgrade")
def upgrade_command() -> None:
    """Bring the database to this version's tables. Safe to run again."""
    with opened() as (_, database):
        was_current = is_current(database)
        upgrade(database)
        click.echo("The database was up to date." if was_current else "The database is up to date now.")
