"""``lyhord export``: the report that may leave the house, or the working copy that may not."""

from contextlib import ExitStack
from pathlib import Path

import click

from bot.cli.opening import actor, new_file, opened, utc_now
from bot.services.reporting import LANGUAGES, Reports
from summary.exporters.formats import EXPORTERS
from summary.exporters.working_copy import FORMATS


@click.command()
@click.argument("code")
@click.option(
    "--format",
    "format_",
    type=click.Choice(sorted({*EXPORTERS, *FORMATS})),
    default="xlsx",
    show_default=True,
)
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True)
@click.option(
    "--language", type=click.Choice(LANGUAGES), default="sv", show_default=True, help="Of the report."
)
@click.option("--working-copy", is_flag=True, help="Rows instead of aggregates. Not to be passed on; logged.")
@click.option("--reason", default="", help="Why the rows are needed; required with --working-copy.")
def export(code: str, format_: str, output: Path, language: str, *, working_copy: bool, reason: str) -> None:
    """Write the problem picture of round CODE to a file.

    The report holds protected counts only and may be passed on. While fewer than ten new answers have come since
    the last report, that one is written again. A working copy holds rows, for the coordinator alone.
    """
    with opened() as (_, database):
        reports = Reports(sessions=database.sessions, now=utc_now, actor=actor())
        formats = FORMATS if working_copy else tuple(EXPORTERS)
        if format_ not in formats:
            kind = "a working copy" if working_copy else "a report"
            raise click.UsageError(f"{kind} can be written as {', '.join(formats)}; not as {format_}")
        if not working_copy:
            with new_file(output) as stream:
                reports.write_report(code, format_, stream, language=language)
            click.echo(f"{output}: report, counts are protected.")
            return
        if not reason.strip():
            raise click.UsageError("a working copy needs --reason: who needs the rows, and for what")
        written = _write_working_copy(reports, code, format_, output, reason)
        click.echo(
            f"{', '.join(map(str, written))}: Arbetsmaterial, lämnas inte vidare. The export has been logged."
        )


def _write_working_copy(reports: Reports, code: str, format_: str, output: Path, reason: str) -> list[Path]:
    """As csv and sav two files: persons, and beside it the long answers."""
    written = [output]
    if format_ in ("csv", "sav"):
        written.append(output.with_stem(f"{output.stem}-answers"))
    with ExitStack() as stack:
        streams = [stack.enter_context(new_file(path)) for path in written]
        answers = streams[1] if len(streams) > 1 else None
        reports.write_working_copy(code, format_, streams[0], reason=reason, answers_stream=answers)
    return written
