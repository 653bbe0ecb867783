"""Sealing a stream of any length, chunk by chunk: what a backup is kept in. Keys are handed in, files read elsewhere.

The construction is STREAM (Hoang, Reyhanitabar, Rogaway, Vizár 2015), as age and Tink use it: AES-256-GCM, a counter in
the nonce so that no chunk can be left out or change its place, a mark on the last so that the end cannot be cut off.
"""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

CHUNK_BYTES = 64 * 1024
"""Every chunk's length but the last's, which may be shorter."""
TAG_BYTES = 16
"""What sealing adds to a chunk."""
SALT_BYTES = 32
LONGEST_HEADER = 4096
_MAGIC = b"lyhord-backup 1\n"
_COUNTER_BYTES = 11


class SealBroken(ValueError):
    """Not a sealed file, one that was changed or cut off, or the wrong key. The message says which."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Header:
    """What stands in clear before the chunks; it is sealed with each of them, so that it cannot be changed either."""

    key_id: str
    """The master key that the file's key is derived from."""
    salt: bytes
    """32 random bytes, another for every file: no two files have the same key, so that no nonce comes twice."""
    engine: str
    """The kind of database: sqlite or postgresql."""
    made_with: str
    """The program that copied the database, with its version."""
    revision: str
    """The last migration of the database."""
    made_at: datetime


def header_bytes(header: Header) -> bytes:
    """Two lines that a person can read: the format with its version, and the fields."""
    fields = {
        "key": header.key_id,
        "salt": base64.b64encode(header.salt).decode(),
        "engine": header.engine,
        "made_with": header.made_with,
        "revision": header.revision,
        "made_at": header.made_at.isoformat(),
    }
    return _MAGIC + json.dumps(fields).encode() + b"\n"


def parse_header(start: bytes) -> tuple[Header, int]:
    """The header of a file that begins with `start`, and its length. Raises SealBroken."""
    if not start.startswith(_MAGIC):
        if start.startswith(_MAGIC[:-2]):
            raise SealBroken("it was made by a newer version of Lyhörd, in a form that this one cannot read")
        raise SealBroken("it is not a backup that Lyhörd made")
    end = start.find(b"\n", len(_MAGIC)) + 1
    try:
        return _header(json.loads(start[len(_MAGIC) : end])), end
    except (ValueError, KeyError, TypeError, AttributeError):
        raise SealBroken("its header cannot be read: it was changed or cut off") from None


def _header(fields: dict[str, Any]) -> Header:
    """Raises ValueError, KeyError, TypeError or AttributeError, whichever comes first, for what is no header."""
    made_at = datetime.fromisoformat(fields["made_at"])
    if made_at.tzinfo is None:
        raise ValueError("a time without a zone")
    try:
        salt = base64.b64decode(fields["salt"], validate=True)
    except binascii.Error as error:
        raise ValueError("no base64") from error
    texts = {name: str(fields[name]) for name in ("engine", "made_with", "revision")}
    return Header(key_id=str(fields["key"]), salt=salt, made_at=made_at, **texts)


class Seal:
    """Seals and opens the chunks of one file: `key` is the file's own, `header` goes into every chunk's seal."""

    def __init__(self, key: bytes, header: bytes) -> None:
        self._cipher = AESGCM(key)
        self._header = header

    def close(self, index: int, chunk: bytes, *, is_last: bool) -> bytes:
        """The chunk at `index`, from 0, sealed. Each index is closed once."""
        return self._cipher.encrypt(_nonce(index, is_last=is_last), chunk, self._header)

    def open(self, index: int, sealed: bytes, *, is_last: bool) -> bytes:
        """Raises SealBroken for what was not closed with this key and header, at this index, as last or not."""
        try:
            return self._cipher.decrypt(_nonce(index, is_last=is_last), sealed, self._header)
        except InvalidTag:
            raise SealBroken(f"chunk {index} does not open") from None


def _nonce(index: int, *, is_last: bool) -> bytes:
    return index.to_bytes(_COUNTER_BYTES, "big") + bytes([is_last])
