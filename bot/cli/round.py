"""``lyhord round``: creating, opening and closing rounds."""

from pathlib import Path

import click

from bot.cli.opening import actor, load_file, opened, print_problems, utc_now
from bot.config import Settings
from bot.services.place_codes import KINDS, RECENT_DAYS, NewPlace, PlaceCodes
from bot.services.publishing import load_flow
from bot.services.round_documents import missing_legal_fields, parse_round
from bot.services.rounds import Rounds
from bot.services.surveys import UNKNOWN_PLACE_CODE
from bot.wiring import read_keys
from storage import rounds
from storage.database import Database


@click.group("round")
def round_() -> None:
    """Rounds: one collection of answers each."""


@round_.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def create(file: Path) -> None:
    """Store the round of FILE (docs/round-format.md) as a draft, with its flows published."""
    loaded = load_file(file)
    parsed = parse_round(loaded.document, loaded.places)
    print_problems((*loaded.problems, *parsed.problems))
    if parsed.document is None or loaded.problems:
        raise click.ClickException("the round was not created: mend the errors above")
    with opened() as (settings, database):
        _rounds(settings, database).create(
            parsed.document,
            lambda name: load_flow(name, file.parent),
            is_demonstration=settings.is_demonstration,
        )
        click.echo(
            f"Round {parsed.document.code} is a draft. Open it with: lyhord round open {parsed.document.code}"
        )
        missing = missing_legal_fields(parsed.document.values)
        if missing:
            click.echo(f"It will not open outside demonstration until it has {', '.join(missing)}.")


@round_.command("open")
@click.argument("code")
def open_command(code: str) -> None:
    """Let round CODE take answers."""
    with opened() as (settings, database):
        _rounds(settings, database).open(code)
        click.echo(f"Round {code} is open.")


@round_.command()
@click.argument("code")
def close(code: str) -> None:
    """Take no more answers in round CODE. Its key is destroyed 14 days later."""
    with opened() as (settings, database):
        _rounds(settings, database).close(code)
        click.echo(f"Round {code} is closed. RADERA works for another 14 days.")


@round_.command()
@click.argument("code")
@click.option("--withdraw", is_flag=True, help="Take it from the page again.")
def publish(code: str, withdraw: bool) -> None:
    """Put the latest report of round CODE on its public page, for everybody to read."""
    with opened() as (settings, database):
        keeper = _rounds(settings, database)
        if withdraw:
            keeper.withdraw(code)
            click.echo(f"The public page of round {code} shows no results now.")
        else:
            keeper.publish(code)
            click.echo(f"The public page of round {code} shows its latest report now: /rounds/{code}/results")


@round_.command()
@click.argument("code")
@click.option(
    "--add", "labels", multiple=True, help="A place by its name: makes a code for it. Several are fine."
)
@click.option(
    "--kind", type=click.Choice(KINDS), default="poster", show_default=True, help="Of the places to add."
)
@click.option("--area", default=None, help="Code of the area that the places to add lie in.")
def codes(code: str, labels: tuple[str, ...], kind: str, area: str | None) -> None:
    """The place codes of round CODE, with what came in through each; makes new ones for named places."""
    with opened() as (_, database):
        keeper = PlaceCodes(sessions=database.sessions, now=utc_now, actor=actor())
        if labels:
            added = keeper.add(code, [NewPlace(label=label, kind=kind, area_code=area) for label in labels])
            for new in added:
                click.echo(f"{new.code:<12} {new.label}")
            return
        for use in keeper.list(code):
            name = {"": "(no code)", UNKNOWN_PLACE_CODE: "(unknown code)"}.get(use.code, use.code)
            counts = (
                f"{use.started:>5} started {use.finished:>5} finished {use.recent:>5} in {RECENT_DAYS} days"
            )
            click.echo(f"{name:<14} {use.kind:<7} {counts}  {use.label}".rstrip())


@round_.command("list")
def list_command() -> None:
    """All rounds with their state."""
    with opened() as (_, database), database.sessions.reading() as session:
        for row in rounds.list_rounds(session):
            period = f"{row.opens_on} to {row.closes_on}"
            click.echo(f"{row.code:<20} {row.status:<7} {period}  {row.phone_number}  {row.name}")


def _rounds(settings: Settings, database: Database) -> Rounds:
    return Rounds(sessions=database.sessions, keys=read_keys(settings), now=utc_now, actor=actor())
