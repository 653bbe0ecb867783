"""Accounts of the console, their invitations and recovery codes."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from storage.tables import Account, Invitation, RecoveryCode


@dataclass(frozen=True, kw_only=True, slots=True)
class AccountRow:
    """An account without its secrets. `state`: invited, active, disabled."""

    id: int
    email: str
    name: str
    role: str
    language: str
    state: str
    created_at: datetime
    signed_in_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Secrets:
    """What an account signs in with. `totp_secret` is encrypted."""

    password_hash: str | None
    totp_secret: str | None
    totp_step: int | None


_COLUMNS = tuple(getattr(Account, field.name) for field in fields(AccountRow))
_SECRETS = tuple(getattr(Account, field.name) for field in fields(Secrets))


def add_account(
    session: Session, *, email: str, name: str, role: str, language: str, created_at: datetime
) -> int:
    """Its id. The address is case-folded and new."""
    row = Account(
        email=email, name=name, role=role, language=language, state="invited", created_at=created_at
    )
    session.add(row)
    session.flush()
    return row.id


def get_account(session: Session, account_id: int) -> AccountRow | None:
    return _one(session, Account.id == account_id)


def get_account_by_email(session: Session, email: str) -> AccountRow | None:
    return _one(session, Account.email == email)


def list_accounts(session: Session) -> list[AccountRow]:
    """By name; those that are disabled last."""
    order = (Account.state == "disabled", func.lower(Account.name), Account.id)
    return [AccountRow(**row._mapping) for row in session.execute(select(*_COLUMNS).order_by(*order))]


def count_active(session: Session, role: str) -> int:
    """Accounts of the role that can sign in."""
    query = select(func.count()).select_from(Account).where(Account.role == role, Account.state == "active")
    return session.scalar(query) or 0


def lock_account(session: Session, account_id: int) -> None:
    """Let nobody else change the account until the transaction ends; SQLite has one writer anyway."""
    session.execute(select(Account.id).where(Account.id == account_id).with_for_update())


def lock_role(session: Session, role: str) -> None:
    """The same for every account of the role."""
    session.execute(select(Account.id).where(Account.role == role).order_by(Account.id).with_for_update())


def update_account(session: Session, account_id: int, **values: Any) -> None:
    session.execute(update(Account).where(Account.id == account_id).values(**values))


def get_secrets(session: Session, account_id: int) -> Secrets:
    """Raises NoResultFound for an unknown account."""
    return Secrets(**session.execute(select(*_SECRETS).where(Account.id == account_id)).one()._mapping)


def use_totp_step(session: Session, account_id: int, step: int) -> bool:
    """Take a one-time code's step; False where it or a later one was taken before."""
    unused = or_(Account.totp_step.is_(None), Account.totp_step < step)
    taken = session.execute(update(Account).where(Account.id == account_id, unused).values(totp_step=step))
    return bool(taken.rowcount)  # type: ignore[attr-defined]


def delete_disabled_before(session: Session, at: datetime) -> int:
    """Accounts that are disabled and have not signed in since `at`: the log does not name their sign-ins any more.

    Returns how many.
    """
    last = func.coalesce(Account.signed_in_at, Account.created_at)
    result = session.execute(delete(Account).where(Account.state == "disabled", last < at))
    return int(result.rowcount)  # type: ignore[attr-defined]


def add_invitation(session: Session, account_id: int, *, token_hash: str, expires_at: datetime) -> None:
    """Earlier ones of the account lose their force."""
    delete_invitations(session, account_id)
    session.add(Invitation(token_hash=token_hash, account_id=account_id, expires_at=expires_at))
    session.flush()


def get_invited_account(session: Session, token_hash: str, now: datetime) -> AccountRow | None:
    """Whom a link invites that has not expired; it is gone once it was used."""
    account_id = session.scalar(
        select(Invitation.account_id).where(Invitation.token_hash == token_hash, Invitation.expires_at > now)
    )
    return get_account(session, account_id) if account_id is not None else None


def delete_invitations(session: Session, account_id: int) -> None:
    session.execute(delete(Invitation).where(Invitation.account_id == account_id))


def delete_expired_invitations(session: Session, now: datetime) -> None:
    session.execute(delete(Invitation).where(Invitation.expires_at <= now))


def set_recovery_codes(session: Session, account_id: int, code_hashes: Iterable[str]) -> None:
    """In place of those that there were."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    rows = [{"account_id": account_id, "code_hash": code_hash} for code_hash in code_hashes]
    if rows:
        session.execute(insert(RecoveryCode), rows)


def use_recovery_code(session: Session, account_id: int, code_hash: str) -> bool:
    """Take a code, for good; False where there is no such one."""
    gone = session.execute(
        delete(RecoveryCode).where(RecoveryCode.account_id == account_id, RecoveryCode.code_hash == code_hash)
    )
    return bool(gone.rowcount)  # type: ignore[attr-defined]


def count_recovery_codes(session: Session, account_id: int) -> int:
    query = select(func.count()).select_from(RecoveryCode).where(RecoveryCode.account_id == account_id)
    return session.scalar(query) or 0


def _one(session: Session, condition: Any) -> AccountRow | None:
    row = session.execute(select(*_COLUMNS).where(condition)).one_or_none()
    return AccountRow(**row._mapping) if row else None
