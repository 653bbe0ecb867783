"""The web chat's API into both databases: one conversation for pages and programs, and nothing that breaks it."""

import json
import statistics
import time
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import func, select
from town import ROUND, Town
from werkzeug.test import TestResponse

from bot.channels import webchat
from storage.database import Database
from storage.tables import Answer, Conversation, InboxMessage, Message, OptOut, SafeguardReply

START = f"/api/chat/{ROUND}/residents/conversations"
MESSAGES = f"/api/chat/{ROUND}/messages"
CONVERSATION = f"/api/chat/{ROUND}/conversation"
UNKNOWN = "ab" * 16


@pytest.fixture
def town(database: Database) -> Town:
    return Town.build(database)


@dataclass
class Program:
    """A script on the page. It keeps its token and what it saw last."""

    town: Town
    token: str = ""
    view: dict[str, Any] = field(default_factory=dict)

    def post(self, path: str, body: Any, **headers: str) -> TestResponse:
        if self.token:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        return self.town.client.post(path, json=body, headers=headers)

    def start(self, stream: str = "residents", **fields: Any) -> "Program":
        body = {"message_id": webchat.new_message_id(), "language": "sv", **fields}
        response = self.town.client.post(f"/api/chat/{ROUND}/{stream}/conversations", json=body)
        assert response.status_code == 201, response.text
        self.token, self.view = response.json["token"], response.json["view"]
        return self

    def body(self, action: str = "answer", **fields: Any) -> dict[str, Any]:
        shown = self.view["asked"]["shown"] if self.view.get("asked") else None
        return {"message_id": webchat.new_message_id(), "question": shown, "action": action, **fields}

    def send(self, action: str = "answer", **fields: Any) -> "Program":
        response = self.post(MESSAGES, self.body(action, **fields))
        assert response.status_code == 200, response.text
        self.view = response.json
        return self

    def choose(self, *labels: str) -> "Program":
        values = {option["label"]: option["value"] for option in self.view["asked"]["options"]}
        return self.send(choices=[values[label] for label in labels])

    def write(self, text: str) -> "Program":
        return self.send(text=text)

    def look(self) -> "Program":
        response = self.town.client.get(CONVERSATION, headers={"Authorization": f"Bearer {self.token}"})
        assert response.status_code == 200, response.text
        self.view = response.json
        return self

    @property
    def asked(self) -> str:
        return self.view["asked"]["shown"] if self.view["asked"] else ""


def at_problem(town: Town) -> Program:
    program = Program(town).start().choose("Bor här").choose("Duved").choose("Ganska otrygg").choose("Nej")
    assert program.asked == "problem.0"
    return program


def _count(town: Town, table: type, *conditions: object) -> int:
    with town.house.database.sessions.reading() as session:
        return session.scalar(select(func.count()).select_from(table).where(*conditions)) or 0  # type: ignore[arg-type]


# --- a conversation ----------------------------------------------------------------------------------------------


def test_a_whole_survey_gives_the_codes_that_texts_give(town: Town) -> None:
    program = Program(town).start(place_code="DUVED3")
    assert program.view["asked"] | {"options": [], "label": ""} == {
        "shown": "role.0",
        "widget": "one",
        "label": "",
        "hint": "",
        "options": [],
        "text": "",
        "is_number": False,
        "is_refusable": False,
        "number": 1,
        "of": 13,
        "most": 200,
        "at_most_choices": None,
    }
    program.choose("Bor här").write("Duved").choose("Ganska otrygg").choose("Ja")
    assert (program.view["asked"]["widget"], program.view["asked"]["most"]) == ("long", 1600)
    program.write("Folk kör för fort på vägen").write("vid macken").choose("Vardag kväll", "Helg kväll")
    assert (program.view["asked"]["widget"], program.view["asked"]["at_most_choices"]) == ("several", 3)
    program.choose("Trafik").send("dont_know").choose("Varken eller").write("fartkamera").choose("45-64 år")
    program.send("refuse")
    assert (program.view["status"], program.view["asked"]) == ("finished", None)
    assert program.view["heard"]["texts"][0].startswith("Tack")
    with town.house.database.sessions.reading() as session:
        row = session.scalars(select(Conversation)).one()
    assert (row.channel, row.outcome, row.place_code, row.age) == ("chat", "complete", "DUVED3", "45_64")


def test_typing_a_choice_works_as_well(town: Town) -> None:
    program = Program(town).start().write("bor här").write("duved").write("4").write("nej")
    assert program.asked == "problem.0"


def test_the_page_and_the_program_hold_one_conversation(town: Town) -> None:
    program = Program(town).start()
    fields = {"token": program.token, "message_id": "a" * 32, "question": "role.0", "choice": "1"}
    page = town.client.post(f"/chat/{ROUND}/residents", data=fields)
    assert "Vilken ort" in page.text
    assert program.look().asked == "area.0"


def test_another_language_keeps_the_answers(town: Town) -> None:
    program = at_problem(town).send("language", language="en", text="half-written")
    assert (program.view["language"], program.view["direction"]) == ("en", "ltr")
    assert program.view["asked"]["label"].startswith("What is the biggest")
    assert program.view["asked"]["text"] == "half-written"
    assert _count(town, Answer, Answer.standing == "current") == 4


def test_no_answer_is_an_error_of_the_question_and_no_try(town: Town) -> None:
    program = Program(town).start()
    for _ in range(3):
        assert program.send().view["heard"]["error"] == "Välj ett svar, eller Vet ej."
    assert program.asked == "role.0"


def test_what_was_not_understood_is_asked_again_with_what_was_written(town: Town) -> None:
    program = Program(town).start().choose("Bor här").write("Hogwarts")
    assert program.view["heard"]["error"].startswith("Vi hittar inte den orten")
    assert (program.asked, program.view["asked"]["text"]) == ("area.0", "Hogwarts")


def test_back_asks_the_question_before(town: Town) -> None:
    assert Program(town).start().choose("Bor här").send("back").asked == "role.0"


# --- the answers so far ------------------------------------------------------------------------------------------


def _finished(town: Town) -> Program:
    program = at_problem(town).write("min man slår mig").send("continue").choose("Trafik", "Stöld")
    program.send("dont_know").send("skip").write("fler lampor, ring 070-174 06 05").choose("45-64 år")
    assert program.send("refuse").view["status"] == "finished"
    return program


def test_the_answers_stand_in_the_order_of_the_questions_and_tell_nothing_that_was_withheld(
    town: Town,
) -> None:
    transcript = _finished(town).view["transcript"]
    assert [(line["shown"], line["answer"]) for line in transcript] == [
        ("role.0", "Bor här"),
        ("area.0", "Duved"),
        ("safety.0", "Ganska otrygg"),
        ("avoided.0", "Nej"),
        ("problem.0", "Sparas inte bland svaren."),
        ("list.0", "Trafik, Stöld"),
        ("police_enough.0", "Vet ej"),
        ("municipality_enough.0", "Hoppade över"),
        ("wish.0", "fler lampor, ring [TEL]"),
        ("age.0", "45-64 år"),
        ("gender.0", "Vill inte svara"),
    ]
    assert all(line["may_change"] for line in transcript)
    assert transcript[0]["label"] == "Vem är du här?"


def test_the_answers_are_there_before_the_end_for_whoever_looks(town: Town) -> None:
    program = at_problem(town)
    assert "transcript" not in program.view
    assert len(program.look().view["transcript"]) == 4
    assert program.view["heard"]["is_silent"] is False
    assert program.send("language", language="en").look().view["transcript"][0]["answer"] == "Live here"


def test_the_answers_can_be_read_after_the_round_has_closed_but_not_changed(town: Town) -> None:
    program = _finished(town)
    town.rounds.close(ROUND)
    assert len(program.look().view["transcript"]) == 11
    assert "[" not in "".join(line["label"] for line in program.view["transcript"])
    assert program.send("change", question="role.0").view["heard"]["is_left_behind"] is True


def test_an_answer_is_changed_and_those_that_fall_off_the_path_leave_the_counts(town: Town) -> None:
    program = _finished(town).send("change", question="role.0")
    assert (program.asked, program.view["status"]) == ("role.0", "asking")
    assert [o["label"] for o in program.view["asked"]["options"] if o["is_chosen"]] == ["Bor här"]
    program.choose("På besök")
    assert program.view["status"] == "finished"
    assert [line["shown"] for line in program.view["transcript"]] == ["role.0", "problem.0", "wish.0"]
    assert _count(town, Answer, Answer.standing == "off_path") == 8
    assert _count(town, Answer, Answer.standing == "replaced") == 1
    assert _count(town, Conversation, Conversation.area.is_(None), Conversation.role == "visiting") == 1


def test_after_a_change_only_what_has_no_answer_is_asked(town: Town) -> None:
    program = _finished(town).send("change", question="problem.0").write("mörkt i backen")
    assert program.asked == "place.0"
    assert program.write("skidbacken").asked == "when.0"
    assert program.choose("Alltid").view["status"] == "finished"


def test_a_change_in_mid_conversation_comes_back_to_where_it_was(town: Town) -> None:
    program = at_problem(town).send("change", question="safety.0")
    assert program.choose("Mycket trygg").asked == "problem.0"
    kept = program.send("change", question="safety.0").send("continue")
    assert kept.asked == "problem.0"
    assert _count(town, Answer, Answer.question == "safety", Answer.standing == "current") == 1


def test_a_change_sent_twice_is_one(town: Town) -> None:
    program = at_problem(town)
    body = program.body("change", question="role.0")
    first, second = program.post(MESSAGES, body), program.post(MESSAGES, body)
    assert (first.json, first.json["asked"]["shown"]) == (second.json, "role.0")


@pytest.mark.parametrize("question", ["wish.0", "start.0", "role.1", "problem_category.0", "nothing.0", None])
def test_what_was_not_answered_cannot_be_changed(town: Town, question: str | None) -> None:
    view = at_problem(town).send("change", question=question).view
    assert (view["heard"]["is_left_behind"], view["asked"]["shown"]) == (True, "problem.0")


# --- one message each --------------------------------------------------------------------------------------------


def test_the_same_message_twice_is_one_answer_with_one_view(town: Town) -> None:
    program = Program(town).start()
    body = program.body(choices=["1"])
    first, second = program.post(MESSAGES, body), program.post(MESSAGES, body)
    assert (first.status_code, first.json) == (200, second.json)
    assert second.json["heard"]["is_left_behind"] is False
    assert _count(town, Answer) == 1


def test_the_same_start_twice_is_one_conversation_with_one_token(town: Town) -> None:
    body = {"message_id": "c" * 32, "language": "sv"}
    first, second = town.client.post(START, json=body), town.client.post(START, json=body)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json == second.json
    assert _count(town, Conversation) == 1


def test_a_stale_tab_is_told_so_and_answers_nothing(town: Town) -> None:
    program = Program(town).start()
    stale = program.body(choices=["4"])
    program.choose("Bor här")
    before = _count(town, Message)
    view = program.post(MESSAGES, stale).json
    assert (view["heard"]["is_left_behind"], view["asked"]["shown"]) == (True, "area.0")
    assert (_count(town, Answer), _count(town, Message)) == (1, before)


# --- safeguards --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said", "status", "may_leave"),
    [
        ("hjälp mig han har kniv", "RING 112", "waiting", False),
        ("jag vill inte leva längre", "90101", "waiting", True),
        ("min man slår mig", "020-50 50 50", "waiting", True),
        ("jag är 11 och pappa slår mig", "116 111", "under_age", True),
        ("jag ska döda dem", "Hot kan inte tas emot", "waiting", False),
        ("jag är 12 år", "fyllt 15", "under_age", False),
    ],
)
def test_a_safeguard_goes_before_the_survey(
    town: Town, text: str, said: str, status: str, may_leave: bool
) -> None:
    view = at_problem(town).write(text).view
    safeguard = view["heard"]["safeguard"].replace("\N{NO-BREAK SPACE}", " ")
    assert said in safeguard.replace("\N{WORD JOINER}", "")
    assert (view["status"], view["heard"]["may_leave_quickly"]) == (status, may_leave)
    assert view["may_erase"] is (status != "under_age")
    assert text not in json.dumps(view, ensure_ascii=False)
    assert _count(town, SafeguardReply) == 1


def test_a_crime_that_is_told_and_masked_data_are_spoken_of_beside_the_next_question(town: Town) -> None:
    told = at_problem(town).write("vill anmäla en misshandel").view
    assert "ingen polisanmälan" in told["heard"]["texts"][0]
    assert (told["heard"]["safeguard"], told["status"]) == ("", "asking")
    masked = at_problem(town).write("mörkt i backen, ring mig på 070-174 06 05").view
    assert "Vi tog bort" in masked["heard"]["texts"][0]


def test_the_survey_goes_on_after_a_safeguard(town: Town) -> None:
    program = at_problem(town).write("min man slår mig")
    assert program.asked == "problem.0"
    assert program.send("continue").asked == "list.0"
    assert program.view["status"] == "asking"


def test_danger_is_heard_from_whoever_tells_of_it(town: Town) -> None:
    """Even where nobody knows the token any more."""
    program = Program(town, token=UNKNOWN)
    response = program.post(MESSAGES, program.body(text="hjälp mig han har kniv"))
    assert response.status_code == 404
    assert "RING 112" in response.json["heard"]["safeguard"]


# --- ending ------------------------------------------------------------------------------------------------------


def test_erasing_takes_everything_and_a_retry_says_so_again(town: Town) -> None:
    program = at_problem(town)
    body = program.body("erase")
    first, second = program.post(MESSAGES, body), program.post(MESSAGES, body)
    assert (first.status_code, first.json["status"], first.json["may_erase"]) == (200, "erased", False)
    assert first.json == second.json
    assert (_count(town, Conversation), _count(town, Answer)) == (0, 0)


def test_erasing_is_heard_from_a_stale_tab_and_after_the_end(town: Town) -> None:
    program = Program(town).start()
    stale = program.body("erase")
    program.choose("På besök").write("inget").write("inget mer än så")
    assert program.view["status"] == "finished"
    assert program.post(MESSAGES, stale).json["status"] == "erased"


def test_stop_ends_it_and_the_answers_can_still_be_erased(town: Town) -> None:
    program = at_problem(town).send("stop")
    assert (program.view["status"], program.view["asked"], program.view["may_erase"]) == (
        "stopped",
        None,
        True,
    )
    assert _count(town, OptOut) == 0  # nothing is ever sent to a page
    assert program.send("erase").view["status"] == "erased"


def test_a_round_that_has_closed_asks_no_more_and_still_erases(town: Town) -> None:
    program = at_problem(town)
    town.rounds.close(ROUND)
    view = program.look().view
    assert (view["is_open"], view["asked"], view["may_erase"]) == (False, None, True)
    assert program.write("för sent").view["heard"]["is_left_behind"] is True
    assert _count(town, InboxMessage) == 0
    assert program.send("erase").view["status"] == "erased"


def test_nothing_begins_where_nothing_is_open(town: Town) -> None:
    body = {"message_id": "c" * 32}
    paths = ("nowhere/residents", f"{ROUND}/nobody", "%00/%ff", "x' OR 1=1/residents")
    answers = [town.client.post(f"/api/chat/{path}/conversations", json=body) for path in paths]
    assert {(a.status_code, a.json["error"]["code"]) for a in answers} == {(404, "not_open")}


# --- tokens ------------------------------------------------------------------------------------------------------


def _with(town: Town, token: str | None, *, action: str = "answer") -> TestResponse:
    headers = {} if token is None else {"Authorization": token}
    body = {"message_id": webchat.new_message_id(), "question": "role.0", "action": action, "text": "hej"}
    return town.client.post(MESSAGES, json=body, headers=headers)


def test_unknown_expired_and_erased_tokens_get_one_answer_and_leave_nothing(town: Town) -> None:
    erased = Program(town).start()
    erased.send("erase")
    before = {table: _count(town, table) for table in (Message, Conversation, InboxMessage, OptOut)}
    tokens = (f"Bearer {erased.token}", f"Bearer {UNKNOWN}", "Bearer x", "Basic abc", "é", "", None)
    told = {(r.status_code, r.data) for r in (_with(town, token) for token in tokens)}
    looked = {
        (r.status_code, r.data)
        for r in (town.client.get(CONVERSATION, headers={"Authorization": t or ""}) for t in tokens)
    }
    assert told == looked
    assert {status for status, _ in told} == {404}
    assert {table: _count(town, table) for table in before} == before


def test_a_token_of_one_round_opens_nothing_in_another(town: Town) -> None:
    headers = {"Authorization": f"Bearer {Program(town).start().token}"}
    unknown = town.client.get("/api/chat/nowhere/conversation", headers=headers)
    assert unknown.data == town.client.get(CONVERSATION).data


@pytest.mark.keeps_time
def test_an_erased_token_takes_as_long_as_an_unknown_one(town: Town) -> None:
    erased = Program(town).start()
    erased.send("erase")
    took: dict[str, list[float]] = {erased.token: [], UNKNOWN: [], "": []}
    for _ in range(60):
        for token, times in took.items():
            started = time.perf_counter()
            town.client.get(CONVERSATION, headers={"Authorization": f"Bearer {token}"})
            times.append(time.perf_counter() - started)
    medians = [statistics.median(times) for times in took.values()]
    assert max(medians) - min(medians) < 0.001 + min(medians) * 0.5


def test_answers_are_kept_by_no_cache_and_set_no_cookie(town: Town) -> None:
    program = Program(town).start()
    response = program.post(MESSAGES, program.body(choices=["1"]))
    assert response.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in response.headers
    assert "Access-Control-Allow-Origin" not in response.headers
    assert program.token not in response.text


# --- what may not come in ----------------------------------------------------------------------------------------


MALFORMED: dict[str, Any] = {
    "nothing": b"",
    "no JSON": b"{",
    "no UTF-8": b'{"text": "\xff"}',
    "a list": b"[]",
    "a number": b"1",
    "null": b"null",
    "deep": b"[" * 60_000,
    "deep object": b'{"a":' * 10_000,
    "a long number": b'{"waited_ms": ' + b"9" * 5_000 + b"}",
    "no id": {"action": "answer"},
    "a short id": {"message_id": "1", "action": "answer"},
    "an id of another type": {"message_id": 1, "action": "answer"},
    "a surrogate as id": b'{"message_id": "\\ud800", "action": "answer"}',
    "no action": {"message_id": "a" * 32},
    "an unknown action": {"message_id": "a" * 32, "action": "explode"},
    "a start": {"message_id": "a" * 32, "action": "start"},
    "text of another type": {"message_id": "a" * 32, "action": "answer", "text": 4},
    "choices of another type": {"message_id": "a" * 32, "action": "answer", "choices": "1"},
    "a choice of another type": {"message_id": "a" * 32, "action": "answer", "choices": [1]},
    "many choices": {"message_id": "a" * 32, "action": "answer", "choices": ["1"] * 65},
    "question of another type": {"message_id": "a" * 32, "action": "answer", "question": ["problem", 0]},
    "no question's name": {"message_id": "a" * 32, "action": "answer", "question": "'; --"},
    "a long repeat": {"message_id": "a" * 32, "action": "answer", "question": "problem.9999"},
    "an unknown language": {"message_id": "a" * 32, "action": "language", "language": "tlh"},
    "language of another type": {"message_id": "a" * 32, "action": "answer", "language": {}},
}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", MALFORMED)
def test_what_does_not_fit_is_malformed(town: Town, name: str) -> None:
    program = Program(town).start()
    body = MALFORMED[name]
    data = body if isinstance(body, bytes) else json.dumps(body)
    headers = {"Authorization": f"Bearer {program.token}"}
    response = town.client.post(MESSAGES, data=data, content_type="application/json", headers=headers)
    assert (response.status_code, response.json["error"]["code"]) == (400, "malformed"), response.text
    assert response.json["error"]["sentence"]


@pytest.mark.parametrize("body", [{}, {"message_id": "g" * 32}, {"message_id": "a" * 32, "place_code": []}])
def test_a_start_that_does_not_fit_is_malformed(town: Town, body: dict[str, Any]) -> None:
    assert town.client.post(START, json=body).status_code == 400
    assert _count(town, Conversation) == 0


@pytest.mark.parametrize(
    "text", [r"\ud800", r"\u0000", r"a\udfffb", r"\uffff", "'; DROP TABLE answers; --", "%s%n{}[K]"]
)
def test_hostile_text_is_taken_as_text(town: Town, text: str) -> None:
    """An emoji that a browser cut in two loses its half, not the whole answer."""
    program = at_problem(town)
    body = (
        f'{{"message_id": "{"a" * 32}", "action": "answer", "question": "problem.0", "text": "mörkt {text}"}}'
    )
    headers = {"Authorization": f"Bearer {program.token}"}
    response = town.client.post(
        MESSAGES, data=body.encode(), content_type="application/json", headers=headers
    )
    assert (response.status_code, response.json["asked"]["shown"]) == (200, "place.0")


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data"])
def test_only_json_is_taken_which_no_form_of_another_site_can_send(town: Town, kind: str) -> None:
    response = town.client.post(START, data='{"message_id": "a"}', content_type=kind)
    assert (response.status_code, response.json["error"]["code"]) == (415, "not_json")


def test_too_much_at_once_is_refused(town: Town) -> None:
    program = Program(town).start()
    response = program.post(MESSAGES, program.body(text="a" * 70_000))
    assert (response.status_code, response.json["error"]["code"]) == (413, "too_large")


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}]
)
def test_other_sites_are_refused(town: Town, headers: dict[str, str]) -> None:
    response = town.client.post(START, json={"message_id": "a" * 32}, headers=headers)
    assert (response.status_code, response.json["error"]["code"]) == (403, "other_site")
    assert _count(town, Conversation) == 0


def test_a_wrong_path_or_method_is_told_in_json(town: Town) -> None:
    assert town.client.get(START).json["error"]["code"] == "wrong_method"
    assert town.client.get("/api/chat/nothing").json["error"]["code"] == "unknown_conversation"


def test_sentences_are_in_the_language_of_the_browser(town: Town) -> None:
    swedish, english = (
        town.client.get(CONVERSATION, headers={"Accept-Language": language}).json["error"]["sentence"]
        for language in ("sv", "en")
    )
    assert swedish.startswith("Det kan vara avslutat")
    assert english.startswith("It may have ended")


# --- when nothing can be saved -----------------------------------------------------------------------------------


def test_a_fault_is_told_and_the_same_message_goes_again(town: Town) -> None:
    program = at_problem(town)
    key = town.house.keys.standing_keys(webchat.sender(program.token))[0]
    body = program.body(text="Mörkt")
    with town.house.database.sessions.begin(contact=key):
        response = program.post(MESSAGES, body)
    assert (response.status_code, response.json["error"]["code"]) == (503, "unavailable")
    assert response.headers["Retry-After"] == "2"
    assert program.post(MESSAGES, body).json == program.post(MESSAGES, body).json
    assert _count(town, Answer, Answer.question == "problem") == 1
