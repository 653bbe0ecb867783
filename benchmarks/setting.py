"""What the program needs to run by itself: settings of its own, a database with an open round, an invented survey."""

import secrets
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.cli.demo import demonstration_round
from bot.cli.opening import utc_now
from bot.config import read_settings
from bot.services.publishing import load_flow
from bot.services.rounds import Rounds
from bot.wiring import read_keys
from storage.database import open_database
from storage.upgrading import upgrade

ACCOUNT = "AC" + "1" * 32
TOKEN = "12345"
PUBLIC_URL = "https://trygg.example.se"
RESIDENT = (
    "TRYGG DUVED3",
    "ja",
    "1",
    "Duved",
    "4",
    "Folk kör för fort på E14",
    "2,5",
    "fartkamera",
    "47",
    "1",
)
"""A whole survey by SMS."""


@contextmanager
def an_sqlite_file() -> Iterator[str]:
    """The URL of a database in a file of its own."""
    with TemporaryDirectory(prefix="lyhord-benchmark-") as folder:
        yield f"sqlite:///{folder}/lyhord.db"


def prepared(database_url: str) -> Mapping[str, str]:
    """Environment variables of a program whose demonstration round is open in a database that was empty."""
    variables = {
        "LYHORD_DATABASE_URL": database_url,
        "LYHORD_MASTER_KEYS": f"k1:{b64encode(secrets.token_bytes(32)).decode()}",
        "LYHORD_PUBLIC_URL": PUBLIC_URL,
        "LYHORD_TWILIO_ACCOUNT_SID": ACCOUNT,
        "LYHORD_TWILIO_AUTH_TOKENS": TOKEN,
        "LYHORD_METRICS_TOKEN": secrets.token_hex(16),
    }
    _open_round(variables)
    return variables


def _open_round(variables: Mapping[str, str]) -> None:
    settings = read_settings(variables)
    database = open_database(settings.database_url)
    try:
        upgrade(database)
        rounds = Rounds(sessions=database.sessions, keys=read_keys(settings), now=utc_now, actor="benchmark")
        document = demonstration_round()
        rounds.create(document, lambda name: load_flow(name, Path()), is_demonstration=True)
        rounds.open(document.code)
    finally:
        database.close()


def message_fields(text: str, sender: str, recipient: str) -> dict[str, str]:
    """What the provider posts for a message."""
    return {
        "MessageSid": f"SM{secrets.token_hex(16)}",
        "AccountSid": ACCOUNT,
        "From": sender,
        "To": recipient,
        "Body": text,
        "NumMedia": "0",
        "NumSegments": "1",
    }
