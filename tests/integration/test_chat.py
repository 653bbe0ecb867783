"""The web chat without script, through its own forms into both databases: the same engine and codes as by SMS."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

import pytest
from sqlalchemy import func, select
from town import ROUND, Town
from werkzeug.test import TestResponse

from bot.channels import webchat
from bot.channels.base import Malformed
from storage.database import Database
from storage.tables import Answer, Conversation, InboxMessage, Message, OptOut, SafeguardReply

PATH = f"/chat/{ROUND}/residents"


@pytest.fixture
def town(database: Database) -> Iterator[Town]:
    yield Town.build(database)


@dataclass
class Form:
    """A form of a page. `choices` are values by label, `buttons` the actions by what stands on them."""

    hidden: dict[str, str] = field(default_factory=dict)
    choices: dict[str, str] = field(default_factory=dict)
    chosen: list[str] = field(default_factory=list)
    buttons: dict[str, tuple[str, str] | None] = field(default_factory=dict)
    text: str | None = None


class _Reader(HTMLParser):
    """Reads a page as a browser without script does."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.words: list[str] = []
        self.links: dict[str, dict[str, str | None]] = {}
        self._open: list[tuple[str, dict[str, str | None]]] = []
        self._choice: dict[str, str | None] = {}

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = dict(attributes)
        if tag == "form":
            self.forms.append(Form())
        elif tag == "input":
            self._take_input(values)
        if tag not in ("input", "meta", "link"):
            self._open.append((tag, values))
        if tag == "textarea":
            self.forms[-1].text = ""

    def _take_input(self, values: dict[str, str | None]) -> None:
        kind, form = values.get("type", "text"), self.forms[-1]
        if kind == "hidden":
            form.hidden[str(values["name"])] = values.get("value") or ""
        elif kind in ("radio", "checkbox"):
            self._choice = values
        else:
            form.text = values.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        words = " ".join(data.split())
        if not words or not self._open:
            return
        tag, values = self._open[-1]
        if tag == "textarea":
            self.forms[-1].text = data
        elif tag == "button":
            name, value = values.get("name"), values.get("value")
            self.forms[-1].buttons[words] = (name, value) if name and value else None
        elif tag == "a":
            self.links[words] = values
        elif tag == "span" and self._choice:
            self.forms[-1].choices[words] = str(self._choice["value"])
            if "checked" in self._choice:
                self.forms[-1].chosen.append(words)
            self._choice = {}
        self.words.append(words)


@dataclass
class Visitor:
    """Somebody before the chat's page, whose browser runs no script."""

    town: Town
    path: str = PATH
    response: TestResponse = field(init=False)
    page: _Reader = field(init=False)

    def open(self, query: str = "") -> "Visitor":
        return self._see(self.town.client.get(self.path + query))

    def fields(self, button: str, *chosen: str, text: str | None = None) -> dict[str, str | list[str]]:
        """What the browser would post."""
        form = next(form for form in self.page.forms if button in form.buttons)
        posted: dict[str, str | list[str]] = {**form.hidden}
        posted["choice"] = [form.choices[label] for label in chosen or form.chosen]
        if form.text is not None:
            posted["text"] = form.text if text is None else text
        action = form.buttons[button]
        return {**posted, action[0]: action[1]} if action else posted

    def post(self, fields: dict[str, str | list[str]], **headers: str) -> "Visitor":
        return self._see(self.town.client.post(self.path, data=fields, headers=headers))

    def press(self, button: str, *chosen: str, text: str | None = None) -> "Visitor":
        return self.post(self.fields(button, *chosen, text=text))

    def start(self, query: str = "", button: str = "Starta") -> "Visitor":
        return self.open(query).press(button)

    def answer(self, *chosen: str, text: str | None = None) -> "Visitor":
        return self.press("Skicka svaret", *chosen, text=text)

    def _see(self, response: TestResponse) -> "Visitor":
        self.response, self.page = response, _Reader()
        self.page.feed(response.text)
        return self

    @property
    def words(self) -> str:
        return " ".join(self.page.words)

    @property
    def heading(self) -> str:
        found = re.search(r"<h1>(?:<label[^>]*>)?([^<]*)", self.response.text)
        return found[1] if found else ""

    @property
    def form(self) -> Form:
        """The form with the question in it."""
        return next(form for form in self.page.forms if "Skicka svaret" in form.buttons)


def _count(town: Town, table: type, *conditions: object) -> int:
    with town.house.database.sessions.reading() as session:
        return session.scalar(select(func.count()).select_from(table).where(*conditions)) or 0  # type: ignore[arg-type]


def _only_conversation(town: Town) -> Conversation:
    with town.house.database.sessions.reading() as session:
        found: Conversation = session.scalars(select(Conversation)).one()
    return found


def at_problem(town: Town) -> Visitor:
    """A resident who is asked for the biggest problem."""
    visitor = Visitor(town).start().answer("Bor här").answer("Duved").answer("Ganska otrygg").answer("Nej")
    assert visitor.heading.startswith("Vad är det största")
    return visitor


# --- whole surveys -----------------------------------------------------------------------------------------------


def test_a_whole_survey_in_swedish_gives_the_codes_that_texts_give(town: Town) -> None:
    visitor = Visitor(town).open("?p=DUVED3")
    assert "De kan vara allmän handling" in visitor.words
    assert "They may be public documents" in visitor.words
    visitor.press("Starta")
    for heading, chosen, text in (
        ("Vem är du här?", ("Bor här",), None),
        ("Vilken ort", ("Duved",), ""),
        ("Hur trygg", ("Ganska otrygg",), None),
        ("Har du de senaste", ("Ja",), None),
        ("Vad är det största", (), "Folk kör för fort på vägen"),
        ("Var är det så?", (), "vid macken"),
        ("När är det värst?", ("Vardag kväll", "Helg kväll"), None),
        ("Vilka är problem", ("Trafik", "Mörka platser"), None),
        ("Gör polisen", ("Nej, knappast",), None),
        ("Gör kommunen", ("Varken eller",), None),
        ("Vad borde", (), "fartkamera"),
        ("Hur gammal", ("45-64 år",), None),
        ("Är du kvinna, man eller annat?", ("Kvinna",), None),
    ):
        assert visitor.heading.startswith(heading)
        visitor.answer(*chosen, text=text)
    assert visitor.heading == "Klart"
    conversation = _only_conversation(town)
    assert (conversation.channel, conversation.status, conversation.outcome, conversation.place_code) == (
        "chat",
        "finished",
        "complete",
        "DUVED3",
    )
    assert (conversation.area, conversation.age, conversation.gender) == ("duved", "45_64", "woman")
    assert _count(town, Answer, Answer.standing == "current") == 13
    assert _count(town, Answer, Answer.value == "weekday_evening weekend_evening") == 1
    assert _count(town, Answer, Answer.value == "traffic dark_places") == 1


def test_a_whole_survey_in_english(town: Town) -> None:
    visitor = Visitor(town).start("?lang=en", "Start in English")
    assert '<html lang="en" dir="ltr">' in visitor.response.text
    for chosen, text in (
        (("Live here",), None),
        ((), "Järpen"),
        (("Very safe",), None),
        (("No",), None),
        ((), "cars driving too fast"),
        ((), "the station"),
        (("Weekend night",), None),
        (("Traffic",), None),
        (("Neither",), None),
        (("Yes, fully",), None),
        ((), "speed cameras"),
        (("25-44",), None),
        (("Other",), None),
    ):
        visitor.press("Send the answer", *chosen, text=text)
    assert visitor.heading == "All done"
    conversation = _only_conversation(town)
    assert (conversation.language, conversation.outcome) == ("en", "complete")
    assert (conversation.area, conversation.age, conversation.gender) == ("jarpen", "25_44", "other")


def test_visitors_take_the_short_path(town: Town) -> None:
    visitor = Visitor(town).start()
    assert "Fråga 1 av 13" in visitor.words
    visitor.answer("På besök")
    assert visitor.heading.startswith("Vad är det största")
    assert "Fråga 2 av 5" in visitor.words
    visitor.answer(text="stökigt på krogen").answer(text="torget").answer("Helg natt").answer(text="vakter")
    assert visitor.heading == "Klart"


def test_employees_tell_of_two_problems_and_are_not_taken_for_a_machine(town: Town) -> None:
    code = town.internal_code()
    visitor = Visitor(town, f"/chat/{ROUND}/employees").open()
    visitor.post({**visitor.fields("Starta"), "internal_code": code}).answer("Polis").answer("Duved")
    for more in ("Ja", "Ja", "Ja", "Nej"):
        visitor.answer(text="skadegörelse på skolgården").answer(text="skolan").answer("Alltid")
        visitor.answer("Alla").answer("Större").answer(text="tristess").answer(text="inget").answer("Skola")
        visitor.answer(more)
    visitor.answer("Mycket trygg")
    assert visitor.heading == "Klart"
    assert _count(town, Answer, Answer.question == "problem", Answer.standing == "current") == 4


def test_a_meeting_is_noted(town: Town) -> None:
    visitor = Visitor(town, f"/chat/{ROUND}/dialogue").start("?p=MOTE1")
    visitor.answer(text="12,9,3,8").answer(text="Mörkt vid stationen").answer(text="stationen")
    visitor.answer("Vardag kväll").answer(text="14").answer("Blandat").answer(text="0").answer(text="0")
    visitor.answer("Nej").answer("Unga")
    assert visitor.heading == "Klart"
    assert "MOTE1" in visitor.words


# --- one message each --------------------------------------------------------------------------------------------


def test_the_same_form_sent_twice_is_one_answer_with_one_reply(town: Town) -> None:
    visitor = Visitor(town).start()
    fields = visitor.fields("Skicka svaret", "Bor här")
    first = visitor.post(fields).heading
    assert visitor.post(fields).heading == first
    assert "redan besvarad" not in visitor.words
    assert _count(town, Answer) == 1


def test_start_pressed_twice_is_one_conversation(town: Town) -> None:
    visitor = Visitor(town).open()
    fields = visitor.fields("Starta")
    visitor.post(fields).post(fields)
    assert visitor.heading == "Vem är du här?"
    assert _count(town, Conversation) == 1
    Visitor(town).start()
    assert _count(town, Conversation) == 2


def test_a_form_left_behind_answers_nothing_and_shows_where_the_conversation_stands(town: Town) -> None:
    visitor = Visitor(town).start()
    old_tab = visitor.fields("Skicka svaret", "På besök")
    visitor.answer("Bor här")
    before = _count(town, Message)
    visitor.post({**old_tab, "message_id": "0" * 32})
    assert "redan besvarad" in visitor.words
    assert visitor.heading.startswith("Vilken ort")
    assert (_count(town, Answer), _count(town, Message)) == (1, before)


def test_another_answer_in_the_same_form_is_not_taken_for_its_second_delivery(town: Town) -> None:
    visitor = Visitor(town).start()
    fields = visitor.fields("Skicka svaret", "Bor här")
    visitor.post(fields)
    visitor.post({**fields, "choice": "4"})  # the browser's own Back, then another choice
    assert "redan besvarad" in visitor.words


def test_a_form_left_behind_still_gets_help_and_can_erase(town: Town) -> None:
    visitor = at_problem(town)
    old_tab = visitor.fields("Skicka svaret", text="hjälp mig han har kniv")
    visitor.answer(text="inget")
    visitor.post(old_tab)
    assert "RING 112" in visitor.words
    assert _count(town, SafeguardReply, SafeguardReply.kind == "emergency") == 1
    assert visitor.post({**old_tab, "text": "radera"}).heading == "Raderat"
    assert (_count(town, Answer), _count(town, InboxMessage)) == (0, 0)


def test_after_the_end_an_old_form_neither_answers_nor_reaches_the_inbox(town: Town) -> None:
    visitor = Visitor(town).start().answer("På besök")
    old_tab = visitor.fields("Skicka svaret", text="något jag ville säga")
    visitor.answer(text="inget").answer(text="inget mer än så")
    assert visitor.heading == "Klart"
    visitor.post(old_tab)
    assert (visitor.heading, "Dina svar är sparade." in visitor.words) == ("Klart", True)
    assert _count(town, InboxMessage) == 0


# --- what a page keeps -------------------------------------------------------------------------------------------


def test_no_answer_is_asked_for_without_counting_as_a_try(town: Town) -> None:
    visitor = Visitor(town).start()
    for _ in range(3):
        visitor.answer()
        assert "Välj ett svar, eller Vet ej." in visitor.words
        assert visitor.heading == "Vem är du här?"
    assert visitor.answer("Bor här").heading.startswith("Vilken ort")


def test_what_was_not_understood_stands_in_the_form_again(town: Town) -> None:
    visitor = Visitor(town).start().answer("Bor här").answer(text="Hogwarts")
    assert "Vi hittar inte den orten" in visitor.words
    assert visitor.form.text == "Hogwarts"
    assert 'aria-invalid="true"' in visitor.response.text
    assert visitor.answer().heading.startswith("Hur trygg")  # kept as another place


def test_too_many_choices_stay_ticked(town: Town) -> None:
    visitor = at_problem(town).answer(text="inget")
    chosen = ["Trafik", "Stöld", "Våld", "Annat"]
    visitor.answer(*chosen)
    assert "Välj högst 3" in visitor.words
    assert visitor.form.chosen == chosen


def test_markup_is_shown_as_text(town: Town) -> None:
    typed = '"><img src=x onerror=alert(1)></textarea><script>alert(2)</script>'
    visitor = Visitor(town).start().answer("Bor här").answer(text=typed)
    assert visitor.form.text == typed
    visitor.open('?p="><script>alert(3)</script>&lang="><b>')
    assert "<script>" not in visitor.response.text  # our own have attributes
    assert "<img" not in visitor.response.text


def test_back_and_another_language(town: Town) -> None:
    visitor = Visitor(town).start().answer("Bor här")
    assert visitor.press("Tillbaka").heading == "Vem är du här?"
    visitor.press("English")
    assert visitor.heading == "Who are you here?"
    visitor.press("Send the answer", "Holiday home")
    assert visitor.heading.startswith("Which village")
    visitor.press("Svenska").press("Hoppa över").press("Vet ej")
    assert _count(town, Answer, Answer.question == "role", Answer.standing == "current") == 1
    assert _count(town, Answer, Answer.value == "holiday_home") == 1
    assert _count(town, Answer, Answer.value == "skipped") == 1
    assert _count(town, Answer, Answer.value == "dont_know") == 1


def test_another_language_keeps_what_was_typed(town: Town) -> None:
    visitor = at_problem(town)
    visitor.post(visitor.fields("English") | {"text": "a half-written answer"})
    assert "a half-written answer" in visitor.response.text


def test_an_earlier_answer_is_changed_without_script(town: Town) -> None:
    visitor = at_problem(town).press("Dina svar")
    assert (visitor.heading, "Ganska otrygg" in visitor.words) == ("Dina svar", True)
    listed = next(form for form in visitor.page.forms if "Ändra" in form.buttons)
    visitor.post({**listed.hidden, "action": "change.safety.0"})
    assert (visitor.heading[:9], visitor.form.chosen) == ("Hur trygg", ["Ganska otrygg"])
    assert visitor.answer("Mycket trygg").heading.startswith("Vad är det största")
    assert visitor.press("Dina svar").press("Fortsätt med frågorna").heading.startswith("Vad är det största")
    assert _count(town, Answer, Answer.value == "very_safe", Answer.standing == "current") == 1


def test_answers_are_listed_at_the_end_and_changed_from_there(town: Town) -> None:
    visitor = Visitor(town).start().answer("På besök").answer(text="<b>stökigt</b>").answer(text="torget")
    visitor.answer("Helg natt").answer(text="vakter")
    assert "<b>stökigt</b>" in visitor.words
    listed = next(form for form in visitor.page.forms if "Ändra" in form.buttons)
    visitor.post({**listed.hidden, "action": "change.wish.0"})
    assert visitor.heading.startswith("Vad borde")
    assert visitor.answer(text="fler vakter").heading == "Klart"
    assert "fler vakter" in visitor.words


def test_age_can_be_kept_to_oneself(town: Town) -> None:
    visitor = at_problem(town).answer(text="inget").press("Hoppa över").press("Vet ej").press("Vet ej")
    visitor.answer(text="fler poliser").press("Vill inte svara").press("Vill inte svara")
    assert visitor.heading == "Klart"
    assert _count(town, Answer, Answer.value == "refused") == 2


# --- safeguards --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said", "may_leave"),
    [
        ("min man slår mig", "020-50 50 50", True),
        ("jag vill inte leva längre", "90101", True),
        ("hjälp mig han har kniv", "RING 112", False),
    ],
)
def test_a_safeguard_is_answered_alone_and_never_shows_what_was_written(
    town: Town, text: str, said: str, may_leave: bool
) -> None:
    visitor = at_problem(town).answer(text=text)
    assert visitor.heading == "Läs det här först"
    assert said in visitor.words.replace("\N{WORD JOINER}", "")
    assert text not in visitor.response.text
    assert ("Lämna sidan snabbt" in visitor.page.links) is may_leave
    if may_leave:
        link = visitor.page.links["Lämna sidan snabbt"]
        assert link["href"] == "https://www.1177.se"
        assert "noreferrer" in str(link["rel"])
    assert visitor.press("Fortsätt med frågorna").heading.startswith("Vilka är problem")
    assert _count(town, Answer, Answer.value == "withheld", Answer.text.is_(None)) == 1


def test_who_is_under_fifteen_leaves_no_answers(town: Town) -> None:
    visitor = at_problem(town).answer(text="jag är 12 år och rädd")
    assert "116 111" in visitor.words
    assert not any("Radera mina svar" in form.buttons for form in visitor.page.forms)
    assert _count(town, Answer) == 0


def test_personal_data_are_masked_and_told(town: Town) -> None:
    visitor = at_problem(town).answer(text="mörkt i backen, ring mig på 070-174 06 05")
    assert "Vi tog bort det som såg ut som" in visitor.words
    assert _count(town, Answer, Answer.text.contains("[TEL]")) == 1


# --- ending ------------------------------------------------------------------------------------------------------


def test_erasing_takes_everything_and_a_reload_says_so_again(town: Town) -> None:
    visitor = at_problem(town)
    Visitor(town).start().answer("Bor här")
    fields = visitor.fields("Ja, radera mina svar")
    assert visitor.post(fields).heading == "Raderat"
    assert (_count(town, Conversation), _count(town, Answer)) == (1, 1)
    assert visitor.post(fields).heading == "Raderat"


def test_stop_written_as_an_answer_ends_it(town: Town) -> None:
    visitor = at_problem(town).answer(text="stopp")
    assert "Då frågar vi inte mer" in visitor.words
    assert not any("Skicka svaret" in form.buttons for form in visitor.page.forms)
    assert visitor.press("Ja, radera mina svar").heading == "Raderat"


def test_a_round_that_is_unknown_or_closed_is_told_kindly(town: Town) -> None:
    for path in ("/chat/nowhere/residents", f"/chat/{ROUND}/nobody"):
        visitor = Visitor(town, path).open()
        assert (visitor.response.status_code, visitor.heading) == (404, "Enkäten är inte öppen")
    begun, waiting = at_problem(town), Visitor(town).open()
    town.rounds.close(ROUND)
    assert waiting.press("Starta").response.status_code == 404
    begun.answer(text="för sent")
    assert (begun.response.status_code, begun.heading) == (404, "Enkäten är inte öppen")
    assert (_count(town, InboxMessage), _count(town, Answer)) == (0, 4)
    begun.press("Ja, radera mina svar")
    assert _count(town, Answer) == 0


def test_an_unknown_token_gets_the_page_of_one_that_has_expired(town: Town) -> None:
    visitor = at_problem(town)
    fields = visitor.fields("Skicka svaret", text="hej")
    visitor.press("Ja, radera mina svar")
    expired = visitor.post(fields).response
    before = {table: _count(town, table) for table in (Message, Conversation, InboxMessage, OptOut)}
    pages = {
        visitor.post({**fields, "token": token}).response.text for token in ("ab" * 16, "", "x' OR 1=1", "é")
    }
    assert (expired.status_code, visitor.response.status_code) == (404, 404)
    assert pages == {expired.text}
    assert {table: _count(town, table) for table in before} == before


# --- what may not come in ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site", "Origin": "https://elsewhere.example"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://elsewhere.example"},
    ],
)
def test_forms_of_other_sites_are_refused(town: Town, headers: dict[str, str]) -> None:
    visitor = Visitor(town).open()
    assert visitor.post(visitor.fields("Starta"), **headers).response.status_code == 403
    assert _count(town, Conversation) == 0


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
        {"Origin": "null"},
        {"Origin": "https://trygg.example.se"},
    ],
)
def test_our_own_forms_are_taken(town: Town, headers: dict[str, str]) -> None:
    visitor = Visitor(town).open()
    assert visitor.post(visitor.fields("Starta"), **headers).heading == "Vem är du här?"


def test_nothing_is_kept_in_the_browser_and_no_token_in_an_address(town: Town) -> None:
    visitor = at_problem(town)
    token = visitor.form.hidden["token"]
    assert "Set-Cookie" not in visitor.response.headers
    assert visitor.response.headers["Cache-Control"] == "no-store"
    assert "<script>" not in visitor.response.text  # our own have attributes
    assert not re.search(rf'(?:href|action|src)="[^"]*{token}', visitor.response.text)


def test_the_token_is_stored_nowhere(town: Town) -> None:
    token = at_problem(town).form.hidden["token"]
    with town.house.database.sessions.reading() as session:
        rows = [*session.scalars(select(Conversation)), *session.scalars(select(Message))]
        kept = " ".join(repr({c.key: getattr(row, c.key) for c in row.__table__.columns}) for row in rows)
    assert len(rows) > 5
    assert token not in kept


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"message_id": "1"},
        {"message_id": "a" * 32, "action": "explode"},
        {"message_id": "a" * 32, "action": "language.tlh"},
        {"message_id": "a" * 32, "text": ["one", "two"]},
    ],
)
def test_what_no_page_of_ours_sends_is_malformed(fields: dict[str, str | list[str]]) -> None:
    with pytest.raises(Malformed):
        webchat.parse({k: v if isinstance(v, list) else [v] for k, v in fields.items()})


def test_ids_of_different_chats_never_meet() -> None:
    fields = {"message_id": ["a" * 32], "text": ["hej"], "question": ["problem.0"]}
    ids = {
        webchat.message(webchat.parse({**fields, "token": [token]}), round_code="r").provider_id
        for token in ("b" * 32, "c" * 32)
    }
    assert len(ids) == 2


def test_ten_thousand_tokens_share_nothing() -> None:
    tokens = {
        webchat.begun_with(webchat.parse({"message_id": [webchat.new_message_id()], "action": ["start.sv"]}))
        for _ in range(10_000)
    }
    assert len({token[:16] for token in tokens}) == 10_000
    assert {len(token) for token in tokens} == {32}


# --- when nothing can be saved -----------------------------------------------------------------------------------


def test_a_fault_keeps_what_was_typed_and_the_same_message_goes_again(town: Town) -> None:
    visitor = at_problem(town)
    key = town.house.keys.standing_keys(webchat.sender(visitor.form.hidden["token"]))[0]
    fields = visitor.fields("Skicka svaret", text="Mörkt & <otäckt>")
    with town.house.database.sessions.begin(contact=key):
        visitor.post(fields)
    assert (visitor.response.status_code, visitor.heading) == (503, "Vi kan inte spara just nu")
    assert "Mörkt & <otäckt>" in visitor.words
    assert visitor.page.forms[0].hidden["message_id"] == fields["message_id"]
    again = visitor.fields("Försök igen")
    visitor.post(again).post(again)
    assert visitor.heading.startswith("Var är det så?")
    assert _count(town, Answer, Answer.question == "problem") == 1
