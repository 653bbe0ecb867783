"""What is looked at: the settings of this environment and what they lead to, opened as far as it can be opened."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.config import Settings, SettingsError
from bot.wiring import read_keys
from privacy.pseudonyms import KeyRing
from storage import rounds
from storage.condition import has_current_tables, is_reachable
from storage.database import Database, DatabaseUnavailable, open_database, sqlite_file
from storage.rounds import RoundRow


@dataclass(frozen=True, kw_only=True)
class SetUp:
    """`database` and `keys` are None where they cannot be opened: what stands on them is passed over then."""

    settings: Settings
    now: Callable[[], datetime]
    folder: Path
    """Where the commands are typed: an .env may lie there."""
    database_file: Path | None = None
    """Of an SQLite database, where the file is there."""
    database: Database | None = None
    why_no_database: str = ""
    has_current_tables: bool = False
    keys: KeyRing | None = None
    rounds: tuple[RoundRow, ...] = ()
    documents: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    """The rounds' files, by id."""

    @property
    def open_rounds(self) -> tuple[RoundRow, ...]:
        return tuple(row for row in self.rounds if row.status == "open")


@contextmanager
def opened(settings: Settings, now: Callable[[], datetime], folder: Path) -> Iterator[SetUp]:
    """The set-up, for as long as it is looked at. A database file that is not there is not made."""
    bare = SetUp(settings=settings, now=now, folder=folder, keys=_keys(settings))
    database, found = _database(bare)
    try:
        yield found
    finally:
        if database is not None:
            database.close()


def _database(bare: SetUp) -> tuple[Database | None, SetUp]:
    """The database if it can be opened, and the set-up with what is known of it."""
    try:
        file = sqlite_file(bare.settings.database_url)
        if file is not None and not file.exists():
            return None, replace(bare, why_no_database=f"there is no file {file}")
        database = open_database(bare.settings.database_url)
    except (OSError, ValueError) as error:
        is_set = bool(bare.settings.database_url)
        why = f"it cannot be opened ({type(error).__name__})" if is_set else "LYHORD_DATABASE_URL is not set"
        return None, replace(bare, why_no_database=why)
    return database, _with_database(replace(bare, database_file=file), database)


def _with_database(bare: SetUp, database: Database) -> SetUp:
    if not is_reachable(database.sessions):
        return replace(bare, why_no_database="it does not answer")
    current = has_current_tables(database.sessions)
    found = replace(bare, database=database, has_current_tables=current)
    return _with_rounds(found, database) if current else found


def _keys(settings: Settings) -> KeyRing | None:
    try:
        return read_keys(settings)
    except SettingsError:
        return None


def _with_rounds(found: SetUp, database: Database) -> SetUp:
    try:
        with database.sessions.reading() as session:
            rows = tuple(rounds.list_rounds(session))
            documents = {row.id: rounds.get_round_document(session, row.id) for row in rows}
    except DatabaseUnavailable:
        return found
    return replace(found, rounds=rows, documents=documents)
