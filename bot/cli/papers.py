"""``lyhord round archive`` and ``lyhord round documents``: what is kept of a round, and the papers that it needs."""

from pathlib import Path

import click

from bot.cli.opening import actor, new_file, opened, utc_now
from bot.services.archiving import Archives
from bot.services.paper_files import PaperFiles


@click.command()
@click.argument("code")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True)
@click.option("--reason", default="", help="Who gets the package, and under which decision. Required.")
def archive(code: str, output: Path, reason: str) -> None:
    """Write the archive package of the closed round CODE: reports, method, questions, what was deleted. Logged."""
    with opened() as (_, database):
        archives = Archives(sessions=database.sessions, now=utc_now, actor=actor())
        with new_file(output) as stream:
            archived = archives.write(code, stream, reason=reason)
        click.echo(f"{output}: {len(archived.files)} files.")
        if archived.why_no_exact:
            click.echo(archived.why_no_exact)


@click.command()
@click.argument("code")
@click.option("-o", "--output", type=click.Path(file_okay=False, path_type=Path), required=True)
def documents(code: str, output: Path) -> None:
    """Write drafts to a folder: impact assessment, information, register entry, a text for the police."""
    with opened() as (_, database):
        files = PaperFiles(sessions=database.sessions, now=utc_now).make(code)
        output.mkdir(parents=True, exist_ok=True)
        for file in files:
            with new_file(output / file.name) as stream:
                stream.write(file.content)
            if file.open_points and file.name.endswith(".docx"):
                click.echo(f"{output / file.name}: {len(file.open_points)} points to fill in.")
        click.echo(f"{len(files)} files in {output}.")
