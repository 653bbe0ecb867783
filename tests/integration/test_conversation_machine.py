"""Two residents, each with a telephone and the chat, through the real services on SQLite: in any order, again and
again, seconds or weeks apart. After each message the rows keep the rules that are promised.

What ought to be there is kept here a second time, made of what was written and what was answered.
"""

import re
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import settings as profile
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test
from kept import assert_states_and_answers_agree
from sayings import ENDINGS, NIGHTLY, fitting, ordinary, sayings
from sizes import sizes
from sqlalchemy import select
from town import MONDAY, OUR_NUMBER, ROUND, Clock, Town

from bot.channels.base import InboundMessage, PressedStart
from bot.services.dates import local_date, retention_of
from bot.services.inbound import Inbound, Reply
from bot.services.replies import said_in
from bot.services.upkeep import Upkeep
from bot.wiring import House
from flows import catalogue
from flows.conversation import Conversation as State
from flows.conversation import Position, Status, from_json
from flows.model import Flow, Kind, Wording
from flows.obeying import may_change
from flows.path import path
from privacy.pseudonyms import contact_key
from privacy.retention import REPLY_KEPT
from storage import conversations, respondents, rounds
from storage.database import Database, open_database
from storage.rounds import RoundRow
from storage.tables import Answer, Base, Conversation, Message
from text.normalising import clean

PHONES = ("+46701740601", "+46701740602")
CHATS = ("chat:" + "a" * 32, "chat:" + "b" * 32)
SENDERS = (*PHONES, *CHATS)
KEYWORDS = ("TRYGG", "SAFE", "trygg duved 3", "Duved3")
DURATIONS = (
    *(timedelta(seconds=1), timedelta(seconds=50), timedelta(minutes=20), timedelta(hours=7)),
    *(timedelta(seconds=3), timedelta(minutes=2), timedelta(hours=1), timedelta(days=1)),
    *(timedelta(hours=49), timedelta(weeks=1), timedelta(weeks=6)),
)
_ASKING = (Status.ASKING, Status.WAITING)
_UNFILLED = re.compile(r"\[[A-ZÅÄÖ]+\]")
_MARKED = "det är mörkt vid lampan {}"


@dataclass(frozen=True, kw_only=True)
class Begun:
    """A conversation: whose it is, as long as that can be told, and all of its row."""

    contact: str | None
    row: str


@dataclass(frozen=True, kw_only=True)
class Kept:
    """An answer's row: only `standing` may change."""

    conversation: int
    position: Position
    text: str
    as_told: tuple[object, ...]
    standing: str


@dataclass(frozen=True, kw_only=True)
class Seen:
    """Every conversation and answer that there is, by id."""

    conversations: Mapping[int, Begun]
    answers: Mapping[int, Kept]

    def without(self, ids: set[int]) -> "Seen":
        """What belongs to none of these conversations."""
        return Seen(
            conversations={i: one for i, one in self.conversations.items() if i not in ids},
            answers={i: row for i, row in self.answers.items() if row.conversation not in ids},
        )


@dataclass(kw_only=True)
class Given:
    """A message with its first reply, and when it came."""

    incoming: InboundMessage
    reply: Reply
    came_at: datetime
    is_erased: bool = False
    """What it led to is gone since, and its reply with it."""


@dataclass(kw_only=True)
class Sender:
    """What is known of a telephone or a page from what it wrote. `words` mark its answers in own words."""

    contact: str
    ids: set[int] = field(default_factory=set)
    asked: set[Position] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    has_opted_out: bool = False


class Conversations(RuleBasedStateMachine):
    """`template` is a database with an open round and nobody in it, `house` what has read all word lists already."""

    def __init__(self, house: House, template: Path) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        shutil.copyfile(template, self.folder / "lyhord.db")
        self.database = open_database(f"sqlite:///{self.folder}/lyhord.db")
        self.clock = Clock()
        self.town = object.__new__(Town)  # without its web pages: messages come in by the service
        self.town.house, self.town.clock = _furnished(house, self.database, self.clock), self.clock
        row = self._row()
        key = self.town.house.keys.unwrap_key(row.wrapped_key or "")
        self.senders = {who: Sender(contact=contact_key(key, row.key_id, who)) for who in SENDERS}
        with self.database.sessions.reading() as session:
            survey = house.inbound.parts.surveys.of(session, row)
        self.flows = {flow.id: flow for flow in survey.flows.values()}
        """Those of the round's other surveys too: who writes a meeting's code is its note-taker."""
        self.given: list[Given] = []
        self.number = 0
        self.seen = self._look()

    def teardown(self) -> None:
        self.database.close()
        shutil.rmtree(self.folder)

    # --- what people do

    @rule(who=st.sampled_from(PHONES), keyword=st.sampled_from(KEYWORDS))
    def come_by_keyword(self, who: str, keyword: str) -> None:
        self._write(who, keyword)

    @rule(who=st.sampled_from(CHATS), language=st.sampled_from(["sv", "en"]))
    def press_start(self, who: str, language: str) -> None:
        self._write(who, "", start=PressedStart(stream="residents", language=language))

    @rule(who=st.sampled_from(SENDERS), choices=st.lists(st.integers(0, 8), min_size=1, max_size=4))
    def answer(self, who: str, choices: list[int]) -> None:
        """Some questions, one after the other."""
        if self._state(who) is None and who in PHONES:
            self.come_by_keyword(who, KEYWORDS[0])
        elif self._state(who) is None:
            self.press_start(who, "sv")
        for which in choices:
            state = self._state(who)
            if state is not None and state.at is not None:
                self._write(
                    who, fitting(self.flows[state.flow].question(state.at.question), which), at=state.at
                )

    @rule(who=st.sampled_from(SENDERS), text=sayings)
    def say(self, who: str, text: str) -> None:
        state = self._state(who)
        self._write(who, text, at=state.at if state else None)

    @rule(who=st.sampled_from(SENDERS), text=st.sampled_from(ENDINGS))
    def end(self, who: str, text: str) -> None:
        self._write(who, text)

    @rule(who=st.sampled_from(PHONES))
    def start_again(self, who: str) -> None:
        self._write(who, "START")
        assert not self.senders[who].has_opted_out

    @rule(who=st.sampled_from(SENDERS))
    def tell(self, who: str) -> None:
        """In own words, each time in others: kept where they were asked for, and after STOP they change nothing."""
        before, is_open = self._state(who), self._takes_answers()
        mark = f"nr{self.number}q"
        answers = self.seen.answers
        reply = self._write(who, _MARKED.format(mark), at=before.at if before else None)
        if before is None or reply.is_held_back:
            return
        if before.status is Status.STOPPED and self.senders[who].has_opted_out:
            assert reply.texts == ()
            assert self.seen.answers == answers
        kind = None
        if before.at and before.status in _ASKING:
            kind = self.flows[before.flow].question(before.at.question).kind
        if is_open and kind in (Kind.OPEN, Kind.PLACE):
            self.senders[who].words.add(mark)

    @rule(who=st.sampled_from(SENDERS))
    def undo(self, who: str) -> None:
        """To the question that was answered before, with every answer as it was."""
        before, is_open = self._state(who), self._takes_answers()
        reply = self._write(who, "tillbaka", at=before.at if before else None)
        if before is None or not is_open or reply.is_held_back or reply.is_left_behind:
            return
        if before.status in _ASKING and before.at is not None:
            positions = list(path(self.flows[before.flow], before))
            earlier = [p for p in positions[: positions.index(before.at)] if p in before.answers]
            after = self._state(who)
            assert after is not None
            assert (after.at, after.answers) == (earlier[-1] if earlier else before.at, before.answers)

    @rule(who=st.sampled_from(SENDERS), choices=st.lists(st.integers(0, 8), min_size=1, max_size=3))
    def undo_and_answer(self, who: str, choices: list[int]) -> None:
        """Another answer than before, and on from there."""
        self.undo(who)
        self.answer(who, choices)

    @rule(who=st.sampled_from(CHATS), which=st.integers(0, 12))
    def change(self, who: str, which: int) -> None:
        state = self._state(who)
        if state is None:
            return
        changeable = [p for p in state.answers if may_change(self.flows[state.flow], state, p)]
        if changeable and self._takes_answers():
            position = changeable[which % len(changeable)]
            self._write(who, "", changes=position)
            after = self._state(who)
            assert after is not None and after.at == position and after.answers == state.answers

    @rule(which=st.integers(0, 30))
    def deliver_again(self, which: int) -> None:
        """The provider or the page sends what it has sent: the same reply, as long as it is kept, and no row moves."""
        if not self.given:
            return
        given = self.given[which % len(self.given)]
        before = self._everything()
        again = self.town.house.inbound.receive(given.incoming)
        assert again.is_repeated
        assert self._everything() == before
        if again.texts:
            assert again.texts == given.reply.texts
        elif given.reply.texts:
            is_old = self.clock() - given.came_at >= REPLY_KEPT
            assert is_old or given.is_erased

    @rule(duration=st.sampled_from(DURATIONS))
    def time_passes(self, duration: timedelta) -> None:
        self.clock.time += duration

    @rule()
    def the_worker_runs(self) -> None:
        Upkeep(sessions=self.database.sessions, now=self.clock).run()
        self.seen = self._look()

    # --- how it is done

    def _write(
        self,
        who: str,
        text: str,
        *,
        at: Position | None = None,
        start: PressedStart | None = None,
        changes: Position | None = None,
    ) -> Reply:
        sender, is_sms = self.senders[who], who in PHONES
        self.number += 1
        incoming = InboundMessage(
            provider="twilio" if is_sms else "web",
            provider_id=f"message {self.number}",
            channel="sms" if is_sms else "chat",
            sender=who,
            recipient=OUR_NUMBER if is_sms else "",
            text=clean(text),
            round_code="" if is_sms else ROUND,
            start=start,
            answers=None if is_sms else at,
            changes=changes,
        )
        before = self.seen
        reply = self.town.house.inbound.receive(incoming)
        self.seen = self._look()
        if not reply.is_left_behind:
            self.given.append(Given(incoming=incoming, reply=reply, came_at=self.clock()))
        self._follow(sender, incoming, reply)
        self._assert_rows(sender, before, reply)
        self._assert_words(incoming, reply)
        self._assert_opted_out()
        return reply

    def _follow(self, sender: Sender, incoming: InboundMessage, reply: Reply) -> None:
        """What the reply says has become of the sender."""
        state = self._state(incoming.sender)
        sender.ids |= {i for i, one in self.seen.conversations.items() if one.contact == sender.contact}
        if "erased" in reply.keys:
            assert state is None and not sender.ids & self.seen.conversations.keys()
            assert not any(row.conversation in sender.ids for row in self.seen.answers.values())
            for given in self.given:
                given.is_erased |= given.incoming.sender == incoming.sender
        if "erased" in reply.keys or (state is not None and state.status is Status.UNDER_AGE):
            sender.words.clear()
        if state is not None and state.at is not None:
            sender.asked.add(state.at)
        if "stopped" in reply.keys and incoming.channel == "sms":
            sender.has_opted_out = True
        elif {"results", "welcome_back"} & {*reply.keys}:
            sender.has_opted_out = False

    def _assert_rows(self, sender: Sender, before: Seen, reply: Reply) -> None:
        """Of the sender no answer goes but by erasing, none changes but in its standing, none stands under what was not
        asked; of everybody else nothing moves. States and answers agree.
        """
        after = self.seen
        assert before.without(sender.ids) == after.without(sender.ids)
        is_gone = {"erased", "under_age", "child"} & {*reply.keys}
        assert is_gone or before.answers.keys() <= after.answers.keys()
        assert all(
            after.answers[key].as_told == before.answers[key].as_told
            for key in before.answers.keys() & after.answers.keys()
        )
        mine = [row for row in after.answers.values() if row.conversation in sender.ids]
        assert {row.position for row in mine} <= sender.asked
        assert_states_and_answers_agree(self.town)
        if local_date(self.clock()) <= retention_of(self._row()).masked_text_until:
            kept = "\n".join(row.text for row in after.answers.values())
            assert all(mark in kept for each in self.senders.values() for mark in each.words)

    def _assert_words(self, incoming: InboundMessage, reply: Reply) -> None:
        """What was said exists in the language in which it was said, and nothing is left to fill in."""
        assert not any(_UNFILLED.search(words) or not words.strip() for words in reply.texts)
        with self.database.sessions.reading() as session:
            document = session.scalar(
                select(Message.reply).where(Message.provider_id == incoming.provider_id)
            )
        for said in said_in(document) if document else ():
            assert all(said.language in wording for wording in _wordings(self.flows.values(), said.key))

    def _assert_opted_out(self) -> None:
        with self.database.sessions.reading() as session:
            for who in PHONES:
                keys = self.town.house.keys.standing_keys(who)
                assert respondents.has_opted_out(session, keys) == self.senders[who].has_opted_out

    # --- looking

    def _row(self) -> RoundRow:
        with self.database.sessions.reading() as session:
            row = rounds.get_round(session, ROUND)
        assert row is not None
        return row

    def _takes_answers(self) -> bool:
        return self._row().takes_answers(local_date(self.clock()))

    def _state(self, who: str) -> State | None:
        """Where the sender stands; None where they have not begun, were erased, or can no more be told apart."""
        with self.database.sessions.reading() as session:
            row = conversations.get_latest_conversation(session, self.senders[who].contact)
        return from_json(row.state) if row else None

    def _look(self) -> Seen:
        with self.database.sessions.reading() as session:
            columns = Conversation.__table__.columns
            return Seen(
                conversations={
                    row.id: Begun(contact=row.contact_key, row=repr(row))
                    for row in session.execute(select(*columns))
                },
                answers={
                    row.id: Kept(
                        conversation=row.conversation_id,
                        position=Position(row.question, row.repeat),
                        text=row.text or "",
                        as_told=(row.conversation_id, row.question, row.repeat, row.value, row.text),
                        standing=row.standing,
                    )
                    for row in session.scalars(select(Answer))
                },
            )

    def _everything(self) -> list[str]:
        """Every row of every table."""
        with self.database.sessions.reading() as session:
            tables = Base.metadata.sorted_tables
            return [repr(row) for table in tables for row in session.execute(select(table))]


def _furnished(house: House, database: Database, clock: Clock) -> House:
    """The same house around another database."""
    parts = replace(house.inbound.parts, sessions=database.sessions, now=clock)
    return replace(house, database=database, inbound=Inbound(parts=parts), now=clock)


def _wordings(flows: Iterable[Flow], key: str) -> list[Wording]:
    """What `key` says, in each of the flows that say it."""
    kind, _, name = key.partition(":")
    if key == "thanks":
        return [flow.thanks for flow in flows]
    if kind not in ("question", "constraint"):
        return [catalogue.service_texts()[key]]
    asked = [question for flow in flows for question in flow.questions if question.name == name]
    found = [question.label if kind == "question" else question.constraint_message for question in asked]
    said = [wording for wording in found if wording]
    assert said, key
    return said


@sizes("examples", short=(ordinary(15),), full=(NIGHTLY,))
def test_whatever_comes_in_whatever_order_the_rows_keep_the_rules(
    examples: profile, migrated_file: Path, tmp_path: Path
) -> None:
    template = tmp_path / "template.db"
    shutil.copyfile(migrated_file, template)
    database = open_database(f"sqlite:///{template}")
    house = Town.build(database, closes_on=MONDAY.date() + timedelta(days=120)).house
    database.close()
    run_state_machine_as_test(lambda: Conversations(house, template), settings=examples)
