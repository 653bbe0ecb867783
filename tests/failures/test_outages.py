"""A database that is away, and webhooks that never come: each message is found again, and stored once."""

import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from http.client import HTTPException
from pathlib import Path
from urllib.parse import urlencode

import pytest
from kept import assert_states_and_answers_agree, count, message_ids
from postgresql_server import PostgresqlServer, running_server
from serving import Program, environment_of, free_port, run_command, serving, town_of_today, wait_until
from sizes import sizes
from town import OUR_NUMBER, Town, message_fields, twiml_text

from bot.channels.twilio_sms import FALLBACK_PATH
from storage.database import open_database
from storage.tables import Conversation, Message
from storage.upgrading import upgrade

BEFORE_S = AFTER_S = 1
PER_S = 10
TRIES = 3
"""Of the provider, before it turns to the fallback."""
LOST = 100
LATER = (
    "import datetime, time_machine\n"
    "from bot.cli import main\n"
    "now = datetime.datetime.now(datetime.UTC)\n"
    "with time_machine.travel(now + datetime.timedelta(minutes=2)):\n"
    "    for _ in range(2):\n"
    "        main(standalone_mode=False)\n"
)
"""A command twice, two minutes later: a younger message may still be on its way, and is left alone."""


@pytest.fixture
def own_server() -> Iterator[PostgresqlServer]:
    """To be stopped by one test, and by nobody else."""
    with running_server() as server:
        yield server


@pytest.mark.usefixtures("postgresql")  # skipped where no server starts
@sizes("away_s", short=(3,), full=(60,))
def test_what_comes_while_the_database_is_away_is_kept_by_the_fallback_and_stored_once(
    own_server: PostgresqlServer,
    tmp_path: Path,
    away_s: int,
    record_property: Callable[[str, object], None],
) -> None:
    spool = {"LYHORD_SPOOL_FOLDER": str(tmp_path / "spool")}
    with own_server.database() as url, closing(open_database(url)) as database:
        upgrade(database)
        town = town_of_today(database)
        with (
            serving(town, tmp_path / "main", workers=1, variables=spool) as main,
            serving(town, tmp_path / "fallback", name="fallback", variables=spool) as fallback,
            ThreadPoolExecutor(PER_S * 5) as provider,
        ):
            sending = provider.submit(_write_steadily, provider, main, fallback, BEFORE_S + away_s + AFTER_S)
            time.sleep(BEFORE_S)
            own_server.stop()
            time.sleep(away_s)
            assert run_command(town, "drain", variables=spool).returncode == 1
            own_server.start()
            taken_by = sending.result()
            wait_until(main.is_ready)
        kept = {sid for sid, by in taken_by.items() if by == "fallback"}
        assert {path.name for path in (tmp_path / "spool").glob("*/*")} == kept
        known = kept & message_ids(town)  # committed as the server went, and nobody could tell
        assert message_ids(town) - known == set(taken_by) - kept
        done = f"Taken in: {len(kept - known)}. Known already: {len(known)}. Still in the spool: 0."
        assert run_command(town, "drain", variables=spool).stdout.strip() == done
        assert list((tmp_path / "spool").iterdir()) == []
        assert message_ids(town) == set(taken_by)
        assert count(town, Conversation) == len(taken_by)
        assert_states_and_answers_agree(town)
    record_property("kept by the fallback", len(kept))
    assert len(taken_by) == PER_S * (BEFORE_S + away_s + AFTER_S)
    assert len(kept) >= PER_S * (away_s - 1)


def _write_steadily(
    provider: ThreadPoolExecutor, main: Program, fallback: Program, seconds: int
) -> dict[str, str]:
    """So many a second, each from another telephone: by whom each was taken, by its id."""
    started, deliveries = time.monotonic(), []
    for number in range(seconds * PER_S):
        time.sleep(max(0.0, started + number / PER_S - time.monotonic()))
        fields = message_fields("TRYGG", sender=f"+46701{number:06}")
        deliveries.append((fields["MessageSid"], provider.submit(_deliver, main, fallback, fields)))
    return {sid: delivery.result() for sid, delivery in deliveries}


def _deliver(main: Program, fallback: Program, fields: dict[str, str]) -> str:
    for _ in range(TRIES):
        with closing(main.caller(timeout_s=4.5)) as caller:
            try:
                response = caller.deliver(fields)
            except (OSError, HTTPException):
                continue
        if response.status_code == 200:
            assert "frivilliga frågor" in twiml_text(response)
            return "main"
        assert response.status_code == 503
    with closing(fallback.caller(timeout_s=4.5)) as caller:
        response = caller.deliver(fields, FALLBACK_PATH)
    assert (response.status_code, bool(twiml_text(response))) == (200, True)
    return "fallback"


def test_a_hundred_webhooks_that_never_came_are_found_by_one_reconciliation(
    town: Town, tmp_path: Path
) -> None:
    with _gateway(town, tmp_path / "gateway") as address:
        for number in range(LOST):
            fields = {"From": f"+467017422{number:02}", "To": OUR_NUMBER, "Body": "TRYGG", "Lost": "1"}
            urllib.request.urlopen(f"{address}/rehearsal/texts", urlencode(fields).encode()).close()
        assert count(town, Message) == 0
        assert _reconcile_twice_later(town, address) == f"{_found(LOST)}\n{_found(0)}\n"
    assert (count(town, Message), count(town, Conversation)) == (LOST, LOST)
    assert_states_and_answers_agree(town)


def _found(taken: int) -> str:
    return f"Listed by the provider: {LOST}. Missing here and taken in: {taken}."


def _reconcile_twice_later(town: Town, address: str) -> str:
    variables = {"LYHORD_PROVIDER_URL": address}
    done = run_command(town, "reconcile", program=(sys.executable, "-c", LATER), variables=variables)
    assert done.returncode == 0, done.stderr
    return done.stdout


@contextmanager
def _gateway(town: Town, output: Path) -> Iterator[str]:
    """The provider's stand-in as its command starts it."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    command = ["lyhord", "fake-gateway", "--port", str(port)]
    environment = {**environment_of(town), "LYHORD_PROVIDER_URL": address}
    with (
        output.open("wb") as log,
        subprocess.Popen(command, env=environment, stdout=log, stderr=log) as process,
    ):
        try:
            wait_until(lambda: process.poll() is not None or _answers(f"{address}/rehearsal/texts?To=x"))
            assert process.poll() is None, output.read_text()
            yield address
        finally:
            process.terminate()


def _answers(address: str) -> bool:
    try:
        urllib.request.urlopen(address).close()
    except OSError:
        return False
    return True
