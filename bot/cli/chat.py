"""``lyhord chat``: play a flow in the terminal. Nothing is stored."""

from importlib.resources import files
from pathlib import Path

import click

from bot.cli.opening import load_file, print_problems, sentences, utc_now
from bot.services.playing import Player
from bot.services.publishing import load_flow
from bot.services.round_documents import RoundDocument, parse_round
from bot.services.shipped import load_player
from flows.catalogue import load_document_text


@click.command()
@click.option(
    "--flow", "flow_name", default="residents", help="residents, employees, dialogue or an own file."
)
@click.option("--round", "round_file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--language", default="", help="sv or en; otherwise the flow's default.")
@click.option(
    "--channel", type=click.Choice(["sms", "chat"]), default="sms", help="Whose wording and questions."
)
@click.option("--place-code", default="", help="As if begun from that poster or meeting.")
@click.option("--explain", "is_explaining", is_flag=True, help="Show how each reply was read.")
def chat(
    flow_name: str, round_file: Path | None, language: str, channel: str, place_code: str, is_explaining: bool
) -> None:
    """Play a flow in the terminal, as a resident would. End with Ctrl-D. Nothing is stored."""
    with sentences():
        folder = round_file.parent if round_file else Path()
        document = load_flow(flow_name, folder)
        player = load_player(document, _round(round_file), today=utc_now().date())
        for text in player.begin(language=language, channel=channel, place_code=place_code):
            click.echo(f"< {text}")
        _play(player, is_explaining)


def _play(player: Player, is_explaining: bool) -> None:
    while player.is_open:
        try:
            line = click.prompt(">", prompt_suffix=" ", default="", show_default=False)
        except click.Abort:
            click.echo()
            return
        for text in player.say(line):
            click.echo(f"< {text}")
        for note in player.notes if is_explaining else ():
            click.echo(click.style(f"  {note}", dim=True))


def _round(path: Path | None) -> RoundDocument:
    if path is None:
        text = files("bot.demo").joinpath("are.yaml").read_bytes()
        loaded = load_document_text(text, "are.yaml")
    else:
        loaded = load_file(path)
    parsed = parse_round(loaded.document, loaded.places)
    if parsed.document is None:
        print_problems((*loaded.problems, *parsed.problems))
        raise click.ClickException("the round has errors")
    return parsed.document
