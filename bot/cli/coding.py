"""``lyhord coding``: a person's decisions about what answers are about. Sensitive categories need one."""

from pathlib import Path

import click

from bot.cli.opening import actor, new_file, opened, utc_now
from bot.services.coding_books import CodingBooks, Taken
from bot.services.deciding import Codings
from bot.services.decisions import MOST_CATEGORIES, NOTHING_FITS, RULES, AnswerToCode, Decision
from bot.services.workbooks.coding_reading import LIMITS
from bot.services.workbooks.faults import LANGUAGES, NotAWorkbookError
from bot.services.workbooks.round_reading import sentences
from storage.database import Database

_BY = click.option("--by", "author", required=True, help="Name of the person who decides, for the record.")
_LANGUAGE = click.option("--language", type=click.Choice(LANGUAGES), default="sv", show_default=True)


@click.group()
def coding() -> None:
    """What answers are about: suggested by rules, decided by people."""


@coding.command("list")
@click.argument("code")
@click.option("--all", "everything", is_flag=True, help="Not only those that wait for a person.")
def list_command(code: str, *, everything: bool) -> None:
    """Answers of round CODE that wait for a person, with the rule that fired; sensitive and unsure ones first."""
    with opened() as (_, database):
        listed = _codings(database).list_answers(code)
        for answer in listed.answers:
            if everything or answer.waits:
                click.echo(_line(answer))
        click.echo(
            f"{listed.coded} coded, {listed.decided} decided by people, {listed.waiting} must be decided."
        )


@coding.command()
@click.argument("answer_id", type=int)
@click.argument("categories", nargs=-1)
@click.option("--nothing-fits", is_flag=True, help="No category holds it.")
@_BY
def confirm(answer_id: int, categories: tuple[str, ...], author: str, *, nothing_fits: bool) -> None:
    """Decide that ANSWER_ID is about CATEGORIES, the main one first; without any, that it is right as it stands."""
    if nothing_fits and categories:
        raise click.UsageError("--nothing-fits stands without categories")
    with opened() as (_, database):
        keeper = _codings(database)
        chosen = (NOTHING_FITS,) if nothing_fits else categories
        made = (
            keeper.decide(answer_id, chosen, author=author)
            if chosen
            else keeper.confirm(answer_id, author=author)
        )
        click.echo(_said(answer_id, made))


@coding.command()
@click.argument("answer_id", type=int)
@_BY
def undo(answer_id: int, author: str) -> None:
    """Bring back what ANSWER_ID was before its last decision. Both stay on record."""
    with opened() as (_, database):
        click.echo(_said(answer_id, _codings(database).undo(answer_id, author=author)))


@coding.command("out")
@click.argument("code")
@click.option("--reason", required=True, help="Who needs the answers, and for what.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True)
@_LANGUAGE
def out_command(code: str, reason: str, output: Path, language: str) -> None:
    """Write the answers of round CODE as a workbook, to correct the coding in Excel. Not to be passed on; logged."""
    with opened() as (_, database), new_file(output) as stream:
        count = _books(database).write(code, stream, reason=reason, language=language)
    click.echo(f"{output}: {count} answers. Arbetsmaterial, lämnas inte vidare. The export has been logged.")


@coding.command("in")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_BY
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option("--despite-faults", is_flag=True, help="Take the rows that have no fault.")
@_LANGUAGE
def in_command(file: Path, author: str, language: str, *, dry_run: bool, despite_faults: bool) -> None:
    """Take what was changed or confirmed in the workbook FILE. Taking it again changes nothing."""
    with opened() as (_, database):
        try:
            with file.open("rb") as stream:
                data = stream.read(LIMITS.packed + 1)
            taken = _books(database).read(
                data, author=author, language=language, dry_run=dry_run, despite_faults=despite_faults
            )
        except NotAWorkbookError as error:
            raise click.ClickException(str(error)) from None
    for line in sentences((*taken.faults, *taken.notes), language):
        click.echo(line)
    click.echo(_counted(taken))
    if taken.faults and not taken.is_stored:
        raise click.ClickException("nothing was taken: mend what is said above and read it again")


@coding.command()
@click.argument("code")
def agreement(code: str) -> None:
    """Cohen's kappa in round CODE: between the rules and people, and between people who decided the same answers."""
    with opened() as (_, database):
        for (first, second), found in _codings(database).agreement(code).items():
            kappa = "-" if found.kappa is None else f"{found.kappa:.2f}"
            error = "" if found.standard_error is None else f" (standard error {found.standard_error:.2f})"
            click.echo(
                f"{first} and {second}: {found.answers} answers, {found.observed:.0%} alike, kappa {kappa}{error}"
            )


def _counted(taken: Taken) -> str:
    verb = "taken" if taken.is_stored else "would be taken"
    return (
        f"{taken.changed} changed and {taken.confirmed} confirmed {verb}; {taken.unchanged} unchanged, "
        f"{taken.already} taken before, {taken.unknown} unknown, {taken.meanwhile} changed meanwhile, "
        f"{len(taken.faults)} faults"
    )


def _line(answer: AnswerToCode) -> str:
    current = answer.current
    decided = "not decided" if not current.by_person else f"by {current.made_by}"
    rules = "; ".join(f"{s.category} {s.score:.2f} {s.rule}" for s in answer.suggested.suggestions)
    text = answer.text or "[no text kept]"
    return f"{answer.answer_id}  {' '.join(current.categories)}  {decided}  ({rules})  {text}"


def _said(answer_id: int, made: Decision) -> str:
    by = made.made_by if made.made_by != RULES else "the rules"
    return f"Answer {answer_id} is {', '.join(made.categories[:MOST_CATEGORIES])}, decided by {by}."


def _codings(database: Database) -> Codings:
    return Codings(sessions=database.sessions, now=utc_now, actor=actor())


def _books(database: Database) -> CodingBooks:
    return CodingBooks(sessions=database.sessions, now=utc_now, actor=actor())
