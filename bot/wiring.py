"""The composition root: the only place that names concrete parts and puts them together."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.channels.twilio_sms import TwilioSms
from bot.config import Settings, SettingsError, environment, require
from bot.services.deferring import Deferring
from bot.services.inbound import Inbound
from bot.services.joining import INVENTED_NUMBERS
from bot.services.shipped import load_parts
from bot.services.spool import Spool
from flows import catalogue
from flows.commands import CommandReader
from privacy.pseudonyms import KeyRing
from storage.copying import Copying
from storage.database import Database, open_database
from storage.ledger_file import LedgerFile
from storage.postgresql_archive import PostgresqlArchive
from storage.sqlite_file import SqliteFile

if TYPE_CHECKING:
    from bot.channels.twilio_api import TwilioApi

DEMONSTRATION_ACCOUNT = "AC" + "0" * 32
"""The only provider account that a demonstration may name: nothing real can be beside invented residents."""


@dataclass(frozen=True, kw_only=True, slots=True)
class House:
    """Everything that runs, wired."""

    settings: Settings
    database: Database
    keys: KeyRing
    inbound: Inbound
    twilio: TwilioSms
    now: Callable[[], datetime]


def build(settings: Settings, *, now: Callable[[], datetime] | None = None) -> House:
    """Wire the program. Raises SettingsError naming what is missing or does not fit."""
    require(settings, "database_url", "master_keys", "public_url", "twilio_account_sid", "twilio_auth_tokens")
    if settings.is_demonstration and settings.twilio_account_sid != DEMONSTRATION_ACCOUNT:
        raise SettingsError("a demonstration does not start beside a real LYHORD_TWILIO_ACCOUNT_SID")
    if not settings.is_demonstration and settings.twilio_account_sid == DEMONSTRATION_ACCOUNT:
        raise SettingsError("LYHORD_TWILIO_ACCOUNT_SID is the demonstration's: set your own")
    return assemble(settings, open_database(settings.database_url), now or _utc_now)


def assemble(settings: Settings, database: Database, clock: Callable[[], datetime]) -> House:
    """Put the parts together around an open database."""
    keys = read_keys(settings)
    parts = load_parts(database, keys, clock)
    if settings.is_demonstration:
        parts = replace(parts, reading_at_once=INVENTED_NUMBERS)
    return House(
        settings=settings,
        database=database,
        keys=keys,
        inbound=Inbound(parts=parts),
        twilio=_twilio(settings),
        now=clock,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Fallback:
    """What keeps messages while the database is away, wired."""

    twilio: TwilioSms
    deferring: Deferring
    now: Callable[[], datetime]


def build_fallback(settings: Settings) -> Fallback:
    """Wire the fallback process. Raises SettingsError naming what is missing."""
    require(settings, "master_keys", "public_url", "twilio_account_sid", "twilio_auth_tokens", "spool_folder")
    return Fallback(
        twilio=_twilio(settings),
        deferring=Deferring(
            spool=load_spool(settings),
            commands=CommandReader(catalogue.words("commands")),
            texts=catalogue.service_texts(),
        ),
        now=_utc_now,
    )


def load_spool(settings: Settings) -> Spool:
    """Where messages wait that came while the database was away. Raises SettingsError without a folder."""
    require(settings, "spool_folder")
    return Spool(folder=Path(settings.spool_folder), keys=read_keys(settings))


def load_provider(settings: Settings) -> "TwilioApi":
    """The provider's interface. Not for the web process, which must not pay for the client."""
    from bot.channels.twilio_api import TwilioApi

    require(settings, "twilio_account_sid", "twilio_auth_tokens")
    return TwilioApi(
        account_sid=settings.twilio_account_sid,
        auth_token=settings.twilio_auth_tokens[0],
        base_url=settings.provider_url,
    )


def _twilio(settings: Settings) -> TwilioSms:
    return TwilioSms(
        account_sid=settings.twilio_account_sid,
        auth_tokens=settings.twilio_auth_tokens,
        public_url=settings.public_url,
    )


def read_keys(settings: Settings) -> KeyRing:
    """The master keys. Raises SettingsError that says what is wrong with them, never what they are."""
    try:
        return KeyRing.parse(settings.master_keys)
    except ValueError as error:
        raise SettingsError(f"LYHORD_MASTER_KEYS: {error}") from None


def copying_of(settings: Settings) -> Copying:
    """How the database is copied out and in."""
    if settings.database_url.startswith("sqlite"):
        return SqliteFile(settings.database_url)
    return PostgresqlArchive(settings.database_url, environment())


def ledger_file_of(settings: Settings) -> LedgerFile | None:
    """The ledger's file; None where none is set."""
    return LedgerFile(path=Path(settings.ledger_file)) if settings.ledger_file else None


def _utc_now() -> datetime:
    return datetime.now(UTC)
