"""A backup comes back whole, and without what was taken away after it was made: on both databases, under load."""

import itertools
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from keeping import Keeping, count, keeping, octets_of, url_of
from sqlalchemy import select
from town import MONDAY, RESIDENT, ROUND, Town, message_fields

from bot.channels.base import InboundMessage
from bot.services.upkeep import Upkeep
from storage.ledger import Entry, Kind
from storage.tables import (
    Answer,
    AuditEntry,
    Base,
    Conversation,
    FeedbackEntry,
    InboxMessage,
    LedgerEntry,
    Message,
    OptOut,
    Round,
)
from storage.upgrading import downgrade, is_current

__all__ = ["keeping"]

CODE_WORD = "kvitterlyktan"
TELLING = (*RESIDENT[:5], f"{CODE_WORD} är trasig", "vet ej", "2,5", "lampor", "47", "1")
OTHER = "+46701740611"


def test_a_restored_database_goes_on_where_the_backup_stood(keeping: Keeping) -> None:
    keeping.town.phone().answer_all(*RESIDENT[:5])
    backup = keeping.backup()
    keeping.town.phone(OTHER).answer_all(*RESIDENT)
    keeping.copy_ledger()
    told, town = keeping.restored(backup)
    assert told.replayed.total() == 0
    assert count(town, Conversation) == 1
    assert town.phone().answer_all(*RESIDENT[5:]).startswith("Tack!")
    assert town.phone("+46701740612").answer_all(*RESIDENT).startswith("Tack!")
    assert (count(town, Conversation), count(town, Answer)) == (2, 16)
    assert town.phone().say("radera").startswith("Dina svar är raderade")
    assert count(town, AuditEntry, AuditEntry.action == "restored") == 1
    assert (
        count(keeping.town, AuditEntry, AuditEntry.action == "backup_made", AuditEntry.actor == "test") == 1
    )


def test_five_backups_under_load_all_come_back_whole(keeping: Keeping) -> None:
    """Four residents at a time answer whole surveys meanwhile; whoever was answered before is in the backup."""
    over = threading.Event()
    finished: list[int] = []
    towns = [Town(house=keeping.town.house, clock=keeping.town.clock) for _ in range(4)]  # a client each
    writers = [
        threading.Thread(target=_answer_until, args=(town, n, over, finished)) for n, town in enumerate(towns)
    ]
    for writer in writers:
        writer.start()
    expected = []
    try:
        for number in range(5):
            _wait_for_more(finished, len(finished))
            expected.append(len(finished))
            keeping.backup(f"{number}.backup")
    finally:
        over.set()
        for writer in writers:
            writer.join(timeout=30)
    keeping.copy_ledger()
    for number, surveys in enumerate(expected):
        _, town = keeping.restored(keeping.folder / f"{number}.backup")
        assert count(town, Conversation, Conversation.status == "finished") >= surveys > number
        _assert_whole(town)
        assert town.phone("+46701740599").answer_all(*RESIDENT).startswith("Tack!")


def _answer_until(town: Town, writer: int, over: threading.Event, finished: list[int]) -> None:
    """Makes no application: CPython 3.11 parses for its routes, which two threads at once may not (`ast.parse`)."""
    for number in itertools.count():
        if over.is_set():
            return
        town.phone(f"+4670174{writer}{number:03}").answer_all(*RESIDENT)
        finished.append(writer)


def _wait_for_more(finished: list[int], than: int) -> None:
    deadline = threading.Event()
    for _ in range(3000):
        if len(finished) > than:
            return
        deadline.wait(0.01)
    raise AssertionError("the writers do not get on")


def _assert_whole(town: Town) -> None:
    """Every answer of the states has its row, and every conversation as many messages as it took."""
    with town.house.database.sessions.reading() as session:
        for conversation in session.scalars(select(Conversation)):
            rows = session.scalars(
                select(Answer.question).where(Answer.conversation_id == conversation.id)
            ).all()
            in_state = {entry[0] for entry in conversation.state["answers"]}
            assert set(rows) <= in_state
            messages = session.scalars(
                select(Message).where(Message.conversation_id == conversation.id)
            ).all()
            assert len(messages) == len(RESIDENT) or conversation.status != "finished"


def test_what_was_erased_after_the_backup_is_not_there_after_the_restore(keeping: Keeping) -> None:
    keeping.town.phone().answer_all(*TELLING, "RESULTAT")
    keeping.town.phone(OTHER).answer_all(*RESIDENT, "RESULTAT")
    backup = keeping.backup()
    assert keeping.town.phone().say("radera").startswith("Dina svar är raderade")
    assert keeping.copy_ledger() == 2
    told, town = keeping.restored(backup)
    assert told.replayed == {Kind.UNLISTED: 1, Kind.ERASED: 1}
    assert (count(town, Conversation), count(town, FeedbackEntry)) == (1, 1)
    assert count(town, Message, Message.conversation_id.is_not(None)) == len(RESIDENT)
    assert count(town, Answer, Answer.text.contains(CODE_WORD)) == 0
    assert CODE_WORD not in octets_of(town)
    assert "inget att radera" in town.phone().say("radera")


@pytest.mark.parametrize("is_in_ledger", [True, False])
def test_what_is_fetched_after_the_restore_does_not_bring_back_what_was_erased(
    keeping: Keeping, is_in_ledger: bool
) -> None:
    """Neither as an answer nor in the inbox; a survey that was begun after the erasure is whole again."""
    phone = keeping.town.phone()
    phone.answer_all(*TELLING[:4])
    backup = keeping.backup()
    keeping.copy_ledger()
    sent = []
    for text in ("4", f"{CODE_WORD} är trasig", "radera", *RESIDENT):
        fields = message_fields(text)
        at = keeping.town.clock()
        sent.append(
            InboundMessage(
                provider="twilio",
                provider_id=fields["MessageSid"],
                channel="sms",
                sender=fields["From"],
                recipient=fields["To"],
                text=text,
                sent_at=at,
            )
        )
        keeping.town.clock.move(seconds=2)
        keeping.town.webhook(fields)
        keeping.town.clock.move(minutes=1)
    if is_in_ledger:
        keeping.copy_ledger()
    _, town = keeping.restored(backup)
    assert all(town.house.inbound.receive_late(message, was_answered=True) for message in sent)
    assert (count(town, Conversation), count(town, Conversation, Conversation.status == "finished")) == (1, 1)
    assert (count(town, InboxMessage), count(town, Answer)) == (0, 8)
    town.house.database.close()  # what the log held is in the file now, written over
    assert CODE_WORD not in octets_of(town)


def test_what_was_written_after_an_erasure_comes_back(keeping: Keeping) -> None:
    """An erasure that the backup knows of is not done to what the same phone answered later."""
    phone = keeping.town.phone()
    phone.answer_all(*RESIDENT, "RESULTAT")
    phone.say("radera")
    phone.answer_all(*RESIDENT, "RESULTAT")
    keeping.copy_ledger()
    told, town = keeping.restored(keeping.backup())
    assert told.replayed.total() == 0
    assert (count(town, Conversation), count(town, FeedbackEntry)) == (1, 1)


def test_a_childs_answers_do_not_come_back_and_another_persons_on_the_phone_do(keeping: Keeping) -> None:
    phone = keeping.town.phone()
    phone.answer_all(*RESIDENT, "TRYGG", "annan", *TELLING[1:-2])
    assert count(keeping.town, Answer, Answer.text.contains(CODE_WORD)) == 1
    backup = keeping.backup()
    assert "fyllt 15" in phone.say("jag är 12 år")
    keeping.copy_ledger()
    told, town = keeping.restored(backup)
    assert told.replayed == {Kind.UNDER_AGE: 1}
    assert (count(town, Conversation), count(town, Answer)) == (1, 8)
    assert CODE_WORD not in octets_of(town)


def test_stop_after_the_backup_holds_and_so_does_start_after_stop(keeping: Keeping) -> None:
    stopped, started, wished, blocked = (keeping.town.phone(f"+467017406{n:02}") for n in range(20, 24))
    for phone in (stopped, started, wished, blocked):
        phone.answer_all(*RESIDENT, "RESULTAT")
    wished.say("stopp")
    backup = keeping.backup()
    stopped.say("stopp")
    started.answer_all("stopp", "start", "stopp", "start")
    wished.answer_all("start")
    keeping.town.status("SM" + "b" * 32, "failed", ErrorCode="21610", To=blocked.number)
    keeping.copy_ledger()
    _, town = keeping.restored(backup)
    keys = keeping.town.house.keys
    with town.house.database.sessions.reading() as session:
        opted_out = set(session.scalars(select(OptOut.standing_key)))
        listed = set(session.scalars(select(FeedbackEntry.standing_key)))
    assert opted_out == {keys.standing_key(stopped.number), keys.standing_key(blocked.number)}
    assert listed == {keys.standing_key(blocked.number)}


def test_a_round_that_was_extended_after_the_backup_stays_open(keeping: Keeping) -> None:
    """It had been closed in between: its later entry must win over that."""
    backup = keeping.backup()
    keeping.town.clock.move(days=1)
    keeping.town.rounds.close(ROUND)
    later = (MONDAY + timedelta(days=44)).date()
    keeping.town.rounds.extend(ROUND, later)
    keeping.copy_ledger()
    _, town = keeping.restored(backup)
    assert _row(town) == _row(keeping.town)
    assert count(town, Round, Round.status == "open", Round.closes_on == later) == 1


def test_text_that_went_early_for_the_decision_does_not_come_back(keeping: Keeping) -> None:
    keeping.town.phone().answer_all(*RESIDENT)
    keeping.town.rounds.close(ROUND)
    keeping.town.clock.move(days=85)
    backup = keeping.backup()
    keeping.town.rounds.decide(ROUND, keeping.town.clock().date() - timedelta(days=85))
    keeping.town.clock.move(days=20)
    Upkeep(sessions=keeping.town.house.database.sessions, now=keeping.town.clock).run()
    keeping.copy_ledger()
    told, town = keeping.restored(backup)
    assert told.upkeep.texts_forgotten == 2
    assert count(town, Answer, Answer.text.is_not(None)) == 0


def test_a_key_that_was_destroyed_after_the_backup_stays_destroyed_and_a_closed_round_closed(
    keeping: Keeping,
) -> None:
    """Also where the round was closed late: its dates follow from the first time, not from the restore."""
    keeping.town.phone().answer_all(*RESIDENT)
    upkeep = Upkeep(sessions=keeping.town.house.database.sessions, now=keeping.town.clock)
    keeping.town.clock.move(days=28)
    backup = keeping.backup()
    keeping.town.clock.move(days=5)
    assert upkeep.run().rounds_closed == 1
    keeping.town.clock.move(days=15)
    assert upkeep.run().keys_destroyed == 1
    keeping.copy_ledger()
    keeping.town.clock.move(days=3)
    told, town = keeping.restored(backup)
    assert told.replayed == {Kind.ROUND_CLOSED: 1, Kind.KEY_DESTROYED: 1}
    assert (told.upkeep.rounds_closed, told.upkeep.keys_destroyed) == (0, 0)
    assert _row(town) == _row(keeping.town)
    assert count(town, Conversation, Conversation.contact_key.is_not(None)) == 0
    assert count(town, Message, Message.conversation_id.is_not(None)) == 0
    with town.house.database.sessions.reading() as session:
        for started_at in session.scalars(select(Conversation.started_at)):
            assert (started_at.hour, started_at.minute) == (0, 0)


def _row(town: Town) -> object:
    with town.house.database.sessions.reading() as session:
        query = select(Round.status, Round.closed_at, Round.wrapped_key, Round.key_destroyed_at)
        return session.execute(query.where(Round.code == ROUND)).one()


def test_what_has_fallen_due_since_the_backup_is_done_by_the_restore(keeping: Keeping) -> None:
    keeping.town.phone().answer_all(*RESIDENT)
    keeping.town.clock.move(days=20)
    backup = keeping.backup()
    keeping.copy_ledger()
    keeping.town.clock.move(days=26)
    told, town = keeping.restored(backup)
    assert (told.upkeep.rounds_closed, told.upkeep.replies_forgotten) == (1, 10)
    assert count(town, Message, Message.sender_key.is_not(None)) == 0


def test_an_erasure_that_the_first_restore_replayed_is_replayed_by_the_next(keeping: Keeping) -> None:
    """Restored twice, backed up in between, from a file that was copied in between: nothing comes back."""
    keeping.town.phone().answer_all(*TELLING)
    first = keeping.backup("first.backup")
    keeping.town.phone().say("radera")
    keeping.copy_ledger()
    _, town = keeping.restored(first)
    assert keeping.copy_ledger(town) == 0
    town.phone(OTHER).answer_all(*TELLING)
    second = keeping.backup("second.backup", of=town)
    town.phone(OTHER).say("radera")
    assert keeping.copy_ledger(town) == 1
    for backup, replayed in ((second, 1), (first, 2), (second, 1)):
        told, again = keeping.restored(backup)
        assert told.replayed == {Kind.ERASED: replayed}
        assert (count(again, Conversation), count(again, LedgerEntry)) == (0, 2)
        assert CODE_WORD not in octets_of(again)


def test_a_backup_of_an_older_program_is_brought_up_to_this_one(keeping: Keeping) -> None:
    keeping.town.phone().answer_all(*RESIDENT)
    database = keeping.town.house.database
    with database.sessions.reading() as session:
        key = session.scalars(select(Conversation.contact_key)).one()
    downgrade(database, "-1")
    backup = keeping.backup()
    entry = Entry(uid="a", at=keeping.town.clock(), kind=Kind.ERASED, key=str(key))
    keeping.ledger.update([entry], oldest=entry.at)
    told, town = keeping.restored(backup)
    assert told.replayed == {Kind.ERASED: 1}
    assert is_current(town.house.database)
    assert (count(town, Conversation), count(town, LedgerEntry)) == (0, 1)


def test_every_row_of_every_table_is_the_same_after_a_restore(keeping: Keeping) -> None:
    keeping.town.phone().answer_all(*RESIDENT, "RESULTAT")
    keeping.town.phone(OTHER).answer_all("TRYGG", "hjälp mig han har kniv", "stopp")
    keeping.town.phone("+46701740612").say("En fråga till er")
    keeping.copy_ledger()
    before = _everything(keeping.town)
    assert sum(map(len, before.values())) > 50
    _, town = keeping.restored(keeping.backup())
    assert _everything(town) == before


def _everything(town: Town) -> dict[str, list[str]]:
    """All but what a restore itself writes: its line in the log, and when the upkeep ran last."""
    with town.house.database.sessions.reading() as session:
        return {
            name: sorted(map(repr, session.execute(select(table)).all()))
            for name, table in Base.metadata.tables.items()
            if name not in ("audit_chain", "audit_log", "last_runs")
        }


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_database_that_is_replaced_stands_beside_and_its_last_entries_count(keeping: Keeping) -> None:
    """What was erased in the minute before, and is not in the file yet, is read from the old table."""
    keeping.town.phone().answer_all(*TELLING)
    backup = keeping.backup()
    keeping.copy_ledger()
    keeping.town.phone().say("radera")
    keeping.town.phone(OTHER).answer_all(*RESIDENT)
    url = url_of(keeping.town)
    keeping.town.house.database.close()
    told = keeping.restoring(url).restore(backup, may_replace=True)
    assert told.replayed == {Kind.ERASED: 1}
    assert told.moved_to is not None
    assert count(keeping.open(url), Conversation) == 0
    assert count(keeping.open(f"sqlite:///{told.moved_to}"), Conversation) == 1
    assert Path(url.removeprefix("sqlite:///")).stat().st_mode == told.moved_to.stat().st_mode & ~0o007
