"""``lyhord round correct``: a corrected version of a flow in a round that is under way."""

from collections.abc import Iterator
from pathlib import Path

import click

from bot.cli.opening import actor, opened, utc_now
from bot.services.comparing import change_lines, comparison_lines, obstacle_lines
from bot.services.correcting import Correction, Corrections
from bot.services.publishing import load_flow


@click.command()
@click.argument("code")
@click.argument("name", metavar="FLOW")
@click.option(
    "--publish", is_flag=True, help="Ask it from now on; without this, only what would happen is told."
)
def correct(code: str, name: str, *, publish: bool) -> None:
    """Publish FLOW, a file with a corrected version of what the open round CODE asks.

    People in the middle of the survey go over to it only where nothing but words differs; else it is said question by
    question why not, and they finish the version that they began.
    """
    with opened() as (_, database):
        corrections = Corrections(sessions=database.sessions, now=utc_now, actor=actor())
        document = load_flow(name, Path())
        made = corrections.publish(code, document) if publish else corrections.plan(code, document)
        for line in _lines(code, name, made, is_published=publish):
            click.echo(line)


def _lines(code: str, name: str, made: Correction, *, is_published: bool) -> Iterator[str]:
    yield f"{code}: {made.before.id} version {made.before.version} -> {made.after.version}"
    yield from change_lines(made.before, made.after)
    yield from comparison_lines(made.before, made.after)
    yield "People in the middle of it"
    if made.carries_over:
        yield (
            "Nothing but words differs: questions, codes, order, conditions and constraints are the same. "
            f"{_people(made.in_the_middle)} in the middle of it {'went' if is_published else 'would go'} over."
        )
    else:
        yield f"{_people(made.in_the_middle)} in the middle of it cannot go over, because:"
        yield from obstacle_lines(made.obstacles)
        yield f"They finish version {made.before.version}; whoever begins later is asked version {made.after.version}."
    if is_published:
        yield f"Round {code} asks {made.after.id} {made.after.version} now. All versions are counted together."
    else:
        yield f"Nothing is published yet. To do it: lyhord round correct {code} {name} --publish"


def _people(number: int) -> str:
    return "1 person" if number == 1 else f"{number} people"
