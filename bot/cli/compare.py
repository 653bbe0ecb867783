"""``lyhord compare``: several municipalities side by side, from their released reports."""

from pathlib import Path

import click

from bot.cli.opening import new_file
from bot.services.reporting import LANGUAGES
from bot.services.side_by_side import BadReport, compare_reports
from summary.comparison import NotComparable
from summary.exporters.formats import EXPORTERS


@click.command()
@click.argument(
    "reports", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--format", "format_", type=click.Choice(sorted(EXPORTERS)), default="xlsx", show_default=True)
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True)
@click.option("--language", type=click.Choice(LANGUAGES), default="sv", show_default=True)
def compare(reports: tuple[Path, ...], format_: str, output: Path, language: str) -> None:
    """Put the released REPORTS (JSON) of several municipalities side by side in one file.

    No database is read and nothing is added up: what stands in the reports stands there again, a column for each.
    """
    try:
        picture = compare_reports(((path.name, path.read_bytes()) for path in reports), language)
    except (BadReport, NotComparable) as error:
        raise click.ClickException(str(error)) from None
    with new_file(output) as stream:
        EXPORTERS[format_].write(picture, stream)
    click.echo(f"{output}: {len(reports)} reports side by side.")
