"""Who works in the console: accounts, how they sign in, and where they are signed in.

Everything secret is kept as a hash or encrypted. Nothing here has to do with residents.
"""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base


class Account(Base):
    """A person who may sign in. Kept when it is disabled: the audit log names it."""

    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    """case-folded"""
    name: Mapped[str]
    role: Mapped[str]
    language: Mapped[str]
    state: Mapped[str]
    """invited, active, disabled"""
    password_hash: Mapped[str | None]
    totp_secret: Mapped[str | None]
    """Encrypted; None in a demonstration, and until the invitation is accepted."""
    totp_step: Mapped[int | None]
    """The last 30-second step whose code was taken: no code is taken twice."""
    created_at: Mapped[datetime]
    signed_in_at: Mapped[datetime | None]
    """When it last signed in."""


class SignIn(Base):
    """A browser in which somebody is signed in. The browser holds the key, we its hash."""

    __tablename__ = "sign_ins"

    key_hash: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    browser: Mapped[str]
    """A few words, as "Firefox, Windows": to know one's own again."""


class Invitation(Base):
    """A link that lets somebody choose a password, once: the first one, or another."""

    __tablename__ = "invitations"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    expires_at: Mapped[datetime]


class RecoveryCode(Base):
    """A code that stands in for the one-time code, once: the telephone may be lost."""

    __tablename__ = "recovery_codes"

    code_hash: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)


class SignInTry(Base):
    """A try to sign in that has not gone well (yet). `key` is a keyed hash, for an account or for an address."""

    __tablename__ = "sign_in_tries"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(index=True)
    at: Mapped[datetime] = mapped_column(index=True)
