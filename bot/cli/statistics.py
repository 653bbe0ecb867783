"""``lyhord statistics``: what Brå, SCB, Kolada, Strada and others publish, beside the answers of a round."""

from collections.abc import Iterable
from pathlib import Path

import click

from bot.cli.opening import actor, opened, utc_now
from bot.services.statistics.importing import Changes, Imported, StatisticsBeside, StatisticsFile
from bot.services.statistics.mapping import Role, SavedMapping
from bot.services.statistics.opening import LIMITS
from bot.services.statistics.preview import preview
from bot.services.workbooks.faults import LANGUAGES, NotAWorkbookError
from bot.services.workbooks.round_reading import sentences
from storage.database import Database
from summary.published import PublishedFigure, Source

_MOST_CHANGES = 20
_SOURCE = click.option(
    "--source", type=click.Choice([s.value for s in Source]), required=True, help="Who publishes it."
)
_TABLE = click.option(
    "--table", "table_id", required=True, help="What the source calls the table; names it here too."
)
_ROUND = click.option("--round", "code", required=True, help="Code of the round.")


@click.group()
def statistics() -> None:
    """Statistics beside the answers: shown with them, never added to them."""


@statistics.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_ROUND
@_SOURCE
@_TABLE
@click.option("--title", default="", help="What the figures tell; needed the first time.")
@click.option(
    "--caution", default="", help="What must be known to read them rightly, in place of the source's own."
)
@click.option(
    "--column", "columns", multiple=True, help=f"HEADING=ROLE, where ROLE is one of {', '.join(Role)}."
)
@click.option(
    "--area", "areas", multiple=True, help="TEXT=CODE of an area; * the whole municipality, - none of ours."
)
@click.option(
    "--about", multiple=True, help="MEASURE=CATEGORY: which problem of the answers it has to do with."
)
@click.option(
    "--decimal", type=click.Choice([",", "."]), help="The decimal mark, where the figures do not tell."
)
@click.option("--period", default="", help="What time the file is of, where it does not say.")
@click.option("--sheet", default="", help="Which sheet of a workbook.")
@click.option("--dash-is-zero", is_flag=True, help="The source says that a dash means none.")
@click.option(
    "--counts-things", is_flag=True, help="The figures count no persons: fewer than 5 may be shown."
)
@click.option("--despite-unmatched", is_flag=True, help="Leave out rows whose area nobody has decided.")
@click.option("--dry-run", is_flag=True, help="Say what was understood and would change, and store nothing.")
@click.option("--language", type=click.Choice(LANGUAGES), default="sv", show_default=True)
def import_command(
    file: Path,
    code: str,
    source: str,
    table_id: str,
    title: str,
    caution: str,
    columns: tuple[str, ...],
    areas: tuple[str, ...],
    about: tuple[str, ...],
    decimal: str | None,
    period: str,
    sheet: str,
    language: str,
    *,
    dash_is_zero: bool,
    counts_things: bool,
    despite_unmatched: bool,
    dry_run: bool,
) -> None:
    """Take the aggregates in FILE (CSV or XLSX) in place of the last file of the same table. Logged."""
    mapping = SavedMapping(
        columns=_pairs(columns),
        areas=_pairs(areas),
        about=_pairs(about),
        decimal=decimal or "",
        period=period,
        sheet=sheet,
        dash_is_zero=dash_is_zero,
        counts_things=counts_things,
    )
    with file.open("rb") as stream:
        data = stream.read(LIMITS.packed + 1)
    taken = StatisticsFile(
        data=data,
        suffix=file.suffix,
        source=Source(source),
        table_id=table_id.strip(),
        title=title.strip(),
        caution=caution.strip(),
        mapping=mapping,
    )
    with opened() as (_, database):
        try:
            imported = _beside(database).take(
                code, taken, language=language, dry_run=dry_run, despite_unmatched=despite_unmatched
            )
        except NotAWorkbookError as error:
            raise click.ClickException(str(error)) from None
    _tell(imported, language)
    if not imported.is_stored and not dry_run:
        raise click.ClickException("nothing was stored: mend what is said above and import it again")


@statistics.command("list")
@_ROUND
def list_command(code: str) -> None:
    """What stands beside the answers: source, table, title, figures, period, when and by whom it was imported."""
    with opened() as (_, database):
        for row in _beside(database).list_tables(code):
            periods = sorted({figure.period for figure in row.figures})
            click.echo(
                f"{row.source}  {row.table_id}  {row.title}  {len(row.figures)} figures  {periods[0]} … {periods[-1]}  "
                f"{row.imported_at:%Y-%m-%d} {row.imported_by}"
            )


@statistics.command()
@_ROUND
@_SOURCE
@_TABLE
def remove(code: str, source: str, table_id: str) -> None:
    """Take a table away from beside the answers. Logged."""
    with opened() as (_, database):
        _beside(database).remove(code, source, table_id)
        click.echo(f"{source} {table_id} is gone from round {code}.")


def _tell(imported: Imported, language: str) -> None:
    for line in preview(imported.read, language):
        click.echo(line)
    for line in sentences(imported.read.faults, language):
        click.echo(line)
    if not imported.is_first:
        for line in _changed(imported.changes):
            click.echo(line)
    verb = (
        "stored"
        if imported.is_stored
        else "would be stored"
        if not imported.read.faults
        else "cannot be stored"
    )
    click.echo(
        f"{len(imported.read.figures)} figures {verb}; {len(imported.read.unmatched)} areas unknown, "
        f"{len(imported.read.faults)} faults"
    )


def _changed(changes: Changes) -> Iterable[str]:
    """The first changes one by one, and how many there are."""
    lines = [f"{_named(now)}: {_value(was)} -> {_value(now)}" for was, now in changes.changed]
    lines += [f"{_named(figure)}: new, {_value(figure)}" for figure in changes.added]
    lines += [f"{_named(figure)}: gone, was {_value(figure)}" for figure in changes.gone]
    yield from lines[:_MOST_CHANGES]
    if len(lines) > _MOST_CHANGES:
        yield f"and {len(lines) - _MOST_CHANGES} more"
    yield (
        f"{len(changes.changed)} changed, {len(changes.added)} new, {len(changes.gone)} gone, {changes.same} as before"
    )


def _named(figure: PublishedFigure) -> str:
    return f"{figure.indicator}, {figure.area or '*'}, {figure.period}"


def _value(figure: PublishedFigure) -> str:
    return figure.mark if figure.value is None else str(figure.value)


def _pairs(given: tuple[str, ...]) -> dict[str, str]:
    """``A=B`` as a mapping; the last ``=`` divides, since headings may hold one."""
    pairs = [text.rpartition("=") for text in given]
    if wrong := [
        text for text, (left, mark, right) in zip(given, pairs, strict=True) if not (left and mark and right)
    ]:
        raise click.UsageError(f"{wrong[0]!r} is not of the form A=B")
    return {left.strip(): right.strip() for left, _, right in pairs}


def _beside(database: Database) -> StatisticsBeside:
    return StatisticsBeside(sessions=database.sessions, now=utc_now, actor=actor())
