"""Copying a whole database out and in, by its own means: what every kind of database must offer for backups."""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Protocol

from storage.database import Database
from storage.ledger import Entry

PIECE_BYTES = 256 * 1024


class CopyFailed(Exception):
    """The database cannot be copied, or a copy cannot be put back. The message says what to mend."""


class Copying(Protocol):
    """One database, by its URL."""

    @property
    def engine(self) -> str:
        """sqlite or postgresql."""
        ...

    def made_with(self) -> str:
        """The program that copies, with its version. Raises CopyFailed where it or the database is missing."""
        ...

    def copied(self) -> AbstractContextManager[Iterator[bytes]]:
        """One state of the database, in pieces, while others write. Raises CopyFailed."""
        ...

    def refuse_occupied(self, *, may_move: bool, moment: datetime) -> Path | None:
        """Where the database that is there would be moved; None where there is none.

        Raises CopyFailed where there is one that may not or cannot be moved.
        """
        ...

    def list_old_entries(self) -> list[Entry] | None:
        """The ledger of the database that will be moved aside; None where it cannot be read any more."""
        ...

    def filled(
        self, pieces: Iterable[bytes], made_with: str, aside: Path | None
    ) -> AbstractContextManager[Database]:
        """The database that the pieces make, to work on; it takes its place at the end of the block.

        An older one is moved to `aside`. After any exception all is as it was before. Raises CopyFailed.
        """
        ...
