"""What is counted, who may read it, and that it tells of nobody."""

import re
import signal
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from serving import Program, serving, wait_until
from sqlalchemy import text
from town import METRICS_TOKEN, RESIDENT, ROUND, Town, message_fields

from bot.app import create_app
from bot.services.inbound import Inbound
from bot.services.upkeep import Upkeep
from storage.database import Database, DatabaseUnavailable

BEARER = {"Authorization": f"Bearer {METRICS_TOKEN}"}


@pytest.fixture
def town(database: Database) -> Town:
    return Town.build(database)


def _samples(town: Town) -> dict[str, float]:
    """Every figure, as ``name{label=value}``."""
    return _parsed(town.client.get("/metrics", headers=BEARER).get_data(as_text=True))


def _parsed(page: str) -> dict[str, float]:
    return {
        f"{sample.name}{{{','.join(f'{k}={v}' for k, v in sorted(sample.labels.items()))}}}": sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
    }


def _grown(before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, float]:
    """What was counted between; times are left out, since they take as long as they take."""
    grown = {name: value - before.get(name, 0) for name, value in after.items()}
    return {n: g for n, g in grown.items() if g and not re.search("_sum|_bucket|_age|_created", n)}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": METRICS_TOKEN},
        {"Authorization": f"Bearer {METRICS_TOKEN} "[:-2]},
        {"Authorization": "Bearer "},
        {"Authorization": "Bearer å"},
        {"Authorization": f"Basic {METRICS_TOKEN}"},
    ],
)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_without_the_token_nobody_reads(town: Town, headers: dict[str, str]) -> None:
    answer = town.client.get("/metrics", headers=headers)
    assert answer.status_code == 403
    assert "lyhord_" not in answer.get_data(as_text=True)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_where_no_token_is_set_there_is_no_page(town: Town) -> None:
    house = replace(town.house, settings=replace(town.house.settings, metrics_token=""))
    for headers in ({}, BEARER, {"Authorization": "Bearer "}):
        assert create_app(house).test_client().get("/metrics", headers=headers).status_code == 404


def test_requests_of_the_provider_are_counted_by_what_became_of_them(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = _samples(town)
    fields = message_fields("TRYGG")
    town.webhook(fields)
    town.webhook(fields)
    town.webhook(message_fields("ja"), signature="forged")
    town.webhook({**message_fields("ja"), "MessageSid": "nothing"})
    town.webhook(message_fields("x" * 70_000))
    town.status("SM" + "a" * 32, "delivered")
    with monkeypatch.context() as patch:
        patch.setattr(Inbound, "receive", _fails)
        town.webhook(message_fields("ja"))
    assert _grown(before, _samples(town)) == {
        "lyhord_webhook_requests_total{outcome=answered,webhook=sms}": 1,
        "lyhord_webhook_requests_total{outcome=repeated,webhook=sms}": 1,
        "lyhord_webhook_requests_total{outcome=refused_forged,webhook=sms}": 1,
        "lyhord_webhook_requests_total{outcome=refused_malformed,webhook=sms}": 1,
        "lyhord_webhook_requests_total{outcome=too_large,webhook=sms}": 1,
        "lyhord_webhook_requests_total{outcome=unavailable,webhook=sms}": 1,
        "lyhord_webhook_requests_total{outcome=answered,webhook=status}": 1,
        "lyhord_turn_duration_seconds_count{}": 3,
        "lyhord_database_unavailable_total{}": 1,
    }


def _fails(*_: object) -> None:
    raise DatabaseUnavailable("away")


def test_requests_of_the_chat_are_counted_by_what_became_of_them(town: Town) -> None:
    address = f"/chat/{ROUND}/residents"
    before = _samples(town)
    town.client.get(address)
    town.client.get("/chat/nothing/residents")
    town.client.get("/static/chat.css").close()
    form: dict[str, Any] = {"action": "start", "message_id": "a" * 32, "language": "sv", "token": ""}
    town.client.post(address, data=form, headers={"Sec-Fetch-Site": "cross-site"})
    town.client.post(address, data={"action": "start", "message_id": "short"})
    assert _grown(before, _samples(town)) == {
        "lyhord_chat_requests_total{outcome=shown}": 1,
        "lyhord_chat_requests_total{outcome=gone}": 1,
        "lyhord_chat_requests_total{outcome=refused_other_site}": 1,
        "lyhord_chat_requests_total{outcome=refused_malformed}": 1,
    }


def test_the_loop_guard_is_counted(town: Town) -> None:
    before = _samples(town)
    town.phone().answer_all(*["vet ej"] * 32)
    assert _grown(before, _samples(town))["lyhord_loop_guard_total{}"] == 2


def test_the_state_of_database_worker_and_rounds_is_looked_up(town: Town) -> None:
    assert "lyhord_upkeep_age_seconds{}" not in _samples(town)
    Upkeep(sessions=town.house.database.sessions, now=town.clock).run()
    town.clock.move(minutes=7)
    samples = _samples(town)
    assert samples["lyhord_upkeep_age_seconds{}"] == 420
    assert samples["lyhord_rounds_open{}"] == 1
    assert samples["lyhord_database_schema_current{}"] == samples["lyhord_database_reachable{}"] == 1
    assert samples[f"lyhord_build_info{{version={version('lyhord')}}}"] == 1


def test_old_tables_are_told_and_the_program_is_not_ready(town: Town) -> None:
    with town.house.database.sessions.begin() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    samples = _samples(town)
    assert (samples["lyhord_database_schema_current{}"], samples["lyhord_database_reachable{}"]) == (0, 1)
    ready = town.client.get("/health/ready")
    assert (ready.status_code, ready.get_json()) == (503, {"status": "unavailable"})
    assert town.client.get("/health/live").status_code == 200


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_counts_tell_of_nobody(town: Town) -> None:
    town.phone().answer_all(*RESIDENT[:5], "min man slår mig", "jag vill inte leva", "stopp")
    page = town.client.get("/metrics", headers=BEARER).get_data(as_text=True)
    assert re.findall(r"\+46|Duved|duved|are-demo|domestic|suicide|emergency|safeguard", page) == []
    labels = {
        name for family in text_string_to_metric_families(page) for s in family.samples for name in s.labels
    }
    assert labels <= {"webhook", "outcome", "le", "version"}


def _metrics(server: Program) -> str:
    with closing(server.caller()) as caller:
        return caller.request("GET", "/metrics", headers=BEARER).data.decode()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_processes_count_together_and_leave_nothing_behind(town: Town, tmp_path: Path) -> None:
    counts = tmp_path / "counts"
    counts.mkdir()
    (counts / "counter_1.db").write_bytes(b"of an earlier run")
    (counts / "somebody-elses").touch()
    variables = {"PROMETHEUS_MULTIPROC_DIR": str(counts)}
    with (
        serving(town, tmp_path / "output", variables=variables) as server,
        closing(server.caller()) as caller,
    ):
        for _ in range(12):
            caller.deliver(message_fields("TRYGG"))
        page = _metrics(server)
        assert _parsed(page)["lyhord_webhook_requests_total{outcome=answered,webhook=sms}"] == 12
        wait_until(lambda: len(list(counts.glob("counter_*.db"))) == 2)  # the second may start later
        server.process.send_signal(signal.SIGHUP)
        wait_until(lambda: len(list(counts.glob("counter_*.db"))) == 4)
        page = _metrics(server)
        assert _parsed(page)["lyhord_webhook_requests_total{outcome=answered,webhook=sms}"] == 12
    assert [file.name for file in counts.iterdir()] == ["somebody-elses"]
