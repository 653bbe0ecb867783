"""``lyhord drain`` and ``lyhord reconcile``: messages that come after their time."""

from datetime import UTC, datetime

import click

from bot.cli.opening import built
from bot.services.late import Drain, Reconciliation
from bot.wiring import load_provider, load_spool


@click.command()
def drain() -> None:
    """Take in what the fallback process kept while the database was away."""
    with built() as house:
        done = Drain(inbound=house.inbound, spool=load_spool(house.settings)).run()
    click.echo(f"Taken in: {done.taken}. Known already: {done.known}. Still in the spool: {done.failed}.")
    if done.failed:
        raise click.ClickException("some messages could not be taken in; the log says which and why")


@click.command()
@click.option("--since", type=click.DateTime(), help="In UTC; the last 24 hours where it is not given.")
@click.option(
    "--answered", is_flag=True, help="After a restore: they were answered at the time; say nothing."
)
def reconcile(since: datetime | None, answered: bool) -> None:
    """Ask the provider what came in, and take in what never reached us."""
    with built() as house:
        done = Reconciliation(
            inbound=house.inbound,
            provider=load_provider(house.settings),
            sessions=house.database.sessions,
            now=house.now,
        ).run(since.replace(tzinfo=UTC) if since else None, was_answered=answered)
    click.echo(f"Listed by the provider: {done.listed}. Missing here and taken in: {done.taken}.")
    if done.failed:
        raise click.ClickException(f"{done.failed} could not be taken in; the log says which and why")
