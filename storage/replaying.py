"""Taking away again, from a restored database, what was taken away after its backup was made."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date

from sqlalchemy.orm import Session

from storage import erasure, ledger, messages, quarantine, respondents, rounds
from storage.ledger import Entry, Kind


def replay(session: Session, entries: Iterable[Entry]) -> Counter[Kind]:
    """Do again what the database's own ledger does not know, in order, and write it there. Returns how many of each.

    What it knows is left alone: a contact who wrote again after an erasure, before the backup, keeps what they wrote.
    """
    known = {entry.uid for entry in ledger.list_entries(session)}
    missing = list({entry.uid: entry for entry in entries if entry.uid not in known}.values())
    # A key goes last: with it go the contact keys by which others are found, who may have committed a moment later.
    for entry in sorted(missing, key=lambda entry: entry.kind is Kind.KEY_DESTROYED):
        DEEDS[entry.kind](session, entry)
    ledger.add_entries(session, missing)
    return Counter(entry.kind for entry in missing)


def _erase(session: Session, entry: Entry) -> None:
    erasure.delete_contact(session, entry.key)


def _erase_child(session: Session, entry: Entry) -> None:
    """The conversation as a whole: its state still holds the answers' codes."""
    erasure.delete_conversations(session, [int(entry.key.rpartition("/")[2])])


def _unlist(session: Session, entry: Entry) -> None:
    respondents.delete_feedback_entries(session, [entry.key])


def _opt_out(session: Session, entry: Entry) -> None:
    respondents.add_opt_out(session, entry.key, entry.at)


def _opt_in(session: Session, entry: Entry) -> None:
    respondents.delete_opt_outs(session, [entry.key])


def _discard(session: Session, entry: Entry) -> None:
    messages.delete_inbox_message(session, int(entry.key))
    quarantine.delete_message(session, int(entry.key))


def _close_round(session: Session, entry: Entry) -> None:
    row = rounds.get_round(session, entry.key)
    if row is not None and row.is_under_way:
        rounds.update_closed(session, row.id, entry.at)


def _extend_round(session: Session, entry: Entry) -> None:
    code, _, last_day = entry.key.partition("/")
    row = rounds.get_round(session, code)
    if row is not None:
        rounds.update_extended(session, row.id, date.fromisoformat(last_day))


def _decide(session: Session, entry: Entry) -> None:
    code, _, day = entry.key.partition("/")
    row = rounds.get_round(session, code)
    if row is not None:
        rounds.update_decided(session, row.id, date.fromisoformat(day))


def _destroy_key(session: Session, entry: Entry) -> None:
    row = rounds.get_round(session, entry.key)
    if row is not None and row.wrapped_key is not None:
        rounds.update_key_destroyed(session, row.id, entry.at)
        erasure.cut_links(session, row.id)


DEEDS: dict[Kind, Callable[[Session, Entry], None]] = {
    Kind.ERASED: _erase,
    Kind.UNDER_AGE: _erase_child,
    Kind.UNLISTED: _unlist,
    Kind.OPTED_OUT: _opt_out,
    Kind.OPTED_IN: _opt_in,
    Kind.DISCARDED: _discard,
    Kind.ROUND_CLOSED: _close_round,
    Kind.ROUND_EXTENDED: _extend_round,
    Kind.DECIDED: _decide,
    Kind.KEY_DESTROYED: _destroy_key,
}
