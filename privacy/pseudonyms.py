"""Keys that stand between a phone number and an answer: keyed hashes, encryption, wrapping of round keys.

Chance is handed in: nothing here makes a key or a nonce. An address is an E.164 number or "chat:" and a token.
"""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
_KEY_ID = re.compile("[a-z][a-z0-9_-]{0,15}")
_HASH_CHARACTERS = 32  # of base64url: 192 bits
_ROUND_KEY = "round key"


class UndecipherableError(ValueError):
    """A ciphertext of a key that the ring lacks, for another purpose, or changed."""


def contact_key(round_key: bytes, round_key_id: str, address: str) -> str:
    """Pseudonym of an address within one round; untraceable once the round's key is destroyed."""
    return _keyed_hash(round_key, round_key_id, address)


def token_hash(token: str) -> str:
    """What is stored instead of a random token of at least 128 bits. Not for what can be guessed: it has no key."""
    return _base64url(hashlib.sha256(token.encode()).digest())


@dataclass(frozen=True, kw_only=True, slots=True)
class _MasterKey:
    """Five keys derived from one master key, so that no use can harm another."""

    id: str
    cipher: AESSIV = field(repr=False)
    quarantine: AESSIV = field(repr=False)
    standing: bytes = field(repr=False)
    backups: bytes = field(repr=False)
    console: bytes = field(repr=False)


class KeyRing:
    """The master keys, the current one first. Older ones only open what they closed.

    Encryption is AES-256-SIV (RFC 5297): the same text, purpose and nonce give the same ciphertext, and a nonce used
    twice tells no more than that. The purpose is authenticated: what was encrypted for one does not open for another.
    """

    def __init__(self, keys: Iterable[tuple[str, bytes]]) -> None:
        self._keys = {key_id: _master_key(key_id, secret) for key_id, secret in keys}
        self._current = next(iter(self._keys.values()))

    @classmethod
    def parse(cls, text: str) -> "KeyRing":
        """Reads "k2:BASE64,k1:BASE64", 32 bytes each. ValueError tells which key is wrong, never what it is."""
        entries = [entry.strip() for entry in text.split(",") if entry.strip()]
        if not entries:
            raise ValueError("no key given; expected one or more of NAME:BASE64, the current first")
        keys = [
            _parsed(entry, f"key {place} of {len(entries)}") for place, entry in enumerate(entries, start=1)
        ]
        if len({key_id for key_id, _ in keys}) < len(keys):
            raise ValueError("two keys have the same name")
        return cls(keys)

    def __repr__(self) -> str:
        return f"KeyRing({', '.join(self._keys)})"

    @property
    def current_key_id(self) -> str:
        """The key that encrypts and hashes from now on."""
        return self._current.id

    @property
    def key_ids(self) -> tuple[str, ...]:
        """Names of all keys, the current first."""
        return tuple(self._keys)

    def encrypt(self, plaintext: str, *, purpose: str, nonce: bytes = b"") -> str:
        """A ciphertext that names its key. Without a nonce equal plaintexts are seen to be equal."""
        return self._seal(plaintext.encode(), purpose, nonce)

    def decrypt(self, ciphertext: str, *, purpose: str) -> str:
        """Raises UndecipherableError."""
        return self._open(ciphertext, purpose).decode()

    def seal_for_guardian(self, plaintext: str, *, message_id: int, nonce: bytes) -> str:
        """A ciphertext under the key of the quarantine, which opens nothing else; opens as that message only."""
        return self._seal_with(self._current.quarantine, plaintext.encode(), _quarantined(message_id), nonce)

    def open_for_guardian(self, ciphertext: str, *, message_id: int) -> str:
        """Raises UndecipherableError."""
        return self._open_with(lambda key: key.quarantine, ciphertext, _quarantined(message_id)).decode()

    def wrap_key(self, key: bytes, *, nonce: bytes = b"") -> str:
        """A round's 32 random bytes, encrypted; needs no nonce, since no two are equal."""
        if len(key) != KEY_BYTES:
            raise ValueError(f"a round key has {KEY_BYTES} bytes")
        return self._seal(key, _ROUND_KEY, nonce)

    def unwrap_key(self, wrapped: str) -> bytes:
        """Raises UndecipherableError."""
        return self._open(wrapped, _ROUND_KEY)

    def standing_key(self, address: str) -> str:
        """Pseudonym of an address that outlives rounds: for opt-outs and the feedback list only."""
        return self.standing_keys(address)[0]

    def standing_keys(self, address: str) -> tuple[str, ...]:
        """Its pseudonyms under every key of the ring, the current first: look up by all, write the first."""
        return tuple(_keyed_hash(key.standing, key.id, address) for key in self._keys.values())

    def passing_key(self, what: str, day: date) -> str:
        """Pseudonym of something for one day, as of a network: two days do not know it as the same."""
        return _keyed_hash(self._current.standing, self._current.id, f"{day.isoformat()} {what}")

    def signing_keys(self) -> tuple[bytes, ...]:
        """What the console signs its cookies with: by the first, and by the others before the ring was changed."""
        return tuple(key.console for key in self._keys.values())

    def backup_key(self, key_id: str, salt: bytes) -> bytes:
        """The key of the one backup that has this salt. Raises UndecipherableError for a key that the ring lacks."""
        if key_id not in self._keys:
            raise UndecipherableError(f"the key {key_id} is not in the ring")
        return _derived(self._keys[key_id].backups, b"one backup", KEY_BYTES, salt)

    def _seal(self, plaintext: bytes, purpose: str, nonce: bytes) -> str:
        return self._seal_with(self._current.cipher, plaintext, purpose, nonce)

    def _seal_with(self, cipher: AESSIV, plaintext: bytes, purpose: str, nonce: bytes) -> str:
        sealed = cipher.encrypt(plaintext, [purpose.encode(), nonce])
        return f"{self._current.id}.{_base64url(nonce)}.{_base64url(sealed)}"

    def _open(self, ciphertext: str, purpose: str) -> bytes:
        return self._open_with(lambda key: key.cipher, ciphertext, purpose)

    def _open_with(self, cipher_of: Callable[[_MasterKey], AESSIV], ciphertext: str, purpose: str) -> bytes:
        key_id, *parts = ciphertext.split(".")
        if key_id not in self._keys:
            raise UndecipherableError("the key that this was encrypted with is not in the ring")
        try:
            nonce, sealed = map(_from_base64url, parts)
            return cipher_of(self._keys[key_id]).decrypt(sealed, [purpose.encode(), nonce])
        except (ValueError, InvalidTag):
            raise UndecipherableError("not encrypted for this purpose, or changed since") from None


def _quarantined(message_id: int) -> str:
    return f"quarantine {message_id}"


def _parsed(entry: str, which: str) -> tuple[str, bytes]:
    """Errors say which key, and nothing of the entry: a name in the wrong place may be the key."""
    key_id, colon, encoded = entry.partition(":")
    if not colon or not _KEY_ID.fullmatch(key_id):
        raise ValueError(f"{which} does not begin with a name of small letters and digits, and a colon")
    try:
        secret = _from_base64url(encoded.strip().replace("+", "-").replace("/", "_").rstrip("="))
    except ValueError:
        raise ValueError(f"{which} is not base64") from None
    if len(secret) != KEY_BYTES:
        raise ValueError(f"{which} has {len(secret)} bytes; {KEY_BYTES} random bytes are needed")
    return key_id, secret


def _master_key(key_id: str, secret: bytes) -> _MasterKey:
    return _MasterKey(
        id=key_id,
        cipher=AESSIV(_derived(secret, b"lyhord encryption", 64)),
        quarantine=AESSIV(_derived(secret, b"lyhord quarantine", 64)),
        standing=_derived(secret, b"lyhord standing keys", KEY_BYTES),
        backups=_derived(secret, b"lyhord backups", KEY_BYTES),
        console=_derived(secret, b"lyhord console", KEY_BYTES),
    )


def _derived(secret: bytes, purpose: bytes, length: int, salt: bytes | None = None) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=purpose).derive(secret)


def _keyed_hash(key: bytes, key_id: str, address: str) -> str:
    digest = hmac.digest(key, address.encode(), "sha256")
    return f"{key_id}.{_base64url(digest)[:_HASH_CHARACTERS]}"


def _base64url(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def _from_base64url(text: str) -> bytes:
    """Raises ValueError."""
    if re.fullmatch("[A-Za-z0-9_-]*", text) is None:
        raise binascii.Error("characters outside base64url")
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
