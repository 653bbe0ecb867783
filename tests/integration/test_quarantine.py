"""Mode B of the safeguards: what tells of danger is kept sealed for the guardian alone, for three working days."""

import json
import logging
from base64 import b64encode
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from console import Console
from doctoring import look, settings_of
from keeping import Keeping
from sqlalchemy import func, select
from town import RESIDENT, ROUND, Town, mode_b

from bot import logs
from bot.cli.demo import demonstration_round
from bot.services.quarantine import Quarantine, Reason
from bot.services.roles import Role
from bot.services.upkeep import Upkeep
from bot.services.withholding import KEPT
from flows.reading import Safeguard
from privacy.pseudonyms import KeyRing, UndecipherableError
from storage import audit
from storage.database import Database
from storage.tables import AuditEntry, Base, QuarantinedMessage, SafeguardReply

CODE_WORD = "kvitterlyktan"
DANGER = f"jag orkar inte leva mer, ring mig på 070-174 06 44, {CODE_WORD}"
SAYING = {
    Safeguard.EMERGENCY: "dom slåss utanför konsum nu o en ligger ner",
    Safeguard.CHILD: "min pappa slår mig och jag går i femman",
    Safeguard.SUICIDE: "jag orkar inte leva mer",
    Safeguard.DOMESTIC: "min man slår mig",
    Safeguard.THREAT: "jag ska döda dig",
}


@pytest.fixture
def town(database: Database) -> Town:
    """A round of mode B. It is Monday."""
    return Town.build(database, **mode_b())


def guardian(town: Town, keys: KeyRing | None = None) -> Quarantine:
    return Quarantine(
        sessions=town.house.database.sessions,
        keys=keys or town.house.keys,
        now=town.clock,
        actor="guardian@example.se",
    )


def upkeep(town: Town) -> int:
    return Upkeep(sessions=town.house.database.sessions, now=town.clock).run().quarantine_deleted


def stored(town: Town) -> str:
    """Everything that stands in any table."""
    with town.house.database.sessions.reading() as session:
        rows = [row for table in Base.metadata.sorted_tables for row in session.execute(select(table))]
    return "\n".join(map(str, rows))


def log_of(town: Town, action: str) -> list[AuditEntry]:
    with town.house.database.sessions.reading() as session:
        return list(session.scalars(select(AuditEntry).where(AuditEntry.action == action)))


# --- what is kept ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", sorted(KEPT))
def test_each_named_safeguard_is_kept_and_answered_as_ever(database: Database, kind: Safeguard) -> None:
    town = Town.build(database, **mode_b())
    said = town.phone().say(SAYING[kind])
    (row,) = guardian(town).list()
    assert (row.kind, row.read_at) == (kind.value, None)
    opened = guardian(town).open(row.id, Reason.REVIEW)
    assert opened is not None
    assert opened.text == SAYING[kind]
    assert "112" in said


def test_the_resident_is_told_the_same_in_both_modes(new_database: Any, tmp_path: Path) -> None:
    said = []
    for mode in ("A", "B"):
        (folder := tmp_path / mode).mkdir()
        with new_database("sqlite", folder) as database:
            values = {**demonstration_round().values, "safeguard_mode": mode}
            phone = Town.build(database, values=values).phone()
            said.append([phone.say(text) for text in (*RESIDENT[:5], *SAYING.values(), "fortsätt")])
    assert said[0] == said[1]


def test_what_is_no_alarm_is_not_kept(town: Town) -> None:
    phone = town.phone()
    phone.answer_all(*RESIDENT[:5], "vill anmäla att min moppe är snodd", "hjälp", "min tel är 070-174 06 44")
    town.phone("+46701740606").answer_all("TRYGG", "ja", "jag är 12 år")
    town.phone("+46701740607").answer_all("det är mörkt i backen", "stopp")
    assert guardian(town).list() == ()


def test_harm_is_kept_where_an_age_under_fifteen_is_told_too(town: Town) -> None:
    town.phone().answer_all(*RESIDENT[:5], "jag är 12 år och orkar inte leva mer")
    assert [row.kind for row in guardian(town).list()] == ["suicide"]


def test_mode_a_keeps_nothing(database: Database) -> None:
    town = Town.build(database)
    town.phone().answer_all(*RESIDENT[:5], DANGER)
    assert guardian(town).list() == ()
    assert CODE_WORD not in stored(town)


def test_it_is_kept_in_every_state_while_radera_can_find_it(town: Town) -> None:
    town.phone("+46701740601").say(SAYING[Safeguard.DOMESTIC])
    town.phone("+46701740602").answer_all("stopp", SAYING[Safeguard.DOMESTIC])
    town.phone("+46701740603").answer_all(*RESIDENT, SAYING[Safeguard.DOMESTIC])
    town.rounds.close(ROUND)
    town.phone("+46701740604").say(SAYING[Safeguard.DOMESTIC])
    assert len(guardian(town).list()) == 4
    town.clock.move(days=60)
    upkeep(town)
    assert "020-50 50 50" in town.phone().say(SAYING[Safeguard.DOMESTIC])
    assert guardian(town).list() == ()


def test_a_message_that_comes_twice_is_kept_once(town: Town) -> None:
    for _ in range(2):
        town.phone().say(DANGER, MessageSid="SM" + "7" * 32)
    assert len(guardian(town).list()) == 1


# --- who can read it -------------------------------------------------------------------------------------------


def test_the_words_stand_nowhere_in_plain(
    town: Town, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Neither in a table, nor in the file, nor in the log, when they come, are read and are dealt with."""
    stream, ours = StringIO(), logging.getLogger("lyhord")
    before = (ours.handlers[:], ours.level, ours.propagate)
    monkeypatch.setattr("sys.stderr", stream)
    logs.set_up("DEBUG")
    database_log = logging.getLogger("sqlalchemy.engine")
    handler = logging.StreamHandler(stream)
    database_log.addHandler(handler)
    database_log.setLevel("INFO")
    try:
        town.phone("+46701740633").answer_all(*RESIDENT[:5], DANGER)
        (row,) = guardian(town).list()
        dump = stored(town)
        guardian(town).open(row.id, Reason.CHILD)
        dump += stored(town)
        guardian(town).handle(row.id)
        dump += stored(town)
    finally:
        database_log.removeHandler(handler)
        database_log.setLevel("NOTSET")
        ours.handlers[:], ours.level, ours.propagate = before
    assert "INSERT INTO quarantine" in stream.getvalue()
    raw = "".join(path.read_bytes().decode("latin-1") for path in tmp_path.glob("lyhord.db*"))
    for secret in (CODE_WORD, "orkar inte", "174 06 44", "701740633"):
        for written in (dump, stream.getvalue(), raw):
            assert secret not in written
            assert b64encode(secret.encode())[:8].decode() not in written


def test_it_opens_with_the_quarantines_own_key_and_as_itself_only(town: Town) -> None:
    town.phone("+46701740601").say(DANGER)
    town.phone("+46701740602").say(SAYING[Safeguard.THREAT])
    keys = town.house.keys
    with town.house.database.sessions.begin() as session:
        one, two = session.scalars(select(QuarantinedMessage).order_by(QuarantinedMessage.id))
        with pytest.raises(UndecipherableError):
            keys.decrypt(one.sealed, purpose=f"quarantine {one.id}")
        with pytest.raises(UndecipherableError):
            keys.open_for_guardian(two.sealed, message_id=one.id)
        one.sealed, two.sealed = two.sealed, one.sealed
        session.flush()
    other = KeyRing.parse(f"k1:{b64encode(bytes(32)).decode()}")
    for ring in (keys, other):
        with pytest.raises(UndecipherableError):
            guardian(town, ring).open(one.id, Reason.REVIEW)


def test_every_reading_is_in_the_log_with_who_and_why_and_never_with_the_kind(town: Town) -> None:
    town.phone().say(DANGER)
    (row,) = guardian(town).list()
    guardian(town).open(row.id, Reason.REVIEW)
    first_read = guardian(town).list()[0].read_at
    town.clock.move(hours=1)
    guardian(town).open(row.id, Reason.POLICE)
    assert guardian(town).list()[0].read_at == first_read
    entries = log_of(town, "quarantine_read")
    assert [(e.actor, e.subject, e.reason) for e in entries] == [
        ("guardian@example.se", str(row.id), "review"),
        ("guardian@example.se", str(row.id), "police"),
    ]
    assert "suicide" not in str([(e.reason, e.subject, e.change) for e in entries])
    with town.house.database.sessions.reading() as session:
        assert audit.check_chain(session).fault is None


def test_what_cannot_be_opened_is_not_noted_as_read(town: Town) -> None:
    town.phone().say(DANGER)
    (row,) = guardian(town).list()
    other = KeyRing.parse(f"k1:{b64encode(bytes(32)).decode()}")
    with pytest.raises(UndecipherableError):
        guardian(town, other).open(row.id, Reason.REVIEW)
    assert guardian(town).list()[0].read_at is None
    assert log_of(town, "quarantine_read") == []


# --- how it goes -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("received", "still", "gone"),
    [
        (datetime(2026, 11, 2, 9, tzinfo=UTC), date(2026, 11, 5), date(2026, 11, 6)),
        (datetime(2026, 11, 6, 16, tzinfo=UTC), date(2026, 11, 11), date(2026, 11, 12)),
        (datetime(2026, 11, 1, 22, 59, tzinfo=UTC), date(2026, 11, 4), date(2026, 11, 5)),  # Sunday in Sweden
        (datetime(2026, 11, 1, 23, 1, tzinfo=UTC), date(2026, 11, 5), date(2026, 11, 6)),  # Monday in Sweden
    ],
)
def test_it_goes_by_itself_after_three_working_days_and_that_is_said(
    town: Town, received: datetime, still: date, gone: date
) -> None:
    town.clock.time = received
    town.phone().say(DANGER)
    assert guardian(town).list()[0].delete_on == gone
    town.clock.time = datetime(still.year, still.month, still.day, 22, 0, tzinfo=UTC)
    assert upkeep(town) == 0
    town.clock.time = datetime(still.year, still.month, still.day, 23, 1, tzinfo=UTC)  # midnight in Sweden
    assert upkeep(town) == 1
    assert guardian(town).list() == ()
    (entry,) = log_of(town, "quarantine_deleted")
    assert (entry.actor, entry.change) == ("upkeep", {"messages": [1, 0], "unread": [1, 0]})
    (told,) = guardian(town).list_deleted()
    assert (told.messages, told.unread) == (1, 1)
    assert upkeep(town) == 0


def test_what_is_dealt_with_goes_at_once(town: Town) -> None:
    town.phone().say(DANGER)
    (row,) = guardian(town).list()
    assert guardian(town).handle(row.id)
    assert guardian(town).list() == ()
    assert not guardian(town).handle(row.id)
    assert guardian(town).open(row.id, Reason.REVIEW) is None
    assert len(log_of(town, "quarantine_handled")) == 1


@pytest.mark.parametrize("begun", [True, False])
def test_radera_erases_it_too(town: Town, begun: bool) -> None:
    phone, other = town.phone(), town.phone("+46701740606")
    if begun:
        phone.answer_all(*RESIDENT[:5])
    phone.say(DANGER)
    other.say(SAYING[Safeguard.THREAT])
    assert phone.say("radera").startswith("Dina svar är raderade")
    assert [row.kind for row in guardian(town).list()] == ["threat"]


def test_with_the_rounds_key_goes_the_way_back_to_the_number(town: Town) -> None:
    town.rounds.close(ROUND)
    town.clock.time = datetime(2026, 12, 16, 9, tzinfo=UTC)  # the last day for RADERA
    town.phone().say(DANGER)
    town.clock.move(days=1)
    upkeep(town)
    with town.house.database.sessions.reading() as session:
        assert session.scalars(select(QuarantinedMessage.contact_key)).all() == [None]
    assert len(guardian(town).list()) == 1


# --- backups ---------------------------------------------------------------------------------------------------


@pytest.fixture
def keeping(database: Database, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Keeping]:
    with ExitStack() as stack:
        yield Keeping.build(database, request, tmp_path, stack, **mode_b())


def test_a_restored_backup_does_not_bring_back_what_was_dealt_with_erased_or_due(keeping: Keeping) -> None:
    town = keeping.town
    town.phone("+46701740601").say(SAYING[Safeguard.DOMESTIC])
    town.phone("+46701740602").say(SAYING[Safeguard.THREAT])
    town.phone("+46701740603").say(SAYING[Safeguard.SUICIDE])
    backup = keeping.backup()
    assert CODE_WORD.encode() not in backup.read_bytes()
    by_kind = {row.kind: row for row in guardian(town).list()}
    guardian(town).handle(by_kind["domestic"].id)
    town.phone("+46701740602").say("radera")
    keeping.copy_ledger()
    url = keeping.new_url()
    told = keeping.restoring(url).restore(backup)
    assert {kind.value: count for kind, count in told.replayed.items()} == {"discarded": 1, "erased": 1}
    restored = keeping.open(url)
    assert [row.kind for row in guardian(restored).list()] == ["suicide"]
    town.clock.move(days=7)
    late = keeping.new_url()
    assert keeping.restoring(late).restore(backup).upkeep.quarantine_deleted == 1


# --- doctor and exports ----------------------------------------------------------------------------------------


def test_the_doctor_misses_a_guardian_where_mode_b_is_on(town: Town) -> None:
    settings = settings_of(town)
    ((level, said),) = look("guardians", settings, now=town.clock)
    assert level == "warning"
    assert "Nobody can read the quarantine of are-demo" in said
    console = Console.beside(town)
    assert [level for level, _ in look("guardians", settings, now=town.clock)] == ["ok"]
    console.desk.accounts("test").disable(f"{Role.GUARDIAN.value}@example.se")
    assert [level for level, _ in look("guardians", settings, now=town.clock)] == ["warning"]


def test_the_doctor_says_nothing_of_mode_a(database: Database) -> None:
    town = Town.build(database)
    assert look("guardians", settings_of(town), now=town.clock) == []


def test_what_is_counted_is_the_same_in_both_modes(town: Town) -> None:
    town.phone().answer_all(*RESIDENT[:5], DANGER)
    with town.house.database.sessions.reading() as session:
        assert session.scalar(select(func.count()).select_from(SafeguardReply)) == 1
    assert CODE_WORD not in json.dumps(stored(town))
