"""A survey of the chat that goes on by text message: one conversation, no number on a page, erased from either side."""

import re
import threading
from collections.abc import Iterator

import pytest
from kept import assert_states_and_answers_agree, count
from sqlalchemy import select
from test_chat import Visitor
from town import ROUND, Town

from bot.services.transferring import LASTS, TRIES_OF_A_TELEPHONE
from bot.services.upkeep import Upkeep
from storage import erasure, ledger, replaying
from storage.database import Database
from storage.tables import Answer, Conversation, LedgerEntry, Message, OptOut, Transfer
from text.transfer_codes import read_code

OFFER, SENT, STAY = "Fortsätt med sms i stället", "Jag har skickat det", "Fortsätt här i stället"


@pytest.fixture
def town(database: Database) -> Iterator[Town]:
    yield Town.build(database)


@pytest.fixture
def visitor(town: Town) -> Visitor:
    """At the question of how safe it is."""
    visitor = Visitor(town).start()
    town.clock.move(seconds=40)
    visitor.answer("Bor här").answer("Duved")
    assert visitor.heading.startswith("Hur trygg")
    return visitor


def _text_of(visitor: Visitor) -> str:
    """What the page asks to be texted."""
    found = re.search(r"\bTRYGG [2-9A-Z]{6}\b", visitor.words)
    assert found, visitor.words
    return found[0]


def _code(visitor: Visitor) -> str:
    return _text_of(visitor.press(OFFER))


def _only(town: Town) -> Conversation:
    with town.house.database.sessions.reading() as session:
        return session.scalars(select(Conversation)).one()


def test_the_survey_goes_on_by_text_where_it_stood_as_one_conversation(town: Town, visitor: Visitor) -> None:
    text = _code(visitor)
    assert "070-000 01 00" in visitor.words
    phone = town.phone()
    reply = phone.say(text)
    assert reply.startswith("Enkäten går vidare här.\nHur trygg känner du dig")
    assert "1 " in reply
    town.clock.move(seconds=30)
    assert phone.say("4").startswith("Har du de senaste 6 månaderna")  # it is the survey that the chat asks
    conversation = _only(town)
    assert (conversation.channel, conversation.ordinal, conversation.area) == ("chat", 1, "duved")
    assert count(town, Answer, Answer.standing == "current") == 3
    assert_states_and_answers_agree(town)


def test_the_whole_survey_ends_on_the_telephone(town: Town, visitor: Visitor) -> None:
    phone = town.phone()
    reply = phone.say(_code(visitor))
    said = {"Hur trygg": "4", "Har du de": "2", "Vad är det": "Folk kör för fort på E14", "När är": "2,5"}
    said |= {"Vilka är": "1", "Har du själv": "2", "Gör ": "3", "Vad borde": "fartkamera", "Hur gammal": "47"}
    said |= {"Är du": "1", "Var är": "E14"}
    for _ in range(14):
        town.clock.move(minutes=1)
        question = next((key for key in said if key in reply), None)
        if question is None:
            break
        reply = phone.say(said[question])
    assert reply.startswith("Tack!")
    conversation = _only(town)
    assert (conversation.status, conversation.outcome) == ("finished", "complete")


def test_the_page_says_where_it_goes_on_and_takes_no_answers(town: Town, visitor: Visitor) -> None:
    old = visitor.fields("Skicka svaret", "Ganska trygg")
    phone = town.phone()
    phone.say(_code(visitor))
    visitor.press(SENT)
    assert visitor.heading == "Enkäten fortsätter på telefonen"
    assert "Bor här" not in visitor.words
    visitor.post(old)
    assert visitor.heading == "Enkäten fortsätter på telefonen"
    assert count(town, Answer) == 2
    town.clock.move(seconds=30)
    assert phone.say("2").startswith("Har du de senaste")


def test_nothing_is_shown_on_the_page_of_what_the_telephone_answers(town: Town, visitor: Visitor) -> None:
    phone = town.phone()
    phone.say(_code(visitor))
    for text in ("4", "2", "Mörkt bakom ladan"):
        town.clock.move(minutes=1)
        phone.say(text)
    phone.say("klar")
    visitor.press(SENT)
    assert visitor.heading == "Enkäten fortsätter på telefonen"
    assert "ladan" not in visitor.words


def test_without_the_text_the_chat_goes_on(town: Town, visitor: Visitor) -> None:
    visitor.press(OFFER).press(STAY)
    assert visitor.heading.startswith("Hur trygg")
    visitor.answer("Ganska trygg")
    assert count(town, Answer) == 3


def test_answers_given_before_the_text_is_sent_are_taken_along(town: Town, visitor: Visitor) -> None:
    text = _code(visitor)
    visitor.press(STAY).answer("Ganska trygg")
    assert "Har du de senaste" in town.phone().say(text)


# --- the code ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written", ["{0} {1}", "{0}{1}", "{1}", "{0} {1}.", "  trygg  {2} ", "{3}", "safe {2}"]
)
def test_a_code_is_known_however_it_is_typed(town: Town, visitor: Visitor, written: str) -> None:
    word, code = _code(visitor).split()
    text = written.format(word, code, code.lower(), f"{code[:3]} {code[3:]}")
    assert town.phone().say(text).startswith("Enkäten går vidare här.")


def test_a_code_works_once(town: Town, visitor: Visitor) -> None:
    text = _code(visitor)
    town.phone().say(text)
    assert town.phone("+46701740606").say(text).startswith("Koden gäller inte längre")
    assert count(town, Conversation) == 1


def test_a_code_is_void_after_half_an_hour_and_then_forgotten(town: Town, visitor: Visitor) -> None:
    text = _code(visitor)
    town.clock.time += LASTS
    assert town.phone().say(text).startswith("Koden gäller inte längre")
    Upkeep(sessions=town.house.database.sessions, now=town.clock).run()
    assert count(town, Transfer) == 0
    assert visitor.press(STAY).heading.startswith("Hur trygg")


def test_a_new_code_makes_the_one_before_void(town: Town, visitor: Visitor) -> None:
    first = _code(visitor)
    visitor.press(STAY)
    second = _code(visitor)
    assert town.phone().say(first).startswith("Koden gäller inte längre")
    assert town.phone().say(second).startswith("Enkäten går vidare")


def test_a_code_with_a_slip_is_no_code(town: Town, visitor: Visitor) -> None:
    text = _code(visitor)
    wrong = text[:-1] + ("A" if text[-1] != "A" else "B")
    assert town.phone().say(wrong).startswith("Åre kommun ställer")  # an unknown place code
    assert count(town, Conversation, Conversation.place_code == "unknown") == 1


def test_guessing_is_stopped_before_it_finds_anything(town: Town, visitor: Visitor) -> None:
    text, guesser = _code(visitor), town.phone("+46701740699")
    guesses = [code for code in map(read_code, _wrong_codes(text.split()[1])) if code]
    for code in guesses[:TRIES_OF_A_TELEPHONE]:
        assert guesser.say(f"TRYGG {code}").startswith("Koden gäller inte längre")
    assert guesser.say(text).startswith("Koden gäller inte längre")
    assert town.phone().say(text).startswith("Enkäten går vidare")


def _wrong_codes(right: str) -> Iterator[str]:
    characters = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
    for first in characters:
        for last in characters:
            wrong = f"2A{first}77{last}"
            if wrong != right:
                yield wrong


def test_what_only_looks_like_a_code_is_an_answer(town: Town) -> None:
    phone = town.phone()
    phone.answer_all("TRYGG", "ja", "4")
    text = next(code for code in map(read_code, _wrong_codes("")) if code)
    assert not phone.say(text).startswith("Koden")
    assert count(town, Answer, Answer.question == "problem") == 1


def test_the_code_stands_nowhere_as_it_is(town: Town, visitor: Visitor) -> None:
    code = _code(visitor).split()[1]
    town.phone().say(f"TRYGG {code}")
    with town.house.database.sessions.reading() as session:
        rows = [
            str(dict(row._mapping))
            for table in (Transfer, Message, Conversation)
            for row in session.execute(select(*table.__table__.columns))
        ]
    assert not any(code in row for row in rows)


# --- whose it is -------------------------------------------------------------------------------------------------


def test_a_telephone_that_has_a_survey_keeps_it_and_the_chat_goes_on(town: Town, visitor: Visitor) -> None:
    phone = town.phone()
    phone.answer_all("TRYGG", "ja", "4")
    reply = phone.say(_code(visitor))
    assert reply.startswith("Det här numret har redan en enkät")
    town.clock.move(minutes=1)
    assert not phone.say("Mörkt vid ladan").startswith("Koden")
    visitor.press(SENT)
    assert visitor.heading == "Dina svar"
    visitor.press("Fortsätt med frågorna")
    assert visitor.heading.startswith("Hur trygg")
    assert count(town, Conversation) == 2


def test_who_has_opted_out_is_answered_and_stays_out(town: Town, visitor: Visitor) -> None:
    phone = town.phone()
    phone.answer_all("TRYGG", "stopp", "radera")
    assert count(town, OptOut) == 1
    assert phone.say(_code(visitor)).startswith("Enkäten går vidare")
    assert count(town, OptOut) == 1


def test_erased_on_the_telephone_is_erased_on_the_page(town: Town, visitor: Visitor) -> None:
    phone = town.phone()
    phone.say(_code(visitor))
    assert phone.say("radera").startswith("Dina svar är raderade")
    assert (count(town, Conversation), count(town, Answer), count(town, Transfer)) == (0, 0, 0)
    assert visitor.press(SENT).heading == "Samtalet finns inte längre"


def test_erased_on_the_page_is_erased_on_the_telephone(town: Town, visitor: Visitor) -> None:
    phone = town.phone()
    phone.say(_code(visitor))
    visitor.press(SENT).press("Ja, radera mina svar")
    assert (count(town, Conversation), count(town, Answer), count(town, Transfer)) == (0, 0, 0)
    assert phone.say("4").startswith("Hej! Vi läser inte")
    assert "inget att radera" in phone.say("radera")


@pytest.mark.parametrize("is_from_before", [True, False])
def test_a_backup_from_before_the_telephone_came_is_erased_too(
    town: Town, visitor: Visitor, is_from_before: bool
) -> None:
    """What RADERA on the telephone wrote in the ledger finds the conversation by its chat."""
    phone, sessions = town.phone(), town.house.database.sessions
    phone.say(_code(visitor))
    with sessions.reading() as session:
        chat_key = session.scalars(select(Transfer.chat_key)).one()
        conversation = session.scalars(select(Conversation)).one()
        restored = {c.name: getattr(conversation, c.name) for c in Conversation.__table__.columns}
    phone.say("radera")
    with sessions.begin() as session:
        entries = ledger.list_entries(session)
        for row in session.scalars(select(LedgerEntry)):
            session.delete(row)
        key = chat_key if is_from_before else restored["contact_key"]
        session.add(Conversation(**{**restored, "contact_key": key}))
    with sessions.begin() as session:
        replaying.replay(session, entries)
    assert count(town, Conversation) == 0


def test_the_way_from_page_to_telephone_goes_with_the_rounds_key(town: Town, visitor: Visitor) -> None:
    town.phone().say(_code(visitor))
    with town.house.database.sessions.begin() as session:
        erasure.cut_links(session, _only(town).round_id)
    assert count(town, Transfer) == 0


def test_stop_on_the_telephone_ends_it(town: Town, visitor: Visitor) -> None:
    phone = town.phone()
    phone.say(_code(visitor))
    assert phone.say("stopp").startswith("Du får inga fler")
    assert _only(town).status == "stopped"
    assert visitor.press(SENT).heading == "Enkäten fortsätter på telefonen"


def test_text_and_form_at_once_leave_one_survey_that_waits_for_what_was_asked_last(
    town: Town, visitor: Visitor
) -> None:
    text, barrier = _code(visitor), threading.Barrier(2)
    answer = visitor.press(STAY).fields("Skicka svaret", "Ganska trygg")
    replies: list[str] = []

    def send_text() -> None:
        barrier.wait(timeout=10)
        replies.append(town.phone().say(text))

    def send_form() -> None:
        barrier.wait(timeout=10)
        Visitor(Town(house=town.house, clock=town.clock)).post(answer)

    threads = [threading.Thread(target=send_text), threading.Thread(target=send_form)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    state = _only(town).state
    asked = "Hur trygg" if count(town, Answer) == 2 else "Har du de senaste"
    assert asked in replies[0]
    assert (state["channel"], state["at"][0]) == ("sms", "safety" if asked == "Hur trygg" else "avoided")
    assert_states_and_answers_agree(town)


# --- by the programming interface ---------------------------------------------------------------------------------


def test_the_interface_tells_what_to_text_and_that_the_telephone_has_it(town: Town) -> None:
    def post(path: str, body: dict[str, object], token: str = "") -> dict[str, object]:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        response = town.client.post(f"/api/chat/{ROUND}{path}", json=body, headers=headers)
        assert response.status_code in (200, 201), response.text
        document: dict[str, object] = response.json
        return document

    begun = post("/residents/conversations", {"message_id": "a" * 32, "language": "en"})
    token, view = str(begun["token"]), begun["view"]
    assert (view["by_phone"], view["phone"], view["is_on_phone"]) == (
        "Go on by text message instead",
        None,
        False,
    )  # type: ignore[index]
    asked = post("/messages", {"message_id": "b" * 32, "action": "phone"}, token)
    told = asked["phone"]
    assert re.fullmatch(r"SAFE [2-9][2-9A-HJ-NP-Z]{5}", told["text"])  # type: ignore[index]
    assert (told["number"], told["minutes"]) == ("+46700000100", 30)  # type: ignore[index]
    assert town.phone().say(told["text"]).startswith("The survey goes on here.\nWho are you here?")  # type: ignore[index]
    headers = {"Authorization": f"Bearer {token}"}
    found = town.client.get(f"/api/chat/{ROUND}/conversation", headers=headers).json
    assert (found["is_on_phone"], found["asked"], found["may_erase"]) == (True, None, True)
    assert "transcript" not in found


def test_no_code_is_shown_for_a_token_that_nobody_has_or_after_the_round(
    town: Town, visitor: Visitor
) -> None:
    fields = visitor.fields(OFFER)
    stranger = Visitor(town).post({**fields, "token": "0" * 32})
    assert "TRYGG " not in stranger.words
    town.rounds.close(ROUND)
    assert "TRYGG " not in Visitor(town).post(fields).words
    assert count(town, Transfer) == 0


def test_a_survey_without_a_keyword_is_not_offered(database: Database) -> None:
    from bot.cli.demo import demonstration_round

    values = {**demonstration_round().values, "keywords": [{"word": "PERSONAL", "flow": "employees"}]}
    town = Town.build(database, values=values)
    visitor = Visitor(town).start()
    assert OFFER not in visitor.words
