"""``lyhord fake-site``: a municipality's site on this machine, with the chat on it."""

import logging

import click

from bot.demo.municipality import create_site

SITE_PORT = 8010


@click.command("fake-site")
@click.option("--port", default=SITE_PORT, show_default=True)
@click.option("--chat", default="http://127.0.0.1:8000", show_default=True, help="Where the program answers.")
@click.option("--round", "round_code", default="are-demo", show_default=True, help="The round's code.")
def fake_site(port: int, chat: str, round_code: str) -> None:
    """Stand for the municipality's site: another origin, a strict policy, the chat's button. The round's `sites`
    must name this one."""
    click.echo(f"\n  The municipality's site:  http://127.0.0.1:{port}/")
    click.echo("  Stop with Ctrl-C.\n")
    serve_site(port=port, chat=chat, round_code=round_code)


def serve_site(*, port: int, chat: str, round_code: str) -> None:
    """Serve the site on this machine until the process ends."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    create_site(chat=chat.rstrip("/"), round_code=round_code).run(host="127.0.0.1", port=port, threaded=True)
