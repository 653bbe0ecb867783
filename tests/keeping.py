"""A town whose database is backed up, and places to restore it to: for the tests of backups."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from town import Town, settings

from bot.services.backups import Backups, Made
from bot.services.ledger_copy import LedgerCopy
from bot.services.restoring import Restored, Restoring
from bot.wiring import assemble, copying_of
from privacy.pseudonyms import KeyRing
from storage.database import Database, open_database
from storage.ledger_file import LedgerFile
from storage.tables import Base


@dataclass
class Keeping:
    """`new_url` names a new, empty database on the same engine."""

    town: Town
    folder: Path
    new_url: Callable[[], str]
    stack: ExitStack

    @classmethod
    def build(
        cls,
        database: Database,
        request: pytest.FixtureRequest,
        folder: Path,
        stack: ExitStack,
        **changes: Any,
    ) -> "Keeping":
        if database.engine.dialect.name == "postgresql":
            server = request.getfixturevalue("postgresql")
            patch = stack.enter_context(pytest.MonkeyPatch.context())
            patch.setenv("PATH", f"{server.programs}:{os.environ['PATH']}")
            new_url: Callable[[], str] = lambda: stack.enter_context(server.database())  # noqa: E731
        else:
            names = (folder / f"restored{number}" / "lyhord.db" for number in range(100))
            new_url = lambda: f"sqlite:///{next(names)}"  # noqa: E731
        return cls(town=Town.build(database, **changes), folder=folder, new_url=new_url, stack=stack)

    @property
    def url(self) -> str:
        return url_of(self.town)

    @property
    def ledger(self) -> LedgerFile:
        return LedgerFile(path=self.folder / "ledger.jsonl")

    def backup(self, name: str = "town.backup", of: Town | None = None) -> Path:
        self.make(name, of)
        return self.folder / name

    def make(self, name: str = "town.backup", of: Town | None = None) -> Made:
        town = of or self.town
        return Backups(
            database=town.house.database,
            copying=copying_of(replace(settings(), database_url=url_of(town))),
            keys=town.house.keys,
            now=town.clock,
            actor="test",
        ).make(self.folder / name)

    def copy_ledger(self, of: Town | None = None) -> int:
        """How many entries were added."""
        town = of or self.town
        return LedgerCopy(sessions=town.house.database.sessions, file=self.ledger, now=town.clock).run().added

    def restoring(self, url: str, keys: KeyRing | None = None, ledger: LedgerFile | None = None) -> Restoring:
        return Restoring(
            copying=copying_of(replace(settings(), database_url=url)),
            keys=keys or self.town.house.keys,
            ledger_file=ledger or self.ledger,
            now=self.town.clock,
            actor="test",
        )

    def restored(self, backup: Path) -> tuple[Restored, Town]:
        """What is told, and the town as it goes on after a restore into a new database."""
        url = self.new_url()
        told = self.restoring(url).restore(backup)
        return told, self.open(url)

    def open(self, url: str) -> Town:
        database = open_database(url)
        self.stack.callback(database.close)
        return Town(house=assemble(settings(), database, self.town.clock), clock=self.town.clock)


@pytest.fixture
def keeping(database: Database, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Keeping]:
    """On both databases."""
    with ExitStack() as stack:
        yield Keeping.build(database, request, tmp_path, stack)


def url_of(town: Town) -> str:
    return town.house.database.engine.url.render_as_string(hide_password=False)


def count(town: Town, table: type[Base], *conditions: Any) -> int:
    with town.house.database.sessions.reading() as session:
        return session.scalar(select(func.count()).select_from(table).where(*conditions)) or 0


def octets_of(town: Town) -> str:
    """All that stands in an SQLite database's folder; nothing for PostgreSQL."""
    path = Path(town.house.database.engine.url.database or "")
    files = path.parent.iterdir() if town.house.database.engine.dialect.name == "sqlite" else []
    return "".join(file.read_bytes().decode("latin-1") for file in files if file.is_file())
