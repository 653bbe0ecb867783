"""Making a backup: one state of the database, sealed under the current master key as it is written."""

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from bot.services.dates import local_date
from bot.services.errors import Refused
from privacy.pseudonyms import KeyRing
from privacy.retention import BACKUP_DAYS
from privacy.sealing import SALT_BYTES, Header, SealBroken
from storage import audit
from storage.copying import CopyFailed, Copying
from storage.database import Database
from storage.private_file import FileInUse, finish, unfinished
from storage.sealed_file import verify, write_sealed
from storage.upgrading import get_revision, is_current


class BackupRefused(Refused):
    """No backup was made, or none restored, and nothing was changed. The message says why and what to do."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Made:
    """A finished backup."""

    size_bytes: int
    key_id: str
    delete_by: date
    """The last day on which it may be there: after it, the ledger no longer knows all that must be erased again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Backups:
    """Makes backups of a database while it is in use. Each has a line in the audit log."""

    database: Database
    copying: Copying
    keys: KeyRing
    now: Callable[[], datetime]
    actor: str

    def make(self, target: Path) -> Made:
        """Write the backup and read it again. Raises BackupRefused; then there is no file."""
        with as_refused():
            return self._make(target)

    def _make(self, target: Path) -> Made:
        _refuse_existing(target)
        header = self._header()
        beside = target.with_name(f".{target.name}.unfinished")
        with unfinished(beside) as stream:
            with self.copying.copied() as pieces:
                write_sealed(stream, header, self.keys, pieces)
            stream.flush()
            os.fsync(stream.fileno())
            verify(beside, self.keys)
            size_bytes = beside.stat().st_size
            _refuse_existing(target)
            self._log(target)
            finish(beside, target)
        return Made(size_bytes=size_bytes, key_id=header.key_id, delete_by=delete_by(header.made_at))

    def _log(self, target: Path) -> None:
        """Not in a database of an older program, as before an upgrade: its log has another form."""
        if not is_current(self.database):
            return
        with self.database.sessions.begin() as session:
            audit.add_audit_entry(
                session,
                actor=self.actor,
                action="backup_made",
                round_id=None,
                at=self.now(),
                reason=target.name,
            )

    def _header(self) -> Header:
        made_with, revision = self.copying.made_with(), get_revision(self.database)
        if revision is None:
            raise BackupRefused("the database has no tables yet: lyhord db upgrade makes them")
        return Header(
            key_id=self.keys.current_key_id,
            salt=secrets.token_bytes(SALT_BYTES),
            engine=self.copying.engine,
            made_with=made_with,
            revision=revision,
            made_at=self.now(),
        )


def delete_by(made_at: datetime) -> date:
    """The last day on which a backup may be there."""
    return local_date(made_at) + timedelta(days=BACKUP_DAYS)


@contextmanager
def as_refused() -> Iterator[None]:
    """What can go wrong with files and programs, as one sentence."""
    try:
        yield
    except (CopyFailed, FileInUse, SealBroken) as error:
        raise BackupRefused(str(error)) from None
    except OSError as error:
        named = f" ({error.filename})" if error.filename else ""
        raise BackupRefused(
            f"a file could not be read or written: {error.strerror}{named}. Nothing was changed"
        ) from None


def _refuse_existing(target: Path) -> None:
    if target.exists():
        raise BackupRefused(f"{target} exists: a backup is never written over; give the new one another name")
    if not target.parent.is_dir():
        raise BackupRefused(f"there is no folder {target.parent}: is its disk mounted?")
