"""``lyhord round``: creating, changing, opening, pausing, extending and closing rounds, and what closing does when."""

from datetime import datetime
from pathlib import Path

import click

from bot.cli.opening import actor, load_file, new_file, opened, print_problems, utc_now
from bot.cli.papers import archive, documents
from bot.cli.round_correct import correct
from bot.config import Settings, read_settings
from bot.services.closing import Closing, plan_lines
from bot.services.dates import local_date
from bot.services.deletion_records import deletion_lines
from bot.services.place_codes import KINDS, RECENT_DAYS, NewPlace, PlaceCodes
from bot.services.publishing import load_flow
from bot.services.round_changes import RoundChanges
from bot.services.round_documents import RoundDocument, missing_legal_fields, parse_round
from bot.services.rounds import Rounds
from bot.services.surveys import UNKNOWN_PLACE_CODE
from bot.services.workbooks.change_words import plan_sentences
from bot.services.workbooks.faults import LANGUAGES, NotAWorkbookError
from bot.services.workbooks.round_reading import LIMITS, read_round, sentences
from bot.services.workbooks.round_writing import write_round
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
        _create(settings, database, parsed.document, file.parent)


@round_.command()
@click.argument("code", required=False)
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True)
@click.option("--language", type=click.Choice(LANGUAGES), default="sv", show_default=True)
def workbook(code: str | None, output: Path, language: str) -> None:
    """Write a workbook for Excel to fill in: a template, or round CODE as it stands."""
    document = None
    if code is not None:
        with opened() as (_, database):
            document = _changes(database).document(code)
    with new_file(output) as stream:
        write_round(document, stream, made_on=local_date(utc_now()), language=language)
    click.echo(f"{output}: fill in the yellow cells, then: lyhord round read {output}")


@round_.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--create", is_flag=True, help="Store it as a new draft.")
@click.option("--change", is_flag=True, help="Make the stored round what the workbook says.")
@click.option("--language", type=click.Choice(LANGUAGES), default="sv", show_default=True)
def read(file: Path, language: str, *, create: bool, change: bool) -> None:
    """Check the workbook FILE: everything to mend by sheet, row and column, and what would change.

    An open round changes only in its last day, places, place codes and some texts.
    """
    if create and change:
        raise click.UsageError("choose --create or --change")
    document = _read_workbook(file, language)
    if not (create or change) and not read_settings().database_url:
        return click.echo(f"{file}: nothing to mend.")
    with opened() as (settings, database):
        if create:
            return _create(settings, database, document, file.parent)
        changes = _changes(database)
        plan = changes.plan(document)
        for line in plan_sentences(plan, language):
            click.echo(line)
        if change:
            plan = changes.change(document, lambda name: load_flow(name, file.parent))
            click.echo(f"Round {plan.code}: {len(plan.changes)} changed.")
    return None


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


def _read_workbook(file: Path, language: str) -> RoundDocument:
    """The round in a workbook, when nothing must be mended; what is to be seen to is said first."""
    try:
        with file.open("rb") as stream:
            found = read_round(stream.read(LIMITS.packed + 1), language)
    except NotAWorkbookError as error:
        raise click.ClickException(str(error)) from None
    for line in sentences(found.faults, language):
        click.echo(line)
    if found.document is None:
        raise click.ClickException("nothing was changed: mend what is said above, save, and read it again")
    return found.document


def _create(settings: Settings, database: Database, document: RoundDocument, folder: Path) -> None:
    _rounds(settings, database).create(
        document, lambda name: load_flow(name, folder), is_demonstration=settings.is_demonstration
    )
    click.echo(f"Round {document.code} is a draft. Open it with: lyhord round open {document.code}")
    missing = missing_legal_fields(document.values)
    if missing:
        click.echo(f"It will not open outside demonstration until it has {', '.join(missing)}.")


def _changes(database: Database) -> RoundChanges:
    return RoundChanges(sessions=database.sessions, now=utc_now, actor=actor())


round_.add_command(archive)
round_.add_command(correct)
round_.add_command(documents)


def _closing(database: Database) -> Closing:
    return Closing(sessions=database.sessions, now=utc_now)


def _rounds(settings: Settings, database: Database) -> Rounds:
    return Rounds(sessions=database.sessions, keys=read_keys(settings), now=utc_now, actor=actor())
