"""``lyhord user``: accounts of the staff console. No message is sent: whoever types the command passes the link on."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from bot.cli.opening import actor, opened, utc_now
from bot.config import require
from bot.services.accounts import Accounts, Invited
from bot.services.roles import Role
from bot.wiring import read_keys


@click.group()
def user() -> None:
    """Accounts of the staff console."""


@user.command()
@click.argument("email")
@click.option("--name", required=True, help="As it is shown to others.")
@click.option(
    "--role", type=click.Choice([r.value for r in Role]), default=Role.COORDINATOR.value, show_default=True
)
@click.option("--language", type=click.Choice(["sv", "en"]), default="sv", show_default=True)
def add(email: str, name: str, role: str, language: str) -> None:
    """Invite somebody: prints a link that works once, for 72 hours."""
    with _accounts() as (accounts, console_url):
        _print_link(accounts.invite(email=email, name=name, role=Role(role), language=language), console_url)


@user.command("list")
def list_() -> None:
    """All accounts: address, role, state, when they last signed in."""
    with _accounts() as (accounts, _):
        for account in accounts.list():
            last = f"{account.signed_in_at:%Y-%m-%d %H:%M}" if account.signed_in_at else "never"
            click.echo(f"{account.email}  {account.role}  {account.state}  {last} UTC")


@user.command()
@click.argument("email")
def disable(email: str) -> None:
    """Sign somebody out everywhere and let them in no more."""
    with _accounts() as (accounts, _):
        accounts.disable(email)
    click.echo(f"{email} is disabled")


@user.command()
@click.argument("email")
def reset(email: str) -> None:
    """Take password and telephone away, and print a link to choose new ones: it works once, for an hour."""
    with _accounts() as (accounts, console_url):
        _print_link(accounts.reset(email), console_url)


@contextmanager
def _accounts() -> Iterator[tuple[Accounts, str]]:
    """The accounts, and the address of the console."""
    with opened() as (settings, database):
        require(settings, "master_keys", "console_url")
        yield (
            Accounts(
                sessions=database.sessions,
                keys=read_keys(settings),
                now=utc_now,
                actor=actor(),
                needs_codes=not settings.is_demonstration,
            ),
            settings.console_url,
        )


def _print_link(invited: Invited, console_url: str) -> None:
    until = f"{invited.expires_at:%Y-%m-%d %H:%M} UTC"
    click.echo(f"Give this link to {invited.account.name} directly. It works once, until {until}:")
    click.echo(f"{console_url}/invitation/{invited.token}")
