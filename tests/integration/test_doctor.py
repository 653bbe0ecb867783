"""`lyhord doctor` on set-ups that are broken in earnest: each is seen, and said without a secret."""

import json
import os
import re
import secrets
import shutil
import socket
import sqlite3
import subprocess
import tempfile
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from console import Console
from doctoring import NOWHERE, answering, faults, levels, look, program, settings_of, utc_now
from rehearsal import rehearsal
from sqlalchemy import func, select, text, update
from town import ACCOUNT, RESIDENT, ROUND, Town

from bot.cli import main
from bot.config import Settings
from bot.demo.provider.store import Webhooks
from bot.doctor.asking import TIMEOUT_S, NoAnswer, ask
from bot.doctor.database import filesystem_of
from bot.doctor.provider import TRIES
from bot.doctor.reserved import PROVIDER_WORDS
from bot.services.upkeep import Upkeep
from storage.database import Database
from storage.inspection import check_file
from storage.tables import Base, Round

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
ON_POSTGRESQL = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


@pytest.fixture
def town(database: Database) -> Town:
    return Town.build(database)


def _key(name: str) -> str:
    return f"{name}:{b64encode(secrets.token_bytes(32)).decode()}"


# --- settings, keys, modes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "level", "said"),
    [
        ({"master_keys": "", "public_url": ""}, "fault", "LYHORD_MASTER_KEYS, LYHORD_PUBLIC_URL not set"),
        ({"twilio_account_sid": "AC12"}, "fault", "ACCOUNT_SID is not AC"),
        ({"twilio_account_sid": "AC" + "0" * 32}, "fault", "is the demonstration's"),
        ({"twilio_auth_tokens": ("a" * 31,)}, "warning", "not 32 hexadecimal"),
        ({"metrics_token": "short"}, "warning", "fewer than 20"),
        ({"ledger_file": ""}, "warning", "LYHORD_LEDGER_FILE is not set"),
        ({"is_demonstration": True}, "warning", "a demonstration"),
        ({"provider_url": NOWHERE}, "warning", "stand-in"),
    ],
)
def test_settings_that_are_missing_or_wrong_are_named(
    changes: dict[str, object], level: str, said: str
) -> None:
    good = Settings(
        database_url="sqlite:////nowhere/x.db",
        master_keys=_key("k1"),
        public_url="https://trygg.example.se",
        twilio_account_sid=ACCOUNT,
        twilio_auth_tokens=("a" * 32,),
        ledger_file="/mnt/second/ledger.jsonl",
    )
    assert levels(look("settings", good)) == ["ok"]
    found = look("settings", replace(good, **changes))  # type: ignore[arg-type]
    assert [sentence for at, sentence in found if at == level and said in sentence]


def test_a_key_that_the_database_needs_is_missed(town: Town) -> None:
    town.phone().answer_all(*RESIDENT, "RESULTAT", "STOPP")
    mine = town.house.settings.master_keys
    assert levels(look("master_keys", settings_of(town))) == ["ok"]
    found = look("master_keys", settings_of(town, master_keys=_key("k2")))
    for what in ("rounds", "numbers that said STOP"):
        assert f"The key k1 is missing: the database needs it for {what}." in faults(found)
    found = look("master_keys", settings_of(town, master_keys=f"{_key('k2')},{mine}"))
    assert levels(found) == ["ok"]


def test_another_key_of_the_same_name_is_noticed(town: Town) -> None:
    found = look("master_keys", settings_of(town, master_keys=_key("k1")))
    assert faults(found) == f"The master key does not open the key of round {ROUND}."


@ON_SQLITE
def test_a_key_that_nothing_needs_may_go_and_one_that_is_none_is_refused(town: Town) -> None:
    mine = town.house.settings.master_keys
    found = look("master_keys", settings_of(town, master_keys=f"{mine},{_key('old')}"))
    assert found[1:] == [("warning", "Nothing in the database needs the older key old.")]
    assert (
        faults(look("master_keys", settings_of(town, master_keys="k1:short")))
        == "LYHORD_MASTER_KEYS cannot be read."
    )


@ON_SQLITE
def test_who_else_can_read_database_and_secrets(town: Town, tmp_path: Path) -> None:
    env, settings = tmp_path / ".env", settings_of(town)
    env.write_text("secret")
    tmp_path.chmod(0o755)
    env.chmod(0o604)
    (tmp_path / "lyhord.db").chmod(0o640)
    found = look("file_modes", settings, folder=tmp_path)
    assert "Every user of this machine can read or write .env" in faults(found)
    assert ("warning", "Their group can read or write lyhord.db.") in found
    tmp_path.chmod(0o700)
    assert levels(look("file_modes", settings, folder=tmp_path)) == ["ok"]


# --- database ----------------------------------------------------------------------------------------------------


def test_a_database_that_is_as_it_should_be(town: Town) -> None:
    Upkeep(sessions=town.house.database.sessions, now=utc_now).run()
    for check in ("database", "migrations", "worker"):
        assert levels(look(check, settings_of(town))) == ["ok"], check


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:///{folder}/none.db",
        "sqlite:///{folder}/text.db",
        "postgresql+psycopg://nobody@/none?host={folder}",
        "mysql://nobody@127.0.0.1/none",
        "not an address",
    ],
)
def test_a_database_that_cannot_be_used_is_a_fault_and_is_not_made(url: str, tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("no database " * 1000)
    before = sorted(path.name for path in tmp_path.iterdir())
    found = look("database", Settings(database_url=url.format(folder=tmp_path), master_keys=_key("k1")))
    assert faults(found).startswith("The database cannot be used")
    assert not (tmp_path / "none.db").exists(), before


@pytest.fixture
def as_nobody() -> Iterator[Path]:
    """A folder of a user who is not root: to root every file is open."""
    folder = Path(tempfile.mkdtemp(prefix="lyhord-doctor-"))
    is_root = os.geteuid() == 0
    if is_root:
        os.chown(folder, 65534, 65534)
        os.seteuid(65534)
    try:
        yield folder
    finally:
        if is_root:
            os.seteuid(0)
        shutil.rmtree(folder)


def test_a_file_that_cannot_be_written_is_a_fault(migrated_file: Path, as_nobody: Path) -> None:
    file = as_nobody / "lyhord.db"
    if os.geteuid() == 65534:
        os.seteuid(0)
    shutil.copyfile(migrated_file, file)
    (as_nobody / "lyhord.db.lock").touch()
    for path in (file, as_nobody / "lyhord.db.lock"):
        path.chmod(0o666)
    file.chmod(0o444)
    if os.geteuid() == 0:
        os.seteuid(65534)
    found = look("database", Settings(database_url=f"sqlite:///{file}"))
    assert "The database can be read and not written" in faults(found)


@ON_POSTGRESQL
def test_a_user_who_may_only_read_is_a_fault(town: Town) -> None:
    with town.house.database.engine.connect() as connection:
        connection.execute(text("CREATE ROLE reader LOGIN"))
        connection.execute(text("GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader"))
        connection.commit()
        settings = settings_of(town)
        found = look(
            "database", replace(settings, database_url=settings.database_url.replace("postgres@", "reader@"))
        )
        connection.execute(text("DROP OWNED BY reader; DROP ROLE reader"))
        connection.commit()
    assert faults(found) == "The database can be read and not written: InsufficientPrivilege."


def test_old_tables_are_a_fault(town: Town) -> None:
    with town.house.database.sessions.begin() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    assert (
        faults(look("migrations", settings_of(town))) == "The database does not have this version's tables."
    )
    for check in ("master_keys", "worker", "rounds", "reserved_words"):
        assert faults(look(check, settings_of(town))) == "", check


@ON_SQLITE
def test_a_damaged_file_is_a_fault(town: Town, tmp_path: Path) -> None:
    town.house.database.close()
    assert levels(look("sqlite", settings_of(town))) == ["ok"]
    file = tmp_path / "lyhord.db"
    content = bytearray(file.read_bytes())
    for page in range(3, len(content) // 4096, 2):
        content[page * 4096 : page * 4096 + 64] = secrets.token_bytes(64)
    file.write_bytes(content)
    assert faults(look("sqlite", settings_of(town))) == "The database is damaged (quick_check)."


def test_looking_through_a_large_file_has_an_end(tmp_path: Path) -> None:
    file = tmp_path / "large.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE rows (id INTEGER PRIMARY KEY, text TEXT)")
        connection.executemany(
            "INSERT INTO rows (text) VALUES (?)", (("word " * 20,) for _ in range(100_000))
        )
        connection.commit()
    assert check_file(file, most_s=0) is None
    assert check_file(file, most_s=30) == "ok"


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A file system of eight megabytes, where one may be mounted."""
    mount = Path(tempfile.mkdtemp(prefix="lyhord-doctor-"))
    options = ["-t", "tmpfs", "-o", "size=8m", "none", str(mount)]
    mounted = subprocess.run(["mount", *options], check=False, capture_output=True).returncode == 0
    try:
        if not mounted:
            pytest.skip("no file system can be mounted here")
        yield mount
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", mount], check=True)
        mount.rmdir()


def test_a_disk_that_is_nearly_full_is_a_fault(migrated_file: Path, small_disk: Path) -> None:
    shutil.copyfile(migrated_file, small_disk / "lyhord.db")
    found = look("room", Settings(database_url=f"sqlite:///{small_disk}/lyhord.db"))
    assert faults(found) == "0.0 GB are free where the database is."


@ON_SQLITE
def test_the_disk_of_this_machine_is_local(town: Town) -> None:
    assert levels(look("disk", settings_of(town))) == ["ok"]


def test_the_longest_and_last_mount_says_what_disk_a_file_is_on(tmp_path: Path) -> None:
    folder = tmp_path.resolve()
    mounts = (
        "/dev/sda1 / ext4 rw 0 0\n"
        f"server:/export {folder} nfs4 rw 0 0\n"
        f"//server/share {folder}/with\\040space cifs rw 0 0\n"
        f"/dev/sdb1 {folder}/local xfs rw 0 0\n"
        f"sshfs#host {folder}/local fuse.sshfs rw 0 0\n"
    )
    assert filesystem_of(folder / "lyhord.db", mounts) == "nfs4"
    assert filesystem_of(folder / "with space" / "lyhord.db", mounts) == "cifs"
    assert filesystem_of(folder / "local" / "lyhord.db", mounts) == "fuse.sshfs"
    assert filesystem_of(Path("/lyhord.db"), mounts) == "ext4"


@ON_POSTGRESQL
def test_a_server_that_may_lose_what_it_acknowledged_is_a_fault(town: Town) -> None:
    found = look("postgresql", settings_of(town))
    assert levels(found) == ["ok", "fault"]
    assert faults(found) == "The server has fsync and full_page_writes off."


@pytest.mark.parametrize(("minutes", "level"), [(3, "ok"), (40, "warning"), (60 * 48, "fault")])
def test_a_worker_that_does_not_run_is_missed(town: Town, minutes: int, level: str) -> None:
    assert look("worker", settings_of(town)) == [("fault", "The worker has never run.")]
    Upkeep(sessions=town.house.database.sessions, now=lambda: utc_now() - timedelta(minutes=minutes)).run()
    assert levels(look("worker", settings_of(town))) == [level]


def test_what_should_have_been_deleted_and_is_there_is_a_fault(town: Town) -> None:
    town.phone().answer_all(*RESIDENT)
    now = utc_now() + timedelta(days=400)
    with town.house.database.sessions.begin() as session:
        session.execute(update(Round).values(status="closed", closed_at=utc_now()))
    found = look("deletions", settings_of(town), now=lambda: now)
    assert set(levels(found)) == {"fault"}
    assert "Of round are-demo 2 answers with their words should have been deleted and are there." in faults(
        found
    )
    Upkeep(sessions=town.house.database.sessions, now=lambda: now).run()
    assert look("deletions", settings_of(town), now=lambda: now) == [
        ("ok", "Nothing is there that should have been deleted.")
    ]


@ON_SQLITE
def test_answers_that_go_soon_without_a_final_report_are_a_warning(town: Town) -> None:
    town.rounds.close("are-demo")
    now = utc_now() + timedelta(days=4 * 365)
    found = look("deletions", settings_of(town), now=lambda: now)
    assert "has no final report" in "\n".join(sentence for level, sentence in found if level == "warning")


@ON_SQLITE
def test_a_paused_round_is_told(town: Town) -> None:
    town.rounds.pause("are-demo")
    assert ("warning", "Round are-demo is paused and takes no answers.") in look("rounds", settings_of(town))


# --- clocks ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("seconds", "level"), [(0, "ok"), (-10, "warning"), (10, "warning"), (120, "fault")])
@ON_SQLITE
def test_a_clock_that_goes_wrong_is_seen_beside_the_providers(town: Town, seconds: int, level: str) -> None:
    with answering(200, clock=lambda: utc_now() + timedelta(seconds=seconds)) as address:
        assert levels(look("clock", replace(settings_of(town), provider_url=address))) == [level]


@ON_POSTGRESQL
def test_a_clock_that_goes_wrong_is_seen_beside_the_servers(town: Town) -> None:
    assert look("clock", settings_of(town))[0][0] == "ok"
    found = look("clock", settings_of(town), now=lambda: utc_now() + timedelta(seconds=45))
    assert faults(found).startswith("This machine's clock is 45 s ahead of the database server's.")


# --- public address ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://127.0.0.1", "does not begin with https"),
        ("https://127.0.0.1/lyhord", "has more than a host"),
        ("https://127.0.0.1:8443", "names a port"),
        ("https://127.0.0.1:http", "names a port"),
        ("https://user:secret@127.0.0.1", "has a user's name in it"),
        ("https://", "has no host"),
        ("https://no-such-host.invalid", "not known to the name servers"),
    ],
)
def test_an_address_that_the_provider_cannot_call_is_a_fault(url: str, said: str) -> None:
    found = look("public_url", Settings(public_url=url))
    assert said in faults(found)
    assert "secret" not in str(found)


@ON_SQLITE
def test_the_program_answers_at_its_address_and_takes_what_is_signed_for_it(town: Town) -> None:
    before = _rows(town)
    with program(town) as address:
        settings = settings_of(town, public_url=address)
        assert look("public_answer", settings) == [("ok", "Lyhörd answers at LYHORD_PUBLIC_URL.")]
        assert levels(look("signature", settings)) == ["ok"]
    assert _rows(town) == before


def _rows(town: Town) -> dict[str, int]:
    with town.house.database.sessions.reading() as session:
        return {
            n: session.scalar(select(func.count()).select_from(t)) or 0
            for n, t in Base.metadata.tables.items()
        }


@ON_SQLITE
def test_a_program_with_another_token_or_address_is_a_fault(town: Town) -> None:
    with program(town, token="another") as address:
        found = look("signature", settings_of(town, public_url=address))
        assert "rightly signed for LYHORD_PUBLIC_URL is answered with 403" in faults(found)
        tokens = ("another", "12345")
        found = look("signature", settings_of(town, public_url=address, twilio_auth_tokens=tokens))
        assert "is answered with 200, 403" in faults(found)
    with program(town) as address:
        found = look("signature", settings_of(town, public_url=address.replace("127.0.0.1", "localhost")))
        assert "is answered with 403" in faults(found)


@pytest.mark.parametrize(
    ("status", "body", "answer", "signature"),
    [
        (301, "", "sends its callers somewhere else (301)", "answered with 301, not 403"),
        (200, "<h1>Welcome</h1>", "Something else than Lyhörd", "a wrong signature is taken"),
        (200, '{"status": "up"}', "Something else than Lyhörd", "a wrong signature is taken"),
        (403, "", "Something else than Lyhörd", "rightly signed"),
        (502, "", "Something else than Lyhörd", "answered with 502, not 403"),
    ],
)
@ON_SQLITE
def test_something_else_at_our_address_is_a_fault(
    town: Town, status: int, body: str, answer: str, signature: str
) -> None:
    with answering(200) as elsewhere, answering(status, body, Location=elsewhere) as address:
        settings = settings_of(town, public_url=address)
        assert answer in faults(look("public_answer", settings))
        assert signature in faults(look("signature", settings))


@ON_SQLITE
def test_nobody_at_our_address_is_a_fault(town: Town) -> None:
    settings = settings_of(town, public_url=NOWHERE)
    assert "Nobody answers" in faults(look("public_answer", settings))
    assert "could not be delivered" in faults(look("signature", settings))


@pytest.mark.keeps_time
def test_who_does_not_answer_is_not_waited_for() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        started = time.monotonic()
        with pytest.raises(NoAnswer, match="no answer in time"):
            ask(f"http://127.0.0.1:{silent.getsockname()[1]}/")
    assert time.monotonic() - started < 2 * TIMEOUT_S


# --- rounds ------------------------------------------------------------------------------------------------------


def test_an_open_round_without_its_legal_fields_is_a_fault(town: Town) -> None:
    found = look("rounds", settings_of(town), now=town.clock)
    assert "open without controller, diary_number, dpia_date, deletion_decision, safeguard_mode" in faults(
        found
    )
    assert [said for level, said in found if level == "warning" and "demonstration's" in said]
    assert levels(look("rounds", settings_of(town, is_demonstration=True), now=town.clock)) == ["ok"]


@ON_SQLITE
def test_a_round_past_its_day_or_with_a_number_that_is_none_is_a_fault(town: Town) -> None:
    settings = settings_of(town, is_demonstration=True)
    town.clock.move(days=28)
    assert levels(look("rounds", settings, now=town.clock)) == ["warning"]
    town.clock.move(days=10)
    assert "should have closed" in faults(look("rounds", settings, now=town.clock))
    with town.house.database.sessions.begin() as session:
        session.execute(update(Round).values(phone_number="0647-161 00"))
    found = faults(look("rounds", settings, now=town.clock))
    assert "no telephone number" in found
    assert "0647" not in found


@ON_SQLITE
def test_an_information_page_that_is_not_there_is_a_fault(town: Town) -> None:
    for status, level in ((404, "fault"), (200, "ok"), (301, "ok")):
        with answering(status, Location=NOWHERE) as address:
            _set_page(town, f"{address}/trygg")
            assert levels(look("information_pages", settings_of(town))) == [level], status
    _set_page(town, NOWHERE)
    assert levels(look("information_pages", settings_of(town))) == ["warning"]


def _set_page(town: Town, address: str) -> None:
    with town.house.database.sessions.begin() as session:
        document = session.scalars(select(Round.document)).one()
        session.execute(update(Round).values(document={**document, "information_page": address}))


@ON_SQLITE
def test_numbers_for_help_that_nobody_checked_are_named(town: Town) -> None:
    [(level, said)] = look("helplines", settings_of(town))
    assert level == "warning"
    assert "90101 (Självmordslinjen (Mind), day and night): 2020-05-28" in said


@ON_SQLITE
def test_words_that_the_provider_keeps_for_itself_are_told_with_what_they_mean_here(town: Town) -> None:
    found = [said.partition(": ") for _, said in look("reserved_words", settings_of(town))]
    here = {word: said for words, _, said in found for word in words.split(", ")}
    assert here.keys() <= PROVIDER_WORDS.keys()
    assert "an answer to" in here["YES"] and "start" in here["YES"]
    assert "the command info" in here["INFO"]
    assert here["END"] == here["STOP"]
    assert here["STOP"] == "here the command stop. By default the provider blocks whoever writes it."
    assert "lets us write again" in here["UNSTOP"]


# --- provider ----------------------------------------------------------------------------------------------------

HERE = "https://trygg.example.se"
GOOD = Webhooks(
    sms_url=f"{HERE}/twilio/sms#{TRIES}",
    fallback_url="https://spare.example.se/twilio/fallback#rc=1",
    status_url=f"{HERE}/twilio/status",
)


@ON_SQLITE
def test_a_number_that_is_set_up_as_it_should_be(town: Town) -> None:
    with rehearsal(ACCOUNT, GOOD) as provider:
        settings = replace(settings_of(town), provider_url=provider.address)
        assert look("account", settings) == [("ok", "The provider's account is active.")]
        assert levels(look("numbers", settings)) == ["ok"]


@pytest.mark.parametrize(
    ("change", "level", "said"),
    [
        (
            {"sms_url": f"https://old.example.se/twilio/sms#{TRIES}"},
            "fault",
            "do not go to LYHORD_PUBLIC_URL/",
        ),
        ({"sms_url": ""}, "fault", "do not go to"),
        ({"sms_url": f"{HERE}/twilio/sms"}, "warning", "does not try again"),
        ({"sms_url": f"{HERE}/twilio/sms#rc=2&rp=ct"}, "warning", "does not try again"),
        ({"fallback_url": ""}, "warning", "no fallback"),
        ({"fallback_url": "https://spare.example.se/"}, "warning", "does not lead to the fallback"),
        ({"fallback_url": "http://spare.example.se/twilio/fallback"}, "fault", "not https"),
        ({"status_url": ""}, "warning", "does not tell us how far"),
    ],
)
@ON_SQLITE
def test_a_number_that_is_set_up_wrongly(town: Town, change: dict[str, str], level: str, said: str) -> None:
    with rehearsal(ACCOUNT, replace(GOOD, **change)) as provider:
        found = look("numbers", replace(settings_of(town), provider_url=provider.address))
    assert [sentence for at, sentence in found if at == level and said in sentence]


@ON_SQLITE
def test_a_provider_that_refuses_us_or_is_away_is_a_fault(town: Town) -> None:
    with rehearsal("AC" + "2" * 32, GOOD) as provider:
        settings = replace(settings_of(town), provider_url=provider.address)
        assert "The account cannot be read" in faults(look("account", settings))
        assert "cannot be looked up" in faults(look("numbers", settings))
    assert "cannot be reached" in faults(look("account", settings_of(town)))


@ON_SQLITE
def test_a_demonstration_asks_no_provider(town: Town) -> None:
    settings = replace(settings_of(town, is_demonstration=True), provider_url="https://api.twilio.com")
    for check in ("account", "numbers", "clock"):
        assert look(check, settings) == []


# --- the command -------------------------------------------------------------------------------------------------


@pytest.fixture
def environment(town: Town) -> dict[str, str]:
    settings = settings_of(town)
    return {
        "LYHORD_DATABASE_URL": settings.database_url,
        "LYHORD_MASTER_KEYS": settings.master_keys,
        "LYHORD_PUBLIC_URL": NOWHERE,
        "LYHORD_TWILIO_ACCOUNT_SID": settings.twilio_account_sid,
        "LYHORD_TWILIO_AUTH_TOKENS": "0123456789abcdef0123456789abcdef",
        "LYHORD_METRICS_TOKEN": settings.metrics_token,
        "LYHORD_PROVIDER_URL": NOWHERE,
    }


def test_the_command_says_what_to_mend_and_tells_no_secret(town: Town, environment: dict[str, str]) -> None:
    town.phone("+46701740605").answer_all(*RESIDENT, "RESULTAT", "STOPP")
    before = _rows(town)
    result = CliRunner(env=environment).invoke(main, ["doctor"])
    assert result.exit_code == 1, result.output
    assert "Faults, which must be mended:" in result.output
    as_json = CliRunner(env=environment).invoke(main, ["doctor", "--json"])
    assert as_json.exit_code == 1
    seen = json.loads(as_json.output)
    assert {"check", "level", "sentence", "advice"} == set(seen[0])
    assert all(one["advice"] for one in seen if one["level"] != "ok")
    secret = environment["LYHORD_MASTER_KEYS"].partition(":")[2]
    told = result.output + as_json.output
    token, metrics_token = environment["LYHORD_TWILIO_AUTH_TOKENS"], environment["LYHORD_METRICS_TOKEN"]
    for hidden in (secret, token, metrics_token, "701740605", ACCOUNT):
        assert hidden not in told
    assert re.search("Duved|fort på", told) is None
    assert _rows(town) == before


# --- the staff console -------------------------------------------------------------------------------------------


@ON_SQLITE
@pytest.mark.parametrize(
    ("url", "level"),
    [
        ("", "warning"),
        ("http://konsol.example.se", "fault"),
        ("https://konsol.example.se/x", "fault"),
        ("https://trygg.example.se", "fault"),
        ("https://konsol.example.se", "ok"),
    ],
)
def test_the_consoles_address_is_another_than_the_residents(town: Town, url: str, level: str) -> None:
    assert levels(look("console_url", settings_of(town, console_url=url))) == [level]


def test_a_console_that_nobody_can_sign_in_to_is_told(town: Town) -> None:
    settings = settings_of(town, console_url="https://konsol.example.se")
    assert levels(look("coordinators", settings)) == ["warning"]
    Console.beside(town)
    assert levels(look("coordinators", settings)) == ["ok"]


def test_an_audit_log_that_was_changed_is_a_fault(town: Town) -> None:
    assert levels(look("audit_log", settings_of(town))) == ["ok"]
    with town.house.database.sessions.begin() as session:
        session.execute(text("UPDATE audit_log SET actor = 'somebody else' WHERE id = 1"))
    assert "at entry 1" in faults(look("audit_log", settings_of(town)))
