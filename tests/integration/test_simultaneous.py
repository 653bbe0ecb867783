"""Messages that come at once, twice or in another order: each is taken once, one after the other, on both databases."""

import random
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from serving import serving
from sqlalchemy import func, select
from town import Town, message_fields, twiml_text
from werkzeug.test import TestResponse

from bot.channels.twilio_sms import SMS_PATH
from storage.database import Database
from storage.tables import Answer, Base, Conversation, Message, OptOut

DONT_KNOW = 7
"""Questions of the residents' survey that one is asked who answers "vet ej" to all."""


@pytest.fixture
def town(database: Database) -> Town:
    return Town.build(database)


def _deliver_at_once(town: Town, deliveries: Sequence[dict[str, str]]) -> list[TestResponse]:
    """Each from a thread of its own, as from so many connections."""
    barrier = threading.Barrier(len(deliveries))

    def deliver(fields: dict[str, str]) -> TestResponse:
        client = town.client.application.test_client()
        headers = {"X-Twilio-Signature": town.house.twilio.sign(SMS_PATH, fields)}
        barrier.wait(timeout=10)
        return client.post(SMS_PATH, data=fields, headers=headers)

    with ThreadPoolExecutor(len(deliveries)) as pool:
        return list(pool.map(deliver, deliveries))


def _replies(responses: Sequence[TestResponse]) -> list[str]:
    assert {response.status_code for response in responses} == {200}
    return [twiml_text(response) for response in responses]


def _count(town: Town, table: type[Base], *conditions: Any) -> int:
    with town.house.database.sessions.reading() as session:
        return session.scalar(select(func.count()).select_from(table).where(*conditions)) or 0


def _assert_states_and_answers_agree(town: Town) -> None:
    """The state of each conversation holds what the rows say, no more and no less."""
    with town.house.database.sessions.reading() as session:
        for conversation in session.scalars(select(Conversation)):
            rows = session.execute(
                select(Answer.question, Answer.repeat, Answer.value).where(
                    Answer.conversation_id == conversation.id, Answer.standing == "current"
                )
            ).all()
            questions = {row.question for row in rows}
            in_state = [tuple(entry) for entry in conversation.state["answers"]]
            assert sorted(map(tuple, rows)) == sorted(entry for entry in in_state if entry[0] in questions)
            about = {f"{question}_{what}" for question in questions for what in ("category", "place")}
            assert {entry[0] for entry in in_state} <= questions | about


def test_twenty_identical_deliveries_are_one_message(town: Town) -> None:
    for step, said in enumerate(("TRYGG", "ja", "1", "Duved", "4", "Mörkt vid stationen"), start=1):
        replies = _replies(_deliver_at_once(town, [message_fields(said)] * 20))
        assert len(set(replies)) == 1, said
        assert replies[0], said
        assert _count(town, Message) == step
    assert _count(town, Conversation) == 1
    assert _count(town, Answer) == 4
    _assert_states_and_answers_agree(town)


def test_different_messages_of_one_resident_are_taken_one_after_the_other(town: Town) -> None:
    town.phone().answer_all("TRYGG", "ja")
    replies = _replies(_deliver_at_once(town, [message_fields("vet ej") for _ in range(DONT_KNOW)]))
    assert len(set(replies)) == DONT_KNOW
    assert sum(reply.startswith("Tack!") for reply in replies) == 1
    assert _count(town, Message) == 2 + DONT_KNOW
    assert _count(town, Answer, Answer.standing == "current", Answer.value == "dont_know") == DONT_KNOW
    assert _count(town, Answer) == DONT_KNOW
    _assert_states_and_answers_agree(town)


def test_two_first_messages_begin_one_survey(town: Town) -> None:
    _replies(_deliver_at_once(town, [message_fields("TRYGG") for _ in range(8)]))
    assert (_count(town, Conversation), _count(town, Message)) == (1, 8)


def test_different_residents_do_not_get_in_each_others_way(town: Town) -> None:
    numbers = [f"+467017406{number:02}" for number in range(12)]
    for said, reply in (("TRYGG", "Åre kommun ställer"), ("ja", "Vem är du här?"), ("1", "Vilken ort")):
        replies = _replies(_deliver_at_once(town, [message_fields(said, sender=n) for n in numbers]))
        assert all(text.startswith(reply) for text in replies)
    assert (_count(town, Conversation), _count(town, Answer)) == (12, 12)
    _assert_states_and_answers_agree(town)


def test_stop_wins_whenever_it_comes(town: Town) -> None:
    for turn in range(3):
        sender = f"+467017407{turn:02}"
        town.phone(sender).answer_all("TRYGG", "ja")
        texts = ["vet ej"] * 4 + ["stopp"]
        _replies(_deliver_at_once(town, [message_fields(text, sender=sender) for text in texts]))
        assert town.phone(sender).say("vet ej") == ""
    assert _count(town, OptOut) == 3
    assert _count(town, Conversation, Conversation.status == "stopped") == 3
    _assert_states_and_answers_agree(town)


def test_erasing_wins_whenever_it_comes(town: Town) -> None:
    town.phone().answer_all("TRYGG", "ja")
    texts = ["vet ej"] * 4 + ["radera"]
    _replies(_deliver_at_once(town, [message_fields(text) for text in texts]))
    assert (_count(town, Conversation), _count(town, Answer)) == (0, 0)


def test_in_any_order_and_twice_no_message_is_lost_and_no_answer_made_up(town: Town) -> None:
    """Providers promise no order. What is answered may change, not that state and rows agree."""
    chance = random.Random(1)  # noqa: S311 - the same order every time
    for number in range(8):
        sender = f"+467017408{number:02}"
        town.phone(sender).answer_all("TRYGG", "ja")
        sent = [message_fields(text, sender=sender) for text in ("1", "Duved", "4", "Mörkt", "2,5", "stopp")]
        sent += chance.sample(sent, 3)
        chance.shuffle(sent)
        replies: dict[str, str] = {}
        for fields in sent:
            reply = twiml_text(town.webhook(fields))
            assert replies.setdefault(fields["MessageSid"], reply) == reply
        assert _count(town, Conversation, Conversation.status == "stopped") == number + 1
    assert _count(town, Message) == 8 * 8
    assert _count(town, OptOut) == 8
    _assert_states_and_answers_agree(town)


def test_delivered_again_later_a_message_changes_nothing(town: Town) -> None:
    sent = [message_fields(text) for text in ("TRYGG", "ja", "1", "Duved", "4")]
    first = [town.webhook(fields).data for fields in sent]
    town.clock.move(hours=1)
    assert [town.webhook(fields).data for fields in sent] == first
    assert _count(town, Answer) == 3
    town.phone().say("radera")
    for fields in sent:
        town.webhook(fields)
    assert (_count(town, Conversation), _count(town, Answer)) == (0, 0)


def test_a_clock_that_is_set_back_or_far_forward_changes_nothing_in_a_survey(town: Town) -> None:
    phone = town.phone()
    phone.answer_all("TRYGG", "ja")
    for said, hours, reply in (
        ("1", -1, "Vilken ort"),
        ("Duved", -23, "Hur trygg"),
        ("4", 49, "Vad är det största"),
        ("Mörkt", -1, "Var är det så?"),
    ):
        town.clock.move(hours=hours)
        assert phone.say(said).startswith(reply)
    _assert_states_and_answers_agree(town)


def test_the_survey_that_moved_last_goes_on_even_where_the_clock_was_set_back(town: Town) -> None:
    phone = town.phone()
    phone.answer_all("TRYGG", "ja", "1")
    town.clock.move(hours=-1)
    assert phone.say("PERSONAL").startswith("Medarbetardialog")
    assert phone.say("ja").startswith("Var arbetar du?")
    town.clock.move(hours=-1)
    assert phone.say("TRYGG").startswith("Vilken ort")
    assert phone.say("Duved").startswith("Hur trygg")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_two_worker_processes_take_a_message_once_and_tell_nobody(database: Database, tmp_path: Path) -> None:
    """The server as the Procfile starts it, both workers on one file, in a round that is open today."""
    today, week = datetime.now(UTC).date(), timedelta(days=7)
    town = Town.build(database, opens_on=today - week, closes_on=today + week)
    with serving(town, tmp_path / "output") as server:
        for text in ("TRYGG", "ja", "1", "Duved", "4", "Mörkt"):
            fields = message_fields(text)
            with ThreadPoolExecutor(12) as pool:
                replies = set(pool.map(lambda _, sent=fields: server.post(sent), range(12)))
            assert len(replies) == 1, text
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda _: server.post(message_fields("vet ej")), range(4)))
    assert (_count(town, Conversation), _count(town, Message), _count(town, Answer)) == (1, 10, 8)
    _assert_states_and_answers_agree(town)
    output = (tmp_path / "output").read_text()
    assert output.count("process_started") == 2
    assert "701740605" not in output
    assert "Mörkt" not in output
