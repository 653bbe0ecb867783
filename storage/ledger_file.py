"""The ledger's file, outside the database and its backups: one entry a line, as JSON. One process writes at a time."""

import fcntl
import json
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from storage.ledger import Entry, Kind
from storage.private_file import finish, unfinished

_LOCK_WAIT_S = 10.0


class LedgerUnavailable(Exception):
    """The file cannot be read or written now. The message says why."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Content:
    """What the file holds. Damaged lines (by number, from 1) hold nothing that can be read."""

    entries: tuple[Entry, ...]
    damaged: tuple[int, ...]
    is_torn: bool
    """The last line is not whole: the machine stopped while it was written."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Update:
    """What `update` did."""

    added: int
    expired: int
    mended: int
    """Lines that could not be read and are gone."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LedgerFile:
    """The file at `path`, in a folder that is there already: a disk that is not mounted shall not pass unnoticed."""

    path: Path

    def read(self) -> Content:
        """Raises LedgerUnavailable, also where there is no file."""
        with _as_unavailable(self.path):
            return _parsed(self.path.read_bytes())

    def update(self, entries: Sequence[Entry], *, oldest: datetime) -> Update:
        """Append those of `entries` that are not there; drop what is older than `oldest` and what cannot be read.

        On the disk when this returns. Raises LedgerUnavailable.
        """
        with _as_unavailable(self.path), self._locked():
            content = _parsed(self.path.read_bytes() if self.path.exists() else b"")
            known = {entry.uid for entry in content.entries}
            kept = tuple(entry for entry in content.entries if entry.at >= oldest)
            new = tuple(entry for entry in entries if entry.uid not in known and entry.at >= oldest)
            mended = len(content.damaged) + content.is_torn
            expired = len(content.entries) - len(kept)
            if expired or mended or not self.path.exists():
                self._rewrite(kept + new)
            elif new:
                self._append(new)
            return Update(added=len(new), expired=expired, mended=mended)

    def _append(self, entries: Sequence[Entry]) -> None:
        with self.path.open("ab") as stream:
            stream.write(_lines(entries))
            stream.flush()
            os.fsync(stream.fileno())

    def _rewrite(self, entries: Sequence[Entry]) -> None:
        beside = self.path.with_name(f".{self.path.name}.unfinished")
        with unfinished(beside) as stream:
            stream.write(_lines(entries))
            stream.flush()
            finish(beside, self.path)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        descriptor = os.open(f"{self.path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            _wait_for_lock(descriptor)
            yield
        finally:
            os.close(descriptor)


def _wait_for_lock(descriptor: int) -> None:
    deadline = time.monotonic() + _LOCK_WAIT_S
    while True:
        try:
            return fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise LedgerUnavailable("another process holds its lock") from None
            time.sleep(0.05)


def _lines(entries: Sequence[Entry]) -> bytes:
    return b"".join(
        json.dumps({"uid": e.uid, "at": e.at.isoformat(), "kind": e.kind.value, "key": e.key}).encode()
        + b"\n"
        for e in entries
    )


def _parsed(octets: bytes) -> Content:
    *lines, rest = octets.split(b"\n")
    read = [_entry(line) for line in lines]
    return Content(
        entries=tuple(entry for entry in read if entry is not None),
        damaged=tuple(number for number, entry in enumerate(read, start=1) if entry is None),
        is_torn=bool(rest),
    )


def _entry(line: bytes) -> Entry | None:
    try:
        fields = json.loads(line)
        at = datetime.fromisoformat(fields["at"])
        if at.tzinfo is None:
            return None
        return Entry(uid=str(fields["uid"]), at=at, kind=Kind(fields["kind"]), key=str(fields["key"]))
    except (ValueError, KeyError, TypeError):
        return None


@contextmanager
def _as_unavailable(path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise LedgerUnavailable(f"{path} or its folder is not there") from None
    except OSError as error:
        raise LedgerUnavailable(f"{path}: {error.strerror}") from None
