"""Typing in paper forms: what is stored, once; what is not kept; what whoever types is told; who may."""

import re
import secrets
from typing import Any

import pytest
from console import Console
from sqlalchemy import func, select
from town import ROUND, Town, mode_b
from werkzeug.test import TestResponse

from bot.services.quarantine import Quarantine, Reason
from bot.services.reporting import Reports
from bot.services.roles import Role
from storage.database import Database
from storage.tables import Answer, AuditEntry, Base, Conversation, LedgerEntry, Message, SafeguardReply

PATH = f"/rounds/{ROUND}/paper"
FORM = {
    "place_code": "Duved3",
    "a_role": "lives",
    "a_area": "duved",
    "a_safety": "fairly_unsafe",
    "t_problem": "Folk kör för fort på E14",
    "a_when": ["weekday_evening", "weekend_night"],
    "a_list": ["traffic", "dark_places"],
    "a_police_enough": "dont_know",
    "t_wish": "fartkamera",
    "a_age": "45_64",
    "a_gender": "woman",
}


@pytest.fixture
def town(database: Database) -> Town:
    return Town.build(database)


@pytest.fixture
def typist(town: Town) -> "Typist":
    return Typist(town, Console.beside(town))


class Typist:
    """Somebody signed in before the form."""

    def __init__(self, town: Town, console: Console) -> None:
        self.town = town
        self.console = console
        self.browser = console.browser(Role.NOTE_TAKER)

    def save(self, form_id: str = "", **fields: Any) -> TestResponse:
        self.browser.get(PATH)
        return self.browser.post(
            PATH, {"form_id": form_id or secrets.token_hex(16), "language": "sv", **fields}
        )

    def read(self, path: str = PATH) -> str:
        return self.browser.get(path).get_data(as_text=True)


def rows(town: Town, *columns: Any, where: Any = True) -> list[Any]:
    with town.house.database.sessions.reading() as session:
        return list(session.execute(select(*columns).where(where)).all())


def count(town: Town, table: type[Base]) -> int:
    with town.house.database.sessions.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def values(town: Town) -> dict[str, str]:
    current = rows(town, Answer.question, Answer.value, where=Answer.standing == "current")
    return dict(current)


def test_form_shows_the_questions_in_the_order_of_the_print(typist: Typist) -> None:
    shown = re.findall(r'<span class="number">(\d+)</span> ([^<]+)<', typist.read())
    assert [int(number) for number, _ in shown] == list(range(1, 14))
    assert shown[0][1].strip() == "Vem är du här?"
    assert shown[-1][1].strip().startswith("Är du kvinna")


def test_form_has_no_field_for_a_name_or_a_number(typist: Typist) -> None:
    assert not re.search(r'type="(?:tel|email)"|name="(?:name|phone|number)"', typist.read())


def test_a_form_becomes_a_conversation_on_paper_with_its_place_code(typist: Typist) -> None:
    answer = typist.save(**FORM)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{PATH}?place=Duved3&language=sv")
    columns = (
        Conversation.channel,
        Conversation.place_code,
        Conversation.outcome,
        Conversation.area,
        Conversation.mark,
    )
    assert rows(typist.town, *columns) == [("paper", "DUVED3", "complete", "duved", "")]
    stored = values(typist.town)
    assert stored["safety"] == "fairly_unsafe"
    assert stored["when"] == "weekday_evening weekend_night"
    assert stored["police_enough"] == "dont_know"
    assert stored["avoided"] == "skipped"
    assert stored["problem"] == "answered"
    assert 'value="Duved3"' in typist.read(answer.headers["Location"])


def test_open_answers_are_coded_as_they_are_by_telephone(typist: Typist) -> None:
    typist.save(**FORM)
    states = rows(typist.town, Conversation.state)
    answered = {(name, repeat): value for name, repeat, value in states[0][0]["answers"]}
    assert answered["problem_category", 0].split()[0] == "traffic_offences"


def test_skip_logic_holds_and_whoever_types_is_told_what_was_left_out(typist: Typist) -> None:
    typist.save(**{**FORM, "a_role": "visiting"})
    assert set(values(typist.town)) == {"role", "problem", "when", "wish"}
    assert "utan fråga 2, 3, 8, 9, 12, 13" in typist.read()


def test_a_form_that_comes_twice_is_stored_once(typist: Typist) -> None:
    form_id = secrets.token_hex(16)
    typist.save(form_id, **FORM)
    typist.save(form_id, **FORM)
    assert count(typist.town, Conversation) == 1
    assert "redan sparad. Den finns en gång" in typist.read()


def test_another_form_under_the_same_id_is_refused_aloud(typist: Typist) -> None:
    form_id = secrets.token_hex(16)
    typist.save(form_id, **FORM)
    typist.save(form_id, **{**FORM, "a_role": "visiting"})
    assert count(typist.town, Conversation) == 1
    assert values(typist.town)["role"] == "lives"
    assert "ändringen togs inte emot" in typist.read()


def test_an_unclear_answer_is_asked_for_once_and_then_kept_as_it_is(typist: Typist) -> None:
    form = {**FORM, "a_list": ["traffic", "dark_places", "theft", "violence"]}
    form_id = secrets.token_hex(16)
    answer = typist.save(form_id, **form)
    assert answer.status_code == 400
    assert "Högst 3 får väljas" in answer.get_data(as_text=True)
    assert count(typist.town, Conversation) == 0
    assert typist.save(form_id, **form, kept="list").status_code == 303
    assert values(typist.town)["list"] == "not_understood"


def test_a_place_code_with_a_slip_in_it_is_refused(typist: Typist) -> None:
    answer = typist.save(**{**FORM, "place_code": "DUVED4"})
    assert answer.status_code == 400
    assert "Platskoden finns inte" in answer.get_data(as_text=True)
    assert count(typist.town, Conversation) == 0


def test_an_empty_form_is_not_stored(typist: Typist) -> None:
    assert typist.save(place_code="DUVED3").status_code == 400
    assert count(typist.town, Conversation) == 0


@pytest.mark.parametrize(
    ("text", "kind", "says"),
    [
        ("Hjälp, han slår mig just nu", None, "112"),
        ("jag vill inte leva längre", "suicide", "självmordstankar"),
        ("min man slår mig", "domestic", "våld i nära relation"),
    ],
)
def test_a_danger_on_paper_is_shown_to_whoever_types_and_its_words_are_not_kept(
    typist: Typist, text: str, kind: str | None, says: str
) -> None:
    answer = typist.save(**{**FORM, "t_problem": text})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "Stanna upp" in page and says in page and "Fråga 5:" in page
    assert values(typist.town)["problem"] == "withheld"
    assert values(typist.town)["wish"] == "answered"
    kinds = rows(typist.town, SafeguardReply.kind, SafeguardReply.channel)
    assert len(kinds) == 1 and kinds[0][1] == "paper"
    assert kind is None or kinds[0][0] == kind
    texts = [text for (text,) in rows(typist.town, Answer.text) if text]
    assert all("slår" not in kept and "leva" not in kept for kept in texts)


def test_in_mode_b_the_words_on_paper_are_sealed_for_the_guardian_and_go_with_the_form(
    database: Database,
) -> None:
    town = Town.build(database, **mode_b())
    typist = Typist(town, Console.beside(town))
    form_id = secrets.token_hex(16)
    typist.save(
        form_id, **{**FORM, "t_problem": "min man slår mig", "t_wish": "vill anmäla att min moppe är snodd"}
    )
    house = town.house
    guardian = Quarantine(
        sessions=house.database.sessions, keys=house.keys, now=town.clock, actor="guardian@example.se"
    )
    (kept,) = guardian.list()
    opened = guardian.open(kept.id, Reason.REVIEW)
    assert opened is not None and opened.text == "min man slår mig" and kept.kind == "domestic"
    typist.browser.post(f"{PATH}/take-back", {"form_id": form_id})
    assert guardian.list() == ()


def test_who_says_to_be_under_fifteen_is_not_counted_and_the_answers_go(typist: Typist) -> None:
    answer = typist.save(**{**FORM, "t_wish": "jag är 12 år och vill ha en park"})
    assert "under 15 år" in answer.get_data(as_text=True)
    assert values(typist.town) == {}
    assert rows(typist.town, Conversation.outcome) == [("under_age",)]


def test_a_command_on_paper_is_an_answer(typist: Typist) -> None:
    typist.save(**{**FORM, "t_wish": "STOPP"})
    assert rows(typist.town, Conversation.status) == [("finished",)]
    assert values(typist.town)["wish"] in ("answered", "not_understood")


def test_personal_data_are_masked_and_that_is_said(typist: Typist) -> None:
    typist.save(**{**FORM, "t_wish": "Ring mig på 070-174 06 05"})
    assert "togs bort innan" in typist.read()
    assert all("174 06" not in (text or "") for (text,) in rows(typist.town, Answer.text))


def test_the_last_form_can_be_taken_back_and_corrected(typist: Typist) -> None:
    form_id = secrets.token_hex(16)
    typist.save(form_id, **FORM)
    typist.read()
    page = typist.browser.post(f"{PATH}/take-back", {"form_id": form_id}).get_data(as_text=True)
    assert count(typist.town, Conversation) == count(typist.town, Answer) == 0
    assert count(typist.town, LedgerEntry) == 1
    assert "Folk kör för fort på E14" in page
    assert re.search(r'value="fairly_unsafe"\s+data-key="4" checked', page)
    assert form_id not in page
    typist.save(**{**FORM, "a_safety": "very_unsafe"})
    assert values(typist.town)["safety"] == "very_unsafe"


def test_what_was_taken_back_does_not_come_again_with_the_browsers_back(typist: Typist) -> None:
    form_id = secrets.token_hex(16)
    typist.save(form_id, **FORM)
    typist.browser.post(f"{PATH}/take-back", {"form_id": form_id})
    typist.save(form_id, **FORM)
    assert count(typist.town, Conversation) == 0


def test_nobody_takes_back_a_form_whose_id_they_do_not_have(typist: Typist) -> None:
    typist.save(**FORM)
    for wrong in (secrets.token_hex(16), "", "x" * 32):
        typist.read()
        assert typist.browser.post(f"{PATH}/take-back", {"form_id": wrong}).status_code == 303
    assert count(typist.town, Conversation) == 1


def test_who_typed_stands_in_the_log_and_nowhere_beside_the_answers(typist: Typist) -> None:
    typist.save(**FORM)
    logged = rows(
        typist.town, AuditEntry.actor, AuditEntry.subject, where=AuditEntry.action == "paper_form_entered"
    )
    assert logged == [("note_taker@example.se", "")]
    for table in (Conversation, Answer, Message):
        with typist.town.house.database.sessions.reading() as session:
            assert "note_taker" not in str(session.execute(select(table.__table__)).all())


def test_paper_is_typed_in_after_the_last_day_until_the_round_is_closed(typist: Typist) -> None:
    typist.town.clock.move(days=40)
    typist = Typist(typist.town, typist.console)  # the sign-in has ended by now
    assert typist.save(**FORM).status_code == 303
    typist.town.rounds.close(ROUND)
    assert typist.browser.get(PATH).status_code == 404
    assert typist.save(**FORM).status_code == 404
    assert count(typist.town, Conversation) == 1


@pytest.mark.parametrize("form_id", ["", "x", "../../etc", "A" * 32])
def test_a_form_without_an_id_of_its_own_is_refused(typist: Typist, form_id: str) -> None:
    typist.browser.get(PATH)
    assert typist.browser.post(PATH, {**FORM, "form_id": form_id}).status_code == 400
    assert count(typist.town, Conversation) == 0


@pytest.mark.parametrize(
    "payload", ['"><script>alert(1)</script>', "=cmd|' /C calc'!A0", "\x00\ud800", "{{7*7}}", "💥" * 400]
)
def test_hostile_payloads_in_every_field_break_nothing(typist: Typist, payload: str) -> None:
    sent = payload.encode("utf-8", "replace").decode()
    hostile: dict[str, Any] = {name: sent for name in FORM if name != "place_code"}
    first = typist.save(**hostile, place_code=sent, language=sent, kept=sent)
    assert first.status_code == 400
    assert "<script>alert" not in first.get_data(as_text=True)
    typist.save(**{**FORM, "t_problem": sent, "t_wish": sent, "t_area": sent, "kept": "problem"})
    assert "<script>alert" not in typist.read()


def test_paper_is_counted_as_a_channel_of_its_own(typist: Typist) -> None:
    for _ in range(12):
        typist.save(**FORM)
    reports = Reports(sessions=typist.town.house.database.sessions, now=typist.town.clock, actor="test")
    shown = reports.picture(ROUND).tables
    channel = next(table for table in shown if table.code == "channels")
    assert any(row.code == "paper" for row in channel.rows), channel
