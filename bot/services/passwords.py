"""Passwords of the console: what may be chosen, and how it is kept (argon2id; OWASP ASVS 5.0, V6.2 and V11.4.2)."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import cache
from importlib.resources import files
from itertools import pairwise

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 15
LONGEST = 256
_HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
"""OWASP's least: 19 MiB, two passes: about 25 ms."""
_FEWEST_DIFFERENT = 6
_SHORTEST_WORD = 4
"""Parts of a name or address that are shorter may occur in a password."""


class PasswordFault(StrEnum):
    """Why a password is refused."""

    SHORT = "password_short"
    LONG = "password_long"
    COMMON = "password_common"
    SIMPLE = "password_simple"
    PERSONAL = "password_personal"


def find_fault(password: str, personal: Sequence[str]) -> PasswordFault | None:
    """What keeps it from being taken. `personal`: the account's address and name. Any characters may stand in it."""
    if len(password) < SHORTEST:
        return PasswordFault.SHORT
    if len(password) > LONGEST:
        return PasswordFault.LONG
    folded = _normal(password).casefold()
    if _plain(folded) in _common():
        return PasswordFault.COMMON
    if any(word in folded for word in _words_of(("lyhord", "lyhörd", *personal))):
        return PasswordFault.PERSONAL
    return PasswordFault.SIMPLE if _is_simple(folded) else None


def hash_password(password: str) -> str:
    return _HASHER.hash(_normal(password))


def is_right(password: str, stored: str | None) -> bool:
    """Whether it is the password. Without one it is as slow, and false."""
    try:
        return _HASHER.verify(stored or _nobodys(), _normal(password)[: LONGEST + 1]) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def _normal(password: str) -> str:
    """Telephones and computers write å in two ways."""
    return unicodedata.normalize("NFC", password)


def _words_of(personal: Sequence[str]) -> Iterator[str]:
    for text in personal:
        yield from (word for word in re.split(r"[\W_]+", text.casefold()) if len(word) >= _SHORTEST_WORD)


def _is_simple(folded: str) -> bool:
    """Few different characters, one short piece again and again, or a row of the alphabet or the digits."""
    return (
        len(set(folded)) < _FEWEST_DIFFERENT
        or re.fullmatch(r"(.{1,6}?)\1+.{0,5}", folded, re.DOTALL) is not None
        or all(abs(ord(b) - ord(a)) <= 1 for a, b in pairwise(folded))
    )


def _plain(folded: str) -> str:
    return re.sub(r"[\W_]+", "", folded)


@cache
def _common() -> frozenset[str]:
    """One a line; a comment begins with #. Letters and digits alone count."""
    text = files("bot.services").joinpath("common_passwords.tsv").read_text(encoding="utf-8")
    lines = (line.strip() for line in text.splitlines())
    return frozenset(_plain(line.casefold()) for line in lines if line and not line.startswith("#"))


@cache
def _nobodys() -> str:
    return _HASHER.hash("nobody has this password")
