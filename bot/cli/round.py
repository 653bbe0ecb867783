"""``lyhord round``: creating, opening, pausing, extending and closing rounds, and what closing does when."""

from datetime import datetime
from pathlib import Path

import click

from bot.cli.opening import actor, load_file, opened, print_problems, utc_now
from bot.cli.papers import archive, documents
from bot.config import Settings
from bot.papers.wording import LANGUAGES
from bot.services.closing import Closing, plan_lines
from bot.services.deletion_records import deletion_lines
from bot.services.publishing import load_flow
from bot.services.round_documents import missing_legal_fields, parse_round
from bot.services.rounds import Rounds
from bot.wiring import read_keys
from storage import rounds
from storage.database import Database

_DAY = click.DateTime(formats=["%Y-%m-%d"])


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
        dates = _closing(database).plan(code).dates
        click.echo(
            f"Round {code} is closed. RADERA works until {dates.erase_until}. All dates: lyhord round plan {code}"
        )


@round_.command()
@click.argument("code")
def pause(code: str) -> None:
    """Take no answers in round CODE for a while. Danger, STOPP and RADERA are heard all the same."""
    with opened() as (settings, database):
        _rounds(settings, database).pause(code)
        click.echo(f"Round {code} is paused. Go on with: lyhord round resume {code}")


@round_.command()
@click.argument("code")
def resume(code: str) -> None:
    """Let the paused round CODE take answers again."""
    with opened() as (settings, database):
        _rounds(settings, database).resume(code)
        click.echo(f"Round {code} is open again.")


@round_.command()
@click.argument("code")
@click.option("--until", type=_DAY, required=True, help="The new last day for answers, as 2026-12-31.")
def extend(code: str, until: datetime) -> None:
    """Let round CODE take answers for longer; one that has closed opens again, as long as RADERA works."""
    with opened() as (settings, database):
        _rounds(settings, database).extend(code, until.date())
        plan = _closing(database).plan(code)
        click.echo(f"Round {code} is {plan.status} until {plan.closes_on}.")


@round_.command()
@click.argument("code")
@click.option("--on", type=_DAY, required=True, help="The day of the decision, as 2027-02-10.")
def decided(code: str, on: datetime) -> None:
    """Note when the problem picture of round CODE was decided. Free text is deleted three months later."""
    with opened() as (settings, database):
        _rounds(settings, database).decide(code, on.date())
        until = _closing(database).plan(code).dates.masked_text_until
        click.echo(f"Noted. Free text of round {code} is kept until {until} at the latest.")


@round_.command()
@click.argument("code")
@click.option("--language", type=click.Choice(LANGUAGES), default="sv", show_default=True)
def plan(code: str, language: str) -> None:
    """What closing round CODE does, and on which days."""
    with opened() as (_, database):
        for line in plan_lines(_closing(database).plan(code), language):
            click.echo(line)


@round_.command("deletions")
@click.argument("code")
@click.option("--language", type=click.Choice(LANGUAGES), default="sv", show_default=True)
def deletions_command(code: str, language: str) -> None:
    """What has been deleted of round CODE on its dates, and which rule demanded it."""
    with opened() as (_, database):
        for line in deletion_lines(_closing(database).list_deletions(code), language):
            click.echo(line)


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


@round_.command("list")
def list_command() -> None:
    """All rounds with their state."""
    with opened() as (_, database), database.sessions.reading() as session:
        for row in rounds.list_rounds(session):
            period = f"{row.opens_on} to {row.closes_on}"
            click.echo(f"{row.code:<20} {row.status:<7} {period}  {row.phone_number}  {row.name}")


round_.add_command(archive)
round_.add_command(documents)


def _closing(database: Database) -> Closing:
    return Closing(sessions=database.sessions, now=utc_now)


def _rounds(settings: Settings, database: Database) -> Rounds:
    return Rounds(sessions=database.sessions, keys=read_keys(settings), now=utc_now, actor=actor())
