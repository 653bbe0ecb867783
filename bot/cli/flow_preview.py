"""``lyhord flow preview``: the whole script of a survey as one HTML file."""

from collections.abc import Mapping
from pathlib import Path

import click

from bot.cli.opening import load_named_flow, new_file, opened, print_problems
from bot.coordinator.preview_file import write_script
from bot.services.previewing import RoundTexts, find_round_texts
from bot.services.publishing import EXAMPLE_VALUES, check_document
from bot.services.scripts import script_of
from bot.services.workbooks.faults import LANGUAGES
from flows.documents import has_errors
from flows.model import Flow
from flows.parsing import parse_flow, with_round_lists
from flows.wording_checks import LONGEST_VALUES


@click.command()
@click.argument("name", metavar="FLOW")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write; else FLOW's name with .html.",
)
@click.option("--round", "code", help="Fill the texts with the facts and areas of this round.")
@click.option("--language", type=click.Choice(LANGUAGES), default="sv", show_default=True)
def preview(name: str, output: Path | None, code: str | None, language: str) -> None:
    """Write everything that FLOW may say as one HTML file: each question by SMS and in the chat, in every language,
    when it is asked, what it costs, the ways through, service texts and commands.

    FLOW is a packaged flow, a file, or what a round has published, as are-2026:residents.
    """
    loaded = load_named_flow(name)
    problems = check_document(loaded)
    flow = parse_flow(loaded.document, loaded.places).flow
    if flow is None or has_errors(problems):
        print_problems(problems)
        raise click.ClickException("nothing was written: mend the errors above")
    values, flow = _filled(flow, code)
    script = script_of(flow, values, language)
    written = write_script(script, language=language, round_code=code or "")
    path = output or Path(f"{Path(name.replace(':', '-')).stem}.html")
    with new_file(path) as stream:
        stream.write(written.encode())
    click.echo(f"{path}: open it in a browser, or print it")


def _filled(flow: Flow, code: str | None) -> tuple[Mapping[str, str], Flow]:
    """Values for the placeholders, and the flow with the round's areas and meetings."""
    if code is None:
        return {**LONGEST_VALUES, **EXAMPLE_VALUES}, flow
    texts = _round_texts(code)
    return texts.values, with_round_lists(flow, texts.lists)


def _round_texts(code: str) -> RoundTexts:
    with opened() as (_, database):
        found = find_round_texts(database.sessions, code)
    if found is None:
        raise click.ClickException(f"there is no round {code}")
    return found
