"""The command line: `lyhord`. One module a group of commands; all errors of use become one sentence."""

import click

from bot.cli.chat import chat
from bot.cli.coding import coding
from bot.cli.database import db
from bot.cli.demo import demo
from bot.cli.evaluate import evaluate
from bot.cli.explain import explain
from bot.cli.export import export
from bot.cli.fake_gateway import fake_gateway
from bot.cli.fake_site import fake_site
from bot.cli.flow import flow
from bot.cli.inbox import inbox
from bot.cli.late import drain, reconcile
from bot.cli.round import round_
from bot.cli.upkeep import upkeep, worker


@click.group()
@click.version_option(package_name="lyhord", message="Lyhörd %(version)s")
def main() -> None:
    """Lyhörd asks residents what makes them unsafe and makes the local problem picture of the answers."""


COMMANDS = (
    db,
    flow,
    round_,
    chat,
    export,
    coding,
    inbox,
    evaluate,
    explain,
    worker,
    upkeep,
    drain,
    reconcile,
    demo,
    fake_gateway,
    fake_site,
)
for command in COMMANDS:
    main.add_command(command)
