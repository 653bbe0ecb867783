"""Notes from meetings as a device sends them: each stored once, in the flow's order, never for somebody else."""

import secrets
from typing import Any

import pytest
from console import CONSOLE_URL, Console
from sqlalchemy import func, select
from town import ROUND, Town, mode_b
from werkzeug.test import TestResponse

from bot.services.roles import Role
from storage.database import Database
from storage.tables import Answer, AuditEntry, Base, Conversation, QuarantinedMessage, SafeguardReply


class Device:
    """A telephone of somebody signed in, that speaks to the server as notes.js does."""

    def __init__(self, console: Console, role: Role = Role.NOTE_TAKER) -> None:
        self.browser = console.browser(role)
        self.state = self.browser.get("/notes/state").get_json()
        self.sitting = secrets.token_hex(16)

    def send(self, **changes: Any) -> TestResponse:
        document = {
            "id": secrets.token_hex(16),
            "sitting": self.sitting,
            "account": self.state["account"],
            "round": ROUND,
            "meeting": "MOTE1",
            "language": "sv",
            "is_end": False,
            "answers": {"participants": said("12,9,3,8"), **POINT},
            **changes,
        }
        return self.post(document)

    def post(self, document: Any, **headers: str) -> TestResponse:
        return self.browser.client.post(
            "/notes/note",
            json=document,
            base_url=CONSOLE_URL,
            headers={"X-CSRFToken": self.state["token"], **headers},
        )

    def end(self, **answers: Any) -> TestResponse:
        return self.send(is_end=True, answers=answers)


def said(text: str = "", *codes: str) -> dict[str, Any]:
    return {"codes": list(codes), "text": text}


POINT = {
    "point": said("Bilar kör för fort på E14"),
    "places": said("Duved"),
    "when": said("", "weekday_evening", "weekend_night"),
    "support": said("7"),
    "raised_by": said("", "youth"),
    "measure": said("fartkamera"),
}


@pytest.fixture
def town(database: Database) -> Town:
    return Town.build(database)


@pytest.fixture
def console(town: Town) -> Console:
    return Console.beside(town)


@pytest.fixture
def device(console: Console) -> Device:
    return Device(console)


def rows(town: Town, *columns: Any, where: Any = True) -> list[Any]:
    with town.house.database.sessions.reading() as session:
        return list(session.execute(select(*columns).where(where)).all())


def count(town: Town, table: type[Base], where: Any = True) -> int:
    with town.house.database.sessions.reading() as session:
        return session.scalar(select(func.count()).select_from(table).where(where)) or 0


def values(town: Town, name: str) -> list[tuple[int, str]]:
    query = (Answer.question == name) & (Answer.standing == "current")
    return sorted(tuple(row) for row in rows(town, Answer.repeat, Answer.value, where=query))


def test_state_tells_what_can_be_noted_and_no_more(device: Device) -> None:
    assert set(device.state) == {"account", "token", "language", "rounds"}
    round_ = device.state["rounds"][0]
    assert [q["name"] for q in round_["before"]] == ["participants"]
    assert [q["name"] for q in round_["point"]] == [
        "point", "places", "when", "support", "raised_by", "measure", "promised_answer",
    ]  # fmt: skip
    assert [q["name"] for q in round_["end"]] == ["missing_groups"]
    assert "MOTE1" in [meeting["code"] for meeting in round_["meetings"]]


def test_points_of_a_sitting_are_turns_of_one_conversation(device: Device, town: Town) -> None:
    for support in ("7", "2", "1"):
        answer = device.send(answers={**POINT, "participants": said("12,9,3,8"), "support": said(support)})
        assert answer.get_json()["told"] == []
    columns = (Conversation.channel, Conversation.stream, Conversation.place_code, Conversation.outcome)
    assert rows(town, *columns) == [("notes", "dialogue", "MOTE1", "complete")]
    assert values(town, "support") == [(0, "7"), (1, "2"), (2, "1")]
    assert values(town, "participants") == [(0, "12 9 3 8")]
    assert values(town, "promised_answer") == [(0, "skipped"), (1, "skipped"), (2, "skipped")]


def test_a_note_that_comes_again_is_acknowledged_and_stored_once(device: Device, town: Town) -> None:
    note_id = secrets.token_hex(16)
    first, second = device.send(id=note_id), device.send(id=note_id)
    assert (first.get_json()["is_repeated"], second.get_json()["is_repeated"]) == (False, True)
    assert second.status_code == 200
    assert len(values(town, "point")) == 1
    assert count(town, AuditEntry, AuditEntry.action == "meeting_note_taken") == 1


def test_the_end_of_a_meeting_closes_it_and_may_correct_the_participants(device: Device, town: Town) -> None:
    device.send()
    device.send()
    answer = device.end(participants=said("20,9,3,8"), missing_groups=said("", "youth", "men"))
    assert answer.status_code == 200
    assert values(town, "participants") == [(0, "20 9 3 8")]
    assert values(town, "missing_groups") == [(0, "youth men")]
    assert len(values(town, "point")) == 2
    assert rows(town, Conversation.status) == [("finished",)]


def test_a_point_after_the_end_begins_the_sitting_anew(device: Device, town: Town) -> None:
    device.send()
    device.end()
    device.send()
    assert count(town, Conversation) == 2
    assert len(values(town, "point")) == 2


def test_a_meeting_may_have_more_points_than_a_conversation_takes(device: Device, town: Town) -> None:
    for _ in range(43):
        assert device.send().status_code == 200
    assert count(town, Answer, Answer.question == "point") == 43
    assert count(town, Conversation) == 2
    device.end(missing_groups=said("", "sami"))
    assert values(town, "missing_groups") == [(0, "sami")]


def test_an_end_without_a_point_is_acknowledged_and_stores_nothing(device: Device, town: Town) -> None:
    assert device.end().status_code == 200
    assert count(town, Conversation) == 0


def test_a_danger_is_told_to_the_note_taker_also_when_the_first_answer_was_lost(
    device: Device, town: Town
) -> None:
    note_id = secrets.token_hex(16)
    told = {**POINT, "point": said("min man slår mig")}
    assert device.send(id=note_id, answers=told).get_json()["told"] == ["domestic"]
    assert device.send(id=note_id, answers=told).get_json()["told"] == ["domestic"]
    assert values(town, "point") == [(0, "withheld")]
    assert rows(town, SafeguardReply.kind, SafeguardReply.channel) == [("domestic", "notes")]
    device.send()
    assert len(values(town, "point")) == 2


def test_in_mode_b_a_danger_told_at_a_meeting_is_sealed_for_the_guardian_once(database: Database) -> None:
    town = Town.build(database, **mode_b())
    device = Device(Console.beside(town))
    note_id = secrets.token_hex(16)
    device.send()
    for _ in range(2):
        device.send(id=note_id, answers={**POINT, "point": said("min man slår mig")})
    assert rows(town, QuarantinedMessage.kind) == [("domestic",)]


def test_in_mode_a_nothing_told_at_a_meeting_is_kept_for_anybody(device: Device, town: Town) -> None:
    device.send(answers={**POINT, "point": said("min man slår mig")})
    assert count(town, QuarantinedMessage) == 0


def test_what_a_child_says_at_a_meeting_does_not_take_the_meeting_away(device: Device, town: Town) -> None:
    device.send()
    device.send(answers={**POINT, "point": said("En elev: jag är 12 år och rädd för mopeder")})
    assert len(values(town, "point")) == 2
    assert rows(town, Conversation.outcome) == [("complete",)]


def test_numbers_that_cannot_be_right_are_kept_as_text_and_the_point_goes_on(
    device: Device, town: Town
) -> None:
    device.send(answers={**POINT, "support": said("många")})
    assert values(town, "support") == [(0, "not_understood")]
    assert values(town, "raised_by") == [(0, "youth")]


def test_notes_of_another_account_are_not_taken(device: Device, town: Town) -> None:
    answer = device.send(account="999")
    assert (answer.status_code, answer.get_json()) == (409, {"code": "other_account"})
    assert count(town, Conversation) == 0


def test_an_unknown_meeting_and_a_closed_round_are_refused_for_good(device: Device, town: Town) -> None:
    assert device.send(meeting="NOWHERE9").get_json() == {"code": "unknown_meeting"}
    assert device.send(round="no-such").get_json() == {"code": "no_round"}
    assert device.send(answers={}).get_json() == {"code": "empty"}
    town.rounds.close(ROUND)
    assert device.send().get_json() == {"code": "closed"}
    assert count(town, Conversation) == 0


@pytest.mark.parametrize(
    "change",
    [
        {"id": "x"}, {"sitting": None}, {"answers": []}, {"answers": {"point": "text"}}, {"round": 7},
        {"answers": {"point": {"codes": "youth"}}}, {"answers": {"point": {"codes": [1]}}},
        {"answers": {"point": {"text": 5}}}, {"answers": {str(n): {} for n in range(99)}},
    ],
)  # fmt: skip
def test_what_no_page_of_ours_sends_is_refused(device: Device, town: Town, change: dict[str, Any]) -> None:
    assert device.send(**change).status_code == 422
    assert count(town, Conversation) == 0


def test_a_note_needs_its_token_and_comes_from_our_own_pages(device: Device, town: Town) -> None:
    document = {"id": secrets.token_hex(16)}
    assert device.post(document, **{"X-CSRFToken": ""}).status_code == 400
    assert device.post(document, **{"Sec-Fetch-Site": "cross-site"}).status_code == 400
    assert (
        device.browser.client.post(
            "/notes/note",
            data="[1",
            content_type="text/plain",
            base_url=CONSOLE_URL,
            headers={"X-CSRFToken": device.state["token"]},
        ).status_code
        == 422
    )
    assert count(town, Conversation) == 0


def test_a_sign_in_that_has_ended_is_told_apart_from_a_refusal(device: Device, console: Console) -> None:
    console.clock.move(hours=9)
    assert device.send().status_code == 401


@pytest.mark.parametrize(
    "payload", ['"><script>alert(1)</script>', "=cmd|' /C calc'!A0", "\x00\ud800", "💥" * 1000]
)
def test_hostile_payloads_break_nothing(device: Device, town: Town, payload: str) -> None:
    hostile = {
        name: said(payload, payload[:50]) for name in (*POINT, "participants", "missing_groups", payload[:40])
    }
    assert device.send(answers=hostile).status_code == 200
    assert device.end(**{k: v for k, v in hostile.items() if k.isidentifier()}).status_code == 200
    assert count(town, Conversation) == 1
    assert device.send(meeting=payload, round=payload).status_code == 409


def test_the_page_may_be_kept_on_the_device_and_names_nobody(device: Device) -> None:
    answer = device.browser.get("/notes/")
    page = answer.get_data(as_text=True)
    assert "worker-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "example.se" not in page and "Test Note" not in page and "csrf" not in page
    worker = device.browser.get("/notes/worker.js")
    assert worker.content_type.startswith("text/javascript")
    assert "notes.js?v=" in worker.get_data(as_text=True)
    assert device.browser.get("/notes/manifest.webmanifest").get_json(force=True)["scope"] == "/notes/"
