"""The audit log is one chain, however many write, and whoever changes it by hand is found out."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, insert, select, text, update

from bot.services.auditing import Auditing, Filter
from storage import audit
from storage.audit import Fault, Head
from storage.database import Database, Sessions, open_database
from storage.tables import AuditChain, AuditEntry
from storage.upgrading import downgrade, upgrade

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def log(sessions: Sessions) -> Sessions:
    """Ten entries."""
    for n in range(10):
        with sessions.begin() as session:
            audit.add_audit_entry(
                session,
                actor=f"å{n % 3}@example.se",
                action="role_changed",
                round_id=None,
                at=NOON + timedelta(minutes=n, microseconds=n),
                reason="Ö & ”ord”",
                subject="b@example.se",
                change={"role": ["viewer", None], "n": [n, n + 1]},
            )
    return sessions


def _check(sessions: Sessions, known: Head | None = None) -> tuple[Fault | None, int | None]:
    state = Auditing(sessions=sessions).check(known)
    return state.fault, state.broken_at


def test_a_log_that_nobody_touched_is_whole(log: Sessions) -> None:
    state = Auditing(sessions=log).check()
    assert (state.fault, state.count, state.head.id) == (None, 10, 10)


def test_an_empty_log_is_whole(sessions: Sessions) -> None:
    assert _check(sessions) == (None, None)


@pytest.mark.parametrize(
    "values",
    [
        {"actor": "somebody@else.se"},
        {"action": "signed_in"},
        {"at": NOON},
        {"reason": "Ö & ”ord” "},
        {"subject": ""},
        {"change": {"role": ["viewer", "coordinator"], "n": [4, 5]}},
        {"hash": "0" * 64},
    ],
)
def test_a_changed_entry_is_found(log: Sessions, values: dict[str, object]) -> None:
    with log.begin() as session:
        session.execute(update(AuditEntry).where(AuditEntry.id == 5).values(**values))
    assert _check(log) == (Fault.CHANGED, 5)


def test_a_changed_entry_with_its_hash_made_anew_breaks_the_next_link(log: Sessions) -> None:
    with log.begin() as session:
        entry = next(e for e in audit.list_entries(session, limit=20) if e.id == 5)
        changed = audit.Entry(**{**_values(entry), "actor": "somebody@else.se"})
        session.execute(
            update(AuditEntry)
            .where(AuditEntry.id == 5)
            .values(actor=changed.actor, hash=audit.hash_of(changed))
        )
    assert _check(log) == (Fault.BROKEN_LINK, 6)


def _values(entry: audit.Entry) -> dict[str, object]:
    return {name: getattr(entry, name) for name in entry.__dataclass_fields__}


@pytest.mark.parametrize(("gone", "broken_at"), [([1], 2), ([5], 6), ([4, 5, 6], 7)])
def test_an_entry_that_was_taken_away_is_missed(log: Sessions, gone: list[int], broken_at: int) -> None:
    with log.begin() as session:
        session.execute(delete(AuditEntry).where(AuditEntry.id.in_(gone)))
    assert _check(log) == (Fault.BROKEN_LINK, broken_at)


@pytest.mark.parametrize("gone", [[10], [8, 9, 10], list(range(1, 11))])
def test_a_log_that_is_cut_off_is_noticed(log: Sessions, gone: list[int]) -> None:
    with log.begin() as session:
        session.execute(delete(AuditEntry).where(AuditEntry.id.in_(gone)))
    assert _check(log) == (Fault.CUT_OFF, gone[0])


def test_an_entry_that_was_put_in_is_noticed(log: Sessions) -> None:
    with log.begin() as session:
        session.execute(delete(AuditEntry).where(AuditEntry.id == 10))
        row = session.execute(select(AuditEntry.__table__).where(AuditEntry.id == 9)).one()._asdict()
        session.execute(insert(AuditEntry).values({**row, "id": 10}))
    assert _check(log) == (Fault.BROKEN_LINK, 10)
    with log.begin() as session:
        session.execute(insert(AuditEntry).values({**row, "id": 11}))
    assert _check(log)[0] is Fault.BROKEN_LINK


def test_entries_that_changed_places_are_noticed(log: Sessions) -> None:
    with log.begin() as session:
        for old, new in ((4, 100), (5, 4), (100, 5)):
            session.execute(update(AuditEntry).where(AuditEntry.id == old).values(id=new))
    assert _check(log) == (Fault.BROKEN_LINK, 4)


def test_a_log_written_anew_does_not_have_the_head_that_was_kept(log: Sessions) -> None:
    kept = Auditing(sessions=log).head()
    assert _check(log, kept) == (None, None)
    with log.begin() as session:
        session.execute(delete(AuditEntry))
        session.execute(delete(AuditChain))
    with log.begin() as session:
        for n in range(12):
            audit.add_audit_entry(
                session, actor="forger", action="signed_in", round_id=None, at=NOON + timedelta(minutes=n)
            )
    assert _check(log) == (None, None), "the chain alone cannot know"
    assert _check(log, kept) == (Fault.WRITTEN_ANEW, 10)


def test_what_is_deleted_on_its_date_leaves_the_chain_whole(log: Sessions) -> None:
    kept = Auditing(sessions=log).head()
    with log.begin() as session:
        audit.delete_entries_before(session, NOON + timedelta(minutes=4))
    state = Auditing(sessions=log).check(kept)
    assert (state.fault, state.count) == (None, 6)
    with log.begin() as session:
        audit.delete_entries_before(session, NOON + timedelta(days=1))
        audit.add_audit_entry(session, actor="a", action="signed_in", round_id=None, at=NOON)
    assert (_check(log, kept), Auditing(sessions=log).check().count) == ((None, None), 1)
    with log.begin() as session:
        session.execute(delete(AuditEntry))
    assert _check(log)[0] is Fault.CUT_OFF


def test_many_writers_make_one_chain(database: Database) -> None:
    url = database.engine.url.render_as_string(hide_password=False)
    other = open_database(url)

    def write(n: int) -> None:
        with (database, other)[n % 2].sessions.begin() as session:
            audit.add_audit_entry(session, actor=str(n), action="signed_in", round_id=None, at=NOON)

    try:
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(write, range(100)))
    finally:
        other.close()
    state = Auditing(sessions=database.sessions).check()
    assert (state.fault, state.count, state.head.id) == (None, 100, 100)


def test_a_deed_that_is_undone_leaves_no_entry_and_no_gap(log: Sessions) -> None:
    with pytest.raises(ZeroDivisionError), log.begin() as session:
        audit.add_audit_entry(session, actor="a", action="signed_in", round_id=None, at=NOON)
        _ = 1 / 0
    with log.begin() as session:
        audit.add_audit_entry(session, actor="a", action="signed_out", round_id=None, at=NOON)
    state = Auditing(sessions=log).check()
    assert (state.fault, state.count, state.head.id) == (None, 11, 11)


def test_the_log_of_an_older_version_is_chained_by_the_migration(database_url: str) -> None:
    database = open_database(database_url)
    upgrade(database)
    with database.sessions.begin() as session:
        audit.add_audit_entry(session, actor="å", action="round_opened", round_id=None, at=NOON, reason="x")
    downgrade(database, "0007")
    with database.sessions.begin() as session:
        session.execute(
            text("INSERT INTO audit_log (id, at, actor, action, reason) VALUES (7, :at, 'b', 'c', 'd')"),
            {"at": NOON if "postgresql" in database_url else "2026-11-02 12:00:00.000000"},
        )
    upgrade(database)
    state = Auditing(sessions=database.sessions).check()
    assert (state.fault, state.count, state.head.id) == (None, 2, 7)
    with database.sessions.begin() as session:
        audit.add_audit_entry(session, actor="å", action="round_closed", round_id=None, at=NOON)
    assert _check(database.sessions) == (None, None)
    database.close()


def test_the_log_is_read_by_who_what_and_page(log: Sessions) -> None:
    auditing = Auditing(sessions=log)
    first = auditing.page(Filter(), size=4)
    assert [e.id for e in first.entries] == [10, 9, 8, 7]
    assert [e.id for e in auditing.page(Filter(before=first.next_before), size=4).entries] == [6, 5, 4, 3]
    assert [e.id for e in auditing.page(Filter(actor="å0@example.se"), size=9).entries] == [10, 7, 4, 1]
    assert auditing.page(Filter(action="nothing"), size=9).entries == ()
