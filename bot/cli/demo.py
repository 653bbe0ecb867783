"""``lyhord demo``: everything on this machine, with invented people. What `make run` starts."""

import secrets
import signal
import subprocess
import sys
from base64 import b64encode
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing
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
from bot.services.accounts import Accounts
from bot.services.dates import local_date
from bot.services.publishing import load_flow
from bot.services.roles import Role
from bot.services.round_documents import RoundDocument, parse_round
from bot.services.rounds import Rounds
from bot.wiring import DEMONSTRATION_ACCOUNT, read_keys
from flows.catalogue import load_document_text
from storage import rounds
from storage.database import open_database
from storage.upgrading import upgrade

CONSOLE_PORT = 8020
_HOST = "demo.example"
_NAMES = {
    Role.COORDINATOR: "Sara Samordnare",
    Role.CODER: "Kim Kodare",
    Role.NOTE_TAKER: "Ante Antecknare",
    Role.VIEWER: "Polly Polis",
    Role.GUARDIAN: "Vera Väktare",
}
SERVER_SETTINGS = Path(__file__).parents[2] / "gunicorn.conf.py"


@click.group()
def demo() -> None:
    """Play with the demonstration round. Never beside real credentials."""


@demo.command()
@click.option("--port", default=8000, show_default=True)
@click.option("--site-port", default=SITE_PORT, show_default=True, help="Of the municipality's page.")
@click.option("--console-port", default=CONSOLE_PORT, show_default=True, help="Of the staff console.")
@click.option("--folder", default="data", show_default=True, type=click.Path(path_type=Path))
def run(port: int, site_port: int, console_port: int, folder: Path) -> None:
    """Make FOLDER with secrets, database and demonstration round where it is missing, then serve."""
    address, console = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{console_port}"
    with sentences():
        variables = prepare(folder, _sites(site_port))
        password = prepare_accounts(variables, folder)
    variables |= {"LYHORD_PUBLIC_URL": address, "LYHORD_CONSOLE_URL": console}
    click.echo(f"\n  Phone simulator, invented residents, report:  {address}/demo/")
    click.echo(f"  The chat on the web:  {address}/chat/{demonstration_round().code}/residents")
    click.echo(f"  The chat on a municipality's site:  http://127.0.0.1:{site_port}/")
    click.echo(f"  The staff console:  {console}/")
    click.echo(f"    sign in as {', '.join(f'{role.value}@{_HOST}' for role in Role)}")
    click.echo(f"    with the password  {password}")
    click.echo("  Stop with Ctrl-C.\n")
    programs = [_gunicorn("bot.wsgi:app", port), _gunicorn("bot.console:app", console_port)]
    sys.exit(_serve(programs, {**environment(), **variables}, site_port=site_port, chat=address))


def _gunicorn(application: str, port: int) -> list[str]:
    serve = [sys.executable, "-m", "gunicorn", application, "--config", str(SERVER_SETTINGS)]
    return [*serve, "--bind", f"127.0.0.1:{port}", "--workers", "1", "--log-level", "warning"]


def _serve(
    commands: Sequence[Sequence[str]], variables: Mapping[str, str], *, site_port: int, chat: str
) -> int:
    """The programs in processes of their own, the site beside them in this one: each is another origin.

    When the first ends, so do all.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    site = partial(serve_site, port=site_port, chat=chat, round_code=demonstration_round().code)
    with ExitStack() as stack:
        programs = [
            stack.enter_context(subprocess.Popen(command, env=variables))  # noqa: S603  our own, no shell
            for command in commands
        ]
        try:
            Thread(target=site, daemon=True).start()
            return programs[0].wait()
        except KeyboardInterrupt:
            return 0
        finally:
            for program in programs:
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


def prepare_accounts(variables: Mapping[str, str], folder: Path) -> str:
    """An account of every role, made on the first call; their password, which is the folder's own."""
    file = folder / "console-password.txt"
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(f"prova {secrets.token_urlsafe(12)}\n", encoding="utf-8")
    password = file.read_text(encoding="utf-8").strip()
    settings = read_settings(variables)
    with closing(open_database(settings.database_url)) as database:
        accounts = Accounts(
            sessions=database.sessions,
            keys=read_keys(settings),
            now=utc_now,
            actor="demonstration",
            needs_codes=False,
        )
        known = {account.email for account in accounts.list()}
        for role in Role:
            email = f"{role.value}@{_HOST}"
            if email not in known:
                invited = accounts.invite(email=email, name=_NAMES[role], role=role)
                accounts.accept(invited.token, password=password, totp_secret="", code="")
    return password


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
