"""The ledger: written with what it tells of, in a file that is whole after any crash, and free of numbers and words."""

import json
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from keeping import Keeping, count, keeping
from sqlalchemy import select
from town import MONDAY, RESIDENT, ROUND

from bot.cli.backup import TOLD
from bot.services.ledger_copy import LedgerCopy
from bot.services.upkeep import Upkeep
from bot.worker import Task, work
from storage import erasure, ledger, ledger_file, replaying, respondents
from storage.ledger import Entry, Kind
from storage.ledger_file import LedgerFile, LedgerUnavailable
from storage.tables import Answer, Conversation, LedgerEntry, Message

__all__ = ["keeping"]

OLDEST = MONDAY - timedelta(days=31)


def _entry(uid: str, **changes: object) -> Entry:
    return Entry(**{"uid": uid, "at": MONDAY, "kind": Kind.OPTED_OUT, "key": f"k1.{uid}", **changes})  # type: ignore[arg-type]


def _kinds(keeping: Keeping) -> list[str]:
    with keeping.town.house.database.sessions.reading() as session:
        return list(session.scalars(select(LedgerEntry.kind).order_by(LedgerEntry.id)))


@pytest.mark.parametrize(
    ("texts", "kinds"),
    [
        (RESIDENT, []),
        ((*RESIDENT, "radera"), ["erased"]),
        ((*RESIDENT, "RESULTAT", "radera"), ["unlisted", "erased"]),
        (("radera",), []),
        ((*RESIDENT, "radera", "radera"), ["erased"]),
        ((*RESIDENT, "RESULTAT", "stopp", "stopp"), ["opted_out", "unlisted"]),
        (("stopp", "start", "start"), ["opted_out", "opted_in"]),
        ((*RESIDENT, "stopp", "RESULTAT"), ["opted_out", "opted_in"]),
        (("TRYGG", "ja", "jag är 12 år"), ["under_age"]),
    ],
)
def test_each_thing_taken_away_is_written_once(
    keeping: Keeping, texts: tuple[str, ...], kinds: list[str]
) -> None:
    keeping.town.phone().answer_all(*texts)
    assert _kinds(keeping) == kinds


def test_rounds_that_end_and_numbers_that_are_blocked_are_written_too(keeping: Keeping) -> None:
    keeping.town.status("SM" + "b" * 32, "failed", ErrorCode="21610")
    keeping.town.rounds.close(ROUND)
    keeping.town.clock.move(days=46)
    upkeep = Upkeep(sessions=keeping.town.house.database.sessions, now=keeping.town.clock)
    upkeep.run()
    assert _kinds(keeping) == ["key_destroyed"]  # the others have had their 32 days
    keeping.town.clock.move(days=33)
    upkeep.run()
    assert _kinds(keeping) == []


def test_an_opt_in_is_written_under_every_key_that_had_opted_out(keeping: Keeping) -> None:
    """The master key may have changed between the STOP, the backup and the START."""
    with keeping.town.house.database.sessions.begin() as session:
        respondents.opt_out(session, "k1.x", at=MONDAY)
        respondents.opt_in(session, ["k2.x", "k1.x", "k0.x"], at=MONDAY)
        assert [(e.kind, e.key) for e in ledger.list_entries(session)] == [
            (Kind.OPTED_OUT, "k1.x"),
            (Kind.OPTED_IN, "k1.x"),
        ]


def test_what_a_contact_wrote_before_an_erasure_is_told_from_what_they_wrote_after(keeping: Keeping) -> None:
    """So that messages which are fetched again after a restore do not bring the erased ones back."""
    adult, child, other = (keeping.town.phone(f"+4670174061{n}") for n in range(3))
    for phone in (adult, child, other):
        phone.answer_all(*RESIDENT[:5])
    with keeping.town.house.database.sessions.reading() as session:
        query = select(Message.sender_key, Conversation.contact_key)
        joined = query.join(Conversation, Conversation.id == Message.conversation_id)
        keys = {row.sender_key: row.contact_key for row in session.execute(joined)}
    keeping.town.clock.move(seconds=10)
    adult.say("radera")
    child.say("jag är 12 år")
    other.say("stopp")
    moment = timedelta(seconds=1)
    for phone, is_erased in ((adult, True), (child, True), (other, False)):
        key = str(keys[keeping.town.house.keys.standing_key(phone.number)])
        with keeping.town.house.database.sessions.reading() as session:
            assert ledger.was_erased_since(session, key, keeping.town.clock() - moment) is is_erased
            assert not ledger.was_erased_since(session, key, keeping.town.clock() + moment)


def test_every_kind_of_entry_can_be_replayed_and_told_of() -> None:
    assert set(replaying.DEEDS) == set(TOLD) == set(Kind)


def test_an_erasure_that_is_rolled_back_is_not_written(keeping: Keeping) -> None:
    keeping.town.phone().answer_all(*RESIDENT)
    sessions = keeping.town.house.database.sessions
    with sessions.reading() as session:
        key = session.scalars(select(Conversation.contact_key)).one()
    assert key is not None
    with pytest.raises(ZeroDivisionError), sessions.begin() as session:
        assert erasure.erase_contact(session, key, at=MONDAY) == 1
        raise ZeroDivisionError
    assert (_kinds(keeping), count(keeping.town, Answer)) == ([], 8)


def test_the_file_holds_no_number_and_no_word_and_only_its_owner_may_read_it(keeping: Keeping) -> None:
    keeping.town.phone("+46701740633").answer_all(*RESIDENT, "RESULTAT", "stopp", "start", "radera")
    keeping.town.rounds.close(ROUND)
    assert keeping.copy_ledger() == 5
    written = keeping.ledger.path.read_text(encoding="ascii")
    assert "701740633" not in written
    for line in written.splitlines():
        fields = json.loads(line)
        assert set(fields) == {"uid", "at", "kind", "key"}
        assert fields["key"] == ROUND or len(fields["key"].partition(".")[2].partition("/")[0]) == 32
    assert keeping.ledger.path.stat().st_mode & 0o777 == 0o600
    assert keeping.copy_ledger() == 0
    assert keeping.ledger.path.read_text(encoding="ascii") == written


def test_what_is_older_than_any_backup_goes_from_the_file(tmp_path: Path) -> None:
    file = LedgerFile(path=tmp_path / "ledger.jsonl")
    file.update([_entry("old"), _entry("new", at=MONDAY + timedelta(days=20))], oldest=OLDEST)
    done = file.update([], oldest=MONDAY + timedelta(days=1))
    assert (done.added, done.expired) == (0, 1)
    assert [entry.uid for entry in file.read().entries] == ["new"]
    assert file.update([_entry("old")], oldest=MONDAY + timedelta(days=1)).added == 0


@pytest.mark.parametrize("length", range(1, 75, 7))
def test_a_torn_last_line_is_told_of_mended_and_written_again(tmp_path: Path, length: int) -> None:
    file = LedgerFile(path=tmp_path / "ledger.jsonl")
    entries = [_entry(uid) for uid in ("a", "b", "c")]
    file.update(entries, oldest=OLDEST)
    whole = file.path.read_bytes()
    file.path.write_bytes(whole[:-length])
    assert file.read().is_torn
    assert [entry.uid for entry in file.read().entries] == ["a", "b"]
    done = file.update(entries, oldest=OLDEST)
    assert (done.added, done.mended) == (1, 1)
    assert file.path.read_bytes() == whole


@pytest.mark.parametrize("damage", [b"\x00" * 20, b"{}", b"[1]", b'{"uid": "b", "at": "soon"}', b"\xff\xfe"])
def test_a_damaged_line_takes_no_other_with_it_and_is_written_again(tmp_path: Path, damage: bytes) -> None:
    file = LedgerFile(path=tmp_path / "ledger.jsonl")
    entries = [_entry(uid) for uid in ("a", "b", "c")]
    file.update(entries, oldest=OLDEST)
    first, _, third, end = file.path.read_bytes().split(b"\n")
    file.path.write_bytes(b"\n".join((first, damage, third, end)))
    assert file.read().damaged == (2,)
    assert [entry.uid for entry in file.read().entries] == ["a", "c"]
    assert file.update(entries, oldest=OLDEST).mended == 1
    assert {entry.uid for entry in file.read().entries} == {"a", "b", "c"}


def test_writers_at_once_lose_nothing_and_write_nothing_twice(tmp_path: Path) -> None:
    def write(writer: int) -> None:
        file = LedgerFile(path=tmp_path / "ledger.jsonl")
        for number in range(20):
            file.update([_entry(f"{writer}-{number}"), _entry(f"shared-{number}")], oldest=OLDEST)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    content = LedgerFile(path=tmp_path / "ledger.jsonl").read()
    uids = [entry.uid for entry in content.entries]
    assert len(uids) == len(set(uids)) == 100
    assert not content.damaged
    assert not content.is_torn


_WRITER = """
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from storage.ledger import Entry, Kind
from storage.ledger_file import LedgerFile
MONDAY = datetime(2026, 11, 2, tzinfo=UTC)
file = LedgerFile(path=Path(sys.argv[1]))
for number in range(10**6):
    entry = Entry(uid=f"{sys.argv[2]}-{number}", at=MONDAY, kind=Kind.ERASED, key="r1." + "x" * 32)
    due = Entry(uid=f"due-{entry.uid}", at=MONDAY - timedelta(days=9), kind=Kind.ERASED, key=entry.key)
    file.update([due, entry], oldest=MONDAY - timedelta(days=20 if number % 2 else 1))
    print(entry.uid, flush=True)
"""


def test_what_was_written_is_there_when_the_writer_is_killed(tmp_path: Path) -> None:
    path, told = tmp_path / "ledger.jsonl", []
    for number in range(4):
        command = [sys.executable, "-c", _WRITER, str(path), str(number)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout is not None
            told += [writer.stdout.readline().strip() for _ in range(5 + number)]
            writer.send_signal(signal.SIGKILL)
            told += writer.stdout.read().split("\n")[:-1]
    LedgerFile(path=path).update([], oldest=OLDEST)
    assert set(filter(None, told)) <= {entry.uid for entry in LedgerFile(path=path).read().entries}


def test_a_disk_that_is_not_there_is_told_of_and_no_folder_is_made(tmp_path: Path) -> None:
    file = LedgerFile(path=tmp_path / "mounted" / "ledger.jsonl")
    with pytest.raises(LedgerUnavailable, match="is not there"):
        file.update([], oldest=OLDEST)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(LedgerUnavailable, match="is not there"):
        file.read()


def test_a_lock_that_is_held_is_waited_for_and_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger_file, "_LOCK_WAIT_S", 0.2)
    file = LedgerFile(path=tmp_path / "ledger.jsonl")
    holder = (
        "import fcntl, sys; held = open(sys.argv[1], 'w'); fcntl.flock(held, fcntl.LOCK_EX); "
        "print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", holder, f"{file.path}.lock"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        with pytest.raises(LedgerUnavailable, match="another process"):
            file.update([], oldest=OLDEST)
        process.communicate()
    file.update([_entry("a")], oldest=OLDEST)


def test_the_worker_copies_the_ledger_and_goes_on_where_the_file_is_away(
    keeping: Keeping, caplog: pytest.LogCaptureFixture
) -> None:
    sessions, clock = keeping.town.house.database.sessions, keeping.town.clock
    file = LedgerFile(path=keeping.folder / "disk" / "ledger.jsonl")
    stop = threading.Event()
    task = Task(name="ledger", every_s=0.01, run=LedgerCopy(sessions=sessions, file=file, now=clock).run)
    running = threading.Thread(target=work, args=([task], stop))
    running.start()
    try:
        keeping.town.phone().say("stopp")
        _wait_until(lambda: "ledger_unavailable" in caplog.text)
        file.path.parent.mkdir()
        _wait_until(lambda: file.path.exists() and len(file.read().entries) == 1)
        keeping.town.phone("+46701740611").say("stopp")
        _wait_until(lambda: len(file.read().entries) == 2)
    finally:
        stop.set()
        running.join(timeout=10)
    assert "46701740611" not in caplog.text


def _wait_until(is_so: object) -> None:
    pause = threading.Event()
    for _ in range(1000):
        if is_so():  # type: ignore[operator]
            return
        pause.wait(0.01)
    raise AssertionError("it does not happen")
