"""Putting a backup back: verified as a whole, filled in, brought up to date, and rid of what was taken away since."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from bot.services.backups import BackupRefused, as_refused, delete_by
from bot.services.dates import local_date
from bot.services.upkeep import Done, Upkeep
from privacy.pseudonyms import KeyRing, UndecipherableError
from privacy.retention import LEDGER_KEPT
from privacy.sealing import Header, SealBroken
from storage import audit, ledger, outbox
from storage.copying import Copying
from storage.database import Database
from storage.ledger import Entry, Kind
from storage.ledger_file import LedgerFile, LedgerUnavailable
from storage.replaying import replay
from storage.sealed_file import read_header, read_sealed, verify
from storage.upgrading import is_known, upgrade

_WITHOUT = "With --without-ledger it is restored all the same: what was erased since comes back. The audit log says so"


@dataclass(frozen=True, kw_only=True, slots=True)
class Restored:
    """What was done."""

    header: Header
    moved_to: Path | None
    """Where the earlier database stands now."""
    replayed: Counter[Kind]
    upkeep: Done
    notes: tuple[str, ...]
    """What the person must know: sentences."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Ledger:
    """What is known of the time since the backup."""

    entries: tuple[Entry, ...] = ()
    lacks: str = ""
    """Why it does not reach from the backup to now."""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Restoring:
    """Restores into the database that the settings name. `ledger_file` is None where none is set."""

    copying: Copying
    keys: KeyRing
    ledger_file: LedgerFile | None
    now: Callable[[], datetime]
    actor: str

    def restore(self, backup: Path, *, may_replace: bool = False, without_ledger: bool = False) -> Restored:
        """Raises BackupRefused; then nothing was changed."""
        with as_refused():
            header = self._verified(backup)
            moved_to = self.copying.refuse_occupied(may_move=may_replace, moment=self.now())
            known = self._read_ledger(header, is_replacing=moved_to is not None)
            if known.lacks and not without_ledger:
                raise BackupRefused(f"{known.lacks}. {_WITHOUT}")
            pieces = read_sealed(backup, self.keys)
            with self.copying.filled(pieces, header.made_with, moved_to) as database:
                upgrade(database)
                if not without_ledger:
                    self._refuse_other_ledger(database, known.entries)
                replayed, done = self._bring_up_to_date(database, header, known)
        return Restored(header=header, moved_to=moved_to, replayed=replayed, upkeep=done, notes=known.notes)

    def _bring_up_to_date(
        self, database: Database, header: Header, known: _Ledger
    ) -> tuple[Counter[Kind], Done]:
        with database.sessions.begin() as session:
            replayed = replay(session, known.entries)
            outbox.delete_all(session)  # what waited then has left since
            audit.add_audit_entry(
                session,
                actor=self.actor,
                action="restored_without_ledger" if known.lacks else "restored",
                round_id=None,
                at=self.now(),
                reason=f"backup of {header.made_at.isoformat()}, entries of the ledger replayed: {replayed.total()}",
            )
        done = Upkeep(sessions=database.sessions, now=self.now).run()
        if done.not_deleted:
            raise BackupRefused(
                "what fell due since the backup could not be deleted from it: the log says what"
            )
        return replayed, done

    def _verified(self, backup: Path) -> Header:
        """The header of a backup that is whole, ours, and not of a newer program."""
        try:
            header = read_header(backup)
            if header.engine != self.copying.engine:
                raise BackupRefused(
                    f"{backup} is a backup of {header.engine} and LYHORD_DATABASE_URL names {self.copying.engine}"
                )
            if not is_known(header.revision):
                raise BackupRefused(
                    f"{backup} was made by a newer version of Lyhörd: install that version and run this again"
                )
            verify(backup, self.keys)
        except SealBroken as error:
            raise BackupRefused(f"{backup} cannot be restored: {error}. Take another backup") from None
        except UndecipherableError:
            raise BackupRefused(
                f"{backup} is sealed under the master key {header.key_id}, which LYHORD_MASTER_KEYS lacks: add it, "
                "after the current one"
            ) from None
        return header

    def _read_ledger(self, header: Header, *, is_replacing: bool) -> _Ledger:
        """The file, and the table of the database that is replaced."""
        known = self._read_file()
        last_day = delete_by(header.made_at)
        if not known.lacks and last_day < local_date(self.now()):
            lacks = (
                f"the backup is of {local_date(header.made_at)} and was to be deleted by {last_day}: the ledger no "
                "longer knows all that was erased since it was made"
            )
            known = replace(known, lacks=lacks)
        if known.lacks:
            known = replace(known, notes=(f"{known.lacks[0].upper()}{known.lacks[1:]}.", *known.notes))
        if not is_replacing:
            return known
        old = self.copying.list_old_entries()
        if old is None:
            unread = (
                "The replaced database cannot be read: its last entries may be missing in the ledger's file."
            )
            return replace(known, notes=(*known.notes, unread))
        return replace(known, entries=(*known.entries, *old))

    def _read_file(self) -> _Ledger:
        if self.ledger_file is None:
            return _Ledger(
                lacks="LYHORD_LEDGER_FILE is not set: nobody knows what was erased since the backup"
            )
        try:
            content = self.ledger_file.read()
        except LedgerUnavailable as error:
            return _Ledger(lacks=f"the ledger cannot be read: {error}")
        notes = []
        if content.damaged:
            lines = ", ".join(map(str, content.damaged))
            notes.append(f"In the ledger, line {lines} cannot be read: what was erased there may be back.")
        if content.is_torn:
            notes.append("The ledger's last line is not whole: the machine stopped while it was written.")
        return _Ledger(entries=content.entries, notes=tuple(notes))

    def _refuse_other_ledger(self, database: Database, entries: Sequence[Entry]) -> None:
        """A ledger that knows nothing of what the backup knows is the ledger of another database."""
        oldest = self.now() - LEDGER_KEPT
        with database.sessions.reading() as session:
            known = {entry.uid for entry in ledger.list_entries(session) if entry.at >= oldest}
        if known and known.isdisjoint(entry.uid for entry in entries):
            raise BackupRefused(
                f"the ledger has no entry in common with the backup: it is another database's. {_WITHOUT}"
            )
