"""Messages through the signed webhook into both databases: stored once, answered once, found by nobody."""

from collections import defaultdict
from collections.abc import Iterator

import pytest
from sqlalchemy import func, select
from town import RESIDENT, ROUND, Town, message_fields, twiml_text

from bot.services.applying import BITS_OF_ITS_OWN
from bot.services.upkeep import Upkeep
from storage.database import Database
from storage.tables import (
    Answer,
    Coding,
    Conversation,
    Delivery,
    FeedbackEntry,
    InboxMessage,
    Message,
    OptOut,
    Round,
    SafeguardReply,
)


@pytest.fixture
def town(database: Database) -> Iterator[Town]:
    yield Town.build(database)


def _count(town: Town, table: type, *conditions: object) -> int:
    with town.house.database.sessions.reading() as session:
        return session.scalar(select(func.count()).select_from(table).where(*conditions)) or 0  # type: ignore[arg-type]


def _one(town: Town, query: object) -> object:
    with town.house.database.sessions.reading() as session:
        return session.scalars(query).one()  # type: ignore[call-overload]


def test_a_whole_survey_is_stored_as_answers_with_codings(town: Town) -> None:
    assert town.phone().answer_all(*RESIDENT).startswith("Tack!")
    conversation = _one(town, select(Conversation))
    assert isinstance(conversation, Conversation)
    assert (conversation.status, conversation.outcome, conversation.place_code) == (
        "finished",
        "complete",
        "DUVED3",
    )
    assert (conversation.area, conversation.age, conversation.gender) == ("duved", "45_64", "woman")
    assert _count(town, Answer, Answer.standing == "current") == 8
    assert _count(town, Answer, Answer.value == "weekday_evening weekend_evening") == 1
    assert (
        _count(town, Coding, Coding.category == "traffic_offences", Coding.is_primary) == 2
    )  # problem and wish


def test_answers_and_codings_lie_beside_their_conversation_in_no_order_of_arrival(town: Town) -> None:
    orders = set()
    for number in range(4):
        town.phone(f"+4670174060{number}").answer_all(*RESIDENT)
    with town.house.database.sessions.reading() as session:
        by_conversation: dict[int, list[Answer]] = defaultdict(list)
        for answer in session.scalars(select(Answer)):
            by_conversation[answer.conversation_id].append(answer)
        for conversation_id, answers in by_conversation.items():
            assert {answer.id >> BITS_OF_ITS_OWN for answer in answers} == {
                conversation_id >> BITS_OF_ITS_OWN
            }
            orders.add(tuple(answer.question for answer in sorted(answers, key=lambda a: a.id)))
        for coding in session.scalars(select(Coding)):
            assert coding.id >> BITS_OF_ITS_OWN == coding.answer_id >> BITS_OF_ITS_OWN
    assert len(by_conversation) == 4
    assert len(orders) > 1


def test_second_delivery_of_same_sms_returns_the_same_reply(town: Town) -> None:
    town.phone().say("TRYGG")
    fields = message_fields("ja")
    first, second = town.webhook(fields), town.webhook(fields)
    assert first.data == second.data
    assert twiml_text(first).startswith("Vem är du här?")
    assert _count(town, Message) == 2


def test_a_duplicate_after_48_hours_gets_an_empty_acknowledgement(town: Town) -> None:
    fields = message_fields("TRYGG")
    town.webhook(fields)
    town.clock.move(hours=49)
    Upkeep(sessions=town.house.database.sessions, now=town.clock).run()
    assert twiml_text(town.webhook(fields)) == ""
    assert _count(town, Message) == 1
    assert _count(town, Message, Message.sender_key.is_not(None)) == 0


def test_keyword_forgives_case_space_and_unknown_codes(town: Town) -> None:
    for index, text in enumerate(("trygg duved 3", "Tryggduved3", " TRYGG. ", "Duved3", "trygg nonsens")):
        assert "frivilliga" in town.phone(f"+4670174061{index}").say(text), text
    assert _count(town, Conversation, Conversation.place_code == "DUVED3") == 3
    assert _count(town, Conversation, Conversation.place_code == "unknown") == 1


def test_english_keyword_begins_in_english(town: Town) -> None:
    assert "voluntary" in town.phone().say("safe")


def test_stop_is_final_until_start_and_a_keyword_opts_nobody_in(town: Town) -> None:
    phone = town.phone()
    phone.answer_all("TRYGG", "ja", "RESULTAT")
    assert _count(town, FeedbackEntry) == 1
    assert phone.say("stopp").startswith("Du får inga fler sms")
    assert (_count(town, OptOut), _count(town, FeedbackEntry)) == (1, 0)
    assert phone.say("1") == ""
    assert phone.say("TRYGG").startswith("Vem är du här?")
    assert _count(town, OptOut) == 1
    phone.say("stopp")
    assert phone.say("START").startswith("Välkommen tillbaka")
    assert _count(town, OptOut) == 0


def test_the_providers_own_stop_is_obeyed_in_silence(town: Town) -> None:
    phone = town.phone()
    phone.say("TRYGG")
    assert phone.say("whatever", OptOutType="STOP") == ""
    assert _count(town, OptOut) == 1


def test_erasing_takes_everything_of_that_number_and_nothing_else(town: Town) -> None:
    town.phone().answer_all(*RESIDENT)
    town.phone("+46701740699").answer_all(*RESIDENT)
    before = _count(town, Answer)
    assert town.phone().say("radera") == "Dina svar är raderade. Tack ändå!"
    assert _count(town, Answer) == before // 2
    assert _count(town, Conversation) == 1
    assert _count(town, Message, Message.conversation_id.is_not(None)) == len(RESIDENT)
    assert "inget att radera" in town.phone().say("radera")


def test_after_the_erasure_window_nobody_can_tell_whose_an_answer_is(town: Town) -> None:
    town.phone().answer_all(*RESIDENT)
    upkeep = Upkeep(sessions=town.house.database.sessions, now=town.clock)
    town.clock.move(days=32)
    assert upkeep.run().rounds_closed == 1
    town.clock.move(days=10)
    assert upkeep.run().keys_destroyed == 0
    town.clock.move(days=10)
    assert upkeep.run().keys_destroyed == 1
    assert _count(town, Conversation, Conversation.contact_key.is_not(None)) == 0
    assert _count(town, Message, Message.conversation_id.is_not(None)) == 0
    assert _count(town, Message, Message.received_at.is_not(None)) == 0
    conversation = _one(town, select(Conversation))
    assert isinstance(conversation, Conversation)
    times = (conversation.started_at, conversation.last_at, conversation.finished_at)
    assert {(t.hour, t.minute, t.second) for t in times if t} == {(0, 0, 0)}
    assert _count(town, Round, Round.wrapped_key.is_not(None)) == 0
    assert _count(town, Answer) == 8
    assert "inget att radera" in town.phone().say("radera")
    assert _count(town, Answer) == 8


def test_who_has_answered_is_asked_whose_turn_it_is(town: Town) -> None:
    phone = town.phone()
    phone.answer_all(*RESIDENT)
    assert phone.say("TRYGG").startswith("Det här numret har redan svarat")
    assert phone.say("2").startswith("Åre kommun ställer")
    phone.answer_all(*RESIDENT[1:])
    assert _count(town, Conversation, Conversation.ordinal == 2, Conversation.status == "finished") == 1


def test_changing_answers_replaces_them_one_by_one(town: Town) -> None:
    phone = town.phone()
    phone.answer_all(*RESIDENT)
    phone.say("TRYGG")
    assert phone.say("1").startswith("Vem är du här?")
    phone.answer_all("1", "Kall")
    assert _count(town, Answer, Answer.question == "area", Answer.standing == "replaced") == 1
    assert (
        _count(town, Answer, Answer.question == "area", Answer.standing == "current", Answer.value == "kall")
        == 1
    )
    assert _count(town, Answer, Answer.standing == "current") == 8


def test_answers_off_the_path_leave_the_counts(town: Town) -> None:
    phone = town.phone()
    phone.answer_all("TRYGG", "ja", "1", "Kall", "2")
    phone.answer_all("tillbaka", "tillbaka", "tillbaka", "4")
    assert _count(town, Answer, Answer.standing == "off_path") == 2
    assert _count(town, Answer, Answer.standing == "current", Answer.question == "role") == 1


def test_a_message_outside_any_survey_is_kept_redacted_with_a_date(town: Town) -> None:
    reply = town.phone().say("Hej, ring mig på 070-174 06 05 om lamporna")
    assert reply.startswith("Hej! Vi läser inte sms här löpande")
    kept = _one(town, select(InboxMessage))
    assert isinstance(kept, InboxMessage)
    assert "[TEL]" in kept.text
    town.clock.time = town.clock.time.replace(year=2027)
    Upkeep(sessions=town.house.database.sessions, now=town.clock).run()
    assert _count(town, InboxMessage) == 0


def test_danger_is_answered_outside_any_survey_and_the_text_is_kept_nowhere(town: Town) -> None:
    assert "RING 112" in town.phone().say("hjälp mig han har kniv")
    assert _count(town, InboxMessage) == 0
    assert _count(town, SafeguardReply, SafeguardReply.kind == "emergency") == 1


def test_a_safeguarded_answer_keeps_no_text(town: Town) -> None:
    town.phone().answer_all("TRYGG", "ja", "1", "Duved", "5", "min man slår mig")
    withheld = _one(town, select(Answer).where(Answer.question == "problem"))
    assert isinstance(withheld, Answer)
    assert (withheld.value, withheld.text) == ("withheld", None)
    assert _count(town, Coding, Coding.category == "domestic_violence", Coding.is_primary) == 1


def test_under_fifteen_leaves_no_answers(town: Town) -> None:
    reply = town.phone().answer_all("TRYGG", "ja", "1", "Duved", "5", "jag är 12 år och rädd")
    assert "bort dina svar" in reply
    assert _count(town, Answer) == 0
    assert _count(town, Conversation, Conversation.outcome == "under_age") == 1


def test_thirty_messages_an_hour_then_silence(town: Town) -> None:
    phone = town.phone()
    replies = [phone.say("hallå där") for _ in range(33)]
    assert all(replies[:30])
    assert not any(replies[30:])
    assert "RING 112" in phone.say("hjälp mig han har kniv")
    assert phone.say("stopp").startswith("Du får inga fler sms")
    assert _count(town, OptOut) == 1
    town.clock.move(hours=2)
    assert phone.say("START")


def test_a_sender_that_is_no_telephone_is_never_answered(town: Town) -> None:
    for sender in ("PostNord", "72345", "+46700000100"):
        assert town.phone(sender).say("TRYGG") == ""
    assert _count(town, Conversation) == 0


def test_a_picture_without_words_is_asked_for_as_text(town: Town) -> None:
    phone = town.phone()
    phone.say("TRYGG")
    assert "bara ta emot text" in phone.say("", NumMedia="1", MediaUrl0="http://127.0.0.1:1/x")


def test_a_closed_round_says_so_and_still_answers_danger(town: Town) -> None:
    phone = town.phone()
    phone.answer_all("TRYGG", "ja")
    town.rounds.close(ROUND)
    assert "stängd" in phone.say("1")
    assert "stängd" in phone.say("TRYGG")
    assert "RING 112" in phone.say("hjälp mig han har kniv")
    assert phone.say("radera").startswith("Dina svar är raderade")


def test_deliveries_only_move_forward_and_a_block_is_an_opt_out(town: Town) -> None:
    sid = "SM" + "a" * 32
    for state in ("sent", "delivered", "sent", "queued", "brand_new_state"):
        assert town.status(sid, state).status_code == 200
    delivery = _one(town, select(Delivery))
    assert isinstance(delivery, Delivery)
    assert delivery.state == "delivered"
    town.status("SM" + "b" * 32, "failed", ErrorCode="21610")
    assert _count(town, OptOut) == 1


def test_a_meeting_is_noted_and_noted_further_later(town: Town) -> None:
    phone = town.phone()
    notes = (
        "mote1",
        "12,9,3,8",
        "Det är mörkt vid stationen",
        "stationen",
        "2",
        "14",
        "6",
        "0",
        "0",
        "2",
        "1",
    )
    assert "MOTE1" in phone.answer_all(*notes)
    assert phone.say("MOTE1").startswith("Ungefär hur många")
    assert _count(town, Conversation, Conversation.stream == "dialogue") == 2


def test_employees_and_residents_on_one_phone_stay_apart(town: Town) -> None:
    phone = town.phone()
    phone.answer_all(*RESIDENT)
    assert phone.say("PERSONAL").startswith("Medarbetardialog")
    assert phone.say("ja").startswith("Var arbetar du?")
    assert _count(town, Conversation, Conversation.stream == "employees") == 1


def test_a_number_without_a_round_promises_nothing_and_still_answers_danger(town: Town) -> None:
    phone = town.phone()
    for text in ("TRYGG", "hjälp", "vem är ni?", "hej på er"):
        assert phone.say(text, To="+46700000999").startswith("Hej! Ingen enkät är öppen"), text
    assert "RING 112" in phone.say("hjälp mig han har kniv", To="+46700000999")
    assert "[" not in phone.say("stopp", To="+46700000999")
    assert "inget att radera" in phone.say("radera", To="+46700000999")


def test_a_meeting_with_a_misspelt_code_is_asked_for_it(town: Town) -> None:
    phone = town.phone()
    assert phone.say("MÖTE 99").startswith("Anteckning från medborgardialog")
    assert phone.say("mote2").startswith("Ungefär hur många")
    assert _count(town, Conversation, Conversation.place_code == "MOTE2") == 1
