"""When a question was asked decides what late texts belong to; also where it waited to be sent, or passed in a tab."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from test_chat import Visitor
from town import OUR_NUMBER, RESIDENT, Town, message_fields

from bot.channels.base import InboundMessage
from bot.services.posting import next_daytime
from bot.services.spool import Spool
from storage import outbox
from storage.database import Database
from storage.tables import Answer, Conversation, InboxMessage, OutboxMessage

PHONE = "+46701740605"


@pytest.fixture
def town(database: Database) -> Town:
    return Town.build(database)


def _late(town: Town, text: str, written_at: datetime) -> None:
    message = InboundMessage(
        provider="twilio",
        provider_id=message_fields(text)["MessageSid"],
        channel="sms",
        sender=PHONE,
        recipient=OUR_NUMBER,
        text=text,
        sent_at=written_at,
    )
    assert town.house.inbound.receive_late(message)


def _texts(town: Town, question: str) -> list[str | None]:
    with town.house.database.sessions.reading() as session:
        current = select(Answer.text).where(Answer.question == question, Answer.standing == "current")
        return list(session.scalars(current))


def _inbox(town: Town) -> list[str]:
    with town.house.database.sessions.reading() as session:
        return list(session.scalars(select(InboxMessage.text)))


def _send_what_waits(town: Town) -> None:
    with town.house.database.sessions.begin() as session:
        for outbox_id in session.scalars(select(OutboxMessage.id)).all():
            outbox.mark_sent(session, outbox_id, town.clock())


def test_a_question_that_waited_to_be_sent_was_asked_when_it_left(town: Town) -> None:
    """Written while the next question waited in the outbox: it belongs to the answer before."""
    town.phone().answer_all(*RESIDENT[:5])
    town.clock.move(minutes=10)
    _late(town, "Det är mörkt", town.clock() - timedelta(minutes=2))
    town.clock.move(minutes=30)
    written_at = town.clock()
    town.clock.move(minutes=30)
    _send_what_waits(town)
    town.clock.move(minutes=5)
    _late(town, "och ingen sandar", written_at)
    assert _texts(town, "problem") == ["Det är mörkt och ingen sandar"]
    assert _texts(town, "place") == []
    _late(town, "vid ladan", town.clock() - timedelta(minutes=1))
    assert _texts(town, "place") == ["vid ladan"]


def test_of_two_late_texts_the_second_is_part_of_the_first(town: Town) -> None:
    town.phone().answer_all(*RESIDENT[:5])
    town.clock.move(minutes=10)
    _late(town, "Det är mörkt", town.clock() - timedelta(seconds=50))
    _late(town, "och ingen sandar", town.clock() - timedelta(seconds=40))
    assert _texts(town, "problem") == ["Det är mörkt och ingen sandar"]
    assert town.phone().say("hej?").startswith("Var är det så?")
    assert _texts(town, "problem") == ["Det är mörkt och ingen sandar hej?"]


def test_what_was_written_before_the_first_question_that_is_known_goes_to_the_inbox(town: Town) -> None:
    town.phone().answer_all(*RESIDENT[:6])
    town.clock.move(minutes=10)
    _late(town, "Mörkt i backen", town.clock() - timedelta(days=2))
    assert _inbox(town) == ["Mörkt i backen"]
    assert len(_texts(town, "problem")) == 1


def test_danger_told_late_is_withheld_from_no_question_that_came_after(town: Town) -> None:
    phone = town.phone()
    phone.answer_all(*RESIDENT[:5])
    town.clock.move(minutes=1)
    phone.say("Det är mörkt")
    town.clock.move(minutes=1)
    _late(town, "hjälp mig han har kniv", town.clock() - timedelta(seconds=90))
    assert _texts(town, "place") == []
    assert phone.say("fortsätt").startswith("Var är det så?")


def test_an_answer_written_late_to_the_question_that_waits_still_is_taken_after_a_command(town: Town) -> None:
    phone = town.phone()
    phone.answer_all(*RESIDENT[:4])
    town.clock.move(minutes=1)
    written_at = town.clock()
    town.clock.move(seconds=5)
    phone.say("hjälp")
    town.clock.move(minutes=2)
    _late(town, "4", written_at)
    assert _texts(town, "safety") == [None]


def test_times_go_on_rising_while_the_clock_is_set_back(town: Town) -> None:
    phone, times = town.phone(), []
    for hours, text in zip((0, -1, -2, 0, -1, -3), RESIDENT, strict=False):
        town.clock.time += timedelta(hours=hours)
        phone.say(text)
        with town.house.database.sessions.reading() as session:
            row = session.execute(select(Conversation.last_at, Conversation.asked)).one()
        assert datetime.fromisoformat(row.asked[-1][2]) == row.last_at
        times.append(row.last_at)
    assert times == sorted(times)


def test_what_the_spool_keeps_of_one_sender_keeps_its_order_when_the_clock_is_set_back(
    town: Town, tmp_path: Path
) -> None:
    spool = Spool(folder=tmp_path, keys=town.house.keys)
    for number, text in enumerate(("Det är mörkt", "och ingen sandar", "alls")):
        message = InboundMessage(
            provider="twilio",
            provider_id=f"SM{5 - number:032}",
            channel="sms",
            sender=PHONE,
            recipient=OUR_NUMBER,
            text=text,
        )
        spool.put(message, town.clock())
        if not number:  # then the clock goes back an hour
            (first,) = spool.waiting()
            ahead = first.stat().st_mtime_ns + 3_600 * 10**9
            os.utime(first, ns=(ahead, ahead))
    assert [spool.read(path).text for path in spool.waiting()] == ["Det är mörkt", "och ingen sandar", "alls"]


@pytest.mark.parametrize(
    ("now", "due"),
    [
        # the night of 25 hours, the one of 23, and the hour that there is twice
        (datetime(2026, 10, 24, 20, 30, tzinfo=UTC), datetime(2026, 10, 25, 7, 0, tzinfo=UTC)),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 7, 0, tzinfo=UTC)),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), datetime(2026, 10, 25, 7, 0, tzinfo=UTC)),
        (datetime(2027, 3, 27, 20, 30, tzinfo=UTC), datetime(2027, 3, 28, 6, 0, tzinfo=UTC)),
        (datetime(2027, 3, 28, 5, 59, tzinfo=UTC), datetime(2027, 3, 28, 6, 0, tzinfo=UTC)),
        (datetime(2027, 3, 28, 6, 0, tzinfo=UTC), datetime(2027, 3, 28, 6, 0, tzinfo=UTC)),
        (datetime(2026, 10, 25, 18, 59, tzinfo=UTC), datetime(2026, 10, 25, 18, 59, tzinfo=UTC)),
        (datetime(2026, 10, 25, 19, 0, tzinfo=UTC), datetime(2026, 10, 26, 7, 0, tzinfo=UTC)),
    ],
)
def test_quiet_hours_follow_the_clock_on_the_wall(now: datetime, due: datetime) -> None:
    assert next_daytime(now) == due


# --- tabs of the chat --------------------------------------------------------------------------------------------


@pytest.fixture
def at_problem(town: Town) -> Visitor:
    visitor = Visitor(town).start().answer("Bor här").answer("Duved").answer("Ganska otrygg").answer("Nej")
    assert visitor.heading.startswith("Vad är det största")
    return visitor


def test_an_older_tab_adds_to_an_open_answer(town: Town, at_problem: Visitor) -> None:
    older = Visitor(town)
    fields = at_problem.fields("Skicka svaret", text="och halt bakom ladan")
    at_problem.answer(text="Det är mörkt på E14")
    assert at_problem.heading.startswith("När är det värst")
    older.post({**fields, "message_id": "f" * 32})
    assert _texts(town, "problem") == ["Det är mörkt på E14 och halt bakom ladan"]
    assert older.heading.startswith("När är det värst")
    assert "lagt till det i ditt svar" in older.words


def test_an_older_tab_answers_what_was_skipped(town: Town, at_problem: Visitor) -> None:
    fields = at_problem.fields("Skicka svaret", text="Folk kör för fort på E14")
    at_problem.press("Hoppa över")
    older = Visitor(town).post({**fields, "message_id": "f" * 32})
    assert _texts(town, "problem") == ["Folk kör för fort på E14"]
    assert older.heading.startswith("När är det värst")


def test_the_same_text_changed_and_sent_anew_replaces_itself(town: Town, at_problem: Visitor) -> None:
    """The browser's own Back shows the old form."""
    fields = at_problem.fields("Skicka svaret", text="Mörkt på E14")
    at_problem.post(fields)
    at_problem.post({**fields, "text": "Mörkt på E14 vid ladan"})
    assert _texts(town, "problem") == ["Mörkt på E14 vid ladan"]


def test_a_form_for_a_question_that_was_never_asked_answers_nothing(town: Town, at_problem: Visitor) -> None:
    fields = at_problem.fields("Skicka svaret", text="fartkamera")
    at_problem.post({**fields, "question": "wish.0", "message_id": "f" * 32})
    assert _texts(town, "wish") == []
    assert _texts(town, "problem") == []
    assert at_problem.heading.startswith("Vad är det största")
