"""Where somebody is signed in to the console, and tries that went wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, insert, or_, select, text, update
from sqlalchemy.orm import Session

from storage.tables import SignIn, SignInTry

_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))")


@dataclass(frozen=True, kw_only=True, slots=True)
class SignInRow:
    """A browser in which somebody is signed in."""

    key_hash: str
    account_id: int
    began_at: datetime
    seen_at: datetime
    browser: str


def add_sign_in(session: Session, row: SignInRow) -> None:
    session.add(
        SignIn(
            key_hash=row.key_hash,
            account_id=row.account_id,
            began_at=row.began_at,
            seen_at=row.seen_at,
            browser=row.browser,
        )
    )
    session.flush()


def get_sign_in(session: Session, key_hash: str) -> SignInRow | None:
    row = session.execute(select(*_COLUMNS).where(SignIn.key_hash == key_hash)).one_or_none()
    return SignInRow(**row._mapping) if row else None


def list_sign_ins(session: Session, account_id: int) -> list[SignInRow]:
    """The one seen last first."""
    query = select(*_COLUMNS).where(SignIn.account_id == account_id).order_by(SignIn.seen_at.desc())
    return [SignInRow(**row._mapping) for row in session.execute(query)]


def mark_seen(session: Session, key_hash: str, at: datetime) -> None:
    session.execute(update(SignIn).where(SignIn.key_hash == key_hash).values(seen_at=at))


def delete_sign_in(session: Session, key_hash: str) -> None:
    session.execute(delete(SignIn).where(SignIn.key_hash == key_hash))


def delete_sign_ins(session: Session, account_id: int, *, but: str = "") -> int:
    """Sign an account out everywhere, `but` in one browser. Returns how many."""
    gone = session.execute(delete(SignIn).where(SignIn.account_id == account_id, SignIn.key_hash != but))
    return int(gone.rowcount)  # type: ignore[attr-defined]


def delete_stale_sign_ins(session: Session, *, seen_before: datetime, began_before: datetime) -> None:
    session.execute(delete(SignIn).where(or_(SignIn.seen_at < seen_before, SignIn.began_at < began_before)))


def lock_tries(session: Session, keys: Sequence[str]) -> None:
    """Let one try of an account and of an address at a time be counted, until the transaction ends.

    Always in the same order, so that nobody waits in a ring. On SQLite the writing transaction itself is the lock.
    """
    if session.connection().dialect.name == "postgresql":
        for key in sorted(keys):
            session.connection().execute(_LOCK, {"key": key})


def count_tries(session: Session, keys: Sequence[str], since: datetime) -> int:
    query = select(func.count()).select_from(SignInTry).where(SignInTry.key.in_(keys), SignInTry.at > since)
    return session.scalar(query) or 0


def add_tries(session: Session, keys: Sequence[str], at: datetime) -> None:
    session.execute(insert(SignInTry), [{"key": key, "at": at} for key in keys])


def delete_tries(session: Session, keys: Sequence[str]) -> None:
    session.execute(delete(SignInTry).where(SignInTry.key.in_(keys)))


def delete_one_try(session: Session, key: str, at: datetime) -> None:
    """That went well after all."""
    latest = select(func.max(SignInTry.id)).where(SignInTry.key == key, SignInTry.at == at).scalar_subquery()
    session.execute(delete(SignInTry).where(SignInTry.id == latest))


def delete_tries_before(session: Session, at: datetime) -> None:
    session.execute(delete(SignInTry).where(SignInTry.at < at))


_COLUMNS = (SignIn.key_hash, SignIn.account_id, SignIn.began_at, SignIn.seen_at, SignIn.browser)
