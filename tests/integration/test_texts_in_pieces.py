"""An answer in several texts: one answer, whatever comes at once, twice, or from two processes."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from kept import assert_states_and_answers_agree, count
from sqlalchemy import select
from town import RESIDENT, Town, message_fields, twiml_text

from bot.channels.twilio_sms import SMS_PATH
from bot.demo.people import employees, note_takers, residents
from bot.services.joining import INVENTED_NUMBERS
from bot.services.upkeep import Upkeep
from storage.database import Database
from storage.tables import Answer, Coding, Conversation, SafeguardReply

PHONE = "+46701740605"


@pytest.fixture
def town(database: Database) -> Town:
    town = Town.build(database)
    town.phone().answer_all(*RESIDENT[:5])
    town.clock.move(minutes=1)
    return town


def _texts(town: Town, standing: str = "current", question: str = "problem") -> list[str | None]:
    with town.house.database.sessions.reading() as session:
        rows = select(Answer.text).where(Answer.question == question, Answer.standing == standing)
        return list(session.scalars(rows))


def test_the_answer_is_coded_as_one(town: Town) -> None:
    phone = town.phone()
    phone.say("Det är ett problem")
    town.clock.move(seconds=4)
    assert phone.say("folk kör alldeles för fort").startswith("Tack, vi har lagt till det")
    assert _texts(town) == ["Det är ett problem folk kör alldeles för fort"]
    assert _texts(town, "replaced") == ["Det är ett problem"]
    with town.house.database.sessions.reading() as session:
        primary = session.scalars(
            select(Coding.category)
            .join(Answer, Answer.id == Coding.answer_id)
            .where(Answer.standing == "current", Answer.question == "problem", Coding.is_primary)
        ).all()
    assert primary == ["traffic_offences"]
    assert_states_and_answers_agree(town)


@pytest.mark.parametrize("turn", [0, 1])
def test_two_texts_at_once_are_one_answer_in_either_order(town: Town, turn: int) -> None:
    texts = ["Det är mörkt på gångvägen", "och ingen sandar trottoaren"]
    barrier = Barrier(2)

    def deliver(text: str) -> str:
        fields = message_fields(text)
        client = town.client.application.test_client()
        headers = {"X-Twilio-Signature": town.house.twilio.sign(SMS_PATH, fields)}
        barrier.wait(timeout=10)
        return twiml_text(client.post(SMS_PATH, data=fields, headers=headers))

    with ThreadPoolExecutor(2) as pool:
        replies = sorted(pool.map(deliver, texts[::-1] if turn else texts))
    assert replies[0].startswith("Tack, vi har lagt till det")
    assert replies[1].startswith("Var är det så?")
    assert _texts(town) in ([" ".join(texts)], [" ".join(texts[::-1])])
    assert _texts(town, question="place") == []
    assert_states_and_answers_agree(town)


def test_each_delivered_again_changes_nothing(town: Town) -> None:
    sent = [message_fields("Det är mörkt på gångvägen"), message_fields("och halt")]
    replies = [town.webhook(fields).data for fields in sent]
    town.clock.move(seconds=5)
    assert [town.webhook(fields).data for fields in sent] == replies
    assert _texts(town) == ["Det är mörkt på gångvägen och halt"]
    assert count(town, Answer, Answer.question == "problem") == 2


def test_the_same_words_twice_are_thanked_for_and_kept_once(town: Town) -> None:
    phone = town.phone()
    phone.say("Det är mörkt på gångvägen")
    town.clock.move(seconds=3)
    assert phone.say("Det är mörkt på gångvägen").startswith("Tack, vi har lagt till det")
    assert count(town, Answer, Answer.question == "problem") == 1


def test_what_tells_of_danger_as_one_leaves_no_word_behind(town: Town) -> None:
    phone = town.phone()
    phone.say("min man brukar")
    town.clock.move(seconds=3)
    assert "ring 112" in phone.say("slå mig")
    assert _texts(town) == [None]
    assert _texts(town, "replaced") == [None]
    assert count(town, SafeguardReply, SafeguardReply.kind == "domestic") == 1
    assert_states_and_answers_agree(town)


def test_danger_before_the_next_question_could_be_read_is_not_withheld_from_that(town: Town) -> None:
    phone = town.phone()
    phone.say("Det är mörkt")
    town.clock.move(seconds=3)
    assert "RING 112" in phone.say("hjälp mig han har kniv")
    assert _texts(town) == [None]
    assert count(town, Answer, Answer.question == "place") == 0


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("hjälp", "Behöver du hjälp"),
        ("tillbaka", "Vad är det största"),
        ("TRYGG", "Var är det så?"),
        ("STOPP", "Du får inga fler"),
        ("👍", "Jag förstod inte"),
        ("vet ej", "När är det värst?"),
    ],
)
def test_what_is_no_text_takes_its_ordinary_way(town: Town, text: str, reply: str) -> None:
    phone = town.phone()
    phone.say("Det är mörkt")
    town.clock.move(seconds=3)
    assert phone.say(text).startswith(reply)
    assert _texts(town) == ["Det är mörkt"]


def test_more_than_an_answer_may_hold_is_not_joined(town: Town) -> None:
    phone = town.phone()
    phone.say("mörkt " * 200)
    town.clock.move(seconds=3)
    assert not phone.say("halt " * 200).startswith("Tack, vi har lagt till det")


def test_who_needs_no_time_to_read_is_never_joined(database: Database) -> None:
    town = Town.build(database)
    parts = replace(town.house.inbound.parts, reading_at_once=("+46701740605",))
    hasty = Town(
        house=replace(town.house, inbound=replace(town.house.inbound, parts=parts)), clock=town.clock
    )
    hasty.phone().answer_all(*RESIDENT[:5], "Det är mörkt")
    assert hasty.phone().say("gångvägen").startswith("När är det värst?")


def test_the_demonstrations_people_are_known_by_their_numbers_and_the_telephones_beside_them_are_not() -> (
    None
):
    people = [*residents(300, seed=1), *employees(12, seed=2), *note_takers(("MOTE1", "MOTE2"))]
    assert all(person.number.startswith(INVENTED_NUMBERS) for person in people)
    assert not any(PHONE.startswith(number) for number in INVENTED_NUMBERS)


def test_times_of_asking_go_with_the_rounds_key(town: Town) -> None:
    town.phone().say("Det är mörkt")
    with town.house.database.sessions.reading() as session:
        assert session.scalars(select(Conversation.asked)).one()
    upkeep = Upkeep(sessions=town.house.database.sessions, now=town.clock)
    for days in (32, 20):
        town.clock.move(days=days)
        upkeep.run()
    with town.house.database.sessions.reading() as session:
        assert session.scalars(select(Conversation.asked)).one() is None
