"""Signing in to the console, being signed in, and signing out (OWASP ASVS 5.0, V6.3 and V7)."""

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.services import one_time_codes, passwords, tries
from bot.services.accounts import TOTP_PURPOSE
from privacy.pseudonyms import KeyRing, token_hash
from storage import accounts, audit, sign_ins
from storage.accounts import AccountRow, Secrets
from storage.database import Session, Sessions
from storage.sign_ins import SignInRow

log = logging.getLogger("lyhord.console")

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=8)
_SEEN_EVERY = timedelta(minutes=1)
"""A page that is asked for again within that time writes nothing."""


class NotSignedIn(StrEnum):
    """`WRONG` says no more than that something was: of an account that does not exist too."""

    WRONG = "wrong"
    WAIT = "wait"


@dataclass(frozen=True, kw_only=True, slots=True)
class SignedIn:
    """Who is signed in in this browser. `key_hash` names the browser."""

    account: AccountRow
    key_hash: str
    began_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class SigningIn:
    """`needs_codes`: whether it takes a one-time code. Everywhere but in a demonstration."""

    sessions: Sessions
    keys: KeyRing
    now: Callable[[], datetime]
    needs_codes: bool = True

    def sign_in(
        self, *, email: str, password: str, code: str, address: str, browser: str
    ) -> str | NotSignedIn:
        """The key that the browser keeps; another one each time.

        Tries are counted for the account and for the address before anything is looked at, also of accounts that do
        not exist, and never for all together.
        """
        folded, now = email.strip().casefold(), self.now()
        tried = [f"account {folded}", *([f"address {address}"] if address else [])]
        if not tries.may_try(self.sessions, self.keys, tried, now):
            log.warning("sign_in_throttled")
            return NotSignedIn.WAIT
        with self.sessions.reading() as session:
            account = accounts.get_account_by_email(session, folded)
            held = accounts.get_secrets(session, account.id) if account else None
        is_right = passwords.is_right(password, held.password_hash if held else None)
        with self.sessions.begin() as session:
            if account is None or held is None or not is_right or account.state != "active":
                return self._refused(session, account, now)
            if self.needs_codes and not self._takes_code(session, account, held, code, now):
                return self._refused(session, account, now)
            return self._signed_in(session, account, folded, address, browser, now)

    def find(self, key: str) -> SignedIn | None:
        """Who is signed in with this key: None after 30 minutes without a page, after eight hours, and once ended."""
        now, key_hash = self.now(), token_hash(key)
        with self.sessions.reading() as session:
            row = sign_ins.get_sign_in(session, key_hash)
            account = accounts.get_account(session, row.account_id) if row else None
        if row is None or account is None or account.state != "active":
            return None
        if now - row.seen_at >= IDLE or now - row.began_at >= LONGEST:
            return None
        if now - row.seen_at >= _SEEN_EVERY:
            with self.sessions.begin() as session:
                sign_ins.mark_seen(session, key_hash, now)
        return SignedIn(account=account, key_hash=key_hash, began_at=row.began_at)

    def list_browsers(self, account: AccountRow) -> list[SignInRow]:
        """Where the account is signed in now, the last seen first."""
        now = self.now()
        with self.sessions.reading() as session:
            rows = sign_ins.list_sign_ins(session, account.id)
        return [row for row in rows if now - row.seen_at < IDLE and now - row.began_at < LONGEST]

    def sign_out(self, signed_in: SignedIn) -> None:
        with self.sessions.begin() as session:
            sign_ins.delete_sign_in(session, signed_in.key_hash)
            self._log(session, "signed_out", signed_in.account.email)

    def sign_out_everywhere(self, signed_in: SignedIn) -> None:
        """In this browser too."""
        with self.sessions.begin() as session:
            sign_ins.delete_sign_ins(session, signed_in.account.id)
            self._log(session, "signed_out_everywhere", signed_in.account.email)

    def _takes_code(
        self, session: Session, account: AccountRow, held: Secrets, code: str, now: datetime
    ) -> bool:
        if held.totp_secret is None:
            return False
        step = one_time_codes.step_of(self.keys.decrypt(held.totp_secret, purpose=TOTP_PURPOSE), code, now)
        if step is not None:
            return accounts.use_totp_step(session, account.id, step)
        typed = token_hash(one_time_codes.plain_recovery_code(code))
        if accounts.use_recovery_code(session, account.id, typed):
            self._log(session, "recovery_code_used", account.email)
            return True
        return False

    def _refused(self, session: Session, account: AccountRow | None, now: datetime) -> NotSignedIn:
        """What was typed is not kept: it may be a password in the wrong place."""
        subject = account.email if account else ""
        audit.add_audit_entry(
            session, actor="console", action="sign_in_failed", round_id=None, at=now, subject=subject
        )
        return NotSignedIn.WRONG

    def _signed_in(
        self, session: Session, account: AccountRow, email: str, address: str, browser: str, now: datetime
    ) -> str:
        key = secrets.token_urlsafe(32)
        tries.forget_all(session, self.keys, f"account {email}", now)
        if address:
            tries.forget_one(session, self.keys, f"address {address}", now)
        sign_ins.add_sign_in(
            session,
            SignInRow(
                key_hash=token_hash(key), account_id=account.id, began_at=now, seen_at=now, browser=browser
            ),
        )
        accounts.update_account(session, account.id, signed_in_at=now)
        self._log(session, "signed_in", account.email)
        return key

    def _log(self, session: Session, action: str, email: str) -> None:
        audit.add_audit_entry(session, actor=email, action=action, round_id=None, at=self.now())


def forget_what_is_over(session: Session, now: datetime) -> None:
    """Sign-ins that have ended by themselves, links that have expired, tries that count no more."""
    sign_ins.delete_stale_sign_ins(session, seen_before=now - IDLE, began_before=now - LONGEST)
    sign_ins.delete_tries_before(session, now - tries.TRIES_WITHIN)
    accounts.delete_expired_invitations(session, now)
