"""``lyhord audit``: whether the log of who did what is as it was written."""

import re

import click

from bot.cli.opening import opened
from bot.services.auditing import Auditing
from storage.audit import ChainState, Fault, Head

_TOLD = {
    Fault.CHANGED: "entry {id} was changed after it was written",
    Fault.BROKEN_LINK: "before entry {id} entries were taken away, put in or have changed places",
    Fault.CUT_OFF: "entry {id} and what came after it are missing",
    Fault.WRITTEN_ANEW: "entry {id} is not the one kept: the log was written anew, or an older backup restored",
}


@click.group()
def audit() -> None:
    """The log of who did what: each entry vouches for the one before."""


@audit.command()
@click.option(
    "--head", "kept", default="", help="NUMBER:HASH that was kept elsewhere: must still be in the log."
)
def verify(kept: str) -> None:
    """Look at every entry and say whether the chain holds, or where it is broken (exit code 1)."""
    with opened() as (_, database):
        state = Auditing(sessions=database.sessions).check(_head(kept))
    if state.fault is not None:
        raise click.ClickException(f"the chain is broken: {_told(state)}. Keep the database as it is.")
    click.echo(f"The chain holds: {state.count} entries, the last {state.head.id}:{state.head.hash}")


@audit.command()
def head() -> None:
    """Print the end of the chain, to be kept elsewhere: lyhord audit verify --head NUMBER:HASH"""
    with opened() as (_, database):
        end = Auditing(sessions=database.sessions).head()
    click.echo(f"{end.id}:{end.hash}")


def _told(state: ChainState) -> str:
    return _TOLD[state.fault].format(id=state.broken_at) if state.fault else ""


def _head(kept: str) -> Head | None:
    if not kept:
        return None
    if not re.fullmatch("[0-9]{1,15}:[0-9a-f]{64}", kept.strip()):
        raise click.UsageError("--head is a number, a colon and 64 hexadecimal digits")
    number, _, hash_ = kept.strip().partition(":")
    return Head(id=int(number), hash=hash_)
