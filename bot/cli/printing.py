"""``lyhord print``: posters, cards, forms and note-takers' sheets as PDF."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from bot.cli.opening import new_file, opened
from bot.printing.wording import LANGUAGES
from bot.services.prints import SIZES, Paper, Prints

_code = click.argument("code")
_output = click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True)
_language = click.option("--language", type=click.Choice(LANGUAGES), default="sv", show_default=True)
_place = click.option("--place", "place_code", default="", help="One place code; otherwise all of the round.")


def _options(command: Callable[..., Any]) -> Callable[..., Any]:
    return _code(_place(_language(_output(command))))


@click.group("print")
def print_() -> None:
    """Prints of a round, as PDF: all places page by page, or a file each where FILE ends with .zip."""


@print_.command()
@_options
@click.option("--size", type=click.Choice(SIZES), default="A4", show_default=True)
def poster(code: str, place_code: str, language: str, output: Path, size: str) -> None:
    """Posters of round CODE: QR codes, number and keyword, what one needs to know before one answers."""
    _write(Paper.POSTER, code, output, place_code=place_code, language=language, size=size)


@print_.command()
@_options
def cards(code: str, place_code: str, language: str, output: Path) -> None:
    """Small cards of round CODE to hand out: ten on an A4 sheet, with cut marks."""
    _write(Paper.CARDS, code, output, place_code=place_code, language=language)


@print_.command()
@_options
def form(code: str, place_code: str, language: str, output: Path) -> None:
    """The residents' questions of round CODE on paper, to fill in by hand; a sheet for each place."""
    _write(Paper.FORM, code, output, place_code=place_code, language=language)


@print_.command()
@_options
def sheet(code: str, place_code: str, language: str, output: Path) -> None:
    """Sheets for those who take notes at the meetings of round CODE."""
    _write(Paper.SHEET, code, output, place_code=place_code, language=language)


def _write(
    paper: Paper, code: str, output: Path, *, place_code: str, language: str, size: str = "A4"
) -> None:
    with opened() as (settings, database):
        prints = Prints(sessions=database.sessions, public_url=settings.public_url)
        if output.suffix == ".zip" and not place_code:
            made = prints.make_each(paper, code, size=size, language=language)
        else:
            made = prints.make(paper, code, place_code=place_code, size=size, language=language)
    with new_file(output) as stream:
        stream.write(made)
    click.echo(f"{output}: {len(made) // 1024 + 1} KiB. Look at it before you print.")
