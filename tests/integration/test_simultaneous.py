"""Messages that come at once, twice or in another order: each is taken once, one after the other, on both databases."""

import random
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from kept import assert_states_and_answers_agree, count
from town import Town, message_fields, twiml_text
from werkzeug.test import TestResponse

from bot.channels.twilio_sms import SMS_PATH
from storage.database import Database
from storage.tables import Answer, Conversation, Message, OptOut

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


def test_twenty_identical_deliveries_are_one_message(town: Town) -> None:
    for step, said in enumerate(("TRYGG", "ja", "1", "Duved", "4", "Mörkt vid stationen"), start=1):
        replies = _replies(_deliver_at_once(town, [message_fields(said)] * 20))
        assert len(set(replies)) == 1, said
        assert replies[0], said
        assert count(town, Message) == step
    assert count(town, Conversation) == 1
    assert count(town, Answer) == 4
    assert_states_and_answers_agree(town)


def test_different_messages_of_one_resident_are_taken_one_after_the_other(town: Town) -> None:
    town.phone().answer_all("TRYGG", "ja")
    replies = _replies(_deliver_at_once(town, [message_fields("vet ej") for _ in range(DONT_KNOW)]))
    assert len(set(replies)) == DONT_KNOW
    assert sum(reply.startswith("Tack!") for reply in replies) == 1
    assert count(town, Message) == 2 + DONT_KNOW
    assert count(town, Answer, Answer.standing == "current", Answer.value == "dont_know") == DONT_KNOW
    assert count(town, Answer) == DONT_KNOW
    assert_states_and_answers_agree(town)


def test_two_first_messages_begin_one_survey(town: Town) -> None:
    _replies(_deliver_at_once(town, [message_fields("TRYGG") for _ in range(8)]))
    assert (count(town, Conversation), count(town, Message)) == (1, 8)


def test_different_residents_do_not_get_in_each_others_way(town: Town) -> None:
    numbers = [f"+467017406{number:02}" for number in range(12)]
    for said, reply in (("TRYGG", "Åre kommun ställer"), ("ja", "Vem är du här?"), ("1", "Vilken ort")):
        replies = _replies(_deliver_at_once(town, [message_fields(said, sender=n) for n in numbers]))
        assert all(text.startswith(reply) for text in replies)
    assert (count(town, Conversation), count(town, Answer)) == (12, 12)
    assert_states_and_answers_agree(town)


def test_stop_wins_whenever_it_comes(town: Town) -> None:
    for turn in range(3):
        sender = f"+467017407{turn:02}"
        town.phone(sender).answer_all("TRYGG", "ja")
        texts = ["vet ej"] * 4 + ["stopp"]
        _replies(_deliver_at_once(town, [message_fields(text, sender=sender) for text in texts]))
        assert town.phone(sender).say("vet ej") == ""
    assert count(town, OptOut) == 3
    assert count(town, Conversation, Conversation.status == "stopped") == 3
    assert_states_and_answers_agree(town)


def test_erasing_wins_whenever_it_comes(town: Town) -> None:
    town.phone().answer_all("TRYGG", "ja")
    texts = ["vet ej"] * 4 + ["radera"]
    _replies(_deliver_at_once(town, [message_fields(text) for text in texts]))
    assert (count(town, Conversation), count(town, Answer)) == (0, 0)


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
        assert count(town, Conversation, Conversation.status == "stopped") == number + 1
    assert count(town, Message) == 8 * 8
    assert count(town, OptOut) == 8
    assert_states_and_answers_agree(town)


def test_delivered_again_later_a_message_changes_nothing(town: Town) -> None:
    sent = [message_fields(text) for text in ("TRYGG", "ja", "1", "Duved", "4")]
    first = [town.webhook(fields).data for fields in sent]
    town.clock.move(hours=1)
    assert [town.webhook(fields).data for fields in sent] == first
    assert count(town, Answer) == 3
    town.phone().say("radera")
    for fields in sent:
        town.webhook(fields)
    assert (count(town, Conversation), count(town, Answer)) == (0, 0)


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
    assert_states_and_answers_agree(town)


def test_the_survey_that_moved_last_goes_on_even_where_the_clock_was_set_back(town: Town) -> None:
    phone = town.phone()
    phone.answer_all("TRYGG", "ja", "1")
    town.clock.move(hours=-1)
    assert phone.say("PERSONAL").startswith("Medarbetardialog")
    assert phone.say("ja").startswith("Var arbetar du?")
    town.clock.move(hours=-1)
    assert phone.say("TRYGG").startswith("Vilken ort")
    assert phone.say("Duved").startswith("Hur trygg")
