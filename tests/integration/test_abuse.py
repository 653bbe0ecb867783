"""Whoever floods the chat is held back without keeping anybody else away, and what looks like it is counted apart."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update
from town import MONDAY, RESIDENT, ROUND, Town, message_fields
from werkzeug.test import TestResponse

from bot.app import create_app
from bot.channels import webchat
from bot.services import inbound, limiting
from bot.services.marking import SAME_TEXTS, in_bursts
from bot.services.reporting import Reports
from bot.services.upkeep import Upkeep
from storage.database import Database
from storage.marks import RepeatedText
from storage.tables import Answer, Conversation, Message, RateCount, SafeguardReply

START = f"/api/chat/{ROUND}/residents/conversations"
MESSAGES = f"/api/chat/{ROUND}/messages"
SCHOOL, ELSEWHERE = "81.2.69.7", "81.2.70.7"


@pytest.fixture
def town(database: Database) -> Town:
    return Town.build(database)


def _start(town: Town, address: str = SCHOOL, **fields: Any) -> TestResponse:
    body = {"message_id": webchat.new_message_id(), "waited_ms": 5_000, **fields}
    return town.client.post(START, json=body, environ_overrides={"REMOTE_ADDR": address})


def _send(town: Town, token: str, *, address: str = SCHOOL, **fields: Any) -> TestResponse:
    body = {"message_id": webchat.new_message_id(), "action": "answer", **fields}
    return town.client.post(
        MESSAGES,
        json=body,
        headers={"Authorization": f"Bearer {token}"},
        environ_overrides={"REMOTE_ADDR": address},
    )


def _count(town: Town, table: type, *conditions: object) -> int:
    with town.house.database.sessions.reading() as session:
        return session.scalar(select(func.count()).select_from(table).where(*conditions)) or 0  # type: ignore[arg-type]


def _assert_held_back(response: TestResponse) -> None:
    assert (response.status_code, response.json["error"]["code"]) == (429, "too_many")
    assert response.json["error"]["sentence"].startswith("Det kommer fler svar")
    assert 0 < int(response.headers["Retry-After"]) <= 3_601


# --- limits ------------------------------------------------------------------------------------------------------


def test_a_school_class_behind_one_address_starts_at_once(town: Town) -> None:
    assert {_start(town).status_code for _ in range(30)} == {201}


def test_a_network_that_starts_too_much_is_held_back_and_no_other(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limiting, "STARTS_OF_A_NETWORK", 3)
    begun = [_start(town, f"81.2.69.{host}").json for host in (1, 2, 3)]
    _assert_held_back(_start(town))
    assert _count(town, Conversation) == 3
    assert _start(town, ELSEWHERE).status_code == 201
    assert _start(town, "::ffff:81.2.69.9").status_code == 429  # the same network in other words
    assert _send(town, begun[0]["token"], question="role.0", choices=["1"]).status_code == 200
    town.clock.move(hours=1)
    assert _start(town).status_code == 201


def test_the_limit_is_exact_however_many_start_at_the_same_time(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limiting, "STARTS_OF_A_NETWORK", 5)
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda _: _start(town).status_code, range(12)))
    assert sorted(statuses) == [201] * 5 + [429] * 7
    assert _count(town, Conversation) == 5


def test_networks_of_the_newer_internet_are_48_bits(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limiting, "STARTS_OF_A_NETWORK", 1)
    statuses = [_start(town, a).status_code for a in ("2a02:aa1:7::1", "2a02:aa1:7:ffff::1", "2a02:aa1:8::1")]
    assert statuses == [201, 429, 201]


def test_a_round_that_is_started_too_much_is_held_back_whatever_the_network(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limiting, "STARTS_OF_A_ROUND", 5)
    statuses = [_start(town, f"81.2.{network}.1").status_code for network in range(8)]
    assert statuses == [201] * 5 + [429] * 3


def test_a_network_that_sends_too_much_is_held_back_but_danger_and_the_end_are_heard(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limiting, "MESSAGES_OF_A_NETWORK", 2)
    token = _start(town).json["token"]
    assert _send(town, token, question="role.0", choices=["1"]).status_code == 200
    _assert_held_back(_send(town, token, question="area.0", text="Duved"))
    danger = _send(town, token, question="area.0", text="hjälp mig han har kniv")
    assert (danger.status_code, "RING 112" in danger.json["heard"]["safeguard"]) == (200, True)
    assert _count(town, SafeguardReply) == 1
    assert _send(town, token, action="stop").json["status"] == "stopped"
    assert _send(town, token, action="erase").json["status"] == "erased"


def test_a_token_that_sends_too_much_is_held_back_but_danger_and_the_end_are_heard(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbound, "MOST_FROM_STAFF_AN_HOUR", 3)
    token = _start(town).json["token"]
    _send(town, token, question="role.0", choices=["1"])
    _assert_held_back(_send(town, token, question="area.0", text="Duved"))
    assert (_count(town, Answer), _count(town, Message)) == (1, 3)
    assert "90101" in _send(town, token, question="area.0", text="jag vill dö").json["heard"]["safeguard"]
    assert _send(town, token, action="erase").json["status"] == "erased"


def test_what_came_before_gets_its_answer_again_beyond_the_limit(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limiting, "STARTS_OF_A_NETWORK", 1)
    first = _start(town, message_id="a" * 32)
    _assert_held_back(_start(town))
    assert _start(town, message_id="a" * 32).json == first.json


def test_without_script_it_is_told_on_a_page_that_sends_the_same_again(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limiting, "STARTS_OF_A_ROUND", 0)
    fields = {"message_id": "a" * 32, "action": "start.sv", "place_code": "DUVED3"}
    page = town.client.post(f"/chat/{ROUND}/residents", data=fields)
    assert (page.status_code, "många här just nu" in page.text) == (429, True)
    assert page.headers["Retry-After"]
    assert all(f'name="{name}" value="{value}"' in page.text for name, value in fields.items())


def test_the_provider_is_never_held_back(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("STARTS_OF_A_NETWORK", "STARTS_OF_A_ROUND", "MESSAGES_OF_A_NETWORK"):
        monkeypatch.setattr(limiting, name, 0)
    for index in range(3):
        fields = message_fields("TRYGG", sender=f"+4670174061{index}")
        assert "frivilliga frågor" in town.webhook(fields).text
    assert _count(town, RateCount) == 0


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.7", "::1", "fd00::1", "", "unix:"])
def test_a_proxy_of_ours_that_was_not_declared_holds_nobody_back(
    town: Town, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limiting, "STARTS_OF_A_NETWORK", 1)
    assert {_start(town, address).status_code for _ in range(3)} == {201}


@pytest.mark.parametrize(("proxies", "counted_apart"), [(0, False), (1, True), (2, False)])
def test_the_callers_address_is_believed_from_declared_proxies_only(
    town: Town, proxies: int, counted_apart: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last entry is what our own proxy saw; all before it is what the caller says."""
    monkeypatch.setattr(limiting, "STARTS_OF_A_NETWORK", 1)
    house = replace(town.house, settings=replace(town.house.settings, trusted_proxies=proxies))
    client = create_app(house).test_client()
    statuses = [
        client.post(
            START,
            json={"message_id": webchat.new_message_id()},
            headers={"X-Forwarded-For": f"1.2.3.4, {seen}"},
            environ_overrides={"REMOTE_ADDR": "81.2.69.1"},
        ).status_code
        for seen in ("81.3.1.1", "81.3.2.1")
    ]
    assert statuses == [201, 201 if counted_apart else 429]


def test_counts_name_no_network_and_go_after_a_day(town: Town) -> None:
    _start(town)
    with town.house.database.sessions.reading() as session:
        first = {row.key for row in session.scalars(select(RateCount))}
    assert len(first) == 3  # starts of the network and of the round, messages of the network
    assert "81.2" not in " ".join(first)
    town.clock.move(days=1, hours=1)
    Upkeep(sessions=town.house.database.sessions, now=town.clock).run()
    assert _count(town, RateCount) == 0
    _start(town)
    with town.house.database.sessions.reading() as session:
        assert first.isdisjoint(row.key for row in session.scalars(select(RateCount)))


# --- marks -------------------------------------------------------------------------------------------------------


def _mark_of(town: Town, response: TestResponse) -> str:
    """Of the only conversation."""
    assert response.status_code < 300
    with town.house.database.sessions.reading() as session:
        return session.scalars(select(Conversation.mark)).one()


@pytest.mark.parametrize(
    ("fields", "mark"),
    [
        ({}, ""),
        ({"website": "https://spam.example"}, "machine"),
        ({"waited_ms": 3}, "machine"),
        ({"waited_ms": -(10**9)}, "machine"),
        ({"waited_ms": None}, ""),
    ],
)
def test_what_only_a_machine_does_is_marked_and_refused_nothing(
    town: Town, fields: dict[str, Any], mark: str
) -> None:
    assert _mark_of(town, _start(town, **fields)) == mark


def test_a_machine_is_marked_on_the_page_too(town: Town) -> None:
    assert 'name="website"' in town.client.get(f"/chat/{ROUND}/residents").text
    fields = {"message_id": "a" * 32, "action": "start.sv", "website": "x"}
    assert _mark_of(town, town.client.post(f"/chat/{ROUND}/residents", data=fields)) == "machine"


def _whole_survey(town: Town, *, seconds: float = 60, problem: str = "inget", wish: str = "inget") -> None:
    started = _start(town)
    token, seconds_each = started.json["token"], seconds / 4
    for question, said in (("role", "4"), ("problem", problem), ("wish", wish)):
        town.clock.move(seconds=seconds_each)
        response = _send(town, token, question=f"{question}.0", text=said)
    while response.json["asked"]:
        response = _send(town, token, question=response.json["asked"]["shown"], action="skip")
    assert response.json["status"] == "finished"


@pytest.mark.parametrize(("seconds", "mark"), [(45, "machine"), (60, "")])
def test_who_finishes_faster_than_a_person_can_is_marked(town: Town, seconds: float, mark: str) -> None:
    """Three quarters of the time pass before the last answer."""
    _whole_survey(town, seconds=seconds)
    assert _count(town, Conversation, Conversation.mark == mark) == 1


def test_texts_that_come_word_for_word_within_an_hour_are_marked_by_the_upkeep(town: Town) -> None:
    upkeep = Upkeep(sessions=town.house.database.sessions, now=town.clock)
    for wish in ("Lägg ner hela skolan nu", "Lägg ner hela skolan nu", "fler lampor vid stationen"):
        _whole_survey(town, wish=wish)
    assert upkeep.run().conversations_marked == 0
    _whole_survey(town, wish="Lägg ner hela skolan nu")
    assert upkeep.run().conversations_marked == 3
    assert upkeep.run().conversations_marked == 0
    assert _count(town, Conversation, Conversation.mark == "burst") == 3


@pytest.mark.parametrize(
    ("wish", "minutes"), [("mörkt i backen", 1), ("Lägg ner hela skolan nu", 40)], ids=["short", "slow"]
)
def test_short_texts_and_those_far_apart_are_no_burst(town: Town, wish: str, minutes: float) -> None:
    for _ in range(SAME_TEXTS):
        _whole_survey(town, wish=wish)
        town.clock.move(minutes=minutes)
    assert Upkeep(sessions=town.house.database.sessions, now=town.clock).run().conversations_marked == 0


def test_a_burst_is_any_three_within_an_hour_of_one_text_in_one_round() -> None:
    def row(number: int, minute: int, text: str = "a", round_id: int = 1) -> RepeatedText:
        started_at = MONDAY + timedelta(minutes=minute)
        return RepeatedText(round_id=round_id, text=text, conversation_id=number, started_at=started_at)

    alone = [row(1, 0), row(2, 50), row(3, 70), row(4, 125)]
    assert set(in_bursts(alone)) == set()
    assert set(in_bursts([*alone, row(5, 130)])) == {3, 4, 5}
    assert set(in_bursts([row(1, 0), row(2, 1), row(3, 2, "b"), row(4, 3, round_id=2)])) == set()


def test_the_summary_counts_with_and_without_what_is_marked(town: Town) -> None:
    for index in range(30):
        town.phone(f"+467017406{index:02}").answer_all(*RESIDENT[:-1])
    with town.house.database.sessions.begin() as session:
        ids = list(session.scalars(select(Conversation.id).order_by(Conversation.id)))[:12]
        session.execute(update(Conversation).where(Conversation.id.in_(ids)).values(mark="burst"))
    picture = Reports(sessions=town.house.database.sessions, now=town.clock, actor="test").picture(ROUND)
    assert "eller från en maskin. De är med i siffrorna" in str(picture)
