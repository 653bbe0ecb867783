"""Who may sign in to the console: inviting, accepting, changing, disabling. No message is sent by us: whoever invites
passes the link on.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.services import one_time_codes, passwords, tries
from bot.services.errors import Refused
from bot.services.roles import Role
from privacy.pseudonyms import KeyRing, token_hash
from storage import accounts, audit, sign_ins
from storage.accounts import AccountRow
from storage.database import Session, Sessions

__all__ = ["AccountRefused", "AccountRow", "Accounts", "Invited", "Role", "refuse_weak"]

INVITED_FOR = timedelta(hours=72)
RESET_FOR = timedelta(hours=1)
TOTP_PURPOSE = "one-time code"
_TOKEN_BYTES = 24


class AccountRefused(Refused):
    """It cannot be done as things stand. `code` names the pages' sentence; the message is the command line's."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, kw_only=True, slots=True)
class Invited:
    """`token` stands in the link that is passed on, and nowhere else."""

    account: AccountRow
    token: str
    expires_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Accounts:
    """What is done with accounts, each call one transaction with a line in the audit log.

    `needs_codes`: whether signing in takes a one-time code. Everywhere but in a demonstration.
    """

    sessions: Sessions
    keys: KeyRing
    now: Callable[[], datetime]
    actor: str
    needs_codes: bool = True

    def list(self) -> list[AccountRow]:
        with self.sessions.reading() as session:
            return accounts.list_accounts(session)

    def invite(self, *, email: str, name: str, role: Role, language: str = "sv") -> Invited:
        """Raises AccountRefused for an address that is none or has an account."""
        folded, named = _folded(email), " ".join(name.split())
        if not named or len(named) > 80:
            raise AccountRefused("name_wrong", "the name is missing or longer than 80 characters")
        with self.sessions.begin() as session:
            if accounts.get_account_by_email(session, folded) is not None:
                raise AccountRefused("email_taken", f"{folded} has an account already")
            account_id = accounts.add_account(
                session, email=folded, name=named, role=role, language=language, created_at=self.now()
            )
            self._log(session, "account_invited", folded, {"role": [None, role.value]})
            return self._invited(session, account_id, INVITED_FOR)

    def reset(self, email: str) -> Invited:
        """A link for another password and another telephone. The old ones and all sign-ins end at once."""
        with self.sessions.begin() as session:
            account = self._get(session, email)
            self._end(session, account, state="invited")
            self._log(session, "account_reset", account.email, {"state": [account.state, "invited"]})
            is_new = account.signed_in_at is None
            return self._invited(session, account.id, INVITED_FOR if is_new else RESET_FOR)

    def disable(self, email: str) -> None:
        """Signs it out everywhere, for good. Raises AccountRefused for the last coordinator."""
        with self.sessions.begin() as session:
            account = self._get(session, email)
            self._keep_a_coordinator(session, account)
            self._end(session, account, state="disabled")
            self._log(session, "account_disabled", account.email, {"state": [account.state, "disabled"]})

    def change_role(self, email: str, role: Role) -> None:
        """Raises AccountRefused for the last coordinator."""
        with self.sessions.begin() as session:
            account = self._get(session, email)
            if account.role == role:
                return
            self._keep_a_coordinator(session, account)
            accounts.update_account(session, account.id, role=role.value)
            self._log(session, "role_changed", account.email, {"role": [account.role, role.value]})

    def find_invited(self, token: str) -> AccountRow | None:
        """Whom the link invites; None where it was used or has expired."""
        with self.sessions.reading() as session:
            return accounts.get_invited_account(session, token_hash(token), self.now())

    def accept(self, token: str, *, password: str, totp_secret: str, code: str) -> tuple[str, ...]:
        """Choose a password, with an app that shows the right code. The link is used up. Returns recovery codes."""
        now, hashed = self.now(), passwords.hash_password(password)
        step = one_time_codes.step_of(totp_secret, code, now) if self.needs_codes else None
        if self.needs_codes and step is None:
            raise AccountRefused("code_wrong", "the one-time code is not right")
        codes = one_time_codes.new_recovery_codes() if self.needs_codes else ()
        with self.sessions.begin() as session:
            account = accounts.get_invited_account(session, token_hash(token), now)
            if account is None:
                raise AccountRefused("link_gone", "the link was used or has expired")
            refuse_weak(password, account)
            accounts.delete_invitations(session, account.id)
            accounts.update_account(
                session,
                account.id,
                state="active",
                password_hash=hashed,
                totp_secret=self._sealed(totp_secret) if self.needs_codes else None,
                totp_step=step,
            )
            accounts.set_recovery_codes(session, account.id, map(token_hash, codes))
            self._log(session, "account_accepted", account.email, {"state": [account.state, "active"]})
        return codes

    def change_password(self, account: AccountRow, *, current: str, new: str, but: str) -> None:
        """Signs it out everywhere `but` in this browser. Raises AccountRefused."""
        self._ask_again(account, current)
        refuse_weak(new, account)
        hashed = passwords.hash_password(new)
        with self.sessions.begin() as session:
            accounts.update_account(session, account.id, password_hash=hashed)
            sign_ins.delete_sign_ins(session, account.id, but=but)
            self._log(session, "password_changed", account.email)

    def new_recovery_codes(self, account: AccountRow, *, password: str) -> tuple[str, ...]:
        """In place of the old ones. Raises AccountRefused for a wrong password."""
        codes = one_time_codes.new_recovery_codes()
        self._ask_again(account, password)
        with self.sessions.begin() as session:
            accounts.set_recovery_codes(session, account.id, map(token_hash, codes))
            self._log(session, "recovery_codes_renewed", account.email)
        return codes

    def count_recovery_codes(self, account: AccountRow) -> int:
        with self.sessions.reading() as session:
            return accounts.count_recovery_codes(session, account.id)

    def set_language(self, account: AccountRow, language: str) -> None:
        """No line in the log: it changes what one person reads."""
        with self.sessions.begin() as session:
            accounts.update_account(session, account.id, language=language)

    def _ask_again(self, account: AccountRow, password: str) -> None:
        """Whoever found a browser open does not know the password, and cannot try them all."""
        tried, now = f"password {account.email}", self.now()
        if not tries.may_try(self.sessions, self.keys, [tried], now):
            raise AccountRefused("too_many", "too many tries: wait a quarter of an hour")
        with self.sessions.reading() as session:
            stored = accounts.get_secrets(session, account.id).password_hash
        if not passwords.is_right(password, stored):
            raise AccountRefused("current_wrong", "the password is not right")
        with self.sessions.begin() as session:
            tries.forget_all(session, self.keys, tried, now)

    def _get(self, session: Session, email: str) -> AccountRow:
        account = accounts.get_account_by_email(session, _folded(email))
        if account is None:
            raise AccountRefused(
                "unknown", f"there is no account {_folded(email)}; lyhord user list shows all"
            )
        accounts.lock_account(session, account.id)
        return account

    def _invited(self, session: Session, account_id: int, time: timedelta) -> Invited:
        token, expires_at = secrets.token_urlsafe(_TOKEN_BYTES), self.now() + time
        accounts.add_invitation(session, account_id, token_hash=token_hash(token), expires_at=expires_at)
        account = accounts.get_account(session, account_id)
        assert account is not None  # noqa: S101  it was written or locked in this transaction
        return Invited(account=account, token=token, expires_at=expires_at)

    def _end(self, session: Session, account: AccountRow, *, state: str) -> None:
        accounts.update_account(session, account.id, state=state, password_hash=None, totp_secret=None)
        accounts.set_recovery_codes(session, account.id, ())
        accounts.delete_invitations(session, account.id)
        sign_ins.delete_sign_ins(session, account.id)

    def _keep_a_coordinator(self, session: Session, account: AccountRow) -> None:
        if account.role == Role.COORDINATOR and account.state == "active":
            accounts.lock_role(session, Role.COORDINATOR)
            if accounts.count_active(session, Role.COORDINATOR) < 2:
                raise AccountRefused(
                    "last_coordinator", f"{account.email} is the only coordinator: add another first"
                )

    def _sealed(self, totp_secret: str) -> str:
        return self.keys.encrypt(totp_secret, purpose=TOTP_PURPOSE, nonce=secrets.token_bytes(16))

    def _log(
        self, session: Session, action: str, subject: str, change: Mapping[str, Any] | None = None
    ) -> None:
        audit.add_audit_entry(
            session,
            actor=self.actor,
            action=action,
            round_id=None,
            at=self.now(),
            subject=subject,
            change=change,
        )


def refuse_weak(password: str, account: AccountRow) -> None:
    """Raises AccountRefused that says why the password cannot be taken."""
    fault = passwords.find_fault(password, (account.email, account.name))
    if fault is not None:
        raise AccountRefused(fault.value, f"the password cannot be taken: {fault.value}")


def _folded(email: str) -> str:
    """Case-folded; raises AccountRefused for what is no address."""
    folded = email.strip().casefold()
    name, at, host = folded.rpartition("@")
    if (
        not (name and at and "." in host)
        or len(folded) > 254
        or any(c.isspace() or not c.isprintable() for c in folded)
    ):
        raise AccountRefused("email_wrong", "that is no e-mail address")
    return folded
