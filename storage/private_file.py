"""Files that others must not read, and that stand there whole or not at all."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


class FileInUse(Exception):
    """Another process is writing this file."""


@contextmanager
def unfinished(path: Path) -> Iterator[BinaryIO]:
    """An empty file that only its owner may read, at `path` for the time of the block; gone after it, unless renamed.

    What a process that was killed left at `path` is written over. Raises FileInUse where another one is at work.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "w+b") as stream:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise FileInUse(f"another process is writing {path}: wait until it is done") from None
        mine = os.fstat(descriptor).st_ino
        try:
            os.fchmod(descriptor, 0o600)
            stream.truncate(0)
            yield stream
        finally:
            if path.exists() and path.stat().st_ino == mine:
                path.unlink()


def finish(path: Path, target: Path) -> None:
    """Give an unfinished file its name, in the same folder, so that it stands there after a power failure."""
    with path.open("rb") as stream:
        os.fsync(stream.fileno())
    path.rename(target)
    sync_folder(target.parent)


def sync_folder(folder: Path) -> None:
    """Make sure that the folder's names are on the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
