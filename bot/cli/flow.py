"""``lyhord flow``: checking flows before a resident meets their faults."""

from pathlib import Path

import click

from bot.cli.opening import load_file, print_problems
from bot.services.publishing import check_document
from flows.catalogue import flow_names, load_document
from flows.documents import Problem, has_errors


@click.group()
def flow() -> None:
    """Survey flows."""


@flow.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check(files: tuple[Path, ...]) -> None:
    """Check flow documents FILES, or the packaged flows: every fault with its place and how to mend it.

    Exit code 1 where there is an error.
    """
    checked: dict[str, tuple[Problem, ...]] = {}
    for name in () if files else flow_names():
        checked[name] = check_document(load_document(name))
    for path in files:
        checked[str(path)] = check_document(load_file(path))
    for name, problems in checked.items():
        print_problems(problems)
        click.echo(f"{name}: {_verdict(problems)}")
    if any(has_errors(problems) for problems in checked.values()):
        raise SystemExit(1)


def _verdict(problems: tuple[Problem, ...]) -> str:
    if not problems:
        return "in order"
    return "errors" if has_errors(problems) else f"may be published, {len(problems)} warnings"
