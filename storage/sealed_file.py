"""A backup's file: a header in clear, then sealed chunks (privacy.sealing). Memory does not grow with its length."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from privacy.pseudonyms import KeyRing
from privacy.sealing import (
    CHUNK_BYTES,
    LONGEST_HEADER,
    TAG_BYTES,
    Header,
    Seal,
    SealBroken,
    header_bytes,
    parse_header,
)


def write_sealed(stream: BinaryIO, header: Header, keys: KeyRing, pieces: Iterable[bytes]) -> None:
    """Header and chunks. The first chunk is empty: where it does not open, the key is another one."""
    start = header_bytes(header)
    seal = Seal(keys.backup_key(header.key_id, header.salt), start)
    stream.write(start + seal.close(0, b"", is_last=False))
    index, waiting = 0, b""
    for index, chunk in enumerate(_chunks(pieces), start=1):
        if index > 1:
            stream.write(seal.close(index - 1, waiting, is_last=False))
        waiting = chunk
    stream.write(seal.close(max(index, 1), waiting, is_last=True))


def read_header(path: Path) -> Header:
    """Raises SealBroken for another kind of file."""
    with path.open("rb") as stream:
        return parse_header(stream.read(LONGEST_HEADER))[0]


def verify(path: Path, keys: KeyRing) -> None:
    """Open every chunk and keep none. Raises SealBroken, or privacy.pseudonyms.UndecipherableError without the key."""
    for _ in read_sealed(path, keys):
        pass


def read_sealed(path: Path, keys: KeyRing) -> Iterator[bytes]:
    """The chunks, opened. Raises as `verify` does, at the first that does not open: verify before using any."""
    with path.open("rb") as stream:
        header, length = parse_header(stream.read(LONGEST_HEADER))
        stream.seek(0)
        seal = Seal(keys.backup_key(header.key_id, header.salt), stream.read(length))
        _try_key(seal, stream.read(TAG_BYTES), header.key_id)
        index, sealed = 1, stream.read(CHUNK_BYTES + TAG_BYTES)
        while following := stream.read(CHUNK_BYTES + TAG_BYTES):
            yield _opened(seal, index, sealed, is_last=False)
            index, sealed = index + 1, following
        yield _opened(seal, index, sealed, is_last=True)


def _try_key(seal: Seal, first: bytes, key_id: str) -> None:
    try:
        seal.open(0, first, is_last=False)
    except SealBroken:
        raise SealBroken(
            f"its header was changed, or it was sealed with another key that was called {key_id} too"
        ) from None


def _opened(seal: Seal, index: int, sealed: bytes, *, is_last: bool) -> bytes:
    try:
        return seal.open(index, sealed, is_last=is_last)
    except SealBroken:
        megabytes = index * CHUNK_BYTES / 1e6
        raise SealBroken(f"it was changed or cut off after about {megabytes:.1f} MB") from None


def _chunks(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in chunks of one length, but for the last."""
    waiting = bytearray()
    for piece in pieces:
        waiting += piece
        while len(waiting) >= CHUNK_BYTES:
            yield bytes(waiting[:CHUNK_BYTES])
            del waiting[:CHUNK_BYTES]
    if waiting:
        yield bytes(waiting)
