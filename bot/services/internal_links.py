"""The internal link and code by which employees come to their survey in the chat: one code for all, and no names.

The code keeps out who was not told it. It names nobody and is shared, so it can be changed whenever it has spread.
"""

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import quote

from bot.services.arrivals import Parts
from bot.services.limiting import TooMany, this_hour, wait_s
from bot.services.rounds import RoundRefused, get_existing
from privacy.pseudonyms import KeyRing
from storage import audit, internal_codes, limits, rounds
from storage.database import Session, Sessions
from storage.internal_codes import InternalCodeRow
from storage.rounds import RoundRow

STREAM = "employees"
"""The stream that is asked by an internal link."""
WRONG_CODES_OF_A_NETWORK = 60
"""In an hour by the clock: a workplace behind one address may mistype, and nobody tries out 2^60."""
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""32 characters of which none is taken for another."""
_LENGTH = 12
_GROUP = 4
_PURPOSE = "internal code"


@dataclass(frozen=True, kw_only=True, slots=True)
class InternalLink:
    """`code` as it is read aloud, ``K7QM-2XPD-9FHT``; `address` has it in it."""

    code: str
    address: str
    page: str
    """The same without the code: it is typed there."""
    made_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class EmployeesRound:
    """A round that asks employees. Without a `link`, nobody is let in on a page."""

    code: str
    name: str
    municipality: str
    closes_on: date
    link: InternalLink | None


@dataclass(frozen=True, kw_only=True, slots=True)
class InternalLinks:
    """What a coordinator does with it. Each deed is one transaction with a line in the audit log, without the code."""

    sessions: Sessions
    keys: KeyRing
    now: Callable[[], datetime]
    actor: str
    public_url: str

    def find(self, round_code: str) -> EmployeesRound:
        """The round with its link, if it has one. Raises RoundRefused where employees are not asked in it."""
        with self.sessions.reading() as session:
            row = self._round(session, round_code)
            stored = internal_codes.get_internal_code(session, row.id, STREAM)
        return EmployeesRound(
            code=row.code,
            name=row.name,
            municipality=row.municipality,
            closes_on=row.closes_on,
            link=self._link(row, stored) if stored else None,
        )

    def _link(self, row: RoundRow, stored: InternalCodeRow) -> InternalLink:
        code = self.keys.decrypt(stored.code_ciphertext, purpose=_PURPOSE)
        page = f"{self.public_url}/chat/{quote(row.code)}/{STREAM}"
        return InternalLink(
            code=grouped(code), address=f"{page}?code={code}", page=page, made_at=stored.made_at
        )

    def renew(self, round_code: str) -> None:
        """Make a code; one there was lets nobody in from now on. Who has begun goes on. Raises RoundRefused."""
        code = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
        sealed = self.keys.encrypt(code, purpose=_PURPOSE, nonce=secrets.token_bytes(16))
        with self.sessions.begin() as session:
            row = self._round(session, round_code)
            internal_codes.set_internal_code(
                session, row.id, STREAM, code_ciphertext=sealed, made_at=self.now()
            )
            self._log(session, "internal_code_made", row.id)

    def close(self, round_code: str) -> None:
        """Let nobody more in. Raises RoundRefused."""
        with self.sessions.begin() as session:
            row = self._round(session, round_code)
            if internal_codes.delete_internal_code(session, row.id, STREAM):
                self._log(session, "internal_code_closed", row.id)

    def _round(self, session: Session, round_code: str) -> RoundRow:
        row = get_existing(session, round_code)
        if STREAM not in {flow.stream for flow in rounds.list_round_flows(session, row.id)}:
            raise RoundRefused(f"round {round_code} has no survey for {STREAM}")
        return row

    def _log(self, session: Session, action: str, round_id: int) -> None:
        audit.add_audit_entry(session, actor=self.actor, action=action, round_id=round_id, at=self.now())


def is_offered(parts: Parts, round_code: str, stream: str) -> bool:
    """Whether a survey can be begun on a page at all: that of employees only while it has a code."""
    return stream != STREAM or _stored_code(parts, round_code) is not None


def admits(parts: Parts, round_code: str, stream: str, typed: str, *, network: str) -> bool:
    """Whether `typed` opens the survey. Other streams are open to all.

    Raises TooMany once a network has sent too many wrong codes, to the right one too: or guessing would only be slower.
    """
    if stream != STREAM:
        return True
    code, now = _stored_code(parts, round_code), parts.now()
    counted = parts.keys.passing_key(f"wrong internal codes from {network}", now.date()) if network else ""
    if counted and _count(parts, counted, now) >= WRONG_CODES_OF_A_NETWORK:
        raise TooMany(wait_s(now))
    if code is not None and hmac.compare_digest(code.encode(), plain(typed).encode()):
        return True
    if counted:
        with parts.sessions.begin() as session:
            limits.count_up(session, [counted], this_hour(now))
    return False


def grouped(code: str) -> str:
    """``K7QM2XPD9FHT`` as ``K7QM-2XPD-9FHT``."""
    return "-".join(code[at : at + _GROUP] for at in range(0, len(code), _GROUP))


def plain(typed: str) -> str:
    """A code as somebody typed it, with blanks and dashes anywhere, in small letters or large."""
    return "".join(character for character in typed.upper() if character.isalnum())


def _stored_code(parts: Parts, round_code: str) -> str | None:
    with parts.sessions.reading() as session:
        row = rounds.get_round(session, round_code)
        stored = internal_codes.get_internal_code(session, row.id, STREAM) if row else None
    return parts.keys.decrypt(stored.code_ciphertext, purpose=_PURPOSE) if stored else None


def _count(parts: Parts, key: str, now: datetime) -> int:
    with parts.sessions.reading() as session:
        return limits.get_count(session, key, this_hour(now))
