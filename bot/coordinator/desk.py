"""What the console stands on: settings, database, keys, time. Pages make their services from it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache, partial

from flask import current_app

from bot.config import Settings, SettingsError, require
from bot.services.accounts import Accounts
from bot.services.arrivals import Parts
from bot.services.auditing import Auditing
from bot.services.dates import local_date
from bot.services.export_jobs import ExportJobs, folder_of
from bot.services.inbox import Inbox
from bot.services.phone_trials import PhoneTrials
from bot.services.place_codes import PlaceCodes
from bot.services.quarantine import Quarantine
from bot.services.round_changes import RoundChanges
from bot.services.rounds import Rounds
from bot.services.shipped import load_parts
from bot.services.signing_in import SigningIn
from bot.services.sketching import Sketches
from bot.services.watching import Watching
from privacy.pseudonyms import KeyRing
from storage.database import Database, Sessions, open_database


@dataclass(frozen=True, kw_only=True, slots=True)
class Desk:
    """Everything that pages need, wired."""

    settings: Settings
    sessions: Sessions
    keys: KeyRing
    now: Callable[[], datetime]
    load_parts: Callable[[], Parts]
    """What taking answers needs; loaded once, when somebody types in the first."""

    @property
    def parts(self) -> Parts:
        return self.load_parts()

    @property
    def needs_codes(self) -> bool:
        """Whether signing in takes a one-time code."""
        return not self.settings.is_demonstration

    @property
    def signing_in(self) -> SigningIn:
        return SigningIn(sessions=self.sessions, keys=self.keys, now=self.now, needs_codes=self.needs_codes)

    @property
    def auditing(self) -> Auditing:
        return Auditing(sessions=self.sessions)

    @property
    def watching(self) -> Watching:
        return Watching(sessions=self.sessions, now=self.now)

    def inbox(self, actor: str) -> Inbox:
        return Inbox(sessions=self.sessions, now=self.now, actor=actor)

    def quarantine(self, actor: str) -> Quarantine:
        return Quarantine(sessions=self.sessions, keys=self.keys, now=self.now, actor=actor)

    def accounts(self, actor: str) -> Accounts:
        return Accounts(
            sessions=self.sessions,
            keys=self.keys,
            now=self.now,
            actor=actor,
            needs_codes=self.needs_codes,
        )

    def sketches(self, actor: str) -> Sketches:
        return Sketches(sessions=self.sessions, keys=self.keys, now=self.now, actor=actor)

    def rounds(self, actor: str) -> Rounds:
        return Rounds(sessions=self.sessions, keys=self.keys, now=self.now, actor=actor)

    def round_changes(self, actor: str) -> RoundChanges:
        return RoundChanges(sessions=self.sessions, now=self.now, actor=actor)

    def place_codes(self, actor: str) -> PlaceCodes:
        return PlaceCodes(sessions=self.sessions, now=self.now, actor=actor)

    def phone_trials(self, actor: str) -> PhoneTrials:
        return PhoneTrials(sessions=self.sessions, now=self.now, actor=actor)

    @property
    def export_jobs(self) -> ExportJobs:
        folder = folder_of(self.settings.export_folder, self.settings.database_url)
        return ExportJobs(sessions=self.sessions, keys=self.keys, folder=folder, now=self.now)

    @property
    def today(self) -> date:
        """In Sweden."""
        return local_date(self.now())


def open_desk(settings: Settings) -> Desk:
    """Raises SettingsError naming what is missing or does not fit."""
    require(settings, "database_url", "master_keys", "console_url")
    is_safe = settings.console_url.startswith("https://")
    if not (is_safe or settings.is_demonstration):
        raise SettingsError("LYHORD_CONSOLE_URL must begin with https://: passwords go over it")
    try:
        keys = KeyRing.parse(settings.master_keys)
    except ValueError as error:
        raise SettingsError(f"LYHORD_MASTER_KEYS: {error}") from None
    return desk_on(settings, open_database(settings.database_url), keys, lambda: datetime.now(UTC))


def desk_on(settings: Settings, database: Database, keys: KeyRing, now: Callable[[], datetime]) -> Desk:
    """Around an open database."""
    parts = cache(partial(load_parts, database, keys, now))
    return Desk(settings=settings, sessions=database.sessions, keys=keys, now=now, load_parts=parts)


def desk() -> Desk:
    """Of the application that answers."""
    here: Desk = current_app.extensions["lyhord_desk"]
    return here


def cookie_of(settings: Settings) -> dict[str, object]:
    """How the browser keeps who is signed in. Over plain http (a demonstration's) it cannot be a `__Host-` cookie."""
    is_safe = settings.console_url.startswith("https://")
    return {
        "SESSION_COOKIE_NAME": "__Host-lyhord" if is_safe else "lyhord-demonstration",
        "SESSION_COOKIE_SECURE": is_safe,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_PATH": "/",
    }
