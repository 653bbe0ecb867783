"""The command line: `lyhord`. One module a group of commands; all errors of use become one sentence."""

from importlib import import_module

import click

COMMANDS = {
    "db": "database:db",
    "flow": "flow:flow",
    "round": "round:round_",
    "print": "printing:print_",
    "chat": "chat:chat",
    "export": "export:export",
    "compare": "compare:compare",
    "statistics": "statistics:statistics",
    "coding": "coding:coding",
    "promise": "promise:promise",
    "inbox": "inbox:inbox",
    "user": "user:user",
    "audit": "audit:audit",
    "evaluate": "evaluate:evaluate",
    "explain": "explain:explain",
    "worker": "upkeep:worker",
    "upkeep": "upkeep:upkeep",
    "drain": "late:drain",
    "reconcile": "late:reconcile",
    "backup": "backup:backup",
    "restore": "backup:restore",
    "doctor": "doctor:doctor",
    "demo": "demo:demo",
    "fake-gateway": "fake_gateway:fake_gateway",
    "fake-site": "fake_site:fake_site",
}
"""Each command by its name: module in this package, and what it is called there."""


class _LazyGroup(click.Group):
    """Loads a command when it is asked for: the worker would otherwise hold what exporters and pages need."""

    def list_commands(self, _context: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[name].partition(":")
        command: click.Command = getattr(import_module(f"bot.cli.{module}"), attribute)
        return command


@click.group(cls=_LazyGroup)
@click.version_option(package_name="lyhord", message="Lyhörd %(version)s")
def main() -> None:
    """Lyhörd asks residents what makes them unsafe and makes the local problem picture of the answers."""
