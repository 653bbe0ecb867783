"""Messages that come after their time, by the spool or the provider's list: stored once, under no question that was not
asked, and answered once, whatever fails on the way.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from rehearsal import Rehearsal, rehearsal
from sqlalchemy import func, select, update
from town import ACCOUNT, OUR_NUMBER, RESIDENT, Town, message_fields, twiml_text

from bot.app import create_fallback_app
from bot.channels.base import InboundMessage, OptSignal
from bot.channels.twilio_sms import FALLBACK_PATH
from bot.services.late import Drain, Reconciliation
from bot.services.posting import next_daytime
from bot.services.sending import Sending
from bot.services.spool import Spool
from bot.services.upkeep import Upkeep
from bot.wiring import build_fallback
from storage.database import Database
from storage.tables import Answer, Base, Conversation, InboxMessage, Message, OptOut, OutboxMessage

PHONE = "+46701740605"
TEXT = "Mörkt vid Björnens parkering"


@pytest.fixture
def provider() -> Iterator[Rehearsal]:
    with rehearsal(ACCOUNT) as running:
        yield running


@dataclass
class Late:
    """A town whose clock shows the real time, the provider beside it, and a spool."""

    town: Town
    provider: Rehearsal
    spool: Spool

    def drain(self) -> int:
        return Drain(inbound=self.town.house.inbound, spool=self.spool).run().taken

    def reconcile(self, *, was_answered: bool = False) -> int:
        reconciliation = Reconciliation(
            inbound=self.town.house.inbound,
            provider=self.provider.api,
            sessions=self.town.house.database.sessions,
            now=self.town.clock,
        )
        return reconciliation.run(was_answered=was_answered).taken

    @property
    def sending(self) -> Sending:
        return Sending(
            parts=self.town.house.inbound.parts,
            provider=self.provider.api,
            status_url="http://127.0.0.1:9/nobody",
            now=self.town.clock,
        )

    def lose(self, text: str, phone: str = PHONE) -> None:
        """Somebody writes, and the webhook never comes."""
        self.provider.write(text, sender=phone, recipient=OUR_NUMBER, lost=True)

    def keep(self, text: str, phone: str = PHONE, *, seconds_ago: float = 1, **changes: object) -> bool:
        """Somebody writes, and the fallback keeps it."""
        message = InboundMessage(
            provider="twilio",
            provider_id=str(changes.pop("sid", message_fields(text)["MessageSid"])),
            channel="sms",
            sender=phone,
            recipient=OUR_NUMBER,
            text=text,
        )
        at = self.town.clock() - timedelta(seconds=seconds_ago)
        return self.spool.put(replace(message, **changes), at)  # type: ignore[arg-type]

    def count(self, table: type[Base]) -> int:
        with self.town.house.database.sessions.reading() as session:
            return session.scalar(select(func.count()).select_from(table)) or 0

    def inbox(self) -> list[str]:
        with self.town.house.database.sessions.reading() as session:
            return list(session.scalars(select(InboxMessage.text)))

    def at_question(self) -> str | None:
        with self.town.house.database.sessions.reading() as session:
            return session.scalar(select(Conversation.at_question))

    def kept_values(self, question: str) -> list[str]:
        with self.town.house.database.sessions.reading() as session:
            return list(session.scalars(select(Answer.value).where(Answer.question == question)))


@pytest.fixture
def late(database: Database, provider: Rehearsal, tmp_path: Path) -> Late:
    now = datetime.now(UTC)
    month = timedelta(days=30)
    town = Town.build(database, opens_on=now.date() - month, closes_on=now.date() + month)
    town.clock.time = now
    return Late(town=town, provider=provider, spool=Spool(folder=tmp_path / "spool", keys=town.house.keys))


# --- what the spool keeps ---------------------------------------------------------------------------------------


def test_what_was_kept_is_taken_in_once_and_its_files_go(late: Late) -> None:
    for number in range(20):
        late.keep("TRYGG", f"+467017406{number:02}")  # the sixth is PHONE
    late.keep("TRYGG", sid="SM" + "a" * 32)
    late.keep("TRYGG", sid="SM" + "a" * 32)
    assert (late.drain(), late.drain()) == (21, 0)
    assert (late.count(Message), late.count(Conversation)) == (21, 20)
    assert list(late.spool.folder.iterdir()) == []


def test_what_is_kept_tells_nobody_on_the_disk(late: Late) -> None:
    late.keep(TEXT)
    written = [path for path in late.spool.folder.rglob("*") if path.is_file()]
    everything = "".join(map(str, written)) + "".join(path.read_text() for path in written)
    assert len(written) == 1
    assert "701740605" not in everything
    assert "Björnen" not in everything
    assert written[0].stat().st_mode & 0o077 == 0


def test_message_that_came_by_the_webhook_too_is_not_taken_twice(late: Late) -> None:
    fields = message_fields("TRYGG")
    late.keep("TRYGG", sid=fields["MessageSid"])
    late.town.webhook(fields)
    assert late.drain() == 0
    assert (late.count(Message), late.count(OutboxMessage)) == (1, 0)


def test_webhook_that_comes_after_all_is_met_with_silence(late: Late) -> None:
    fields = message_fields("TRYGG")
    late.keep("TRYGG", sid=fields["MessageSid"])
    late.drain()
    assert twiml_text(late.town.webhook(fields)) == ""
    assert late.count(Message) == 1


def test_file_that_cannot_be_read_stays_and_holds_nobody_up(late: Late) -> None:
    late.keep("TRYGG", sid="SM" + "a" * 32)
    (broken,) = late.spool.waiting()
    broken.write_text("k1.x.y")
    late.keep("TRYGG", "+46701740606")
    done = Drain(inbound=late.town.house.inbound, spool=late.spool).run()
    assert (done.taken, done.failed) == (1, 1)
    assert late.spool.waiting() == [broken]


def test_file_that_a_killed_process_left_unfinished_is_no_message(late: Late) -> None:
    late.keep("TRYGG")
    (late.spool.folder / ".begun-1").write_text("half")
    assert late.drain() == 1


# --- the fallback process ---------------------------------------------------------------------------------------


def _fall_back(late: Late, text: str, **fields: str) -> str:
    settings = replace(late.town.house.settings, spool_folder=str(late.spool.folder))
    client = create_fallback_app(build_fallback(settings)).test_client()
    sent = {
        **message_fields(text),
        "ErrorCode": "11217",
        "ErrorUrl": "https://x.example/twilio/sms",
        **fields,
    }
    signature = late.town.house.twilio.sign(FALLBACK_PATH, sent)
    response = client.post(FALLBACK_PATH, data=sent, headers={"X-Twilio-Signature": signature})
    assert response.status_code == 200
    return twiml_text(response)


def test_fallback_keeps_the_message_and_says_so_once_to_each_telephone(late: Late) -> None:
    said = _fall_back(late, "TRYGG")
    assert "Ditt sms är sparat" in said
    assert "ring 112" in said
    assert "Danger now: call 112" in said
    assert _fall_back(late, "hallå?") == ""
    assert _fall_back(late, "TRYGG", From="+46701740699") == said
    late.town.clock.time = datetime.now(UTC)
    assert late.drain() == 3


@pytest.mark.parametrize(("text", "fields"), [("STOPP", {}), ("stop!", {}), ("ja", {"OptOutType": "STOP"})])
def test_fallback_answers_stop_with_silence_and_it_is_obeyed_later(
    late: Late, text: str, fields: dict[str, str]
) -> None:
    assert _fall_back(late, text, **fields) == ""
    late.town.clock.time = datetime.now(UTC)
    late.drain()
    assert late.count(OptOut) == 1


def test_fallback_does_not_talk_to_machines(late: Late) -> None:
    assert _fall_back(late, "Din kod är 1234", From="Posten") == ""
    assert late.spool.count() == 0


# --- what the provider has and we have not ----------------------------------------------------------------------


def test_one_run_finds_every_message_that_was_lost_and_the_next_none(late: Late) -> None:
    for number in range(100):
        late.lose("TRYGG", f"+467017407{number:02}")
    late.town.clock.move(minutes=5)
    assert (late.reconcile(), late.reconcile()) == (100, 0)
    assert (late.count(Message), late.count(Conversation)) == (100, 100)


def test_message_that_may_still_be_on_its_way_is_left_alone(late: Late) -> None:
    late.lose("TRYGG")
    assert late.reconcile() == 0
    late.town.clock.move(minutes=2)
    assert late.reconcile() == 1


def test_what_machines_wrote_is_not_taken_in_again_and_again(late: Late) -> None:
    late.lose("Din kod är 1234", "Posten")
    late.town.clock.move(minutes=5)
    assert late.reconcile() == 0
    assert late.count(Message) == 0


def test_after_a_restore_a_whole_survey_is_taken_in_again_without_a_word(late: Late) -> None:
    now = late.town.clock()
    for index, text in enumerate(RESIDENT):
        late.keep(text, seconds_ago=600 - 20 * index)
    messages = [late.spool.read(path) for path in late.spool.waiting()]
    for message in messages:
        late.town.house.inbound.receive_late(message, was_answered=True)
    with late.town.house.database.sessions.reading() as session:
        row = session.execute(select(Conversation.status, Conversation.last_at)).one()
    assert row.status == "finished"
    assert row.last_at < now
    assert (late.count(OutboxMessage), late.inbox()) == (0, [])


def test_messages_of_one_second_are_taken_in_the_order_in_which_they_were_written(late: Late) -> None:
    for text in RESIDENT:
        late.lose(text)
    late.town.clock.move(minutes=5)
    late.reconcile(was_answered=True)
    with late.town.house.database.sessions.reading() as session:
        assert session.scalar(select(Conversation.status)) == "finished"


def test_of_several_lost_messages_the_first_answers_what_was_asked(late: Late) -> None:
    late.town.phone(PHONE).answer_all(*RESIDENT[:4])
    late.lose("4")
    late.lose("hallå?")
    late.town.clock.move(minutes=5)
    assert late.reconcile() == 2
    assert late.kept_values("safety") == ["fairly_unsafe"]
    assert late.inbox() == ["hallå?"]


# --- under the right question -----------------------------------------------------------------------------------


def test_late_answer_goes_on_where_the_conversation_stood(late: Late) -> None:
    late.town.phone(PHONE).answer_all(*RESIDENT[:5])
    late.town.clock.move(minutes=10)
    late.keep(TEXT)
    late.drain()
    assert late.kept_values("problem") == ["answered"]
    assert late.sending.run() == 1
    assert [text[:12] for text in late.provider.sent_to(PHONE)] == ["Var är det s"]
    late.town.clock.move(seconds=30)
    assert late.town.phone(PHONE).say("parkeringen").startswith("När är det")


def test_what_was_written_before_the_question_came_is_no_answer_to_it(late: Late) -> None:
    phone = late.town.phone(PHONE)
    phone.answer_all(*RESIDENT[:4])
    late.town.clock.move(seconds=30)
    phone.say("4")
    late.town.clock.move(minutes=1)
    late.keep("fyra", seconds_ago=80)
    late.drain()
    assert late.kept_values("problem") == []
    assert late.inbox() == ["fyra"]
    assert late.count(OutboxMessage) == 0
    assert late.count(Message) == 6


def test_keyword_that_comes_late_changes_nothing_that_has_begun(late: Late) -> None:
    late.town.phone(PHONE).answer_all(*RESIDENT[:4])
    late.town.clock.move(minutes=1)
    before = late.at_question()
    late.keep("TRYGG", seconds_ago=300)
    late.drain()
    assert (late.at_question(), late.inbox(), late.count(OutboxMessage)) == (before, [], 0)


def test_who_writes_before_the_late_question_has_left_is_asked_it_now(late: Late) -> None:
    phone = late.town.phone(PHONE)
    phone.answer_all(*RESIDENT[:4])
    late.town.clock.move(minutes=5)
    late.keep("4")
    late.drain()
    late.town.clock.move(seconds=2)
    assert phone.say("är ni där?").startswith("Vad är det största")
    assert late.inbox() == ["är ni där?"]
    assert late.sending.run() == 0
    assert phone.say(TEXT).startswith("Var är det")
    assert late.kept_values("problem") == ["answered"]


@pytest.mark.parametrize(("text", "reply"), [("hjälp", "Behöver du hjälp"), ("TRYGG", "Vad är det största")])
def test_command_is_obeyed_though_a_late_question_waits(late: Late, text: str, reply: str) -> None:
    phone = late.town.phone(PHONE)
    phone.answer_all(*RESIDENT[:4])
    late.town.clock.move(minutes=5)
    late.keep("4")
    late.drain()
    assert phone.say(text).startswith(reply)
    assert (late.inbox(), late.sending.run()) == ([], 0)


@pytest.mark.parametrize("seconds_ago", [1, 500])
def test_late_stop_stops_and_what_waited_is_not_sent(late: Late, seconds_ago: float) -> None:
    phone = late.town.phone(PHONE)
    phone.answer_all(*RESIDENT[:4])
    late.town.clock.move(minutes=5)
    late.keep("4", seconds_ago=2)
    late.keep("STOPP", seconds_ago=seconds_ago)
    late.drain()
    late.sending.run()
    assert late.count(OptOut) == 1
    assert all(text.startswith("Du får inga fler") for text in late.provider.sent_to(PHONE))


def test_stop_takes_back_a_reply_that_waits(late: Late) -> None:
    late.keep("TRYGG")
    late.drain()
    assert late.count(OutboxMessage) == 1
    late.town.phone(PHONE).say("STOPP")
    assert (late.count(OutboxMessage), late.sending.run()) == (0, 0)


def test_erase_takes_back_a_reply_that_waits(late: Late) -> None:
    late.keep("TRYGG")
    late.drain()
    late.town.phone(PHONE).say("RADERA")
    assert (late.count(OutboxMessage), late.count(Conversation)) == (0, 0)


def test_danger_told_late_is_answered_at_once_if_it_is_fresh_and_never_after_an_hour(late: Late) -> None:
    late.keep("hjälp han slår mig", "+46701740606", seconds_ago=60)
    late.keep("hjälp han slår mig", "+46701740607", seconds_ago=7_200)
    late.drain()
    late.town.clock.move(hours=24)
    late.sending.run()
    assert len(late.provider.sent_to("+46701740606")) == 1
    assert late.provider.sent_to("+46701740607") == []
    assert late.inbox() == []


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (datetime(2026, 11, 3, 22, 0, tzinfo=UTC), datetime(2026, 11, 4, 7, 0, tzinfo=UTC)),
        (datetime(2026, 11, 3, 5, 0, tzinfo=UTC), datetime(2026, 11, 3, 7, 0, tzinfo=UTC)),
        (datetime(2026, 11, 3, 12, 0, tzinfo=UTC), datetime(2026, 11, 3, 12, 0, tzinfo=UTC)),
        (datetime(2026, 3, 28, 22, 0, tzinfo=UTC), datetime(2026, 3, 29, 6, 0, tzinfo=UTC)),
    ],
)
def test_reply_to_something_old_waits_for_the_day(now: datetime, due: datetime) -> None:
    assert next_daytime(now) == due


# --- sent once --------------------------------------------------------------------------------------------------


def test_reply_that_the_provider_refuses_for_now_is_sent_later(late: Late) -> None:
    late.keep("TRYGG")
    late.drain()
    late.provider.order_faults("429")
    assert late.sending.run() == 0
    late.town.clock.move(seconds=10)
    assert late.sending.run() == 1
    assert len(late.provider.sent_to(PHONE)) == 1


@pytest.mark.parametrize("fault", ["500", "accepted-503", "accepted-cut"])
def test_reply_of_which_nobody_knows_is_looked_for_before_it_is_sent_again(late: Late, fault: str) -> None:
    late.keep("TRYGG")
    late.drain()
    late.provider.order_faults(fault)
    late.sending.run()
    late.sending.run()
    assert late.count(OutboxMessage) == 1
    late.town.clock.move(minutes=2)
    late.sending.run()
    assert late.count(OutboxMessage) == 0
    assert len(late.provider.sent_to(PHONE)) == 1


@pytest.mark.parametrize("last_word", ["STOPP", "RADERA"])
@pytest.mark.parametrize("first_word", ["TRYGG", "INFO"])
def test_reply_of_which_nobody_knows_is_not_sent_again_after_stop_or_erase(
    late: Late, first_word: str, last_word: str
) -> None:
    late.keep(first_word)
    late.drain()
    late.provider.order_faults("500")
    late.sending.run()
    late.town.phone(PHONE).say(last_word)
    late.town.clock.move(minutes=2)
    assert late.sending.run() == 0
    assert (late.count(OutboxMessage), late.provider.sent_to(PHONE)) == (0, [])


def test_sender_that_was_killed_after_its_claim_leaves_a_reply_that_is_sent_once(late: Late) -> None:
    late.keep("TRYGG")
    late.drain()
    with late.town.house.database.sessions.begin() as session:
        session.execute(
            update(OutboxMessage).values(state="sending", claimed_at=late.town.clock(), attempts=1)
        )
    assert late.sending.run() == 0
    late.town.clock.move(minutes=2)
    assert late.sending.run() == 1
    assert len(late.provider.sent_to(PHONE)) == 1


def test_status_callback_tells_that_a_reply_left_though_the_answer_was_lost(late: Late) -> None:
    late.keep("TRYGG")
    late.drain()
    late.provider.order_faults("accepted-cut")
    late.sending.run()
    with late.town.house.database.sessions.reading() as session:
        outbox_id = session.scalar(select(OutboxMessage.id))
    path = f"/twilio/status?o={outbox_id}"
    assert late.town.webhook({**message_fields(""), "MessageStatus": "sent"}, path=path).status_code == 200
    assert late.count(OutboxMessage) == 0


def test_telephone_that_is_blocked_at_the_provider_counts_as_opted_out(
    database: Database, tmp_path: Path
) -> None:
    with rehearsal(ACCOUNT, handles_stop=True) as provider:
        now = datetime.now(UTC)
        week = timedelta(days=7)
        town = Town.build(database, opens_on=now.date() - week, closes_on=now.date() + week)
        town.clock.time = now
        late = Late(town=town, provider=provider, spool=Spool(folder=tmp_path, keys=town.house.keys))
        late.lose("STOP", "+46701740606")
        late.keep("TRYGG", "+46701740606")
        late.drain()
        assert late.sending.run() == 0
    assert late.count(OptOut) == 1
    with database.sessions.reading() as session:
        assert session.scalar(select(OutboxMessage.number_ciphertext)) == ""


def test_what_could_not_be_sent_for_two_days_is_forgotten(late: Late) -> None:
    late.keep("TRYGG")
    late.drain()
    late.town.clock.move(hours=49)
    upkeep = Upkeep(sessions=late.town.house.database.sessions, now=late.town.clock)
    assert upkeep.run().unsent_deleted == 1
    assert late.count(OutboxMessage) == 0


def test_picture_and_opt_signal_come_through_the_spool(late: Late) -> None:
    late.keep("", has_media=True, opt_signal=OptSignal.HELP)
    (path,) = late.spool.waiting()
    message = late.spool.read(path)
    assert (message.has_media, message.opt_signal, message.text) == (True, OptSignal.HELP, "")
