"""The ledger of what was taken away: whatever a restored backup would bring back is written here as it goes.

The functions that take something away (storage.erasure, respondents, rounds) call `add_entry` in the same transaction,
and only where they changed something: the entries since a backup, in their order, lead from its state to today's.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from storage.tables import LedgerEntry

_UID_BYTES = 12


class Kind(StrEnum):
    """What happened, and what the entry's key is."""

    ERASED = "erased"
    """All of a contact in a round. Contact key."""
    UNDER_AGE = "under_age"
    """The answers of a conversation with a child. Contact key, ``/`` and the conversation's id."""
    UNLISTED = "unlisted"
    """A number's entries in the feedback list. Standing key."""
    OPTED_OUT = "opted_out"
    """Standing key."""
    OPTED_IN = "opted_in"
    """Standing key."""
    DISCARDED = "discarded"
    """A message of the quarantine or the inbox, before its time. Its id."""
    ROUND_CLOSED = "round_closed"
    """Round code."""
    ROUND_EXTENDED = "round_extended"
    """Round code, ``/`` and its new last day: else a restored backup would close it again."""
    DECIDED = "decided"
    """Round code, ``/`` and the day of the decision, by which its text went earlier than after twelve months."""
    KEY_DESTROYED = "key_destroyed"
    """Round code."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """An entry as it stands in the table and in the file."""

    uid: str
    at: datetime
    kind: Kind
    key: str


def add_entry(session: Session, kind: Kind, key: str, at: datetime) -> None:
    """Write down what this transaction takes away."""
    add_entries(session, [Entry(uid=secrets.token_urlsafe(_UID_BYTES), at=at, kind=kind, key=key)])


def add_entries(session: Session, entries: Iterable[Entry]) -> None:
    """Entries that are known elsewhere, with their uids."""
    rows = [{"uid": e.uid, "at": e.at, "kind": e.kind.value, "key": e.key} for e in entries]
    if rows:
        session.execute(insert(LedgerEntry), rows)


def list_entries(session: Session) -> list[Entry]:
    """All of them, in the order in which they happened."""
    rows = session.execute(
        select(LedgerEntry.uid, LedgerEntry.at, LedgerEntry.kind, LedgerEntry.key).order_by(LedgerEntry.id)
    )
    return [Entry(uid=row.uid, at=row.at, kind=Kind(row.kind), key=row.key) for row in rows]


def was_erased_since(session: Session, contact_key: str, at: datetime) -> bool:
    """Whether the contact, or a child on the same telephone, was erased after `at`.

    For messages that are fetched from the provider after a restore: what led to something that was erased later must
    not be taken in again, neither as an answer nor as a message outside any survey.
    """
    of_contact = (LedgerEntry.kind == Kind.ERASED) & (LedgerEntry.key == contact_key)
    of_child = (LedgerEntry.kind == Kind.UNDER_AGE) & LedgerEntry.key.startswith(
        f"{contact_key}/", autoescape=True
    )
    query = select(LedgerEntry.id).where(LedgerEntry.at > at, of_contact | of_child).limit(1)
    return session.scalar(query) is not None


def count_entries_before(session: Session, at: datetime) -> int:
    return session.scalar(select(func.count()).select_from(LedgerEntry).where(LedgerEntry.at < at)) or 0


def delete_entries_before(session: Session, at: datetime) -> int:
    """Returns how many."""
    return int(session.execute(delete(LedgerEntry).where(LedgerEntry.at < at)).rowcount)  # type: ignore[attr-defined]
