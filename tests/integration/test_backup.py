"""A backup comes back whole, and without what was taken away after it was made: on both databases, under load."""

import os
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from town import RESIDENT, ROUND, Clock, Town, settings

from bot.services.backups import BackupRefused, Backups, Made
from bot.services.ledger_copy import LedgerCopy
from bot.services.restoring import Restored, Restoring
from bot.services.upkeep import Upkeep
from bot.wiring import assemble, copying_of
from privacy.pseudonyms import KeyRing
from storage.database import Database, open_database
from storage.ledger import Kind
from storage.ledger_file import LedgerFile
from storage.tables import (
    Answer,
    AuditEntry,
    Base,
    Conversation,
    FeedbackEntry,
    LedgerEntry,
    OptOut,
    Round,
)

CODE_WORD = "kvitterlyktan"


@dataclass
class Keeping:
    """A town whose database is backed up, and places to restore it to."""

    town: Town
    folder: Path
    new_url: Any
    stack: ExitStack

    @property
    def url(self) -> str:
        return self.town.house.database.engine.url.render_as_string(hide_password=False)

    @property
    def ledger(self) -> LedgerFile:
        return LedgerFile(path=self.folder / "ledger.jsonl")

    def backup(self, name: str = "town.backup") -> Path:
        self.make(name)
        return self.folder / name

    def make(self, name: str) -> Made:
        house = self.town.house
        copying = copying_of(replace(settings(), database_url=self.url))
        return Backups(
            database=house.database, copying=copying, keys=house.keys, now=self.town.clock, actor="test"
        ).make(self.folder / name)

    def copy_ledger(self) -> int:
        sessions = self.town.house.database.sessions
        return LedgerCopy(sessions=sessions, file=self.ledger, now=self.town.clock).run().added

    def restoring(self, url: str, keys: KeyRing | None = None, ledger: bool = True) -> Restoring:
        return Restoring(
            copying=copying_of(replace(settings(), database_url=url)),
            keys=keys or self.town.house.keys,
            ledger_file=self.ledger if ledger else None,
            now=self.town.clock,
            actor="test",
        )

    def restored(self, backup: Path) -> "RestoredTown":
        """The town as it goes on after a restore into a new database."""
        url = self.new_url()
        told = self.restoring(url).restore(backup)
        return RestoredTown(told=told, url=url, town=self.open(url))

    def open(self, url: str) -> Town:
        database = open_database(url)
        self.stack.callback(database.close)
        return Town(house=assemble(settings(), database, self.town.clock), clock=self.town.clock)


@dataclass
class RestoredTown:
    told: Restored
    url: str
    town: Town


@pytest.fixture
def keeping(
    database: Database, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Keeping]:
    with ExitStack() as stack:
        if database.engine.dialect.name == "postgresql":
            server = request.getfixturevalue("postgresql")
            monkeypatch.setenv("PATH", f"{server.programs}:{os.environ['PATH']}")
            new_url = lambda: stack.enter_context(server.database())  # noqa: E731
        else:
            numbers = iter(range(100))
            new_url = lambda: f"sqlite:///{tmp_path}/restored{next(numbers)}/lyhord.db"  # noqa: E731
        yield Keeping(town=Town.build(database), folder=tmp_path, new_url=new_url, stack=stack)


def _count(town: Town, table: type[Base], *conditions: Any) -> int:
    with town.house.database.sessions.reading() as session:
        return session.scalar(select(func.count()).select_from(table).where(*conditions)) or 0


def test_a_restored_database_goes_on_where_the_backup_stood(keeping: Keeping) -> None:
    keeping.town.phone().answer_all(*RESIDENT[:5])
    backup = keeping.backup()
    keeping.town.phone("+46701740611").answer_all(*RESIDENT)
    keeping.copy_ledger()
    restored = keeping.restored(backup)
    assert restored.told.replayed.total() == 0
    assert _count(restored.town, Conversation) == 1
    assert restored.town.phone().answer_all(*RESIDENT[5:]).startswith("Tack!")
    assert restored.town.phone("+46701740612").answer_all(*RESIDENT).startswith("Tack!")
    assert (_count(restored.town, Conversation), _count(restored.town, Answer)) == (2, 16)
    assert restored.town.phone().say("radera").startswith("Dina svar är raderade")


def test_what_was_erased_after_the_backup_is_not_there_after_the_restore(keeping: Keeping) -> None:
    phone = keeping.town.phone()
    phone.answer_all(*RESIDENT[:5], f"{CODE_WORD} är trasig", "vet ej", "2,5", "lampor", "47", "1", "RESULTAT")
    keeping.town.phone("+46701740611").answer_all(*RESIDENT)
    backup = keeping.backup()
    assert phone.say("radera").startswith("Dina svar är raderade")
    assert keeping.copy_ledger() == 2
    restored = keeping.restored(backup)
    assert restored.told.replayed == {Kind.UNLISTED: 1, Kind.ERASED: 1}
    assert _count(restored.town, Conversation) == 1
    assert _count(restored.town, FeedbackEntry) == 0
    assert _count(restored.town, Answer, Answer.text.contains(CODE_WORD)) == 0
    if restored.url.startswith("sqlite"):
        assert CODE_WORD not in _bytes(Path(restored.url.removeprefix("sqlite:///")).parent)


def _bytes(folder: Path) -> str:
    files = [path for path in folder.iterdir() if path.is_file()]
    assert files
    return "".join(path.read_bytes().decode("latin-1") for path in files)
