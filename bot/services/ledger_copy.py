"""Keeps the ledger's file, which stands outside the database and its backups, up to date with the ledger's table."""

import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime

from privacy.retention import LEDGER_KEPT
from storage import ledger
from storage.database import Sessions
from storage.ledger_file import LedgerFile, Update

log = logging.getLogger("lyhord.ledger")


@dataclass(frozen=True, kw_only=True, slots=True)
class LedgerCopy:
    """Run it as often as you like: what the file has already is not written again."""

    sessions: Sessions
    file: LedgerFile
    now: Callable[[], datetime]

    def run(self) -> Update:
        """Raises storage.ledger_file.LedgerUnavailable or storage.database.DatabaseUnavailable."""
        with self.sessions.reading() as session:
            entries = ledger.list_entries(session)
        done = self.file.update(entries, oldest=self.now() - LEDGER_KEPT)
        if done.mended:
            log.warning("ledger_mended", extra=asdict(done))
        elif done.added or done.expired:
            log.info("ledger_copied", extra=asdict(done))
        return done
