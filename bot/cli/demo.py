"""``lyhord demo``: everything on this machine, with invented people. What `make run` starts."""

import secrets
import signal
import subprocess
import sys
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from importlib.resources import files
from pathlib import Path
from threading import Thread

import click

from bot.cli.fake_site import SITE_PORT, serve_site
from bot.cli.opening import sentences, utc_now
from bot.config import environment, read_environment_file, read_settings
from bot.services.dates import local_date
from bot.services.publishing import load_flow
from bot.services.round_documents import RoundDocument, parse_round
from bot.services.rounds import Rounds
from bot.wiring import DEMONSTRATION_ACCOUNT, read_keys
from flows.catalogue import load_document_text
from storage import rounds
from storage.database import open_database
from storage.upgrading import upgrade

SERVER_SETTINGS = Path(__file__).parents[2] / "gunicorn.conf.py"


@click.group()
def demo() -> None:
    """Play with the demonstration round. Never beside real credentials."""


@demo.command()
@click.option("--port", default=8000, show_default=True)
@click.option("--site-port", default=SITE_PORT, show_default=True, help="Of the municipality's page.")
@click.option("--folder", default="data", show_default=True, type=click.Path(path_type=Path))
def run(port: int, site_port: int, folder: Path) -> None:
    """Make FOLDER with secrets, database and demonstration round where it is missing, then serve."""
    address = f"http://127.0.0.1:{port}"
    with sentences():
        variables = {**prepare(folder, _sites(site_port)), "LYHORD_PUBLIC_URL": address}
    click.echo(f"\n  Phone simulator, invented residents, report:  {address}/demo/")
    click.echo(f"  The chat on the web:  {address}/chat/{demonstration_round().code}/residents")
    click.echo(f"  The chat on a municipality's site:  http://127.0.0.1:{site_port}/")
    click.echo("  Stop with Ctrl-C.\n")
    serve = [sys.executable, "-m", "gunicorn", "bot.wsgi:app", "--config", str(SERVER_SETTINGS)]
    serve += ["--bind", f"127.0.0.1:{port}", "--workers", "1", "--log-level", "warning"]
    sys.exit(_serve(serve, {**environment(), **variables}, site_port=site_port, chat=address))


def _serve(command: Sequence[str], variables: Mapping[str, str], *, site_port: int, chat: str) -> int:
    """The program in a process of its own, the site beside it in this one: they must be two origins."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    site = partial(serve_site, port=site_port, chat=chat, round_code=demonstration_round().code)
    with subprocess.Popen(command, env=variables) as program:  # noqa: S603  the same program, no shell
        try:
            Thread(target=site, daemon=True).start()
            return program.wait()
        except KeyboardInterrupt:
            return 0
        finally:
            program.terminate()


def prepare(folder: Path, sites: Sequence[str] = ()) -> dict[str, str]:
    """The folder's settings, made on the first call: own secrets, a migrated SQLite file, an open round.

    `sites` may show that round's chat in a frame.
    """
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "demonstration.env"
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(_new_environment(folder), encoding="utf-8")
    variables = read_environment_file(file)
    _make_round(variables, sites)
    return variables


def _sites(port: int) -> tuple[str, ...]:
    return (f"http://127.0.0.1:{port}", f"http://localhost:{port}")


def _new_environment(folder: Path) -> str:
    key = b64encode(secrets.token_bytes(32)).decode()
    lines = {
        "LYHORD_ENVIRONMENT": "demonstration",
        "LYHORD_DATABASE_URL": f"sqlite:///{(folder / 'demonstration.sqlite').absolute()}",
        "LYHORD_MASTER_KEYS": f"demo:{key}",
        "LYHORD_TWILIO_ACCOUNT_SID": DEMONSTRATION_ACCOUNT,
        "LYHORD_TWILIO_AUTH_TOKENS": secrets.token_hex(16),
    }
    return "# Secrets of the demonstration on this machine.\n" + "".join(
        f"{k}={v}\n" for k, v in lines.items()
    )


def _make_round(variables: Mapping[str, str], sites: Sequence[str]) -> None:
    settings = read_settings(variables)
    database = open_database(settings.database_url)
    try:
        upgrade(database)
        document = demonstration_round(sites)
        with database.sessions.reading() as session:
            exists = rounds.get_round(session, document.code) is not None
        if not exists:
            keeper = Rounds(
                sessions=database.sessions, keys=read_keys(settings), now=utc_now, actor="demonstration"
            )
            keeper.create(document, lambda name: load_flow(name, Path()), is_demonstration=True)
            keeper.open(document.code)
    finally:
        database.close()


def demonstration_round(sites: Sequence[str] = ()) -> RoundDocument:
    """The packaged round, with a period round today. Raises ValueError where the package is damaged.

    `sites` replace those of its document: the municipality's site is wherever it is started.
    """
    loaded = load_document_text(files("bot.demo").joinpath("are.yaml").read_bytes(), "are.yaml")
    document = parse_round(loaded.document, loaded.places).document
    if document is None:
        raise ValueError("the packaged demonstration round cannot be read")
    today = local_date(utc_now())
    return replace(
        document,
        opens_on=today - timedelta(days=21),
        closes_on=today + timedelta(days=180),
        values={**document.values, "sites": list(sites)} if sites else document.values,
    )
