"""Messages that came while the database was away: one encrypted file each, on disk before the provider is answered.

A folder for each sender, named by keyed hash; in it a file for each message, named by the provider's id, so that the
same message is kept once. Any number of processes may write; one takes in.
"""

import json
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.channels.base import InboundMessage, OptSignal
from privacy.pseudonyms import KeyRing, UndecipherableError

_PURPOSE = "spool"
_BEGUN = ".begun-"
_BEGUN_KEPT_S = 3600
_TRIES = 5
_A_MOMENT_NS = 1_000_000


class Unreadable(Exception):
    """A file of the spool that no key opens, or that is no message. It stays where it is. Says which and why."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Spool:
    """`folder` on a local disk, best another one than the database's."""

    folder: Path
    keys: KeyRing

    def put(self, message: InboundMessage, at: datetime) -> bool:
        """Keep a message for later. True for the first that waits from its sender. Raises OSError."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        sender = self.folder / self.keys.standing_key(message.sender)
        for _ in range(_TRIES):  # whoever takes in may remove the sender's folder meanwhile
            is_first = _make_folder(sender)
            try:
                self._write(sender / message.provider_id, _document(message, at))
            except FileNotFoundError:
                continue
            return is_first
        raise FileNotFoundError(f"{sender.name} is removed again and again")

    def waiting(self) -> list[Path]:
        """The files, the oldest first."""
        files = [path for path in self.folder.glob("*/*") if not path.name.startswith(".")]
        return sorted(files, key=_written_at)

    def count(self) -> int:
        return len(self.waiting())

    def read(self, path: Path) -> InboundMessage:
        """Raises Unreadable."""
        try:
            return _message(self.keys.decrypt(path.read_text(encoding="ascii"), purpose=_PURPOSE))
        except (UndecipherableError, UnicodeError, KeyError, TypeError, ValueError) as error:
            raise Unreadable(f"{path.parent.name}/{path.name}: {type(error).__name__}") from None

    def remove(self, path: Path) -> None:
        """The message is in the database now."""
        path.unlink(missing_ok=True)
        try:
            path.parent.rmdir()
        except OSError:  # another of the same sender waits
            return

    def remove_begun(self) -> None:
        """What was never finished, because a process was killed: the provider was not answered then."""
        for path in self.folder.glob(f"{_BEGUN}*"):
            if time.time() - path.stat().st_mtime > _BEGUN_KEPT_S:
                path.unlink(missing_ok=True)

    def _write(self, path: Path, document: str) -> None:
        """All of it on disk under its name, or nothing."""
        if path.exists():
            return
        sealed = self.keys.encrypt(document, purpose=_PURPOSE, nonce=secrets.token_bytes(16))
        begun = self.folder / f"{_BEGUN}{secrets.token_hex(8)}"
        descriptor = os.open(begun, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(sealed)
                file.flush()
                os.fsync(file.fileno())
            begun.rename(path)
            _put_last(path)
        except OSError:
            begun.unlink(missing_ok=True)
            raise
        _sync_folder(path.parent)
        _sync_folder(self.folder)


def _put_last(path: Path) -> None:
    """Behind what its sender wrote before, also where the clock was set back meanwhile."""
    with suppress(FileNotFoundError):  # it is taken in already
        last = max((_written_at(other)[0] for other in path.parent.iterdir() if other != path), default=0)
        if last >= _written_at(path)[0]:
            os.utime(path, ns=(last + _A_MOMENT_NS, last + _A_MOMENT_NS))


def _make_folder(path: Path) -> bool:
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        return False
    return True


def _sync_folder(path: Path) -> None:
    """A name is on disk only once its folder is."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _written_at(path: Path) -> tuple[int, str]:
    try:
        return path.stat().st_mtime_ns, path.name
    except FileNotFoundError:
        return 0, path.name


def _document(message: InboundMessage, at: datetime) -> str:
    return json.dumps(
        {
            "provider": message.provider,
            "provider_id": message.provider_id,
            "channel": message.channel,
            "sender": message.sender,
            "recipient": message.recipient,
            "text": message.text,
            "has_media": message.has_media,
            "opt_signal": message.opt_signal.value,
            "sent_at": at.isoformat(),
        }
    )


def _message(document: str) -> InboundMessage:
    values = json.loads(document)
    values["opt_signal"] = OptSignal(values["opt_signal"])
    values["sent_at"] = datetime.fromisoformat(values["sent_at"])
    return InboundMessage(**values)


def in_order(spool: Spool) -> Iterator[tuple[Path, InboundMessage | Unreadable]]:
    """Every message that waits, the oldest first, or why it cannot be read."""
    for path in spool.waiting():
        try:
            yield path, spool.read(path)
        except Unreadable as error:
            yield path, error
        except FileNotFoundError:
            continue
